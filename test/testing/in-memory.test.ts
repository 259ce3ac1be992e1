import t from 'tap'
import { Backend, Balancer, Frontend, HealthCheck, respond, rule, Server } from '../../lib/index.js'
import { hang, inMemory, raw, refuse, reply, request, reset, tcp, unreachable } from '../../lib/testing/index.js'
import { site } from './site.js'

function one(options: ConstructorParameters<typeof Backend>[1] = {}): Frontend {
  const servers = [new Server('s1', '10.0.0.1:80'), new Server('s2', '10.0.0.2:80')]
  return new Frontend('edge', { bind: ':8080', defaultBackend: new Backend('app', { servers, ...options }) })
}

t.test('the second program of the design: no socket, no sleep, no mock', async (t) => {
  const edge = site()
  t.match(await edge.route(request('/api/users', { src: '203.0.113.7', at: '3s' })), {
    kind: 'respond',
    response: { status: 401 },
  })
  const lb = inMemory(site(), { api1: refuse, api2: () => reply(200, 'ok') })
  t.match((await lb.inject('/api/users', { headers: { authorization: 'good' } })).record, {
    server: 'api2',
    termination: '--',
  })
  await lb.stop()
})

t.test('the first program: it starts, and tells of health', async (t) => {
  const told: string[] = []
  const lb = inMemory(site(), {
    api1: refuse,
    api2: () => reply(200, 'ok'),
    web1: ({ request }) => reply(200, request.headers.get('x-forwarded-proto')),
  })
  lb.balancer.on('health', ({ server, up, reason }) => told.push(`${server.name} ${up ? 'UP' : 'DOWN'} ${reason}`))
  t.match(await lb.inject('/'), { status: 200, body: 'https', record: { backend: 'web', server: 'web1' } })
  await lb.clock.advance('10s')
  t.same(told, ['api1 DOWN L4CON'])
  const { api } = lb.stats().backends
  t.match(api, { servers: { api1: { up: false }, api2: { up: true } } })
  await lb.stop()
  t.equal(lb.clock.pending, 0)
})

t.test('a rate is counted by the time that the test says', async (t) => {
  const edge = site()
  for (let count = 0; count < 100; count++) await edge.route(request('/', { src: '203.0.113.7', at: '1s' }))
  t.match(await edge.route(request('/', { src: '203.0.113.7', at: '1s' })), { response: { status: 429 } })
  t.match(await edge.route(request('/', { src: '203.0.113.8', at: '1s' })), { kind: 'forward' })
  t.match(await edge.route(request('/', { src: '203.0.113.7', at: '30s' })), { kind: 'forward' })
})

t.test('one function for all servers is refused: every server would refuse connections', (t) => {
  const message = /option 'origins': must be by the servers' names/
  for (const origins of [() => reply(200), null, 's1'])
    t.throws(() => inMemory(one(), origins as never), { code: 'ERR_OPTION', message })
  t.end()
})

t.test('what a handler is given, and what comes back', async (t) => {
  await using lb = inMemory(one(), {
    s1: async ({ request: { method, target, headers, body }, server }) =>
      reply(201, JSON.stringify({ method, target, server, body, type: headers.get('content-type') }), { 'x-a': 'b' }),
  })
  const got = await lb.inject('/x?y=1', { method: 'POST', body: 'hé', headers: { 'content-type': 'text/plain' } })
  t.equal(got.status, 201)
  t.equal(got.headers.get('x-a'), 'b')
  t.same(JSON.parse(got.body), { method: 'POST', target: '/x?y=1', server: 's1', body: 'hÃ©', type: 'text/plain' })
  t.match(got.record, { method: 'POST', target: '/x?y=1', status: 201, clientAddress: '192.0.2.1', termination: '--' })
})

t.test('chunked both ways, HEAD and 304', async (t) => {
  await using lb = inMemory(one(), {
    s1: ({ request }) =>
      request.method === 'HEAD' ? reply(200, 'four') : reply(200, request.body, { 'transfer-encoding': 'chunked' }),
    s2: reply(304, '', { etag: '"x"' }),
  })
  t.match(await lb.inject('/', { method: 'PUT', body: 'abc', headers: { 'transfer-encoding': 'chunked' } }), {
    status: 200,
    body: 'abc',
  })
  t.match(await lb.inject('/'), { status: 304, body: '' })
  const head = await lb.inject('/', { method: 'HEAD' })
  t.equal(head.headers.get('content-length'), '4')
})

t.test('misbehaviours end as they would on a network', async (t) => {
  const rows = [
    [refuse, 503, 'SC'],
    [unreachable, 503, 'sC'],
    [hang, 504, 'sH'],
    [reset, 502, 'SH'],
    [raw(''), 502, 'SH'],
    [raw('garbage\r\n\r\n'), 502, 'PH'],
    [raw('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'), 200, 'SD'],
    [raw('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf', 'reset'), 200, 'SD'],
  ] as const
  for (const [s1, status, termination] of rows) {
    await using lb = inMemory(one({ servers: [new Server('s1', '10.0.0.1:80')] }), { s1 })
    const before = lb.clock.elapsed
    t.match(await lb.inject('/'), { status, record: { status, termination } }, termination)
    t.equal(
      lb.clock.elapsed > before,
      s1 === refuse || s1 === unreachable || s1 === hang,
      'time moves only when it must',
    )
  }
})

t.test('who leaves while a connection is being made is CC', async (t) => {
  await using lb = inMemory(one(), { s1: unreachable, s2: unreachable })
  const client = await lb.connect()
  await client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  t.equal(lb.stats().underWay, 1)
  await client.reset()
  t.match(lb.records, [{ termination: 'CC' }])
  t.match(lb.stats(), { underWay: 0, connections: 0 })
})

t.test('who says nothing, or not all of a request, has a number as well', async (t) => {
  await using lb = inMemory(one(), { s1: reply(200) })
  await lb.inject('/')
  for (const said of ['', 'GET ']) {
    const client = await lb.connect()
    await client.send(said)
    await client.end()
  }
  await lb.inject('/')
  t.match(lb.records, [
    { number: 0, status: 200 },
    { number: 1, status: 400, termination: 'CR' },
    { number: 2, status: 400, termination: 'CR' },
    { number: 3, status: 200 },
  ])
})

t.test('a server becomes another one', async (t) => {
  await using lb = inMemory(one({ servers: [new Server('s1', '10.0.0.1:80')], retries: 0 }), { s1: refuse })
  t.match(await lb.inject('/'), { status: 503 })
  lb.serve('s1', reply(200, 'back'))
  t.match(await lb.inject('/'), { status: 200, body: 'back' })
  t.throws(() => lb.serve('s9', refuse), { code: 'ERR_OPTION' })
})

t.test('an answer that can never come is told, and so is one that takes too long', async (t) => {
  const servers = (): Server[] => [new Server('s1', '10.0.0.1:80')]
  const never = { server: Number.POSITIVE_INFINITY }
  await using lb = inMemory(one({ servers: servers(), timeouts: never }), { s1: hang })
  await t.rejects(lb.inject('/'), { message: /nothing is under way/ })
  const check = HealthCheck.tcp({ interval: '1s' })
  const frontends = [one({ servers: servers(), timeouts: never, check })]
  await using checked = inMemory({ frontends, patience: '1m' }, { s1: hang })
  await t.rejects(checked.inject('/'), { message: /after 60000 ms/ })
})

t.test('what a handler throws reaches the test', async (t) => {
  await using lb = inMemory(one(), {
    s1: () => {
      throw new Error('mine')
    },
  })
  await t.rejects(lb.inject('/'), { message: 'mine' })
})

t.test('what a rule throws is a 500 and a fault', async (t) => {
  const broken = rule('broken', () => {
    throw new Error('boom')
  })
  await using lb = inMemory(new Frontend('edge', { httpRequest: [broken], defaultBackend: new Backend('none') }))
  t.match(await lb.inject('/'), { status: 500, record: { termination: 'PR' } })
  t.match(lb.faults, [{ message: /boom/ }])
})

t.test('names that are no server and faults of the start are told', async (t) => {
  t.throws(() => inMemory(one(), { s3: refuse }), { code: 'ERR_OPTION', message: /s3.*app\/s1, app\/s2/ })
  const twice = inMemory({ frontends: [one(), new Frontend('other', { bind: ':8080' })] })
  await t.rejects(twice.inject('/'), { message: /in use/ })
  await t.rejects(twice.started)
  await using lb = inMemory(one(), { s1: reply(200) })
  await t.rejects(lb.inject('/', { frontend: 'nope' }), { message: /there are edge/ })
  await t.rejects(lb.inject('/', { src: 'nope' }), { message: /'src'/ })
})

t.test('backends with servers of one name and place', async (t) => {
  const make = (name: string) => new Backend(name, { servers: [new Server('s1', '10.0.0.1:80')] })
  const a = make('a')
  await using lb = inMemory(
    {
      frontends: [
        new Frontend('f', { bind: ':1', defaultBackend: a }),
        new Frontend('g', { bind: ':2', defaultBackend: make('b') }),
      ],
    },
    { 'a/s1': reply(200, 'a') },
  )
  t.match(await lb.inject('/', { frontend: 'f' }), { body: 'a' })
})

t.test('a connection byte by byte', async (t) => {
  await using lb = inMemory(one(), { s1: reply(200, 'one'), s2: reply(200, 'two') })
  const client = await lb.connect({ src: '203.0.113.9', srcPort: 7 })
  await client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n')
  t.match(client.received, /one.*two$/s)
  t.match(lb.records, [{ clientAddress: '203.0.113.9', clientPort: 7, server: 's1' }, { server: 's2' }])
  await client.send('GET / HTTP/1.1\r\nHos')
  t.notOk(client.ended)
  await lb.clock.advance('10s')
  t.match(client.received, /408 Request Time-out/)
  t.ok(client.ended)
})

t.test('servers that speak for themselves', async (t) => {
  const backend = new Backend('raw', { mode: 'tcp', servers: [new Server('s1', '10.0.0.1:0')] })
  await using lb = inMemory(new Frontend('edge', { mode: 'tcp', bind: ':25', defaultBackend: backend }), {
    s1: tcp((socket) => {
      socket.write('220 hello\r\n')
      socket.on('data', (chunk) => socket.write(chunk))
      socket.on('end', () => socket.end('bye'))
    }),
  })
  const client = await lb.connect()
  t.equal(client.received, '220 hello\r\n')
  await client.send('x')
  await client.end()
  t.equal(client.received, '220 hello\r\nxbye')
  t.match(lb.records, [{ mode: 'tcp', termination: '--', bytesIn: 1, bytesOut: 15 }])
})

t.test('frontends without a listener, on unix sockets and at names', async (t) => {
  const origins = { s1: reply(200, 'name'), s2: reply(200, 'path') }
  for (const bind of [undefined, '/run/in.sock', '127.0.0.1:0']) {
    const servers = [new Server('s1', 'app.internal:80'), new Server('s2', '/run/app.sock')]
    const defaultBackend = new Backend('b', { servers })
    await using lb = inMemory(
      new Frontend('edge', { ...(bind === undefined ? {} : { bind }), defaultBackend }),
      origins,
    )
    t.equal((await lb.inject('/')).body, 'name')
    t.match(await lb.inject('/'), {
      body: 'path',
      record: { clientAddress: bind === '/run/in.sock' ? '' : '192.0.2.1' },
    })
  }
})

t.test('a rule that waits for the outside, with a clock that stands', async (t) => {
  let answer = (_: boolean): void => {}
  const asked = rule('asked', async () => {
    if (!(await new Promise<boolean>((resolve) => (answer = resolve)))) return respond(401)
  })
  const defaultBackend = new Backend('b', { servers: [new Server('s1', '10.0.0.1:80')] })
  const frontend = new Frontend('edge', { httpRequest: [asked], defaultBackend })
  await using lb = inMemory({ frontends: [frontend], autoAdvance: false }, { s1: reply(200) })
  const got = lb.inject('/')
  await lb.settle()
  t.equal(lb.clock.elapsed, 0)
  answer(false)
  t.match(await got, { status: 401 })
})

t.test('health checks run in memory', async (t) => {
  let well = true
  const check = HealthCheck.http({ path: '/healthz', interval: '1s', rise: 2, fall: 2 })
  await using lb = inMemory(one({ check }), {
    s1: ({ request }) => reply(request.target === '/healthz' && !well ? 500 : 200, 's1'),
    s2: reply(200, 's2'),
  })
  await lb.clock.advance('2s')
  well = false
  await lb.clock.advance('3s')
  t.match(lb.health, [{ server: { name: 's1' }, up: false, reason: 'L7STS/500' }])
  t.equal((await lb.inject('/')).body, 's2')
  t.equal((await lb.inject('/')).body, 's2')
  well = true
  await lb.clock.advance('3s')
  t.match(lb.health[1], { server: { name: 's1' }, up: true, reason: 'L7OK/200' })
})

t.test('the real balancer takes the doubles, too', async (t) => {
  t.ok(new Balancer({ frontends: [site()] }))
})
