/** Log variables, as `%ci` in a format: what one is. Those that tell of a transaction are in `observe/`, which knows its record. */
import type { Integer } from '../base/int64.js'
import type { Ip } from '../base/ip.js'
import type { Context } from './context.js'

/**
 * How a variable is printed. `text`: quoted and escaped on demand. `address`: the same, and hexadecimal on demand. `number`; `hexable`, a number that
 * has a hexadecimal form; `plain`, which no flag changes (dates, flags of the end); `bare`, as a text, but an empty one leaves nothing. `block`: captures, which print nothing at all where there
 * are none, and then swallow a blank. `list`: the same, each entry by itself.
 */
export type AliasKind = 'text' | 'address' | 'number' | 'hexable' | 'plain' | 'bare' | 'block' | 'list'

/** What a variable is worth. */
export type AliasValue = string | Integer | Ip | readonly string[] | undefined

/** One log variable. */
export interface Alias {
  /** Without its percent sign. */
  readonly name: string
  readonly kind: AliasKind
  /** One line for the reference. */
  readonly summary: string
  /** Means nothing in TCP mode. */
  readonly http: boolean
  /** Its last value is known when the transaction is over, and not with the answer's head already. */
  readonly late: boolean
  /** It grows until the end: printed with a `+` before. */
  readonly growing: boolean
  readonly value: (context: Context) => AliasValue
}
