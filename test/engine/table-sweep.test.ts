/** Tables are rid of what is over as time goes by, and only then is there a timer. */
import t from 'tap'
import { TableSweep } from '../../lib/engine/table-sweep.js'
import { Backend, Balancer, counter, Frontend, respond, StickTable, src, track } from '../../lib/index.js'
import { inMemory, TestClock } from '../../lib/testing/index.js'

const tableOf = (expire: string | undefined, size = 10_000) =>
  new StickTable('t', { key: 'integer', size, expire, store: { seen: counter() } })

t.test('entries go soon after their time, a slice at a time', async (t) => {
  const clock = new TestClock()
  const sweep = new TableSweep(clock)
  const table = tableOf('10s')
  sweep.adopt(table)
  for (let key = 0; key < 2500; key++) table.open(table.keyOf(key)!, clock.now())
  await clock.advance('5s')
  table.open(table.keyOf('9999')!, clock.now())
  await clock.advance('4900ms')
  t.equal(table.size, 2501, 'nothing goes before its time')
  await clock.advance('200ms')
  t.equal(table.size, 1)
  await clock.advance('5s')
  t.equal(table.size, 0)
  table.open(table.keyOf(1)!, clock.now())
  await clock.advance('10200ms')
  t.equal(table.size, 0, 'it goes on after it was empty')
  sweep.stop()
})

t.test('no slice takes more than a thousand', async (t) => {
  const turns: (() => void)[] = []
  const clock = {
    now: () => 100_000,
    wall: () => 0,
    after: (_: number, fire: () => void) => {
      turns.push(fire)
      return { cancel: () => {} }
    },
  }
  const table = tableOf('10s')
  for (let key = 0; key < 2500; key++) table.open(table.keyOf(key)!, 0)
  new TableSweep(clock).adopt(table)
  const sizes: number[] = []
  for (let fire = turns.shift(); fire !== undefined; fire = turns.shift()) {
    fire()
    sizes.push(table.size)
  }
  t.strictSame(sizes, [1500, 500, 0])
})

t.test('no slice takes longer than a millisecond, where that is less', async (t) => {
  const turns: (() => void)[] = []
  let now = 100_000
  const clock = {
    now: () => (now += 0.4),
    wall: () => 0,
    after: (_: number, fire: () => void) => {
      turns.push(fire)
      return { cancel: () => {} }
    },
  }
  const table = tableOf('10s')
  for (let key = 0; key < 1000; key++) table.open(table.keyOf(key)!, 0)
  new TableSweep(clock).adopt(table)
  turns.shift()?.()
  t.equal(table.size, 700)
  turns.shift()?.()
  t.equal(table.size, 400)
})

t.test('one in use stays until it is let go, and has no timer meanwhile', async (t) => {
  let timers = 0
  const clock = new TestClock()
  const counting = {
    now: () => clock.now(),
    wall: () => clock.wall(),
    after: (delay: number, fire: () => void) => {
      timers++
      return clock.after(delay, fire)
    },
  }
  const sweep = new TableSweep(counting)
  const table = tableOf('1s')
  sweep.adopt(table)
  const row = table.open(table.keyOf(1)!, clock.now())
  table.hold(row)
  await clock.advance('1m')
  t.equal(table.size, 1)
  t.ok(timers <= 2, `${timers} timers`)
  table.release(row, clock.now())
  await clock.advance('2s')
  t.equal(table.size, 0)
  const endless = tableOf(undefined)
  const before = timers
  sweep.adopt(endless)
  endless.open(endless.keyOf(1)!, clock.now())
  t.equal(timers, before, 'what never expires needs no timer')
})

t.test(
  'a balancer knows the tables that it was told of and those that are tracked at, and lets go of them',
  async (t) => {
    const clients = new StickTable('clients', { key: 'ip', size: 10, expire: '10s', store: { seen: counter() } })
    const other = tableOf('10s')
    const edge = new Frontend('edge', { bind: ':80', httpRequest: [track(clients, src), respond(200)] })
    const lb = inMemory(edge)
    await lb.inject('/')
    t.equal(clients.size, 1)
    t.ok(clients.keeper, 'it was taken into care when it was tracked at')
    await lb.clock.advance('11s')
    t.equal(clients.size, 0)
    await lb.stop()
    t.equal(clients.keeper, undefined)
    const balancer = new Balancer({ frontends: [], backends: [new Backend('b', { servers: [] })], tables: [other] })
    t.strictSame(balancer.tables, [other])
    await balancer.start()
    t.ok(other.keeper)
    await balancer.stop()
    t.equal(other.keeper, undefined)
    t.throws(() => new Balancer({ frontends: [], tables: [{} as StickTable] }), /'tables\[0\]': must be a StickTable/)
  },
)
