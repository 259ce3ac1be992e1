/** What a sample can be worth. Values describe themselves, so that what is kept in a variable or a table still knows its type. */
import type { Integer } from '../base/int64.js'
import { Ip } from '../base/ip.js'

/** HAProxy's types of values. */
export type SampleType = 'bool' | 'int' | 'str' | 'bin' | 'ip' | 'meth'

/** The type that a question promises; `any` where only the answer tells (a variable, a field of a table). */
export type StaticType = SampleType | 'any'

/**
 * An answer: `str` and `meth` are strings in latin1, one character a byte; `bin` is a Buffer, `int` a number (a bigint beyond the exact ones),
 * `ip` an {@link Ip}.
 */
export type Value = boolean | Integer | string | Buffer | Ip

/** The TypeScript type of a sample's type. */
export interface ValueOf {
  readonly bool: boolean
  readonly int: Integer
  readonly str: string
  readonly meth: string
  readonly bin: Buffer
  readonly ip: Ip
  readonly any: Value
}

/** The type of a value; what is none of ours (a host app may put anything into a variable) has none. */
export function typeOf(value: unknown): SampleType | undefined {
  switch (typeof value) {
    case 'string':
      return 'str'
    case 'number':
    case 'bigint':
      return 'int'
    case 'boolean':
      return 'bool'
    default:
      if (value instanceof Ip) return 'ip'
      return Buffer.isBuffer(value) ? 'bin' : undefined
  }
}

/** A value as text: numbers in decimal, yes and no as `1` and `0`, addresses in their usual form, binaries as hexadecimal digits. */
export function valueText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'bigint':
      return String(value)
    case 'boolean':
      return value ? '1' : '0'
    default:
      if (Buffer.isBuffer(value)) return value.toString('hex').toUpperCase()
      return value instanceof Ip ? value.toString() : ''
  }
}
