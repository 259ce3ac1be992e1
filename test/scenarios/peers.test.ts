/** Processes that share stick tables, on the test's clock: handshakes, what is told, lessons, silences, collisions. */
import t, { type Test } from 'tap'
import { type PeerEvent, PeersDecoder } from '../../lib/codec/peers-decoder.js'
import { keyTypes } from '../../lib/codec/peers-format.js'
import { PeersWriter } from '../../lib/codec/peers-writer.js'
import {
  concurrent,
  counter,
  Frontend,
  type PeerNews,
  Peers,
  type PeersOptions,
  rate,
  StickTable,
  src,
  storedServerId,
  storedServerKey,
  type TableKey,
  tags,
  track,
} from '../../lib/index.js'
import { type InMemory, type InMemoryOptions, inMemory, type MemorySocket } from '../../lib/testing/index.js'

type Clients = StickTable<'seen' | 'rate'>

const clients = (name = 'clients', size = 1000): Clients =>
  new StickTable(name, { key: 'ipv4', size, expire: '10m', store: { seen: counter(), rate: rate('10s') } })

interface Node {
  readonly lb: InMemory
  readonly table: Clients
  readonly peers: Peers
  readonly news: string[]
}

const places = { a: '10.0.0.1:10000', b: '10.0.0.2:10000', c: '10.0.0.3:10000' }

/** One process of those that `known` names; each tracks whoever comes. */
function node(
  local: string,
  known: readonly string[] = ['a', 'b'],
  more: Partial<InMemoryOptions> & { readonly peersOptions?: Partial<PeersOptions>; readonly table?: Clients } = {},
): Node {
  const { peersOptions, table = clients(), ...rest } = more
  const peers = new Peers('sharedlb', {
    local,
    peers: Object.fromEntries(known.map((name) => [name, places[name as keyof typeof places]])),
    tables: [table],
    ...peersOptions,
  })
  const front = new Frontend(`edge-${local}`, {
    bind: `:${8000 + local.charCodeAt(0)}`,
    httpRequest: [track(table, src)],
  })
  const lb = inMemory({ frontends: [front], peers: [peers], ...rest })
  const news: string[] = []
  lb.balancer.on('peer', ({ peer, what, reason }: PeerNews) => void news.push(`${peer.name} ${what} ${reason}`))
  return { lb, table, peers, news }
}

const seen = ({ table }: Node): Record<string, number> =>
  Object.fromEntries(table.records().map(({ key, values }) => [key, values.seen]))

const peer = ({ peers }: Node, name: string) => peers.standing()?.peers.find((each) => each.name === name)

const visit = async ({ lb }: Node, from: string): Promise<void> => void (await lb.inject('/', { src: from }))

async function both(t: Test): Promise<[Node, Node]> {
  const a = node('a')
  await a.lb.started
  const b = node('b', undefined, { beside: a.lb })
  t.teardown(async () => {
    await b.lb.stop()
    await a.lb.stop()
  })
  await b.lb.started
  await b.lb.settle()
  return [a, b]
}

t.test('what is counted on one is known on the other at once, either way', async (t) => {
  const [a, b] = await both(t)
  t.match(peer(a, 'b'), { status: 'ESTA', established: true, incoming: true })
  t.match(peer(b, 'a'), { status: 'ESTA', established: true, incoming: false })
  await visit(a, '192.0.2.1')
  await visit(a, '192.0.2.1')
  await a.lb.settle()
  t.strictSame(seen(b), { '192.0.2.1': 2 })
  t.equal(b.table.get('192.0.2.1')?.values.rate, 2)
  await visit(b, '192.0.2.1')
  await visit(b, '192.0.2.9')
  await a.lb.settle()
  t.strictSame(seen(a), { '192.0.2.1': 3, '192.0.2.9': 1 }, 'the last one who says something is right')
  t.match(
    peer(a, 'b')?.tables,
    [{ table: 'clients', acknowledged: 1, pushed: 1, received: 2 }].map(({ table }) => ({ table })),
  )
  const { acknowledged, pushed } = peer(a, 'b')?.tables[0] ?? {}
  t.equal(acknowledged, pushed, 'and it is known to have arrived')
})

t.test('what is over here is over there', async (t) => {
  const [a, b] = await both(t)
  await visit(a, '192.0.2.1')
  await a.lb.clock.advance('9m')
  t.strictSame(seen(b), { '192.0.2.1': 1 })
  await a.lb.clock.advance('2m')
  t.equal(b.table.get('192.0.2.1', b.lb.clock.now()), undefined)
})

t.test('who comes back learns everything from one of the others', async (t) => {
  const a = node('a')
  t.teardown(() => a.lb.stop())
  await a.lb.started
  for (let host = 1; host <= 200; host++) await visit(a, `192.0.2.${host}`)
  await a.lb.clock.advance('6s')
  t.equal(a.peers.standing()?.learning, 'done', 'nobody has come who knows more')
  const b = node('b', undefined, { beside: a.lb })
  await b.lb.started
  await b.lb.settle()
  t.equal(b.peers.standing()?.learning, 'done')
  t.equal(b.table.size, 200)
  t.equal(b.table.get('192.0.2.7')?.values.seen, 1)
  const left = ({ table, lb }: Node): number => table.get('192.0.2.7', lb.clock.now())?.expiresIn ?? 0
  t.ok(Math.abs(left(a) - left(b)) <= 1, 'for as long as there')
  t.equal(peer(a, 'b')?.tables[0]?.acknowledged, 200, 'which need not be told again')
  await b.lb.stop()
  await a.lb.settle()
  t.match(a.news.at(-1), /^b lost gone/)
  for (let host = 1; host <= 3; host++) await visit(a, `192.0.2.${host}`)
  const again = node('b', undefined, { beside: a.lb })
  t.teardown(() => again.lb.stop())
  await again.lb.started
  await again.lb.settle()
  t.equal(again.table.size, 200, 'what it has learned before is gone with it: it asks for all')
  t.equal(again.table.get('192.0.2.1')?.values.seen, 2)
})

t.test('of three, those who know not enough are not asked again', async (t) => {
  const all = ['a', 'b', 'c']
  const a = node('a', all)
  await a.lb.started
  await visit(a, '192.0.2.1')
  const b = node('b', all, { beside: a.lb })
  await b.lb.started
  await b.lb.settle()
  t.equal(a.peers.standing()?.learning, 'remote')
  t.equal(b.peers.standing()?.learning, 'remote', 'either has taught the other, and neither knows whether that is all')
  t.strictSame(seen(b), { '192.0.2.1': 1 })
  await a.lb.clock.advance('5s')
  t.equal(a.peers.standing()?.learning, 'done')
  t.equal(b.peers.standing()?.learning, 'done')
  const c = node('c', all, { beside: a.lb })
  await c.lb.started
  await c.lb.settle()
  t.equal(c.peers.standing()?.learning, 'done', 'one of them is enough')
  t.strictSame(seen(c), { '192.0.2.1': 1 })
  for (const each of [a, b, c]) await each.lb.stop()
})

t.test('heartbeats keep a quiet connection, and silence ends it', async (t) => {
  const [a, b] = await both(t)
  const before = peer(a, 'b')?.connections
  await a.lb.clock.advance('1m')
  t.match(peer(a, 'b'), { connections: before, silences: 0 })
  t.ok((peer(a, 'b')?.heartbeatsReceived ?? 0) >= 19)
  t.ok((peer(b, 'a')?.heartbeatsSent ?? 0) >= 19)
})

/** Somebody who speaks as a test says, in the place of `b`. */
class Stranger {
  readonly events: PeerEvent[] = []
  readonly writer = new PeersWriter()
  text = ''
  closed = false
  readonly #socket: MemorySocket
  readonly #decoder = new PeersDecoder(() => true)
  readonly #settle: () => Promise<void>
  #greeted: boolean

  constructor(socket: MemorySocket, { lb }: Node, greeted = false) {
    this.#socket = socket
    this.#settle = lb.settle
    this.#greeted = greeted
    socket.on('error', () => {})
    socket.on('close', () => (this.closed = true))
    socket.on('end', () => socket.destroy())
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
  }

  #take(chunk: Buffer): void {
    if (!this.#greeted) {
      this.text += chunk.toString('latin1')
      const end = this.text.startsWith('HAProxyS') ? /^.*\n.*\n.*\n/.exec(this.text) : /^\d+\n/.exec(this.text)
      if (end === null) return
      this.#greeted = true
      chunk = Buffer.from(this.text.slice(end[0].length), 'latin1')
      this.text = end[0]
    }
    this.#decoder.feed(chunk)
    for (let event = this.#decoder.next(); event !== undefined; event = this.#decoder.next()) this.events.push(event)
    this.#decoder.keep()
  }

  async say(bytes?: Buffer | string): Promise<void> {
    this.#socket.write(bytes ?? this.writer.take())
    await this.#settle()
  }

  get said(): string[] {
    return this.events.map((event) => (event.type === 'control' ? event.control : event.type))
  }

  destroy(): void {
    this.#socket.destroy()
  }
}

/** A node `a`, and what becomes of its calls to `b`. */
async function alone(
  t: Test,
  answer: (stranger: Stranger, count: number) => void,
): Promise<{ a: Node; calls: Stranger[] }> {
  const calls: Stranger[] = []
  const called = (socket: MemorySocket): void => {
    const stranger = new Stranger(socket, a)
    calls.push(stranger)
    answer(stranger, calls.length)
  }
  const a = node('a', undefined, { listeners: { [places.b]: called } })
  t.teardown(() => a.lb.stop())
  await a.lb.started
  await a.lb.settle()
  return { a, calls }
}

t.test('a peer that says nothing is left after 5 seconds, and called again soon', async (t) => {
  const { a, calls } = await alone(t, (stranger) => void stranger.say('200\n'))
  t.equal(calls.length, 1)
  t.equal(calls[0]?.text, `HAProxyS 2.1\nb\na ${process.pid} 1\n`)
  t.strictSame(calls[0]?.said, ['resyncRequest'])
  await a.lb.clock.advance(4999)
  t.strictSame(calls[0]?.said, ['resyncRequest', 'heartbeat'])
  t.notOk(calls[0]?.closed)
  await a.lb.clock.advance(1)
  t.ok(calls[0]?.closed)
  t.match(peer(a, 'b'), { silences: 1, active: false })
  t.strictSame(a.news, ['b established connected', 'b lost silent'])
  const wait = peer(a, 'b')?.reconnectIn ?? 0
  t.ok(wait >= 50 && wait <= 2050, `${wait}`)
  await a.lb.clock.advance(wait)
  t.equal(calls.length, 2)
})

t.test('who does not answer is called every 5 seconds; whatever it answers', async (t) => {
  const answers = ['', '300\n', '501\n', '502\n', '503\n', '504\n', 'what?\n']
  const { a, calls } = await alone(t, (stranger, count) => {
    const answer = answers[(count - 1) % answers.length]
    if (answer !== '') void stranger.say(answer)
  })
  const seenStatus: (string | undefined)[] = []
  for (let count = 1; count <= answers.length; count++) {
    t.equal(calls.length, count)
    seenStatus.push(peer(a, 'b')?.status)
    await a.lb.clock.advance('5s')
    t.ok(calls[count - 1]?.closed)
  }
  t.strictSame(seenStatus, ['CONN', 'RETR', 'PROT', 'VERS', 'NAME', 'UNKN', 'PROT'])
  t.match(a.news.slice(0, 2), ['b refused RETR', 'b refused PROT'])
})

t.test('a connection that breaks is made again, and what was not acknowledged is told again', async (t) => {
  const { a, calls } = await alone(t, (stranger) => void stranger.say('200\n'))
  const [first] = calls as [Stranger]
  await visit(a, '192.0.2.1')
  await visit(a, '192.0.2.2')
  await a.lb.settle()
  const told = (stranger: Stranger | undefined): number[] =>
    stranger?.events.flatMap((event) => (event.type === 'update' ? [event.id] : [])) ?? []
  t.strictSame(told(first), [1, 2])
  first.writer.acknowledge(1, 1)
  await first.say()
  first.destroy()
  await a.lb.settle()
  t.strictSame(a.news, ['b established connected', 'b lost gone'])
  await a.lb.clock.advance(2050)
  t.strictSame(told(calls[1]), [2])
  calls[1]?.writer.acknowledge(1, 77)
  await calls[1]?.say()
  t.equal(peer(a, 'b')?.tables[0]?.acknowledged, 1, 'nobody can have what was never sent')
})

t.test('a lesson is whole before it counts', async (t) => {
  const { a, calls } = await alone(t, (stranger) => void stranger.say('200\n'))
  const [first] = calls as [Stranger]
  const definition = {
    id: 9,
    name: 'clients',
    keyType: keyTypes.ipv4,
    keyLength: 4,
    fields: [{ number: 9, elements: 1, period: 0 }],
    expire: 600_000,
  }
  first.writer.define(definition)
  first.writer.update({ id: 1, key: Buffer.of(192, 0, 2, 1), values: [5], expire: 60_000 })
  await first.say()
  t.strictSame(seen(a), { '192.0.2.1': 5 })
  t.equal(a.table.get('192.0.2.1')?.expiresIn, 60_000)
  first.destroy()
  await a.lb.clock.advance(2050)
  const [, second] = calls as [Stranger, Stranger]
  t.equal(a.peers.standing()?.learning, 'remote')
  t.strictSame(second.said, ['resyncRequest'], 'it is asked again')
  second.writer.control('resyncPartial')
  await second.say()
  t.strictSame(second.said, ['resyncRequest', 'resyncConfirm'])
  t.equal(a.peers.standing()?.learning, 'remote', 'somebody may know more')
  await a.lb.clock.advance('4s')
  second.writer.control('heartbeat')
  await second.say()
  await a.lb.clock.advance('1s')
  t.equal(a.peers.standing()?.learning, 'done', 'nobody does')
})

/** Somebody who calls `a`. */
async function calling(a: Node, hello = 'HAProxyS 2.1\na\nb 1 1\n'): Promise<Stranger> {
  const stranger = new Stranger(a.lb.reach(places.a), a)
  await stranger.say(hello)
  return stranger
}

t.test('who calls is answered as HAProxy answers', async (t) => {
  const a = node('a')
  t.teardown(() => a.lb.stop())
  await a.lb.started
  for (const [hello, answer] of [
    ['HTTP/1.1 2.1\na\nb 1 1\n', '501\n'],
    ['HAProxyS 3.0\na\nb 1 1\n', '502\n'],
    ['HAProxyS 2.1\nx\nb 1 1\n', '503\n'],
    ['HAProxyS 2.1\na\nx 1 1\n', '504\n'],
    ['HAProxyS 2.1\na\n__proto__ 1 1\n', '504\n'],
    [`HAProxyS 2.1\n${'a'.repeat(5000)}`, ''],
  ] as const) {
    const stranger = await calling(a, hello)
    t.equal(stranger.text, answer, JSON.stringify(hello.slice(0, 30)))
    t.ok(stranger.closed)
  }
  t.equal((await calling(a)).text, '200\n')
  t.match(peer(a, 'b'), { incoming: true, established: true })
})

t.test('who connects and does not say who it is, is sent away after 5 seconds; and there is a bound', async (t) => {
  const a = node('a')
  t.teardown(() => a.lb.stop())
  await a.lb.started
  const strangers = await Promise.all(Array.from({ length: 70 }, () => calling(a, 'HAProxyS')))
  t.equal(strangers.filter(({ closed }) => closed).length, 6)
  await a.lb.clock.advance(4999)
  t.equal(strangers.filter(({ closed }) => closed).length, 6)
  await a.lb.clock.advance(1)
  t.ok(strangers.every(({ closed }) => closed))
  t.equal((await calling(a)).text, '200\n')
})

t.test('of two connections between two peers, the one that came last stays', async (t) => {
  const { a, calls } = await alone(t, (stranger) => void stranger.say('200\n'))
  t.equal(peer(a, 'b')?.incoming, false)
  const incoming = await calling(a)
  t.ok(calls[0]?.closed)
  t.match(peer(a, 'b'), { incoming: true, collisions: 1, established: true })
  const second = await calling(a)
  t.ok(incoming.closed)
  t.notOk(second.closed)
  t.equal(peer(a, 'b')?.collisions, 2)
  await a.lb.clock.advance('4s')
  t.equal(calls.length, 1, 'nobody calls meanwhile')
})

t.test('both call at the same time: they find together', async (t) => {
  const first = inMemory({ frontends: [new Frontend('other', { bind: ':1', mode: 'tcp' })] })
  await first.started
  const a = node('a', undefined, { beside: first })
  const b = node('b', undefined, { beside: first })
  t.teardown(async () => {
    for (const lb of [a.lb, b.lb, first]) await lb.stop()
  })
  await Promise.all([a.lb.started, b.lb.started])
  await first.settle()
  await first.clock.advance('30s')
  await visit(a, '192.0.2.1')
  await visit(b, '192.0.2.2')
  await first.settle()
  t.strictSame(seen(a), { '192.0.2.1': 1, '192.0.2.2': 1 })
  t.strictSame(seen(b), { '192.0.2.1': 1, '192.0.2.2': 1 })
})

t.test('who breaks the rules loses its connection and nothing else', async (t) => {
  const a = node('a')
  t.teardown(() => a.lb.stop())
  await a.lb.started
  for (const [bytes, fault] of [
    ['ff00', 'protocol'],
    ['0a80ffffffffffffffffffff', 'protocol'],
    ['0a80f0d20900', 'size'],
    ['0a820507ff746970', 'protocol'],
  ] as const) {
    const stranger = await calling(a)
    await stranger.say(Buffer.from(bytes, 'hex'))
    t.match(stranger.events.at(-1), { type: 'complaint', fault }, bytes)
    t.ok(stranger.closed)
    t.notOk(peer(a, 'b')?.established)
  }
  t.equal(peer(a, 'b')?.protocolErrors, 4)
  const complains = await calling(a)
  await complains.say(Buffer.of(1, 0))
  t.ok(complains.closed)
  t.equal(a.news.at(-1), 'b lost complaint')
  t.equal((await calling(a)).text, '200\n')
})

t.test('a table whose keys are others is left alone, and data that is not stored is passed over', async (t) => {
  const a = node('a')
  t.teardown(() => a.lb.stop())
  await a.lb.started
  const b = await calling(a)
  const fields = [
    { number: 6, elements: 1, period: 0 },
    { number: 9, elements: 1, period: 0 },
    { number: 10, elements: 1, period: 5000 },
    { number: 19, elements: 1, period: 0 },
    { number: 23, elements: 3, period: 0 },
  ]
  const definition = { id: 1, name: 'clients', keyType: keyTypes.ipv4, keyLength: 4, fields, expire: 0 }
  for (const [keyType, keyLength] of [
    [keyTypes.string, 4],
    [keyTypes.ipv4, 8],
  ] as const) {
    b.writer.define({ ...definition, keyType, keyLength })
    b.writer.update({ id: 1, key: Buffer.alloc(keyLength, 65), values: [1, 2, 0, 3, 0, 'x', 1, 2, 3] })
    await b.say()
  }
  t.strictSame(seen(a), {})
  t.notOk(b.said.includes('acknowledged'))
  b.writer.define(definition)
  b.writer.update({ id: 7, key: Buffer.of(192, 0, 2, 1), values: [1, 2, 1000, 3, 4, 'x', 1, 2, 3] })
  await b.say()
  t.strictSame(seen(a), { '192.0.2.1': 2 })
  t.equal(a.table.get('192.0.2.1')?.values.rate, 6, 'three, and nine tenths of four')
  t.match(b.events.at(-1), { type: 'acknowledged', table: 1, update: 7 })
  t.equal(peer(a, 'b')?.tables[0]?.remoteData, 2 ** 6 + 2 ** 9 + 2 ** 10 + 2 ** 19 + 2 ** 23)
})

t.test('keys can be divided among peers', async (t) => {
  const shards = (shard: number): Partial<PeersOptions> => ({
    shards: 2,
    peers: {
      a: '10.0.0.1:10000',
      b: { address: '10.0.0.2:10000', shard },
      c: { address: '10.0.0.3:10000', shard: 3 - shard },
    },
  })
  const a = node('a', undefined, { peersOptions: shards(1) })
  const b = node('b', ['a', 'b'], { beside: a.lb })
  const c = node('c', ['a', 'c'], { beside: a.lb })
  for (const { lb } of [a, b, c]) await lb.started
  for (let host = 1; host <= 100; host++) await visit(a, `192.0.2.${host}`)
  await a.lb.clock.advance('10s')
  const [some, others] = [Object.keys(seen(b)), Object.keys(seen(c))]
  t.equal(new Set([...some, ...others]).size, 100)
  t.equal(some.length + others.length, 100, 'each is told to one')
  t.ok(some.length > 25 && others.length > 25)
  for (const { lb } of [c, b, a]) await lb.stop()
})

t.test('a successor learns from the one that leaves', async (t) => {
  const old = node('a')
  await old.lb.started
  for (let host = 1; host <= 100; host++) await visit(old, `192.0.2.${host}`)
  await old.lb.clock.advance('6s')
  const left = old.lb.stop({ drain: true, handOver: true })
  await old.lb.settle()
  const successor = node('a', undefined, { beside: old.lb, start: { succeeds: true } })
  t.teardown(() => successor.lb.stop())
  await successor.lb.started
  t.equal(successor.peers.standing()?.learning, 'local')
  await successor.lb.clock.advance(200)
  await left
  t.equal(successor.table.size, 100)
  t.equal(successor.peers.standing()?.learning, 'done')
})

t.test('nobody comes: what leaves waits for two seconds, and what comes for five', async (t) => {
  const old = node('a')
  await old.lb.started
  let gone = false
  const left = old.lb.stop({ drain: true, handOver: true }).then(() => (gone = true))
  await old.lb.clock.advance(1900)
  t.notOk(gone)
  await old.lb.clock.advance(200)
  t.ok(gone)
  await left
  const young = node('a', undefined, { start: { succeeds: true } })
  t.teardown(() => young.lb.stop())
  await young.lb.started
  await young.lb.clock.advance(4999)
  t.equal(young.peers.standing()?.learning, 'local')
  await young.lb.clock.advance(1)
  t.equal(young.peers.standing()?.learning, 'remote')
  await young.lb.clock.advance('5s')
  t.equal(young.peers.standing()?.learning, 'done')
})

t.test('many entries are told in turns, at the pace of who reads them', async (t) => {
  const table = clients('clients', 50_000)
  const a = node('a', undefined, { table })
  t.teardown(() => a.lb.stop())
  await a.lb.started
  const now = a.lb.clock.now()
  for (let host = 0; host < 20_000; host++) {
    const key = table.keyOfBytes(Buffer.of(10, 0, host >> 8, host & 255))
    if (key !== undefined) table.touch(table.open(key, now), now)
  }
  const socket = a.lb.reach(places.a)
  socket.on('error', () => {})
  socket.write('HAProxyS 2.1\na\nb 1 1\n')
  await a.lb.settle()
  const before = peer(a, 'b')?.tables[0]?.pushed ?? 0
  t.ok(before > 0 && before < 10_000, `${before} of 20000 were told to who does not read`)
  const b = new Stranger(socket, a)
  await a.lb.settle()
  t.equal(b.events.filter(({ type }) => type === 'update').length, 20_000)
})

t.test(
  'what changes while somebody is taught is told behind the lesson, though nobody had read it before',
  async (t) => {
    const a = node('a')
    t.teardown(() => a.lb.stop())
    await a.lb.started
    await visit(a, '192.0.2.1')
    await visit(a, '192.0.2.2')
    // It asks in the same breath in which it says who it is: what has changed so far has never been told by itself.
    const b = await calling(a, `HAProxyS 2.1\na\nb 1 1\n${Buffer.of(0, 0).toString('latin1')}`)
    t.ok(b.said.includes('resyncPartial'))
    const values = (): unknown[] => b.events.flatMap((event) => (event.type === 'update' ? [event.values[0]] : []))
    t.strictSame(values(), [1, 1])
    await visit(a, '192.0.2.1')
    b.writer.control('resyncConfirm')
    await b.say()
    t.strictSame(values(), [1, 1, 2])
    await visit(a, '192.0.2.1')
    await a.lb.settle()
    t.strictSame(values(), [1, 1, 2, 3])
  },
)

t.test('however far a peer lags behind, and whatever goes meanwhile, it ends with all that is there', async (t) => {
  const table = clients('clients', 5000)
  const a = node('a', undefined, { table })
  t.teardown(() => a.lb.stop())
  await a.lb.started
  const socket = a.lb.reach(places.a)
  socket.on('error', () => {})
  socket.write('HAProxyS 2.1\na\nb 1 1\n')
  await a.lb.settle()
  const now = a.lb.clock.now()
  const field = table.field('http_req_cnt')
  // Six times as many changes as there is room for entries, a key now and then again, the first ones long gone.
  for (let change = 0; change < 30_000; change++) {
    const host = change % 7 === 0 ? change >> 2 : change
    const key = table.keyOfBytes(Buffer.of(10, 0, host >> 8, host & 255))
    if (key === undefined) continue
    const row = table.open(key, now)
    table.write(row, field, change, now)
    table.touch(row, now)
    if (change % 1000 === 0) await a.lb.settle()
  }
  const b = new Stranger(socket, a)
  await a.lb.settle()
  const heard = new Map<string, unknown>()
  for (const event of b.events)
    if (event.type === 'update') heard.set(Buffer.from(event.key).join('.'), event.values[0])
  t.equal(table.size, 5000)
  const lost = table.records(now).filter(({ key, values }) => heard.get(key) !== values.seen)
  t.strictSame(lost, [])
  t.ok(heard.size < 20_000, `${heard.size} keys: what had gone before it was told is not told`)
})

t.test('what each process has of its own is not learned, unless the table is there for that', async (t) => {
  for (const receiveOnly of [false, true]) {
    const copies = new StickTable('copies', {
      key: 'ipv4',
      size: 10,
      store: { server: storedServerId(), key: storedServerKey() },
    })
    const table = new StickTable('clients', {
      key: 'ipv4',
      size: 10,
      receiveOnly,
      writeTo: copies as unknown as StickTable,
      store: { now: concurrent(), seen: counter(), server: storedServerId(), key: storedServerKey(), kinds: tags(2) },
    })
    const peers = new Peers('P', { local: 'a', peers: { a: places.a, b: places.b }, tables: [table] })
    const lb = inMemory({ frontends: [new Frontend('edge', { bind: ':80' })], peers: [peers] })
    await lb.started
    const b = new Stranger(lb.reach(places.a), { lb } as Node)
    await b.say('HAProxyS 2.1\na\nb 1 1\n')
    b.writer.define({
      id: 1,
      name: 'clients',
      keyType: keyTypes.ipv4,
      keyLength: 4,
      fields: [
        { number: 0, elements: 1, period: 0 },
        { number: 6, elements: 1, period: 0 },
        { number: 9, elements: 1, period: 0 },
        { number: 19, elements: 1, period: 0 },
        { number: 22, elements: 3, period: 0 },
      ],
      expire: 0,
    })
    b.writer.update({ id: 1, key: Buffer.of(10, 0, 0, 1), values: [7, 8, 9, 'web1', 1, 2, 3] })
    b.writer.update({ id: 2, key: Buffer.of(10, 0, 0, 2), values: [1, 1, 1, 'x'.repeat(2000), 1, 2, 3] })
    await b.say()
    const learned = table.get('10.0.0.1')?.values
    t.equal(learned?.now, receiveOnly ? 8 : 0)
    t.equal(learned?.seen, 9)
    const row = (
      of: { keyOf(key: string): TableKey | undefined; find(key: TableKey, now: number): number },
      key: string,
    ) => {
      const made = of.keyOf(key)
      return made === undefined ? -1 : of.find(made, lb.clock.now())
    }
    t.equal(table.readText(row(table, '10.0.0.1'), table.field('server_key')), 'web1')
    t.equal(table.readText(row(table, '10.0.0.2'), table.field('server_key')), undefined, 'too long for a name')
    t.equal(table.read(row(table, '10.0.0.1'), table.field('gpt'), lb.clock.now(), 1), 2)
    t.equal(copies.get('10.0.0.1')?.values.server, 7)
    t.equal(copies.readText(row(copies, '10.0.0.1'), copies.field('server_key')), 'web1')
    await lb.stop()
  }
})

t.test('who never reads what it asks for is left', async (t) => {
  const a = node('a')
  t.teardown(() => a.lb.stop())
  await a.lb.started
  const socket = a.lb.reach(places.a)
  socket.on('error', () => {})
  socket.write('HAProxyS 2.1\na\nb 1 1\n')
  await a.lb.settle()
  const lessons = Buffer.of(0, 1)
  socket.write(Buffer.alloc(524_288 + 65_536, lessons))
  for (let turns = 0; turns < 20_000 && !a.news.at(-1)?.includes('lost'); turns++)
    await new Promise<void>((resolve) => setImmediate(resolve))
  t.notOk(peer(a, 'b')?.established)
  t.match(a.news.at(-1), /^b lost broken/)
})

t.test('what cannot be listened at is told, and nothing runs', async (t) => {
  const a = node('a')
  t.teardown(() => a.lb.stop())
  await a.lb.started
  const twin = node('a', undefined, { beside: a.lb })
  await t.rejects(twin.lb.started, { message: /Peers 'sharedlb'.*'10.0.0.1:10000' is in use by another program/ })
})

t.test('a disabled group does nothing', async (t) => {
  const a = node('a', undefined, { peersOptions: { disabled: true } })
  t.teardown(() => a.lb.stop())
  await a.lb.started
  t.equal(a.peers.standing(), undefined)
  t.throws(() => a.lb.reach(places.a), { code: 'ECONNREFUSED' })
})

t.test('one that is paused listens nowhere, keeps whoever is there, and goes on', async (t) => {
  const [a, b] = await both(t)
  t.equal(peer(a, 'b')?.established, true)
  await a.lb.balancer.pause()
  await a.lb.balancer.pause()
  t.throws(() => a.lb.reach(places.a), { code: 'ECONNREFUSED' })
  t.equal(a.lb.balancer.frontends[0]?.halted, 'paused')
  t.equal(peer(a, 'b')?.established, true, 'who is connected stays')
  await visit(b, '192.0.2.1')
  await a.lb.settle()
  t.strictSame(seen(a), { '192.0.2.1': 1 })

  // Somebody else may listen there meanwhile; then it cannot have its place again.
  const other = node('a', undefined, { beside: a.lb })
  await other.lb.started
  await t.rejects(a.lb.balancer.resume(), { message: /is in use by another program/ })
  await other.lb.stop()

  await a.lb.balancer.pause()
  await a.lb.balancer.resume()
  t.equal(a.lb.balancer.frontends[0]?.halted, undefined)
  t.equal((await calling(a)).text, '200\n')
  await visit(a, '192.0.2.2')
  t.equal(a.table.size, 2)
})
