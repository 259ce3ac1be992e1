/** A request on its way to a server and the answer on its way back, both with backpressure: who reads slowly makes the other wait. */
import { type Outcome, outcomes, TransactionError } from '../base/errors.js'
import type { BodyLength, CodecError } from '../codec/step.js'
import type { Headers } from '../message/headers.js'
import { stripButUpgrade, stripConnection, stripNamed } from '../message/hop-by-hop.js'
import type { Response } from '../message/response.js'
import type { Backend } from '../proxy/backend.js'
import { type ConnectionMode, strongerMode } from '../proxy/mode.js'
import type { Respond } from '../rules/verdict.js'
import { reply } from './answer.js'
import { BodyTransform, keepsLength } from './body-transform.js'
import type { BodySink, BodySource, Exchange } from './exchange.js'
import { keepInvalidResponse } from './invalid-messages.js'
import { observeAnswer, observeFailure } from './observed.js'
import { orderedTimeout } from './ordered.js'
import { writeRequestHead } from './outgoing-request.js'
import { ReplayedBody } from './replayed-body.js'
import { ResponseBody } from './response-body.js'
import { hasResponseRules, responseRules } from './response-rules.js'
import { mayGoAgain, retriesRequest, retriesStatus } from './retry.js'
import type { ResponseSink, ServerConnection } from './server-connection.js'
import { acceptsWebSocket, runTunnel, switchedTo } from './switching.js'
import { countAnswer, countAtTracked, isServerFault } from './tally.js'
import { conclude, type SpareAnswer, type Transaction } from './transaction.js'

/** The answer has been passed on, or was begun and broken off, which the record says. */
export const DONE = 0
/** The connection had stood idle and was dead: nothing was lost, take a fresh one. */
export const AGAIN = 1
/** The request failed, or its answer was given up, and there is one more try; the server's place is still taken. */
export const RETRY = 2
export type ForwardResult = typeof DONE | typeof AGAIN | typeof RETRY

/** Interim responses that a server may send before its answer. */
const MOST_INTERIM = 100

/** Forwards one request over one connection. */
export class Forward implements BodySink, ResponseSink, SpareAnswer {
  readonly #transaction: Transaction
  readonly #exchange: Exchange
  readonly #backend: Backend
  readonly #connection: ServerConnection
  readonly #mode: ConnectionMode
  readonly #source: BodySource
  /** What the response's body goes through on its way. */
  #transform: BodyTransform | undefined = undefined
  /** What came behind the response's body, for when the transform is through. */
  #trailers: Headers | undefined = undefined
  /** The response's body, once rules have asked for it. */
  #body: ResponseBody | undefined = undefined
  #resolve!: (result: ForwardResult) => void
  #reject!: (error: unknown) => void
  #requestEnded: boolean
  #responseEnded = false
  #framing: BodyLength = 0
  #interim = 0
  #sentAt = 0
  /** The protocol that both sides have switched to. */
  #switched: string | undefined = undefined
  /** The server has answered and gone; what the client still sends of its request is thrown away. */
  #deaf = false
  #released = false
  /** An answer that was given up, and waits for the case that there will be no better one. */
  #spare: Response | undefined = undefined
  #over = false

  constructor(transaction: Transaction, backend: Backend, connection: ServerConnection) {
    this.#transaction = transaction
    this.#exchange = transaction.exchange as Exchange
    this.#backend = backend
    this.#connection = connection
    this.#mode = strongerMode(transaction.frontend.connectionMode, backend.connectionMode)
    this.#source = transaction.source
    this.#requestEnded = this.#source.bodyLength === 0
  }

  /** Sends the request and passes the answer on. Rejects with a {@link TransactionError} when no answer can be had. */
  run(): Promise<ForwardResult> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
      const transaction = this.#transaction
      transaction.whenBroken((error) => this.#fail(error))
      if (transaction.ended === undefined) this.#sendRequest()
      else this.#fail(transaction.ended)
    })
  }

  /** How long the server may keep us waiting. */
  get #patience(): number {
    return orderedTimeout(this.#transaction.context, 'server') ?? this.#backend.timeouts.server
  }

  #sendRequest(): void {
    const transaction = this.#transaction
    const connection = this.#connection
    const { request } = transaction.context
    connection.lend(this, request.method, this.#exchange.upgrade !== undefined)
    writeRequestHead(transaction, this.#exchange, this.#backend, connection, this.#mode)
    if (this.#requestEnded) {
      this.#source.attend(this)
      this.#requestSent()
      return
    }
    transaction.stage = 'body'
    this.#source.readBody(this)
    connection.output.flush()
  }

  #requestSent(): void {
    this.#connection.output.flush()
    this.#sentAt = this.#transaction.engine.clock.now()
    if (!this.#transaction.answered) this.#transaction.stage = 'headers'
    this.#connection.timeout.set(this.#patience)
  }

  // ── from the client ──────────────────────────────────────────────────────

  onBodyData(data: Buffer): boolean {
    if (this.#deaf) return true
    const { output, timeout } = this.#connection
    output.body(data, this.#source.bodyLength)
    if (output.flowing) return true
    // Now it is the server that keeps us waiting.
    timeout.set(this.#patience)
    return false
  }

  onBodyPause(): void {
    if (!this.#deaf) this.#connection.output.flush()
  }

  onBodyEnd(trailers: Headers | undefined): void {
    if (this.#deaf) {
      this.#over = true
      this.#transaction.broken = undefined
      this.#resolve(DONE)
      return
    }
    this.#connection.output.end(this.#source.bodyLength, this.#backend.dropTrailers ? undefined : trailers)
    this.#requestEnded = true
    this.#requestSent()
    if (this.#responseEnded) this.#complete()
  }

  onClientDrain(): void {
    if (this.#over) return
    this.#transform?.resume()
    this.#connection.timeout.set(this.#patience)
    this.#connection.resume()
  }

  // ── from the server ──────────────────────────────────────────────────────

  onServerDrain(): void {
    if (this.#requestEnded) return
    this.#connection.timeout.clear()
    this.#source.resumeBody()
  }

  get holds(): boolean {
    return this.#exchange.unsent
  }

  onResponseHead(response: Response): boolean {
    if (response.status < 200 && response.status !== 101) return this.#passInterim(response)
    const transaction = this.#transaction
    const waited = this.#waited
    observeAnswer(this.#connection.server, response.status, waited)
    if (this.#requestEnded && retriesStatus(transaction, this.#backend, response.status)) {
      this.#giveUp(response)
      return false
    }
    return this.#takeHead(response, waited)
  }

  /** @param waited how long it took to come, in milliseconds */
  #takeHead(response: Response, waited: number): boolean {
    const transaction = this.#transaction
    const { record, context } = transaction
    transaction.spare?.drop()
    countAnswer(this.#connection.server, response.status)
    record.timers.response = Math.round(waited)
    this.#switched = switchedTo(transaction, this.#exchange, this.#connection, response)
    if (response.status === 101 && (this.#switched === undefined || !acceptsWebSocket(context.request, response))) {
      this.#fail(new TransactionError(outcomes.serverHeadersBad))
      return false
    }
    this.#framing = this.#connection.decoder.bodyLength
    stripNamed(response.headers)
    context.response = response
    context.serverStatus = response.status
    countAtTracked(context, response.status, transaction.engine.countedStatuses)
    context.captures?.takeResponse?.(response.headers)
    if (!hasResponseRules(transaction, this.#backend)) {
      this.#respond()
      return !this.#over
    }
    transaction.responder = this
    const verdict = this.#runRules()
    if (verdict instanceof Promise) {
      this.#connection.timeout.clear()
      verdict.then(
        (answer) => this.#decided(answer),
        (error: unknown) => this.#fail(error),
      )
      // Rules that wait for the body get it now.
      return this.#body?.receiving === true
    }
    if (verdict !== undefined) {
      this.#replace(verdict)
      return false
    }
    return this.#respond()
  }

  /** What rules see of the response's body. */
  get responseBody(): ResponseBody | undefined {
    if (this.#framing === 0 || this.#switched !== undefined || this.#transaction.answered) return undefined
    const { clock, limits } = this.#transaction.engine
    return (this.#body ??= new ResponseBody(clock, this.#connection, this.#framing, limits.maxHead))
  }

  #runRules(): Respond | undefined | Promise<Respond | undefined> {
    try {
      return responseRules(this.#transaction, this.#backend)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  #decided(answer: Respond | undefined): void {
    if (this.#over) return
    if (answer !== undefined) {
      this.#replace(answer)
      return
    }
    if (!this.#respond()) return
    this.#connection.timeout.set(this.#patience)
    this.#connection.resume()
  }

  #passInterim(response: Response): boolean {
    if (++this.#interim > MOST_INTERIM) {
      this.#fail(new TransactionError(outcomes.serverHeadersBad))
      return false
    }
    countAnswer(this.#connection.server, response.status)
    stripNamed(response.headers)
    this.#connection.timeout.set(this.#patience)
    this.#exchange.interim(response)
    return true
  }

  /** Begins the answer. @returns `false` when the client has to take that first */
  #respond(): boolean {
    const transaction = this.#transaction
    const { response, request } = transaction.context
    transaction.record.status = response.status
    if (response.status === 101) stripButUpgrade(response.headers)
    else stripConnection(response.headers)
    const bodiless = request.method === 'HEAD' || response.status === 304
    let framing: BodyLength = 0
    try {
      if (!bodiless && this.#switched === undefined && response.status !== 204) framing = this.#outgoing()
    } catch (error) {
      // A transform of the host app's that cannot even be made.
      this.#fail(error)
      return false
    }
    transaction.answered = true
    transaction.stage = 'data'
    // Whether the client's connection goes on is for its frontend to say; the backend's mode is about servers.
    this.#exchange.respond(response, framing, bodiless, false, this.#switched !== undefined)
    transaction.reached('response')
    return this.#body === undefined || this.#passHeld(this.#body)
  }

  /** How the body is delimited on its way to the client. A body that rules have transformed is of another length. */
  #outgoing(): BodyLength {
    const { context, engine } = this.#transaction
    const transforms = context.orders?.responseTransforms
    if (transforms === undefined || this.#framing === 0) return this.#framing
    const same = keepsLength(transforms)
    this.#transform = new BodyTransform(transforms, {
      data: (chunk) => {
        const flowing = this.#exchange.data(chunk)
        this.#exchange.flush()
        return flowing
      },
      end: () => this.#endResponse(same ? this.#trailers : undefined),
      ready: () => this.#connection.resume(),
      fail: (error) => {
        engine.complain(error, this.#transaction)
        this.#fail(new TransactionError(outcomes.proxyDataError, error))
      },
    })
    if (same) return this.#framing
    return this.#exchange.chunks ? 'chunked' : 'close'
  }

  /** What was held of the body goes on, and whatever else has happened to it meanwhile. */
  #passHeld(body: ResponseBody): boolean {
    this.#body = undefined
    const flowing = body.held.length === 0 || this.onResponseData(body.held)
    if (body.complete) this.onResponseEnd(body.trailers)
    else if (body.lost !== undefined) {
      this.#exchange.flush()
      this.onServerGone(body.lost.error)
    }
    return !this.#over && (flowing || body.complete)
  }

  /** A rule answers in the server's place. */
  #replace(answer: Respond): void {
    const whole = this.#body?.complete === true ? this.#connection.decoder.keepAlive : this.#connection.complete()
    this.#release(this.#mode === 'keepAlive' && this.#requestEnded && whole)
    this.#over = true
    this.#transaction.broken = undefined
    this.#transaction.responder = undefined
    this.#transaction.record.timers.response = -1
    this.#transaction.leaveServer()
    reply(this.#transaction, answer).then(
      () => this.#resolve(DONE),
      (error: unknown) => this.#reject(error),
    )
  }

  onResponseData(data: Buffer): boolean {
    if (this.#body !== undefined) return this.#body.take(data)
    const { timeout } = this.#connection
    if (this.#transform === undefined ? this.#exchange.data(data) : this.#transform.write(data)) {
      timeout.set(this.#patience)
      return true
    }
    // Now it is the client that keeps us waiting.
    timeout.clear()
    return false
  }

  onResponsePause(): void {
    if (this.#body === undefined) this.#exchange.flush()
    else this.#body.paused()
  }

  onResponseEnd(trailers: Headers | undefined): void {
    if (this.#body !== undefined) {
      this.#body.finished(trailers)
      return
    }
    if (this.#switched !== undefined) {
      this.#tunnel()
      return
    }
    if (this.#transform === undefined) this.#endResponse(trailers)
    else {
      this.#trailers = trailers
      this.#transform.end()
    }
  }

  #endResponse(trailers: Headers | undefined): void {
    if (this.#over) return
    this.#exchange.end(trailers)
    this.#exchange.flush()
    this.#responseEnded = true
    if (this.#requestEnded) this.#complete()
  }

  onResponseBad(error: CodecError): void {
    keepInvalidResponse(this.#transaction, this.#connection.decoder)
    const begun = this.#transaction.answered && !this.#exchange.retractable
    this.#fail(new TransactionError(begun ? outcomes.serverDataBad : outcomes.serverHeadersBad, error))
  }

  onServerGone(error: Error | undefined): void {
    if (this.#spare !== undefined) {
      this.drop()
      return
    }
    if (this.#body !== undefined) {
      this.#body.gone(error)
      return
    }
    if (this.#responseEnded) {
      // It answered before it had read everything, and closed: the rest of the request is read and thrown away, as HAProxy does.
      this.#deaf = true
      this.#release(false)
      this.#transaction.leaveServer()
      this.#source.resumeBody()
      return
    }
    if (this.#transaction.answered) {
      this.#fail(new TransactionError(outcomes.serverDataAbort, error))
      return
    }
    if (this.#interim === 0 && mayGoAgain(this.#transaction, this.#exchange, this.#connection)) {
      this.#finish(false)
      this.#resolve(AGAIN)
      return
    }
    this.#fail(new TransactionError(outcomes.serverHeadersAbort, error))
  }

  onServerTimeout(): void {
    const { answered } = this.#transaction
    this.#fail(new TransactionError(answered ? outcomes.serverDataTimeout : outcomes.serverHeadersTimeout))
  }

  // ── another try ──────────────────────────────────────────────────────────

  /** This answer is not passed on, or not before all else has failed. */
  #giveUp(response: Response): void {
    const transaction = this.#transaction
    transaction.broken = undefined
    transaction.spare?.drop()
    if (this.#backend.retry.lastAnswer) {
      this.#spare = response
      transaction.spare = this
      this.#connection.timeout.clear()
    } else {
      this.#over = true
      this.#letGo()
      this.#release(this.#mode === 'keepAlive' && this.#connection.complete())
    }
    this.#resolve(RETRY)
  }

  /** Passes the answer on that was given up. The server's place is taken as if it had never been given back. */
  revive(): Promise<ForwardResult> {
    const transaction = this.#transaction
    const connection = this.#connection
    const response = this.#spare as Response
    this.#spare = undefined
    transaction.spare = undefined
    transaction.leaveServer()
    transaction.enterServer(this.#backend.take(connection.server))
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
      transaction.whenBroken((error) => this.#fail(error))
      connection.timeout.set(this.#patience)
      this.#source.attend(this)
      if (this.#takeHead(response, this.#waited)) connection.resume()
    })
  }

  /** It is not needed, or its server has gone. */
  drop(): void {
    if (this.#spare === undefined) return
    this.#spare = undefined
    this.#over = true
    this.#transaction.spare = undefined
    this.#release(false)
  }

  /** The request's body is left to whoever takes it next. */
  #letGo(): void {
    if (this.#source instanceof ReplayedBody) this.#source.release()
  }

  /** A failure that another try may mend. */
  #triesAgain(outcome: Outcome): boolean {
    if (!retriesRequest(this.#transaction, this.#backend, outcome)) return false
    this.#count(outcome)
    this.#over = true
    this.#transaction.broken = undefined
    this.#letGo()
    this.#release(false)
    this.#resolve(RETRY)
    return true
  }

  // ── the end ──────────────────────────────────────────────────────────────

  #complete(): void {
    const { decoder } = this.#connection
    const { closesServer } = this.#transaction
    const reusable = this.#mode === 'keepAlive' && decoder.keepAlive && this.#framing !== 'close' && !closesServer
    this.#finish(reusable)
    this.#resolve(DONE)
  }

  #fail(error: unknown): void {
    if (this.#over) return
    if (error instanceof TransactionError) {
      // What came and was none counts while its request is there, what did not come when it is gone, as HAProxy sees them.
      this.#observe(error, true)
      if (this.#triesAgain(error.outcome)) {
        this.#observe(error, false)
        return
      }
      this.#count(error.outcome)
      // An answer that was given up may still be passed on.
      if (this.#transaction.spare === undefined) conclude(this.#transaction, error.outcome, error.cause)
      // A head that is not passed on has never been seen.
      if (error.outcome === outcomes.serverHeadersBad) this.#transaction.record.timers.response = -1
    }
    this.#finish(false)
    if (error instanceof TransactionError) this.#observe(error, false)
    this.#reject(error)
  }

  #observe({ outcome, cause }: TransactionError, came: boolean): void {
    if ((outcome === outcomes.serverHeadersBad) !== came) return
    observeFailure(this.#connection.server, outcome, cause, this.#waited)
  }

  /** How long the server has had for its answer. */
  get #waited(): number {
    return this.#sentAt === 0 ? 0 : this.#transaction.engine.clock.now() - this.#sentAt
  }

  #count(outcome: Outcome): void {
    if (!isServerFault(outcome)) return
    if (outcome.status !== 0) this.#transaction.context.count('failures', 1)
    this.#connection.server.counters.responseErrors++
    this.#backend.counters.responseErrors++
  }

  #finish(reusable: boolean): void {
    this.#over = true
    if (!this.#responseEnded) this.#transform?.stop(this.#transaction.ended)
    if (!this.#requestEnded) this.#source.stop?.(this.#transaction.ended)
    this.#transaction.broken = undefined
    this.#release(reusable)
    this.#transaction.leaveServer()
  }

  #release(reusable: boolean): void {
    if (this.#released) return
    this.#released = true
    const connection = this.#connection
    connection.giveBack()
    if (reusable && connection.reusable) this.#transaction.engine.keep(this.#transaction, this.#backend, connection)
    else connection.destroy()
  }

  #tunnel(): void {
    const transaction = this.#transaction
    runTunnel(transaction, this.#exchange, this.#backend, this.#connection, (outcome) => {
      conclude(transaction, outcome)
      this.#over = true
      transaction.broken = undefined
      transaction.leaveServer()
      this.#resolve(DONE)
    })
  }
}
