/** What rules order of the engine: hints, pauses, time-outs, addresses, tries, and where requests go. */
import {
  Backend,
  close,
  deny,
  earlyHint,
  Frontend,
  format,
  header,
  path,
  pause,
  reject,
  respond,
  Server,
  setDst,
  setDstPort,
  setHeader,
  setLogLevel,
  setRetries,
  setSrc,
  setSrcPort,
  setTimeouts,
  silentDrop,
  src,
  srcPort,
  status,
  useBackend,
  useServer,
} from '../../lib/index.js'
import { reply } from '../../lib/testing/index.js'
import { scenario } from './support/scenario.js'
import { BIND, get, last, named, ok, simple } from './support/site.js'

scenario(
  'hints go ahead of the answer, those that follow each other together',
  simple(
    ['a'],
    {
      httpRequest: [
        earlyHint('link', '</a>'),
        earlyHint('link', '</b>'),
        setHeader('x', 'y'),
        earlyHint('link', '</c>').if(path.is('/c')),
        earlyHint('x-path', format`${path}`),
      ],
    },
    { httpRequest: [earlyHint('link', '</d>')] },
  ),
  { a: named },
  async (t, rig) => {
    const client = await rig.client()
    client.send(get('/c'))
    await rig.when(() => client.received.endsWith('a'))
    const hint = (...links: string[]) =>
      `HTTP/1.1 103 Early Hints\r\n${links.map((link) => `${link}\r\n`).join('')}\r\n`
    t.ok(
      client
        .take()
        .startsWith(
          `${hint('link: </a>', 'link: </b>')}${hint('link: </c>', 'x-path: /c')}${hint('link: </d>')}HTTP/1.1 200 OK`,
        ),
    )
    client.send('GET / HTTP/1.0\r\n\r\n')
    await rig.when(() => client.ended)
    t.notMatch(client.received, /103/)
  },
)

scenario(
  'a pause holds one request and nobody else',
  simple(['a'], {
    httpRequest: [pause('3s').if(path.is('/pause')), pause(header('x-pause')).if(path.is('/asked'))],
    httpResponse: [pause(1000).if(header('x-slow').exists())],
  }),
  { a: named },
  async (t, rig) => {
    const held = await rig.client()
    held.send(get('/pause'))
    const asked = await rig.client()
    asked.send(get('/asked', 'X-Pause: 500\r\n'))
    const back = await rig.client()
    back.send(get('/', 'X-Slow: 1\r\n'))
    const free = await rig.client()
    free.send(get('/asked', 'X-Pause: no\r\n'))
    await rig.when(() => free.received.endsWith('a'))
    await rig.settle()
    t.equal(asked.received + held.received + back.received, '')
    await rig.advance(500)
    await rig.when(() => asked.received.endsWith('a'))
    await rig.advance(500)
    await rig.when(() => back.received.endsWith('a'))
    await rig.advance(1999)
    t.equal(held.received, '')
    await rig.advance(1)
    await rig.when(() => held.received.endsWith('a'))
  },
)

scenario(
  'a client that is paused and leaves',
  simple(['a'], { httpRequest: [pause('3s')] }),
  { a: named },
  async (t, rig) => {
    const client = await rig.client()
    client.send(get('/'))
    await rig.when(() => rig.balancer.stats().underWay === 1)
    client.reset()
    await rig.when(() => rig.records.length === 1)
    t.match(rig.records[0], { termination: 'CR', server: undefined })
    await rig.advance('3s')
    t.equal(rig.records.length, 1)
  },
)

scenario(
  'rules set the time-outs of one transaction',
  simple(
    ['a'],
    {
      timeouts: { client: '20s', tarpit: '20s' },
      httpRequest: [setTimeouts({ client: '1s' }).if(path.is('/client'))],
    },
    {
      timeouts: { server: '20s' },
      httpRequest: [
        setTimeouts({ server: 1500 }).if(path.is('/server')),
        setTimeouts({ server: header('x-time') }).if(path.is('/asked')),
      ],
    },
  ),
  { a: 'manual' },
  async (t, rig) => {
    for (const [request, time, answer] of [
      [get('/server'), 1500, '504 '],
      [get('/asked', 'X-Time: 700\r\n'), 700, '504 '],
      [get('/asked', 'X-Time: none\r\n'), 20_000, '504 '],
      ['POST /client HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab', 1000, '408 '],
    ] as const) {
      const before = rig.origin('a').length
      const client = await rig.client()
      client.send(request)
      await rig.when(() => rig.origin('a').length > before && rig.origin('a').at(-1)?.received !== '')
      await rig.settle()
      await rig.advance(time - 1)
      t.equal(client.received, '', request)
      await rig.advance(1)
      await rig.when(() => client.received.includes(answer))
    }
  },
)

scenario(
  'a connection is dropped in silence',
  simple(
    ['a'],
    { httpRequest: [silentDrop().if(path.is('/request'))] },
    { httpResponse: [silentDrop().if(status.is(404))] },
  ),
  { a: () => reply(404, 'x') },
  async (t, rig) => {
    for (const target of ['/request', '/response']) {
      const client = await rig.client()
      client.send(get(target))
      await rig.when(() => client.ended || client.closed)
      t.equal(client.received, '', target)
    }
    await rig.when(() => rig.records.length === 2)
    t.same(
      rig.records.map(({ termination }) => termination),
      ['PR', 'PR'],
    )
    t.equal(rig.balancer.stats().connections, 0)
  },
)

scenario(
  'content rules reject a response, or close the connection that it came on',
  simple(['a'], {}, { tcpResponseContent: [reject().if(src.in('198.51.100.0/24')), close()] }),
  { a: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    client.send(get('/1'))
    await rig.when(() => rig.origin('a')[0]?.received.endsWith('\r\n\r\n') === true)
    rig.origin('a')[0]?.send(ok('one'))
    await rig.when(() => client.received.endsWith('one'))
    client.send(last('/2'))
    await rig.when(() => rig.origin('a')[1]?.received.endsWith('\r\n\r\n') === true)
    rig.origin('a')[1]?.send(ok('two'))
    await rig.when(() => client.ended)
    t.ok(client.received.endsWith('two'))
    await rig.when(() => rig.origin('a').every(({ ended, closed }) => ended || closed))
  },
)

scenario(
  'addresses that rules give hold for the connection or the request',
  (at) =>
    new Frontend('fe', {
      bind: BIND,
      httpRequest: [
        setSrc(header('x-src')),
        setSrcPort(header('x-port')),
        setDst(header('x-dst')),
        setDstPort(header('x-port')),
        respond(200, { body: format`${src}:${srcPort}` }),
      ],
      defaultBackend: new Backend('be', { servers: [new Server('a', at('a'))] }),
    }),
  { a: named },
  async (t, rig) => {
    const client = await rig.client()
    client.send(get('/', 'X-Src: 192.0.2.7\r\nX-Port: 99\r\n'))
    await rig.when(() => client.received.endsWith('192.0.2.7:99'))
    client.take()
    client.send(last('/', 'X-Src: nobody\r\n'))
    await rig.when(() => client.ended)
    t.notMatch(client.received, /192\.0\.2\.7/)
    t.match(rig.records[0], { clientAddress: '192.0.2.7', clientPort: 99, destinationPort: 99 })
  },
)

scenario(
  'tries are counted as a rule has ordered',
  simple(['a'], {}, { retries: 3, redispatch: false, httpRequest: [setRetries(0).if(path.is('/once'))] }),
  { a: 'refuse' },
  async (t, rig) => {
    const once = await rig.client()
    once.send(last('/once'))
    await rig.when(() => once.ended)
    t.match(once.received, /503/)
    t.match(rig.records[0], { retries: 0 })
  },
)

scenario(
  'requests go to backends and servers by name',
  (at) => {
    const one = new Backend('one', {
      servers: [new Server('a', at('a')), new Server('b', at('b'), { drain: true })],
      useServers: [useServer('b').if(path.is('/b')), useServer(format`${header('x-server')}`).if(path.is('/named'))],
    })
    const two = new Backend('two', { servers: [new Server('c', at('c'))] })
    return new Frontend('fe', {
      bind: BIND,
      httpRequest: [setLogLevel('silent').if(path.is('/quiet')), deny().if(path.is('/deny'))],
      routes: [useBackend(format`${header('x-to')}`, [one, two]).if(header('x-to').exists())],
      defaultBackend: one,
    })
  },
  { a: named, b: named, c: named },
  async (t, rig) => {
    const client = await rig.client()
    client.send(
      get('/', 'X-To: two\r\n') +
        get('/', 'X-To: none\r\n') +
        get('/b') +
        get('/named', 'X-Server: b\r\n') +
        get('/named', 'X-Server: z\r\n') +
        last('/quiet'),
    )
    await rig.when(() => client.ended)
    t.same(
      rig.records.map(({ backend, server }) => `${backend}/${server}`),
      ['two/c', 'one/a', 'one/b', 'one/b', 'one/a', 'one/a'],
    )
  },
)
