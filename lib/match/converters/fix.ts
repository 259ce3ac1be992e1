/** Converters that look into the first message of FIX, the protocol of financial exchanges: `tag=value` pairs that end with the byte 1. */
import { OptionError } from '../../base/errors.js'
import { type ConverterDefinition, defineConverter } from '../converter.js'

/** The tags that have a name in HAProxy, without regard to case. */
const TAGS: ReadonlyMap<string, number> = new Map([
  ['beginstring', 8],
  ['bodylength', 9],
  ['checksum', 10],
  ['msgtype', 35],
  ['sendercompid', 49],
  ['targetcompid', 56],
])

const VERSIONS: readonly string[] = 'FIX.4.0 FIX.4.1 FIX.4.2 FIX.4.3 FIX.4.4 FIXT.1.1'.split(' ')

const CHECKSUM = 10

/** The converters of FIX. */
export const fixConverters: readonly ConverterDefinition[] = [
  defineConverter({ name: 'fix_is_valid', from: 'bin', type: 'bool', prepare: () => isValid }),
  defineConverter({
    name: 'fix_tag_value',
    from: 'bin',
    type: 'bin',
    arguments: [{ name: 'tag', type: 'string', optional: true }],
    prepare: ([given = '']) => {
      const name = String(given)
      const wanted = /^\d{1,10}$/.test(name) ? Number(name) : (TAGS.get(name.toLowerCase()) ?? 0)
      if (wanted === 0) {
        const names = 'BeginString, BodyLength, MsgType, SenderCompID, TargetCompID, CheckSum'
        throw new OptionError("converter 'fix_tag_value'", 'tag', `'${name}' is neither a number nor one of ${names}`)
      }
      return (value) => {
        for (const { tag, start, end } of pairs(value)) {
          if (tag === wanted) return start === end ? undefined : value.subarray(start, end)
          if (tag === CHECKSUM || tag === 0) return undefined
        }
        return undefined
      }
    },
  }),
]

interface Pair {
  /** 0 when it is no number. */
  readonly tag: number
  readonly from: number
  readonly start: number
  readonly end: number
}

/** The pairs that have come whole. */
function* pairs(bytes: Buffer): Generator<Pair> {
  for (let from = 0; from < bytes.length; ) {
    const equals = bytes.indexOf(0x3d, from)
    const end = equals < 0 ? -1 : bytes.indexOf(1, equals)
    if (end < 0) return
    const name = equals - from > 10 ? '' : bytes.toString('latin1', from, equals)
    yield { tag: /^\d+$/.test(name) ? Number(name) : 0, from, start: equals + 1, end }
    from = end + 1
  }
}

/** Version, length, type and checksum are where they have to be, and right; nothing while the checksum has not come. */
function isValid(bytes: Buffer): boolean | undefined {
  if (bytes.length < SHORTEST) return undefined
  let place = 0
  let bodyFrom = 0
  let bodyLength = 0
  for (const { tag, from, start, end } of pairs(bytes)) {
    const value = bytes.toString('latin1', start, Math.min(end, start + 20))
    if (tag === 0 || (place < 3 && bytes.toString('latin1', from, start) !== FIRST[place])) return false
    if (place === 0 && !VERSIONS.includes(value)) return false
    if (place === 1) {
      if (!/^\d{1,9}$/.test(value)) return false
      bodyLength = Number(value)
      bodyFrom = end + 1
    }
    if (tag === CHECKSUM) return from - bodyFrom === bodyLength && checksumFits(bytes, from, value)
    place++
  }
  return undefined
}

/** Fewer bytes are no message yet. */
const SHORTEST = 26

const FIRST = ['8=', '9=', '35='] as const

/** The sum of all bytes before it, in three digits. */
function checksumFits(bytes: Buffer, end: number, value: string): boolean {
  let sum = 0
  for (let at = 0; at < end; at++) sum = (sum + bytes[at]!) & 0xff
  return /^\d{3}$/.test(value) && Number(value) === sum
}
