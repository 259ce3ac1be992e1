/** `deny`: refuses with an error page, or with an answer of its own. */
import { outcomes } from '../../base/errors.js'
import type { Phase } from '../../match/phase.js'
import { Rule } from '../rule.js'
import { type AnswerOptions, compileAnswer, hasResponse, respondWith } from './answer.js'

/**
 * Refuses: the client gets the error page of `status`, by default 403 for a request and 502 in place of a response, or with `options` another answer
 * of that status. HAProxy: `http-request deny`, `http-response deny`. Throws {@link OptionError} on a status outside 200 to 599.
 */
export function deny<P extends Phase = Phase>(
  status?: number,
  options: AnswerOptions<P> = { errorPage: true },
): Rule<P & ('request' | 'response')> {
  const request = compileAnswer('deny', status ?? 403, options)
  const response = status === undefined ? compileAnswer('deny', 502, options) : request
  const phases = (['request', 'response'] as const).filter((phase) => request.phases.includes(phase))
  const name = status === undefined ? 'deny' : `deny deny_status ${status}`
  return new Rule(name, phases, (context) =>
    hasResponse(context)
      ? respondWith(response.make(context), outcomes.proxyResponseDenied, status ?? 502)
      : respondWith(request.make(context), outcomes.proxyRequestDenied, status ?? 403),
  )
}
