/** A steady load on the test's clock while servers are killed, hung, restarted and drained in turn: nobody outside notices. */
import t from 'tap'
import { Backend, type BackendOptions, Frontend, HealthCheck, Server } from '../../lib/index.js'
import { hang, type InMemory, inMemory, refuse, reply, TestRandom, tcp } from '../../lib/testing/index.js'
import type { MemoryClient } from '../../lib/testing/memory-client.js'
import type { MemorySocket } from '../../lib/testing/memory-socket.js'
import { TestOrigin } from '../../lib/testing/test-origin.js'

t.setTimeout(0)

const NAMES = ['s1', 's2', 's3', 's4'] as const
const REQUESTS = 2000
const FEW = 600
/** Between two requests, and from a request to its answer; so that some are always under way. */
const PACE = 4
const WORK = 30
/** Requests from one event to the next: long enough for checks to see what happened. */
const PHASE = 100

const SAVING: BackendOptions = { retries: 3, redispatch: true, retryOn: ['allRetryableErrors'] }
const TRUSTING: BackendOptions = { retries: 0, redispatch: false }

/** A server that can be killed with all that it holds, hung and brought back. */
class Machine {
  readonly name: string
  readonly #lb: InMemory
  readonly #sockets = new Set<MemorySocket>()
  #hung = false
  served = 0

  constructor(name: string, lb: InMemory) {
    this.name = name
    this.#lb = lb
    this.start()
  }

  start(): void {
    const origin = (socket: MemorySocket): void => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
      new TestOrigin(
        socket,
        this.name,
        async ({ request }) => {
          if (this.#hung) return hang
          if (request.target === '/health') return reply(200)
          this.served++
          await new Promise<void>((resolve) => void this.#lb.clock.after(WORK, resolve))
          return this.#hung ? hang : reply(200, `${request.target} ${request.body}`)
        },
        unheard,
      )
    }
    this.#lb.serve(
      this.name,
      tcp((socket) => origin(socket as MemorySocket)),
    )
  }

  kill(): void {
    this.#lb.serve(this.name, refuse)
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  hang(): void {
    this.#hung = true
  }

  /** Whoever was kept waiting still is. */
  wake(): void {
    this.#hung = false
  }
}

const unheard = (): void => {}

type Event = (machine: Machine, server: Server) => void

/** What happens, and how it is made good. */
const troubles: readonly (readonly [name: string, begin: Event, end: Event])[] = [
  ['killed', (machine) => machine.kill(), (machine) => machine.start()],
  ['hung', (machine) => machine.hang(), (machine) => machine.wake()],
  ['restarted', (machine) => [machine.kill(), machine.start()], unheard],
  ['drained', (_, server) => void (server.admin = 'drain'), (_, server) => void (server.admin = 'ready')],
]

interface Result {
  readonly lb: InMemory
  readonly machines: readonly Machine[]
  /** Answers that are not what the request was to get. */
  readonly failed: readonly string[]
  /** Requests that servers began while they were drained. */
  readonly strayed: number
}

async function run(options: BackendOptions, events: typeof troubles, requests: number): Promise<Result> {
  const servers = NAMES.map((name, index) => new Server(name, `10.0.0.${index + 1}:80`))
  const backend = new Backend('be', {
    servers,
    check: HealthCheck.http({ path: '/health', interval: '50ms', rise: 1, fall: 2, timeout: '50ms' }),
    timeouts: { connect: '100ms', server: '200ms', queue: '1s' },
    ...options,
  })
  const edge = new Frontend('edge', { bind: '192.0.2.1:80', defaultBackend: backend })
  const lb = inMemory({ frontends: [edge], random: new TestRandom(1) })
  const machines = NAMES.map((name) => new Machine(name, lb))
  await lb.started
  await lb.clock.advance(200)
  const sent: [expected: string, client: MemoryClient][] = []
  let strayed = 0
  for (let phase = 0; sent.length < requests; phase++) {
    const which = Math.floor(phase / 2)
    const server = servers[which % NAMES.length] as Server
    const machine = machines[which % NAMES.length] as Machine
    const [, begin, end] = events[which % events.length] as (typeof troubles)[number]
    if (phase % 2 === 0) begin(machine, server)
    else end(machine, server)
    const before = machine.served
    for (let count = 0; count < PHASE; count++) sent.push(await send(lb, sent.length))
    if (server.admin === 'drain') strayed += machine.served - before
    // Each server has its turn with each trouble.
    if (phase % (NAMES.length * 2) === NAMES.length * 2 - 1) events = [...events.slice(1), ...events.slice(0, 1)]
  }
  await lb.clock.advance('5s')
  const failed = sent.filter(([expected, { received }]) => !received.endsWith(`\r\n\r\n${expected}`))
  for (const [, client] of sent) client.socket.destroy()
  await lb.stop()
  return { lb, machines, strayed, failed: failed.map(([expected, { received }]) => `${expected}: ${received}`) }
}

/** Every fifth request has a body. */
async function send(lb: InMemory, number: number): Promise<[string, MemoryClient]> {
  const client = await lb.connect()
  const [method, body] = number % 5 === 0 ? ['POST', `body ${number}`] : ['GET', '']
  const head = `${method} /${number} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n`
  client.socket.write(Buffer.from(head + body))
  await lb.clock.advance(PACE)
  return [`/${number} ${body}`, client]
}

t.test('killed, hung, restarted and drained in turn, with retries: none fails', async (t) => {
  const { lb, machines, failed, strayed } = await run(SAVING, troubles, REQUESTS)
  t.strictSame(failed, [])
  t.equal(lb.records.length, REQUESTS, 'each request is told of once')
  t.same([...new Set(lb.records.map(({ status, termination }) => `${status} ${termination}`))], ['200 --'])
  t.ok(lb.records.filter(({ retries }) => retries > 0).length > 20, 'and not by chance')
  t.ok(lb.health.filter(({ up }) => !up).length >= 4, 'checks see it')
  for (const { name, served } of machines) t.ok(served > REQUESTS / 10, `${name} comes back: ${served} requests`)
  t.equal(strayed, 0, 'nobody comes to a server that drains')
  t.match(lb.stats(), { underWay: 0, connections: 0 })
  t.strictSame(lb.faults, [])
})

t.test('without retries the same is noticed', async (t) => {
  const { failed } = await run(TRUSTING, troubles, FEW)
  t.ok(failed.length > 5, `${failed.length} fail`)
})

t.test('drained in turn, without retries: none fails', async (t) => {
  const draining = troubles.filter(([name]) => name === 'drained')
  const { lb, failed, strayed } = await run(TRUSTING, draining, REQUESTS / 2)
  t.strictSame(failed, [])
  t.equal(strayed, 0, 'nobody comes to a server that drains')
  t.equal(lb.records.length, REQUESTS / 2)
  t.same(
    lb.records.filter(({ retries }) => retries > 0),
    [],
  )
})
