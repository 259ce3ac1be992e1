/** HAProxy's conversions between types of values, which it makes by itself where another type is wanted. */
import { type Integer, saturated } from '../base/int64.js'
import { Ip } from '../base/ip.js'
import type { Context } from './context.js'
import type { Phase } from './phase.js'
import { type NotYet, notYet, Sample } from './sample.js'
import { type SampleType, type StaticType, typeOf, type Value, valueText } from './value.js'

/** The integer that a text begins with, as HAProxy reads it: digits after at most one sign, 0 when there are none. */
export function textInteger(text: string): Integer {
  const digits = /^[+-]?\d+/.exec(text)?.[0]
  if (digits === undefined) return 0
  return digits.length < 16 ? Number(digits) : saturated(BigInt(digits.replace('+', '')))
}

/** A value as a text. */
export function castText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : value === undefined ? undefined : valueText(value)
}

/** A value as an integer: texts by what they begin with, IPv4 addresses by their 32 bits. */
export function castInteger(value: unknown): Integer | undefined {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return value
    case 'boolean':
      return value ? 1 : 0
    case 'string':
      return textInteger(value)
    default:
      return value instanceof Ip && value.family === 4 ? value.number : undefined
  }
}

/** A value as an address: texts that are one, integers as IPv4. */
export function castAddress(value: unknown): Ip | undefined {
  if (value instanceof Ip) return value
  if (typeof value === 'string') return Ip.parse(value)
  return typeof value === 'number' ? Ip.fromNumber(value >>> 0) : undefined
}

/** A value as bytes. */
export function castBytes(value: unknown): Buffer | undefined {
  if (Buffer.isBuffer(value)) return value
  if (typeof value === 'string') return Buffer.from(value, 'latin1')
  if (value instanceof Ip) return Buffer.from(value.bytes)
  if (typeof value !== 'number' && typeof value !== 'bigint') return undefined
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes
}

/** A value as yes or no: numbers other than 0 are yes. */
export function castFlag(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  const number = castInteger(value)
  return number === undefined ? undefined : number !== 0
}

/** A value as one of another type; `undefined` where it cannot be one. */
export function cast(value: unknown, to: StaticType): Value | undefined {
  switch (to) {
    case 'any':
      return typeOf(value) === undefined ? undefined : (value as Value)
    case 'str':
    case 'meth':
      return castText(value)
    case 'int':
      return castInteger(value)
    case 'bool':
      return castFlag(value)
    case 'ip':
      return castAddress(value)
    default:
      return castBytes(value)
  }
}

const IMPOSSIBLE: ReadonlySet<string> = new Set(['bool ip', 'bool bin', 'bin int', 'bin ip', 'bin bool', 'ip bool'])

/** Whether values of one type can become another at all: what HAProxy checks when it reads an expression. */
export function castable(from: StaticType, to: StaticType): boolean {
  return !IMPOSSIBLE.has(`${from} ${to}`)
}

/** Any sample as a text. */
export function asText<P extends Phase>(sample: Sample<unknown, P>): Sample<string, P> {
  return convert(sample, 'str', castText)
}

/** Any sample as an integer. */
export function asInteger<P extends Phase>(sample: Sample<unknown, P>): Sample<Integer, P> {
  return convert(sample, 'int', castInteger)
}

/** Any sample as an address. */
export function asAddress<P extends Phase>(sample: Sample<unknown, P>): Sample<Ip, P> {
  return convert(sample, 'ip', castAddress)
}

/** Any sample as bytes. */
export function asBytes<P extends Phase>(sample: Sample<unknown, P>): Sample<Buffer, P> {
  return convert(sample, 'bin', castBytes)
}

/** Any sample as yes or no. */
export function asFlag<P extends Phase>(sample: Sample<unknown, P>): Sample<boolean, P> {
  return convert(sample, 'bool', castFlag)
}

function convert<T, U, P extends Phase>(
  sample: Sample<T, P>,
  type: SampleType,
  to: (value: T) => U | undefined,
): Sample<U, P> {
  const { ask, all } = sample
  const one = (context: Context): U | undefined | NotYet => {
    const value: T | undefined | NotYet = ask(context)
    if (value === notYet) return notYet
    return value === undefined ? undefined : to(value as T)
  }
  return new Sample<U, P>({
    name: sample.name,
    type,
    phases: sample.phases,
    mayChange: sample.mayChange,
    ask: one,
    all: all === undefined ? undefined : (context) => convertAll(all, context, to),
  })
}

function convertAll<T, U>(
  all: (context: Context) => readonly T[] | NotYet,
  context: Context,
  to: (value: T) => U | undefined,
): readonly U[] | NotYet {
  const values = all(context)
  if (values === notYet) return notYet
  return values.map(to).filter((value) => value !== undefined)
}
