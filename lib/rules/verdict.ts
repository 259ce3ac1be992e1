/** What a rule says: go on, or one of the ways in which a transaction's course is settled. Acting on it is the engine's part. */
import type { Outcome } from '../base/errors.js'
import type { Response } from '../message/response.js'

/** The body of an answer that we give ourselves: bytes in a latin1 string, or a buffer. */
export type ReplyBody = string | Uint8Array

/** Ends the rule set; the ones that follow (a backend's after a frontend's) still run. */
export interface Allow {
  readonly kind: 'allow'
}
/** Answers the client ourselves. `outcome` gives the termination letters; `close` ends the connection after the answer. */
export interface Respond {
  readonly kind: 'respond'
  readonly response: Response
  readonly body: ReplyBody
  readonly outcome: Outcome
  readonly close: boolean
  /** The status that it stands for, where a page says another: logs have this one. */
  readonly status?: number | undefined
  /** Nothing is sent at all, and the connection is closed: an empty error file. */
  readonly silent?: boolean
}
/** Closes the connection without a word. `atOnce`: what was to be sent is thrown away. */
export interface Reject {
  readonly kind: 'reject'
  readonly outcome: Outcome
  readonly atOnce?: boolean
}
/** Ends the rule set and closes the server's connection, once what it sent is passed on. */
export interface Close {
  readonly kind: 'close'
}
/** Holds the client for `timeout tarpit`, then answers. */
export interface Tarpit {
  readonly kind: 'tarpit'
  readonly answer: Respond
}
/** Answers with the response of a `fetch`-style handler. */
export type ServiceHandler = (request: globalThis.Request) => globalThis.Response | Promise<globalThis.Response>
/** A handler in this process, with its name and the milliseconds that it may take. */
export interface InProcessService {
  readonly name: string
  readonly handle: ServiceHandler
  readonly timeout: number
}
/** A service in this process answers. */
export interface Serve {
  readonly kind: 'serve'
  readonly service: InProcessService
}
/** A condition needs more bytes before it can be answered. Only content inspection waits. */
export interface Wait {
  readonly kind: 'wait'
}

/** `undefined` goes on to the next rule. */
export type Verdict = undefined | Allow | Respond | Reject | Close | Tarpit | Serve | Wait

/** The kinds of {@link Verdict} that a rule in code may give. */
export type VerdictKind = 'allow' | 'respond' | 'reject' | 'tarpit'
export const verdictKinds: readonly VerdictKind[] = ['allow', 'respond', 'reject', 'tarpit']

export const allowed: Allow = { kind: 'allow' }
export const closing: Close = { kind: 'close' }
export const waiting: Wait = { kind: 'wait' }
