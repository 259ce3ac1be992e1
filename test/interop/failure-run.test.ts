/**
 * A steady load through HAProxy and through fairlead while real servers are killed, hung, restarted and drained in turn: what HAProxy saves is saved.
 * `FAIRLEAD_REQUESTS` says how many requests.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import { Bell } from './support/bell.js'
import { freePort } from './support/ports.js'
import { missing } from './support/programs.js'
import { haproxy, ProxyProcess, subject } from './support/proxy.js'
import { becomes } from './support/stat.js'
import { ask } from './support/talk.js'

t.setTimeout(0)

const REQUESTS = Number(process.env['FAIRLEAD_REQUESTS'] ?? 20_000)
const DRAINED = REQUESTS / 4
const CLIENTS = 16
/** Requests from one event to the next. */
const PHASE = 300
const NAMES = ['s1', 's2', 's3', 's4'] as const
const PROGRAM = new URL('./support/failing-server.js', import.meta.url).pathname
/** How many seconds a server on a busy machine may take to be seen. */
const LATE = 60

/** A server in a process of its own. */
class Machine {
  readonly port: number
  #child: ChildProcess | undefined = undefined

  constructor(port: number) {
    this.port = port
  }

  async start(): Promise<void> {
    this.#child = spawn(process.execPath, [PROGRAM, String(this.port)], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(this.#child.stdout!, 'data')
  }

  async kill(): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(name)
  }
}

interface Site {
  readonly machines: readonly Machine[]
  readonly port: number
  /** The runtime API's socket. */
  readonly socket: string
}

type Event = (machine: Machine, name: string, site: Site) => Promise<void>

const order = async (site: Site, words: string): Promise<void> => {
  const said = await ask({ path: site.socket }, `${words}\n`)
  if (said.trim() !== '') throw new Error(`${words}: ${said}`)
}

/** What happens, and how it is made good. */
const troubles: readonly (readonly [name: string, begin: Event, end: Event])[] = [
  ['killed', (machine) => machine.kill(), (machine) => machine.start()],
  ['hung', async (machine) => machine.signal('SIGSTOP'), async (machine) => machine.signal('SIGCONT')],
  ['restarted', (machine) => machine.kill().then(() => machine.start()), async () => {}],
  [
    'drained',
    (_, name, site) => order(site, `set server be/${name} state drain`),
    (_, name, site) => order(site, `set server be/${name} state ready`),
  ],
]

const config = (site: Site, retries: string): string => `global
  nbthread 1
  stats socket ${site.socket} level admin
defaults
  mode http
  timeout connect 1s
  timeout client 60s
  timeout server 2s
  timeout queue 5s
  timeout check 1s
  ${retries}
frontend fe
  bind 127.0.0.1:${site.port}
  default_backend be
backend be
  balance roundrobin
  option httpchk
${NAMES.map((name, index) => `  server ${name} 127.0.0.1:${site.machines[index]?.port} check inter 200ms rise 1 fall 2`).join('\n')}
`

/** Clients that send one request after the other, and what became of each. */
class Load {
  readonly #port: number
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
  readonly #bell = new Bell()
  #stopped = false
  sent = 0
  done = 0
  readonly failed: string[] = []
  readonly clients: Promise<unknown>

  constructor(port: number) {
    this.#port = port
    this.clients = Promise.all(Array.from({ length: CLIENTS }, () => this.#client()))
  }

  async #client(): Promise<void> {
    while (!this.#stopped) {
      const number = this.sent++
      const fault = await this.#one(number)
      if (fault !== undefined) this.failed.push(`request ${number}: ${fault}`)
      this.done++
      this.#bell.ring()
    }
  }

  /** Every fifth request has a body. Nothing, or what is wrong with its answer. */
  #one(number: number): Promise<string | undefined> {
    const body = number % 5 === 0 ? `body ${number}` : ''
    const path = `/${number}`
    return new Promise((resolve) => {
      const sent = request(
        { host: '127.0.0.1', port: this.#port, path, agent: this.#agent, method: body === '' ? 'GET' : 'POST' },
        (answer) => {
          let text = ''
          answer.setEncoding('latin1').on('data', (part: string) => {
            text += part
          })
          answer.on('error', (error) => resolve(error.message))
          answer.on('end', () => {
            const good = answer.statusCode === 200 && text === `${path} ${body}`
            resolve(good ? undefined : `${answer.statusCode} ${text.slice(0, 80)}`)
          })
        },
      )
      sent.on('error', (error) => resolve(error.message))
      sent.end(body)
    })
  }

  /** Waits until so many more are done. */
  async pass(count: number): Promise<void> {
    const end = this.done + count
    if (!(await this.#bell.wait(() => this.done >= end, LATE * 1000))) throw new Error('requests are stuck')
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.clients
    this.#agent.destroy()
  }
}

interface Result {
  readonly done: number
  readonly failed: readonly string[]
}

/** One program, its own servers, and events in turn until enough requests are done. */
async function run(
  command: readonly string[],
  requests: number,
  retries: string,
  events: typeof troubles,
): Promise<Result> {
  const machines: Machine[] = []
  for (const _ of NAMES) machines.push(new Machine(await freePort()))
  const site: Site = { machines, port: await freePort(), socket: join('/tmp', `fairlead-run-${await freePort()}.sock`) }
  await Promise.all(machines.map((machine) => machine.start()))
  const proxy = await ProxyProcess.start(command, config(site, retries), site.port)
  const load = new Load(site.port)
  try {
    for (let which = 0; load.done < requests; which++) {
      // Each server has its turn with each trouble.
      const [, begin, end] = events[
        (which + Math.floor(which / NAMES.length)) % events.length
      ] as (typeof troubles)[number]
      const name = NAMES[which % NAMES.length] as string
      const machine = machines[which % NAMES.length] as Machine
      await begin(machine, name, site)
      await load.pass(PHASE)
      await end(machine, name, site)
      const state = await becomes(site.socket, `be/${name}`, /^UP/, LATE)
      if (!state.startsWith('UP')) throw new Error(`${name}: ${state}`)
      await load.pass(PHASE)
    }
    await load.stop()
    if (!proxy.running) throw new Error(`${command.join(' ')} ended: ${proxy.ending}`)
  } finally {
    for (const machine of machines) machine.signal('SIGCONT')
    await load.stop()
    await proxy.stop()
    for (const machine of machines) await machine.kill()
  }
  return { done: load.done, failed: load.failed }
}

const SAVING = 'retries 3\n  option redispatch\n  retry-on all-retryable-errors'
const TRUSTING = 'retries 0'

const absent = missing('haproxy')
if (absent !== undefined) t.pass('failure run', { skip: absent })
else {
  await t.test('killed, hung, restarted and drained in turn, with retries', async (t) => {
    const theirs = await run(haproxy, REQUESTS, SAVING, troubles)
    const ours = await run(subject, REQUESTS, SAVING, troubles)
    t.comment(`${theirs.failed.length} of ${theirs.done} fail with HAProxy: ${theirs.failed.slice(0, 5).join('; ')}`)
    t.comment(`${ours.failed.length} of ${ours.done} fail with fairlead: ${ours.failed.slice(0, 5).join('; ')}`)
    t.ok(ours.done >= REQUESTS, `${ours.done} requests`)
    t.ok(
      ours.failed.length <= theirs.failed.length,
      `${ours.failed.length} fail, ${theirs.failed.length} with HAProxy`,
      { failed: ours.failed.slice(0, 10) },
    )
  })

  await t.test('drained in turn, without retries', async (t) => {
    const drained = troubles.filter(([name]) => name === 'drained')
    const { done, failed } = await run(subject, DRAINED, TRUSTING, drained)
    t.ok(done >= DRAINED, `${done} requests`)
    t.strictSame(failed, [], 'none fails')
  })
}
