/**
 * What questions are asked of and rules act on: one connection's facts, the transaction's own copy of its messages,
 * its variables. It holds no socket and reads no clock: `now` was written into it by whoever started the decision.
 */
import type { Clock } from '../base/clock.js'
import type { Ip } from '../base/ip.js'
import { type Headers, isFieldValue } from '../message/headers.js'
import type { Request } from '../message/request.js'
import type { Response } from '../message/response.js'
import type { EventSink } from './event-sink.js'
import { noOrders, type Orders } from './orders.js'
import type { Resolvers } from './resolvers.js'
import type { NotYet } from './sample.js'
import { forget, type VariableLimits, type VariableSizes } from './variable-size.js'

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
  /** It came over TLS. */
  readonly tls?: boolean | undefined
  /** Who took it; nobody, when it was handed in. */
  readonly listener?: ListenerView | undefined
}

/** A place where a frontend listens. */
export interface ListenerView {
  readonly name: string | undefined
  /** The number that it was given, or its place among its frontend's, from 1. */
  readonly id: number
  /** How many connections it has now. */
  readonly connections: number
}

/** The ends of a connection to a server: ours and its. Asking costs a system call. */
export interface UpstreamView {
  readonly localAddress?: string | undefined
  readonly localPort?: number | undefined
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
}

/** An entry of a stick table that this connection or request is tracked by; only `table/` looks inside. */
export interface Tracked {
  /** The key, as text. */
  readonly key: string
  /** Ends the tracking, when the connection or request that it belongs to is over. */
  release(now: number): void
  /** Something has happened, so many times, to whom it belongs to. */
  count(what: TrackedEvent, amount: number, now: number): void
}

/** What is counted of those who are tracked. Manual, chapter 11.1. */
export type TrackedEvent = 'requests' | 'sessions' | 'errors' | 'failures' | 'bytesIn' | 'bytesOut'

/** Answers that a proxy gives in place of the built-in ones: HAProxy's `errorfile`. Each call makes a fresh head. */
export interface ErrorPages {
  page(status: number, context: Context): ErrorPage | undefined
}

/** One of them; `close` ends the connection, and a silent one does it without a word. */
export interface ErrorPage {
  readonly response: Response
  readonly body: string | Uint8Array
  readonly close?: boolean
  readonly silent?: boolean
}

/** Something that has a name: a frontend, a backend, a server. The rooms that own them look inside. */
export interface Named {
  readonly name: string
}

/** The process that decides: what lives as long as it does, and what its questions can ask. */
export interface ProcessView {
  /** The variables of scope `proc`, by full name. */
  variables: Map<string, unknown> | undefined
  /** How much memory variables may take; without limits, nothing is counted. */
  readonly variableLimits: VariableLimits | undefined
  /** What all variables take, where that is limited. */
  variableSize: number
  readonly pid: number
  /** The machine's name, or what a configuration calls this node. */
  readonly node: string
  readonly hostname: string
  /** Milliseconds since 1970 when it began. */
  readonly startedAt: number
  /** It takes no new clients and ends with the last one. */
  readonly stopping: boolean
  /** A variable of the environment, as one character a byte. */
  readonly environment: (name: string) => string | undefined
  /** A number from 0 (included) to 1 (excluded). */
  readonly random: () => number
  /** The address of a name, by somebody's name servers; `undefined` when there is none. Never rejects. */
  readonly resolve: (by: Resolvers, name: string, prefer: 4 | 6) => Promise<Ip | undefined>
  /** How busy the process is, as far as its questions ask. */
  readonly load: () => ProcessLoad
  /** Whoever has stick tables rid of what is over. */
  readonly tables?: { adopt(table: object): void } | undefined
  /** Whether an address is this machine's own. */
  readonly isLocal: (ip: Ip) => boolean
  /** Its own buffer of events: `buf0`. */
  readonly events?: EventSink | undefined
}

/** Counts of the whole process. */
export interface ProcessLoad {
  /** Client connections now. */
  readonly connections: number
  readonly maxConnections: number
}

/** A message's body, as far as it has come and is held for whoever asks. */
export interface MessageBody {
  /** What is held, from the first byte on. */
  readonly bytes: Buffer
  /** That is all of it. */
  readonly complete: boolean
  /** Its length, where it is known before all has come. */
  readonly length: number | undefined
  /**
   * Waits until all of it is held, or `atLeast` bytes, or as much as is held at a time. `false`: that was not so within `time` milliseconds.
   * At once when it is so already.
   */
  wait(time: number, atLeast?: number): boolean | Promise<boolean>
  /** So many bytes more than usual are held from now on. */
  extend?(bytes: number): void
  /** All of it. Rejects when it is longer than `limit` bytes, and when its sender breaks it off. */
  read(limit: number): Promise<Buffer>
}

/** Whoever carries a transaction out: what rules may have of it. */
export interface Bodies {
  readonly requestBody: MessageBody | undefined
  readonly responseBody: MessageBody | undefined
  /** Sends an interim answer (1xx) to the client. `fields` are names and values in turn. */
  readonly inform?: (status: number, fields: string[]) => void
  /** Brings the times and counts of the record up to date, for whoever asks before the end. */
  readonly measure?: () => void
  /** Writes a log line now. `step` is the name of the rule set that asks for it; without a profile, as its frontend logs. */
  readonly log?: (step: string, profile: string | undefined) => void
}

/** Other addresses than those of the socket. */
export type Readdressing = Partial<Omit<SessionView, 'frontend'>>

/** What was captured of messages, by slot. Manual, `declare capture`. */
export interface Captures {
  readonly request: (string | undefined)[]
  readonly response: (string | undefined)[]
  /** The cookie of `capture cookie`, `name=value`. */
  requestCookie?: string | undefined
  responseCookie?: string | undefined
  /** Keeps a text in a slot, cut at its length; `false` when there is none of that number. */
  keep?(side: 'request' | 'response', slot: number, text: string): boolean
  /** Looks at the fields of a response that has come. */
  takeResponse?(headers: Headers): void
}

/** The bytes that a client or server has sent so far, for `tcp-request content` and `tcp-response content` rules. */
export interface Input {
  /** What has come, from the first byte on. */
  readonly bytes: Uint8Array
  /** No more will be waited for: the sender has finished, the buffer is full, or the inspect delay is over. */
  readonly complete: boolean
  /** The HTTP request that they begin with, where they do. */
  readonly request?: () => Request | undefined | NotYet
}

/** The state that one decision reads and changes. One object a transaction; a connection's own rules get one without messages. */
export class Context {
  /** The client's connection; {@link readdress} changes its addresses. */
  session: SessionView
  /** The transaction's own copy; absent (and not to be touched) before the `request` checkpoint. */
  request!: Request
  /** The answer: the server's, or the one that we make; there from the `response` checkpoint on. */
  response!: Response
  /** Milliseconds of the clock that the decision is made by. */
  now: number
  /** Milliseconds since 1970 at the same moment. */
  wall: number
  /** The request is for a proxy behind us, and its client shows who it is as clients of proxies do. Manual, `option http-use-proxy-header`. */
  forProxy = false
  /** The first request on its connection. */
  first = true
  /** Where the last rule was written that settled the course. */
  lastRule: string | undefined = undefined
  /** The status that the server gave, before rules changed it. */
  serverStatus: number | undefined = undefined
  /** The two ends of the connection to the server, once there is one. */
  upstream: UpstreamView | undefined = undefined
  /** Variables by full name, as in `txn.user`; those of other scopes are the connection's and the process's. */
  variables: Map<string, unknown> | undefined = undefined
  /** What they take, where that is limited. */
  variableSizes: VariableSizes | undefined = undefined
  /** The process; in a test of rules alone there may be none. */
  process: ProcessView | undefined = undefined
  /** Slots of `track-sc0` … by number; see {@link trackedAt}, which looks at the connection's as well. */
  tracked: (Tracked | undefined)[] | undefined = undefined
  /** The context of the connection's own rules, whose tracking lasts as long as the connection does. */
  connection: Context | undefined = undefined
  /** What time limits of rules run by; without one, a rule with a limit cannot run. */
  clock: Clock | undefined = undefined
  /** What the client has sent, while connection content is inspected. */
  input: Input | undefined = undefined
  /** What the server has sent, while that is inspected. */
  responseInput: Input | undefined = undefined
  /** The answers of the frontend and of the backend in charge, where they have their own; the backend's go first. */
  pages: ErrorPages | undefined = undefined
  backendPages: ErrorPages | undefined = undefined
  /** The frontend, and the backend and server in charge, once chosen. */
  frontend: Named | undefined = undefined
  backend: Named | undefined = undefined
  server: Named | undefined = undefined
  /** What the persistence of the backend in charge has noted; only `proxy/` looks inside. */
  persisted: object | undefined = undefined
  /** The transaction's record, where there is one; only `observe/` looks inside. */
  record: object | undefined = undefined
  /** Whoever has the bodies; they are made when somebody asks for them. */
  bodies: Bodies | undefined = undefined
  captures: Captures | undefined = undefined
  /** Makes the transaction's own id, where its frontend gives one. */
  identify: ((context: Context) => string) | undefined = undefined
  orders: Orders | undefined = undefined
  /** It is of a health check, which has variables of its own and no client. */
  ofCheck = false
  /** The status of the answer that a rule is putting together: %ST. */
  answerStatus = 0
  /** Rules that cannot change the message are passed over, for the rest of this rule set. Manual, `strict-mode off`. */
  lenient = false
  /** Changes of the message that could not be made: all of them, those made for the backend, and those of its server's response. HAProxy: `wrew`. */
  failedRewrites: { frontend: number; backend: number; server: number } | undefined = undefined
  /** Bytes that the head of a message may take. Manual, `tune.bufsize`. */
  bufferSize = Number.POSITIVE_INFINITY
  /** The client has said that it will send no more. It may be gone, or wait for its answer: nobody can tell before something is sent. */
  clientEnded = false
  /** Told of it, while somebody wants to know. */
  onClientEnd: (() => void) | undefined = undefined
  /**
   * Nothing of this decision is carried out: it is made for whoever wants to know how it would go. Actions that change what others share
   * (tables, maps, variables of the process) leave it as it is.
   */
  rehearsal = false
  #controller: AbortController | undefined = undefined
  #left: unknown = undefined
  #id: string | undefined = undefined

  constructor(session: SessionView, now: number, wall: number) {
    this.session = session
    this.now = now
    this.wall = wall
  }

  /** So many milliseconds have gone by while a rule was waited for: those behind it see the time as it is now. */
  passed(time: number): void {
    this.now += time
    this.wall += time
  }

  /** The transaction's own id, made when somebody first asks for it. Manual, `unique-id-format`. */
  get uniqueId(): string | undefined {
    if (this.#id === undefined) this.#id = this.identify?.(this)
    return this.#id
  }

  /** The request's body; nothing when it has none. */
  get requestBody(): MessageBody | undefined {
    return this.bodies?.requestBody
  }

  /** The response's body, as long as rules look at it. */
  get responseBody(): MessageBody | undefined {
    return this.bodies?.responseBody
  }

  /** Fires when the client leaves or the transaction ends; made only when somebody asks for it. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#left !== undefined) this.#controller.abort(this.#left)
    }
    return this.#controller.signal
  }

  /** Nobody waits for an answer any more: no further rule may run. */
  get left(): boolean {
    return this.#left !== undefined
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

  /** Gives the connection other addresses, for this context and those that come of it. */
  readdress(change: Readdressing): void {
    const { frontend, source, sourcePort, destination, destinationPort, tls, listener } = this.session
    this.session = { frontend, source, sourcePort, destination, destinationPort, tls, listener, ...change }
  }

  /** Adds a field to what the client is told ahead of its answer, unless it cannot be sent. @param last it goes out with this one */
  hint(name: string, value: string, last: boolean): void {
    const orders = this.order()
    const hints = orders.hints ?? []
    if (isFieldValue(value)) hints.push(name, value)
    orders.hints = last ? undefined : hints
    if (last && hints.length > 0) this.bodies?.inform?.(103, hints)
  }

  /** The orders, to be added to. */
  order(): Orders {
    return (this.orders ??= noOrders())
  }

  /** Counts one request at what the connection's own rules track. For whoever begins a transaction, before its first rule. */
  beginRequest(): void {
    countAll(this.connection?.tracked, 'requests', 1, this.now)
  }

  /** Counts something at all that this transaction and its connection track. */
  count(what: TrackedEvent, amount: number): void {
    const { tracked } = this
    const ofConnection = this.connection?.tracked
    if (tracked === undefined && ofConnection === undefined) return
    const now = this.clock?.now() ?? this.now
    countAll(ofConnection, what, amount, now)
    countAll(tracked, what, amount, now)
  }

  /** Ends all tracking of this context, and gives back what its variables took. */
  release(): void {
    if (this.variableSizes !== undefined) forget(this)
    const tracked = this.tracked
    if (tracked === undefined) return
    this.tracked = undefined
    const now = this.clock?.now() ?? this.now
    for (const entry of tracked) entry?.release(now)
  }
}

function countAll(
  tracked: readonly (Tracked | undefined)[] | undefined,
  what: TrackedEvent,
  amount: number,
  now: number,
): void {
  if (tracked === undefined) return
  for (const entry of tracked) entry?.count(what, amount, now)
}
