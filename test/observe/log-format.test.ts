import t from 'tap'
import { connectionLog, escapeLog, httpLog, modeLog, tcpLog } from '../../lib/observe/log-format.js'
import { openRecord, type TransactionRecord } from '../../lib/observe/record.js'

// The expected lines were printed by HAProxy 2.6.12, in UTC.
Object.assign(process.env, { TZ: 'UTC' })

const at = Date.UTC(2026, 10, 8, 4, 32, 55, 7)

function record(changes: Partial<TransactionRecord> = {}, mode: 'http' | 'tcp' = 'http'): TransactionRecord {
  const timers = { idle: 0, request: 0, queue: 0, connect: 0, response: 0.9, active: 1.2, total: 200.6 }
  const load = { process: 1, frontend: 1, backend: 0, server: 0 }
  const request = { method: 'GET', target: '/a', version: 'HTTP/1.1', status: 200, bytesOut: 51 }
  const reached = { backend: 'web', server: 's1', timers, load }
  return { ...openRecord(mode, 'web', '127.0.0.1', 55426, at), ...request, ...reached, ...changes }
}

const never = { idle: -1, request: -1, queue: -1, connect: -1, response: -1, active: 0, total: 0 }

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
