import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { Clock } from '../../lib/base/clock.js'
import { parseLogAddress } from '../../lib/engine/log-address.js'
import { logSink } from '../../lib/engine/log-sink.js'
import { Ring } from '../../lib/engine/ring.js'
import { stdoutLog, syslog } from '../../lib/engine/syslog.js'
import { openRecord } from '../../lib/observe/record.js'

const still: Clock = { now: () => 0, wall: () => 0, after: () => ({ cancel() {} }) }
const quiet = { clock: still, warn: () => {} }

function folder(t: { teardown(fn: () => void): void }): string {
  const path = mkdtempSync(join(tmpdir(), 'fairlead-log-'))
  t.teardown(() => rmSync(path, { recursive: true }))
  return path
}

t.test('addresses of every form', async (t) => {
  t.same(parseLogAddress('127.0.0.1:5514'), { kind: 'udp', host: '127.0.0.1', port: 5514 })
  t.same(parseLogAddress('127.0.0.1'), { kind: 'udp', host: '127.0.0.1', port: 514 })
  t.same(parseLogAddress('udp6@[::1]:99'), { kind: 'udp', host: '::1', port: 99 })
  t.same(parseLogAddress('::1:99'), { kind: 'udp', host: '::1', port: 99 })
  t.same(parseLogAddress('log.example.com'), { kind: 'udp', host: 'log.example.com', port: 514 })
  t.same(parseLogAddress('/dev/log'), { kind: 'unix', path: '/dev/log' })
  t.same(parseLogAddress('unix@x.sock'), { kind: 'unix', path: 'x.sock' })
  t.same(parseLogAddress('stderr'), { kind: 'fd', fd: 2 })
  t.same(parseLogAddress('fd@7'), { kind: 'fd', fd: 7 })
  t.same(parseLogAddress('tcp@127.0.0.1:6514'), { kind: 'tcp', host: '127.0.0.1', port: 6514 })
  t.same(parseLogAddress('uxst@/run/log'), { kind: 'stream', path: '/run/log' })
  t.same(parseLogAddress('ring@events'), { kind: 'ring', name: 'events' })
  for (const bad of [
    'fd@x',
    ':514',
    '127.0.0.1:0',
    '127.0.0.1:99999',
    '127.0.0.1:x',
    'backend@b',
    'constructor@b',
    'ring@',
  ])
    t.throws(() => parseLogAddress(bad), Error, bad)
})

t.test('options are checked', async (t) => {
  t.throws(() => syslog('127.0.0.1:x'), { code: 'ERR_OPTION' })
  t.throws(() => syslog('127.0.0.1', { facility: 'nope' as 'daemon' }), { message: /'facility'/ })
  t.throws(() => syslog('127.0.0.1', { length: 12 }), { message: /'length'/ })
  t.throws(() => syslog('127.0.0.1', { sample: { ranges: [[1, 9]], size: 3 } }), { message: /'sample'/ })
  t.throws(() => stdoutLog({ tag: '' }), { message: /'tag'/ })
})

t.test('one datagram a line', async (t) => {
  const daemon = createSocket('udp4')
  daemon.bind(0, '127.0.0.1')
  await once(daemon, 'listening')
  const log = syslog(`localhost:${daemon.address().port}`, { facility: 'local0', format: 'priority', tag: 'me' })
  t.teardown(() => {
    void log.close()
    daemon.close()
  })
  const received = once(daemon, 'message') as Promise<[Buffer]>
  log.transaction(openRecord('tcp', 'front', '10.0.0.1', 9, 0))
  const [message] = await received
  t.match(message.toString(), /^<134>10\.0\.0\.1:9 \[.*\] front front\/<NOSRV> -1\/-1\/-1 0 -- 0\/0\/0\/0\/0 0\/0\n$/)
  await log.close()
  const again = once(daemon, 'message') as Promise<[Buffer]>
  log.notice('alert', 'after close')
  t.equal((await again)[0].toString(), '<129>after close\n')
})

t.test('lines on a unix stream socket, and those that a stopped reader does not take are counted', async (t) => {
  const path = join(folder(t), 's')
  const server = createServer()
  server.listen(path)
  await once(server, 'listening')
  const sink = logSink({ kind: 'unix', path }, quiet)
  sink.write('one\n')
  const [socket] = (await once(server, 'connection')) as [Socket]
  t.equal(String((await once(socket, 'data'))[0]), 'one\n')
  socket.pause()
  const line = `${'x'.repeat(65_535)}\n`
  let count = 0
  while (sink.dropped === 0 && count++ < 10_000) sink.write(line)
  t.ok(sink.dropped > 0 && count < 100, 'bounded')
  socket.destroy()
  server.close()
  await once(server, 'close')
})

t.test('a stream that is away keeps the latest lines, and another one gets them', async (t) => {
  const path = join(folder(t), 's')
  let now = 0
  const clock = { ...still, now: () => now }
  let told = ''
  let resolve = () => {}
  const heard = new Promise<void>((done) => {
    resolve = done
  })
  const warn = (text: string) => {
    told += text
    resolve()
  }
  const sink = logSink({ kind: 'stream', path }, { clock, warn })
  sink.write('one\n')
  await heard
  t.match(told, /cannot be reached \(ENOENT\)/)
  const server = createServer()
  server.listen(path)
  await once(server, 'listening')
  t.teardown(() => server.close())
  sink.write('too early\n')
  now = 2000
  const connected = once(server, 'connection') as Promise<[Socket]>
  sink.write('two\n')
  const [socket] = await connected
  let got = ''
  for await (const chunk of socket) if ((got += String(chunk)).endsWith('two\n')) break
  t.equal(got, 'one\ntoo early\ntwo\n')
  t.equal(sink.dropped, 0)
})

t.test('what is too long for a descriptor is cut, its line feed counted', async (t) => {
  const file = join(folder(t), 'lines')
  const fd = openSync(file, 'w')
  for (const format of ['raw', 'short', 'iso'] as const) {
    const log = syslog(`fd@${fd}`, { format, length: 90, clock: still })
    log.notice('info', 'x'.repeat(200))
    await log.close()
  }
  closeSync(fd)
  const lines = readFileSync(file, 'latin1').split('\n')
  t.strictSame(
    lines.map(({ length }) => length),
    [89, 89, 89, 0],
  )
})

t.test('a ring holds the latest lines and hands them on, each with its length', async (t) => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const ring = new Ring('events', {
    size: 1024,
    maxLength: 80,
    servers: [{ name: 'a', address: `127.0.0.1:${port}`, framing: 'octet-count' }],
    clock: still,
  })
  const log = syslog(ring, { format: 'rfc5424' })
  t.teardown(() => {
    void log.close()
    server.close()
  })
  const connected = once(server, 'connection') as Promise<[Socket]>
  for (const text of ['one', 'x'.repeat(200)]) log.notice('info', text)
  const [socket] = await connected
  let got = ''
  for await (const chunk of socket) if ((got += String(chunk)).includes('xxx')) break
  t.equal(got, `3 one80 ${'x'.repeat(80)}`, "raw, which is the ring's own format; cut to its longest length")
  for (let index = 0; index < 1000; index++) log.notice('info', `line ${index}`)
  t.equal(ring.events.at(-1), 'line 999')
  t.ok(ring.events.length < 130)
  t.throws(() => new Ring('a b'), { code: 'ERR_OPTION' })
  t.throws(() => new Ring('a', { servers: [{ name: 's', address: 'udp@127.0.0.1:1' }] }), {
    message: /no place for a stream/,
  })
})

t.test('a path where nobody listens is told once and loses lines', async (t) => {
  let told = ''
  let resolve = () => {}
  const heard = new Promise<void>((done) => {
    resolve = done
  })
  const sink = logSink(
    { kind: 'unix', path: join(folder(t), 'absent') },
    {
      clock: still,
      warn: (text) => {
        told += text
        resolve()
      },
    },
  )
  sink.write('x\n')
  await heard
  sink.write('y\n')
  t.match(told, /absent cannot be reached \(ENOENT\)/)
})

t.test('a datagram socket is told of with the way out', { skip: process.platform !== 'linux' }, async (t) => {
  const path = join(folder(t), 'log')
  const script =
    'import socket,sys;s=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM);s.bind(sys.argv[1]);print("up",flush=True);sys.stdin.read()'
  const daemon = spawn('python3', ['-c', script, path], { stdio: ['pipe', 'pipe', 'ignore'] })
  daemon.on('error', () => {})
  const ready = await Promise.race([
    once(daemon.stdout, 'data').then(() => true),
    once(daemon, 'exit').then(() => false),
  ]).catch(() => false)
  if (!ready) return void t.comment('no python3')
  t.teardown(() => daemon.stdin.end())
  const told = await new Promise<string>((warn) => logSink({ kind: 'unix', path }, { clock: still, warn }).open())
  t.match(told, /datagram socket.*npm install unix-dgram.*log 127\.0\.0\.1:514/)
})

t.test('an inherited file gets all lines in order', async (t) => {
  const path = join(folder(t), 'out')
  const fd = openSync(path, 'w')
  const log = syslog(`fd@${fd}`, { format: 'raw' })
  const lines = Array.from({ length: 50 }, (_, index) => `line ${index}`)
  for (const line of lines.slice(0, 25)) log.notice('info', line)
  await new Promise((done) => setImmediate(done))
  for (const line of lines.slice(25)) log.notice('info', line)
  while (readFileSync(path, 'latin1').split('\n').length <= lines.length)
    await new Promise((done) => setImmediate(done))
  t.equal(readFileSync(path, 'latin1'), `${lines.join('\n')}\n`)
  t.equal(log.dropped, 0)
  closeSync(fd)
})

t.test('closing waits for the lines of a file, which keep their order', async (t) => {
  const path = join(folder(t), 'log')
  const fd = openSync(path, 'w')
  const log = syslog(`fd@${fd}`, { format: 'raw' })
  for (let round = 0; round < 100; round++) {
    log.notice('info', `first ${round}`)
    log.notice('info', `second ${round}`)
    await log.close()
    t.equal(readFileSync(path, 'latin1').split('\n').at(-2), `second ${round}`)
  }
  t.equal(
    readFileSync(path, 'latin1'),
    Array.from({ length: 100 }, (_, round) => `first ${round}\nsecond ${round}\n`).join(''),
  )
  closeSync(fd)
})

t.test('a descriptor that is not there is told and loses lines, without a throw', async (t) => {
  let told = ''
  const sink = logSink({ kind: 'fd', fd: 987 }, { clock: still, warn: (text) => (told += text) })
  sink.write('x\n')
  sink.write('y\n')
  t.equal(sink.dropped, 2)
  t.match(told, /^log: descriptor 987 cannot be written to[^\n]*EBADF[^\n]*$/)
})
