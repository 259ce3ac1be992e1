/** `allow`, `accept`, `reject`: end a rule set, or the connection, without an answer. */
import { outcomes } from '../../base/errors.js'
import { Rule } from '../rule.js'
import { allowed, type Reject } from '../verdict.js'

const rejected: Reject = { kind: 'reject', outcome: outcomes.proxyRequestDenied }

/** Ends the rule set; a backend's own rules still run. HAProxy: `http-request allow`, `http-response allow`. */
export function allow(): Rule<'request' | 'response' | 'afterResponse'> {
  return new Rule('allow', ['request', 'response', 'afterResponse'], () => allowed)
}

/** Ends the rule set and lets the connection or its content through. HAProxy: `tcp-request connection accept` and the like. */
export function accept(): Rule<'connection' | 'session' | 'content'> {
  return new Rule('accept', ['connection', 'session', 'content'], () => allowed)
}

/** Closes the client's connection without a word. HAProxy: `tcp-request connection reject` and the like, `http-request reject`. */
export function reject(): Rule<'connection' | 'session' | 'content' | 'request'> {
  return new Rule('reject', ['connection', 'session', 'content', 'request'], () => rejected)
}
