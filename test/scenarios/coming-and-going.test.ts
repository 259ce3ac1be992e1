/** Thousands of requests, while servers, binds and frontends come and go under them: none is lost. */
import t from 'tap'
import { Backend, deny, Frontend, leastConn, roundRobin, Server, source } from '../../lib/index.js'
import { inMemory, type Origin, reply } from '../../lib/testing/index.js'

const ok: Origin = async () => {
  // Some turns of the loop, so that there is always something under way.
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
  return reply(200, 'ok')
}
const algorithms = { roundRobin: roundRobin(), leastConn: leastConn() }

for (const [name, balance] of Object.entries(algorithms))
  t.test(`servers come and go (${name})`, async (t) => {
    const place = (number: number): string => `10.0.0.${number}:80`
    const backend = new Backend('be', { balance, servers: [1, 2, 3].map((n) => new Server(`s${n}`, place(n))) })
    const edge = new Frontend('fe', { bind: '127.0.0.1:80', defaultBackend: backend })
    await using lb = inMemory(edge, { s1: ok, s2: ok, s3: ok })
    await lb.started
    const leaving: (Promise<void> | undefined)[] = []
    const served = new Map<string, number>()
    lb.balancer.on('record', ({ server = '-' }) => void served.set(server, (served.get(server) ?? 0) + 1))
    let next = 4
    for (let round = 0; round < 50; round++) {
      const burst = Array.from({ length: 20 }, () => lb.inject('/'))
      // The oldest leaves while it serves, and a new one takes its place.
      const added = new Server(`s${next}`, place(next))
      backend.servers.add(added)
      lb.serve(added.name, ok)
      leaving.push(backend.servers.remove(`s${next - 3}`)?.gone)
      next++
      if (round % 7 === 0) {
        await lb.balancer.frontends.add(new Frontend('extra', { bind: '127.0.0.1:81', defaultBackend: backend }))
        burst.push(lb.inject('/', { frontend: 'extra' }))
        await edge.binds.add('127.0.0.1:82')
      }
      t.same([...new Set((await Promise.all(burst)).map(({ status }) => status))], [200], `round ${round}`)
      if (round % 7 === 0) {
        await edge.binds.remove('127.0.0.1:82')?.gone
        await lb.balancer.frontends.remove('extra')?.gone
      }
    }
    await Promise.all(leaving)
    t.equal(leaving.length, 50)
    t.notOk(lb.records.some(({ termination }) => termination !== '--'))
    t.equal(served.size > 40, true, 'all had their share')
    t.same(
      backend.servers.map(({ name: each }) => each),
      ['s51', 's52', 's53'],
    )
    t.match(lb.stats(), { underWay: 0, connections: 0, backends: { be: { current: 0, queued: 0 } } })
  })

t.test('who has tried a server that is removed meanwhile goes elsewhere with the next try', async (t) => {
  const backend = new Backend('be', {
    balance: source(),
    redispatch: true,
    retries: 5,
    servers: [new Server('a', '10.0.0.1:80'), new Server('b', '10.0.0.2:80')],
  })
  const edge = new Frontend('fe', { bind: ':80', defaultBackend: backend })
  await using lb = inMemory({ frontends: [edge], autoAdvance: false })
  await lb.started
  const answer = lb.inject('/')
  await lb.settle()
  const tried = backend.servers.find(({ active }) => active === 1) as Server
  const other = backend.servers.find((server) => server !== tried) as Server
  backend.servers.remove(tried)
  lb.serve(other.name, reply(200))
  await lb.clock.advance('1s')
  t.match(await answer, { status: 200, record: { server: other.name, retries: 1, redispatched: true } })
})

for (const redispatch of [true, false])
  t.test(`a server goes into maintenance while its client rests (redispatch: ${redispatch})`, async (t) => {
    const servers = [new Server('a', '10.0.0.1:80'), new Server('b', '10.0.0.2:80')]
    const backend = new Backend('be', { balance: source(), redispatch, retries: 3, servers })
    const edge = new Frontend('fe', { bind: ':80', defaultBackend: backend })
    await using lb = inMemory({ frontends: [edge], autoAdvance: false })
    await lb.started
    const answer = lb.inject('/')
    await lb.settle()
    const tried = servers.find(({ active }) => active === 1) as Server
    const other = servers.find((server) => server !== tried) as Server
    for (const { name } of servers) lb.serve(name, ({ server }) => reply(200, server))
    await lb.clock.advance(999)
    tried.admin = 'maint'
    await lb.clock.advance(1)
    t.match(await answer, { status: 200, body: other.name, record: { server: other.name, redispatched: true } })
    t.match(
      servers.map(({ active }) => active),
      [0, 0],
    )
  })

t.test('rules for requests cannot be put into what has none, while it runs', async (t) => {
  const plain = new Frontend('plain', { mode: 'tcp' })
  t.throws(() => plain.httpRequest.append(deny()), { message: /no requests in mode 'tcp'/ })
  t.throws(() => new Backend('plain', { mode: 'tcp' }).httpResponse.replace(deny()), { message: /mode 'tcp'/ })
  t.doesNotThrow(() => plain.httpRequest.replace())
})
