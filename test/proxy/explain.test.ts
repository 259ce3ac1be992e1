import t from 'tap'
import {
  Backend,
  Balancer,
  deny,
  Explanation,
  explain,
  Frontend,
  format,
  header,
  leastConn,
  path,
  rate,
  redirect,
  reject,
  rule,
  Server,
  StickTable,
  setHeader,
  setPath,
  setStatus,
  src,
  tarpit,
  track,
  useBackend,
  useServer,
} from '../../lib/index.js'
import { request, TestClock } from '../../lib/testing/index.js'

const table = new StickTable('clients', { key: 'ip', size: 100, store: { requests: rate('10s') } })
const servers = (...names: readonly string[]): Server[] =>
  names.map((name, index) => new Server(name, `10.0.0.${index + 1}:80`))

t.test(
  'a request is followed to its server: rules, what they saw and changed, the server, what that gets',
  async (t) => {
    const api = new Backend('api', {
      servers: servers('a1', 'a2'),
      httpRequest: [setPath(format`/v1${path}`).at('x.cfg:9')],
    })
    const edge = new Frontend('edge', {
      forwardFor: true,
      httpRequest: [
        setHeader('x-client', src).at('x.cfg:3'),
        deny().if(path.startsWith('/admin')).unless(src.in('10.0.0.0/8')),
      ],
      routes: [useBackend(api).if(path.startsWith('/api/')).at('x.cfg:5')],
    })
    const asked = request('/api/x', { src: '10.1.2.3', headers: { connection: 'keep-alive', accept: '*/*' } })
    const explanation = await explain(edge, asked)
    t.type(explanation, Explanation)
    t.match(explanation.data, {
      client: { address: '10.1.2.3' },
      request: { method: 'GET', target: '/api/x' },
      frontend: { name: 'edge', mode: 'http' },
      verdict: 'forward',
      backend: { name: 'api', mode: 'http' },
      server: { name: 'a1', address: '10.0.0.1:80', out: [] },
      steps: [
        {
          side: 'frontend',
          proxy: 'edge',
          set: 'http-request',
          rule: 'set-header x-client %[src]',
          where: 'x.cfg:3',
          changed: [{ subject: 'request header x-client', to: ['10.1.2.3'] }],
        },
        { applied: false, saw: [{ condition: 'path -m beg /admin', saw: '/api/x', answer: false }], changed: [] },
        {
          set: 'use_backend',
          rule: 'use_backend api',
          condition: 'path -m beg /api/',
          where: 'x.cfg:5',
          applied: true,
        },
        { side: 'backend', proxy: 'api', changed: [{ subject: 'request target', from: '/api/x', to: '/v1/api/x' }] },
      ],
    })
    t.equal(explanation.steps.length, 4)
    t.same(explanation.data.sent, {
      method: 'GET',
      target: '/v1/api/x',
      version: '1.1',
      headers: [
        ['host', 'example.com'],
        ['accept', '*/*'],
        ['x-client', '10.1.2.3'],
        ['x-forwarded-for', '10.1.2.3'],
      ],
    })
    t.equal(asked.request.target, '/api/x', 'what was given stays as it is')
    t.equal(asked.request.headers.get('x-client'), undefined)
    t.same(JSON.parse(JSON.stringify(explanation)), explanation.data)
  },
)

t.test('nothing that others share is touched', async (t) => {
  const pool = new Backend('web', { servers: servers('w1', 'w2', 'w3') })
  const edge = new Frontend('edge', {
    httpRequest: [track(table, src), deny(429).if(table.tracked('requests').gt(1))],
    defaultBackend: pool,
  })
  const live = request('/', { src: '10.0.0.7' })
  await edge.route(live)
  t.match(table.get('10.0.0.7'), { users: 1, values: { requests: 1 } })
  const again = await explain(edge, request('/', { src: '10.0.0.7' }))
  t.match(again.data, { verdict: 'answer', answer: { status: 429, termination: 'PR' } }, 'it would be the second')
  t.match(again.data.steps[0], { changed: [{ subject: 'tracked sc0', to: '10.0.0.7' }] })
  t.match(again.data.steps[1], { saw: [{ saw: 2, answer: true }] })
  t.match(table.get('10.0.0.7'), { users: 1, values: { requests: 1 } })
  const stranger = await explain(edge, request('/', { src: '10.0.0.8' }))
  t.match(stranger.data, { verdict: 'forward', steps: [{}, { saw: [{ saw: 1, answer: false }] }] })
  t.equal(table.get('10.0.0.8'), undefined)
  for (const expected of ['w1', 'w2', 'w3', 'w1']) {
    t.equal((await explain(edge, request('/', { src: '10.0.0.9' }))).data.server?.name, expected)
    t.equal((await explain(edge, request('/', { src: '10.0.0.9' }))).data.server?.name, expected, 'no turn is taken')
    t.equal(pool.pick(request('/'))?.name, expected)
  }
  t.match(pool.counters, { requests: 0, current: 0 })
})

t.test('the server: the algorithm, and why others are out', async (t) => {
  const [up, busy, maint, drained, down, light, backup] = [
    new Server('up', '10.0.0.1:80'),
    new Server('busy', '10.0.0.2:80', { maxConnections: 1 }),
    new Server('maint', '10.0.0.3:80', { disabled: true }),
    new Server('drained', '10.0.0.4:80', { drain: true }),
    new Server('down', '10.0.0.5:80', { check: true, checkTiming: { fall: 1 } }),
    new Server('light', '10.0.0.6:80', { weight: 0 }),
    new Server('backup', '10.0.0.7:80', { backup: true }),
  ] as const
  const pool = new Backend('web', { balance: leastConn(), servers: [up, busy, maint, drained, down, light, backup] })
  for (let count = 0; count < 3; count++) down.observe(false)
  pool.take(busy)
  const edge = new Frontend('edge', { defaultBackend: pool })
  t.same((await explain(edge, request('/'))).data.server, {
    name: 'up',
    address: '10.0.0.1:80',
    why: 'leastconn, one of 2',
    out: [
      { name: 'busy', why: 'full, with 1 of 1' },
      { name: 'maint', why: 'in maintenance' },
      { name: 'drained', why: 'drained' },
      { name: 'down', why: 'down' },
      { name: 'light', why: 'its weight is 0' },
      { name: 'backup', why: 'a backup' },
    ],
  })
  const told = new Backend('told', { servers: servers('t1', 't2'), useServers: [useServer('t2').if(path.is('/t2'))] })
  const other = new Frontend('other', { defaultBackend: told })
  t.match((await explain(other, request('/t2'))).data.server, { name: 't2', why: 'use-server' })
  t.match((await explain(other, request('/'))).data.server, { name: 't1', why: 'roundrobin, one of 2' })
  up.admin = 'maint'
  t.match((await explain(edge, request('/'))).data, { server: { why: /queue/ } })
  busy.admin = 'maint'
  backup.admin = 'maint'
  const none = (await explain(edge, request('/'))).data
  t.match(none, { server: { why: 'none is in rotation' }, answer: { status: 503, termination: 'SC' } })
  t.equal(none.server?.name, undefined)
})

t.test('answers of ours pass the rules for all answers', async (t) => {
  const web = new Backend('web', { httpAfterResponse: [setHeader('x-b', '1')] })
  const edge = new Frontend('edge', {
    httpRequest: [
      redirect({ scheme: 'https' }).if(path.is('/r')),
      tarpit().if(path.is('/t')),
      reject().if(path.is('/x')),
      rule('broken', () => {
        throw new Error('no luck')
      }).if(path.is('/broken')),
    ],
    httpAfterResponse: [setHeader('x-a', '1'), setStatus(418).if(path.is('/nobody'))],
    routes: [useBackend(web).unless(path.is('/nobody'))],
  })
  const told = async (path: string) => (await explain(edge, request(path))).data
  t.match(await told('/r'), {
    verdict: 'answer',
    answer: {
      status: 302,
      termination: 'LR',
      headers: [['content-length', '0'], ['location', 'https://example.com/r'], {}, ['x-a', '1']],
    },
  })
  t.match(await told('/t'), { verdict: 'tarpit', answer: { status: 500, termination: 'PT' } })
  t.match(await told('/x'), { verdict: 'closed', steps: [{}, {}, { said: 'reject' }] })
  t.equal((await told('/x')).answer, undefined)
  t.match(await told('/broken'), {
    verdict: 'failed',
    fault: /no luck/,
    answer: { status: 500 },
    steps: [{}, {}, {}, { said: /failed: .*no luck/ }],
  })
  t.match(await told('/nobody'), { verdict: 'no backend', answer: { status: 418 } })
  t.match(await told('/y'), {
    server: { why: 'the backend has none' },
    answer: { status: 503 },
    responseSteps: [{ side: 'backend' }, { side: 'frontend' }, {}],
  })
})

t.test('the way back, when the answer of the server is given', async (t) => {
  const web = new Backend('web', {
    servers: servers('w1'),
    httpResponse: [deny().if(path.is('/secret')), setHeader('x-b', 'be')],
  })
  const edge = new Frontend('edge', {
    httpResponse: [setHeader('x-f', 'fe')],
    httpAfterResponse: [setHeader('x-a', 'all')],
    defaultBackend: web,
  })
  const balancer = new Balancer({ frontends: [edge], clock: new TestClock() })
  const response = { status: 404, headers: { connection: 'close', server: 'x' } }
  t.match((await balancer.explain('/', { response })).data, {
    responseSteps: [{ applied: false }, { side: 'backend' }, { side: 'frontend' }, { set: 'http-after-response' }],
    answer: {
      status: 404,
      reason: 'Not Found',
      headers: [
        ['server', 'x'],
        ['x-b', 'be'],
        ['x-f', 'fe'],
        ['x-a', 'all'],
      ],
      termination: '--',
    },
  })
  t.match((await balancer.explain('/secret', { response })).data.answer, { status: 502, termination: 'PH' })
  t.equal((await balancer.explain('/')).data.answer, undefined, 'nobody knows what the server would say')
})

t.test('which frontend takes a URL', async (t) => {
  const web = new Backend('web', { servers: servers('w1') })
  const one = new Frontend('one', { bind: ['127.0.0.1:8080', ':443'], defaultBackend: web })
  const two = new Frontend('two', { bind: [':8080-8089', '/run/x.sock'], defaultBackend: web })
  const balancer = new Balancer({ frontends: [one, two], clock: new TestClock() })
  const chosen = async (url: string, init = {}) => (await balancer.explain(url, init)).data.frontend
  t.match(await chosen('https://www.example.com/'), { name: 'one', why: /^it listens at .*:443/ })
  t.match(await chosen('http://x:8085/'), { name: 'two' })
  t.match(await chosen('http://10.0.0.1:8080/'), { name: 'two' })
  t.match(await chosen('http://x:8080/', { frontend: 'one' }), { name: 'one', why: 'it was asked for' })
  await t.rejects(chosen('http://x:8080/'), {
    code: 'ERR_OPTION',
    message: /no single frontend listens at port 8080: .*'one' \(127.0.0.1:8080, :443\)/,
  })
  await t.rejects(chosen('/x'), { message: /say which frontend: there are 'one'/ })
  await t.rejects(chosen('/x', { frontend: 'three' }), { message: /no frontend 'three'/ })
  await t.rejects(chosen('ftp://x/'), { path: 'url' } as never)
  await t.rejects(chosen('nothing'), { path: 'url', message: /neither a URL nor a path/ })
  await t.rejects(chosen('/', { frontend: 'one', src: 'me' }), { path: 'src' } as never)
  await t.rejects(chosen('/', { frontend: 'one', dstPort: 70_000 }), { path: 'dstPort' } as never)
  const lone = new Balancer({ frontends: [new Frontend('lone', { bind: '10.0.0.9:81', defaultBackend: web })] })
  t.match((await lone.explain('/x')).data, {
    destination: { address: '10.0.0.9', port: 81 },
    frontend: { why: 'it is the only one' },
  })
  t.match((await lone.explain('http://a.test/x', { at: 86_400_000 })).data, {
    time: 86_400_000,
    destination: { port: 80 },
    request: { headers: [['host', 'a.test']] },
  })
  const posted = await lone.explain('https://[::1]:444', {
    method: 'POST',
    body: 'é',
    headers: { host: 'h' },
    version: '1.0',
  })
  t.match(posted.data, {
    destination: { address: '::1', port: 444 },
    request: {
      method: 'POST',
      target: '/',
      version: '1.0',
      bodyLength: 2,
      headers: [
        ['host', 'h'],
        ['content-length', '2'],
      ],
    },
    sent: {
      headers: [
        ['host', 'h'],
        ['content-length', '2'],
      ],
    },
  })
})

t.test('in TCP mode: the first bytes; a backend in HTTP mode reads them as a request', async (t) => {
  const raw = new Backend('raw', { mode: 'tcp', servers: servers('r1') })
  const web = new Backend('web', { servers: servers('w1'), httpRequest: [setHeader('x-a', '1')] })
  const edge = (backend: Backend) =>
    new Balancer({
      frontends: [
        new Frontend('edge', {
          mode: 'tcp',
          tcpRequestContent: [reject().if(src.is('10.0.0.1'))],
          defaultBackend: backend,
        }),
      ],
    })
  t.match((await edge(raw).explain('http://x/')).data, {
    verdict: 'forward',
    server: { name: 'r1' },
    frontend: { mode: 'tcp' },
  })
  t.equal((await edge(raw).explain('http://x/')).data.sent, undefined)
  t.match((await edge(web).explain('http://x/y')).data, {
    sent: {
      target: '/y',
      headers: [
        ['host', 'x'],
        ['x-a', '1'],
      ],
    },
  })
  t.match((await edge(raw).explain('/', { src: '10.0.0.1' })).data, { verdict: 'closed' })
})

t.test('as text: long values are cut, bytes are escaped', async (t) => {
  const edge = new Frontend('edge', {
    httpRequest: [setHeader('x-long', 'a'.repeat(300)), deny().if(header('x-odd').is('\x1b[31m\xe9'))],
  })
  const odd = request('/', { headers: { 'x-odd': '\xe9\tb' } })
  const text = String(await explain(edge, odd))
  t.match(text, `x-long: "${'a'.repeat(120)}…" (300 bytes)`)
  t.match(text, 'x-odd: \\xe9\\tb')
  t.notMatch(text, /[^\x20-\x7e\n…]/)
})
