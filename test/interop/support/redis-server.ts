/** A Redis of our own, without anything on disk, that can be killed and started again at the same port. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './ports.js'
import { accepts } from './proxy.js'
import { until } from './shared-tables.js'

export class RedisServer {
  readonly port: number
  readonly #folder = mkdtempSync(join(tmpdir(), 'fairlead-redis-'))
  #child: ChildProcess | undefined = undefined

  private constructor(port: number) {
    this.port = port
  }

  static async open(): Promise<RedisServer> {
    const server = new RedisServer(await freePort())
    await server.start()
    return server
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  async start(): Promise<void> {
    const words = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    this.#child = spawn('redis-server', [...words, '--dir', this.#folder], { stdio: 'ignore' })
    if (!(await until(() => accepts(this.port)))) throw new Error('redis-server does not listen')
  }

  async kill(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  /** The child that runs, to be stopped for a while. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal)
  }

  async close(): Promise<void> {
    await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
