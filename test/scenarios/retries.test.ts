/** Requests that go to a server once more: where, when, with what, and what the client gets when nothing helps. */
import { type BackendOptions, disableL7Retry, path, Server, setRetries } from '../../lib/index.js'
import { type Handler, reply } from '../../lib/testing/index.js'
import type { Rig } from './support/rig.js'
import { scenario } from './support/scenario.js'
import { bodies, get, last, named, ok, simple } from './support/site.js'

const bad: Handler = ({ server }) => reply(503, `bad ${server}`)

scenario(
  'an answer of a status that is tried again goes to the next server',
  simple(['a', 'b', 'c'], {}, { retryOn: [503] }),
  { a: bad, b: bad, c: named },
  async (t, rig) => {
    const client = await rig.client()
    client.send(last())
    await rig.when(() => client.ended)
    t.same(bodies(client.received), ['c'], 'a server that was tried is avoided')
    t.match(rig.records, [{ server: 'c', status: 200, retries: 2, redispatched: true, termination: '--' }])
    t.match(rig.balancer.backend('be')?.counters, { redispatches: 2, current: 0 })
  },
)

scenario(
  'the last of them is passed on',
  simple(['a', 'b'], {}, { retryOn: [503], retries: 1 }),
  { a: bad, b: bad },
  async (t, rig) => {
    const client = await rig.client()
    client.send(last())
    await rig.when(() => client.ended)
    t.same(bodies(client.received), ['bad b'])
    t.match(rig.records, [{ status: 503, retries: 1 }])
  },
)

for (const [name, rules] of [
  ['disable-l7-retry', [disableL7Retry().if(path.is('/'))]],
  ['set-retries 0', [setRetries(0).if(path.is('/'))]],
] as const)
  scenario(
    `${name}: the first answer is the last`,
    simple(['a', 'b'], {}, { retryOn: [503], httpRequest: rules }),
    { a: bad, b: named },
    async (t, rig) => {
      const client = await rig.client()
      client.send(last())
      await rig.when(() => client.ended)
      t.same(bodies(client.received), ['bad a'])
    },
  )

const lost = async (rig: Rig, name: string, count: number): Promise<void> => {
  await rig.when(
    () => rig.origin(name).length === count && rig.origin(name).at(-1)?.received.includes('\r\n\r\n') === true,
  )
  rig.origin(name).at(-1)?.destroy()
}

const posting = (rig: Rig, body: string): boolean => rig.origin('b').some(({ received }) => received.endsWith(body))

scenario(
  'a body goes along, in pieces, too',
  simple(['a', 'b'], {}, { retryOn: ['emptyResponse'] }),
  { a: 'manual', b: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    client.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\nhello')
    await rig.when(() => rig.origin('a')[0]?.received.endsWith('hello') === true)
    rig.origin('a')[0]?.destroy()
    await rig.when(() => posting(rig, 'hello'))
    client.send(' world')
    await rig.when(() => posting(rig, 'hello world'))
    rig.origin('b')[0]?.send(ok('done'))
    await rig.when(() => client.received.endsWith('done'))
    t.match(rig.records, [{ server: 'b', status: 200, retries: 1, method: 'POST' }])
  },
)

scenario(
  'a body that is longer than what is kept goes once',
  simple(['a', 'b'], {}, { retryOn: ['emptyResponse'], replayBuffer: 4 }),
  { a: 'manual', b: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    client.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello')
    await lost(rig, 'a', 1)
    await rig.when(() => client.received.startsWith('HTTP/1.1 502 '))
    t.match(rig.records, [{ server: 'a', termination: 'SH', retries: 0 }])
    t.equal(rig.origin('b').length, 0)
  },
)

scenario(
  'pauses between tries grow',
  simple(['a'], {}, { retries: 2, backoff: { first: '100ms', jitter: 0 } }),
  { a: 'refuse' },
  async (t, rig) => {
    const errors = (): number => rig.balancer.backend('be')?.counters.retries ?? 0
    const client = await rig.client()
    client.send(get())
    await rig.when(() => errors() === 1)
    await rig.settle()
    await rig.advance(99)
    t.equal(errors(), 1)
    await rig.advance(1)
    await rig.when(() => errors() === 2)
    await rig.settle()
    await rig.advance(199)
    t.equal(client.received, '')
    await rig.advance(1)
    await rig.when(() => client.received.startsWith('HTTP/1.1 503 '))
  },
)

scenario(
  'a budget keeps retries from multiplying the load',
  simple(['a', 'b'], {}, { retryOn: [503], retries: 3, retryBudget: { share: 0.5, least: 0 } }),
  { a: bad, b: bad },
  async (t, rig) => {
    for (let count = 0; count < 20; count++) {
      const client = await rig.client()
      client.send(last())
      await rig.when(() => client.ended)
    }
    const sum = rig.records.reduce((retries, record) => retries + record.retries, 0)
    t.equal(sum, 10, 'half a retry a request')
  },
)

const sparing: BackendOptions = { retryOn: [503, 'emptyResponse', 'connFailure'], retries: 1, lastAnswer: true }

scenario(
  'when the last try brings nothing, the answer that was given up comes',
  simple(['a', 'b'], {}, sparing),
  { a: 'manual', b: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    client.send(last())
    await rig.when(() => rig.origin('a')[0]?.received.includes('\r\n\r\n') === true)
    rig.origin('a')[0]?.send(ok('sorry', '').replace('200 OK', '503 Sorry'))
    await lost(rig, 'b', 1)
    await rig.when(() => client.ended)
    t.match(client.received, /^HTTP\/1\.1 503 Sorry\r\n/)
    t.same(bodies(client.received), ['sorry'])
    t.match(rig.records, [{ server: 'a', status: 503, termination: '--', retries: 1 }])
    t.match(rig.balancer.stats(), { underWay: 0 })
    for (const server of rig.balancer.backend('be')?.servers ?? []) t.equal(server.active, 0, server.name)
  },
)

scenario(
  'an answer that was given up is forgotten when there is a better one, and comes whole though its server has gone',
  simple(['a', 'b'], {}, sparing),
  { a: 'manual', b: 'manual' },
  async (t, rig) => {
    const first = await rig.client()
    first.send(last('/1'))
    await rig.when(() => rig.origin('a')[0]?.received.includes('/1') === true)
    rig.origin('a')[0]?.send(ok('sorry').replace('200 OK', '503 Sorry'))
    await rig.when(() => rig.origin('b')[0]?.received.includes('/1') === true)
    rig.origin('b')[0]?.send(ok('better'))
    await rig.when(() => first.ended)
    t.same(bodies(first.received), ['better'])
    await rig.when(() => rig.origin('a')[0]?.closed === true || rig.origin('a')[0]?.ended === true)
    const second = await rig.client()
    second.send(last('/2'))
    await rig.when(() => rig.origin('a')[1]?.received.includes('/2') === true)
    rig.origin('a')[1]?.send(ok('sorry').replace('200 OK', '503 Sorry'))
    await rig.when(() => rig.origin('b')[1]?.received.includes('/2') === true)
    rig.origin('a')[1]?.destroy()
    await rig.settle()
    rig.origin('b')[1]?.destroy()
    await rig.when(() => second.ended)
    t.match(second.received, /^HTTP\/1\.1 503 Sorry/)
    for (const server of rig.balancer.backend('be')?.servers ?? []) t.equal(server.active, 0, server.name)
  },
)

scenario(
  'a request to which something was added is not added to twice',
  (at) => simple(['a', 'b'], {}, { retryOn: [503], forwardFor: true, sendNameHeader: 'x-server' })(at),
  {
    a: bad,
    b: ({ request }) => reply(200, `${request.headers.get('x-forwarded-for')} ${request.headers.get('x-server')}`),
  },
  async (t, rig) => {
    const client = await rig.client()
    client.send(last())
    await rig.when(() => client.ended)
    t.match(bodies(client.received)[0], /^[^,]+ b$/)
  },
)

scenario(
  'a server that was moved, ordered out or removed keeps no connection',
  simple(['a'], {}, { reuse: 'always' }),
  { a: 'manual' },
  async (t, rig) => {
    const backend = rig.balancer.backend('be')
    const [server] = [...(backend?.servers ?? [])] as [Server]
    const client = await rig.client()
    client.send(get('/1'))
    await rig.when(() => rig.origin('a')[0]?.received.includes('/1') === true)
    server.admin = 'maint'
    rig.origin('a')[0]?.send(ok('one'))
    await rig.when(() => client.received.endsWith('one'))
    await rig.when(() => rig.origin('a')[0]?.ended === true || rig.origin('a')[0]?.closed === true)
    t.equal(rig.balancer.stats().idleConnections, 0)
    server.admin = 'ready'
    client.send(get('/2'))
    await rig.when(() => rig.origin('a')[1]?.received.includes('/2') === true)
    backend?.servers.remove(server)
    rig.origin('a')[1]?.send(ok('two'))
    await rig.when(() => client.received.endsWith('two'))
    await rig.when(() => rig.origin('a')[1]?.ended === true || rig.origin('a')[1]?.closed === true)
    t.equal(rig.balancer.stats().idleConnections, 0)
  },
)

scenario(
  'a connection is used again as often as it may be',
  (at) => simple(['a'], {}, { servers: [new Server('a', at('a'), { maxReuse: 1 })], reuse: 'always' })(at),
  { a: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    for (const [index, name] of ['/1', '/2', '/3'].entries()) {
      client.send(get(name))
      const peer = (): number => rig.origin('a').findIndex(({ received }) => received.includes(`${name} `))
      await rig.when(() => peer() >= 0)
      t.equal(peer(), index < 2 ? 0 : 1, name)
      rig.origin('a')[peer()]?.send(ok(name))
      await rig.when(() => client.received.endsWith(name))
    }
  },
)
