/** `tarpit`: holds a client for a while before it is refused. */
import { outcomes } from '../../base/errors.js'
import type { Phase } from '../../match/phase.js'
import { Rule } from '../rule.js'
import { type AnswerOptions, compileAnswer, respondWith } from './answer.js'

/**
 * Holds the client for `timeout tarpit` without asking a server, then answers with the error page of `status` (or, with `options`, as they say), so
 * that a flooding client is slowed down. Each one costs a connection for that time. HAProxy: `http-request tarpit`.
 */
export function tarpit<P extends Phase = Phase>(
  status = 500,
  options: AnswerOptions<P> = { errorPage: true },
): Rule<P & 'request'> {
  const { phases, make } = compileAnswer('tarpit', status, options)
  const name = status === 500 ? 'tarpit' : `tarpit deny_status ${status}`
  const own = (['request'] as const).filter((phase) => phases.includes(phase))
  return new Rule(name, own, (context) => ({
    kind: 'tarpit',
    answer: respondWith(make(context), outcomes.proxyRequestTarpit, status),
  }))
}
