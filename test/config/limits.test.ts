import t from 'tap'
import { type Config, parseConfig } from '../../lib/config/index.js'
import { inMemory, reply } from '../../lib/testing/index.js'

const times = '\n  timeout connect 5s\n  timeout client 5s\n  timeout server 5s\n'
const read = (text: string): Config => parseConfig(`defaults\n  mode http${times}${text}`)

t.test('what limits a server and its connections, with default-server', async (t) => {
  const config = read(`backend b
  fullconn 40
  default-server minconn 2 maxconn 9 pool-max-conn 3 pool-purge-delay 7s max-reuse 5
  server a 127.0.0.1:80 maxqueue 4
  server c 127.0.0.1:81 maxconn 0 pool-max-conn -1 max-reuse -1 strict-maxconn pool-conn-name req.hdr(x-tenant)
`)
  const backend = config.backend('b')
  t.equal(backend.fullConnections, 40)
  t.match(backend.server('a'), { minConnections: 2, maxConnections: 9, maxQueue: 4 })
  t.match(backend.server('a')?.reuse, { maxIdleConnections: 3, idleTimeout: 7000, maxReuse: 5, strict: false })
  t.match(backend.server('c'), { maxConnections: 2, maxQueue: Number.POSITIVE_INFINITY })
  t.match(backend.server('c')?.reuse, { maxIdleConnections: 2 ** 31 - 1, maxReuse: 2 ** 31 - 1, strict: true })
  t.equal(backend.server('c')?.reuse.poolName?.name, 'req.hdr(x-tenant)')
})

t.test('what limits clients', async (t) => {
  const config = read(`frontend f
  bind 127.0.0.1:8000 maxconn 3 backlog 7
  maxconn 20
  rate-limit sessions 5
  max-session-srv-conns 2
frontend g
  bind 127.0.0.1:8001
global
  maxconn 100
  maxconnrate 50
  maxsessrate 40
`)
  t.match(config.frontend('f'), { maxConnections: 20, maxSessionRate: 5, maxOwnConnections: 2 })
  t.match(config.frontend('g'), { maxSessionRate: Number.POSITIVE_INFINITY, maxOwnConnections: 5 })
  t.match(config, { maxConnections: 100, maxConnectionRate: 50, maxSessionRate: 40 })
})

t.test('what is tried again', async (t) => {
  const config = read(`backend none
  retry-on none
backend some
  retry-on conn-failure 503
  retry-on empty-response 429
  option abortonclose
  option prefer-last-server
backend all
  retry-on all-retryable-errors
  no option abortonclose
backend bytes
  mode tcp
  retry-on 503
backend usual
`)
  const statuses = (name: string): number[] =>
    [401, 429, 500, 502, 503, 504].filter((status) => config.backend(name).retry.coversStatus(status))
  t.same(statuses('none'), [])
  t.same(statuses('some'), [429], 'the last line counts')
  t.same(statuses('all'), [500, 502, 503, 504])
  t.same(statuses('usual'), [])
  t.same(
    ['none', 'some', 'all', 'bytes', 'usual'].map((name) => config.backend(name).retry.replays),
    [false, true, true, false, false],
  )
  t.match(config.backend('some'), { abortOnClose: true, preferLastServer: true })
  t.match(
    config.backend('usual'),
    { abortOnClose: true, preferLastServer: false },
    'on in HTTP mode, as in HAProxy 3.5',
  )
  t.equal(config.backend('bytes').abortOnClose, false)
  t.equal(config.backend('all').abortOnClose, false)
})

t.test('rules that say how often a request is tried', async (t) => {
  const config = read(`frontend f
  bind 192.0.2.1:80
  http-request disable-l7-retry if { path /once }
  default_backend b
backend b
  tcp-request content set-retries 2 if { src 198.51.100.9 }
  http-request set-retries 1 if { path /twice }
  retries 3
  retry-on 503
  server a 10.0.0.1:80
  server b 10.0.0.2:80
`)
  let tries = 0
  const busy = () => {
    tries++
    return reply(503)
  }
  await using lb = inMemory(config, { a: busy, b: busy })
  for (const [path, src, expected] of [
    ['/once', '203.0.113.1', 1],
    ['/twice', '203.0.113.1', 2],
    ['/', '198.51.100.9', 3],
    ['/', '203.0.113.1', 4],
  ] as const) {
    tries = 0
    t.match(await lb.inject(path, { src }), { status: 503 })
    t.equal(tries, expected, `${path} from ${src}`)
  }
})

t.test('connections that end by a reset', async (t) => {
  const site = (front: string, back: string): string => `frontend f
  mode tcp
  bind 127.0.0.1:8000
  ${front}
  default_backend b
backend b
  mode tcp
  ${back}
  server s 10.0.0.1:80
`
  const broken = async (front: string, back = ''): Promise<string | undefined> => {
    await using lb = inMemory(read(site(front, back)), { s: () => reply(200, 'ok') })
    const client = await lb.connect()
    client.socket.end('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
    await lb.settle()
    t.match(client.received, /ok$/)
    return (client.broken as NodeJS.ErrnoException | undefined)?.code
  }
  t.equal(await broken('option nolinger'), 'ECONNRESET')
  t.equal(await broken('no option nolinger'), undefined)
  const { frontend, backend } = ((config: Config) => ({
    frontend: config.frontend('f'),
    backend: config.backend('b'),
  }))(read(site('', 'option nolinger')))
  t.match([frontend, backend], [{ noLinger: false }, { noLinger: true }])
})
