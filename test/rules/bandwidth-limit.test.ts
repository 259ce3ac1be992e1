import t from 'tap'
import { parseConfig } from '../../lib/config/index.js'
import {
  Backend,
  BandwidthLimit,
  Frontend,
  header,
  path,
  rate,
  Server,
  StickTable,
  setBandwidthLimit,
  src,
} from '../../lib/index.js'
import { inMemory, raw, reply } from '../../lib/testing/index.js'

const body = 'x'.repeat(10_000)

function site(
  ...httpRequest: NonNullable<ConstructorParameters<typeof Frontend>[1]>['httpRequest'] & object
): Frontend {
  const app = new Backend('app', { servers: [new Server('s', '10.0.0.1:80')] })
  return new Frontend('edge', { bind: ':80', httpRequest, defaultBackend: app })
}

t.test('a response takes the time that its bytes need, and is as long as before', async (t) => {
  const slow = new BandwidthLimit('slow', { direction: 'response', limit: 1000, period: '1s' })
  await using lb = inMemory(site(setBandwidthLimit(slow).if(path.is('/slow'))), { s: () => reply(200, body) })
  const before = lb.clock.now()
  const got = await lb.inject('/slow')
  t.equal(got.body, body)
  t.equal(got.headers.get('content-length'), '10000')
  const took = lb.clock.now() - before
  t.ok(took >= 9900 && took <= 10_100, `${took} ms`)
  const then = lb.clock.now()
  t.equal((await lb.inject('/fast')).body, body)
  t.equal(lb.clock.now(), then)
})

t.test('a request takes its time, too', async (t) => {
  const slow = new BandwidthLimit('slow', { direction: 'request', limit: '10k', period: '1s', minSize: 1024 })
  await using lb = inMemory(site(setBandwidthLimit(slow)), {
    s: ({ request }) => reply(200, String(request.body.length)),
  })
  const before = lb.clock.now()
  const got = await lb.inject('/', { method: 'POST', body: 'y'.repeat(20_480) })
  t.equal(got.body, '20480')
  const took = lb.clock.now() - before
  t.ok(took >= 1900 && took <= 2100, `${took} ms`)
})

t.test('the last order for one limit counts, and a question may say how much', async (t) => {
  const slow = new BandwidthLimit('slow', { direction: 'response', limit: 1000, period: '1s' })
  const rules = [setBandwidthLimit(slow), setBandwidthLimit(slow, { limit: header('x-limit'), period: 500 })]
  await using lb = inMemory(site(...rules), { s: () => reply(200, body) })
  const before = lb.clock.now()
  t.equal((await lb.inject('/', { headers: { 'x-limit': '5000' } })).body, body)
  const took = lb.clock.now() - before
  t.ok(took >= 900 && took <= 1100, `${took} ms`)
})

t.test('those with the same key share a limit', async (t) => {
  const table = new StickTable('users', {
    key: 'string',
    size: 10,
    store: { sent: rate('1s', { of: 'bytesOut' }) },
  })
  const shared = new BandwidthLimit('shared', { direction: 'response', limit: 2000, key: header('x-user'), table })
  await using lb = inMemory(site(setBandwidthLimit(shared)), { s: () => reply(200, body) })
  const get = (user?: string) => lb.inject('/', user === undefined ? {} : { headers: { 'x-user': user } })
  const before = lb.clock.now()
  const both = await Promise.all([get('ann'), get('ann')])
  t.strictSame(
    both.map((answer) => answer.body),
    [body, body],
  )
  const together = lb.clock.now() - before
  t.ok(together > 8000 && together < 11_000, `20 kB at 2 kB/s took ${together} ms`)
  const apart = lb.clock.now()
  await Promise.all([get('bob'), get('cid')])
  t.ok(lb.clock.now() - apart < 6000, `10 kB each took ${lb.clock.now() - apart} ms`)
  const free = lb.clock.now()
  t.equal((await get()).body, body)
  t.equal(lb.clock.now(), free, 'without a key there is no limit')
})

t.test('what a shared limit needs', async (t) => {
  const table = new StickTable('users', { key: 'ip', size: 10, store: { sent: rate('1s', { of: 'bytesOut' }) } })
  const make = (options: object) => () =>
    new BandwidthLimit('x', { direction: 'response', limit: 1, ...options } as never)
  t.throws(make({ key: src }), /'table': is missing/)
  t.throws(make({ table }), /'key': is missing/)
  t.throws(make({ key: src, table, period: '1s' }), /'period'/)
  t.throws(make({}), /'period': is missing/)
  t.throws(make({ key: src, table, direction: 'request' }), /does not store bytes_in_rate/)
  const shared = new BandwidthLimit('x', { direction: 'response', limit: 1, key: src, table })
  t.throws(() => setBandwidthLimit(shared, { limit: 7 }), /those of all who share it/)
  const load = (filter: string) =>
    parseConfig(
      `frontend f\n mode http\n timeout client 1s\n bind :80\n filter bwlim-out x ${filter}\n http-request set-bandwidth-limit x\nbackend t\n stick-table type ip size 9 store bytes_out_rate(1s)\n`,
    )
  t.strictSame(load('limit 1m key src table t').diagnostics, [])
  t.throws(() => load('limit 1m key src table u'), /unable to find table 'u'/)
  t.throws(() => load('limit 1m'), /expects 'limit' and 'key'/)
  t.throws(() => load('limit 1m key src default-period 1s'), /for a limit of each transaction/)
})

t.test('a client that leaves ends it', async (t) => {
  const slow = new BandwidthLimit('slow', { direction: 'response', limit: 10, period: '1s' })
  await using lb = inMemory(site(setBandwidthLimit(slow)), { s: () => reply(200, body) })
  const client = await lb.connect()
  await client.send('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  await client.reset()
  await lb.clock.advance('1m')
  t.equal(lb.clock.pending, 0)
  t.match(lb.stats().backends['app'], { current: 0 })
})

t.test('wrong options are named', async (t) => {
  const options = { direction: 'response', limit: 1, period: 1 } as const
  t.throws(() => new BandwidthLimit('x', { ...options, limit: '1q' }), /BandwidthLimit 'x'.*limit/)
  t.throws(() => new BandwidthLimit('x', { ...options, limit: 0 }), /limit/)
  t.throws(() => new BandwidthLimit('x', { ...options, period: '0s' }), /period/)
  t.throws(() => new BandwidthLimit('x', { ...options, direction: 'up' as 'request' }), /direction/)
  t.throws(() => setBandwidthLimit('slow' as never), /must be a BandwidthLimit/)
})

const config = (lines: string): string => `defaults
  mode http
  timeout client 1h
  timeout server 1h
  timeout connect 1s
frontend f
  bind :80
  filter bwlim-out slow default-limit 1k default-period 1s min-size 128
  ${lines}
  default_backend b
backend b
  server s 10.0.0.1:80
`

t.test('as a haproxy.cfg has it', async (t) => {
  const lines = 'http-request set-bandwidth-limit slow limit 2k period hdr(x-period) if { path /slow }'
  await using lb = inMemory(parseConfig(config(lines)), { s: () => reply(200, 'z'.repeat(8192)) })
  const timed = async (headers: Record<string, string>): Promise<number> => {
    const before = lb.clock.now()
    t.equal((await lb.inject('/slow', { headers })).body.length, 8192)
    return Math.round((lb.clock.now() - before) / 500)
  }
  t.equal(await timed({ 'x-period': '1000' }), 8)
  t.equal(await timed({ 'x-period': '500' }), 4)
  t.equal(await timed({}), 8, 'the filter has a period of its own')
})

t.test('in the response, as a haproxy.cfg has it', async (t) => {
  const lines = 'http-response set-bandwidth-limit slow if { status 200 }'
  await using lb = inMemory(parseConfig(config(lines)), { s: () => reply(200, 'z'.repeat(4096)) })
  const before = lb.clock.now()
  t.equal((await lb.inject('/')).body.length, 4096)
  t.equal(Math.round((lb.clock.now() - before) / 500), 8)
})

t.test('faults of a haproxy.cfg', async (t) => {
  const faults: Record<string, RegExp> = {
    'http-request set-bandwidth-limit': /missing filter name/,
    'http-request set-bandwidth-limit slo': /unable to find bwlim filter 'slo'.*did you mean 'slow'/,
    'filter bwlim-in in default-limit 1k': /expects 'default-limit' and 'default-period'/,
    'filter bwlim-in in limit 1k': /expects 'limit' and 'key'/,
    'filter bwlim-in in default-limt 1k': /unknown word 'default-limt'.*did you mean 'default-limit'/,
    'filter nope': /'filter' expects a filter name/,
    'filter compression': /'filter compression' is not supported yet/,
  }
  for (const [line, message] of Object.entries(faults)) t.throws(() => parseConfig(config(line)), message, line)
})

/** A backend that passes bytes, behind a frontend with these lines. */
const bytes = (front: string, back = ''): string => `defaults
  mode tcp
  timeout client 1h
  timeout server 1h
  timeout connect 1s
frontend f
  bind :80
  filter bwlim-in up default-limit 1k default-period 1s
  filter bwlim-out down default-limit 1k default-period 1s
  ${front}
  default_backend b
backend b
  filter bwlim-in up default-limit 1k default-period 1s
  filter bwlim-out down default-limit 1k default-period 1s
  ${back}
  server s 10.0.0.1:80
`

t.test('in TCP mode, by rules on what the client sends', async (t) => {
  const lines = 'tcp-request content set-bandwidth-limit down limit 4k if { src 192.0.2.1 }'
  await using lb = inMemory(parseConfig(bytes(lines)), { s: () => reply(200, 'z'.repeat(8192)) })
  const timed = async (src: string): Promise<number> => {
    const before = lb.clock.now()
    t.equal((await lb.inject('/', { src })).body.length, 8192)
    return Math.round((lb.clock.now() - before) / 500)
  }
  t.equal(await timed('192.0.2.1'), 4)
  t.equal(await timed('192.0.2.2'), 0)
})

t.test('in TCP mode, what the client sends takes its time', async (t) => {
  const lines = 'tcp-request content set-bandwidth-limit up period 500ms'
  await using lb = inMemory(parseConfig(bytes(lines)), {
    s: ({ request }) => reply(200, String(request.body.length)),
  })
  const before = lb.clock.now()
  t.equal((await lb.inject('/', { method: 'POST', body: 'y'.repeat(10_240) })).body, '10240')
  t.equal(Math.round((lb.clock.now() - before) / 1000), 5)
})

t.test('in TCP mode, by rules on what the server sends; the last order counts', async (t) => {
  const lines = [
    'tcp-response content set-bandwidth-limit down',
    'tcp-response content set-bandwidth-limit up limit 1m',
  ]
  const front = 'tcp-request content set-bandwidth-limit down limit 100'
  const own = lines.join('\n  ')
  await using lb = inMemory(parseConfig(bytes(front, own)), { s: () => reply(200, 'z'.repeat(4096)) })
  const before = lb.clock.now()
  t.equal((await lb.inject('/')).body.length, 4096)
  const took = lb.clock.now() - before
  t.ok(took > 40_000, `the frontend's filter is another one: ${took} ms`)
})

t.test('in TCP mode, a later order takes over from an earlier one of the same limit', async (t) => {
  const slow = new BandwidthLimit('slow', { direction: 'response', limit: 1, period: '1s' })
  const app = new Backend('app', {
    mode: 'tcp',
    servers: [new Server('s', '10.0.0.1:80')],
    tcpResponseContent: [setBandwidthLimit(slow, { limit: 1024 })],
  })
  const edge = new Frontend('edge', {
    bind: ':80',
    mode: 'tcp',
    tcpRequestContent: [setBandwidthLimit(slow)],
    defaultBackend: app,
  })
  await using lb = inMemory(edge, { s: () => reply(200, 'z'.repeat(4096)) })
  const before = lb.clock.now()
  t.equal((await lb.inject('/')).body.length, 4096)
  t.equal(Math.round((lb.clock.now() - before) / 1000), 4)
})

t.test('in TCP mode, each side may end while bytes are held up, and who leaves ends it', async (t) => {
  const lines = 'tcp-request content set-bandwidth-limit down'
  await using lb = inMemory(parseConfig(bytes(lines)), {
    s: () => raw('x'.repeat(4096)),
  })
  const client = await lb.connect()
  await client.send('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  client.socket.end()
  await lb.clock.advance('3s')
  t.ok(client.received.length > 2000 && client.received.length < 4096, `${client.received.length} bytes`)
  t.equal(client.ended, false)
  await lb.clock.advance('2s')
  t.equal(client.received.length, 4096)
  t.equal(client.ended, true)
  t.match(lb.records, [{ termination: '--', bytesOut: 4096 }])
  const other = await lb.connect()
  await other.send('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  await other.reset()
  await lb.clock.advance('1s')
  t.equal(lb.clock.pending, 0)
  t.equal(lb.stats().connections, 0)
})

t.test('rules on bytes may limit what HTTP is made of', async (t) => {
  const lines = 'tcp-request content set-bandwidth-limit slow limit 2k'
  await using lb = inMemory(parseConfig(config(lines)), { s: () => reply(200, 'z'.repeat(8192)) })
  const before = lb.clock.now()
  t.equal((await lb.inject('/')).body.length, 8192)
  t.equal(Math.round((lb.clock.now() - before) / 500), 8)
})
