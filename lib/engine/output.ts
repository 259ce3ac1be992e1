/** What is written to one socket: heads, small bodies and chunk lines are gathered into one write, large pieces go untouched. */

import type { BodyLength } from '../codec/step.js'
import { chunkHeader, lastChunk } from '../codec/writer.js'
import type { Headers } from '../message/headers.js'
import type { Socket } from './network.js'

/** Pieces up to this size are cheaper to copy into one write than to hand over one by one. */
const SMALL = 8192
/**
 * Bytes that may wait in a socket before whoever sends them has to wait: what a reader that stops can cost us. Node itself asks for a pause
 * from 16 KiB on, and then every piece of a large body would stop and start its source.
 */
export const MOST_UNSENT = 262_144

/** The writing end of a connection. */
export class Output {
  readonly socket: Socket
  /** All bytes that were handed to the socket. */
  written = 0
  #text = ''
  #flowing = true

  constructor(socket: Socket) {
    this.socket = socket
  }

  /** The same, and what was gathered since. */
  get total(): number {
    return this.written + this.#text.length
  }

  /** The socket takes more without piling up. */
  get flowing(): boolean {
    return this.#flowing
  }

  /** To be called when the socket has drained. */
  drained(): void {
    this.#flowing = true
  }

  /** Adds a head or a line, in latin1. It goes out with {@link flush} or with what follows. */
  text(text: string): void {
    this.#text += text
  }

  /** Adds a piece of body with the framing that was announced. */
  body(data: Buffer, framing: BodyLength): void {
    if (framing === 'chunked') this.#text += chunkHeader(data.length)
    this.bytes(data)
    if (framing === 'chunked') this.#text += '\r\n'
  }

  /** Adds the end of a body. */
  end(framing: BodyLength, trailers: Headers | undefined): void {
    if (framing === 'chunked') this.#text += lastChunk(trailers)
  }

  /** Adds bytes as they are. */
  bytes(data: Buffer): void {
    if (data.length <= SMALL) {
      this.#text += data.toString('latin1')
      return
    }
    if (this.#text === '') {
      this.#write(data)
      return
    }
    this.socket.cork()
    this.flush()
    this.#write(data)
    this.socket.uncork()
  }

  /** Hands over what was gathered. */
  flush(): void {
    if (this.#text === '') return
    const text = this.#text
    this.#text = ''
    this.written += text.length
    if (!this.socket.write(text, 'latin1')) this.#pile()
  }

  /** Forgets what was gathered. */
  discard(): void {
    this.#text = ''
  }

  #pile(): void {
    if (this.socket.writableLength >= MOST_UNSENT) this.#flowing = false
  }

  #write(data: Buffer): void {
    this.written += data.length
    if (!this.socket.write(data)) this.#pile()
  }
}
