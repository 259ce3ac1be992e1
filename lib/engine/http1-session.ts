/** A client connection that speaks HTTP/1: one request after the other, answered in order. What a request goes through stands in `transaction`. */
import { type Outcome, outcomes } from '../base/errors.js'
import { RequestDecoder } from '../codec/request-decoder.js'
import { type BodyLength, DATA, END, ERROR, HEAD } from '../codec/step.js'
import { responseHead } from '../codec/writer.js'
import { MessageCaptures } from '../match/captures.js'
import type { Headers } from '../message/headers.js'
import { stripNamed } from '../message/hop-by-hop.js'
import type { Response } from '../message/response.js'
import { openRecord } from '../observe/record.js'
import type { Backend } from '../proxy/backend.js'
import { abandons, goneAt, lateAt } from './client-outcomes.js'
import { Deadline } from './deadline.js'
import type { Served } from './entrance.js'
import type { BodySink, Exchange } from './exchange.js'
import { faultText } from './fault-text.js'
import { keepInvalidRequest } from './invalid-messages.js'
import type { Socket } from './network.js'
import { orderedTimeout } from './ordered.js'
import { Output } from './output.js'
import { OwnConnections } from './own-connections.js'
import { endByReset } from './parting.js'
import { reportFault } from './report.js'
import type { Session } from './session.js'
import { Transaction, transact } from './transaction.js'

/** A client that does not close after our last word is given this many milliseconds. */
const LONGEST_LINGER = 5_000

/** Where the connection stands between the client's bytes and our answers. */
type State = 'head' | 'body' | 'held' | 'over'

/** Without a length, a client would take all that comes after an empty response for its body (RFC 9112 section 6.3). */
function frameEmpty({ status, headers }: Response, bodiless: boolean): void {
  if (status === 204 || status === 304 || !bodiless) headers.delete('transfer-encoding')
  if (status === 204) headers.delete('content-length')
  else if (!bodiless && !headers.has('content-length')) headers.append('content-length', '0')
}

/** One HTTP/1 client connection, and the {@link Exchange} of the request that is being served. */
export class Http1Session implements Exchange, Served {
  readonly session: Session
  bodyLength: BodyLength = 0
  upgrade: string | undefined = undefined
  readonly #socket: Socket
  readonly #output: Output
  readonly #decoder: RequestDecoder
  readonly #deadline: Deadline
  /** A backend that takes everything, when a TCP frontend has handed the connection over. */
  readonly #fixed: Backend | undefined
  #transaction: Transaction | undefined = undefined
  readonly #own: OwnConnections
  #sequence = 0
  #state: State = 'head'
  #sink: BodySink | undefined = undefined
  #bodyEnded = true
  #trailers: Headers | undefined = undefined
  #keepAlive = false
  #version = '1.1'
  #framing: BodyLength = 0
  #bodiless = false
  #sentBefore = 0
  #received = 0
  /** When the first byte of the request that is coming came; -1 while there is none. */
  #headBegan = -1
  /** The head has come in one piece so far. */
  #headWhole = false
  #idleSince: number
  #pumping = false
  #paused = false
  /** The client has said that it will send no more. */
  #ended = false
  #stopping = false
  #closed = false

  constructor(session: Session, fixed?: Backend) {
    this.session = session
    this.#fixed = fixed
    this.#own = new OwnConnections(session.entrance.frontend.maxOwnConnections)
    this.#socket = session.socket
    this.#output = new Output(session.socket)
    this.#decoder = new RequestDecoder(session.engine.limits)
    this.#deadline = new Deadline(session.engine.clock, () => this.#expired())
    this.#idleSince = session.acceptedAt
  }

  get transaction(): Transaction | undefined {
    return this.#transaction
  }

  /** Begins to listen to the client. @param head what was read from it already */
  start(head?: Buffer): void {
    const socket = this.#socket
    socket.on('data', this.#onData)
    socket.on('end', this.#onEnd)
    socket.on('error', this.#onError)
    socket.on('close', this.#onClose)
    socket.on('drain', this.#onDrain)
    this.#deadline.set(this.session.entrance.frontend.timeouts.httpRequest)
    if (head !== undefined && head.length > 0) this.#onData(head)
    if (socket.readableEnded) this.#onEnd()
    else if (!this.#paused) socket.resume()
  }

  /** Takes no further request: closes at once when idle, where its frontend does not want one more answered, and after the present answer otherwise. */
  stop(): void {
    this.#stopping = true
    const { idleCloseOnResponse } = this.session.entrance.frontend
    if (this.#transaction === undefined && this.#headBegan < 0 && !idleCloseOnResponse) this.#close()
  }

  /** Ends whatever is going on. */
  kill(): void {
    if (this.#transaction !== undefined) this.#transaction.breakOff(outcomes.killed)
    this.#close()
  }

  // ── the client's bytes ───────────────────────────────────────────────────

  readonly #onData = (chunk: Buffer): void => {
    if (this.#state === 'over') return
    this.#received += chunk.length
    this.#decoder.push(chunk)
    if (this.#state === 'held') {
      // A further request, while one is being served: it has to wait, and so does the client.
      this.#pause()
      return
    }
    if (this.#state === 'body') {
      if (this.#sink === undefined) {
        // Nobody reads the body yet: what has come is kept, and the client waits.
        this.#pause()
        return
      }
      this.#deadline.set(this.#clientTimeout)
    }
    this.#pump()
  }

  /** What a rule ordered goes before what the frontend says. */
  get #clientTimeout(): number {
    return orderedTimeout(this.#transaction?.context, 'client') ?? this.session.entrance.frontend.timeouts.client
  }

  #pump(): void {
    if (this.#pumping) return
    this.#pumping = true
    try {
      while (this.#step());
    } finally {
      this.#pumping = false
    }
  }

  /** One step; `false` when there is nothing to do before something happens. */
  #step(): boolean {
    if (this.#state === 'over' || this.#state === 'held') return false
    if (this.#state === 'body' && (this.#sink === undefined || this.#paused)) return false
    if (this.#state === 'head' && !this.#output.flowing) return false
    const { frontend } = this.session.entrance
    if (this.#state === 'head' && this.#headBegan < 0 && this.#decoder.hasPending) {
      this.#headBegan = this.session.engine.clock.now()
      this.#headWhole = true
      if (this.#sequence > 0) this.#deadline.set(frontend.timeouts.httpRequest)
    }
    switch (this.#decoder.next()) {
      case HEAD:
        this.#begin()
        return true
      case DATA:
        if (this.#sink?.onBodyData(this.#decoder.data) === false) this.#pause()
        return true
      case END:
        this.#endBody()
        return true
      case ERROR:
        this.#refuse()
        return false
      default:
        this.#headWhole = false
        this.#sink?.onBodyPause()
        if (this.#state === 'body' && this.#ended) this.#lost(undefined)
        return false
    }
  }

  #begin(): void {
    const { session } = this
    const { engine, entrance } = session
    const decoder = this.#decoder
    const request = decoder.head
    // A head that came in one piece has been looked at in this very moment.
    const now = this.#headWhole ? this.#headBegan : engine.clock.now()
    const wall = engine.clock.wall()
    const began = this.#headBegan < 0 ? now : this.#headBegan
    const record = openRecord('http', session.frontend, session.clientAddress, session.sourcePort, wall - (now - began))
    record.destinationAddress = session.destinationAddress
    record.destinationPort = session.destinationPort
    record.method = request.method
    record.target = request.target
    record.version = `HTTP/${request.version}`
    record.timers.idle = Math.round(began - this.#idleSince)
    record.timers.request = Math.round(now - began)
    this.bodyLength = decoder.bodyLength === 'close' ? 0 : decoder.bodyLength
    this.upgrade = decoder.upgrade
    this.#keepAlive = decoder.keepAlive
    this.#version = request.version
    this.#bodyEnded = this.bodyLength === 0
    this.#trailers = undefined
    this.#headBegan = -1
    this.#sentBefore = this.#output.written
    stripNamed(request.headers)
    const context = session.requestContext(now, wall)
    context.request = request
    context.record = record
    context.first = this.#sequence === 0
    const { captures } = entrance.frontend
    if (captures !== undefined) {
      const kept = new MessageCaptures(captures)
      kept.takeRequest(request.headers)
      context.captures = kept
    }
    context.clientEnded = this.#ended
    const transaction = new Transaction(engine, entrance.frontend, context, record, this, this.#sequence++, began)
    transaction.own = this.#own
    transaction.counts = this.#counts
    context.bodies = transaction
    this.#transaction = transaction
    // A request without a body ends right after its head.
    if (this.#bodyEnded) this.#decoder.next()
    this.#state = this.#bodyEnded ? 'held' : 'body'
    this.#deadline.clear()
    engine.began(transaction)
    void transact(transaction, this.#fixed)
  }

  #endBody(): void {
    this.#bodyEnded = true
    this.#trailers = this.#decoder.trailers
    this.#state = 'held'
    this.#deadline.clear()
    const sink = this.#sink
    sink?.onBodyEnd(this.#trailers)
  }

  /** The transaction is over: the next request, or the end. */
  done(transaction: object): void {
    if (this.#transaction !== transaction) return
    this.#transaction = undefined
    this.#received = 0
    this.#sink = undefined
    if (this.#closed || this.#state === 'over') return
    if (!this.#keepAlive || this.#stopping || (this.#ended && !this.#decoder.hasPending)) {
      this.#finish()
      return
    }
    this.#state = 'head'
    this.#idleSince = this.session.engine.clock.now()
    this.#deadline.set(this.session.entrance.frontend.timeouts.httpKeepAlive)
    this.#resume()
    this.#pump()
  }

  #pause(): void {
    if (this.#paused) return
    this.#paused = true
    this.#socket.pause()
  }

  #resume(): void {
    if (!this.#paused) return
    this.#paused = false
    this.#socket.resume()
  }

  // ── the exchange ─────────────────────────────────────────────────────────

  attend(sink: BodySink): void {
    this.#sink = sink
  }

  readBody(sink: BodySink): void {
    this.#sink = sink
    if (this.#bodyEnded) {
      sink.onBodyEnd(this.#trailers)
      return
    }
    this.#deadline.set(this.#clientTimeout)
    this.#continueBody()
  }

  resumeBody(): void {
    if (this.#bodyEnded) return
    this.#deadline.set(this.#clientTimeout)
    this.#continueBody()
  }

  get chunks(): boolean {
    return this.#version !== '1.0'
  }

  pullBody(sink: BodySink): void {
    if (this.#bodyEnded) return
    for (;;) {
      switch (this.#decoder.next()) {
        case DATA:
          if (!sink.onBodyData(this.#decoder.data)) return
          break
        case END:
          this.#sink = sink
          this.#endBody()
          return
        default:
          return
      }
    }
  }

  #continueBody(): void {
    this.#resume()
    // When the transaction got here without waiting for anything, the pump that began it goes on by itself.
    this.#pump()
  }

  drain(): boolean {
    if (this.#bodyEnded) return true
    this.#sink = undefined
    for (;;) {
      const step = this.#decoder.next()
      if (step === DATA) continue
      if (step !== END) {
        this.#keepAlive = false
        this.#state = 'held'
        return false
      }
      this.#bodyEnded = true
      this.#state = 'held'
      this.#deadline.clear()
      return true
    }
  }

  interim(response: Response): void {
    // A client of HTTP/1.0 would take it for the answer (RFC 9110 section 15.2).
    if (this.#version === '1.0') return
    this.#output.text(responseHead(response, 0, '', false, this.session.entrance.frontend.headerCase))
    this.#output.flush()
  }

  respond(response: Response, framing: BodyLength, bodiless: boolean, close: boolean, switched = false): void {
    const { connectionMode, headerCase } = this.session.entrance.frontend
    if (close || framing === 'close' || this.#stopping || connectionMode === 'close') this.#keepAlive = false
    this.#framing = framing
    // A rule may have made of a response one that has no body: what comes of it goes nowhere.
    this.#bodiless = framing === 0 && !switched
    if (framing === 0 && !switched) frameEmpty(response, bodiless)
    this.#output.text(responseHead(response, framing, switched ? '' : this.#word(response), bodiless, headerCase))
  }

  #word(response: Response): '' | 'close' | 'keep-alive' {
    if (!this.#keepAlive) return response.version === '1.1' ? 'close' : ''
    return response.version === '1.0' || this.#version === '1.0' ? 'keep-alive' : ''
  }

  data(data: Buffer): boolean {
    if (this.#bodiless) return true
    this.#output.body(data, this.#framing)
    if (this.#output.flowing) return true
    // Now the client keeps us waiting.
    this.#deadline.set(this.#clientTimeout)
    return false
  }

  end(trailers: Headers | undefined): void {
    this.#output.end(this.#framing, this.session.entrance.frontend.dropTrailers ? undefined : trailers)
  }

  flush(): void {
    this.#output.flush()
  }

  get unsent(): boolean {
    return this.#socket.writableLength > 0
  }

  get retractable(): boolean {
    return this.#output.written === this.#sentBefore
  }

  retract(): boolean {
    if (!this.retractable) return false
    this.#output.discard()
    return true
  }

  cut(): void {
    this.#output.flush()
    this.#keepAlive = false
    this.#state = 'over'
    this.#finish()
  }

  drop(): void {
    this.#output.discard()
    this.#close()
  }

  detach(): { socket: Socket; head: Buffer | undefined } {
    const socket = this.#socket
    this.#output.flush()
    socket.off('data', this.#onData)
    socket.off('end', this.#onEnd)
    socket.off('drain', this.#onDrain)
    socket.off('close', this.#onClose)
    // From here on whoever takes the socket knows what its end means.
    socket.once('close', () => this.#close())
    this.#deadline.stop()
    this.#state = 'over'
    socket.pause()
    return { socket, head: this.#decoder.rest() }
  }

  readonly #counts = (): { received: number; sent: number } => {
    return { received: this.#received, sent: this.#output.total - this.#sentBefore }
  }

  // ── the end ──────────────────────────────────────────────────────────────

  readonly #onDrain = (): void => {
    this.#output.drained()
    this.#deadline.clear()
    if (this.#transaction !== undefined) {
      this.#sink?.onClientDrain()
      return
    }
    this.#pump()
  }

  readonly #onEnd = (): void => {
    this.#ended = true
    if (this.#transaction === undefined) {
      if (this.#state !== 'over') this.#lost(undefined)
      return
    }
    this.#transaction.context.endClient()
    if (this.#state === 'held' && abandons(this.#transaction)) {
      this.#keepAlive = false
      this.#transaction.breakOff(goneAt(this.#transaction.stage))
      return
    }
    // The rest of a body will never come; a client that only said that it has no further request still gets its answer.
    if (this.#state === 'body' && this.#sink !== undefined && !this.#paused) this.#lost(undefined)
  }

  readonly #onError = (error: Error): void => this.#lost(error)

  readonly #onClose = (): void => {
    this.#lost(undefined)
    this.#close()
  }

  /** Somebody only looked whether we are here, and nobody is to be told. */
  get #probed(): boolean {
    return this.#received === 0 && this.session.entrance.frontend.ignoreProbes
  }

  /** The client is gone, or will never complete what it began. */
  #lost(error: Error | undefined): void {
    if (this.#closed) return
    const transaction = this.#transaction
    if (transaction !== undefined) {
      transaction.breakOff(goneAt(transaction.stage), error)
      return
    }
    if (this.#state === 'over') return
    const midway = this.#headBegan >= 0 || (this.#sequence === 0 && this.#received === 0)
    if (!midway || this.#probed) {
      this.#close()
      return
    }
    this.#fault(outcomes.clientRequestAbort)
    // A client that has only said its last word can still be told what was wrong with it.
    if (error === undefined && this.#ended && !this.#socket.destroyed) this.#say(400)
    else this.#close()
  }

  #expired(): void {
    const transaction = this.#transaction
    if (transaction !== undefined) {
      this.#keepAlive = false
      transaction.breakOff(lateAt(transaction.stage))
      return
    }
    if (this.#state === 'over') {
      this.#close()
      return
    }
    if ((this.#sequence > 0 && this.#headBegan < 0) || this.#probed) {
      this.#close()
      return
    }
    this.#fault(outcomes.clientRequestTimeout)
    this.#say(408)
  }

  /** Bytes that are no request, or not one that we pass on. */
  #refuse(): void {
    const transaction = this.#transaction
    keepInvalidRequest(this.session, this.#decoder, transaction)
    if (transaction !== undefined) {
      this.#state = 'over'
      this.#keepAlive = false
      transaction.context.count('errors', 1)
      transaction.breakOff(outcomes.clientBodyBad, this.#decoder.error)
      return
    }
    const status = this.#decoder.error?.status ?? 400
    this.#fault(outcomes.clientRequestBad, this.#decoder.error, status)
    this.#say(status)
  }

  #fault(outcome: Outcome, error?: Error, status = outcome.status): void {
    reportFault(this.session, outcome, status, this.#headBegan, this.#received, error)
  }

  /** The last word to a client that did not get as far as a request. */
  #say(status: number): void {
    // Pages of the frontend's own are not for those who have not even asked, but an empty one keeps us silent.
    if (this.session.entrance.frontend.errorPages?.isSilent(status) !== true) this.#output.text(faultText(status))
    this.#output.flush()
    this.#state = 'over'
    this.#finish()
  }

  /** No further request: what was written goes out, and then the connection closes. */
  #finish(): void {
    this.#state = 'over'
    if (this.#closed) return
    // Closing while bytes of the client are unread would reset the connection and lose what we wrote: they are read and thrown away
    // until the client has closed as well, or has had enough time for it (RFC 9112 section 9.6).
    const { clientFin, client } = this.session.entrance.frontend.timeouts
    this.#deadline.set(Math.min(clientFin ?? client, LONGEST_LINGER))
    if (this.session.entrance.frontend.noLinger) endByReset(this.#socket)
    else this.#socket.end()
    this.#paused = false
    this.#socket.resume()
  }

  #close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#state = 'over'
    this.#deadline.stop()
    this.#own.clear()
    this.session.part()
    this.session.entrance.left(this, this.session)
  }
}
