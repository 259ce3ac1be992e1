/** What hashing algorithms make their key of, and what happens without one. */
import t from 'tap'
import type { Algorithm, Picker } from '../../lib/balance/algorithm.js'
import { hash } from '../../lib/balance/hash.js'
import { headerHash } from '../../lib/balance/header-hash.js'
import { rdpCookie } from '../../lib/balance/rdp-cookie.js'
import { SlotMap } from '../../lib/balance/slot-map.js'
import { source } from '../../lib/balance/source.js'
import { uri } from '../../lib/balance/uri.js'
import { urlParam } from '../../lib/balance/url-param.js'
import { sdbm } from '../../lib/base/hash.js'
import { notYet, Sample } from '../../lib/match/sample.js'
import { type Asked, asking, everybody, type FakeServer, farm, repeatable } from '../contracts/algorithm.js'

/** A prime, so that a slot tells much of the hash. */
const SLOTS = 9973
const servers = farm(...Array.from({ length: SLOTS }, () => 1))
const slot = (algorithm: Algorithm, asked: Asked): number =>
  algorithm.picker(servers, repeatable()).pick(asking(asked), everybody)!.id - 1
const slotOf = (key: string): number => sdbm(key) % SLOTS

t.test('uri', async (t) => {
  const asked = { target: '/a/bc/def/g?x=1/2' }
  t.equal(slot(uri(), asked), slotOf('/a/bc/def/g'))
  t.equal(slot(uri({ whole: true }), asked), slotOf('/a/bc/def/g?x=1/2'))
  t.equal(slot(uri({ len: 6 }), asked), slotOf('/a/bc/'))
  t.equal(slot(uri({ depth: 2 }), asked), slotOf('/a/bc'))
  t.equal(slot(uri({ depth: 2, len: 3 }), asked), slotOf('/a/'))
  const absolute = { target: 'http://h/a/bc?x' }
  t.equal(slot(uri(), absolute), slotOf('http://h/a/bc'))
  t.equal(slot(uri({ pathOnly: true }), absolute), slotOf('/a/bc'))
  t.equal(slot(uri({ pathOnly: true }), { target: '*', method: 'OPTIONS' }), slotOf(''))
  t.throws(() => uri({ depth: 0 }), /balance uri: option 'depth': must be a whole number from 1/)
  t.throws(() => uri({ path: true } as object), /no such option: 'path'/)
})

t.test('url_param', async (t) => {
  const id = urlParam('id')
  t.equal(slot(id, { target: '/a?x=1&id=a%20b;c&y' }), slotOf('a%20b;c'))
  t.equal(slot(id, { target: '/a?xid=1&id=2&id=3' }), slotOf('2'))
  t.equal(slot(id, { target: '/a?y=1&id=' }), slotOf(''), 'an empty value is a key')
  const body = Buffer.from('a=1&id=hey&b=2')
  const posted = urlParam('id', { checkPost: true })
  for (const algorithm of [id, posted]) {
    t.equal(slot(algorithm, { method: 'POST', target: '/', bytes: body }), slotOf('hey'))
    t.equal(slot(algorithm, { method: 'POST', target: '/?id=q', bytes: body }), slotOf('q'))
  }
  t.equal(id.needs, 'request', 'only what has come')
  t.equal(posted.needs, 'body')
  t.throws(() => urlParam(''), /must not be empty/)
  const absent: Asked[] = [
    { target: '/a?id' },
    { target: '/id=1' },
    { target: '/?x?id=1' },
    { target: '/?ID=1' },
    { method: 'PUT', bytes: body },
  ]
  takesTurns(t, posted, absent)
  takesTurns(t, id, absent)
})

t.test('hdr', async (t) => {
  const user = headerHash('x-user')
  t.equal(slot(user, { fields: ['X-User', ' abc , def', 'x-user', 'ghi'] }), slotOf('abc'))
  t.equal(slot(user, { fields: ['x-user', '"a,b"'] }), slotOf('"a,b"'))
  takesTurns(t, user, [{}, { fields: ['x-user', ''] }, { fields: ['x-user', ', b'] }])
  t.throws(() => headerHash('x user'), /must be the name of a header field/)

  const domain = headerHash('host', { useDomainOnly: true })
  const labels: Record<string, string> = {
    'haproxy.1wt.eu': '1wt',
    'www.foo.co.uk': 'co',
    localhost: 'localhost',
    'a.com': 'a',
    'a.b.com:8080': 'b',
    'com:80': 'com:80',
    '.com': '.com',
    '..com': '.',
    'a.b..': 'b.',
    'a.': 'a',
  }
  for (const [value, label] of Object.entries(labels))
    t.equal(slot(domain, { fields: ['Host', value] }), slotOf(label), value)
})

t.test('source folds an address into its hash', async (t) => {
  t.equal(slot(source(), { source: '1.2.3.4' }), 0x01020304 % SLOTS)
  t.equal(slot(source({ function: 'wt6' }), { source: '1.2.3.4' }), 0x01020304 % SLOTS, 'without a function')
  t.equal(slot(source(), { source: '2001:db8::5' }), (0x20010db8 ^ 5) % SLOTS)
  takesTurns(t, source(), [{ source: '' }, { source: '' }])
})

const sample = (answer: unknown) =>
  new Sample<unknown, 'request'>({ name: 'x', type: 'str', phases: ['request'], ask: () => answer })

t.test('hash takes any sample', async (t) => {
  t.equal(slot(hash(sample('abc')), {}), slotOf('abc'))
  t.equal(slot(hash(sample(258)), {}), slotOf('\0\0\0\0\0\0\x01\x02'))
  t.equal(slot(hash(sample(-1)), {}), slotOf('\xff'.repeat(8)))
  t.equal(slot(hash(sample(true)), {}), slotOf('\0\0\0\0\0\0\0\x01'))
  t.equal(slot(hash(sample(Buffer.from('xyz'))), {}), slotOf('xyz'))
  t.equal(slot(hash(sample('12345'), { function: 'none' }), {}), 12345 % SLOTS)
  t.equal(slot(hash(sample(12345), { function: 'none' }), {}), 12345 % SLOTS)
  takesTurns(t, hash(sample(undefined)), [{}, {}])
  takesTurns(t, hash(sample(notYet)), [{}, {}])
})

t.test('rdp-cookie', async (t) => {
  const request = (cookie: string) => ({ bytes: Buffer.from(`\x03\0\0\x2b\x26\xe0\0\0\0\0\0${cookie}\r\n`, 'latin1') })
  t.equal(slot(rdpCookie(), request('Cookie: mstshash=joe')), slotOf('joe'))
  t.equal(slot(rdpCookie(), request('COOKIE: MSTSHASH=joe;x')), slotOf('joe'))
  t.equal(slot(rdpCookie('msts'), request('Cookie: msts=1.2.3')), slotOf('1.2.3'))
  takesTurns(t, rdpCookie(), [{}, request('Cookie: msts=1'), { bytes: Buffer.from('GET / HTTP/1.1\r\n') }])
})

/** Requests without a key go to one server after the other. */
function takesTurns(
  t: { same: (a: unknown, b: unknown, message: string) => unknown },
  algorithm: Algorithm,
  absent: readonly Asked[],
): void {
  const turns: Picker<FakeServer> = algorithm.picker(farm(1, 1, 1), repeatable())
  const picked = absent.map((asked) => turns.pick(asking(asked), everybody)?.id)
  t.same(
    picked,
    absent.map((_, n) => (n % 3) + 1),
    `${algorithm.name} takes turns without a key`,
  )
}

t.test('without a key, full servers are passed over; with one, they are waited for', async (t) => {
  const pool = farm(1, 1)
  const turns: Picker<FakeServer> = headerHash('k').picker(pool, repeatable())
  pool[0]!.full = true
  t.equal(turns.pick(asking(), everybody)?.id, 2)
  t.equal(turns.pick(asking({ fields: ['k', '\x02'] }), everybody)?.id, 1)
})

t.test('consistent: a key whose server was tried goes on around the ring, and nobody else moves', async (t) => {
  const pool = farm(1, 1, 1, 1, 1)
  const ring: Picker<FakeServer> = uri({ method: 'consistent' }).picker(pool, repeatable())
  const smaller: Picker<FakeServer> = uri({ method: 'consistent' }).picker(pool.slice(0, 4), repeatable())
  let moved = 0
  for (let n = 0; n < 500; n++) {
    const context = asking({ target: `/${n * 31}` })
    const before = ring.pick(context, everybody)!
    const retried = ring.pick(context, (server) => server !== before)
    t.not(retried, before)
    const after = smaller.pick(context, everybody)!
    if (before.id === 5) moved++
    else if (after !== before) t.fail(`/${n * 31} moved from ${before.name} to ${after.name}`)
  }
  t.ok(moved > 20 && moved < 300)
})

t.test('consistent: the load bound sends a hot key on', async (t) => {
  const pool = farm(1, 2, 3)
  const algorithm = headerHash('k', { method: 'consistent', balanceFactor: 125 })
  const ring: Picker<FakeServer> = algorithm.picker(pool, repeatable())
  let order = ''
  for (let n = 0; n < 30; n++) {
    const server = ring.pick(asking({ fields: ['k', n % 3 ? 'hot' : `k${n}`] }), everybody)!
    order += 'abc'[server.id - 1]
    server.active++
    ring.loadChanged(server)
  }
  t.equal(order, 'accccbcbcbcccbcbccaccbcbccbccb', 'as HAProxy 2.6 was seen to choose')
  t.throws(() => headerHash('k', { balanceFactor: 99 }), /balanceFactor.*101 to 65535/)
})

t.test('the map is what adding every weight for every slot would give', async (t) => {
  const chance = repeatable(5)
  for (let run = 0; run < 20; run++) {
    const pool = farm(
      ...Array.from({ length: 1 + Math.floor(chance.next() * 9) }, () => Math.floor(chance.next() * 257)),
    )
    const map = new SlotMap(pool)
    t.same(
      Array.from({ length: map.size }, (_, slot) => map.at(slot).id),
      plainMap(pool),
      pool.map(({ effectiveWeight }) => effectiveWeight).join(),
    )
  }
})

function plainMap(pool: readonly FakeServer[]): number[] {
  const weighing = pool.filter(({ effectiveWeight }) => effectiveWeight > 0)
  const divisor = weighing.map(({ effectiveWeight }) => effectiveWeight).reduce((a, b) => commonDivisor(a, b), 0)
  const total = weighing.reduce((sum, { effectiveWeight }) => sum + effectiveWeight / divisor, 0)
  const scores = weighing.map(() => 0)
  return Array.from({ length: total }, () => {
    for (const [index, { effectiveWeight }] of weighing.entries()) scores[index]! += effectiveWeight / divisor
    const whole = scores.map((score) => Math.floor(score / total))
    const best = whole.indexOf(Math.max(...whole))
    scores[best]! -= total
    return weighing[best]!.id
  })
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b)
}

t.test('a balance factor belongs to consistent hashing, and is refused elsewhere', async (t) => {
  t.throws(() => source({ balanceFactor: 150 }), /'balanceFactor': works with method 'consistent' only/)
  t.doesNotThrow(() => source({ method: 'consistent', balanceFactor: 150 }))
  t.doesNotThrow(() => source({ balanceFactor: 0 }))
})
