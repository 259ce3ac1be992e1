/**
 * Log lines on a stream: TCP, or a unix socket of stream kind. While the receiver is away or slow, the latest lines are kept, within bounds; the oldest
 * are lost and counted. What was under way when a connection broke may be lost with it.
 */
import { connect, type Socket } from 'node:net'
import type { LogSink } from '../observe/logger.js'
import type { SinkSurroundings } from './sink-surroundings.js'

/** How lines are told apart: each ends with a line feed, or begins with its length. RFC 6587. Manual, `log-proto`. */
export type LogFraming = 'legacy' | 'octet-count'

/** Where to, and how much is kept meanwhile. Times are milliseconds. */
export interface StreamTarget {
  readonly to: { readonly host: string; readonly port: number } | { readonly path: string }
  /** As messages call it. */
  readonly name: string
  readonly framing: LogFraming
  /** Bytes of lines that are kept. */
  readonly size: number
  readonly connectTimeout: number
  /** How long the receiver may take nothing before it is left. */
  readonly stallTimeout: number
}

/** Milliseconds between two attempts to reach the receiver, at the earliest: each is made for a line that comes. */
const RETRY_AFTER = 1000
/** Bytes that the kernel and Node may hold before the rest waits here. */
const MOST_UNSENT = 65_536

/** One receiver. */
export class StreamSink implements LogSink {
  readonly #target: StreamTarget
  readonly #surroundings: SinkSurroundings
  readonly #kept: string[] = []
  #first = 0
  #bytes = 0
  #lost = 0
  #socket: Socket | undefined
  #connected = false
  /** Since when the connect, or the receiver, keeps lines waiting. */
  #stalledAt = 0
  #nextTry = Number.NEGATIVE_INFINITY
  #warned = false
  readonly #refused: ((error: NodeJS.ErrnoException) => boolean) | undefined

  /** @param refused may take an error of the connect upon itself; then this sink is done with */
  constructor(
    target: StreamTarget,
    surroundings: SinkSurroundings,
    refused?: (error: NodeJS.ErrnoException) => boolean,
  ) {
    this.#target = target
    this.#surroundings = surroundings
    this.#refused = refused
  }

  get dropped(): number {
    return this.#lost
  }

  open(): void {
    const now = this.#surroundings.clock.now()
    if (this.#socket !== undefined || now < this.#nextTry) return
    this.#nextTry = now + RETRY_AFTER
    this.#stalledAt = now
    const socket = connect(this.#target.to)
    this.#socket = socket
    socket.unref()
    socket.on('connect', () => this.#ready())
    socket.on('drain', () => this.#flush())
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#failed(error)
      this.#gone(socket)
    })
    socket.on('close', () => this.#gone(socket))
    socket.resume()
  }

  write(line: string): void {
    const framed = this.#target.framing === 'legacy' ? line : `${line.length - 1} ${line.slice(0, -1)}`
    this.#kept.push(framed)
    this.#bytes += framed.length
    while (this.#bytes > this.#target.size) this.#forget()
    this.#watch()
    if (!this.#connected) this.open()
    else if (!this.#stalled) this.#flush()
  }

  /** What is kept is sent, as far as the receiver is there. */
  close(): void {
    this.#nextTry = Number.NEGATIVE_INFINITY
    const socket = this.#socket
    if (socket === undefined) return
    if (this.#connected) socket.end()
    else socket.once('connect', () => socket.end())
  }

  /** @internal Lines that have not been sent: for whoever takes this sink's place. */
  take(): readonly string[] {
    const lines = this.#kept.slice(this.#first)
    this.#kept.length = 0
    this.#first = 0
    this.#bytes = 0
    return lines
  }

  get #count(): number {
    return this.#kept.length - this.#first
  }

  #forget(): void {
    this.#bytes -= (this.#kept[this.#first] as string).length
    this.#skip()
    this.#lost++
  }

  #skip(): void {
    this.#kept[this.#first++] = ''
    if (this.#first < 1024 || this.#first * 2 < this.#kept.length) return
    this.#kept.splice(0, this.#first)
    this.#first = 0
  }

  #ready(): void {
    this.#connected = true
    this.#warned = false
    this.#flush()
  }

  get #stalled(): boolean {
    return (this.#socket?.writableLength ?? 0) >= MOST_UNSENT
  }

  #flush(): void {
    const socket = this.#socket
    if (socket === undefined || !this.#connected) return
    this.#stalledAt = this.#surroundings.clock.now()
    while (this.#count > 0 && socket.writableLength < MOST_UNSENT) {
      const line = this.#kept[this.#first] as string
      this.#bytes -= line.length
      this.#skip()
      socket.write(line, 'latin1')
    }
  }

  /** Leaves a receiver that is too slow: the next line tries anew. */
  #watch(): void {
    const socket = this.#socket
    if (socket === undefined || (this.#connected && socket.writableLength < MOST_UNSENT)) return
    const { connectTimeout, stallTimeout } = this.#target
    const patience = this.#connected ? stallTimeout : connectTimeout
    if (this.#surroundings.clock.now() - this.#stalledAt > patience) socket.destroy()
  }

  #failed(error: NodeJS.ErrnoException): void {
    if (this.#refused?.(error) === true || this.#warned) return
    this.#warned = true
    const { name } = this.#target
    this.#surroundings.warn(
      `log: ${name} cannot be reached (${error.code ?? error.message}): the oldest lines are lost`,
    )
  }

  #gone(socket: Socket): void {
    if (this.#socket !== socket) return
    this.#socket = undefined
    this.#connected = false
  }
}
