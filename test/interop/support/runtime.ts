/** Runs a case for the runtime API with one program: starts it, sends its traffic, and collects its answers. */
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Place, RuntimeCase, Step } from '../cases/runtime/case.js'
import { freePort } from './ports.js'
import { ProxyProcess } from './proxy.js'
import { ask as talk } from './talk.js'

/** How often a program is asked whether it has come to rest: on a busy machine that takes long. */
const PATIENCE = 400

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
    if (what === 'hang' || what === 'full' || value === 'full') return
    if (what === 'raw') {
      asked.socket.end(Buffer.from(value, 'base64url'))
      return
    }
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

/** Waits for the socket, of which the last program may have left the file, until so many sessions were counted and nobody is there any more. */
async function quiet(socket: string, sessions: number): Promise<void> {
  let seen = ''
  let calm = 0
  for (let tries = 0; tries < PATIENCE; tries++) {
    seen = await ask(socket, 'show stat').catch((error: Error) => error.message)
    const [header = '', ...lines] = seen.split('\n')
    const names = header.replace(/^# /, '').split(',')
    const rows = lines.filter((line) => line !== '').map((line) => line.split(','))
    const sum = (name: string): number => rows.reduce((all, row) => all + Number(row[names.indexOf(name)]), 0)
    calm = rows.length > 0 && sum('scur') === 0 && sum('stot') >= sessions ? calm + 1 : 0
    // Twice, since HAProxy's threads count while the rows are written.
    if (calm === 2) return
    await pause(25)
  }
  throw new Error(`the program never came to rest:\n${seen}`)
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
    const held: Socket[] = []
    try {
      await this.#begin(place)
      for (const step of steps) answers.push(await this.#take(step, place, held))
    } finally {
      for (const socket of held) socket.destroy()
      await proxy.stop()
    }
    return answers
  }

  /** The visit that looked whether a port is open is counted and over before all counts begin anew. */
  async #begin({ socket }: Place): Promise<void> {
    await quiet(socket('admin'), 1)
    await ask(socket('admin'), 'clear counters all')
  }

  async #take(step: Step, { socket, port }: Place, held: Socket[]): Promise<string> {
    if ('raw' in step) {
      await talk({ host: '127.0.0.1', port: port(step.from) }, step.raw)
      if (step.busy !== true) await quiet(socket('admin'), 0)
      return ''
    }
    if ('hold' in step) {
      const client = connect({ host: '127.0.0.1', port: port(step.from) })
      client.once('connect', () => client.write(step.hold, 'latin1'))
      client.on('error', () => {})
      held.push(client)
      return ''
    }
    if ('get' in step) {
      await visit(port(step.from), step.get, step.times ?? 1)
      // Who visits has the answer before the program has counted that it is over.
      await quiet(socket('admin'), 0)
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
