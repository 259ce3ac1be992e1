/** More of the tutorials' configurations, behind sockets: checks, limits, logs, WebSocket, TCP, and those that listen nowhere. */

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import type { Origin, OriginScript } from './support/origin.js'
import { subject } from './support/proxy.js'
import { type Served, serve } from './support/served.js'
import { ask, run } from './support/talk.js'
import { adapt, bodyOf, named, request, seed, statusOf, toHost } from './support/tutorial.js'

t.setTimeout(0)

const folder = mkdtempSync(join(tmpdir(), 'fairlead-tutorials-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
function written(text: string): string {
  const file = join(folder, `${files++}`)
  writeFileSync(file, text, 'latin1')
  return file
}

const check = (text: string) => run([...subject, '-c', '-f', written(text)])

/** What a machine need not have: accounts, a syslog daemon's socket. */
const portable = (text: string): string =>
  text.replace(/^\s*(?:user|group|chroot|daemon|stats)\b.*\n/gm, '').replaceAll('/dev/log', '127.0.0.1:9')

/** Waits until something is so; a test that would wait for ever fails instead. */
async function until(so: () => boolean | Promise<boolean>): Promise<boolean> {
  const late = performance.now() + 20_000
  while (!(await so())) {
    if (performance.now() > late) return false
    await pause(20)
  }
  return true
}

const repeat = async (count: number, once: () => Promise<string>): Promise<string[]> => {
  const answers: string[] = []
  for (let index = 0; index < count; index++) answers.push(await once())
  return answers
}

for (const name of ['000_ubuntu-default', '001_defaults', '001_global', '001_global+defaults', '003_perf-global'])
  await t.test(`${name} listens nowhere, and -c says so`, async (t) => {
    const { code, stdout, stderr } = await check(portable(seed(name)))
    t.equal(code, 2, stderr)
    t.match(stdout, 'will not start (no listener)')
    if (name !== '003_perf-global') return
    t.match(stderr, /nbproc is not supported any more/)
    t.equal(stderr.match(/'cpu-map' has no effect here/g)?.length, 4)
  })

await t.test('001_blacklist', async (t) => {
  const missing = await check(seed('001_blacklist'))
  t.match(missing, { code: 1, stderr: /haproxy\/blacklist\.txt.*No such file/ }, 'a file that is not there is named')
  const listed = async (addresses: string): Promise<Served> => {
    const list = written(`# the bad ones\n${addresses}\n`)
    const text = seed('001_blacklist').replace('/etc/haproxy/blacklist.txt', list)
    const served = await serve({}, (port) => adapt(text, port, () => 1))
    t.teardown(() => served.close())
    return served
  }
  const bad = await listed('198.51.100.1\n127.0.0.0/8')
  t.equal(statusOf(await ask(bad.port, request('GET', '/'))), 403)
  const good = await listed('198.51.100.0/24')
  t.equal(statusOf(await ask(good.port, request('GET', '/'))), 503, 'there is no backend')
  t.equal(statusOf(await ask(good.port, request('GET', '/admin'))), 403, 'we are not in 10.0.0.0/8')
})

/** A server that answers checks with `health` and everything else with its name. */
const checked = (name: string, health: string): OriginScript => [
  [
    {
      answer: [
        ['/health', health],
        ['', `HTTP/1.1 200 OK\r\nContent-Length: ${name.length}\r\n\r\n${name}`],
      ],
    },
    'loop',
  ],
]
const page = (status: string, body: string, fields = ''): string =>
  `HTTP/1.1 ${status}\r\n${fields}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`

const firstCheck = (origin: Origin | undefined): string =>
  origin?.connections.map(({ received }) => received).find((text) => text.includes('/health')) ?? ''

/** The first server passes its checks, the second does not: what the check asks, and that the second gets nothing any more. */
async function checks(
  title: string,
  text: string,
  [up, down]: readonly [string, string],
  [good, bad]: readonly [string, string],
  asks: string,
  others: readonly string[] = [],
): Promise<void> {
  await t.test(title, async (t) => {
    const scripts = { [up]: checked(up, good), [down]: checked(down, bad), ...named(...others) }
    const often = text.replace(/ check(?: inter \S+)?/g, ' check inter 100ms')
    const served = await serve(scripts, (port, servers) => adapt(often, port, servers))
    t.teardown(() => served.close())
    const once = async (): Promise<string> => bodyOf(await ask(served.port, request('GET', '/')))
    t.ok(await until(async () => !(await repeat(4, once)).includes(down)), 'the second goes down')
    t.same([...new Set(await repeat(4, once))], [up], 'the first serves')
    t.equal(firstCheck(served.origins.get(up)).replace(/User-Agent.*\r\n/i, ''), asks)
  })
}

const broken = page('500 Internal Server Error', 'no')
const web = ['web1', 'web2'] as const
const api = ['api1', 'api2'] as const
const plain = 'GET /health HTTP/1.0\r\n\r\n'
const full = (host: string, connection = 'connection: close\r\n'): string =>
  `GET /health HTTP/1.1\r\nhost: ${host}\r\n${connection}\r\n`

await checks('001_http-checks', seed('001_http-checks'), web, [page('200 OK', ''), broken], plain)
await checks('001_http-lb', seed('001_http-lb'), web, [page('200 OK', ''), broken], plain, ['web3'])
await checks('004_httpchk-legacy', seed('004_httpchk-legacy'), web, [page('200 OK', ''), broken], full('localhost'))
await checks(
  '004_adv-check',
  seed('004_adv-check'),
  api,
  [page('200 OK', 'all is OK'), page('200 OK', 'not so good')],
  full('localhost'),
)
const json = page('200 OK', '{"status":"ok"}')
// The parser takes the tutorial's quotes away: the check looks for status:ok, which no JSON has.
await checks(
  '001_httpchk-send as it is printed',
  seed('001_httpchk-send'),
  web,
  [page('200 OK', 'status:ok'), json],
  full('www.example.com'),
)
await checks(
  '001_httpchk-send corrected',
  seed('001_httpchk-send').replace('"status":"ok"', `'"status":"ok"'`),
  web,
  [json, page('200 OK', 'status:ok')],
  full('www.example.com'),
)

const typed = (type: string, body: string): string => page('200 OK', body, `Content-Type: ${type}\r\n`)
const advanced = seed('003_adv-checks')
// The tutorial's spelling is not HAProxy's, and its quotes go as above.
await checks(
  '003_adv-checks as it is printed',
  advanced,
  api,
  [typed('application/json', '{status:healthy}'), typed('text/html', '{status:healthy}')],
  full('api.example.com'),
)
await checks(
  '003_adv-checks corrected',
  advanced
    .replace('header Content-Type -m sub', 'hdr name Content-Type value -m sub')
    .replace('{"status":"healthy"}', `'{"status":"healthy"}'`),
  api,
  [typed('text/x, application/json;a=b', '{"status":"healthy"}'), typed('text/html', '{"status":"healthy"}')],
  full('api.example.com'),
)

await t.test('002_check-inter: four milliseconds, with a warning', async (t) => {
  const served = await serve(named('server1'), (port, servers) => adapt(seed('002_check-inter'), port, servers))
  t.teardown(() => served.close())
  const origin = served.origins.get('server1')
  t.ok(await until(() => (origin?.connections.length ?? 0) > 20), 'it is checked often')
  t.equal(bodyOf(await ask(served.port, request('GET', '/'))), 'server1')
  t.match(served.proxy.stderr, /'inter 4' is 4 milliseconds/)
})

await t.test('001_rate-limit', async (t) => {
  const served = await serve({}, (port) => adapt(seed('001_rate-limit'), port, () => 1))
  t.teardown(() => served.close())
  const statuses = await repeat(102, async () => String(statusOf(await ask(served.port, request('GET', '/')))))
  t.same(statuses, [...Array(100).fill('503'), '429', '429'], 'a hundred pass (to no backend), the next do not')
})

await t.test('004_rate-limit', async (t) => {
  const served = await serve(named('web_servers'), (port, servers) => adapt(seed('004_rate-limit'), port, servers))
  t.teardown(() => served.close())
  const statuses = await repeat(102, async () => String(statusOf(await ask(served.port, request('GET', '/')))))
  t.same(statuses, [...Array(100).fill('200'), '429', '429'])
})

await t.test('003_rate-limit', async (t) => {
  const served = await serve(named('api1', 'api2'), (port, servers) => adapt(seed('003_rate-limit'), port, servers))
  t.teardown(() => served.close())
  const first = await ask(served.port, request('GET', '/'))
  t.match(first, /x-ratelimit-limit: 100\r\n/)
  t.match(first, /x-ratelimit-remaining: -99\r\n/, 'sub(100) is the number less a hundred')
  const others = await repeat(100, () => ask(served.port, request('GET', '/')))
  t.same(others.map(statusOf), [...Array(99).fill(200), 403])
  t.match(others[98], /x-ratelimit-remaining: 0\r\n/)
})

await t.test('004_conn-limit', async (t) => {
  const backend = `${seed('004_conn-limit')}\n    default_backend slow\nbackend slow\n    server stub 127.0.0.1:1\n`
  const served = await serve({ slow: [['request', { gate: 'open' }]] }, (port, servers) =>
    adapt(backend, port, servers),
  )
  t.teardown(() => served.close())
  const open: Socket[] = []
  t.teardown(() => {
    for (const socket of open) socket.destroy()
  })
  for (let index = 0; index < 50; index++) {
    const socket = connect(served.port, '127.0.0.1')
    open.push(socket.on('error', () => {}))
    socket.write(request('GET', '/'))
  }
  const slow = served.origins.get('slow')
  t.ok(await until(() => slow?.connections.filter(({ received }) => received !== '').length === 50), 'fifty are served')
  t.equal(statusOf(await ask(served.port, request('GET', '/'))), 429, 'the next is not')
})

await t.test('002_tcp-backend: bytes go to three servers in turn', async (t) => {
  const greet = (name: string): OriginScript => [['any', { send: name }, 'fin', 'end']]
  const scripts = { server1: greet('one'), server2: greet('two'), server3: greet('three') }
  const served = await serve(scripts, (port, servers) => adapt(seed('002_tcp-backend'), port, servers))
  t.teardown(() => served.close())
  // Whether it listens was asked with a connection of its own, which went to the first.
  t.same(await repeat(4, () => ask(served.port, '\x00\xff?')), ['two', 'three', 'one', 'two'])
  t.equal(served.origins.get('server2')?.connections[0]?.received, '\x00\xff?', 'as they are')
})

await t.test('002_tcp-frontend: the connection becomes HTTP for its backend', async (t) => {
  const served = await serve(named('web-test'), (port, servers) => adapt(seed('002_tcp-frontend'), port, servers))
  t.teardown(() => served.close())
  t.equal(bodyOf(await ask(served.port, request('GET', '/'))), 'web-test')
  t.equal(statusOf(await ask(served.port, 'BAD\r\n\r\n')), 400)
})

await t.test('003_websocket', async (t) => {
  const accept = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='
  const echo: OriginScript = [
    [
      'head',
      {
        send: `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      },
      { until: 'ping' },
      { send: 'pong' },
      'end',
    ],
  ]
  const served = await serve({ ws1: echo, ws2: echo, ...named('web1', 'web2') }, (port, servers) =>
    adapt(seed('003_websocket').replaceAll(' check', ''), port, servers),
  )
  t.teardown(() => served.close())
  t.same(await repeat(2, async () => bodyOf(await ask(served.port, toHost('www.example.com')))), ['web1', 'web2'])
  const socket = connect(served.port, '127.0.0.1').setEncoding('latin1')
  t.teardown(() => socket.destroy())
  let got = ''
  socket.on('data', (text: string) => {
    got += text
  })
  socket.write(
    'GET /chat HTTP/1.1\r\nHost: www.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  )
  t.ok(await until(() => got.includes('\r\n\r\n')), 'it is switched')
  t.match(got, /^HTTP\/1\.1 101 /)
  socket.write('ping')
  t.ok(await until(() => got.endsWith('pong')), 'and goes both ways')
  const asked = ['ws1', 'ws2'].map((name) => served.origins.get(name)?.connections[0]?.received ?? '').join('')
  t.match(asked, /x-forwarded-for: 127\.0\.0\.1\r\n/)
})

await t.test('004_layer7-http', async (t) => {
  const served = await serve(named('api_servers', 'static_servers', 'web_servers'), (port, servers) =>
    adapt(seed('004_layer7-http'), port, servers),
  )
  t.teardown(() => served.close())
  const answers: readonly (readonly [string, string])[] = [
    ['/api/x', 'api_servers'],
    ['/a/style.css', 'static_servers'],
    ['/api.css', 'api_servers'],
    ['/style.css?x', 'static_servers'],
    ['/STYLE.CSS', 'web_servers'],
    ['/', 'web_servers'],
  ]
  for (const [path, expected] of answers)
    t.equal(bodyOf(await ask(served.port, request('GET', path))), expected, `${path} goes to ${expected}`)
})

await t.test('004_walkthrough', async (t) => {
  const page503 = written('HTTP/1.0 503 Service Unavailable\r\nContent-Type: text/html\r\n\r\n<h1>our own page</h1>\n')
  const text = portable(seed('004_walkthrough')).replace(/(errorfile \d+) \S+/g, `$1 ${page503}`)
  const names = ['web1', 'web2', 'web3']
  const served = await serve(named(...names), (port, servers) =>
    adapt(text.replaceAll(' check', ' check inter 100ms'), port, servers),
  )
  t.teardown(() => served.close())
  const once = () => ask(served.port, request('GET', '/'))
  t.same((await repeat(4, once)).map(bodyOf), ['web1', 'web2', 'web3', 'web1'])
  for (const name of names) await served.origins.get(name)?.close()
  t.ok(await until(async () => statusOf(await once()) === 503), 'all are down')
  t.match(bodyOf(await once()), 'our own page')
  t.match(served.proxy.stderr, /'ssl-default-bind-ciphers' has no effect here: TLS is not supported yet/)
})

/** One request through 003_logging, and the line that the first of its targets got. */
async function logged(mode: string): Promise<{ line: string; stderr: string }> {
  const receiver = createSocket('udp4')
  const lines: string[] = []
  receiver.on('message', (bytes) => {
    const line = bytes.toString('latin1')
    if (line.includes('web_frontend web_servers/')) lines.push(line)
  })
  receiver.bind(0, '127.0.0.1')
  await once(receiver, 'listening')
  const text = seed('003_logging')
    .replace('defaults\n', `defaults\n${mode}    timeout client 5s\n    timeout server 5s\n    timeout connect 5s\n`)
    .replaceAll('127.0.0.1:514', `127.0.0.1:${receiver.address().port}`)
  const answer = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok'
  const scripts: Record<string, OriginScript> = { web_servers: [['request', { send: answer }, 'fin', 'end']] }
  const served = await serve(scripts, (port, servers) => adapt(text, port, servers))
  try {
    const socket = connect(served.port, '127.0.0.1').once('data', () => socket.end())
    socket.write(request('GET', '/x?y', 'User-Agent: curl\r\n'))
    await once(socket, 'close')
    const asked = (): string | undefined => lines.find((line) => !line.includes('/- 0 0 '))
    await until(() => asked() !== undefined)
    return { line: asked() ?? '', stderr: served.proxy.stderr }
  } finally {
    await served.close()
    receiver.close()
  }
}

await t.test('003_logging as it is printed: in TCP mode, what tells of HTTP is a dash', async (t) => {
  const { line, stderr } = await logged('')
  const shape =
    /^<134>\w{3} [ \d]\d [\d:]{8} haproxy\[\d+\]: 127\.0\.0\.1:\d+ \[.*\] web_frontend web_servers\/stub -\/\d+\/\d+\/-\/- 0 \d+ - - - \d+\/\d+\/\d+\/\d+\/\d+ \d+\/\d+ \{\|\} \{\} ""/
  t.match(line, shape)
  t.match(stderr, /%Tq.*in TCP mode they print '-'/)
})

await t.test('003_logging with mode http: everything is there', async (t) => {
  const { line } = await logged('    mode http\n')
  const shape =
    /haproxy\[\d+\]: 127\.0\.0\.1:\d+ \[.*\] web_frontend web_servers\/stub \d+\/\d+\/\d+\/\d+\/\d+ 200 \d+ - - ---- \d+\/\d+\/\d+\/\d+\/\d+ \d+\/\d+ \{www\.example\.com\|curl\} \{text\/plain\} "GET \/x\?y HTTP\/1\.1"/
  t.match(line, shape)
})
