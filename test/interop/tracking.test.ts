/** What stick tables count of traffic, and who is denied for it, through HAProxy and through fairlead: scripted sequences with pauses, the same on both. */

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { freePort } from './support/ports.js'
import { missing } from './support/programs.js'
import { haproxy, ProxyProcess, subject } from './support/proxy.js'

t.setTimeout(0)

/** What every table stores; heads have other lengths in HAProxy, so that bytes are compared by two thousand. */
const STORE =
  'gpc0,gpc1,gpt0,conn_cnt,conn_cur,conn_rate(20s),sess_cnt,sess_rate(20s),http_req_cnt,http_req_rate(20s),http_err_cnt,http_err_rate(20s),http_fail_cnt,http_fail_rate(20s),bytes_in_cnt,bytes_out_cnt'

/** A step: text that is sent on a connection (`a`, `b` …) and then answered; the end of one; a pause; a look at the tables. */
type Step =
  | readonly [connection: string, send: string]
  | readonly ['close', connection: string]
  | readonly ['pause', milliseconds: number]
  | readonly ['tables', ...names: string[]]

interface Script {
  readonly name: string
  /** Lines of the frontend. */
  readonly rules: readonly string[]
  readonly mode?: 'http' | 'tcp'
  readonly backend?: readonly string[]
  readonly steps: readonly Step[]
}

const get = (path: string, fields = ''): string => `GET ${path} HTTP/1.1\r\nhost: x\r\n${fields}\r\n`
const table = (name: string, store = STORE): string =>
  `backend ${name}\n  stick-table type ip size 100 expire 1m store ${store}`
const times = (count: number, step: Step): Step[] => Array.from({ length: count }, () => step)

const everywhere = [
  'tcp-request connection track-sc0 src table one',
  'http-request track-sc1 src table two',
  'http-request deny if { path /deny }',
  'http-request auth if { path /auth }',
  'http-request return status 404 if { path /return }',
  'http-request reject if { path /reject }',
]

const scripts: readonly Script[] = [
  {
    name: 'a limit of requests in a time, and room again later',
    rules: [
      'http-request track-sc0 src table quick',
      'http-request deny deny_status 429 if { sc0_http_req_rate gt 4 }',
    ],
    steps: [...times(7, ['a', get('/')]), ['tables', 'quick'], ['pause', 5200], ...times(2, ['a', get('/')])],
  },
  {
    name: 'a limit of connections in a time',
    rules: [
      'tcp-request connection track-sc0 src table quick',
      'tcp-request connection reject if { sc0_conn_rate gt 3 }',
    ],
    steps: [...['a', 'b', 'c', 'd', 'e'].map((name): Step => [name, get('/')]), ['tables', 'quick']],
  },
  {
    name: 'a limit of connections at a time',
    rules: ['tcp-request connection track-sc0 src table one', 'tcp-request connection reject if { sc0_conn_cur gt 2 }'],
    steps: [
      ['a', get('/')],
      ['b', get('/')],
      ['c', get('/')],
      ['tables', 'one'],
      ['close', 'a'],
      ['d', get('/')],
      ['tables', 'one'],
    ],
  },
  {
    name: 'a limit of errors',
    rules: ['http-request track-sc0 src table one', 'http-request deny deny_status 429 if { sc0_http_err_rate gt 2 }'],
    steps: [...times(3, ['a', get('/404')]), ['a', get('/')], ['a', get('/404')], ['tables', 'one']],
  },
  {
    name: 'a list of those who are banned',
    rules: [
      'http-request track-sc0 src table one',
      'http-request deny if { sc0_get_gpc0 gt 0 }',
      'http-request sc-inc-gpc0(0) if { path /trap }',
      'http-request deny if { path /other } { src_inc_gpc0(two) gt 1 }',
    ],
    steps: [
      ['a', get('/')],
      ['a', get('/other')],
      ['a', get('/other')],
      ['a', get('/trap')],
      ['b', get('/')],
      ['tables', 'one', 'two'],
    ],
  },
  {
    name: 'a limit of bytes',
    rules: ['http-request track-sc0 src table bytes', 'http-request deny if { sc0_bytes_out_rate gt 150000 }'],
    steps: [...times(3, ['a', get('/large')]), ['tables', 'bytes']],
  },
  ...(
    [
      ['answers', ['/', '/404', '/403', '/500', '/501', '/505', '/503'].map((path): Step => ['a', get(path)])],
      ['refusals', ['/deny', '/auth', '/return'].map((path): Step => ['a', get(path)])],
      ['a rejected request', [['a', get('/reject')]]],
      ['a request that is none', [['a', 'GET / nonsense\r\n\r\n']]],
      ['a server that breaks off', [['a', get('/cut')]]],
      ['a body', [['a', `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 3000\r\n\r\n${'x'.repeat(3000)}`]]],
      ['a large answer', [['a', get('/large')]]],
      [
        'two clients of one address',
        [
          ['a', get('/')],
          ['b', get('/')],
          ['tables', 'one', 'two'],
          ['a', get('/')],
        ],
      ],
    ] as const satisfies readonly (readonly [string, readonly Step[]])[]
  ).map(
    ([name, steps]): Script => ({
      name: `what counts: ${name}`,
      rules: everywhere,
      steps: [
        ...steps,
        ['tables', 'one', 'two'],
        ['close', 'a'],
        ['close', 'b'],
        ['pause', 100],
        ['tables', 'one', 'two'],
      ],
    }),
  ),
  {
    name: 'what counts: a client that says nothing, one that says half',
    rules: everywhere,
    steps: [
      ['a', ''],
      ['tables', 'one'],
      ['close', 'a'],
      ['pause', 100],
      ['tables', 'one'],
      ['b', 'GET / HT'],
      ['close', 'b'],
      ['pause', 100],
      ['tables', 'one'],
    ],
  },
  {
    name: 'several slots',
    rules: [
      'tcp-request connection track-sc0 src table one',
      'tcp-request session track-sc1 src table two',
      'http-request track-sc2 req.hdr(x-key) table keys',
      'http-request track-sc2 src table one',
      'http-request sc-inc-gpc0(0)',
      'http-request sc-inc-gpc1(1) if { sc2_http_req_cnt gt 1 }',
      'http-request sc-set-gpt0(1) int(5),mul(3)',
    ],
    steps: [
      ...times(2, ['a', get('/', 'x-key: red\r\n')]),
      ['b', get('/', 'x-key: blue\r\n')],
      ['b', get('/')],
      ['tables', 'one', 'two', 'keys'],
    ],
  },
  {
    name: 'TCP',
    mode: 'tcp',
    rules: [
      'tcp-request connection track-sc0 src table one',
      'tcp-request session track-sc1 src table two',
      'tcp-request inspect-delay 2s',
      'tcp-request content track-sc2 src table keys',
      'tcp-request content reject if { sc2_conn_cur gt 2 }',
      'tcp-request content accept if { req.len gt 0 }',
    ],
    steps: [
      ['a', get('/')],
      ['b', get('/')],
      ['tables', 'one', 'two'],
      ['c', get('/')],
      ['close', 'a'],
      ['close', 'b'],
      ['pause', 150],
      ['tables', 'one', 'two', 'keys'],
    ],
  },
  ...(['http', 'tcp'] as const).flatMap((mode) =>
    ['option contstats', 'no option contstats'].map(
      (option): Script => ({
        name: `what counts of a long answer while it comes, ${mode}, ${option}`,
        mode,
        rules: [
          option,
          'tcp-request connection track-sc0 src table one',
          'tcp-request content track-sc1 src table bytes',
        ],
        steps: [
          ['a', get('/slow')],
          ['pause', 3500],
          ['tables', 'one', 'bytes'],
          ['pause', 5000],
          ['tables', 'one', 'bytes'],
        ],
      }),
    ),
  ),
]

/** A long answer comes in pieces, so many milliseconds apart: the first two before HAProxy counts again, and the last behind it. */
const PIECES = [60_000, 20_000, 20_000]
const BETWEEN = 4000

async function trickle(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-length': PIECES.reduce((sum, length) => sum + length) })
  for (const length of PIECES) {
    response.write('x'.repeat(length))
    await pause(BETWEEN)
  }
  response.end()
}

const config = (
  { rules, mode = 'http', backend = [] }: Script,
  port: number,
  server: number,
  socket: string,
  ready: number,
): string => `
global
  stats socket ${socket} level admin
defaults
  mode ${mode}
  timeout client 10s
  timeout server 5s
  timeout connect 2s
frontend edge
  bind 127.0.0.1:${port}
${rules.map((rule) => `  ${rule}`).join('\n')}
  default_backend servers
backend servers
${backend.map((rule) => `  ${rule}`).join('\n')}
  server s1 127.0.0.1:${server}
${table('one')}
${table('two')}
${table('quick', 'http_req_rate(2s),conn_rate(20s)')}
${table('bytes', 'bytes_out_rate(20s)')}
backend keys
  stick-table type string len 20 size 100 expire 1m store ${STORE}
frontend ready
  bind 127.0.0.1:${ready}
`

const origin = createServer((request, response) => {
  const [, status = ''] = request.url?.split('/') ?? []
  if (status === 'cut') request.socket.destroy()
  else {
    request.resume()
    if (status === 'slow') {
      void trickle(response)
      return
    }
    response.writeHead(/^\d{3}$/.test(status) ? Number(status) : 200)
    response.end(status === 'large' ? 'x'.repeat(100_000) : 'ok')
  }
})

class Client {
  readonly #socket
  #text = ''
  #ended = false

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1' })
    this.#socket.setEncoding('latin1')
    this.#socket.on('data', (text) => (this.#text += text))
    this.#socket.on('error', () => {})
    this.#socket.on('close', () => (this.#ended = true))
  }

  /** The status of the answer, and whether the connection has ended; `silent` when nothing comes. */
  async ask(send: string): Promise<string> {
    this.#text = ''
    this.#socket.write(send, 'latin1')
    const end = performance.now() + (send.includes('\r\n\r\n') ? 3000 : 150)
    while (!this.#complete && !this.#ended && performance.now() < end) await pause(5)
    const status = /^HTTP\/1\.1 (\d{3})/.exec(this.#text)?.[1] ?? 'silent'
    // An end follows its answer at once.
    if (!this.#ended) await pause(20)
    return `${status}${this.#ended ? ', closed' : ''}`
  }

  get #complete(): boolean {
    const head = this.#text.indexOf('\r\n\r\n')
    if (head === -1) return false
    const length = Number(/content-length: *(\d+)/i.exec(this.#text.slice(0, head))?.[1] ?? '0')
    return (
      this.#text.length >= head + 4 + length ||
      (/transfer-encoding/i.test(this.#text) && this.#text.endsWith('0\r\n\r\n'))
    )
  }

  close(): void {
    this.#socket.destroy()
  }
}

function command(socket: string, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const client = connect(socket)
    client.setEncoding('latin1')
    client.on('data', (piece) => (text += piece))
    client.on('close', () => resolve(text))
    client.on('error', reject)
    client.end(`${line}\n`)
  })
}

/** An entry as it can be compared: without its address in memory, its time, and the bytes below two thousand. */
const comparable = (line: string): string =>
  line
    .replace(/^0x\w+: /, '')
    .replace(/ (?:exp|shard)=\d+/g, '')
    .replace(/(bytes_\w+(?:\(\d+\))?=)(\d+)/g, (_, name, count) => `${name}${2 * Math.round(Number(count) / 2000)}k`)

async function look(socket: string, name: string): Promise<string[]> {
  const text = await command(socket, `show table ${name}`)
  return text
    .split('\n')
    .filter((line) => line.includes('key='))
    .map((line) => `${name}: ${comparable(line)}`)
    .sort()
}

async function play(program: readonly string[], script: Script, folder: string): Promise<string[]> {
  const port = await freePort()
  // Looking whether it listens would count as well.
  const ready = await freePort()
  const socket = join(folder, `${port}.sock`)
  const proxy = await ProxyProcess.start(
    program,
    config(script, port, (origin.address() as AddressInfo).port, socket, ready),
    ready,
  )
  const clients = new Map<string, Client>()
  const seen: string[] = []
  try {
    while (!existsSync(socket)) await pause(20)
    for (const [what, ...words] of script.steps) {
      if (what === 'pause') await pause(Number(words[0]))
      else if (what === 'tables') for (const name of words) seen.push(...(await look(socket, String(name))))
      else if (what === 'close') {
        clients.get(String(words[0]))?.close()
        // Nothing tells when the program has seen it.
        await pause(150)
      } else {
        const client = clients.get(what) ?? new Client(port)
        clients.set(what, client)
        seen.push(`${what} ${await client.ask(String(words[0]))}`)
      }
    }
  } finally {
    for (const client of clients.values()) client.close()
    await proxy.stop()
  }
  return seen
}

const absent = missing('haproxy')
if (absent !== undefined) t.pass('what stick tables count', { skip: absent })
else {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-tracking-'))
  t.before(() => new Promise<void>((resolve) => void origin.listen(0, '127.0.0.1', resolve)))
  t.teardown(() => {
    origin.closeAllConnections()
    origin.close()
    rmSync(folder, { recursive: true, force: true })
  })
  for (const script of scripts) {
    t.test(script.name, async (t) => {
      const [theirs, ours] = await Promise.all([play(haproxy, script, folder), play(subject, script, folder)])
      t.not(theirs.length, 0)
      t.strictSame(ours, theirs)
    })
  }
}
