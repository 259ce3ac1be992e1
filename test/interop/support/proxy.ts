/** Starts a proxy program on a configuration file, waits until it listens, and ends it. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The checkout: this file is .build/test/interop/support/proxy.js when it runs. */
export const root = resolve(fileURLToPath(new URL('.', import.meta.url)), '../../../..')

/** The reference. */
export const haproxy: readonly string[] = ['haproxy']

/** The program under test; FAIRLEAD_SUBJECT names another one, for work on the suite itself. */
export const subject: readonly string[] = process.env['FAIRLEAD_SUBJECT']?.split(' ') ?? [
  process.execPath,
  join(root, 'dist/cli/fairlead.js'),
]

/** The suite is tried out with HAProxy on both sides. */
export const isReference = subject[0] === 'haproxy'

/** How often a program that starts is asked whether it listens: on a busy machine that takes long. */
const PATIENCE = 2400

export async function accepts(port: number, host = '127.0.0.1'): Promise<boolean> {
  const socket = connect(port, host)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

export class ProxyProcess {
  readonly child: ChildProcess
  readonly folder: string
  stderr = ''
  stdout = ''

  private constructor(child: ChildProcess, folder: string) {
    this.child = child
    this.folder = folder
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text
    })
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text
    })
  }

  /** Resolves once `readyPort` accepts; rejects with what the program said when it ends before. */
  static async start(
    command: readonly string[],
    config: string,
    readyPort: number,
    flags = ['-db'],
  ): Promise<ProxyProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'fairlead-interop-'))
    const file = join(folder, 'proxy.cfg')
    await writeFile(file, config, 'latin1')
    const [program, ...words] = command
    const child = spawn(program!, [...words, ...flags, '-f', file], { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder })
    const proxy = new ProxyProcess(child, folder)
    const failed = once(child, 'error').then(([error]) => String(error))
    for (let tries = 0; tries < PATIENCE; tries++) {
      const fault = await Promise.race([failed, pause(25)])
      if (typeof fault === 'string' || child.exitCode !== null) {
        await rm(folder, { recursive: true, force: true })
        throw new Error(`${command.join(' ')} did not start: ${fault ?? `exit ${child.exitCode}`}\n${proxy.stderr}`)
      }
      if (await accepts(readyPort)) return proxy
    }
    await proxy.stop()
    throw new Error(`${command.join(' ')} did not listen in time\n${proxy.stderr}`)
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  /** How and with which words it ended. */
  get ending(): string {
    return `exit code ${this.child.exitCode}, signal ${this.child.signalCode}\n${this.stderr}`
  }

  async signal(name: NodeJS.Signals): Promise<number | null> {
    if (!this.running) return this.child.exitCode
    const exit = once(this.child, 'exit')
    this.child.kill(name)
    await exit
    return this.child.exitCode
  }

  async stop(): Promise<void> {
    if (this.running) {
      const exit = once(this.child, 'exit')
      this.child.kill('SIGTERM')
      const late = setTimeout(() => this.child.kill('SIGKILL'), 3000)
      await exit
      clearTimeout(late)
    }
    await rm(this.folder, { recursive: true, force: true })
  }
}
