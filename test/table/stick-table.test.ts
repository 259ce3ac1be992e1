import t from 'tap'
import { Ip } from '../../lib/base/ip.js'
import { makeFetch } from '../../lib/match/fetch.js'
import { src } from '../../lib/match/fetches/connection.js'
import { header } from '../../lib/match/fetches/header.js'
import { noLinks } from '../../lib/match/links.js'
import { track } from '../../lib/rules/actions/track.js'
import { tableFetches } from '../../lib/table/fetches.js'
import { concurrent, counter, rate } from '../../lib/table/field.js'
import { RateCounter } from '../../lib/table/rate.js'
import { StickTable } from '../../lib/table/stick-table.js'
import { connected, exchange } from '../match/context.js'

const clients = () =>
  new StickTable('clients', {
    key: 'ip',
    size: 3,
    expire: '10s',
    store: {
      requests: rate('2s'),
      seen: counter(),
      connections: counter({ of: 'connections' }),
      now: concurrent(),
    },
  })

t.test('the rate slides as HAProxy’s does', async (t) => {
  const burst = new RateCounter()
  for (let i = 0; i < 10; i++) burst.add(1, 0, 2000)
  const seen = [0, 1000, 1900, 2100, 2500, 3000, 3500, 3900, 4100].map((now) => burst.read(now, 2000))
  t.strictSame(seen, [10, 10, 10, 9, 7, 5, 2, 0, 0])
  const single = new RateCounter()
  single.add(1, 50_000, 2000)
  t.strictSame(
    [500, 1900, 2100, 3900, 4100].map((after) => single.read(50_000 + after, 2000)),
    [1, 1, 1, 1, 0],
  )
  const steady = new RateCounter()
  for (let now = 0; now < 10_000; now += 100) steady.add(1, now, 1000)
  t.equal(steady.read(9900, 1000), 11)
  t.equal(steady.read(9999, 1000), 10)
})

t.test('tracking counts, looking does not', async (t) => {
  const table = clients()
  const lookup = table.lookup('seen', src)
  t.equal(lookup.ask(exchange('/')), 0)
  t.equal(table.size, 0)
  track(table, src).action(exchange('/'))
  track(table, src).action(exchange('/'))
  t.equal(lookup.ask(exchange('/')), 2)
  t.equal(lookup.ask(exchange('/')), 2)
  t.equal(table.lookup('requests', src).gt(1).test(exchange('/')), true)
  t.equal(table.lookup('requests', src).gt(2).test(exchange('/')), false)
  t.equal(lookup.ask(exchange('/', { src: '192.0.2.2' })), 0)
  t.equal(table.lookup('seen', header('none')).ask(exchange('/')), undefined)
})

t.test('the first to take a slot keeps it', async (t) => {
  const table = clients()
  const context = exchange('/', { headers: { 'x-forwarded-for': '203.0.113.9' } })
  track(table, src).action(context)
  track(table, header('x-forwarded-for')).action(context)
  t.equal(table.size, 1)
  track(table, header('x-forwarded-for'), 1).action(context)
  t.equal(table.get('203.0.113.9')?.values.seen, 1)
  t.equal(table.tracked('seen', 1).ask(context), 1)
})

t.test('a connection that is tracked counts once, and each of its requests', async (t) => {
  const table = clients()
  const connection = connected()
  track(table, src).action(connection)
  t.strictSame({ ...table.get('192.0.2.1')?.values }, { requests: 0, seen: 0, connections: 1, now: 1 })
  for (let i = 0; i < 3; i++) {
    const context = exchange('/')
    context.connection = connection
    context.beginRequest()
    track(table, src).action(context)
    t.equal(table.tracked('seen').ask(context), i + 1)
    context.release()
  }
  t.strictSame({ ...table.get('192.0.2.1')?.values }, { requests: 3, seen: 3, connections: 1, now: 1 })
  connection.release()
  connection.release()
  t.equal(table.get('192.0.2.1')?.values.now, 0)
})

t.test('keys are forgotten after the expiry, looking does not keep them, use does', async (t) => {
  const table = clients()
  const first = exchange('/', { now: 1000 })
  track(table, src).action(first)
  first.release()
  t.equal(table.lookup('seen', src).ask(exchange('/', { now: 10_999 })), 1)
  t.equal(table.lookup('seen', src).ask(exchange('/', { now: 11_000 })), 0)
  const held = exchange('/', { now: 20_000 })
  track(table, src).action(held)
  t.equal(table.lookup('seen', src).ask(exchange('/', { now: 90_000 })), 1, 'in use')
  held.now = 90_000
  held.release()
  t.equal(table.lookup('seen', src).ask(exchange('/', { now: 99_999 })), 1, 'counted from the end of its use')
  t.equal(table.lookup('seen', src).ask(exchange('/', { now: 100_000 })), 0)
})

t.test('a full table forgets who was tracked longest ago, but nobody in use', async (t) => {
  const table = clients()
  const see = (from: string, now: number) => {
    const context = exchange('/', { src: from, now })
    track(table, src).action(context)
    return context
  }
  const held = see('10.0.0.1', 1)
  see('10.0.0.2', 2).release()
  see('10.0.0.3', 3).release()
  see('10.0.0.2', 4).release()
  see('10.0.0.4', 5).release()
  t.strictSame(
    table.records().map(({ key }) => key),
    ['10.0.0.1', '10.0.0.2', '10.0.0.4'],
  )
  see('10.0.0.5', 6)
  see('10.0.0.6', 7)
  const late = see('10.0.0.7', 8)
  t.equal(late.trackedAt(0), undefined, 'all are in use')
  t.equal(table.size, 3)
  held.release()
  see('10.0.0.7', 9)
  t.ok(table.get('10.0.0.7'))
})

t.test('keys by type', async (t) => {
  const keys = (key: 'ip' | 'ipv4' | 'integer' | 'string', ...values: unknown[]) => {
    const table = new StickTable('t', { key, size: 10, keyLength: 4 })
    for (const value of values) table.track(exchange('/'), value)
    return table.records().map((record) => record.key)
  }
  t.strictSame(keys('ip', Ip.parse('::ffff:1.2.3.4'), '1.2.3.4', 'FD00::1', 'nonsense', 7), [
    '1.2.3.4',
    'fd00::1',
    '0.0.0.7',
  ])
  t.strictSame(keys('ipv4', '1.2.3.4', 'fd00::1'), ['1.2.3.4'])
  t.strictSame(keys('integer', '12ab', 7, true, Ip.parse('::1')), ['12', '7', '1'])
  t.strictSame(keys('string', '__proto__', 'constructor', Ip.parse('::1')), ['__pr', 'cons', '::1'])
})

t.test('clear forgets what nobody uses', async (t) => {
  const table = clients()
  const held = exchange('/', { src: '10.0.0.1' })
  track(table, src).action(held)
  for (const from of ['10.0.0.2', '10.0.0.3']) {
    const context = exchange('/', { src: from })
    track(table, src).action(context)
    context.release()
  }
  t.equal(table.clear('10.0.0.1'), 0)
  t.equal(table.clear('10.0.0.2'), 1)
  t.equal(table.clear(), 1)
  t.equal(table.size, 1)
})

t.test('words of a haproxy.cfg', async (t) => {
  const table = clients()
  const links = {
    ...noLinks,
    table: (name: string | undefined) => (name === undefined || name === 'clients' ? table : undefined),
  }
  const word = (name: string, ...words: string[]) =>
    makeFetch(tableFetches.find((each) => each.name === name)!, words, links)
  const context = exchange('/')
  t.equal(word('sc0_http_req_rate').ask(context), undefined)
  t.equal(word('sc0_tracked').ask(context), false)
  t.equal(word('src_http_req_rate').ask(context), 0)
  track(table, src).action(context)
  t.equal(word('sc0_http_req_rate').ask(context), 1)
  t.equal(word('sc_http_req_cnt', '0', 'clients').ask(context), 1)
  t.equal(word('sc_conn_cur', '0').ask(context), 1)
  t.equal(word('sc_tracked', '0').ask(context), true)
  t.equal(word('src_http_req_rate', 'clients').ask(context), 1)
  t.equal(word('sc1_http_req_rate').ask(context), undefined)
  t.throws(() => word('src_http_req_rate', 'nowhere'), /there is no table 'nowhere'/)
  t.equal(word('src_conn_rate').ask(context), undefined, 'not stored')
})

t.test('options are checked', async (t) => {
  const options = { key: 'ip', size: 10 } as const
  t.throws(() => new StickTable('a b', options), /may hold letters/)
  t.throws(() => new StickTable('t', { ...options, size: 0 }), /'size'/)
  t.throws(() => new StickTable('t', { ...options, key: 'ipv7' as 'ip' }), /'key': must be 'ip'/)
  t.throws(() => new StickTable('t', { ...options, expire: '10parsecs' }), /'expire'/)
  t.throws(() => rate('0s'), /'period'/)
  t.throws(() => track(clients(), src, 100), /'slot'/)
  t.equal(new StickTable('t', { ...options, size: '1k' }).capacity, 1024)
  const plain: StickTable<string> = new StickTable<string>('t', options)
  t.throws(() => plain.lookup('nothing', src), /has no field 'nothing': it stores nothing/)
})
