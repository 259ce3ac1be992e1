/** Changes of the message in hand that may turn out to be impossible: then the answer is 500, unless `strict-mode off` came before. */
import { outcomes } from '../base/errors.js'
import type { Context } from '../match/context.js'
import { FieldError, type Headers } from '../message/headers.js'
import { hasResponse, pageAnswer } from './actions/answer.js'
import type { Action } from './rule.js'
import type { Verdict } from './verdict.js'

/** An action that changes the message; what a message cannot hold makes it fail. */
export function rewriting(change: (context: Context) => Verdict): Action {
  return (context) => {
    try {
      return change(context)
    } catch (error) {
      if (error instanceof FieldError) return unchanged(context)
      throw error
    }
  }
}

/** What HAProxy keeps free in its buffers for rules to write into: texts that fit there are not weighed. */
const ROOM = 1024
const FIELD_COST = 8

/** @throws {FieldError} when a field would make the head larger than a buffer */
export function checkRoom({ bufferSize }: Context, headers: Headers, text: string): void {
  if (text.length <= ROOM) return
  const size = headers.raw.reduce((sum, each) => sum + each.length, text.length)
  if (size + (headers.count + 1) * FIELD_COST > bufferSize)
    throw new FieldError('the head would be larger than a buffer')
}

/** What a rewrite says that could not be made. */
export function unchanged(context: Context): Verdict {
  context.failedRewrites ??= { frontend: 0, backend: 0, server: 0 }
  context.failedRewrites.frontend++
  if (context.backend !== undefined) context.failedRewrites.backend++
  if (hasResponse(context)) context.failedRewrites.server++
  if (context.lenient) return undefined
  const outcome = hasResponse(context) ? outcomes.proxyResponseError : outcomes.proxyRequestError
  return pageAnswer(context, 500, outcome)
}
