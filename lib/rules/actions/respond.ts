/** `respond`: answers the client with a response of the rule's own. */
import type { Phase } from '../../match/phase.js'
import { rewriting } from '../rewrite.js'
import { Rule } from '../rule.js'
import { type AnswerOptions, answered, compileAnswer, respondWith } from './answer.js'

/** What the answer holds. */
export type RespondOptions<P extends Phase> = AnswerOptions<P>

/**
 * Answers without asking a server. HAProxy: `http-request return`, `http-response return`. Throws {@link OptionError} on a status
 * outside 200 to 599, on a body that the status cannot have, and FieldError on fields that cannot be sent.
 */
export function respond<P extends Phase = Phase>(
  status: number,
  options: RespondOptions<P> = {},
): Rule<P & ('request' | 'response')> {
  const { phases, make } = compileAnswer('respond', status, options)
  const own = (['request', 'response'] as const).filter((phase) => phases.includes(phase))
  const act = rewriting((context) => respondWith(make(context), answered(context), status))
  return new Rule(`return status ${status}`, own, act)
}
