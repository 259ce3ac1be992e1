/** The command as an operator meets it: signals, exit codes, inherited and unix sockets, `-c` on good and bad files. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { always, get } from './cases/product.js'
import { Bell } from './support/bell.js'
import { Origin } from './support/origin.js'
import { freePort } from './support/ports.js'
import { missing } from './support/programs.js'
import { accepts, haproxy, isReference, ProxyProcess, subject } from './support/proxy.js'
import { ask, run } from './support/talk.js'

t.setTimeout(0)

/** What the helpers need of a running test. */
interface Scope {
  teardown(what: () => unknown): void
}

const folder = mkdtempSync(join(tmpdir(), 'fairlead-cli-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const HEAD = `defaults
  mode http
  timeout connect 2s
  timeout client 4s
  timeout server 4s
`
const config = (port: number, server: number | string, bind = `127.0.0.1:${port}`) => `${HEAD}
frontend f
  bind ${bind}
  default_backend b
backend b
  server s1 ${typeof server === 'number' ? `127.0.0.1:${server}` : server}
`

const closing = get('/', 'Connection: close\r\n')

async function origin(t: Scope, script = always('here')): Promise<Origin> {
  const bell = new Bell()
  const server = new Origin(script, bell, new Set())
  await server.listen()
  t.teardown(async () => {
    await server.close()
    bell.silence()
  })
  return server
}

async function started(t: Scope, text: string, port: number): Promise<ProxyProcess> {
  const proxy = await ProxyProcess.start(subject, text, port)
  t.teardown(() => proxy.stop())
  return proxy
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  t.test(`${signal} stops at once, with exit code 0 and a silent stderr`, async (t) => {
    const server = await origin(t)
    const port = await freePort()
    const proxy = await started(t, config(port, server.port), port)
    t.match(await ask(port, closing), /here$/)
    const idle = connect(port, '127.0.0.1').on('error', () => {})
    await once(idle, 'connect')
    // HAProxy in the foreground dies of the signal itself; ours ends with 0, as its manual says of the others.
    t.equal(await proxy.signal(signal), isReference ? null : 0)
    t.notOk(await accepts(port), 'the port is free')
    t.equal(proxy.stdout, '')
    t.same(
      proxy.stderr.split('\n').filter((line) => line !== '' && !/^\[(ALERT|WARNING|NOTICE)\]/.test(line)),
      [],
      'nothing but alerts, warnings and notices',
    )
    idle.destroy()
  })
}

t.test('SIGUSR1 stops listening, finishes what runs, and exits 0', async (t) => {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhalf')
      server.once('more', () => socket.write(' and the'))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const address = server.address()
  const port = await freePort()
  const proxy = await started(t, config(port, typeof address === 'object' && address !== null ? address.port : 0), port)
  const client = connect(port, '127.0.0.1')
  let received = ''
  client.setEncoding('latin1').on('data', (text: string) => {
    received += text
  })
  client.write(get('/'))
  while (!received.includes('half')) await pause(10)
  proxy.child.kill('SIGUSR1')
  while (await accepts(port)) await pause(10)
  t.ok(proxy.running, 'it stays for the transfer')
  server.emit('more')
  const [code] = (await once(proxy.child, 'exit')) as [number | null]
  t.equal(code, 0)
  t.match(received, /half and the$/, 'the transfer ended well')
  client.destroy()
})

t.test('bind fd@N takes a socket that listens already, by number and by variable', async (t) => {
  const server = await origin(t)
  for (const bind of ['fd@3', `fd@\${LISTENER}`]) {
    const listener = createServer()
    listener.listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const address = listener.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { fd } = (listener as unknown as { _handle: { fd: number } })._handle
    const path = file('fd.cfg', config(port, server.port, `"${bind}"`))
    const child = spawn(subject[0]!, [...subject.slice(1), '-db', '-f', path], {
      stdio: ['ignore', 'ignore', 'inherit', fd],
      env: { ...process.env, LISTENER: '3' },
    })
    // Ours must not accept any more, so that whoever answers is the child.
    listener.close()
    t.match(await ask(port, closing), /here$/, bind)
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    await exit
  }
})

t.test('unix sockets on both sides', async (t) => {
  const path = join(folder, 'server.sock')
  const server = createServer((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nunix'))
  })
  server.listen(path)
  await once(server, 'listening')
  t.teardown(() => server.close())
  const port = await freePort()
  const front = join(folder, 'front.sock')
  await started(t, config(port, `unix@${path}`).replace('  default', `  bind unix@${front} mode 600\n  default`), port)
  t.match(await ask(port, closing), /unix$/, 'to the server')
  t.match(await ask({ path: front }, closing), /unix$/, 'from the client')
})

const noSocat = missing('socat')
t.test('an abstract unix socket', noSocat === undefined ? {} : { skip: noSocat }, async (t) => {
  const server = await origin(t)
  const port = await freePort()
  const name = `fairlead-interop-${process.pid}`
  await started(t, config(port, server.port).replace('  default', `  bind abns@${name}\n  default`), port)
  // HAProxy's abns names fill the whole address with NUL bytes. The request's end is not the client's: one that ends before its
  // server is reached counts as gone (`option abortonclose`).
  const { stdout } = await run(['socat', '-t', '5', '-,ignoreeof', `ABSTRACT-CONNECT:${name},unix-tightsocklen=0`], {
    input: closing,
  })
  t.match(stdout, /here$/)
})

t.test('a port in use is an alert and exit code 1', async (t) => {
  const server = await origin(t)
  const { code, stderr } = await run([...subject, '-db', '-f', file('busy.cfg', config(server.port, server.port))])
  t.equal(code, 1)
  t.match(stderr, /\[ALERT\].*127\.0\.0\.1:\d+/)
})

const GOOD: readonly (readonly [string, string])[] = [
  ['plain', config(1, 2)],
  ['with CRLF', config(1, 2).replaceAll('\n', '\r\n')],
  ['with comments and blank lines', `# first\n\n${config(1, 2)}   # last\n`],
  ['with quotes', config(1, 2).replace('server s1', '"server" \'s1\'')],
  ['with a condition', `.if defined(HOME)\n${config(1, 2)}.else\nnonsense\n.endif\n`],
  ['listen', `${HEAD}listen l\n  bind 127.0.0.1:1\n  server s1 127.0.0.1:2\n`],
]

const BAD: readonly (readonly [string, string])[] = [
  ['an unknown keyword', config(1, 2).replace('  default_backend', '  bogus word\n  default_backend')],
  ['a keyword with a slip', config(1, 2).replace('backend b\n', 'backend b\n  balanc roundrobin\n')],
  ['a bad port', config(1, 99_999)],
  ['a server without address', config(1, 2).replace('127.0.0.1:2', '')],
  ['an unknown section', `${config(1, 2)}\nbackendd x\n`],
  ['three faults', `${config(1, 2)}  bogus one\n  bogus two\n  server s1\n`],
  ['an unknown backend', config(1, 2).replace('default_backend b', 'default_backend nope')],
  ['an unknown ACL', config(1, 2).replace('  default', '  http-request deny if nope\n  default')],
  ['an unknown fetch', config(1, 2).replace('  default', '  http-request deny if { nope(1) -m found }\n  default')],
  ['a bad time', config(1, 2).replace('timeout client 4s', 'timeout client 4x')],
  ['a bad status', config(1, 2).replace('  default', '  http-request deny deny_status 9999\n  default')],
  ['a bad regular expression', config(1, 2).replace('  default', '  http-request deny if { path_reg ( }\n  default')],
  ['an open quote', config(1, 2).replace('server s1', 'server "s1')],
  ['an .if without .endif', `.if defined(HOME)\n${config(1, 2)}`],
  ['a missing bind', config(1, 2).replace('  bind 127.0.0.1:1\n', '  bind\n')],
]

/** `file:line` of every alert. */
const places = (stderr: string) =>
  [...new Set([...stderr.matchAll(/\[ALERT\].*?\[[^\]\s]*?([\w.-]+\.cfg:\d+)\]/g)].map((match) => match[1]!))].sort()

const noHaproxy = missing('haproxy')
t.test('-c says of good files what HAProxy says', noHaproxy === undefined ? {} : { skip: noHaproxy }, async (t) => {
  for (const [name, text] of GOOD) {
    const path = file('good.cfg', text)
    const [theirs, ours] = await Promise.all([run([...haproxy, '-c', '-f', path]), run([...subject, '-c', '-f', path])])
    t.same({ code: ours.code, stdout: ours.stdout }, { code: theirs.code, stdout: theirs.stdout }, name)
  }
})

t.test('-c finds the faults that HAProxy finds', noHaproxy === undefined ? {} : { skip: noHaproxy }, async (t) => {
  for (const [name, text] of BAD) {
    const path = file('bad.cfg', text)
    const [theirs, ours] = await Promise.all([run([...haproxy, '-c', '-f', path]), run([...subject, '-c', '-f', path])])
    t.equal(ours.code, theirs.code, `${name}: exit code`)
    t.equal(ours.code, 1, `${name}: it is a fault`)
    t.match(ours.stderr, /^\[ALERT\] +\(\d+\) : /m, `${name}: the shape of alerts`)
    // Ours names the line of the `.if` that is open, HAProxy the last line of the file.
    if (name === 'an .if without .endif') t.match(places(ours.stderr), ['bad.cfg:1'])
    else
      for (const place of places(theirs.stderr)) t.ok(ours.stderr.includes(place), `${name}: ${place}: ${ours.stderr}`)
  }
})

t.test('-c takes a file without a final newline', async (t) => {
  const { code } = await run([...subject, '-c', '-f', file('cut.cfg', config(1, 2).trimEnd())])
  t.equal(code, isReference ? 1 : 0)
})

t.test('-c of a file that is not there', async (t) => {
  const { code, stderr } = await run([...subject, '-c', '-f', join(folder, 'none.cfg')])
  t.equal(code, 1)
  t.match(stderr, /none\.cfg/)
})

t.test('several files and a folder are one configuration', async (t) => {
  const server = await origin(t)
  const port = await freePort()
  const text = config(port, server.port)
  const cut = text.indexOf('\nbackend b') + 1
  const first = file('1.cfg', text.slice(0, cut))
  const second = file('2.cfg', text.slice(cut))
  const both = join(folder, 'both')
  mkdirSync(both)
  writeFileSync(join(both, '1.cfg'), text.slice(0, cut))
  writeFileSync(join(both, '2.cfg'), text.slice(cut))
  writeFileSync(join(both, 'notes.txt'), 'not read')
  t.equal((await run([...subject, '-c', '-f', both])).code, 0, '-f with a folder')
  t.equal((await run([...subject, '-c', '-f', first, '-f', second])).code, 0, 'two -f')
  t.equal((await run([...subject, '-c', '--', first, second])).code, 0, '--')
  t.equal((await run([...subject, '-c', '-f', first])).code, 1, 'half of it is not enough')
})
