/** `balance hdr(name)`: the same value of a header field, the same server. */
import { z } from 'zod'
import { checkOptions } from '../base/options.js'
import { isToken, sameName } from '../message/headers.js'
import type { Algorithm } from './algorithm.js'
import { type HashOptions, HashType, hashOptionShape } from './hash-type.js'
import { keyed, NO_KEY } from './keyed.js'

/** What of the field counts. */
export interface HeaderHashOptions extends HashOptions {
  /** Only the label before the last dot: `1wt` of `haproxy.1wt.eu`. Default: no. */
  readonly useDomainOnly?: boolean
}

const headerHashOptions = z.strictObject({
  ...hashOptionShape,
  useDomainOnly: z.boolean({ error: 'must be true or false' }).optional(),
})
const fieldName = z
  .string({ error: 'must be a string' })
  .refine(isToken, { error: 'must be the name of a header field' })

/**
 * By the first value of a request's header field, up to the first comma outside quotes. Requests without the field, or with
 * an empty one, take turns. Manual, `balance hdr`.
 */
export function headerHash(name: string, options: HeaderHashOptions = {}): Algorithm {
  const subject = 'balance hdr'
  checkOptions(subject, fieldName, name)
  const { useDomainOnly = false } = checkOptions(subject, headerHashOptions, options)
  const type = new HashType(subject, options)
  return keyed(`hdr(${name})`, 'request', type, ({ request }) => {
    if (request === undefined) return NO_KEY
    const value = firstField(request.headers.raw, name)
    if (value === undefined) return NO_KEY
    const from = skipBlanks(value)
    const to = valueEnd(value, from)
    if (from === to) return NO_KEY
    return useDomainOnly ? hashDomain(type, value, from, to) : type.function(value, from, to)
  })
}

function firstField(raw: readonly string[], name: string): string | undefined {
  for (let i = 0; i < raw.length; i += 2) if (sameName(raw[i]!, name)) return raw[i + 1]
  return undefined
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}

function skipBlanks(value: string): number {
  let at = 0
  while (at < value.length && isBlank(value.charCodeAt(at))) at++
  return at
}

/** Where the first of a list of values ends, without the blanks after it. */
function valueEnd(value: string, from: number): number {
  let quoted = false
  let end = from
  for (; end < value.length; end++) {
    const code = value.charCodeAt(end)
    if (quoted && code === 0x5c) end++
    else if (code === 0x22) quoted = !quoted
    else if (code === 0x2c && !quoted) break
  }
  end = Math.min(end, value.length)
  while (end > from && isBlank(value.charCodeAt(end - 1))) end--
  return end
}

/** The label before the last dot, or everything where no dot has anything before it. */
function hashDomain(type: HashType, value: string, from: number, to: number): number {
  const dot = value.lastIndexOf('.', to - 1)
  if (dot <= from) return type.function(value, from, to)
  let start = dot - 1
  while (start > from && value.charCodeAt(start - 1) !== 0x2e) start--
  return type.function(value, start, dot)
}
