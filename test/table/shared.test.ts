import t from 'tap'
import { type SharedNews, TableSharing } from '../../lib/engine/table-sharing.js'
import { src } from '../../lib/match/fetches/connection.js'
import { track } from '../../lib/rules/actions/track.js'
import { concurrent, counter, general, rate, tag } from '../../lib/table/field.js'
import { StickTable, type StickTableOptions } from '../../lib/table/stick-table.js'
import { MemoryStore, memoryStore } from '../../lib/testing/memory-store.js'
import { TestClock } from '../../lib/testing/test-clock.js'
import { exchange } from '../match/context.js'

const store = { requests: rate('10s'), seen: counter(), now: concurrent(), mark: tag(), points: general() }
type Name = keyof typeof store

/** A node: a table of its own, which exchanges by the clock of the test. */
class Node {
  readonly table: StickTable<Name>
  readonly sharing: TableSharing
  readonly clock: TestClock
  readonly news: string[] = []

  constructor(clock: TestClock, shared: MemoryStore, options: Partial<StickTableOptions<Name>> = {}) {
    this.clock = clock
    this.table = new StickTable<Name>('clients', { key: 'ip', size: 100, expire: '60s', store, shared, ...options })
    this.sharing = new TableSharing(clock, ({ what, reason }: SharedNews) => {
      this.news.push(reason === '' ? what : `${what}: ${reason}`)
    })
    this.sharing.adopt(this.table)
    this.sharing.begin()
  }

  /** A request of a client, which is over at once unless somebody releases it. */
  request(client: string, hold = false): ReturnType<typeof exchange> {
    const context = exchange('/', { src: client })
    context.now = this.clock.now()
    track(this.table, src).action(context)
    if (!hold) context.tracked?.[0]?.release(this.clock.now())
    return context
  }

  value(client: string, field: Name): number | undefined {
    return this.table.get(client, this.clock.now())?.values[field]
  }
}

class Group {
  /** Nothing takes more than one turn here. */
  readonly clock = new TestClock(() => new Promise((resolve) => setImmediate(resolve)))
  readonly store: MemoryStore
  readonly nodes: Node[]

  constructor(count: number, options: Partial<StickTableOptions<Name>> = {}, batch = 1000) {
    this.store = memoryStore(this.clock, { batch })
    this.nodes = Array.from({ length: count }, () => new Node(this.clock, this.store, options))
  }

  values(client: string, field: Name): (number | undefined)[] {
    return this.nodes.map((node) => node.value(client, field))
  }
}

const A = '192.0.2.1'
const B = '192.0.2.2'

t.test('every node reads the sum, and each its own part at once', async (t) => {
  const group = new Group(3)
  const [first, second, third] = group.nodes as [Node, Node, Node]
  await group.clock.advance(200)
  for (let i = 0; i < 5; i++) first.request(A)
  for (let i = 0; i < 7; i++) second.request(A)
  t.strictSame(group.values(A, 'seen'), [5, 7, undefined], 'nothing waits for the store')
  await group.clock.advance(100)
  t.strictSame(group.values(A, 'seen'), [12, 12, 12], 'all know within the interval')
  t.strictSame(group.values(A, 'requests'), [12, 12, 12])
  third.request(A)
  t.strictSame(group.values(A, 'seen'), [12, 12, 13])
  await group.clock.advance(100)
  t.strictSame(group.values(A, 'seen'), [13, 13, 13])
  t.match(first.table.shared?.standing, { state: 'joined', nodes: 2, failures: 0, losses: 0, told: 1, strange: 0 })
})

t.test('rules and questions see it: look-ups, tracked values, what add() answers', async (t) => {
  const group = new Group(2)
  const [first, second] = group.nodes as [Node, Node]
  await group.clock.advance(200)
  for (let i = 0; i < 5; i++) first.request(A)
  await group.clock.advance(100)
  const context = second.request(A, true)
  t.equal(second.table.tracked('seen').ask(context), 6)
  t.equal(second.table.lookup('seen', src).ask(context), 6)
  t.equal(second.table.lookup('requests', src).gt(5).test(context), true)
  const { table, clock } = second
  const key = table.keyOf(A)
  t.ok(key !== undefined && table.add(table.find(key, clock.now()), table.field('http_req_cnt'), 1, clock.now()) === 7)
  const rehearsal = exchange('/', { src: A })
  rehearsal.now = clock.now()
  rehearsal.rehearsal = true
  track(table, src).action(rehearsal)
  t.equal(table.tracked('seen').ask(rehearsal), 8, 'a decision that is not carried out counts on a copy of the sum')
  t.equal(second.value(A, 'seen'), 7)
})

t.test('a rate of all nodes slides as the one of one node does', async (t) => {
  const group = new Group(3)
  const alone = new Node(group.clock, memoryStore(group.clock))
  await group.clock.advance(200)
  for (let i = 0; i < 120; i++) {
    group.nodes[i % 3]?.request(A)
    alone.request(A)
    await group.clock.advance(125)
  }
  await group.clock.advance(100)
  for (const wait of [0, 3000, 4000, 4000, 9000]) {
    await group.clock.advance(wait)
    const whole = alone.value(A, 'requests') ?? 0
    for (const sum of group.values(A, 'requests')) t.ok(Math.abs((sum ?? 0) - whole) <= 3, `${sum} of ${whole}`)
  }
})

t.test('a limit holds over all nodes, but for what comes within the interval', async (t) => {
  const group = new Group(3)
  await group.clock.advance(1000)
  let passed = 0
  for (let i = 0; i < 1000; i++) {
    const node = group.nodes[i % 3]
    const context = node?.request(A, true)
    if (context !== undefined && (node?.table.tracked('requests').ask(context) as number) <= 100) passed++
    context?.tracked?.[0]?.release(group.clock.now())
    await group.clock.advance(10)
  }
  t.ok(passed >= 95 && passed <= 105, `${passed} passed`)
})

t.test('a burst within one interval passes as often as there are nodes', async (t) => {
  const group = new Group(3)
  await group.clock.advance(1000)
  let passed = 0
  for (let i = 0; i < 600; i++) {
    const node = group.nodes[i % 3]
    const context = node?.request(A)
    if (context !== undefined && (node?.value(A, 'requests') as number) <= 100) passed++
  }
  t.equal(passed, 300)
  await group.clock.advance(100)
  t.strictSame(group.values(A, 'requests'), [600, 600, 600])
})

t.test('who is connected: each node its own, and those of a node that is gone no more', async (t) => {
  const group = new Group(3)
  const [first, second] = group.nodes as [Node, Node]
  await group.clock.advance(200)
  const held = [first.request(A, true), first.request(A, true), second.request(A, true)]
  await group.clock.advance(100)
  t.strictSame(group.values(A, 'now'), [3, 3, 3])
  held[0]?.tracked?.[0]?.release(group.clock.now())
  await group.clock.advance(100)
  t.strictSame(group.values(A, 'now'), [2, 2, 2])
  second.sharing.stop().catch(t.fail)
  await group.clock.advance(4000)
  t.equal(first.value(A, 'now'), 2, 'it may come back')
  await group.clock.advance(1500)
  t.equal(first.value(A, 'now'), 1)
  t.equal(first.value(A, 'seen'), 3, 'what it has counted stays for as long as the key')
  t.equal(first.table.shared?.standing.nodes, 1)
})

t.test('one that others hold does not make ours negative', async (t) => {
  const group = new Group(2)
  const [first, second] = group.nodes as [Node, Node]
  await group.clock.advance(200)
  const here = first.request(A, true)
  second.request(A, true)
  await group.clock.advance(100)
  const { table, clock } = first
  const key = table.keyOf(A)
  t.ok(key !== undefined)
  if (key !== undefined) table.write(table.find(key, clock.now()), table.field('conn_cur'), 0, clock.now())
  here.tracked?.[0]?.release(clock.now())
  t.equal(first.value(A, 'now'), 1)
})

t.test('what is in use for longer than keys stay is not forgotten by the others', async (t) => {
  const group = new Group(2)
  const [first, second] = group.nodes as [Node, Node]
  await group.clock.advance(200)
  const held = first.request(A, true)
  await group.clock.advance('5m')
  t.equal(second.value(A, 'now'), 1)
  held.tracked?.[0]?.release(group.clock.now())
  await group.clock.advance(100)
  t.equal(second.value(A, 'now'), 0)
})

t.test('tags are each node’s own', async (t) => {
  const group = new Group(2)
  const [first] = group.nodes as [Node]
  await group.clock.advance(200)
  first.request(A)
  const { table, clock } = first
  const key = table.keyOf(A)
  if (key === undefined) throw new Error('no key')
  const row = table.find(key, clock.now())
  table.write(row, table.field('gpt0'), 9, clock.now())
  table.add(row, table.field('gpc0'), 4, clock.now())
  table.touch(row, clock.now())
  await group.clock.advance(100)
  t.strictSame(group.values(A, 'mark'), [9, 0])
  t.strictSame(group.values(A, 'points'), [4, 4])
})

t.test('a restart neither doubles nor loses', async (t) => {
  const group = new Group(2)
  const [first, second] = group.nodes as [Node, Node]
  await group.clock.advance(200)
  for (let i = 0; i < 5; i++) first.request(A)
  second.request(A)
  await group.clock.advance(100)
  await first.sharing.stop()
  const again = new Node(group.clock, group.store)
  await group.clock.advance(200)
  t.equal(again.value(A, 'seen'), 6, 'it is told of its former life, and of the others')
  for (let i = 0; i < 2; i++) again.request(A)
  await group.clock.advance('10s')
  t.strictSame([again.value(A, 'seen'), second.value(A, 'seen')], [8, 8])
  await group.clock.advance('61s')
  t.strictSame([again.value(A, 'seen'), second.value(A, 'seen')], [undefined, undefined], 'keys go as ever')
  t.equal(second.table.shared?.standing.nodes, 1)
})

t.test('what was counted last is told when a node stops', async (t) => {
  const group = new Group(2)
  const [first, second] = group.nodes as [Node, Node]
  await group.clock.advance(200)
  first.request(A)
  await first.sharing.stop()
  await group.clock.advance(50)
  t.equal(second.value(A, 'seen'), 1)
})

t.test('without the store nodes go on alone, and join again', async (t) => {
  const group = new Group(2)
  const [first, second] = group.nodes as [Node, Node]
  await group.clock.advance(200)
  first.request(A)
  second.request(A)
  await group.clock.advance(100)
  group.store.up = false
  for (let i = 0; i < 3; i++) first.request(A)
  for (let i = 0; i < 4; i++) second.request(A)
  await group.clock.advance(3000)
  t.strictSame(group.values(A, 'seen'), [5, 6], 'own and what was known of the other')
  t.match(first.table.shared?.standing, { state: 'alone', reason: 'the store is away', losses: 1, nodes: 1 })
  t.ok((first.table.shared?.standing.failures ?? 0) < 12, 'it is not asked as often as that')
  group.store.up = true
  await group.clock.advance(1200)
  t.strictSame(group.values(A, 'seen'), [9, 9])
  t.strictSame(first.news, ['joined', 'alone: the store is away', 'joined'])
  first.request(A)
  second.request(A)
  await group.clock.advance(100)
  t.strictSame(group.values(A, 'seen'), [11, 11], 'and it goes on as before')
})

t.test('a store that has lost everything is told everything', async (t) => {
  const group = new Group(2, {}, 10)
  const [first, second] = group.nodes as [Node, Node]
  await group.clock.advance(200)
  for (let i = 1; i <= 35; i++) first.request(`192.0.2.${i}`)
  await group.clock.advance(500)
  group.store.clear()
  await group.clock.advance(500)
  const third = new Node(group.clock, group.store)
  await group.clock.advance(500)
  for (let i = 1; i <= 35; i++) t.equal(third.value(`192.0.2.${i}`, 'seen'), 1)
  t.equal(second.value(A, 'seen'), 1)
})

t.test('tables that are made otherwise are refused, and go on alone', async (t) => {
  const group = new Group(1)
  const [first] = group.nodes as [Node]
  await group.clock.advance(200)
  const other = new Node(group.clock, group.store, { store: { ...store, requests: rate('20s') } })
  first.request(A)
  other.request(A)
  await group.clock.advance(500)
  t.strictSame([first.value(A, 'seen'), other.value(A, 'seen')], [1, 1])
  t.match(other.table.shared?.standing, { state: 'refused', losses: 0 })
  t.equal(other.news.length, 1)
  t.match(
    other.news[0],
    /^refused: other nodes share 'clients' as '1 ip http_req_rate\(10000\) .*, this one has '.*20000/,
  )
})

t.test('what is cleared here is forgotten by the others as ours', async (t) => {
  const group = new Group(2)
  const [first, second] = group.nodes as [Node, Node]
  await group.clock.advance(200)
  first.request(A)
  first.request(A)
  second.request(A)
  await group.clock.advance(100)
  first.table.clear(A)
  await group.clock.advance(100)
  t.equal(second.value(A, 'seen'), 1)
})

t.test('only what has changed is told, and of a flood no more than a batch at a time', async (t) => {
  const group = new Group(2, {}, 10)
  const [first, second] = group.nodes as [Node, Node]
  await group.clock.advance(200)
  first.request(A)
  first.request(B)
  await group.clock.advance(1000)
  t.equal(first.table.shared?.standing.told, 2)
  t.equal(second.table.shared?.standing.told, 0, 'what was heard is not told again')
  for (let i = 0; i < 1000; i++) first.request(`2001:db8::${i.toString(16)}`)
  await group.clock.advance(50)
  t.equal(first.table.shared?.standing.told, 12)
  t.equal(first.table.size, 100)
  await group.clock.advance(5000)
  t.ok(second.table.size <= 100)
  t.equal(first.table.shared?.standing.told, 102)
  t.equal(second.value('2001:db8::3e7', 'seen'), 1)
})

t.test('what is no value of ours is counted, and changes nothing', async (t) => {
  const clock = new TestClock()
  const shared = new (class extends MemoryStore {
    override join(): ReturnType<MemoryStore['join']> {
      const items = [
        [A, 'short'],
        ['no address', ''],
        [A, 'x'.repeat(200)],
        [A, '\xff'.repeat(44)],
      ].map(([key, value]) => ({ key: Buffer.from(key ?? ''), value: Buffer.from(value ?? '', 'latin1') }))
      return {
        exchange: async () => {
          const node = { id: '__proto__', seen: clock.wall(), changed: items, forgotten: [Buffer.from('x')] }
          return { time: clock.wall(), lost: false, more: false, nodes: [node] }
        },
        leave: async () => {},
      }
    }
  })(clock, {})
  const node = new Node(clock, shared)
  node.request(A)
  await clock.advance(40)
  t.equal(node.value(A, 'seen'), 1)
  t.match(node.table.shared?.standing, { state: 'joined', strange: 4, heard: 0 })
})

t.test('a store that does not answer is taken for away', async (t) => {
  const clock = new TestClock()
  const shared = new MemoryStore(clock, {})
  const seat = shared.join({ table: 'x', shape: '', node: 'y', keep: 0 })
  shared.join = () => ({ ...seat, exchange: () => new Promise(() => {}) })
  const node = new Node(clock, shared)
  await clock.advance(3000)
  t.match(node.table.shared?.standing, { state: 'alone', reason: 'the store does not answer', failures: 1 })
})

t.test('a table that two balancers use exchanges once', async (t) => {
  const group = new Group(1)
  const [first] = group.nodes as [Node]
  const sharing = new TableSharing(group.clock, () => t.fail('nobody else tells'))
  sharing.adopt(first.table)
  sharing.begin()
  await group.clock.advance(1000)
  await sharing.stop()
  t.equal(first.table.shared?.taken, true)
  await first.sharing.stop()
  t.equal(group.clock.pending, 0, 'no timer is left')
})
