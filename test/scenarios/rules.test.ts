/** What rules do to requests and answers, and what a rule in code may do to the rest. */
import {
  addHeader,
  Backend,
  delHeader,
  deny,
  Frontend,
  path,
  redirect,
  reject,
  respond,
  responseHeader,
  rule,
  Server,
  setHeader,
  setPath,
  src,
  status,
  tarpit,
} from '../../lib/index.js'
import { reply } from '../../lib/testing/index.js'
import { scenario } from './support/scenario.js'
import { BIND, get, last, named, ok, simple } from './support/site.js'

scenario(
  'deny, redirect and respond answer without a server',
  simple(['a'], {
    httpRequest: [
      deny().if(path.is('/denied')),
      deny(429).if(path.is('/slow-down')),
      redirect({ location: 'https://example.test/new' }).if(path.is('/old')),
      respond(200, { body: 'pong', headers: { 'x-from': 'rule' } }).if(path.is('/ping')),
    ],
  }),
  { a: named },
  async (t, rig) => {
    const client = await rig.client()
    client.send(get('/denied') + get('/slow-down') + get('/old') + get('/ping') + last('/'))
    await rig.when(() => client.ended)
    t.same(
      client.received.match(/HTTP\/1.1 \d+/g)?.map((line) => line.slice(9)),
      ['403', '429', '302', '200', '200'],
    )
    t.match(client.received, /location: https:\/\/example.test\/new\r\n/i)
    t.match(client.received, /x-from: rule\r\n.*pong/s)
    t.same(
      rig.records.map(({ termination, server }) => [termination, server]),
      [
        ['PR', undefined],
        ['PR', undefined],
        ['LR', undefined],
        ['LR', undefined],
        ['--', 'a'],
      ],
    )
  },
)

scenario(
  'fields and targets are changed on both ways',
  simple(
    ['a'],
    {
      httpRequest: [setHeader('x-set', '1'), addHeader('x-add', '2'), delHeader('cookie'), setPath('/moved')],
      httpResponse: [delHeader('server'), setHeader('x-out', 'fe')],
      httpAfterResponse: [addHeader('x-after', 'yes')],
    },
    { httpRequest: [setHeader('x-backend', 'be')] },
  ),
  { a: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    client.send(get('/here?q=1', 'Cookie: a=b\r\nX-Set: 0\r\nX-Add: 0\r\nConnection: x-hop\r\nX-Hop: 1\r\n'))
    await rig.when(() => rig.origin('a')[0]?.received.includes('\r\n\r\n') === true)
    const got = rig.origin('a')[0]?.received ?? ''
    t.match(got, /^GET \/moved\?q=1 HTTP\/1.1\r\nhost: example.test\r\n/)
    t.match(got, /x-set: 1\r\n/)
    t.match(got, /x-add: 0\r\n.*x-add: 2\r\n/s)
    t.match(got, /x-backend: be\r\n/)
    t.notMatch(got, /cookie|x-hop|connection/i)
    rig.origin('a')[0]?.send(ok('x', 'Server: secret\r\n'))
    await rig.when(() => client.received.endsWith('x'))
    t.match(client.received, /x-out: fe\r\nx-after: yes\r\n/)
    t.notMatch(client.received, /server:/i)
  },
)

scenario(
  'rules on responses refuse and replace',
  simple(
    ['a'],
    {},
    {
      httpResponse: [
        deny().if(responseHeader('x-secret').exists()),
        respond(200, { body: 'sorry' }).if(status.is(500)),
      ],
    },
  ),
  {
    a: ({ request }) =>
      request.target === '/secret'
        ? reply(200, 'x', { 'x-secret': '1' })
        : reply(request.target === '/500' ? 500 : 200),
  },
  async (t, rig) => {
    const client = await rig.client()
    client.send(get('/secret') + get('/500') + last('/'))
    await rig.when(() => client.ended)
    t.match(client.received, /^HTTP\/1.1 502 .*HTTP\/1.1 200 .*sorryHTTP\/1.1 200/s)
    t.match(rig.records, [
      { status: 502, termination: 'PH' },
      { status: 200, termination: 'LH' },
      { status: 200, termination: '--' },
    ])
    t.equal(rig.balancer.stats().underWay, 0)
  },
)

scenario(
  'a rule in code that takes too long is a 500 and a fault, and its signal fires',
  simple(['a'], {
    httpRequest: [
      rule(
        'slow',
        ({ signal, variables }) =>
          new Promise(() => {
            variables.set('txn.waits', true)
            signal.addEventListener('abort', () => signals.push(String(signal.reason)))
          }),
        { timeout: '2s' },
      ).if(path.is('/slow')),
    ],
  }),
  { a: named },
  async (t, rig) => {
    signals.length = 0
    const client = await rig.client()
    client.send(get('/slow'))
    await rig.when(() => rig.balancer.stats().underWay === 1)
    await rig.advance('1999ms')
    t.equal(client.received, '')
    await rig.advance('1ms')
    await rig.when(() => client.received.includes('500 Internal Server Error'))
    t.match(signals, [/within 2000 ms/])
    t.match(rig.faults, [{ message: /slow/ }])
    t.match(rig.records, [{ status: 500, termination: 'PR', server: undefined }])
    client.send(last('/'))
    await rig.when(() => client.ended)
    t.ok(client.received.endsWith('a'), 'one request only has failed')
  },
)
const signals: string[] = []

scenario(
  'the signal of a rule fires when the client leaves',
  simple(['a'], {
    httpRequest: [
      rule('waits', async ({ signal }) => {
        await new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => {
            left.push('gone')
            resolve()
          })
        })
      }),
    ],
  }),
  { a: named },
  async (t, rig) => {
    left.length = 0
    const client = await rig.client()
    client.send(get('/'))
    await rig.when(() => rig.balancer.stats().underWay === 1)
    client.reset()
    await rig.when(() => left.length === 1)
    await rig.when(() => rig.records.length === 1)
    t.match(rig.records, [{ termination: 'CR', server: undefined }])
    t.same(rig.faults, [])
    await rig.when(() => rig.balancer.stats().connections === 0)
  },
)
const left: string[] = []

scenario(
  'the signal of a rule fires when the client sends no more, and one that still listens gets its answer',
  simple(['a'], {
    httpRequest: [
      rule('waits', async ({ signal }) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
      }),
    ],
  }),
  { a: named },
  async (t, rig) => {
    const client = await rig.client()
    client.send(get('/'))
    await rig.when(() => rig.balancer.stats().underWay === 1)
    client.end()
    await rig.when(() => client.received.endsWith('a'))
    t.match(rig.records, [{ status: 200, termination: '--', server: 'a' }])
    t.same(rig.faults, [])
  },
)

scenario(
  'rules that wait keep pipelined requests in order',
  simple(['a'], {
    httpRequest: [
      rule('turns', async ({ request }) => {
        for (let turn = 0; turn < 5; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
        request.headers.set('x-seen', request.target)
      }),
    ],
  }),
  { a: ({ request }) => reply(200, `<${request.headers.get('x-seen') ?? ''}>`) },
  async (t, rig) => {
    const client = await rig.client()
    client.send(get('/1') + get('/2') + last('/3'))
    await rig.when(() => client.ended)
    t.same(client.received.match(/<.*?>/g), ['</1>', '</2>', '</3>'])
  },
)

scenario(
  'what a rule throws is a 500 and a fault, in requests and in responses',
  simple(['a'], {
    httpRequest: [
      rule('bad', () => {
        throw new Error('first')
      }).if(path.is('/request')),
    ],
    httpResponse: [
      rule('worse', async () => {
        throw new Error('second')
      }).if(path.is('/response')),
    ],
  }),
  { a: named },
  async (t, rig) => {
    const client = await rig.client()
    client.send(get('/request') + get('/response') + last('/'))
    await rig.when(() => client.ended)
    t.same(client.received.match(/HTTP\/1.1 \d+/g), ['HTTP/1.1 500', 'HTTP/1.1 500', 'HTTP/1.1 200'])
    t.match(rig.records, [{ termination: 'PR' }, { termination: 'PH' }, { termination: '--' }])
    t.match(rig.faults, [{ message: /first/ }, { message: /second/ }])
  },
)

scenario(
  'forwardfor tells the client, except',
  (at) => {
    const make = (name: string, forwardFor: object | boolean): Frontend =>
      new Frontend(name, {
        bind: BIND,
        forwardFor,
        defaultBackend: new Backend(`be-${name}`, { servers: [new Server('a', at('a'))] }),
      })
    return {
      frontends: [
        make('plain', true),
        make('named', { header: 'X-Client' }),
        make('except', { except: ['127.0.0.0/8', '192.0.2.0/24'] }),
        make('absent', { ifNone: true }),
      ],
    }
  },
  {
    a: ({ request }) =>
      reply(200, `${request.headers.getAll('x-forwarded-for').join('+')}|${request.headers.get('x-client') ?? ''}`),
  },
  async (t, rig) => {
    const seen = async (frontend: string): Promise<string> => {
      const client = await rig.client(frontend)
      client.send(last('/', 'X-Forwarded-For: 10.9.9.9\r\n'))
      await rig.when(() => client.ended)
      return client.received.slice(client.received.indexOf('\r\n\r\n') + 4)
    }
    const own = rig.records
    t.match(await seen('plain'), /^10\.9\.9\.9\+(127\.0\.0\.1|192\.0\.2\.1)\|$/)
    t.match(await seen('named'), /^10\.9\.9\.9\|(127\.0\.0\.1|192\.0\.2\.1)$/)
    t.equal(await seen('except'), '10.9.9.9|')
    t.equal(await seen('absent'), '10.9.9.9|')
    t.equal(own.length, 4)
  },
)

scenario(
  "a backend's mode says nothing of the client's connection",
  (at) => {
    const be = new Backend('be', { connectionMode: 'close', servers: [new Server('a', at('a'))] })
    return { frontends: [new Frontend('fe', { bind: BIND, defaultBackend: be })] }
  },
  { a: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    for (const index of [0, 1]) {
      client.send(get('/'))
      await rig.when(() => rig.origin('a')[index]?.received.includes('\r\n\r\n') === true)
      t.match(rig.origin('a')[index]?.received, /connection: close/)
      rig.origin('a')[index]?.send(ok('x'))
      await rig.when(() => client.received.split('HTTP/1.1 200').length === index + 2)
    }
    t.notMatch(client.received, /connection: close/)
  },
)

scenario(
  'connections close as the mode says',
  (at) => {
    const make = (connectionMode: 'keepAlive' | 'serverClose' | 'close'): Frontend =>
      new Frontend(connectionMode, {
        bind: BIND,
        connectionMode,
        defaultBackend: new Backend(`be-${connectionMode}`, { servers: [new Server('a', at('a'))] }),
      })
    return { frontends: [make('keepAlive'), make('serverClose'), make('close')] }
  },
  { a: 'manual' },
  async (t, rig) => {
    const table = { keepAlive: [false, false], serverClose: [true, false], close: [true, true] } as const
    for (const [index, [mode, [server, client]]] of Object.entries(table).entries()) {
      const peer = await rig.client(mode)
      peer.send(get('/'))
      await rig.when(() => rig.origin('a')[index]?.received.includes('\r\n\r\n') === true)
      const origin = rig.origin('a')[index]
      t.equal(/connection: close/.test(origin?.received ?? ''), server, `${mode} to the server`)
      origin?.send(ok('x'))
      await rig.when(() => peer.received.endsWith('x'))
      await rig.settle()
      t.equal(origin?.ended, server, `${mode}: the server's connection`)
      t.equal(/connection: close/.test(peer.received), client, `${mode} to the client`)
      t.equal(peer.ended, client, `${mode}: the client's connection`)
    }
  },
)

scenario(
  'a tarpit holds the client, then answers',
  simple(['a'], { httpRequest: [tarpit()], timeouts: { tarpit: '7s' } }),
  { a: named },
  async (t, rig) => {
    const client = await rig.client()
    client.send(get('/'))
    await rig.when(() => rig.balancer.stats().underWay === 1)
    await rig.advance('6999ms')
    t.equal(client.received, '')
    await rig.advance('1ms')
    await rig.when(() => client.received.startsWith('HTTP/1.1 500 '))
    t.match(rig.records, [{ status: 500, termination: 'PT', timers: { active: 7000 } }])
  },
)

scenario(
  'a connection is refused before anything is read',
  simple(['a'], { tcpRequestConnection: [reject().if(src.in('127.0.0.0/8', '192.0.2.0/24'))] }),
  { a: named },
  async (t, rig) => {
    const client = await rig.client()
    await rig.when(() => client.ended || client.closed)
    t.equal(client.received, '')
    t.match(rig.balancer.stats(), { connections: 0, frontends: { fe: { deniedConnections: 1 } } })
  },
)

scenario(
  'heads that are too large or have too many fields are refused',
  (at) => ({
    frontends: [
      new Frontend('fe', { bind: BIND, defaultBackend: new Backend('be', { servers: [new Server('a', at('a'))] }) }),
    ],
    maxHeaders: 5,
    bufferSize: 3000,
  }),
  { a: 'manual' },
  async (t, rig) => {
    const long = await rig.client()
    long.send(`GET /${'x'.repeat(3000)} HTTP/1.1\r\nHost: x\r\n\r\n`)
    await rig.when(() => long.ended)
    t.match(long.received, /^HTTP\/1.1 (400|414|431) /)
    const many = await rig.client()
    many.send(get('/', 'A: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\nE: 1\r\nF: 1\r\n'))
    await rig.when(() => many.ended)
    t.match(many.received, /^HTTP\/1.1 (400|431) /)
    t.match(rig.records, [{ termination: 'PR' }, { termination: 'PR' }])
    t.equal(rig.origin('a').length, 0)
    const answered = await rig.client()
    answered.send(last())
    await rig.when(() => rig.origin('a').length === 1)
    rig.origin('a')[0]?.send(`HTTP/1.1 200 OK\r\nX: ${'y'.repeat(3000)}\r\n\r\n`)
    await rig.when(() => answered.ended)
    t.match(answered.received, /^HTTP\/1.1 502 /)
    t.match(rig.records[2], { termination: 'PH' })
  },
)
