/** Where log lines go, and what is told of checks: both programs write the same bytes to TCP servers, rings and unix sockets. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { Bell } from './support/bell.js'
import { freePort } from './support/ports.js'
import { missing } from './support/programs.js'
import { haproxy, ProxyProcess, subject } from './support/proxy.js'
import { ask } from './support/talk.js'

t.setTimeout(0)

/** A receiver of streams. */
class Collector {
  received = ''
  readonly bell = new Bell()
  readonly #sockets = new Set<Socket>()
  readonly #server: Server = createServer((socket) => {
    this.#sockets.add(socket)
    socket.on('error', () => {})
    socket.setEncoding('latin1').on('data', (text: string) => {
      this.received += text
      this.bell.ring()
    })
  })

  async listen(at: string | number): Promise<void> {
    if (typeof at === 'string') this.#server.listen(at)
    else this.#server.listen(at, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    this.bell.silence()
  }
}

/** What belongs to the run. */
const masked = (text: string): string =>
  text
    .replace(/[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d/g, '{date}')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+\+\d\d:\d\d/g, '{date}')
    .replace(/haproxy( |\[)\d+/g, 'haproxy$1{pid}')
    .replace(/127\.0\.0\.1:\d+/g, '{client}')
    .replace(/\d+ (?=<\d+>1 )/g, '{length} ')
    .replace(/check duration: \d+ms/g, 'check duration: {ms}')
    // What the system says of a refusal, or the server of its status, is HAProxy's to tell.
    .replace(/, info: "[^"]*"/g, '')

const PLAIN = 'GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'

/** Two requests, logged by streams of all kinds. */
async function streams(command: readonly string[]): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-logs-'))
  const collectors = Array.from({ length: 4 }, () => new Collector())
  const [plain, counted, cut, unix] = collectors as [Collector, Collector, Collector, Collector]
  for (const one of [plain, counted, cut]) await one.listen(0)
  await unix.listen(join(folder, 'log'))
  const port = await freePort()
  const proxy = await ProxyProcess.start(
    command,
    `defaults
  mode http
  timeout connect 2s
  timeout client 2s
  timeout server 2s
ring counted
  format rfc5424
  timeout connect 2s
  timeout server 2s
  server one 127.0.0.1:${counted.port} log-proto octet-count
ring cut
  format iso
  maxlen 90
  size 16384
  server one 127.0.0.1:${cut.port}
frontend fe
  bind 127.0.0.1:${port}
  log tcp@127.0.0.1:${plain.port} local0
  log ring@counted local1
  log ring@cut format short local2
  log uxst@${join(folder, 'log')} format priority local3
  log-format "%ci:%cp %ST %r %ts ${'x'.repeat(60)}"
  http-request return status 200 if { path /x }
`,
    port,
  )
  try {
    for (let count = 0; count < 2; count++) await ask(port, PLAIN)
    for (const one of collectors) await one.bell.wait(() => (one.received.match(/GET \/x/g) ?? []).length >= 2, 3000)
    // The connection that saw that the program is there has a line of its own.
    return collectors.map(({ received }) =>
      masked(received)
        .split(/(?<=\n)|(?=\{length\} )/)
        .filter((line) => line.includes('GET /x'))
        .join('|'),
    )
  } finally {
    await proxy.stop()
    for (const one of collectors) one.close()
    rmSync(folder, { recursive: true })
  }
}

/** What is told of a server whose answers change. */
async function checks(command: readonly string[]): Promise<readonly string[]> {
  const log = createSocket('udp4')
  const bell = new Bell()
  const lines: string[] = []
  log.on('message', (bytes) => {
    lines.push(masked(bytes.toString('latin1')))
    bell.ring()
  })
  log.bind(0, '127.0.0.1')
  await once(log, 'listening')
  let status = 200
  const origin = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end(`HTTP/1.1 ${status} X\r\nContent-Length: 0\r\n\r\n`))
  })
  origin.listen(0, '127.0.0.1')
  await once(origin, 'listening')
  const port = await freePort()
  const proxy = await ProxyProcess.start(
    command,
    `defaults
  mode http
  timeout connect 2s
  timeout client 2s
  timeout server 2s
frontend fe
  bind 127.0.0.1:${port}
  default_backend be
backend be
  log 127.0.0.1:${log.address().port} format short local0
  option log-health-checks
  option httpchk GET /
  server s1 127.0.0.1:${(origin.address() as AddressInfo).port} check inter 50ms fall 3 rise 2
`,
    port,
  )
  try {
    await bell.wait(() => lines.some((line) => line.includes('3/3 UP')), 3000)
    status = 503
    await bell.wait(() => lines.some((line) => line.includes('no server available')), 3000)
    status = 200
    await bell.wait(() => lines.some((line) => line.includes('is UP')), 3000)
    return lines
  } finally {
    await proxy.stop()
    log.close()
    origin.close()
    bell.silence()
  }
}

const absent = missing('haproxy')
if (absent !== undefined) t.pass('logs beside HAProxy', { skip: absent })
else {
  t.test('streams, rings and unix sockets get the same bytes', async (t) => {
    const [theirs, ours] = [await streams(haproxy), await streams(subject)]
    t.same(
      theirs.map((text) => text.split('|').length),
      [2, 2, 2, 2],
    )
    t.same(ours, theirs)
  })

  t.test('option log-health-checks tells the same of checks', async (t) => {
    const [theirs, ours] = [await checks(haproxy), await checks(subject)]
    t.ok(theirs.length >= 7)
    t.same(ours.slice(0, theirs.length), theirs)
  })
}
