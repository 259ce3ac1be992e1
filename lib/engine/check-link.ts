/** A connection of a check: what comes is kept within bounds until a step wants it, and what becomes of the connection is told once. */
import type { Engine } from './engine.js'
import type { Socket, Target } from './network.js'
import { reset } from './parting.js'

/** Who goes through the steps. */
export interface CheckLinkOwner {
  connected(): void
  /** Something has come, or the server will say no more. */
  heard(): void
  broken(error: NodeJS.ErrnoException): void
}

/** One connection. */
export class CheckLink {
  connected = false
  /** The server has said that it will send no more. */
  ended = false
  readonly #socket: Socket
  readonly #most: number
  #owner: CheckLinkOwner | undefined
  #unread: Buffer[] = []
  #unreadSize = 0
  /** What was sent may still be on its way: a reset would lose it. */
  #sending = false

  /** @param most bytes that are kept */
  constructor(engine: Engine, target: Target, owner: CheckLinkOwner, most: number) {
    this.#owner = owner
    this.#most = most
    this.#socket = engine.network.dial(target)
    this.#socket.on('error', (error: NodeJS.ErrnoException) => this.#owner?.broken(error))
    this.#socket.on('close', () => this.#onEnd())
    this.#socket.on('end', () => this.#onEnd())
    this.#socket.on('data', (chunk: Buffer) => this.#onData(chunk))
    this.#socket.once('connect', () => {
      this.connected = true
      this.#owner?.connected()
    })
  }

  /** What has come since it was last asked for. */
  take(): Buffer {
    const taken = this.#unread.length === 1 ? (this.#unread[0] as Buffer) : Buffer.concat(this.#unread)
    this.#unread = []
    this.#unreadSize = 0
    if (this.#socket.isPaused()) this.#socket.resume()
    if (taken.length > 0) this.#sending = false
    return taken
  }

  /** Sends bytes, and tells when the network has taken them. */
  send(bytes: string, sent: () => void): void {
    this.#sending = true
    this.#socket.write(bytes, 'latin1', () => {
      if (this.#owner !== undefined) sent()
    })
  }

  /** Something is waited for: all that was sent has had its time. */
  settle(): void {
    this.#sending = false
  }

  /** @param softly in the usual way; otherwise it is reset, unless the server has ended it or what was sent would be lost */
  close(softly: boolean): void {
    this.#owner = undefined
    // One that is not there yet would wait for its connection to be reset.
    const gently = softly || this.ended || this.#sending || !this.connected
    if (gently) this.#socket.destroy()
    else reset(this.#socket)
  }

  #onData(chunk: Buffer): void {
    if (this.#owner === undefined) return
    this.#unread.push(Buffer.from(chunk))
    this.#unreadSize += chunk.length
    if (this.#unreadSize >= this.#most) this.#socket.pause()
    this.#owner.heard()
  }

  #onEnd(): void {
    if (this.ended) return
    this.ended = true
    this.#owner?.heard()
  }
}
