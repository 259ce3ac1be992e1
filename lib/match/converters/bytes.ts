/** Converters of bytes to texts and back: hexadecimal, base64, binary digits, pieces of them. */
import { OptionError } from '../../base/errors.js'
import { wrapped } from '../../base/int64.js'
import { type ArgumentDefinition, type ArgumentValue, integerOperand } from '../argument.js'
import { type ConverterDefinition, defineConverter } from '../converter.js'
import { fromBase64, fromBase64Url } from './base64.js'

const chunks: readonly ArgumentDefinition[] = [
  { name: 'separator', type: 'string', optional: true },
  { name: 'chunk_size', type: 'integer', optional: true },
  { name: 'truncate', type: 'integer', optional: true },
]

/** The converters of bytes. */
export const byteConverters: readonly ConverterDefinition[] = [
  encoding('hex', (value, room) => value.toString('hex', 0, room / 2).toUpperCase()),
  encoding('base2', (value, room) => value.subarray(0, room / 8).reduce((text, byte) => text + binary(byte), '')),
  encoding('base64', (value, room) => fitting(value.toString('base64'), room)),
  encoding('ub64enc', (value, room) => fitting(value.toString('base64url'), room)),
  defineConverter({
    name: 'reverse',
    from: 'bin',
    type: 'bin',
    prepare: () => (value) => Buffer.from(value).reverse(),
  }),
  defineConverter({ name: 'b64dec', from: 'str', type: 'bin', prepare: () => fromBase64 }),
  defineConverter({ name: 'ub64dec', from: 'str', type: 'bin', prepare: () => fromBase64Url }),
  defineConverter({
    name: 'hex2i',
    from: 'str',
    type: 'int',
    prepare: () => (value) => {
      if (!/^[0-9A-Fa-f]*$/.test(value)) return undefined
      return wrapped(BigInt(`0x0${value.slice(-16)}`))
    },
  }),
  chunked('be2hex', Number.POSITIVE_INFINITY, (chunk) => chunk.toString('hex').toUpperCase()),
  chunked('be2dec', 8, (chunk) => BigInt(`0x${chunk.toString('hex')}`).toString()),
  chunked('le2dec', 8, (chunk) => BigInt(`0x${Buffer.from(chunk).reverse().toString('hex')}`).toString()),
  defineConverter({
    name: 'bytes',
    from: 'bin',
    type: 'bin',
    arguments: [
      { name: 'offset', type: 'integer or variable' },
      { name: 'length', type: 'integer or variable', optional: true },
    ],
    prepare: ([offset, length = Number.MAX_SAFE_INTEGER]) => {
      const from = integerOperand(offset)
      const size = integerOperand(length)
      return (value, context) => piece(value, Number(from(context) ?? -1), Number(size(context) ?? 0))
    },
  }),
  defineConverter({
    name: 'htonl',
    from: 'int',
    type: 'bin',
    prepare: () => (value) => {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32BE(Number(BigInt.asUintN(32, BigInt(value))))
      return bytes
    },
  }),
  defineConverter({
    name: 'has_ctl',
    from: 'bin',
    type: 'bool',
    arguments: [{ name: 'mask', type: 'string', optional: true }],
    prepare: ([mask]) => {
      const forbidden = controlCharacters(mask as string | undefined)
      return (value) => value.some((byte) => (byte < 32 ? forbidden[byte] : byte === 127 && forbidden[32]) === true)
    },
  }),
]

function encoding(name: string, encode: (value: Buffer, room: number) => string | undefined): ConverterDefinition {
  return defineConverter({
    name,
    from: 'bin',
    type: 'str',
    prepare:
      (_, { bufferSize }) =>
      (value) =>
        encode(value, bufferSize),
  })
}

const binary = (byte: number): string => byte.toString(2).padStart(8, '0')

/** What the buffer cannot hold is no text that anybody could decode. */
const fitting = (text: string, room: number): string | undefined => (text.length < room ? text : undefined)

function chunked(name: string, largest: number, write: (chunk: Buffer) => string): ConverterDefinition {
  return defineConverter({
    name,
    from: 'bin',
    type: 'str',
    arguments: chunks,
    prepare: (given, { bufferSize }) => {
      const { separator, size, truncate } = readChunks(name, largest, given)
      return (value) => {
        const end = truncate ? value.length - (value.length % size) : value.length
        let text = ''
        for (let at = 0; at < end; at += size) {
          const chunk = write(value.subarray(at, at + size))
          const next = at === 0 ? chunk : separator + chunk
          if (text.length + next.length > bufferSize) break
          text += next
        }
        return text
      }
    },
  })
}

function readChunks(name: string, largest: number, given: readonly ArgumentValue[]) {
  const [separator = '', givenSize = 0, truncate = 0] = given
  const size = Number(givenSize)
  const fault = (argument: string, problem: string): OptionError =>
    new OptionError(`converter '${name}'`, argument, problem)
  const whole = name === 'be2hex' && separator === '' && size === 0
  if (!whole && (size < 1 || size > largest)) {
    const range = largest === Number.POSITIVE_INFINITY ? 'at least 1' : `from 1 to ${largest}`
    throw fault('chunk_size', `must be ${range} (got ${size})`)
  }
  if (truncate !== 0 && truncate !== 1) throw fault('truncate', `must be 0 or 1 (got ${truncate})`)
  return { separator: String(separator), size: whole ? 1 : size, truncate: truncate === 1 }
}

/** Behind the end, or before the beginning, is nothing; a negative length takes all. */
function piece(value: Buffer, offset: number, length: number): Buffer {
  if (offset < 0 || offset > value.length) return Buffer.alloc(0)
  return length < 0 ? value.subarray(offset) : value.subarray(offset, Math.min(value.length, offset + length))
}

const MASKS: ReadonlyMap<string, bigint> = new Map([
  ['any', 0x1ffffffffn],
  ['http', 0x2401n],
])

/** One yes or no for each control character, DEL last. */
function controlCharacters(mask = '0x1FFFFFDFF'): readonly boolean[] {
  const bits = MASKS.get(mask) ?? (/^(?:\d{1,10}|0[xX][0-9A-Fa-f]{1,9})$/.test(mask) ? BigInt(mask) : undefined)
  if (bits === undefined || bits > 0x1ffffffffn)
    throw new OptionError("converter 'has_ctl'", 'mask', `'${mask}' is neither 'any', 'http' nor a mask of 33 bits`)
  return Array.from({ length: 33 }, (_, bit) => ((bits >> BigInt(bit)) & 1n) === 1n)
}
