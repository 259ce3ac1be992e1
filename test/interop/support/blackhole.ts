/** An address on which connecting never ends: a listener that never accepts, its queue filled. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

const LISTEN = `
import socket, sys
s = socket.socket()
s.bind(('127.0.0.1', 0))
s.listen(0)
print(s.getsockname()[1], flush=True)
sys.stdin.read()
`

export class Blackhole {
  readonly port: number
  readonly #child: ChildProcess
  readonly #fill: Socket[]

  private constructor(port: number, child: ChildProcess, fill: Socket[]) {
    this.port = port
    this.#child = child
    this.#fill = fill
  }

  static async open(): Promise<Blackhole> {
    const child = spawn('python3', ['-c', LISTEN], { stdio: ['pipe', 'pipe', 'inherit'] })
    const [text] = (await once(child.stdout!, 'data')) as [Buffer]
    const port = Number.parseInt(text.toString(), 10)
    const fill = [1, 2, 3].map(() => connect(port, '127.0.0.1').on('error', () => {}))
    await once(fill[0]!, 'connect')
    return new Blackhole(port, child, fill)
  }

  close(): void {
    for (const socket of this.#fill) socket.destroy()
    this.#child.kill()
  }
}
