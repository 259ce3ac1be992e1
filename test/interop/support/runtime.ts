/** Runs a case for the runtime API with one program: starts it, sends its traffic, and collects its answers. */
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Place, RuntimeCase, Step } from '../cases/runtime/case.js'
import { freePort } from './ports.js'
import { ProxyProcess } from './proxy.js'

/** What is said to a socket and what comes back until it closes. */
export function ask(path: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path })
    let answer = ''
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      answer += chunk
    })
    socket.once('error', reject)
    socket.once('close', () => resolve(answer))
    socket.end(`${text}\n`, 'latin1')
  })
}

/** The origin of all cases. */
async function originServer(): Promise<Server> {
  const server = createServer((asked, answer) => {
    const [, what, value = ''] = (asked.url ?? '').split('/')
    answer.removeHeader('date')
    if (what === 'header') answer.setHeader(value, '1')
    answer.statusCode = what === 'status' ? Number(value) : 200
    asked.resume().once('end', () => answer.end('ok'))
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return server
}

/** One request over a connection of its own; resolves when it is over, however it ends. */
function visit(port: number, path: string, times: number): Promise<void> {
  const agent = new Agent({ keepAlive: times > 1, maxSockets: 1 })
  const one = (): Promise<void> =>
    new Promise((resolve) => {
      const sent = request({ host: '127.0.0.1', port, path, agent }, (answer) => {
        answer.resume().once('close', resolve)
      })
      sent.once('error', () => resolve())
      sent.end()
    })
  return (async () => {
    for (let count = 0; count < times; count++) await one()
    agent.destroy()
  })()
}

export class Surroundings {
  readonly #folder: string
  readonly #origin: Server
  readonly #ports = new Map<string, number>()
  readonly #free: readonly number[]

  private constructor(folder: string, origin: Server, free: readonly number[]) {
    this.#folder = folder
    this.#origin = origin
    this.#free = free
  }

  static async open(): Promise<Surroundings> {
    const folder = await mkdtemp(join(tmpdir(), 'fairlead-runtime-'))
    const free: number[] = []
    for (let count = 0; count < 12; count++) free.push(await freePort())
    return new Surroundings(folder, await originServer(), free)
  }

  async close(): Promise<void> {
    this.#origin.closeAllConnections()
    this.#origin.close()
    await rm(this.#folder, { recursive: true, force: true })
  }

  get #place(): Place {
    const port = (name: string): number => {
      const known = this.#ports.get(name) ?? this.#free[this.#ports.size]
      if (known === undefined) throw new Error('too many ports')
      this.#ports.set(name, known)
      return known
    }
    return {
      socket: (level) => join(this.#folder, `${level}.sock`),
      port,
      origin: (this.#origin.address() as AddressInfo).port,
      nobody: port('nobody'),
    }
  }

  /** The answer to each step; of steps that ask nothing it is empty. */
  async run(command: readonly string[], { config, steps }: RuntimeCase): Promise<readonly string[]> {
    const place = this.#place
    const proxy = await ProxyProcess.start(command, config(place), place.port('fe'))
    const answers: string[] = []
    try {
      await this.#begin(place)
      for (const step of steps) answers.push(await this.#take(step, place))
    } finally {
      await proxy.stop()
    }
    return answers
  }

  /**
   * Waits for the socket, of which the last program may have left the file, and for the visit that looked whether a port is open to be over; then
   * forgets it.
   */
  async #begin({ socket }: Place): Promise<void> {
    for (let tries = 0; ; tries++) {
      await pause(50)
      try {
        const counted = await ask(socket('admin'), 'show stat -1 1 -1')
        const busy = counted.split('\n').some((line) => /^[^,#]+,FRONTEND,,,[1-9]/.test(line))
        if (busy && tries < 100) continue
        await ask(socket('admin'), 'clear counters all')
        return
      } catch (error) {
        if (tries === 100) throw error
      }
    }
  }

  async #take(step: Step, { socket, port }: Place): Promise<string> {
    if ('get' in step) {
      await visit(port(step.from), step.get, step.times ?? 1)
      // The program counts when it has seen the end of it.
      await pause(50)
      return ''
    }
    if ('until' in step) {
      for (let tries = 0; tries < 200; tries++) {
        if (step.until.test(await ask(socket('admin'), step.ask))) return ''
        await pause(50)
      }
      return `never became so: ${step.until.source}`
    }
    const answer = await ask(socket(step.level ?? 'admin'), step.ask)
    return step.mask === undefined ? answer : step.mask(answer)
  }
}
