/** `tarpit`: holds a client for a while before it is refused. */
import { outcomes } from '../../base/errors.js'
import { Rule } from '../rule.js'
import { pageAnswer } from './answer.js'
import { checkStatus } from './deny.js'

/**
 * Holds the client for `timeout tarpit` without asking a server, then answers with the error page of `status`, so that a flooding client
 * is slowed down. Each one costs a connection for that time. HAProxy: `http-request tarpit`.
 */
export function tarpit(status = 500): Rule<'request'> {
  checkStatus('tarpit', status, 200, 599)
  const name = status === 500 ? 'tarpit' : `tarpit deny_status ${status}`
  return new Rule(name, ['request'], (context) => ({
    kind: 'tarpit',
    answer: pageAnswer(context, status, outcomes.proxyRequestTarpit),
  }))
}
