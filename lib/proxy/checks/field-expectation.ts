/** A field that an HTTP answer has to have. Manual, `http-check expect hdr`, `fhdr`. */
import type { Context } from '../../match/context.js'
import { Format } from '../../match/format.js'
import { type Headers, splitList } from '../../message/headers.js'

/** How a text of an answer is compared, by HAProxy's words; a regular expression compares by itself. */
export type CheckMatch = 'str' | 'beg' | 'end' | 'sub'

/** A field that an answer has to have. */
export interface FieldExpectation {
  /** Case counts for regular expressions only. */
  readonly name: string | Format<'check'> | RegExp
  /** Default `str`: equal. */
  readonly nameMatch?: CheckMatch | undefined
  /** One of its values; without it, any will do. */
  readonly value?: string | Format<'check'> | RegExp | undefined
  readonly valueMatch?: CheckMatch | undefined
  /** Values are whole lines and not split at commas. Default: no. */
  readonly full?: boolean | undefined
}

/** Whether it is there; `undefined` when a format in it gives no text to compare with. */
export function hasField(field: FieldExpectation, headers: Headers, context: Context): boolean | undefined {
  const name = known(field.name, context)
  const value = known(field.value, context)
  if (name === '' || (value === '' && field.value instanceof Format)) return undefined
  return find({ ...field, name: name ?? '', value }, headers)
}

interface KnownField extends FieldExpectation {
  readonly name: string | RegExp
  readonly value?: string | RegExp | undefined
}

function find({ name, nameMatch, value, valueMatch, full }: KnownField, headers: Headers): boolean {
  const wanted = typeof name === 'string' ? name.toLowerCase() : name
  for (const [field, line] of headers) {
    if (!compares(wanted, nameMatch, typeof name === 'string' ? field.toLowerCase() : field)) continue
    if (value === undefined) return true
    const values = full === true ? [line] : splitList(line)
    if (values.some((one) => compares(value, valueMatch, one))) return true
  }
  return false
}

function known<T>(text: T | Format<'check'>, context: Context): Exclude<T, Format<never>> | string {
  return text instanceof Format ? text.render(context) : (text as Exclude<T, Format<never>>)
}

function compares(wanted: string | RegExp, match: CheckMatch | undefined, text: string): boolean {
  if (typeof wanted !== 'string') return wanted.test(text)
  if (match === 'beg') return text.startsWith(wanted)
  if (match === 'end') return text.endsWith(wanted)
  return match === 'sub' ? text.includes(wanted) : text === wanted
}
