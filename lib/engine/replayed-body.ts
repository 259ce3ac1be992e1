/** A request's body on its way to a server, kept as far as a limit allows, so that it can be sent to another one from its start. */
import type { BodyLength } from '../codec/step.js'
import type { Headers } from '../message/headers.js'
import type { BodySink, BodySource } from './exchange.js'

const EMPTY = Buffer.alloc(0)
const LEAST_ROOM = 1024

/** One request's body. Whoever reads it anew gets what has come so far, and then the rest as it comes. */
export class ReplayedBody implements BodySource, BodySink {
  readonly bodyLength: BodyLength
  readonly #source: BodySource
  readonly #limit: number
  #kept: Buffer = EMPTY
  #size = 0
  #whole = true
  #begun = false
  #ended = false
  #trailers: Headers | undefined = undefined
  /** The source waits to be asked for more. */
  #paused = false
  #taker: BodySink | undefined = undefined
  /** Of what was kept, how much the present taker has got. */
  #given = 0
  /** The present taker has got all that was kept, and gets the rest as it comes. */
  #live = true

  /** @param limit bytes that are kept; a longer body can be read once */
  constructor(source: BodySource, limit: number) {
    this.#source = source
    this.bodyLength = source.bodyLength
    this.#limit = limit
  }

  /** It can be read from its start once more. */
  get replayable(): boolean {
    return this.#whole
  }

  /** Something of it has come. */
  get begun(): boolean {
    return this.#size > 0 || !this.#whole || this.#ended
  }

  /** Nobody takes it at the moment: what comes is kept, and the client waits. */
  release(): void {
    this.#taker = undefined
    this.#live = false
  }

  stop(reason: unknown): void {
    this.#source.stop?.(reason)
  }

  attend(sink: BodySink): void {
    this.#taker = sink
    this.#source.attend(this)
  }

  readBody(sink: BodySink): void {
    this.#taker = sink
    if (!this.#begun) {
      this.#begun = true
      this.#source.readBody(this)
      return
    }
    this.#given = 0
    this.#live = false
    this.#handOn(sink)
  }

  resumeBody(): void {
    if (!this.#live && this.#taker !== undefined) this.#handOn(this.#taker)
    else if (!this.#ended) {
      this.#paused = false
      this.#source.resumeBody()
    }
  }

  #handOn(sink: BodySink): void {
    if (this.#given < this.#size) {
      const rest = this.#kept.subarray(this.#given, this.#size)
      this.#given = this.#size
      if (!sink.onBodyData(rest) || this.#taker !== sink) return
    }
    this.#live = true
    if (this.#size > this.#limit) this.#forget()
    if (this.#ended) sink.onBodyEnd(this.#trailers)
    else if (this.#paused) {
      this.#paused = false
      this.#source.resumeBody()
    } else sink.onBodyPause()
  }

  // ── from the source ──────────────────────────────────────────────────────

  onBodyData(data: Buffer): boolean {
    if (this.#taker === undefined || !this.#live) {
      // It comes to nobody yet: one piece more than the limit at most, since the client waits from here on.
      this.#keep(data)
      this.#paused = true
      return false
    }
    if (this.#whole) {
      if (this.#size + data.length <= this.#limit) this.#keep(data)
      else this.#forget()
    }
    const flowing = this.#taker.onBodyData(data)
    if (!flowing) this.#paused = true
    return flowing
  }

  onBodyEnd(trailers: Headers | undefined): void {
    this.#ended = true
    this.#trailers = trailers
    if (this.#live) this.#taker?.onBodyEnd(trailers)
  }

  onBodyPause(): void {
    if (this.#live) this.#taker?.onBodyPause()
  }

  onClientDrain(): void {
    this.#taker?.onClientDrain()
  }

  /** As a copy: what it was read into is used again. */
  #keep(data: Buffer): void {
    const size = this.#size + data.length
    if (size > this.#kept.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(LEAST_ROOM, this.#size === 0 ? data.length : size * 2))
      this.#kept.copy(larger, 0, 0, this.#size)
      this.#kept = larger
    }
    data.copy(this.#kept, this.#size)
    this.#size = size
  }

  #forget(): void {
    this.#whole = false
    this.#kept = EMPTY
    this.#size = 0
    this.#given = 0
  }
}
