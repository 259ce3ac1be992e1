/** The life of one request, from top to bottom: `transact` is the front door for whoever wants to know what this program does. */
import { type Outcome, outcomes, TransactionError } from '../base/errors.js'
import type { Bodies, Context, MessageBody } from '../match/context.js'
import { Headers } from '../message/headers.js'
import { Response } from '../message/response.js'
import { reasonPhrase } from '../message/status.js'
import type { LogStep } from '../observe/logger.js'
import { closeRecord, type TransactionRecord } from '../observe/record.js'
import type { Backend } from '../proxy/backend.js'
import type { Decision } from '../proxy/decision.js'
import type { Frontend } from '../proxy/frontend.js'
import type { Server } from '../proxy/server.js'
import { RuleError } from '../rules/rule-error.js'
import { answer, fail } from './answer.js'
import { reach } from './attempt.js'
import { TransformedRequest } from './body-transform.js'
import { ContinuousCount } from './continuous-count.js'
import type { Engine } from './engine.js'
import type { BodySource, Exchange } from './exchange.js'
import { AGAIN, DONE, Forward, type ForwardResult, RETRY } from './forward.js'
import type { Socket } from './network.js'
import type { OwnConnections } from './own-connections.js'
import { ReplayedBody } from './replayed-body.js'
import { measure, report } from './report.js'
import { RequestBody } from './request-body.js'
import { prepareRetry } from './retry.js'
import type { ServerConnection } from './server-connection.js'

/** Where a transaction stands; decides the second termination letter of whoever breaks it off. */
export type Stage = 'request' | 'queue' | 'connect' | 'body' | 'headers' | 'data'

/** What a transaction waits for, and until when by the engine's clock. */
export interface Wait {
  readonly for: 'inspection' | 'tarpit' | 'place' | 'connection' | 'rest'
  readonly until: number
}

/** Bytes that are passed on as they are: how many so far, and how many milliseconds either side may stay silent yet. */
export interface TunnelView {
  readonly fromClient: number
  readonly fromServer: number
  readonly clientLeft: number
  readonly serverLeft: number
}

/** An answer that was given up for another try, and is still there. */
export interface SpareAnswer {
  /** Passes it on after all. */
  revive(): Promise<ForwardResult>
  drop(): void
}

/** One request and its response (in TCP mode: one connection), on its way through the proxy. */
export class Transaction implements Bodies {
  readonly engine: Engine
  readonly frontend: Frontend
  readonly context: Context
  readonly record: TransactionRecord
  /** The client's side; in TCP mode there is none. */
  readonly exchange: Exchange | undefined
  /** Server connections that only this client may use (`http-reuse never`). */
  own: OwnConnections | undefined = undefined
  /** Bytes from and to the client, head included, where somebody counts them. */
  counts: (() => { readonly received: number; readonly sent: number }) | undefined = undefined
  /** Bytes that are passed on as they are, where it has come to that. */
  tunnel: TunnelView | undefined = undefined
  /** The connection that it has, or had last. */
  connection: ServerConnection | undefined = undefined
  /** Counts its bytes while they flow, where its frontend wants that. */
  counting: ContinuousCount | undefined = undefined
  /** Something that takes its time, with its limit. */
  wait: Wait | undefined = undefined
  /** It is over, and its record does not change any more. */
  reported = false
  /** How many requests its client sent before on this connection. */
  readonly sequence: number
  /** When its first byte came, by the engine's clock. */
  readonly began: number
  stage: Stage = 'request'
  backend: Backend | undefined = undefined
  /** The server whose place is taken; given back by {@link leaveServer}. */
  server: Server | undefined = undefined
  /** The servers that were tried in vain, in order. */
  tried: readonly Server[] | undefined = undefined
  /** The request has the fields that servers are told by. */
  told = false
  /** What the client gets when nothing better comes. */
  spare: SpareAnswer | undefined = undefined
  /** An answer has begun: nothing else can be said any more. */
  answered = false
  /** A rule wants the server's connection closed after this. */
  closesServer = false
  /** Who has the response, while rules look at it. */
  responder: { readonly responseBody: MessageBody | undefined } | undefined = undefined
  #requestBody: RequestBody | undefined = undefined
  #source: BodySource | undefined = undefined
  /** Called when the client is gone or the proxy gives up; whoever waits for something sets it, see {@link whenBroken}. */
  broken: ((error: TransactionError) => void) | undefined = undefined
  #ended: TransactionError | undefined = undefined

  constructor(
    engine: Engine,
    frontend: Frontend,
    context: Context,
    record: TransactionRecord,
    exchange: Exchange | undefined,
    sequence: number,
    began: number,
  ) {
    this.engine = engine
    this.frontend = frontend
    this.context = context
    this.record = record
    this.exchange = exchange
    this.sequence = sequence
    this.began = began
    record.number = engine.transactions++
    if (frontend.continuousStats) this.counting = new ContinuousCount(this)
  }

  /** Brings the record up to date. */
  measure(): void {
    measure(this)
  }

  /** Tells the loggers that want to know how far this has got. */
  reached(step: LogStep): void {
    if (this.frontend.stepLoggers.length === 0) return
    measure(this)
    this.engine.tellStep(this.frontend, step, this.record, this.context)
  }

  /** A rule wants a line now. */
  log(step: string, profile: string | undefined): void {
    measure(this)
    this.engine.tellOrder(this.frontend, step, this.record, this.context, profile)
  }

  /** The client has gone, or a time-out or an order ends this: wakes whoever waits. */
  breakOff(outcome: Outcome, cause?: unknown): void {
    if (this.#ended !== undefined) return
    this.#ended = new TransactionError(outcome, cause)
    this.context.leave(this.#ended)
    this.broken?.(this.#ended)
  }

  /** The request's body, held for whoever asks. */
  get requestBody(): RequestBody | undefined {
    const { exchange, engine, context } = this
    if (exchange === undefined || exchange.bodyLength === 0) return undefined
    return (this.#requestBody ??= new RequestBody(engine, exchange, context.request))
  }

  get responseBody(): MessageBody | undefined {
    return this.responder?.responseBody
  }

  /** Tells the client something ahead of the answer. */
  inform(status: number, fields: string[]): void {
    if (this.answered) return
    this.exchange?.interim(new Response(status, reasonPhrase(status), '1.1', new Headers(fields)))
  }

  /** Where the request's body comes from: its client, or what was held of it; kept, when it may have to be sent once more. */
  get source(): BodySource {
    return (this.#source ??= this.#openSource())
  }

  #openSource(): BodySource {
    const source = this.#transformed(this.#requestBody ?? (this.exchange as Exchange))
    const retry = this.backend?.retry
    if (retry?.replays !== true || source.bodyLength === 0 || this.context.orders?.replay === false) return source
    return new ReplayedBody(source, retry.replayBuffer ?? this.engine.bufferSize)
  }

  #transformed(source: BodySource): BodySource {
    const transforms = this.context.orders?.requestTransforms
    if (transforms === undefined || source.bodyLength === 0) return source
    return new TransformedRequest(source, transforms, (error) => {
      this.engine.complain(error, this)
      this.breakOff(outcomes.proxyRequestError, error)
    })
  }

  /** Counts what rules have refused. */
  countRefusal(request: boolean): void {
    const name = request ? 'deniedRequests' : 'deniedResponses'
    this.frontend.counters[name]++
    if (this.backend !== undefined) this.backend.counters[name]++
  }

  /** Why it was broken off, when it was. */
  get ended(): TransactionError | undefined {
    return this.#ended
  }

  /**
   * Sets {@link broken}. A function that is written straight into a property is one that V8 expects to last: it would lie in the old generation, and
   * keep alive what it knows (all of the request) until that is collected.
   */
  whenBroken(tell: (error: TransactionError) => void): void {
    this.broken = tell
  }

  /** Waits for something that may never come, but no longer than the transaction lives. */
  orBroken<T>(promise: Promise<T>): Promise<T> {
    if (this.#ended !== undefined) {
      // Nobody waits for it, so that nobody would hear of it when it fails.
      promise.catch(ignore)
      return Promise.reject(this.#ended)
    }
    return new Promise((resolve, reject) => {
      this.broken = reject
      promise.then(resolve, reject)
    })
  }

  /** Takes a server as its own. */
  enterServer(server: Server): void {
    this.server = server
    this.context.server = server
    if (this.own !== undefined) this.own.last = server
    this.record.server = server.name
  }

  /** Gives the server's place back. */
  leaveServer(): void {
    const server = this.server
    if (server === undefined) return
    this.server = undefined
    // Whoever waits for this place takes it at once, and is not to be counted here.
    this.record.load.server = server.counters.current - 1
    this.backend?.release(server)
  }
}

const ignore = (): void => {}

/**
 * Takes a request through its life: route, reach a server, forward both ways; or answer it ourselves. Whatever goes wrong on the way ends in
 * `fail`, whatever happens ends in `report`. Never rejects.
 */
export async function transact(transaction: Transaction, fixed?: Backend): Promise<void> {
  try {
    const routed = route(transaction, fixed)
    const decision = routed instanceof Promise ? await transaction.orBroken(routed) : routed
    if (decision.kind !== 'forward') {
      await answer(transaction, decision)
      return
    }
    transaction.reached('request')
    const { backend } = decision
    // As often as there are tries, and once more when a connection that had stood idle turns out to be dead.
    for (let result: ForwardResult = AGAIN, fresh = false; result !== DONE; fresh = true) {
      const reached = reach(transaction, backend, fresh)
      const connection = reached instanceof Promise ? await reached : reached
      transaction.connection = connection
      transaction.context.upstream = connection.socket
      if (transaction.frontend.wantsLocalAddress) noteLocalAddress(transaction, connection.socket)
      transaction.reached('connect')
      result = await new Forward(transaction, backend, connection).run()
      if (result === RETRY) await prepareRetry(transaction, backend)
    }
  } catch (error) {
    if (transaction.spare === undefined) fail(transaction, asTransactionError(transaction, error))
    else await passSpare(transaction, transaction.spare, error)
  } finally {
    report(transaction)
    transaction.exchange?.done(transaction)
  }
}

/** There is no better answer than the one that was given up: it is passed on after all, while somebody waits for one. */
async function passSpare(transaction: Transaction, spare: SpareAnswer, error: unknown): Promise<void> {
  if (transaction.ended !== undefined || transaction.answered) {
    spare.drop()
    fail(transaction, asTransactionError(transaction, error))
    return
  }
  try {
    await spare.revive()
  } catch (last) {
    fail(transaction, asTransactionError(transaction, last))
  }
}

/** Our own end of a server connection: asking for it costs a system call. */
export function noteLocalAddress({ record }: Transaction, { localAddress, localPort }: Socket): void {
  record.localAddress = localAddress
  record.localPort = localPort ?? 0
}

/** The frontend's rules and routes, then the backend's own rules. */
function route(transaction: Transaction, fixed: Backend | undefined): Decision | Promise<Decision> {
  const decision = fixed === undefined ? transaction.frontend.route(transaction.context) : fixed.forwarding
  if (decision instanceof Promise) return decision.then((settled) => enter(transaction, settled))
  return enter(transaction, decision)
}

function enter(transaction: Transaction, decision: Decision): Decision | Promise<Decision> {
  if (decision.kind !== 'forward') return decision
  // Rules that waited may have been left meanwhile: it has been told of, and nobody would count it out of the backend again.
  if (transaction.ended !== undefined) throw transaction.ended
  const { backend } = decision
  transaction.backend = backend
  transaction.record.backend = backend.name
  transaction.engine.entered(transaction, backend)
  return backend.route(transaction.context)
}

/** Whatever was thrown, as the way in which this transaction ends. */
export function asTransactionError(transaction: Transaction, error: unknown): TransactionError {
  if (error instanceof TransactionError) return error
  const inResponse = transaction.stage === 'headers' || transaction.stage === 'data'
  if (error instanceof RuleError && error.reason === 'left') {
    if (transaction.ended !== undefined) return transaction.ended
    return new TransactionError(inResponse ? outcomes.clientHeadersAbort : outcomes.clientRequestAbort, error)
  }
  // What a rule or a listener of the host app threw, or a fault of our own: this request gets a 500, and somebody hears of it.
  transaction.engine.complain(error, transaction)
  return new TransactionError(inResponse ? outcomes.proxyResponseError : outcomes.proxyRequestError, error)
}

/** Writes down how a transaction ended; the first word counts. */
export function conclude(transaction: Transaction, outcome: Outcome, error?: unknown): void {
  closeRecord(transaction.record, outcome, error)
}
