/** A balancer that goes on where another one has stopped. */
import t from 'tap'
import { Backend, type BackendSnapshot, Frontend, Server } from '../../lib/index.js'
import { inMemory, reply } from '../../lib/testing/index.js'

const site = (weight = 10): Frontend => {
  const servers = [
    new Server('a', '10.0.0.1:80', { weight }),
    new Server('b', '10.0.0.2:80', { maxConnections: 5 }),
    new Server('__proto__', '10.0.0.3:80'),
  ]
  return new Frontend('fe', { bind: ':80', defaultBackend: new Backend('be', { servers }) })
}

t.test('counters, orders, health, weights, limits and addresses go over, as JSON', async (t) => {
  await using one = inMemory(site(), { a: reply(200), b: reply(404), __proto__: reply(200) })
  for (let count = 0; count < 12; count++) await one.inject('/')
  const [a, b, odd] = one.balancer.backends[0]?.servers ?? []
  a?.setWeight('50%')
  a?.move('10.0.0.9')
  b?.order('drain')
  if (b !== undefined) b.maxConnections = 7
  odd?.forceHealth('down')
  const saved = JSON.parse(JSON.stringify(one.balancer.snapshot()))

  await using two = inMemory(site(), { a: reply(200) })
  await two.started
  two.balancer.restore(saved)
  t.match(two.balancer.backends[0]?.servers, [
    { name: 'a', weight: 5, address: '10.0.0.9:80', admin: 'ready', up: true },
    { name: 'b', admin: 'drain', maxConnections: 7 },
    { name: '__proto__', up: false },
  ])
  const { fe } = two.stats().frontends
  t.match(fe, { total: 12, requests: 12, current: 0, responses: one.stats().frontends['fe']?.responses })
  t.equal(two.stats().backends['be']?.total, 12)
  t.same(
    two.balancer.backends[0]?.rotation.map(({ name }) => name),
    ['a'],
  )
})

t.test('a weight that was written otherwise since counts, and what is unknown is left', async (t) => {
  await using one = inMemory(site(10))
  one.balancer.backends[0]?.servers[0]?.setWeight(3)
  const saved = one.balancer.snapshot()
  await using two = inMemory(site(20))
  two.balancer.restore(saved)
  t.equal(two.balancer.backends[0]?.servers[0]?.weight, 20)
  const other = new Frontend('other', { defaultBackend: new Backend('elsewhere', { servers: [] }) })
  await using three = inMemory(other)
  three.balancer.restore(saved)
  t.equal(three.stats().frontends['other']?.total, 0)
  t.same(Object.keys((saved.backends['be'] as BackendSnapshot).servers), ['a', 'b', '__proto__'])
  for (const wrong of [undefined, {}, { ...saved, version: 2 }])
    t.throws(() => three.balancer.restore(wrong as never), { message: /what snapshot\(\) gave/ })
})

t.test('of a snapshot with a fault anywhere, nothing is taken over', async (t) => {
  await using one = inMemory(site())
  one.balancer.backends[0]?.servers[0]?.setWeight(3)
  await using two = inMemory(site())
  const saved = (): { backends: { be: { servers: { a: object; b: Record<string, unknown> } } } } =>
    JSON.parse(JSON.stringify(one.balancer.snapshot()))
  for (const [name, value] of [
    ['weight', 999],
    ['admin', 'away'],
    ['address', '10.0.0.1:99999'],
    ['maxConnections', -1],
    ['counters', { total: 'many' }],
    ['unchangedFor', null],
  ] as const) {
    const wrong = saved()
    wrong.backends.be.servers.b[name] = value
    t.throws(() => two.balancer.restore(wrong as never), { name: 'OptionError' }, name)
    t.equal(two.balancer.backends[0]?.servers[0]?.weight, 10, `${name}: the first server is as it was`)
  }
  two.balancer.restore(saved() as never)
  t.equal(two.balancer.backends[0]?.servers[0]?.weight, 3)
})
