/** A client in memory: bytes as they are, for tests that look at every one of them; and the reading of one whole answer. */
import { ResponseDecoder } from '../codec/response-decoder.js'
import { DATA, END, ERROR, HEAD } from '../codec/step.js'
import type { Headers } from '../message/headers.js'
import type { Response } from '../message/response.js'
import type { MemorySocket } from './memory-socket.js'
import type { Settle } from './test-clock.js'

/** One client connection, byte by byte. */
export class MemoryClient {
  /** The bare socket, for whatever is not here (pausing, for one). It has the shape of a `net.Socket`. */
  readonly socket: MemorySocket
  /** All that has come, one character a byte. */
  received = ''
  /** The other side has said that it sends no more. */
  ended = false
  /** The connection was reset. */
  broken: Error | undefined = undefined
  readonly #settle: Settle

  constructor(socket: MemorySocket, settle: Settle) {
    this.socket = socket
    this.#settle = settle
    socket.on('data', (chunk: Buffer) => {
      this.received += chunk.toString('latin1')
    })
    socket.on('end', () => {
      this.ended = true
    })
    socket.on('error', (error: Error) => {
      this.broken = error
    })
  }

  /** Sends bytes (one character each in text); resolves when everything that follows from them has happened. */
  async send(bytes: string | Uint8Array): Promise<void> {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
    await this.#settle()
  }

  /** Sends no more, and goes on reading. */
  async end(): Promise<void> {
    this.socket.end()
    await this.#settle()
  }

  /** Leaves without a word. */
  async destroy(): Promise<void> {
    this.socket.destroy()
    await this.#settle()
  }

  /** Breaks the connection off with a reset. */
  async reset(): Promise<void> {
    this.socket.resetAndDestroy()
    await this.#settle()
  }
}

/** Reads one answer from a client's socket. */
export class AnswerReader {
  response: Response | undefined = undefined
  readonly interim: Response[] = []
  trailers: Headers | undefined = undefined
  readonly #decoder = new ResponseDecoder()
  readonly #body: Buffer[] = []
  readonly #asked: string
  /** All has come that will. */
  over = false
  /** The answer was cut off, or is none. */
  broken: Error | undefined = undefined

  constructor(socket: MemorySocket, method: string, upgrade: boolean) {
    this.#asked = method
    this.#decoder.expect(method, upgrade)
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('end', () => this.#ended(undefined))
    socket.on('error', (error) => this.#ended(error))
    socket.on('close', () => this.#ended(undefined))
  }

  get body(): Buffer {
    return Buffer.concat(this.#body)
  }

  #read(chunk: Buffer): void {
    if (this.over) return
    this.#decoder.push(chunk)
    for (;;) {
      switch (this.#decoder.next()) {
        case HEAD:
          this.#head(this.#decoder.head)
          break
        case DATA:
          this.#body.push(this.#decoder.data)
          break
        case END:
          this.trailers = this.#decoder.trailers
          this.over = true
          return
        case ERROR:
          this.#ended(this.#decoder.error)
          return
        default:
          return
      }
    }
  }

  #head(response: Response): void {
    if (response.status < 200 && response.status !== 101) {
      this.interim.push(response)
      this.#decoder.expect(this.#asked)
    } else this.response = response
  }

  #ended(error: Error | undefined): void {
    if (this.over) return
    this.over = true
    if (error !== undefined) this.broken = error
    else if (this.response !== undefined && this.#decoder.finish() === ERROR) this.broken = this.#decoder.error
  }
}
