/** One connection to a server, speaking HTTP/1: it sends a request, reads the answer, and may serve another transaction afterwards. */
import type { Clock } from '../base/clock.js'
import { ResponseDecoder } from '../codec/response-decoder.js'
import type { CodecError, Limits } from '../codec/step.js'
import { DATA, END, ERROR, HEAD } from '../codec/step.js'
import type { Headers } from '../message/headers.js'
import type { Response } from '../message/response.js'
import type { Backend } from '../proxy/backend.js'
import type { Server } from '../proxy/server.js'
import { Deadline } from './deadline.js'
import type { Socket } from './network.js'
import { Output } from './output.js'
import { reset } from './parting.js'
import type { ResponseBody } from './response-body.js'
import type { ReaderOwner, ServerReader } from './server-reader.js'

/** Who waits for the answer. */
export interface ResponseSink {
  /** A head; an interim one (1xx) is followed by another. `false`: as for {@link onResponseData}. */
  onResponseHead(response: Response): boolean
  /** A piece of body. `false`: no more for now, {@link ServerConnection.resume} asks for it. */
  onResponseData(data: Buffer): boolean
  onResponseEnd(trailers: Headers | undefined): void
  /** All that has come so far was handed over. */
  onResponsePause(): void
  /** The server broke the rules. */
  onResponseBad(error: CodecError): void
  /** The connection is gone, before the answer was complete. */
  onServerGone(error: Error | undefined): void
  /** Bytes that were handed over still wait to be written. */
  readonly holds: boolean
  /** What was written has gone out. */
  onServerDrain(): void
  /** {@link ServerConnection.timeout} has run out. */
  onServerTimeout(): void
}

/** What happens to a connection that nobody waits for: the pool that holds it drops it. */
export interface IdleOwner {
  remove(connection: ServerConnection): void
}

/** One connection to a server. */
export class ServerConnection implements ReaderOwner {
  readonly backend: Backend
  readonly server: Server
  readonly socket: Socket
  readonly output: Output
  readonly decoder: ResponseDecoder
  /** Transactions that it has served, the present one included. */
  uses = 0
  /** Where its server was when it was made. */
  readonly address: string
  /** What those who share it have in common. */
  poolName: string | undefined = undefined
  /** Where it goes, for a server that has several places. */
  place: string | undefined = undefined
  /** When it fell idle. */
  idleSince = 0
  closed = false
  /** The pool that holds it, while it is idle. */
  owner: IdleOwner | undefined = undefined
  #sink: ResponseSink | undefined = undefined
  #blocked = false
  #finished = false
  #endHeld = false

  /** How long the server may keep its transaction waiting. */
  readonly timeout: Deadline

  readonly reader: ServerReader

  constructor(backend: Backend, server: Server, socket: Socket, reader: ServerReader, limits: Limits, clock: Clock) {
    this.backend = backend
    this.server = server
    this.address = server.address
    this.socket = socket
    this.output = new Output(socket)
    this.decoder = new ResponseDecoder(limits)
    this.timeout = new Deadline(clock, () => this.#sink?.onServerTimeout())
    this.reader = reader
    reader.owner = this
    socket.on('data', this.#onData)
    socket.on('end', this.#onEnd)
    socket.on('error', this.#onError)
    socket.on('close', this.#onClose)
    socket.on('drain', this.#onDrain)
  }

  /** A transaction takes it. @param upgrade whether the request asks to switch protocols, so that a 101 may come */
  lend(sink: ResponseSink, method: string, upgrade: boolean): void {
    this.#sink = sink
    this.uses++
    this.#blocked = false
    this.decoder.expect(method, upgrade)
  }

  /** The transaction is done with it. */
  giveBack(): void {
    this.#sink = undefined
    this.reader.rest()
    this.timeout.clear()
    if (this.#blocked) this.#unblock()
  }

  /** Throws the rest of the answer away, if all of it has come. @returns whether the connection can be used again */
  complete(): boolean {
    const { decoder } = this
    for (;;) {
      const step = decoder.next()
      if (step === END) return decoder.keepAlive
      if (step !== DATA) return false
    }
  }

  /** Takes over what has come of the body, and waits for nothing. */
  pull(body: ResponseBody): void {
    const { decoder } = this
    for (;;) {
      switch (decoder.next()) {
        case DATA:
          if (!body.take(decoder.data)) return
          break
        case END:
          body.finished(decoder.trailers)
          return
        default:
          return
      }
    }
  }

  /** It can serve another transaction: open, and nothing has come that nobody asked for. */
  get reusable(): boolean {
    return !this.closed && !this.#finished && !this.decoder.hasPending && !this.socket.destroyed
  }

  /** The sink takes more. */
  resume(): void {
    if (!this.#blocked) return
    this.#unblock()
    this.#pump()
    if (!this.#endHeld || this.#blocked || this.#sink === undefined) return
    this.#endHeld = false
    this.#finish(this.#sink)
  }

  /** Cuts the connection. */
  destroy(): void {
    this.closed = true
    this.timeout.stop()
    if (this.backend.noLinger) reset(this.socket)
    else this.socket.destroy()
  }

  /** Hands the bare socket to a tunnel, with what has come already. */
  detach(): Buffer | undefined {
    const { socket } = this
    socket.off('data', this.#onData)
    socket.off('end', this.#onEnd)
    socket.off('close', this.#onClose)
    socket.off('drain', this.#onDrain)
    this.#sink = undefined
    this.timeout.stop()
    this.closed = true
    const rest = this.decoder.rest()
    return rest === undefined ? undefined : Buffer.from(rest)
  }

  #block(): void {
    // The sink may have given the connection back in the meantime.
    if (this.#sink === undefined) return
    this.#blocked = true
    this.socket.pause()
  }

  #unblock(): void {
    this.#blocked = false
    this.socket.resume()
  }

  // ── from the reader ──────────────────────────────────────────────────────

  take(chunk: Buffer): void {
    this.#onData(chunk)
  }

  get retains(): boolean {
    return this.decoder.hasPending || this.#sink?.holds === true
  }

  own(): void {
    const { decoder } = this
    if (!decoder.hasPending) return
    const rest = decoder.rest()
    if (rest !== undefined) decoder.push(Buffer.from(rest))
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#sink === undefined) {
      // Nobody asked for this: whatever it is, it must not become the answer to the next request.
      this.#lost()
      this.destroy()
      return
    }
    this.decoder.push(chunk)
    this.#pump()
  }

  #pump(): void {
    for (;;) {
      const sink = this.#sink
      if (sink === undefined || this.#blocked) return
      switch (this.decoder.next()) {
        case HEAD:
          if (!sink.onResponseHead(this.decoder.head)) this.#block()
          break
        case DATA:
          if (!sink.onResponseData(this.decoder.data)) this.#block()
          break
        case END:
          sink.onResponseEnd(this.decoder.trailers)
          return
        case ERROR:
          sink.onResponseBad(this.decoder.error as CodecError)
          return
        default:
          sink.onResponsePause()
          return
      }
    }
  }

  readonly #onEnd = (): void => {
    this.#finished = true
    const sink = this.#sink
    if (sink === undefined) {
      this.#lost()
      this.destroy()
      return
    }
    // What is still held back comes first; the end is looked at again when it was taken.
    if (this.#blocked) {
      this.#endHeld = true
      return
    }
    this.#finish(sink)
  }

  #finish(sink: ResponseSink): void {
    switch (this.decoder.finish()) {
      case END:
        sink.onResponseEnd(this.decoder.trailers)
        break
      default:
        sink.onServerGone(undefined)
    }
  }

  readonly #onError = (error: Error): void => {
    const sink = this.#sink
    this.closed = true
    if (sink === undefined) this.#lost()
    else sink.onServerGone(error)
  }

  readonly #onClose = (): void => {
    this.closed = true
    this.timeout.stop()
    const sink = this.#sink
    if (sink === undefined) this.#lost()
    else sink.onServerGone(undefined)
  }

  readonly #onDrain = (): void => {
    this.output.drained()
    this.#sink?.onServerDrain()
  }

  #lost(): void {
    this.closed = true
    this.timeout.stop()
    this.owner?.remove(this)
    this.owner = undefined
  }
}
