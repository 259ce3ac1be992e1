/** HAProxy's conversions between types of values, which it makes by itself where another type is wanted. */
import { type Integer, saturated } from '../base/int64.js'
import { Ip } from '../base/ip.js'
import type { Context } from './context.js'
import type { Phase } from './phase.js'
import { type NotYet, notYet, Sample } from './sample.js'
import { type SampleType, type StaticType, typeOf, type Value, valueText } from './value.js'

/** The integer that a text begins with, as HAProxy reads it: digits after at most one sign, 0 when there are none. */
export function textInteger(text: string): Integer {
  const [, sign = '', digits = ''] = /^([+-]?)0*(\d*)/.exec(text) ?? []
  const short = digits.slice(0, 20)
  if (short.length >= 16) return saturated(BigInt(sign === '-' ? `-${short}` : short))
  return sign === '-' ? 0 - Number(short) : Number(short)
}

/** A value as a text: bytes up to the first NUL, anything else as {@link valueText} has it. */
export function castText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (value === undefined) return undefined
  if (!Buffer.isBuffer(value)) return valueText(value)
  const end = value.indexOf(0)
  return value.toString('latin1', 0, end < 0 ? value.length : end)
}

/** A value as an integer: texts by what they begin with (an empty one is none), IPv4 addresses by their 32 bits. */
export function castInteger(value: unknown): Integer | undefined {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return value
    case 'boolean':
      return value ? 1 : 0
    case 'string':
      return value === '' ? undefined : textInteger(value)
    default:
      return value instanceof Ip && value.family === 4 ? value.number : undefined
  }
}

/** A value as an address: texts that {@link textAddress} reads, integers as IPv4 by their lower 32 bits. */
export function castAddress(value: unknown): Ip | undefined {
  if (value instanceof Ip) return value
  if (typeof value === 'string') return textAddress(value)
  if (typeof value === 'bigint') return Ip.fromNumber(Number(BigInt.asUintN(32, value)))
  return typeof value === 'number' ? Ip.fromNumber(value >>> 0) : undefined
}

/**
 * The address that a text is. Of IPv4 HAProxy takes leading zeros as decimal, and anything behind the last number that is
 * neither a digit nor a dot (`192.0.2.1:80`, a list of addresses); of IPv6 nothing but the address.
 */
export function textAddress(text: string): Ip | undefined {
  const ip = Ip.parse(text)
  if (ip !== undefined) return ip
  const parts = /^0*(\d{1,3})\.0*(\d{1,3})\.0*(\d{1,3})\.0*(\d{1,3})(?![\d.])/.exec(text)
  if (parts === null) return undefined
  const [a, b, c, d] = parts.slice(1).map(Number) as [number, number, number, number]
  return a > 255 || b > 255 || c > 255 || d > 255 ? undefined : Ip.fromBytes(Uint8Array.of(a, b, c, d))
}

/** A value as bytes: numbers, yes and no in 8 bytes, the upper ones first; addresses in their 4 or 16. */
export function castBytes(value: unknown): Buffer | undefined {
  if (Buffer.isBuffer(value)) return value
  if (typeof value === 'string') return Buffer.from(value, 'latin1')
  if (value instanceof Ip) return Buffer.from(value.bytes)
  const number = typeof value === 'boolean' ? Number(value) : value
  if (typeof number !== 'number' && typeof number !== 'bigint') return undefined
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(number))
  return bytes
}

/** A value as yes or no: numbers other than 0 are yes, of texts those that begin with one. Addresses are neither. */
export function castFlag(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (value instanceof Ip) return undefined
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

const IMPOSSIBLE: ReadonlySet<string> = new Set(
  'bool ip,bin int,bin ip,bin bool,ip bool,meth int,meth ip,meth bool'.split(','),
)

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
