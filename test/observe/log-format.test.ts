import t from 'tap'
import { activeTime, bytesIn, bytesOut, format, path, responseDataTime, responseTime } from '../../lib/index.js'
import { clfLog, isKnownEarly, logFormat, namedFormats } from '../../lib/observe/custom-log.js'
import { jsonLog } from '../../lib/observe/json-log.js'
import { escapeLog } from '../../lib/observe/log-escape.js'
import { connectionLog, httpLog, modeLog, tcpLog } from '../../lib/observe/log-format.js'
import { openRecord, type TransactionRecord } from '../../lib/observe/record.js'

// The expected lines were printed by HAProxy 2.6.12, in UTC.
Object.assign(process.env, { TZ: 'UTC' })

const at = Date.UTC(2026, 10, 8, 4, 32, 55, 7)

function record(changes: Partial<TransactionRecord> = {}, mode: 'http' | 'tcp' = 'http'): TransactionRecord {
  const timers = { handshake: 0, idle: 0, request: 0, queue: 0, connect: 0, response: 0.9, active: 1.2, total: 200.6 }
  const load = { process: 1, frontend: 1, backend: 0, server: 0 }
  const request = { method: 'GET', target: '/a', version: 'HTTP/1.1', status: 200, bytesOut: 51 }
  const reached = { backend: 'web', server: 's1', timers, load }
  return { ...openRecord(mode, 'web', '127.0.0.1', 55426, at), ...request, ...reached, ...changes }
}

const never = { handshake: 0, idle: -1, request: -1, queue: -1, connect: -1, response: -1, active: 0, total: 0 }

t.test('a request as option httplog prints it', async (t) => {
  const expected =
    '127.0.0.1:55426 [08/Nov/2026:04:32:55.007] web web/s1 0/0/0/0/1 200 51 - - ---- 1/1/0/0/0 0/0 "GET /a HTTP/1.1"'
  t.equal(httpLog()(record()), expected)
})

t.test('a request that could not be understood', async (t) => {
  const bad = record({ method: '', server: undefined, status: 400, bytesOut: 0, termination: 'PR', timers: never })
  const expected =
    '127.0.0.1:55426 [08/Nov/2026:04:32:55.007] web web/<NOSRV> -1/-1/-1/-1/0 400 0 - - PR-- 1/1/0/0/0 0/0 "<BADREQ>"'
  t.equal(httpLog()(bad), expected)
})

t.test('no status is -1, a redispatch is a plus sign, TLS is a tilde, a unix client has no address', async (t) => {
  const line = httpLog()(
    record({
      status: 0,
      retries: 2,
      redispatched: true,
      tls: true,
      clientAddress: '',
      clientPort: 3,
      serverQueue: 4,
      backendQueue: 5,
    }),
  )
  t.match(line, /^unix:3 \[/)
  t.match(line, ' web~ web/s1 ')
  t.match(line, ' -1 51 ')
  t.match(line, ' 1/1/0/0/+2 4/5 ')
})

t.test('what is not printable, quotes and hashes are escaped', async (t) => {
  t.equal(escapeLog('GET /\xe9"#\x7f\n{}|\\~ HTTP/1.1'), 'GET /#E9#22#23#7F#0A{}|\\~ HTTP/1.1')
  t.match(httpLog()(record({ target: '/a"b' })), '"GET /a#22b HTTP/1.1"')
})

t.test('a connection as option tcplog prints it', async (t) => {
  const timers = { ...never, queue: 1, connect: 0, total: 200 }
  const line = tcpLog()(record({ timers, bytesOut: 40, termination: 'CD', server: 's1' }, 'tcp'))
  t.equal(line, '127.0.0.1:55426 [08/Nov/2026:04:32:55.007] web web/s1 1/0/200 40 CD 1/1/0/0/0 0/0')
})

t.test('the default format says who connected to what, and nothing of bad requests', async (t) => {
  const to = { destinationAddress: '127.0.0.1', destinationPort: 45615 }
  const log = connectionLog()
  t.equal(log(record(to)), 'Connect from 127.0.0.1:55426 to 127.0.0.1:45615 (web/HTTP)')
  t.equal(log(record({ ...to, method: '' }, 'tcp')), 'Connect from 127.0.0.1:55426 to 127.0.0.1:45615 (web/TCP)')
  t.equal(log(record({ ...to, method: '' })), undefined)
})

t.test('the mode chooses the format when nobody else does', async (t) => {
  t.match(modeLog()(record()), /"GET \/a HTTP\/1\.1"$/)
  t.match(modeLog()(record({}, 'tcp')), / 0\/0$/)
})

t.test('the date follows the record from second to second and from day to day', async (t) => {
  const log = httpLog()
  const stamp = (startedAt: number) => /\[(.*?)\]/.exec(log(record({ startedAt })) ?? '')?.[1]
  t.equal(stamp(at + 93), '08/Nov/2026:04:32:55.100')
  t.equal(stamp(at + 1000), '08/Nov/2026:04:32:56.007')
  t.equal(stamp(Date.UTC(2027, 0, 1)), '01/Jan/2027:00:00:00.000')
  t.equal(stamp(at), '08/Nov/2026:04:32:55.007')
})

const captures = { request: ['x{|}"#\t', undefined], response: ['n\x80'], requestCookie: 'id=1' }

t.test('captures stand before the request line', async (t) => {
  const expected =
    '127.0.0.1:55426 [08/Nov/2026:04:32:55.007] web web/s1 0/0/0/0/1 200 51 id=1 - ---- 1/1/0/0/0 0/0 {x#7B#7C#7D#22#23#09|} {n#80} "GET /a HTTP/1.1"'
  t.equal(httpLog()(record({ captures })), expected)
})

t.test('the fixed formats are those that their options stand for', async (t) => {
  const records = [
    record(),
    record({ captures, cookieFlags: 'NI' }),
    record({ method: '', server: undefined, status: 400, termination: 'PR', timers: never }),
    record({ status: 0, retries: 1, redispatched: true, tls: true, serverQueue: 4, backendQueue: 5 }),
  ]
  for (const one of records) {
    for (const early of [false, true]) {
      t.equal(httpLog({ early })(one), logFormat(namedFormats.httplog, { early })(one))
      t.equal(tcpLog({ early })(one), logFormat(namedFormats.tcplog, { early })(one))
    }
  }
})

t.test('an early line says that bytes and total times go on growing', async (t) => {
  t.match(httpLog({ early: true })(record()), ' 0/0/0/0/+1 200 +51 ')
  t.match(tcpLog({ early: true })(record()), ' 0/0/+200 +51 ')
})

t.test('the Common Log Format', async (t) => {
  const expected =
    '127.0.0.1 - - [08/Nov/2026:04:32:55 +0000] "GET /a HTTP/1.1" 200 51 "" "" 55426 007 "web" "web" "s1" 0 0 0 0 1 ---- 1 1 0 0 0 0 0 "" "" '
  t.equal(clfLog()(record()), expected)
  const captured = `${expected.slice(0, -6)}"id=1" "" "x#7B#7C#7D#22#23#09" "" "n#80"`
  t.equal(clfLog()(record({ captures })), captured)
})

t.test('a record as JSON: what never was is null, bytes stay what they are', async (t) => {
  const parse = (changes: Partial<TransactionRecord>, mode?: 'tcp') =>
    JSON.parse(Buffer.from(jsonLog()(record(changes, mode)) ?? '', 'latin1').toString()) as Record<string, unknown>
  const whole = parse({ captures, target: '/\xc3\xa9"' })
  t.match(whole, {
    time: '2026-11-08T04:32:55.007Z',
    client: '127.0.0.1',
    target: '/\u00e9"',
    status: 200,
    active_ms: 1,
    server: 's1',
    request_captures: ['x{|}"#\t', null],
  })
  const bad = parse({ method: '', status: 0, timers: never, server: undefined, target: '\xff' })
  t.match(bad, { method: null, status: null, connect_ms: null, server: null, target: null })
  t.equal(parse({ server: '\xff' })['server'], '\u00ff', 'what is no UTF-8 is read as latin1')
  t.notOk('method' in parse({}, 'tcp'))
})

t.test('every time, as HAProxy reckons it', async (t) => {
  const timers = { handshake: 2, idle: 10, request: 3, queue: 4, connect: 5, response: 6, active: 30, total: 42 }
  const line = logFormat('%Th %Ti %TR %Tq %Tw %Tc %Tr %Td %Ta %Tt %Tu')
  t.equal(line(record({ timers })), '2 10 3 15 4 5 6 12 30 42 32')
  t.equal(line(record({ timers: never })), '0 -1 -1 -1 -1 -1 -1 -1 0 0 0')
  t.equal(
    logFormat('%tr %t %ms %Ts')(record({ timers })),
    '08/Nov/2026:04:32:55.007 08/Nov/2026:04:32:54.995 995 1794112374',
  )
})

t.test('what only the end makes whole is waited for, as a variable or as a sample', async (t) => {
  t.ok(isKnownEarly(format`${path} ${responseTime}`))
  t.ok(isKnownEarly(format`${path}`))
  for (const late of [bytesOut, bytesOut.add(1), bytesIn, activeTime, responseDataTime])
    t.notOk(isKnownEarly(format`${path} ${late}`), late.name)
})
