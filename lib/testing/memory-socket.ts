/** Two ends of a connection in memory, each of a `net.Socket`'s shape: half-close, reset, backpressure. Who connects them is `memory-network`. */
import { Duplex } from 'node:stream'
import type { Socket } from '../engine/network.js'

/** Hands something over in a later turn of the event loop, in order: bytes never arrive while they are being written. */
export type Later = (deliver: () => void) => void

/** An end's address. */
export interface Place {
  readonly address: string | undefined
  readonly port: number | undefined
}

type Done = (error?: Error | null) => void

/** An error as the system's network gives it. */
export function networkError(code: string, call: string, place?: string): NodeJS.ErrnoException {
  const error: NodeJS.ErrnoException = new Error(`${call} ${code}${place === undefined ? '' : ` ${place}`}`)
  error.code = code
  error.syscall = call
  return error
}

/** One end of a connection. */
export class MemorySocket extends Duplex implements Socket {
  connecting = false
  remoteAddress: string | undefined
  remotePort: number | undefined
  localAddress: string | undefined
  localPort: number | undefined
  bytesRead = 0
  bytesWritten = 0
  readonly #later: Later
  #peer: MemorySocket | undefined = undefined
  /** The peer's last piece lies here unread: told when there is room for the next. */
  #taken: Done | undefined = undefined
  #finished = false

  constructor(later: Later, local: Place, remote: Place) {
    super({ allowHalfOpen: true })
    this.#later = later
    this.localAddress = local.address
    this.localPort = local.port
    this.remoteAddress = remote.address
    this.remotePort = remote.port
  }

  /** @internal Joins two ends. */
  static join(one: MemorySocket, other: MemorySocket): void {
    one.#peer = other
    other.#peer = one
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  /** Ends the connection so that the peer sees a reset. */
  resetAndDestroy(): this {
    const peer = this.#peer
    this.#peer = undefined
    if (peer !== undefined) this.#later(() => peer.#broken('ECONNRESET', 'read'))
    this.destroy()
    return this
  }

  override _read(): void {
    const taken = this.#taken
    this.#taken = undefined
    taken?.()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#later(() => this.#deliver(chunk, done))
  }

  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    const joined = Buffer.concat(chunks.map(({ chunk }) => chunk))
    this.#later(() => this.#deliver(joined, done))
  }

  override _final(done: Done): void {
    this.#finished = true
    this.#later(() => {
      this.#peer?.push(null)
      done()
    })
  }

  override _destroy(error: Error | null, done: Done): void {
    const peer = this.#peer
    // Bytes that nobody has read make the kernel reset the connection; otherwise the peer sees an end.
    const unread = this.readableLength > 0 || this.#taken !== undefined
    const taken = this.#taken
    this.#taken = undefined
    this.#later(() => {
      if (peer !== undefined && unread) peer.#broken('ECONNRESET', 'read')
      else if (peer !== undefined && !this.#finished && !peer.destroyed) peer.push(null)
      taken?.()
    })
    done(error)
  }

  #deliver(chunk: Buffer, done: Done): void {
    const peer = this.#peer
    if (this.destroyed) {
      done()
      return
    }
    if (peer === undefined || peer.destroyed) {
      done(networkError(peer === undefined ? 'EPIPE' : 'ECONNRESET', 'write'))
      return
    }
    this.bytesWritten += chunk.length
    peer.bytesRead += chunk.length
    if (peer.push(chunk)) done()
    else peer.#taken = done
  }

  #broken(code: string, call: string): void {
    if (!this.destroyed) this.destroy(networkError(code, call))
  }
}
