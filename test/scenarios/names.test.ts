/** Servers that are found by name: what becomes of them as the answers change, on the test's clock. */
import t from 'tap'
import type { DiscoveredServer } from '../../lib/index.js'
import { Backend, discover, Frontend, Resolvers, Server, serverTemplate } from '../../lib/index.js'
import { type InMemory, inMemory, type Origins, reply } from '../../lib/testing/index.js'
import type { NameAnswer } from '../../lib/testing/memory-names.js'

const NAME = 'api.example.com'
const SERVICE = '_http._tcp.api.example.com'

const resolvers = (hold: Record<string, number> = {}): Resolvers =>
  new Resolvers('dns', {
    nameservers: [{ name: 'ns1', address: '198.51.100.53' }],
    timeouts: { resolve: 1000, retry: 100 },
    hold: { nx: 2000, ...hold },
  })

function run(backend: Backend, names: Record<string, NameAnswer>, origins: Origins = {}): InMemory {
  const site = new Frontend('edge', { bind: ':80', defaultBackend: backend })
  return inMemory({ frontends: [site], names }, origins)
}

/** Each server, where it is, and whether it takes requests. */
const places = (backend: Backend): string[] =>
  backend.servers.map(({ name, unresolved, address, weight }) => `${name} ${unresolved ? '-' : address} ${weight}`)

t.test('servers of one name share its addresses, and heal when all of them were replaced', async (t) => {
  const dns = resolvers()
  const servers = serverTemplate('api', 3, `${NAME}:80`, { resolvers: dns, initialAddress: ['none'] })
  const backend = new Backend('api', { servers })
  await using lb = run(
    backend,
    { [NAME]: ['10.0.0.1', '10.0.0.2'] },
    { api1: () => reply(200, 'one'), api2: () => reply(200, 'two') },
  )
  await lb.started
  t.strictSame(places(backend), ['api1 - 1', 'api2 - 1', 'api3 - 1'])
  t.equal(backend.rotation.length, 0)
  await lb.settle()
  t.strictSame(places(backend), ['api1 10.0.0.1:80 1', 'api2 10.0.0.2:80 1', 'api3 - 1'])
  t.equal((await lb.inject('/')).body, 'one')
  t.equal((await lb.inject('/')).body, 'two')
  lb.names.set(NAME, ['10.0.0.2', '10.0.0.3', '10.0.0.4'])
  await lb.clock.advance(1000)
  t.strictSame(places(backend), ['api1 10.0.0.3:80 1', 'api2 10.0.0.2:80 1', 'api3 10.0.0.4:80 1'])
  lb.names.set(NAME, ['10.9.0.1', '10.9.0.2'])
  await lb.clock.advance(1000)
  t.strictSame(places(backend), ['api1 10.9.0.1:80 1', 'api2 10.9.0.2:80 1', 'api3 - 1'])
  lb.names.set(NAME, 'nx')
  await lb.clock.advance(1000)
  t.equal(backend.rotation.length, 2, 'held')
  await lb.clock.advance(3000)
  t.equal(backend.rotation.length, 0)
  t.equal((await lb.inject('/')).status, 503)
  lb.names.set(NAME, ['10.9.0.1'])
  await lb.clock.advance(1500)
  t.strictSame(places(backend), ['api1 10.9.0.1:80 1', 'api2 - 1', 'api3 - 1'])
  t.equal((await lb.inject('/')).body, 'one')
})

t.test('a server that has an address again starts slowly, and comes to its whole weight', async (t) => {
  const server = new Server('api1', `${NAME}:80`, { resolvers: resolvers({ nx: 0 }), slowStart: '10s', weight: 16 })
  await using lb = run(new Backend('api', { servers: [server] }), { [NAME]: ['10.0.0.1'] })
  await lb.started
  await lb.clock.advance(1000)
  lb.names.set(NAME, 'nx')
  await lb.clock.advance(2000)
  t.ok(server.unresolved)
  lb.names.set(NAME, ['10.0.0.1'])
  while (server.unresolved) await lb.clock.advance(100)
  t.equal(server.effectiveWeight, 1)
  await lb.clock.advance(5000)
  t.ok(server.effectiveWeight > 6 && server.effectiveWeight < 12, `${server.effectiveWeight} of 16 after half the time`)
  await lb.clock.advance(6000)
  t.equal(server.effectiveWeight, 16)
})

t.test('what happened is told', async (t) => {
  const backend = new Backend('api', {
    servers: [new Server('api1', `${NAME}:80`, { resolvers: resolvers({ nx: 0 }) })],
  })
  await using lb = run(backend, { [NAME]: ['10.0.0.1'] })
  const news: string[] = []
  lb.balancer.on('server', ({ change }) => {
    if (change.what === 'address') news.push(`${change.by?.before} by ${change.by?.source}`)
    if (change.what === 'resolution') news.push(`${change.resolved} ${change.reason}`)
  })
  await lb.started
  await lb.settle()
  lb.names.set(NAME, ['10.0.0.2'])
  await lb.clock.advance(1000)
  lb.names.set(NAME, 'nx')
  await lb.clock.advance(1200)
  lb.names.set(NAME, ['10.0.0.2'])
  await lb.clock.advance(1200)
  t.strictSame(news, [
    '198.18.0.1 by dns/ns1',
    '10.0.0.1 by dns/ns1',
    'false DNS NX status',
    'undefined by dns/ns1',
    'true dns/ns1',
  ])
})

t.test('families, networks and doubles', async (t) => {
  const dns = resolvers()
  const none = { resolvers: dns, initialAddress: ['none'] } as const
  const backend = new Backend('api', {
    servers: [
      new Server('six', 'both.test:80', none),
      new Server('four', 'both.test:80', { ...none, resolvePrefer: 4 }),
      new Server('near', 'net.test:80', { ...none, resolveNet: ['10.2.0.0/16'] }),
      new Server('other', 'net.test:80', none),
      new Server('double', 'net.test:80', { ...none, allowDuplicateIp: true }),
      new Server('third', 'net.test:80', none),
      new Server('fixed', 'net.test:80', { resolvers: dns, initialAddress: ['last', '10.7.7.7'] }),
    ],
  })
  await using lb = run(backend, { 'both.test': ['10.0.0.1', '2001:db8::1'], 'net.test': ['10.1.0.1', '10.2.0.1'] })
  await lb.started
  t.equal(backend.server('fixed')?.address, '10.7.7.7:80')
  await lb.settle()
  t.strictSame(places(backend), [
    'six [2001:db8::1]:80 1',
    'four 10.0.0.1:80 1',
    'near 10.2.0.1:80 1',
    'other 10.1.0.1:80 1',
    'double 10.1.0.1:80 1',
    'third - 1',
    'fixed - 1',
  ])
})

t.test('the places of a service are taken and given up: ports, weights, addresses of their names', async (t) => {
  const dns = resolvers({ nx: 0 })
  const backend = new Backend('api', { servers: serverTemplate('s', [1, 3], SERVICE, { resolvers: dns, weight: 7 }) })
  const names: Record<string, NameAnswer> = {
    [SERVICE]: [
      { target: 'a.test', port: 8001, weight: 0 },
      { target: 'b.test', port: 8002, weight: 257 },
    ],
    'a.test': ['10.0.0.1'],
    'b.test': ['10.0.0.2'],
  }
  await using lb = run(backend, names)
  await lb.started
  await lb.settle()
  t.strictSame(places(backend), ['s1 10.0.0.1:8001 0', 's2 10.0.0.2:8002 2', `s3 - 7`])
  t.strictSame(
    backend.servers.map(({ fqdn }) => fqdn),
    ['a.test', 'b.test', undefined],
  )
  lb.names.set(SERVICE, [
    { target: 'b.test', port: 8002, weight: 65_535 },
    { target: 'b.test', port: 8003, weight: 1 },
    { target: 'c.test', port: 80, weight: 1 },
  ])
  lb.names.set('c.test', 'nx')
  await lb.clock.advance(1000)
  t.strictSame(places(backend), ['s1 - 1', 's2 10.0.0.2:8002 256', 's3 10.0.0.2:8003 1'])
  t.equal(backend.server('s1')?.fqdn, 'c.test')
  lb.names.set('c.test', ['10.0.0.3'])
  await lb.clock.advance(2000)
  t.equal(places(backend)[0], 's1 10.0.0.3:80 1')
  lb.names.set('c.test', ['10.0.0.33'])
  await lb.clock.advance(2000)
  t.equal(places(backend)[0], 's1 10.0.0.33:80 1', 'a place may move')
  lb.names.set(SERVICE, 'nx')
  await lb.clock.advance(2000)
  t.strictSame(places(backend), ['s1 - 1', 's2 - 256', 's3 - 1'])
  t.strictSame(
    backend.servers.map(({ fqdn }) => fqdn),
    [undefined, undefined, undefined],
  )
  lb.names.set(SERVICE, [{ target: 'd.test', port: 9000 }])
  lb.names.set('d.test', ['10.0.0.4'])
  await lb.clock.advance(2000)
  t.equal(places(backend).filter((place) => place.includes('10.0.0.4:9000')).length, 1, 'and comes back')
})

t.test('weights of a service that are not wanted', async (t) => {
  const backend = new Backend('api', {
    servers: [new Server('s', SERVICE, { resolvers: resolvers(), weight: 7, ignoreServiceWeight: true })],
  })
  await using lb = run(backend, { [SERVICE]: [{ target: 'a.test', port: 80, weight: 65_535 }], 'a.test': ['10.0.0.1'] })
  await lb.started
  await lb.settle()
  t.strictSame(places(backend), ['s 10.0.0.1:80 7'])
})

t.test('servers that join by name, change it and leave', async (t) => {
  const dns = resolvers()
  const backend = new Backend('api', { servers: [] })
  await using lb = run(backend, { 'a.test': ['10.0.0.1'], 'b.test': ['10.0.0.2'] })
  await lb.started
  const server = new Server('api1', 'a.test:80', { resolvers: dns, initialAddress: ['none'] })
  backend.servers.add(server)
  await lb.settle()
  t.equal(server.address, '10.0.0.1:80')
  server.rename('b.test')
  await lb.settle()
  t.equal(server.address, '10.0.0.2:80')
  lb.names.set('a.test', ['10.9.9.9'])
  await lb.clock.advance(1000)
  t.equal(server.address, '10.0.0.2:80')
  backend.servers.remove(server)
  t.equal(lb.clock.next, Number.POSITIVE_INFINITY, 'nobody is asked any more')
})

t.test('a balancer that stops asks nobody, and asks again when it starts', async (t) => {
  const backend = new Backend('api', { servers: [new Server('api1', `${NAME}:80`, { resolvers: resolvers() })] })
  const lb = run(backend, { [NAME]: ['10.0.0.1'] })
  await lb.started
  await lb.settle()
  await lb.stop()
  t.equal(lb.clock.next, Number.POSITIVE_INFINITY)
  lb.names.set(NAME, ['10.0.0.2'])
  await lb.balancer.start()
  await lb.settle()
  t.equal(backend.server('api1')?.address, '10.0.0.2:80')
  await lb.stop()
})

t.test(
  'a server whose name the system does not know starts all the same when it is looked up, and fails otherwise',
  async (t) => {
    const start = async (server: Server): Promise<unknown> => {
      await using lb = run(new Backend('api', { servers: [server] }), {})
      return lb.started
    }
    await t.resolves(start(new Server('api1', 'x.test:80', { initialAddress: ['none'] })))
    await t.rejects(start(new Server('api1', 'x.test:80', { initialAddress: ['last'] })), /cannot resolve 'x\.test'/)
  },
)

t.test('servers of a source: each list is all of them', async (t) => {
  const lists: (readonly DiscoveredServer[])[] = []
  let next: (() => void) | undefined
  const say = async (list: readonly DiscoveredServer[]): Promise<void> => {
    lists.push(list)
    next?.()
    await lb.settle()
  }
  let calls = 0
  let aborted = false
  const source = discover(async function* ({ signal }) {
    calls++
    signal.addEventListener('abort', () => {
      aborted = true
      next?.()
    })
    for (;;) {
      const list = lists.shift()
      if (list !== undefined) yield list
      else
        await new Promise<void>((resolve) => {
          next = resolve
        })
      if (signal.aborted) return
    }
  })
  const backend = new Backend('api', { servers: source })
  const lb = run(backend, {})
  await lb.started
  t.equal((await lb.inject('/')).status, 503)
  await say([
    { name: 'a', address: '10.0.0.1:80' },
    { name: 'b', address: '10.0.0.2:80', weight: 5 },
  ])
  t.strictSame(places(backend), ['a 10.0.0.1:80 1', 'b 10.0.0.2:80 5'])
  const [a, b] = backend.servers
  await say([
    { name: 'b', address: '10.0.0.22:81', weight: 6 },
    { name: 'c', address: '10.0.0.3:80' },
  ])
  t.strictSame(places(backend), ['b 10.0.0.22:81 6', 'c 10.0.0.3:80 1'])
  t.equal(backend.server('b'), b, 'changed in place')
  t.notOk([...backend.servers].includes(a as Server))
  await say([
    { name: 'b', address: '10.0.0.22:81', weight: 6, backup: true },
    { name: 'c', address: '10.0.0.3:80' },
  ])
  t.not(backend.server('b'), b, 'made anew')
  t.equal(backend.server('b')?.backup, true)
  for (const wrong of [
    [{ name: 'x y', address: '10.0.0.1:80' }],
    [{ name: 'd', address: '10.0.0.999:80' }],
    5,
    [null],
  ]) {
    const faults = lb.faults.length
    await say(wrong as never)
    t.equal(lb.faults.length, faults + 1)
    t.equal(backend.servers.length, 2, 'what is wrong changes nothing')
    const before = calls
    await lb.clock.advance('45s')
    t.equal(calls, before + 1, 'and the source is called again')
  }
  await say([])
  t.equal(backend.servers.length, 0)
  await lb.stop()
  t.ok(aborted)
  t.equal(lb.clock.next, Number.POSITIVE_INFINITY)
})

t.test('a source that fails is called again, later and later; one that ends is not', async (t) => {
  const at: number[] = []
  const source = discover(async function* () {
    at.push(lb.clock.elapsed)
    if (at.length < 8) throw new Error('not yet')
    yield [{ name: 'a', address: '10.0.0.1:80' }]
  })
  const backend = new Backend('api', { servers: source })
  const lb: InMemory = run(backend, {})
  await lb.started
  await lb.clock.advance('10m')
  t.equal(at.length, 8)
  const pauses = at.slice(1).map((time, index) => time - (at[index] as number))
  pauses.forEach((pause, index) => {
    const middle = Math.min(1000 * 2 ** index, 30_000)
    t.ok(pause >= middle * 0.75 && pause <= middle * 1.25, `${pause} ms is about ${middle}`)
  })
  t.equal(lb.faults.length, 7)
  t.strictSame(places(backend), ['a 10.0.0.1:80 1'])
  await lb.stop()
})

t.test('what is refused', async (t) => {
  t.throws(() => discover([] as never), /async generator/)
  t.throws(() => serverTemplate('s', 0, '10.0.0.1:80'), /range/)
  t.throws(() => serverTemplate('s', [3, 1], '10.0.0.1:80'), /range/)
  t.throws(() => serverTemplate('s', 1e9, '10.0.0.1:80'), /range/)
  t.throws(() => new Server('s', 'a.test:80', { resolveNet: ['x'] }), /resolveNet\[0\]/)
  t.throws(() => new Server('s', 'a.test:80', { initialAddress: ['dns'] }), /initialAddress\[0\]/)
  t.throws(() => new Server('s', 'a.test:80', { resolvePrefer: 5 as never }), /resolvePrefer/)
  t.throws(() => new Server('s', 'a.test:80', { resolvers: {} as never }), /resolvers/)
  t.throws(() => new Server('s', 'a.test:80').rename('10.0.0.1'), /is no name/)
  t.throws(() => new Backend('api', { servers: {} as never }), /servers/)
})
