/** `deny`: refuses with an error page. */
import { OptionError, outcomes } from '../../base/errors.js'
import { Rule } from '../rule.js'
import { hasResponse, pageAnswer } from './answer.js'

/**
 * Refuses: the client gets the error page of `status`, by default 403 for a request and 502 in place of a response. HAProxy:
 * `http-request deny`, `http-response deny`. Throws {@link OptionError} on a status outside 200 to 599.
 */
export function deny(status?: number): Rule<'request' | 'response'> {
  if (status !== undefined) checkStatus('deny', status, 200, 599)
  const name = status === undefined ? 'deny' : `deny deny_status ${status}`
  return new Rule(name, ['request', 'response'], (context) =>
    hasResponse(context)
      ? pageAnswer(context, status ?? 502, outcomes.proxyResponseDenied)
      : pageAnswer(context, status ?? 403, outcomes.proxyRequestDenied),
  )
}

/** Refuses a status that an answer of ours cannot have. */
export function checkStatus(subject: string, status: number, least: number, most: number): void {
  if (Number.isInteger(status) && status >= least && status <= most) return
  throw new OptionError(subject, 'status', `must be a whole number from ${least} to ${most}, but is ${status}`)
}
