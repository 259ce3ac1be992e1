/** Fields whose names are more than letters, digits and dashes: `option http-restrict-req-hdr-names`. */
import { z } from 'zod'
import { outcomes } from '../base/errors.js'
import type { Context } from '../match/context.js'
import type { Headers } from '../message/headers.js'
import { pageAnswer } from '../rules/actions/answer.js'
import type { Respond } from '../rules/verdict.js'

/**
 * What happens to a request's fields whose names have other characters than letters, digits and dashes, which some servers take for dashes:
 * they are passed on, or left out, or the request is refused with 403. Manual, `option http-restrict-req-hdr-names`.
 */
export type HeaderNames = 'preserve' | 'delete' | 'reject'

export const headerNamesOption: z.ZodType<HeaderNames> = z.enum(['preserve', 'delete', 'reject'], {
  error: "must be 'preserve', 'delete' or 'reject'",
})

const PLAIN = /^[A-Za-z0-9-]*$/

function hasOddName({ raw }: Headers): boolean {
  for (let index = 0; index < raw.length; index += 2) if (!PLAIN.test(raw[index] as string)) return true
  return false
}

/** Does what a proxy says about them. @returns the refusal, when that is what it says */
export function restrictNames(context: Context, names: HeaderNames): Respond | undefined {
  const { headers } = context.request
  if (names === 'delete') deleteOddNames(headers)
  if (names !== 'reject' || !hasOddName(headers)) return undefined
  return pageAnswer(context, 403, outcomes.proxyRequestDenied)
}

function deleteOddNames(headers: Headers): void {
  const odd = new Set<string>()
  for (let index = 0; index < headers.raw.length; index += 2) {
    const name = headers.raw[index] as string
    if (!PLAIN.test(name)) odd.add(name)
  }
  for (const name of odd) headers.delete(name)
}
