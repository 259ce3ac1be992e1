/** When a name counts as lost and found: the clock, and what was said before. */
import t from 'tap'
import { decodeAnswer, encodeQuestion } from '../../lib/codec/dns-message.js'
import { keyOf, NameRecords, recordsIn } from '../../lib/engine/name-records.js'
import type { Peer } from '../../lib/engine/network.js'
import { type Follower, Resolution } from '../../lib/engine/resolution.js'
import { type HoldStatus, Resolvers, type ResolversOptions } from '../../lib/match/resolvers.js'
import type { NameAnswer } from '../../lib/testing/memory-names.js'
import { MemoryNetwork } from '../../lib/testing/memory-network.js'
import { TestClock } from '../../lib/testing/test-clock.js'
import { TestRandom } from '../../lib/testing/test-random.js'
import { answerBytes, type Rec } from './support/name-server.js'

const NAME = 'api.example.com'

class Notes implements Follower {
  readonly lines: string[] = []
  readonly #clock: TestClock

  constructor(clock: TestClock) {
    this.#clock = clock
  }

  found(records: Parameters<Follower['found']>[0]): boolean {
    this.lines.push(`${this.#clock.elapsed} ${records.map(keyOf).join(' ')}`)
    return true
  }

  lost(status: HoldStatus): void {
    this.lines.push(`${this.#clock.elapsed} lost: ${status}`)
  }
}

const quick: ResolversOptions = {
  nameservers: ['198.51.100.53'],
  timeouts: { resolve: 300, retry: 70 },
  hold: { nx: 500, refused: 450, timeout: 600, other: 700 },
}

function setUp(said: NameAnswer, options: ResolversOptions = quick) {
  const network = new MemoryNetwork(() => 'refuse')
  const clock = new TestClock()
  clock.settle = network.settle
  network.names.set(NAME, said)
  const dns = new Resolvers('dns', options)
  const resolution = new Resolution({ clock, random: new TestRandom(), network }, dns, NAME, {
    kind: 'address',
    prefer: 6,
  })
  const notes = new Notes(clock)
  const say = (next: NameAnswer): void => void network.names.set(NAME, next)
  const sent = (): number => dns.nameservers[0]?.figures.sent ?? 0
  return { network, clock, dns, resolution, lines: notes.lines, notes, say, sent }
}

t.test('a name is asked for again and again, and whoever comes later hears what is known', async (t) => {
  const { clock, resolution, notes, lines } = setUp(['10.0.0.1'])
  resolution.follow(notes)
  await clock.advance(700)
  t.strictSame(lines, ['0 10.0.0.1', '300 10.0.0.1', '600 10.0.0.1'])
  const late = new Notes(clock)
  resolution.follow(late)
  t.strictSame(late.lines, ['700 10.0.0.1'])
  resolution.leave(notes)
  resolution.leave(late)
  t.equal(clock.next, Number.POSITIVE_INFINITY, 'nobody follows, nothing is asked')
})

for (const [said, status, hold] of [
  ['nx', 'nx', 500],
  ['refused', 'refused', 450],
  ['failure', 'other', 700],
  [[], 'other', 700],
] as const)
  t.test(`${said || 'no records'}: three tries, and what was known counts as long as it is held`, async (t) => {
    const { clock, resolution, notes, lines, say, sent } = setUp(['10.0.0.1'])
    resolution.follow(notes)
    await clock.advance(1)
    t.equal(sent(), 2, 'AAAA first, then A')
    say(said)
    await clock.advance(298)
    await clock.advance(1)
    t.equal(sent(), 4, 'both families at once')
    await clock.advance(69)
    t.equal(sent(), 4)
    await clock.advance(1)
    t.equal(sent(), 6)
    await clock.advance(70)
    t.equal(sent(), 8)
    t.equal(lines.length, 1, 'it has failed, and is held')
    // Fails at 440, 880, 1320 …: the last good answer was at 0.
    await clock.advance(2000)
    const expected = [440, 880, 1320].find((at) => at >= hold)
    t.equal(lines[1], `${expected} lost: ${status}`)
    say(['10.0.0.2'])
    await clock.advance(500)
    t.match(lines.at(-1), /^\d+ 10\.0\.0\.2$/, 'found at the first good answer')
  })

t.test('silence: the same is asked again, and the other family is not', async (t) => {
  const { clock, resolution, notes, lines, say, sent } = setUp(['10.0.0.1'])
  resolution.follow(notes)
  await clock.advance(1)
  say('silent')
  await clock.advance(299)
  t.equal(sent(), 3)
  await clock.advance(70)
  t.equal(sent(), 4)
  await clock.advance(70)
  t.equal(sent(), 5)
  await clock.advance(70)
  t.equal(sent(), 5, 'failed at 510')
  t.equal(lines.length, 1)
  await clock.advance(300)
  t.equal(sent(), 6, 'and again at 810')
  await clock.advance(210)
  t.strictSame(lines.slice(1), ['1020 lost: timeout'])
})

t.test('a name that never had an address is lost at once', async (t) => {
  const { clock, resolution, notes, lines } = setUp('nx')
  resolution.follow(notes)
  await clock.advance(140)
  t.strictSame(lines, ['140 lost: nx'])
})

t.test('an address that is not said any more counts for as long as it is obsolete', async (t) => {
  const { clock, resolution, notes, lines, say } = setUp(['10.0.0.1', '10.0.0.2'], {
    ...quick,
    hold: { obsolete: 500 },
  })
  resolution.follow(notes)
  await clock.advance(1)
  say(['10.0.0.2', '10.0.0.3'])
  await clock.advance(600)
  t.strictSame(lines, ['0 10.0.0.1 10.0.0.2', '300 10.0.0.1 10.0.0.2 10.0.0.3', '600 10.0.0.2 10.0.0.3'])
})

t.test('of several name servers, the first good answer counts, and failures when all have failed', async (t) => {
  const { clock, resolution, notes, lines, network, dns } = setUp('nx', {
    ...quick,
    nameservers: ['198.51.100.1', '198.51.100.2', '198.51.100.3'],
  })
  const datagrams = network.datagrams.bind(network)
  network.datagrams = (peer: Peer, heard: (bytes: Buffer) => void) => {
    if (peer.host === '198.51.100.3') return { send: () => {}, close: () => {} }
    return datagrams(peer, peer.host === '198.51.100.2' ? (bytes) => heard(answerOf(bytes)) : heard)
  }
  resolution.follow(notes)
  await clock.advance(200)
  t.strictSame(lines, ['70 192.0.2.9'])
  t.equal(dns.nameservers[0]?.figures.nx, 2)
  t.equal(dns.nameservers[2]?.figures.timeout, 1)
})

/** Makes a good answer of a bad one to a question for A. */
function answerOf(bytes: Buffer): Buffer {
  const decoded = decodeAnswer(bytes)
  if (decoded?.question?.type !== 'A') return bytes
  const question = encodeQuestion(decoded.id, decoded.question.name, 'A', 512)
  return answerBytes(question, { answers: [{ name: NAME, type: 'A', data: '192.0.2.9' }] })
}

t.test('only the families that are wanted', async (t) => {
  const { clock, resolution, notes, lines, sent } = setUp(['10.0.0.1', '2001:db8::1'], { ...quick, families: [4] })
  resolution.follow(notes)
  await clock.advance(1)
  t.strictSame(lines, ['0 10.0.0.1'])
  t.equal(sent(), 1)
})

t.test('without a name server there is no answer', async (t) => {
  const { clock, resolution, notes, lines, network } = setUp('nx', {})
  network.nameservers = () => []
  resolution.follow(notes)
  await clock.advance(1)
  t.strictSame(lines, ['0 lost: other'])
})

t.test('aliases are followed, to their end and not in circles', async (t) => {
  const question = encodeQuestion(1, NAME, 'A', 512)
  const found = (answers: readonly Rec[]): unknown => {
    const answer = decodeAnswer(answerBytes(question, { answers }))
    const records = answer === undefined ? 'no answer' : recordsIn(answer, NAME, 'A')
    return typeof records === 'string' ? records : records.map(keyOf)
  }
  const alias = (name: string, data: string): Rec => ({ name, type: 'CNAME', data })
  const address = (name: string, data: string): Rec => ({ name, type: 'A', data })
  t.strictSame(found([alias(NAME, 'b.x'), alias('b.x', 'c.x'), address('c.x', '10.0.0.1')]), ['10.0.0.1'])
  t.strictSame(found([address('c.x', '10.0.0.1'), alias('b.x', 'c.x'), alias('API.example.com', 'B.x')]), ['10.0.0.1'])
  t.equal(found([alias(NAME, 'b.x'), address('c.x', '10.0.0.1')]), 'cname')
  t.equal(found([alias(NAME, 'b.x'), alias('b.x', NAME), address('c.x', '10.0.0.1')]), 'cname')
  t.equal(found([alias(NAME, 'b.x')]), 'none')
  t.equal(found([address('evil.example.com', '10.0.0.1')]), 'none', 'what was not asked for')
  t.strictSame(found([address(NAME, '10.0.0.1'), address(NAME, '10.0.0.1')]), ['10.0.0.1'])
})

t.test('places of a service come with their addresses; the root says that there is none', async (t) => {
  const name = '_http._tcp.example.com'
  const place = (target: string, port: number, weight = 1): Rec => ({
    name,
    type: 'SRV',
    data: { weight, port, target },
  })
  const answer = decodeAnswer(
    answerBytes(encodeQuestion(1, name, 'SRV', 512), {
      answers: [place('A.x', 80, 3), place('a.x', 81), place('b.x', 80)],
      additionals: [{ name: 'a.X', type: 'A', data: '10.0.0.1' }],
    }),
  )
  const records = answer === undefined ? 'no answer' : recordsIn(answer, name, 'SRV')
  t.match(records, [
    { target: 'a.x', port: 80, weight: 3 },
    { target: 'a.x', port: 81 },
    { target: 'b.x', port: 80, ips: [] },
  ])
  const none = decodeAnswer(answerBytes(encodeQuestion(1, name, 'SRV', 512), { answers: [place('.', 0)] }))
  t.equal(none && recordsIn(none, name, 'SRV'), 'none')
})

t.test('what is obsolete', async (t) => {
  const records = new NameRecords<{
    kind: 'service'
    target: string
    port: number
    weight: number
    priority: number
    ips: []
  }>(100)
  const place = (target: string) => ({ kind: 'service', target, port: 1, weight: 1, priority: 0, ips: [] }) as const
  records.take([place('a') as never, place('b') as never], 0)
  records.take([place('b') as never], 99)
  t.equal(records.current.length, 2)
  records.take([place('b') as never], 100)
  t.strictSame(
    records.current.map(({ target }) => target),
    ['b'],
  )
})
