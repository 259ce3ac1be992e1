/** A request's body on its way in: held while rules look at it, then handed on to whoever forwards it. */
import { outcomes } from '../base/errors.js'
import { Headers } from '../message/headers.js'
import type { Request } from '../message/request.js'
import { Response } from '../message/response.js'
import type { Engine } from './engine.js'
import type { BodySink, BodySource, Exchange } from './exchange.js'
import { HeldBody } from './held-body.js'

/** What HAProxy's form of a request takes of its buffer, for the request and for each field; measured. */
const REQUEST_COST = 101
const FIELD_COST = 8

/** One request's body, as its transaction sees it once somebody has asked for it. */
export class RequestBody extends HeldBody implements BodySink, BodySource {
  protected readonly tooLarge = outcomes.clientBodyTooLarge
  protected readonly aborted = outcomes.clientRequestAbort
  readonly #exchange: Exchange
  readonly #request: Request
  /** Bytes come here by themselves. */
  #attached = false
  /** The exchange waits for us to ask for more. */
  #paused = false
  /** Who forwards it, once that has begun. */
  #taker: BodySink | undefined = undefined
  /** What was held has been handed on. */
  #handedOn = false

  constructor(engine: Engine, exchange: Exchange, request: Request) {
    const { bodyLength } = exchange
    super(
      engine.clock,
      typeof bodyLength === 'number' ? bodyLength : undefined,
      Math.max(0, engine.limits.maxHead - cost(request)),
    )
    this.#exchange = exchange
    this.#request = request
  }

  get bodyLength(): Exchange['bodyLength'] {
    return this.#exchange.bodyLength
  }

  protected look(): void {
    if (!this.#attached) this.#exchange.pullBody(this)
  }

  protected receive(): void {
    this.#invite()
    if (!this.#attached) {
      this.#attached = true
      this.#exchange.readBody(this)
    } else if (this.#paused) {
      this.#paused = false
      this.#exchange.resumeBody()
    }
  }

  /** A client that waits to be asked for its body is asked by us, since no server has been reached. */
  #invite(): void {
    const { headers, version } = this.#request
    if (headers.first('expect')?.toLowerCase() !== '100-continue') return
    headers.delete('expect')
    if (version === '1.1') this.#exchange.interim(new Response(100, 'Continue', '1.1', new Headers([])))
  }

  // ── from the exchange ────────────────────────────────────────────────────

  onBodyData(data: Buffer): boolean {
    this.add(data)
    this.#paused = this.full
    return !this.full
  }

  onBodyEnd(trailers: Headers | undefined): void {
    this.end(trailers)
  }

  onBodyPause(): void {
    this.wakeUp()
  }

  onClientDrain(): void {}

  // ── to whoever forwards it ───────────────────────────────────────────────

  attend(sink: BodySink): void {
    this.#exchange.attend(sink)
  }

  readBody(sink: BodySink): void {
    this.#taker = sink
    this.#exchange.attend(sink)
    if (this.held.length === 0 || sink.onBodyData(this.held)) this.#handOn(sink)
  }

  resumeBody(): void {
    if (this.#taker !== undefined && !this.#handedOn) this.#handOn(this.#taker)
    else this.#exchange.resumeBody()
  }

  #handOn(sink: BodySink): void {
    this.#handedOn = true
    if (this.complete) sink.onBodyEnd(this.trailers)
    else this.#exchange.readBody(sink)
  }
}

function cost({ method, target, headers }: Request): number {
  const { raw } = headers
  let sum = REQUEST_COST + method.length + target.length + (raw.length / 2) * FIELD_COST
  for (const text of raw) sum += text.length
  return sum
}
