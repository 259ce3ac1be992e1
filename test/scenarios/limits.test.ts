/** How much there may be at a time and in a second, and who goes where when it is reached, on the test's clock. */
import t from 'tap'
import { RuntimeApi } from '../../lib/admin/index.js'
import {
  Backend,
  type BackendOptions,
  Frontend,
  type FrontendOptions,
  header,
  leastConn,
  random,
  reject,
  roundRobin,
  Server,
  type ServerOptions,
  source,
  src,
  staticRoundRobin,
  useServer,
} from '../../lib/index.js'
import {
  type Answer,
  type Handler,
  type InMemory,
  type InMemoryOptions,
  inMemory,
  reply,
  tcp,
} from '../../lib/testing/index.js'
import type { MemoryClient } from '../../lib/testing/memory-client.js'
import { TestOrigin } from '../../lib/testing/test-origin.js'

const get = (path = '/', fields = ''): string => `GET ${path} HTTP/1.1\r\nhost: a\r\n${fields}\r\n`

/** Requests that are held until somebody lets them go, in the order in which they came. */
class Held {
  readonly targets: string[] = []
  readonly #going: ((answer: Answer) => void)[] = []

  readonly handler: Handler = ({ request, server }) => {
    this.targets.push(`${server} ${request.target}`)
    return new Promise((resolve) => void this.#going.push(resolve))
  }

  /** How many are held. */
  get count(): number {
    return this.#going.length
  }

  go(count = this.#going.length): void {
    for (const resolve of this.#going.splice(0, count)) resolve(reply(200, 'ok'))
  }
}

interface Site {
  readonly servers?: number
  readonly server?: ServerOptions
  readonly backend?: BackendOptions
  readonly frontend?: FrontendOptions
  readonly balancer?: Partial<InMemoryOptions>
}

/** One frontend, one backend, as many servers as are wanted. */
async function site(given: Site, handler: Handler): Promise<InMemory> {
  const names = Array.from({ length: given.servers ?? 1 }, (_, index) => `s${index + 1}`)
  const servers = names.map((name, index) => new Server(name, `10.0.0.${index + 1}:80`, given.server))
  const defaultBackend = new Backend('be', { servers, ...given.backend })
  const edge = new Frontend('fe', { bind: '192.0.2.1:80', defaultBackend, ...given.frontend })
  const lb = inMemory(
    { frontends: [edge], ...given.balancer },
    Object.fromEntries(names.map((name) => [name, handler])),
  )
  await lb.started
  return lb
}

/** A client for each path, one after the other. */
async function come(lb: InMemory, ...paths: readonly string[]): Promise<MemoryClient[]> {
  const clients: MemoryClient[] = []
  for (const path of paths) {
    const client = await lb.connect()
    await client.send(get(path))
    clients.push(client)
  }
  return clients
}

const paths = (count: number): string[] => Array.from({ length: count }, (_, index) => `/${index}`)
const statuses = (clients: readonly MemoryClient[]): string[] =>
  clients.map(({ received }) => received.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length))
const answered = (clients: readonly MemoryClient[]): number => clients.filter(({ received }) => received !== '').length
const answer: Handler = ({ server }) => reply(200, server)

for (const [load, atOnce] of [
  [1, 1],
  [2, 1],
  [4, 2],
  [6, 3],
  [8, 4],
  [12, 4],
] as const)
  t.test(`minConnections 1, maxConnections 4, fullConnections 8: ${load} requests, ${atOnce} at a time`, async (t) => {
    const held = new Held()
    const server = { minConnections: 1, maxConnections: 4 }
    await using lb = await site({ server, backend: { fullConnections: 8 } }, held.handler)
    const clients = await come(lb, ...paths(load))
    t.equal(held.count, atOnce)
    let most = 0
    for (let left = load; left > 0; left--) {
      held.go(1)
      await lb.settle()
      most = Math.max(most, held.count)
    }
    t.ok(most <= atOnce, `${most} later`)
    t.same(statuses(clients), Array(load).fill('200'))
    t.same(
      held.targets,
      paths(load).map((path) => `s1 ${path}`),
      'in the order in which they came',
    )
  })

for (const balance of [roundRobin(), leastConn(), random(), staticRoundRobin()])
  t.test(`fullConnections, lowered while ${balance.name} has some wait: they need not any more`, async (t) => {
    const held = new Held()
    const server = { minConnections: 1, maxConnections: 10 }
    await using lb = await site({ server, backend: { fullConnections: 100, balance } }, held.handler)
    await come(lb, '/0', '/1', '/2')
    t.equal(held.count, 1)
    const [backend] = lb.balancer.backends
    if (backend === undefined) throw new Error('no backend')
    for (const given of [0, -1, 2.5, Number.NaN])
      t.throws(() => Object.assign(backend, { fullConnections: given }), {
        code: 'ERR_OPTION',
        path: 'fullConnections',
      })
    backend.fullConnections = 3
    await lb.settle()
    t.equal(held.count, 3)
  })

t.test('maxQueue: who must wait for a server whose queue is full gets 503', async (t) => {
  const held = new Held()
  const server = { maxConnections: 1, maxQueue: 1 }
  const backend: BackendOptions = { balance: source(), redispatch: false, retries: 0 }
  await using lb = await site({ servers: 2, server, backend }, held.handler)
  const clients = await come(lb, '/0', '/1', '/2')
  t.same(statuses(clients), ['', '', '503'])
  t.match(lb.records, [{ target: '/2', termination: 'SQ' }])
  held.go()
  await lb.settle()
  held.go()
  await lb.settle()
  t.same(statuses(clients), ['200', '200', '503'])
})

t.test('maxQueue, with redispatch: who is sent to such a server by a rule goes to another one', async (t) => {
  const held = new Held()
  const server = { maxConnections: 1, maxQueue: 1 }
  const servers = ['s1', 's2'].map((name, index) => new Server(name, `10.0.0.${index + 1}:80`, server))
  const backend = { servers, useServers: [useServer('s1')], redispatch: true }
  await using lb = await site({ servers: 2, backend }, held.handler)
  const clients = await come(lb, '/0', '/1', '/2')
  t.same(held.targets, ['s1 /0', 's2 /2'])
  t.match(servers, [{ counters: { selected: 0 } }, { counters: { selected: 1 } }], 'the algorithm has chosen once')
  held.go()
  await lb.settle()
  held.go()
  await lb.settle()
  t.same(statuses(clients), ['200', '200', '200'])
  t.match(lb.records[1], { target: '/2', server: 's2', redispatched: true })
})

/** A server that counts its connections. */
function counting(): {
  readonly origin: ReturnType<typeof tcp>
  readonly open: Set<unknown>
  all: number
} {
  const open = new Set<unknown>()
  const counts = {
    open,
    all: 0,
    origin: tcp((socket, name) => {
      open.add(socket)
      counts.all++
      socket.on('close', () => open.delete(socket))
      new TestOrigin(socket, name, answer, (error) => {
        throw error
      })
    }),
  }
  return counts
}

for (const strict of [false, true])
  t.test(
    `strictMaxConnections ${strict}: connections that stand idle ${strict ? 'count' : 'do not count'}`,
    async (t) => {
      const counts = counting()
      const server = { maxConnections: 1, strictMaxConnections: strict, poolName: header('x-tenant') }
      await using lb = await site({ server, backend: { reuse: 'always' } }, answer)
      lb.serve('s1', counts.origin)
      const open: number[] = []
      for (const tenant of ['a', 'b', 'c', 'a']) {
        t.match(await lb.inject('/', { headers: { 'x-tenant': tenant } }), { status: 200 })
        open.push(counts.open.size)
      }
      t.same(open, strict ? [1, 1, 1, 1] : [1, 2, 3, 3], 'one of them is closed to make room, or kept')
    },
  )

t.test('preferLastServer: not when that server has no place', async (t) => {
  const held = new Held()
  const server = { maxConnections: 1 }
  await using lb = await site({ servers: 2, server, backend: { preferLastServer: true } }, held.handler)
  const client = await lb.connect()
  await client.send(get('/0'))
  held.go()
  await lb.settle()
  await come(lb, '/1', '/2')
  held.go(1)
  await lb.settle()
  t.same(held.targets, ['s1 /0', 's2 /1', 's1 /2'])
  await client.send(get('/3'))
  t.same(held.targets.at(-1), 's2 /3')
  held.go()
})

for (const [maxKeepAliveQueue, waiting] of [
  [undefined, ['s1 /3', 's2 /other']],
  [1, ['s1 /3', 's2 /other']],
  [0, ['s2 /3', 's1 /other']],
] as const)
  t.test(
    `preferLastServer, maxKeepAliveQueue ${maxKeepAliveQueue}: who may wait for the server it knows`,
    async (t) => {
      const held = new Held()
      const limit = maxKeepAliveQueue === undefined ? {} : { maxKeepAliveQueue }
      const backend: BackendOptions = { preferLastServer: true, reuse: 'never', balance: roundRobin(), ...limit }
      await using lb = await site({ servers: 2, server: { maxConnections: 1 }, backend }, held.handler)
      const client = await lb.connect()
      await client.send(get('/0'))
      held.go()
      await lb.settle()
      // s2 first, so that s1 is the one that comes free last.
      await come(lb, '/1', '/2')
      t.same(held.targets.slice(1), ['s2 /1', 's1 /2'])
      await client.send(get('/3'))
      const [s1] = lb.balancer.backends[0]?.servers ?? []
      t.equal(s1?.queued, maxKeepAliveQueue === 0 ? 0 : 1)
      await come(lb, '/other')
      held.go(1)
      await lb.settle()
      held.go()
      await lb.settle()
      t.same(held.targets.slice(3).sort(), [...waiting].sort())
      held.go()
      await lb.settle()
    },
  )

for (const abortOnClose of [true, false])
  t.test(`abortOnClose ${abortOnClose}: a client that has closed its side while it waits`, async (t) => {
    const held = new Held()
    await using lb = await site({ server: { maxConnections: 1 }, backend: { abortOnClose } }, held.handler)
    const [served, queued, next] = (await come(lb, '/0', '/1', '/2')) as [MemoryClient, MemoryClient, MemoryClient]
    queued.socket.end()
    await lb.settle()
    for (let left = 3; left > 0; left--) {
      held.go()
      await lb.settle()
    }
    t.same(statuses([served, next]), ['200', '200'])
    t.same(held.targets, abortOnClose ? ['s1 /0', 's1 /2'] : ['s1 /0', 's1 /1', 's1 /2'])
    t.match(
      lb.records.find(({ target }) => target === '/1'),
      abortOnClose ? { status: 0, termination: 'CQ' } : { status: 200, termination: '--' },
    )
  })

t.test('who waits in vain for one server is told of with it, and was not chosen by the algorithm', async (t) => {
  const held = new Held()
  await using lb = await site(
    {
      server: { maxConnections: 1 },
      backend: { timeouts: { queue: '1s' }, useServers: [useServer('s1')], retries: 0 },
    },
    held.handler,
  )
  const [, leaving] = (await come(lb, '/0', '/1', '/2')) as [MemoryClient, MemoryClient, MemoryClient]
  leaving.socket.destroy()
  await lb.settle()
  await lb.clock.advance('2s')
  t.match(lb.records, [
    { target: '/1', termination: 'CQ', server: 's1', load: { server: 1 } },
    { target: '/2', termination: 'sQ', server: 's1', load: { server: 1 }, serverQueue: 1 },
  ])
  const backend = lb.balancer.backend('be')
  t.match(backend?.servers[0]?.counters, { selected: 0, connectErrors: 1, clientAborts: 0 })
  t.match(backend?.counters, { selected: 0, connectErrors: 1, clientAborts: 0 })
  held.go()
  await lb.settle()
})

/** Lets time pass by a tenth of a second until all are answered; gives how many were after each whole second. */
async function seconds(lb: InMemory, clients: readonly MemoryClient[], count: number): Promise<number[]> {
  const seen: number[] = []
  for (let second = 0; second < count; second++) {
    seen.push(answered(clients))
    await lb.clock.advance('1s')
  }
  return seen
}

const LIMIT = 4

/** Nobody is refused, and no second has many more than it may. */
function keeps(t: Tap, seen: readonly number[], all: number): void {
  t.equal(seen[0], LIMIT, `at once: ${seen}`)
  t.equal(seen.at(-1), all, 'all in the end')
  for (const [index, now] of seen.entries()) {
    const came = now - (seen[index - 1] ?? 0)
    t.ok(came <= LIMIT + 1, `second ${index}: ${came}`)
  }
}
type Tap = typeof t

for (const [name, given] of [
  ['maxSessionRate of a frontend', { frontend: { maxSessionRate: LIMIT } }],
  ['maxConnectionRate of the balancer', { balancer: { maxConnectionRate: LIMIT } }],
  ['maxSessionRate of the balancer', { balancer: { maxSessionRate: LIMIT } }],
] as const)
  t.test(`${name}: so many each second, the others wait`, async (t) => {
    await using lb = await site(given, answer)
    const clients = await come(lb, ...paths(14))
    keeps(t as unknown as Tap, await seconds(lb, clients, 8), 14)
  })

for (const what of ['connections', 'sessions'])
  t.test(`set rate-limit ${what} global: limits from then on, until it is taken back`, async (t) => {
    await using lb = await site({}, answer)
    const api = new RuntimeApi(lb.balancer)
    t.equal(answered(await come(lb, ...paths(10))), 10)
    await lb.clock.advance('5s')
    t.equal(await api.execute(`set rate-limit ${what} global ${LIMIT}`), '\n')
    const clients = await come(lb, ...paths(14))
    keeps(t as unknown as Tap, await seconds(lb, clients, 8), 14)
    await lb.clock.advance('5s')
    const waiting = await come(lb, ...paths(10))
    t.equal(answered(waiting), LIMIT)
    t.equal(await api.execute(`set rate-limit ${what} global 0`), '\n')
    await lb.settle()
    t.equal(answered(waiting), 10, 'who waits comes in at once')
    await api.close()
  })

t.test('connections that rules reject count for maxConnectionRate and not for maxSessionRate', async (t) => {
  for (const [balancer, left] of [
    [{ maxConnectionRate: LIMIT }, 0],
    [{ maxSessionRate: LIMIT }, LIMIT],
  ] as const) {
    const tcpRequestConnection = [reject().if(src.in('198.51.100.0/24'))]
    await using lb = await site({ balancer, frontend: { tcpRequestConnection } }, answer)
    for (let count = 0; count < LIMIT; count++) await lb.connect({ src: '198.51.100.7' })
    t.equal(answered(await come(lb, ...paths(LIMIT))), left, JSON.stringify(balancer))
  }
})
