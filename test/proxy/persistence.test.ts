import t from 'tap'
import { OptionError } from '../../lib/base/errors.js'
import {
  Backend,
  type BackendOptions,
  explain,
  Frontend,
  header,
  type PersistenceMethod,
  path,
  persistCookie,
  persistRdpCookie,
  Server,
  useServer,
} from '../../lib/index.js'
import { CookieSignature } from '../../lib/proxy/persistence/cookie-signature.js'
import { inMemory, type RequestInit, reply, request } from '../../lib/testing/index.js'

const SECRET = 'a secret of some length'

t.test('options that cannot be are refused, with their names', async (t) => {
  const rows: readonly (readonly [string, object])[] = [
    ['mode', { mode: 'sticky' }],
    ['indirect', { mode: 'rewrite', indirect: true }],
    ['preserve', { mode: 'prefix', preserve: true }],
    ['domains[0]', { domains: ['a;b'] }],
    ['attributes[0]', { attributes: ['a\r\nb'] }],
    ['maxIdle', { maxIdle: -1 }],
    ['dynamicKey', { dynamicKey: '' }],
    ['secret', { secret: 'short' }],
    ['', { insert: true }],
  ]
  for (const [path, options] of rows)
    t.throws(() => persistCookie('SRV', options), { code: 'ERR_OPTION', path }, JSON.stringify(options))
  for (const name of ['', 'a\nb', undefined]) t.throws(() => persistCookie(name as string), OptionError)
  for (const name of ['', 'a=b', 'a b']) t.throws(() => persistRdpCookie(name), OptionError)
  t.throws(() => new Server('a', '10.0.0.1:80', { cookie: '' }), { code: 'ERR_OPTION', path: 'cookie' })
  t.throws(() => new Backend('b', { mode: 'tcp', persistence: persistCookie('SRV') }), {
    code: 'ERR_OPTION',
    path: 'persistence',
  })
  t.throws(() => new Backend('b', { persistence: [persistCookie('A'), persistCookie('B')] }), {
    code: 'ERR_OPTION',
    path: 'persistence',
  })
  t.throws(() => new Backend('b', { persistence: {} as never }), { code: 'ERR_OPTION', path: 'persistence' })
  t.equal(new Backend('b').persistence, undefined, 'who asks for nothing pays for nothing')
})

t.test('values that are made of places are those of HAProxy', async (t) => {
  const servers = ['127.0.0.1:80', '10.1.2.3:8080', '[::1]:80', '[2001:db8::5]:443', '127.0.0.1', '/tmp/x.sock']
  const backend = new Backend('b', {
    persistence: persistCookie('SRV', { dynamic: true, dynamicKey: 'secret' }),
    servers: [
      ...servers.map((address, index) => new Server(`s${index}`, address)),
      new Server('own', '127.0.0.1:81', { cookie: 'x' }),
    ],
  })
  const values = backend.persistence?.cookie?.values
  const shown = (): unknown[] => backend.servers.map((server) => values?.valueOf(server))
  t.same(shown(), [
    ...['83fb1331509c7322', '82c39daf6b5fe307', 'acb2c8fe37035824', 'c68b36493bc0ac2b', '2d52a50f86b6f2b5'],
    undefined,
    'x',
  ])
  backend.server('s0')?.move('127.0.0.2', { port: 99 })
  if (values !== undefined) values.key = 'other'
  t.equal(shown()[0], 'f9aff26344f1bbd8', 'another key, another place')
  t.same(
    values?.serversOf('f9aff26344f1bbd8').map(({ name }) => name),
    ['s0'],
  )
  backend.servers.remove('s0')
  t.same(values?.serversOf('f9aff26344f1bbd8'), [], 'who is gone has none')
  if (values !== undefined) values.dynamic = false
  t.same(shown(), [undefined, undefined, undefined, undefined, undefined, 'x'])
})

t.test('a signature is of one cookie, one value and one secret', async (t) => {
  const first = new CookieSignature('SRV', [SECRET])
  const signed = first.sign('a|AAAAA')
  t.match(signed, /^a\|AAAAA\.[\w-]{22}$/)
  t.equal(first.open(signed), 'a|AAAAA')
  t.equal(new CookieSignature('SRV', ['another secret of length', SECRET]).open(signed), 'a|AAAAA', 'an old secret')
  t.equal(new CookieSignature('SRV', ['another secret of length']).open(signed), undefined)
  t.equal(new CookieSignature('OTHER', [SECRET]).open(signed), undefined)
  for (const forged of [
    '',
    'a',
    '.',
    signed.slice(1),
    `${signed}x`,
    signed.replace('a|', 'b|'),
    `a.${'A'.repeat(22)}`,
    `a.${'é'.repeat(22)}`,
  ])
    t.equal(first.open(forged), undefined, forged)
})

function site(options: BackendOptions = {}): Frontend {
  const backend = new Backend('app', {
    persistence: persistCookie('SRV', { maxIdle: '1m' }),
    servers: ['a', 'b'].map((name, index) => new Server(name, `10.0.0.${index + 1}:80`, { cookie: name })),
    ...options,
  })
  return new Frontend('edge', { defaultBackend: backend })
}

t.test('explanations say who chose the server, and why a cookie did not', async (t) => {
  const of = async (frontend: Frontend, cookie: string, init: RequestInit = {}): Promise<unknown> => {
    const { data } = await explain(frontend, request('/', { headers: cookie === '' ? {} : { cookie }, ...init }))
    return data.server
  }
  t.match(await of(site(), 'SRV=b'), { name: 'b', why: 'cookie SRV' })
  t.match(await of(site(), ''), { name: 'a', why: 'roundrobin, one of 2' })
  t.match(await of(site(), 'SRV=x'), { why: 'roundrobin, one of 2; cookie SRV is of no server' })
  t.match(await of(site(), 'SRV=b|AAAAB'), { why: 'roundrobin, one of 2; cookie SRV was not used for too long' })
  t.match(await of(site({ useServers: [useServer('a')] }), 'SRV=b'), { name: 'a', why: 'use-server' })
  t.match(await of(site({ ignorePersist: [path.is('/')] }), 'SRV=b'), { why: /; cookie SRV is not asked$/ })
  const down = site()
  down.defaultBackend?.server('b')?.forceHealth('down')
  t.match(await of(down, 'SRV=b'), {
    name: 'a',
    why: 'the only one in rotation; cookie SRV is of a server that is down',
  })
  const forced = site({ forcePersist: [header('x-test').is('1')] })
  forced.defaultBackend?.server('b')?.order('maint')
  t.match(await of(forced, '', { headers: { cookie: 'SRV=b', 'x-test': '1' } }), { name: 'b', why: 'cookie SRV' })
  const drained = site()
  drained.defaultBackend?.server('b')?.order('drain')
  t.match(await of(drained, 'SRV=b'), { name: 'b' })
})

t.test('the request that is explained is as its server would see it', async (t) => {
  const frontend = site({ persistence: persistCookie('SRV', { indirect: true }) })
  const asked = request('/', { headers: { cookie: 'x=1; SRV=b' } })
  const { data } = await explain(frontend, asked)
  t.match(data.sent?.headers, [['host'], ['cookie', 'x=1']])
  t.equal(asked.request.headers.get('cookie'), 'x=1; SRV=b', 'and the one that was given stays as it is')
})

t.test('a way of your own is asked in its turn, and sees who answered', async (t) => {
  const answered: string[] = []
  const byTenant: PersistenceMethod = {
    by: 'stick',
    name: 'tenant',
    join: (pool) => ({
      by: 'stick',
      name: 'tenant',
      choose: ({ request: { headers } }) => pool.server(headers.get('x-tenant') ?? ''),
      answer: (_context, server) => void answered.push(server.name),
    }),
  }
  const frontend = site({ persistence: [persistCookie('SRV'), byTenant] })
  const lb = inMemory(frontend, { a: () => reply(200, 'a'), b: () => reply(200, 'b') })
  const visit = async (headers: Record<string, string>): Promise<string> => (await lb.inject('/', { headers })).body
  t.equal(await visit({ 'x-tenant': 'b' }), 'b')
  t.equal(await visit({ 'x-tenant': 'b', cookie: 'SRV=a' }), 'a', 'the cookie is asked first')
  t.equal(await visit({ 'x-tenant': 'none', cookie: 'SRV=none' }), 'a', 'nobody says anything')
  t.same(answered, ['b', 'a', 'a'])
  const { data } = await explain(frontend, request('/', { headers: { 'x-tenant': 'b' } }))
  t.match(data.server, { name: 'b', why: 'tenant' })
  await lb[Symbol.asyncDispose]()
})
