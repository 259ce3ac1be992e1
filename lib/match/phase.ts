/** The checkpoints of a connection's life at which questions can be asked and rules can stand, in the order in which they come. */

/**
 * One checkpoint. `connection`: accepted, nothing read. `session`: the connection is set up. `content`: bytes are looked at (TCP).
 * `request`, `response`, `afterResponse`: HTTP messages. `responseContent`: what a server sends is looked at. `log`: the transaction is over. `check`: a health check's own exchange.
 */
export type Phase =
  | 'connection'
  | 'session'
  | 'content'
  | 'request'
  | 'responseContent'
  | 'response'
  | 'afterResponse'
  | 'log'
  | 'check'

/** All checkpoints, earliest first. */
export const phases: readonly Phase[] = [
  'connection',
  'session',
  'content',
  'request',
  'responseContent',
  'response',
  'afterResponse',
  'log',
  'check',
]

/** What can be asked as long as the client's connection is known. A check has none: there, questions about it have no answer. */
export type AnyPhase =
  | 'connection'
  | 'session'
  | 'content'
  | 'request'
  | 'responseContent'
  | 'response'
  | 'afterResponse'
  | 'log'
  | 'check'

/** What can be asked as long as there is a client. */
export type ClientPhase = Exclude<AnyPhase, 'check'>

/** What can be asked from the request's head onwards: in code, the request stays answerable in the response (we keep it). */
export type RequestPhase = 'request' | 'response' | 'afterResponse' | 'log'

/** What can be asked once a response exists, be it the one to a check. */
export type ResponsePhase = 'response' | 'afterResponse' | 'log' | 'check'
