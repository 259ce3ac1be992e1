/**
 * What questions are asked of and rules act on: one connection's facts, the transaction's own copy of its messages,
 * its variables. It holds no socket and reads no clock: `now` was written into it by whoever started the decision.
 */
import type { Clock } from '../base/clock.js'
import type { Ip } from '../base/ip.js'
import type { Request } from '../message/request.js'
import type { Response } from '../message/response.js'

/** The facts of a client's connection, as rules see them. A unix-socket client has no addresses. */
export interface SessionView {
  /** Name of the frontend that accepted it. */
  readonly frontend: string
  /** The client's address and port. */
  readonly source: Ip | undefined
  readonly sourcePort: number
  /** The address and port that the client connected to. */
  readonly destination: Ip | undefined
  readonly destinationPort: number
}

/** An entry of a stick table that this connection or request is tracked by; only `table/` looks inside. */
export interface Tracked {
  /** Ends the tracking, when the connection or request that it belongs to is over. */
  release(now: number): void
  /** One request has begun on the connection that is tracked. */
  request(now: number): void
}

/** Answers that a proxy gives in place of the built-in ones: HAProxy's `errorfile`. Each call makes a fresh head. */
export interface ErrorPages {
  page(status: number): { readonly response: Response; readonly body: string | Uint8Array } | undefined
}

/** The bytes that a client has sent so far, for `tcp-request content` rules. */
export interface Input {
  /** What has come, from the first byte on. */
  readonly bytes: Uint8Array
  /** No more will be waited for: the client has finished, the buffer is full, or the inspect delay is over. */
  readonly complete: boolean
}

/** The state that one decision reads and changes. One object a transaction; a connection's own rules get one without messages. */
export class Context {
  readonly session: SessionView
  /** The transaction's own copy; absent (and not to be touched) before the `request` checkpoint. */
  request!: Request
  /** The answer: the server's, or the one that we make; there from the `response` checkpoint on. */
  response!: Response
  /** Milliseconds of the clock that the decision is made by. */
  now: number
  /** Milliseconds since 1970 at the same moment. */
  wall: number
  /** Variables by full name, as in `txn.user`. */
  variables: Map<string, unknown> | undefined = undefined
  /** Slots of `track-sc0` … by number; see {@link trackedAt}, which looks at the connection's as well. */
  tracked: (Tracked | undefined)[] | undefined = undefined
  /** The context of the connection's own rules, whose tracking lasts as long as the connection does. */
  connection: Context | undefined = undefined
  /** What time limits of rules run by; without one, a rule with a limit cannot run. */
  clock: Clock | undefined = undefined
  /** What the client has sent, while connection content is inspected. */
  input: Input | undefined = undefined
  /** The answers of the proxy in charge, where it has its own. */
  pages: ErrorPages | undefined = undefined
  /** The name of the backend and server in charge, once chosen. */
  backend: string | undefined = undefined
  server: string | undefined = undefined
  /** The client has said that it will send no more. It may be gone, or wait for its answer: nobody can tell before something is sent. */
  clientEnded = false
  /** Told of it, while somebody wants to know. */
  onClientEnd: (() => void) | undefined = undefined
  #controller: AbortController | undefined = undefined
  #left: unknown = undefined

  constructor(session: SessionView, now: number, wall: number) {
    this.session = session
    this.now = now
    this.wall = wall
  }

  /** Fires when the client leaves or the transaction ends; made only when somebody asks for it. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#left !== undefined) this.#controller.abort(this.#left)
    }
    return this.#controller.signal
  }

  /** Tells whoever holds {@link signal} that nobody waits for an answer any more. */
  leave(reason: unknown): void {
    this.#left = reason
    this.#controller?.abort(reason)
  }

  /** Tells whoever wants to know that the client will send no more. */
  endClient(): void {
    this.clientEnded = true
    this.onClientEnd?.()
  }

  /** What is tracked in a slot: the connection's entry comes before the request's, as the first one to take a slot keeps it. */
  trackedAt(slot: number): Tracked | undefined {
    return this.connection?.tracked?.[slot] ?? this.tracked?.[slot]
  }

  /** Counts one request at what the connection's own rules track. For whoever begins a transaction, before its first rule. */
  beginRequest(): void {
    const tracked = this.connection?.tracked
    if (tracked === undefined) return
    for (const entry of tracked) entry?.request(this.now)
  }

  /** Ends all tracking of this context. */
  release(): void {
    const tracked = this.tracked
    if (tracked === undefined) return
    this.tracked = undefined
    const now = this.clock?.now() ?? this.now
    for (const entry of tracked) entry?.release(now)
  }
}
