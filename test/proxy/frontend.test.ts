import t from 'tap'
import {
  Acl,
  Backend,
  deny,
  Frontend,
  header,
  helloType,
  path,
  reject,
  Server,
  setHeader,
  sni,
  src,
  status,
  useBackend,
} from '../../lib/index.js'
import { connection, request } from '../../lib/testing/index.js'
import { clientHello } from '../interop/cases/client-hello.js'

const api = new Backend('api')
const web = new Backend('web')
const isApi = new Acl('is_api', path.startsWith('/api/'))

t.test('the first route that holds is taken', async (t) => {
  const edge = new Frontend('edge', {
    routes: [useBackend(api).if(isApi).unless(header('x-old').exists()), useBackend(web).if(src.in('10.0.0.0/8'))],
  })
  t.match(edge.route(request('/api/x')), { kind: 'forward', backend: { name: 'api' } })
  t.match(edge.route(request('/api/x', { headers: { 'x-old': '1' } })), { kind: 'nowhere' })
  t.match(edge.route(request('/', { src: '10.1.1.1' })), { backend: { name: 'web' } })
  edge.defaultBackend = web
  t.match(edge.route(request('/')), { backend: { name: 'web' } })
  edge.replaceRoutes(useBackend(api))
  t.match(edge.route(request('/')), { backend: { name: 'api' } })
  t.same(
    edge.backends().map(({ name }) => name),
    ['api', 'web'],
  )
})

t.test('routes that ask the same of a request see what is its own, and what rules have made of it', async (t) => {
  const edge = new Frontend('edge', {
    httpRequest: [setHeader('x-site', 'api').if(path.startsWith('/v1/')), setHeader('x-site', 'web').if(path.is('/'))],
    routes: [useBackend(api).if(header('x-site').is('api')), useBackend(web).if(header('x-site').is('web', 'www'))],
  })
  const taken = async (target: string, headers = {}) => await edge.route(request(target, { headers }))
  t.match(await taken('/v1/x'), { backend: { name: 'api' } })
  t.match(await taken('/'), { backend: { name: 'web' } })
  t.match(await taken('/x', { 'x-site': 'www' }), { backend: { name: 'web' } })
  t.match(await taken('/x'), { kind: 'nowhere' })
  edge.replaceRoutes(useBackend(web).if(header('x-site').is('none')), useBackend(api).if(header('x-site').is('www')))
  t.match(await taken('/x', { 'x-site': 'www' }), { backend: { name: 'api' } })
  t.match(await taken('/'), { kind: 'nowhere' })
})

t.test('a decision explains itself: every rule, in order, with what it saw and where it stands', async (t) => {
  const edge = new Frontend('edge', {
    httpRequest: [deny(429).if(src.in('10.0.0.0/8')).at('haproxy.cfg:7'), setHeader('x-seen', 'yes')],
    routes: [useBackend(web).if(path.is('/')).at('haproxy.cfg:9'), useBackend(api).if(isApi).at('haproxy.cfg:10')],
  })
  const decision = await edge.route(request('/api/users'), { explain: true })
  t.match(decision, { kind: 'forward', backend: { name: 'api' } })
  t.match(decision.explanation, [
    {
      set: 'http-request',
      rule: /deny/,
      where: 'haproxy.cfg:7',
      applied: false,
      saw: [{ condition: /src/, answer: false }],
    },
    { set: 'http-request', rule: /set-header/, applied: true, said: 'go on' },
    { set: 'use_backend', where: 'haproxy.cfg:9', applied: false, said: 'not taken', saw: [{ saw: '/api/users' }] },
    {
      set: 'use_backend',
      where: 'haproxy.cfg:10',
      applied: true,
      said: 'forward',
      saw: [{}, { condition: 'is_api', answer: true }],
    },
  ])
  t.equal((await edge.route(request('/api/users'))).explanation, undefined, 'only when asked to')
  const denied = await edge.route(request('/', { src: '10.0.0.1' }), { explain: true })
  t.match(denied, { kind: 'respond', response: { status: 429 }, explanation: [{ applied: true, said: 'respond 429' }] })
  t.match((await new Frontend('f', { defaultBackend: web }).route(request('/'), { explain: true })).explanation, [
    { set: 'default_backend', said: 'forward' },
  ])
})

t.test('deciding changes only what it was given', async (t) => {
  const edge = new Frontend('edge', { httpRequest: [setHeader('x-a', '1')], defaultBackend: web })
  const context = request('/')
  await edge.route(context)
  t.equal(context.request.headers.get('x-a'), '1')
  t.equal(context.backend?.name, 'web')
  t.match(edge.counters, { requests: 0, current: 0 })
})

t.test("a backend's own rules come after", async (t) => {
  const backend = new Backend('be', { httpRequest: [deny(404).unless(path.startsWith('/ok'))] })
  t.match(backend.route(request('/x')), { kind: 'respond', response: { status: 404 } })
  t.match(backend.route(request('/ok')), { kind: 'forward' })
})

t.test('connections are admitted, and their first bytes decide', async (t) => {
  const edge = new Frontend('edge', {
    mode: 'tcp',
    tcpRequestConnection: [reject().if(src.in('192.0.2.0/24'))],
    tcpRequestContent: [reject().unless(helloType.is(1))],
    routes: [useBackend(new Backend('tls', { mode: 'tcp' })).if(sni.is('one.test'))],
  })
  t.match(edge.admit(connection({ src: '192.0.2.1' })), { kind: 'reject' })
  t.equal(edge.admit(connection({ src: '198.51.100.9' })), undefined)
  const hello = clientHello('one.test')
  t.match(edge.route(connection({ bytes: hello.slice(0, 30) })), { kind: 'wait' })
  t.match(edge.route(connection({ bytes: hello })), { kind: 'forward', backend: { name: 'tls' } })
  t.match(edge.route(connection({ bytes: clientHello('two.test') })), { kind: 'nowhere' })
  t.match(edge.route(connection({ bytes: 'GET / HTTP/1.1\r\n\r\n' })), { kind: 'reject' })
  t.match(edge.route(connection({ bytes: hello.slice(0, 30), complete: true })), { kind: 'reject' })
})

t.test('options are checked', async (t) => {
  t.throws(() => new Frontend('edge', { bind: '127.0.0.1:99999' }), { path: 'bind', message: /Frontend 'edge'.*99999/ })
  t.throws(() => new Frontend('edge', { bind: [':80', 'x:y'] }), { code: 'ERR_OPTION', path: 'bind[1]' })
  t.throws(() => new Frontend('edge', { mode: 'udp' } as never), { path: 'mode', message: /'http' or 'tcp'/ })
  t.throws(() => new Frontend('edge', { httpRequest: [{}] } as never), { code: 'ERR_OPTION', path: 'httpRequest[0]' })
  t.throws(() => new Frontend('edge', { routes: [web] } as never), { path: 'routes[0]', message: /useBackend\(\)/ })
  t.throws(
    () => new Frontend('edge', { defaultBackend: new Backend('x', { mode: 'tcp' }) }),
    /cannot use the tcp backend 'x'/,
  )
  t.throws(() => new Frontend('edge', { forwardFor: { except: 'nowhere' } }), {
    code: 'ERR_OPTION',
    path: 'forwardFor.except',
  })
  t.throws(() => new Frontend('edge', { forwardFor: { header: 'a b' } }), {
    code: 'ERR_OPTION',
    path: 'forwardFor.header',
  })
  t.throws(() => new Frontend('edge', { timeouts: { client: -1 } }), { code: 'ERR_OPTION', path: 'timeouts.client' })
  t.throws(() => new Frontend('edge', { loggers: [{}] } as never), { code: 'ERR_OPTION', path: 'loggers[0]' })
  const tcp = new Backend('t', { mode: 'tcp' })
  t.throws(() => new Frontend('edge', { mode: 'tcp', httpRequest: [deny()] }), {
    path: 'httpRequest',
    message: /no requests in mode 'tcp'/,
  })
  t.throws(() => new Frontend('edge', { mode: 'tcp', routes: [useBackend(tcp).if(path.is('/')) as never] }), {
    path: 'routes[0]',
    message: /'path -m str \/' can be asked at .*not at content/,
  })
  t.throws(() => new Frontend('edge', { routes: [useBackend(web).if(status.is(500)) as never] }), {
    path: 'routes[0]',
    message: /not at request/,
  })
  t.throws(() => useBackend('web' as never), /useBackend: must be a Backend/)
  const later = new Frontend('edge', { defaultBackend: web })
  t.throws(() => later.replaceRoutes(useBackend(web).if(status.is(500) as never)), {
    path: 'routes[0]',
    message: /not at request/,
  })
  for (const method of ['append', 'prepend', 'replace'] as const)
    t.throws(() => later.httpRequest[method](deny().if(status.is(500) as never)), {
      path: '[0]',
      message: /^http-request: .*not at request/,
    })
  t.equal(later.httpRequest.length, 0)
  t.throws(() => new Frontend('edge', { backends: [] } as never), /no such option: 'backends'/)
  t.throws(() => new Frontend('edge').address(), /does not listen/)
  t.equal(new Frontend('edge', { bind: ':8000-8003' }).binds.length, 1)
  t.ok(new Server('constructor', '[::1]:80'))
})
