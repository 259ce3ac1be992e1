/** TCP mode: bytes both ways, what rules may look at before, and the way from there to HTTP. */
import { Backend, Frontend, helloType, reject, Server, sni, useBackend } from '../../lib/index.js'
import { clientHello } from '../interop/cases/client-hello.js'
import { scenario } from './support/scenario.js'
import { BIND, get, last, named, simple } from './support/site.js'

scenario(
  'bytes both ways, and each side ends on its own',
  simple(['a'], { mode: 'tcp' }),
  { a: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    await rig.when(() => rig.origin('a').length === 1)
    const server = rig.origin('a')[0]
    server?.send('220 hello\r\n')
    await rig.when(() => client.received === '220 hello\r\n', 'the server may speak first')
    client.send('\0\xff')
    await rig.when(() => server?.received === '\0\xff')
    client.end('last')
    await rig.when(() => server?.ended === true && server.received.endsWith('last'))
    server?.send('still ')
    await rig.when(() => client.received.endsWith('still '))
    server?.end('talking')
    await rig.when(() => client.received.endsWith('talking') && client.ended)
    await rig.when(() => rig.records.length === 1)
    t.match(rig.records, [{ mode: 'tcp', server: 'a', backend: 'be', termination: '--', bytesIn: 6, bytesOut: 24 }])
    await rig.when(() => rig.balancer.stats().connections === 0)
  },
)

scenario(
  'a server that ends first still hears the client',
  simple(['a'], { mode: 'tcp' }),
  { a: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    await rig.when(() => rig.origin('a').length === 1)
    const server = rig.origin('a')[0]
    server?.end('bye')
    await rig.when(() => client.received === 'bye' && client.ended)
    client.send('more')
    await rig.when(() => server?.received === 'more')
    client.end()
    await rig.when(() => rig.records.length === 1)
    t.match(rig.records, [{ termination: '--' }])
  },
)

scenario('a reset is passed on', simple(['a'], { mode: 'tcp' }), { a: 'manual' }, async (t, rig) => {
  const client = await rig.client()
  await rig.when(() => rig.origin('a').length === 1)
  client.send('x')
  await rig.when(() => rig.origin('a')[0]?.received === 'x')
  client.reset()
  await rig.when(() => rig.records.length === 1)
  t.match(rig.records, [{ termination: 'CD' }])
  await rig.when(() => rig.origin('a')[0]?.ended === true || rig.origin('a')[0]?.closed === true)
  const other = await rig.client()
  await rig.when(() => rig.origin('a').length === 2)
  rig.origin('a')[1]?.send('y')
  await rig.when(() => other.received === 'y')
  rig.origin('a')[1]?.reset()
  await rig.when(() => rig.records.length === 2)
  t.match(rig.records[1], { termination: 'SD' })
  await rig.when(() => other.ended || other.closed)
})

scenario(
  'silence ends a connection, from whichever side it was expected',
  simple(['a'], { mode: 'tcp', timeouts: { client: '5s' } }, { timeouts: { server: '9s' } }),
  { a: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    await rig.when(() => rig.origin('a').length === 1)
    client.send('x')
    await rig.when(() => rig.origin('a')[0]?.received === 'x')
    await rig.advance('4999ms')
    t.same(rig.records, [])
    await rig.advance('1ms')
    await rig.when(() => rig.records.length === 1)
    t.match(rig.records, [{ termination: 'cD' }])
    await rig.when(() => client.ended || client.closed)
  },
)

scenario(
  'connections are routed by the name in a TLS client hello',
  (at) => {
    const one = new Backend('one', { mode: 'tcp', servers: [new Server('a', at('a'))] })
    const two = new Backend('two', { mode: 'tcp', servers: [new Server('b', at('b'))] })
    return new Frontend('fe', {
      bind: BIND,
      mode: 'tcp',
      inspectDelay: '5s',
      tcpRequestContent: [reject().unless(helloType.is(1))],
      routes: [useBackend(one).if(sni.is('one.test')), useBackend(two).if(sni.endsWith('.two.test'))],
    })
  },
  { a: 'manual', b: 'manual' },
  async (t, rig) => {
    const hello = clientHello('www.two.test')
    const client = await rig.client()
    client.send(hello.slice(0, 20))
    await rig.settle()
    t.equal(rig.origin('b').length, 0, 'not yet')
    client.send(hello.slice(20))
    await rig.when(() => rig.origin('b')[0]?.received === hello, 'all bytes arrive')
    const stranger = await rig.client()
    stranger.send(clientHello('three.test'))
    await rig.when(() => stranger.ended || stranger.closed)
    const plain = await rig.client()
    plain.send(get())
    await rig.when(() => plain.ended || plain.closed)
    t.equal(plain.received, '')
    const silent = await rig.client()
    await rig.when(() => rig.balancer.stats().underWay === 2)
    await rig.advance('5s')
    await rig.when(() => silent.ended || silent.closed)
    t.equal(rig.origin('a').length, 0)
    t.same(
      rig.records.map(({ termination, server }) => [termination, server]),
      [
        ['SC', undefined],
        ['PR', undefined],
        ['PR', undefined],
      ],
    )
  },
)

scenario(
  'a tcp frontend may hand over to an http backend',
  (at) =>
    new Frontend('fe', {
      bind: BIND,
      mode: 'tcp',
      inspectDelay: '5s',
      tcpRequestContent: [reject().if(helloType.is(1))],
      defaultBackend: new Backend('be', { servers: [new Server('a', at('a'))] }),
    }),
  { a: named },
  async (t, rig) => {
    const client = await rig.client()
    client.send(get('/1') + last('/2'))
    await rig.when(() => client.ended)
    t.same(client.received.match(/HTTP\/1.1 200/g)?.length, 2)
    t.match(rig.records, [{ mode: 'http', target: '/1', server: 'a', termination: '--' }, { target: '/2' }])
    client.end()
    await rig.when(() => rig.balancer.stats().connections === 0)
    t.match(rig.balancer.stats(), { underWay: 0, frontends: { fe: { current: 0 } }, backends: { be: { current: 0 } } })
  },
)

scenario(
  'nobody there is SC, and the next server is tried',
  simple(['a', 'b'], { mode: 'tcp' }),
  { a: 'refuse', b: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    await rig.when(() => rig.origin('b').length === 1)
    rig.origin('b')[0]?.end('b')
    client.end()
    await rig.when(() => rig.records.length === 1)
    t.match(rig.records, [{ server: 'b', retries: 1, redispatched: true }])
    await rig.change('b', 'refuse')
    const next = await rig.client()
    await rig.when(() => next.ended || next.closed)
    t.match(rig.records[1], { termination: 'SC' })
  },
)

scenario(
  "connections beyond a server's maxConnections wait, and those that break off are forgotten",
  simple(['a'], { mode: 'tcp' }, { timeouts: { queue: '5s' } }, { maxConnections: 1 }),
  { a: 'manual' },
  async (t, rig) => {
    const first = await rig.client()
    await rig.when(() => rig.origin('a').length === 1)
    const leaver = await rig.client()
    await rig.when(() => rig.balancer.backend('be')?.counters.queued === 1)
    const second = await rig.client()
    await rig.when(() => rig.balancer.backend('be')?.counters.queued === 2)
    leaver.reset()
    await rig.when(() => rig.balancer.backend('be')?.counters.queued === 1)
    first.end()
    rig.origin('a')[0]?.end()
    await rig.when(() => rig.origin('a').length === 2)
    rig.origin('a')[1]?.send('yours')
    await rig.when(() => second.received === 'yours')
    const late = await rig.client()
    await rig.when(() => rig.balancer.backend('be')?.counters.queued === 1)
    await rig.advance('5s')
    await rig.when(() => late.ended || late.closed)
    t.same(
      rig.records.map(({ termination, server }) => [termination, server]),
      [
        ['CQ', undefined],
        ['--', 'a'],
        ['sQ', undefined],
      ],
    )
  },
)
