/** Thousands of requests, while servers, binds and frontends come and go under them: none is lost. */
import t from 'tap'
import { Backend, Frontend, leastConn, roundRobin, Server } from '../../lib/index.js'
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
