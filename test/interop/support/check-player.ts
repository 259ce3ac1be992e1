/** A server that plays its part in checks: what it says and when, and what it is asked. */
import { createServer, type Server, type Socket } from 'node:net'

/** What it does next: says something, waits to be asked, ends its side, or resets the connection. */
export type Part = Buffer | { readonly text: string } | 'ask' | 'end' | 'close' | 'reset'

/** Plays its part for each connection, and keeps what each was asked. */
export class Player {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** One character a byte, by connection. */
  readonly asked: string[] = []
  port = 0

  private constructor(play: readonly Part[]) {
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#serve(socket, [...play]))
  }

  /** @param play the same for each connection; `refuse` is for {@link refuse} to do */
  static async open(play: readonly Part[] | 'refuse'): Promise<Player> {
    const player = new Player(play === 'refuse' ? [] : play)
    await new Promise<void>((resolve) => player.#server.listen(0, '127.0.0.1', resolve))
    player.port = (player.#server.address() as { port: number }).port
    return player
  }

  /** Nobody listens any more; not before all others do, who might get the port. */
  refuse(): void {
    this.#server.close()
  }

  #serve(socket: Socket, left: Part[]): void {
    const at = this.asked.push('') - 1
    this.#sockets.add(socket)
    socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket))
    const goOn = (): void => {
      for (let next = left.shift(); next !== undefined && next !== 'ask'; next = left.shift()) {
        if (next === 'end' || next === 'close') socket.end()
        else if (next === 'reset') socket.resetAndDestroy()
        else if (Buffer.isBuffer(next)) socket.write(next)
        else socket.write(next.text, 'latin1')
      }
    }
    socket.on('data', (chunk) => {
      this.asked[at] += chunk.toString('latin1')
      goOn()
    })
    goOn()
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
  }
}
