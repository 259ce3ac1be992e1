/** Balancers that count together: what their users see of it. */
import t, { type Test } from 'tap'
import {
  Balancer,
  deny,
  Frontend,
  OptionError,
  Peers,
  rate,
  respond,
  type SharedStore,
  StickTable,
  src,
  track,
} from '../../lib/index.js'
import { type InMemory, inMemory, memoryStore, TestClock } from '../../lib/testing/index.js'

function tableOf(shared: SharedStore): StickTable<'requests'> {
  return new StickTable('clients', { key: 'ip', size: 100, expire: '1m', store: { requests: rate('10s') }, shared })
}

function node(clients: StickTable<'requests'>, clock: TestClock, beside?: InMemory, place = 2, limit = 3): InMemory {
  const edge = new Frontend('edge', {
    bind: beside === undefined ? '10.0.0.1:80' : `10.0.0.${place}:80`,
    httpRequest: [track(clients, src), deny(429).if(clients.tracked('requests').gt(limit)), respond(200)],
  })
  return inMemory({ frontends: [edge], tables: [clients], ...(beside === undefined ? { clock } : { beside }) })
}

t.test('a limit holds over two balancers, whose stats and events say how it goes', async (t) => {
  const clock = new TestClock()
  const store = memoryStore(clock)
  await using first = node(tableOf(store), clock)
  const table = tableOf(store)
  await using second = node(table, clock, first)
  const news: string[] = []
  second.balancer.on(
    'shared',
    ({ table: { name }, what, reason }) => void news.push(`${name} ${what} ${reason}`.trim()),
  )
  await first.started
  await second.started
  await clock.advance(200)
  for (let i = 0; i < 3; i++) t.match(await first.inject('/'), { status: 200 })
  await clock.advance(100)
  t.match(await second.inject('/'), { status: 429 })
  t.match(second.stats().shared, { clients: { state: 'joined', nodes: 1, heard: 1 } })
  store.up = false
  await clock.advance(100)
  t.match(second.stats().shared, { clients: { state: 'alone', reason: 'the store is away', losses: 1 } })
  t.strictSame(news, ['clients joined', 'clients alone the store is away'])
  const explained = String(await second.balancer.explain('http://10.0.0.2/', { src: '192.0.2.9' }))
  t.match(explained, /200/)
  await second.stop()
  t.equal(table.shared?.taken, false)
})

/** Three that count together up to 100, and exchange at moments of their own. */
async function three(t: Test): Promise<{ clock: TestClock; ask: (which: number) => Promise<number> }> {
  const clock = new TestClock()
  const store = memoryStore(clock)
  const nodes: InMemory[] = []
  for (const place of [1, 2, 3]) {
    const one = node(tableOf(store), clock, nodes[0], place, 100)
    t.teardown(() => one.stop())
    await one.started
    nodes.push(one)
    await clock.advance(17)
  }
  await clock.advance(200)
  return { clock, ask: async (which) => (await (nodes[which] as InMemory).inject('/', { src: '192.0.2.1' })).status }
}

t.test('1,000 requests, spread evenly over three and over 10 s: 100 ± 5 pass', async (t) => {
  const { clock, ask } = await three(t)
  let passed = 0
  for (let count = 0; count < 1000; count++) {
    if ((await ask(count % 3)) === 200) passed++
    await clock.advance(10)
  }
  t.comment(`${passed} passed`)
  t.ok(passed >= 95 && passed <= 105, `${passed} passed`)
})

t.test('a burst within one interval passes on each node by itself, and counts whole in the next', async (t) => {
  const { clock, ask } = await three(t)
  let passed = 0
  for (let count = 0; count < 600; count++) if ((await ask(count % 3)) === 200) passed++
  t.equal(passed, 300)
  await clock.advance(100)
  for (const which of [0, 1, 2]) t.equal(await ask(which), 429)
})

t.test('one node alone lets through what the limit says, and the others nothing an interval later', async (t) => {
  const { clock, ask } = await three(t)
  for (let count = 0; count < 100; count++) t.equal(await ask(0), 200)
  await clock.advance(100)
  for (const which of [0, 1, 2]) t.equal(await ask(which), 429)
})

t.test('peers cannot teach what is shared', async (t) => {
  const table = tableOf(memoryStore(new TestClock()))
  const peers = new Peers('p', { local: 'a', peers: { a: '127.0.0.1:1' }, tables: [table] })
  t.throws(() => new Balancer({ frontends: [], peers: [peers] }), {
    name: OptionError.name,
    message: /table 'clients' is shared through a store/,
  })
})

t.test('what is no store is told of', async (t) => {
  t.throws(() => new StickTable('x', { key: 'ip', size: 1, shared: 'redis://127.0.0.1' as never }), {
    message: /shared.*redisStore\(\)/,
  })
})
