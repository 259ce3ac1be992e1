/** What keys do when their server has too much: `hash-balance-factor`, `hash-preserve-affinity`. */
import t from 'tap'
import { parseConfig } from '../../lib/config/index.js'
import { hang, inMemory } from '../../lib/testing/index.js'

const text = (lines: string, server: string): string => `defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend web
  bind :8080
  default_backend app
backend app
  balance hdr(key)
  hash-type consistent
  ${lines}
  server s1 10.0.0.1:80 ${server}
  server s2 10.0.0.2:80 ${server}
  server s3 10.0.0.3:80 ${server}
`

/** Requests of one key that nobody answers. @returns per server, those that it serves and those that wait for it, the fullest first */
async function held(count: number, lines: string, server = ''): Promise<readonly string[]> {
  const lb = inMemory(parseConfig(text(lines, server)), { s1: () => hang, s2: () => hang, s3: () => hang })
  for (let round = 0; round < count; round++) {
    const { socket } = await lb.connect()
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nKey: same\r\n\r\n')
    await lb.settle()
  }
  const [backend] = lb.balancer.backends
  const seen = [...(backend?.servers ?? [])].map(({ counters }) => `${counters.current}+${counters.queued}`)
  await lb.stop()
  return seen.sort().reverse()
}

t.test('a key leaves a server that carries too much', async (t) => {
  t.same(await held(6, ''), ['6+0', '0+0', '0+0'])
  t.same(await held(6, 'hash-balance-factor 150'), ['3+0', '3+0', '0+0'])
})

t.test('a key that is not to wait goes on, and waits when nobody has a place', async (t) => {
  for (const usual of ['', 'hash-preserve-affinity always'])
    t.same(await held(6, usual, 'maxconn 2'), ['2+4', '0+0', '0+0'])
  t.same(await held(5, 'hash-preserve-affinity maxconn', 'maxconn 2'), ['2+0', '2+0', '1+0'])
  t.same(await held(8, 'hash-preserve-affinity maxconn', 'maxconn 2'), ['2+2', '2+0', '2+0'])
})

t.test('a key that may wait goes on when the queue is full', async (t) => {
  t.same(await held(5, 'hash-preserve-affinity maxqueue', 'maxconn 2 maxqueue 1'), ['2+1', '2+0', '0+0'])
  t.same(await held(5, 'hash-preserve-affinity maxqueue', 'maxconn 2'), ['2+3', '0+0', '0+0'])
})

t.test('who waits for nobody waits for the last one before its own', async (t) => {
  const lb = inMemory(parseConfig(text('hash-preserve-affinity maxconn', 'maxconn 1')), {
    s1: () => hang,
    s2: () => hang,
    s3: () => hang,
  })
  const taken: string[] = []
  for (let round = 0; round < 4; round++) {
    const before = new Map([...(lb.balancer.backends[0]?.servers ?? [])].map((one) => [one, one.counters.current]))
    const { socket } = await lb.connect()
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nKey: same\r\n\r\n')
    await lb.settle()
    for (const [server, current] of before) if (server.counters.current > current) taken.push(server.name)
  }
  const waited = [...(lb.balancer.backends[0]?.servers ?? [])].filter(({ counters }) => counters.queued > 0)
  t.equal(new Set(taken).size, 3)
  t.equal(waited.length, 1)
  t.not(waited[0]?.name, taken[0], 'not for its own')
  await lb.stop()
})

t.test('what makes no sense is told', async (t) => {
  t.throws(
    () => parseConfig(text('hash-preserve-affinity sometimes', '')),
    /only supports 'always', 'maxconn' and 'maxqueue' \(got 'sometimes'\)/,
  )
  const mapped = parseConfig(text('hash-preserve-affinity maxconn\n  hash-type map-based', ''))
  t.match(mapped.diagnostics, [{ message: /'hash-preserve-affinity' means nothing without 'hash-type consistent'/ }])
})
