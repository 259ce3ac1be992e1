/** `allow`, `accept`, `reject`, `close`: end a rule set, or the connection, without an answer. */
import { outcomes } from '../../base/errors.js'
import { Rule } from '../rule.js'
import { allowed, closing, type Reject } from '../verdict.js'

const rejected: Reject = { kind: 'reject', outcome: outcomes.proxyRequestDenied }
const rejectedResponse: Reject = { kind: 'reject', outcome: outcomes.proxyDataDenied }

/** Ends the rule set; a backend's own rules still run. HAProxy: `http-request allow`, `http-response allow`. */
export function allow(): Rule<'request' | 'response' | 'afterResponse'> {
  return new Rule('allow', ['request', 'response', 'afterResponse'], () => allowed)
}

/** Ends the rule set and lets the connection or its content through. HAProxy: `tcp-request connection accept` and the like. */
export function accept(): Rule<'connection' | 'session' | 'content' | 'responseContent'> {
  return new Rule('accept', ['connection', 'session', 'content', 'responseContent'], () => allowed)
}

/**
 * Closes the client's connection without a word. HAProxy: `tcp-request connection reject` and the like, `tcp-response content reject`,
 * `http-request reject`.
 */
export function reject(): Rule<'connection' | 'session' | 'content' | 'request' | 'responseContent'> {
  return new Rule('reject', ['connection', 'session', 'content', 'request', 'responseContent'], ({ server }) =>
    server === undefined ? rejected : rejectedResponse,
  )
}

/**
 * Ends the rule set and closes the server's connection; what the server has sent is passed on, so that a client whose answer is whole gets it.
 * HAProxy: `tcp-response content close`.
 */
export function close(): Rule<'responseContent'> {
  return new Rule('close', ['responseContent'], () => closing)
}
