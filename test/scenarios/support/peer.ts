/** One end of a connection in a scenario, a client or a server: what it has got, and what it does. */
import type { Socket } from '../../../lib/engine/network.js'

export class Peer {
  readonly socket: Socket
  /** All that has come, one character a byte; not kept beyond a megabyte. */
  received = ''
  /** How much has come. */
  count = 0
  /** The other side has finished. */
  ended = false
  /** The connection is gone. */
  closed = false
  error: NodeJS.ErrnoException | undefined = undefined

  /** @param received what was read from the socket before */
  constructor(socket: Socket, received = '') {
    this.socket = socket
    this.received = received
    this.count = received.length
    this.ended = socket.readableEnded
    this.closed = socket.destroyed
    socket.on('error', (error) => {
      this.error = error
    })
    socket.on('data', (chunk: Buffer) => {
      this.count += chunk.length
      if (this.received.length < 1_000_000) this.received += chunk.toString('latin1')
    })
    socket.on('end', () => {
      this.ended = true
    })
    socket.on('close', () => {
      this.closed = true
    })
  }

  send(bytes: string | Uint8Array): this {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
    return this
  }

  /** Sends no more. */
  end(bytes = ''): this {
    this.socket.end(Buffer.from(bytes, 'latin1'))
    return this
  }

  destroy(): this {
    this.socket.destroy()
    return this
  }

  reset(): this {
    this.socket.resetAndDestroy?.()
    return this
  }

  /** Forgets what has come, and gives it. */
  take(): string {
    const { received } = this
    this.received = ''
    return received
  }

  /** Sends `total` bytes as fast as the other side takes them. @returns how many the socket has taken so far */
  pour(total: number): { taken: () => number } {
    const piece = Buffer.alloc(65_536, 'x')
    let handed = 0
    const more = (): void => {
      while (handed < total && !this.socket.destroyed) {
        const size = Math.min(piece.length, total - handed)
        handed += size
        if (!this.socket.write(size === piece.length ? piece : piece.subarray(0, size))) {
          this.socket.once('drain', more)
          return
        }
      }
    }
    more()
    return { taken: () => handed - this.socket.writableLength }
  }
}
