/** Which backend takes a request: routes, defaults, and backends that are passed over. */
import t from 'tap'
import { RuntimeApi } from '../../lib/admin/index.js'
import { parseConfig } from '../../lib/config/index.js'
import { Backend, Balancer, Frontend, header, path, Server, sni, status, useBackend } from '../../lib/index.js'
import { inMemory, request, TestClock } from '../../lib/testing/index.js'

t.test('a backend is published and unpublished while it runs', async (t) => {
  const fresh = new Backend('fresh', { published: false })
  const web = new Backend('web')
  const edge = new Frontend('edge', {
    routes: [useBackend(fresh).if(path.startsWith('/'))],
    defaultBackend: web,
    forceBackendSwitch: [header('x-test').exists(), header('x-look').is('ahead')],
  })
  const taken = async (headers = {}) => await edge.route(request('/', { headers }))
  t.equal(fresh.published, false)
  t.match(await taken(), { backend: { name: 'web' } })
  t.match(await taken({ 'x-test': '1' }), { backend: { name: 'fresh' } })
  t.match(await taken({ 'x-look': 'ahead' }), { backend: { name: 'fresh' } })
  fresh.publish()
  t.match(await taken(), { backend: { name: 'fresh' } })
  fresh.unpublish()
  web.unpublish()
  t.match(await taken(), { kind: 'nowhere' })
})

t.test('a decision tells that a backend was passed over, and what would have forced it', async (t) => {
  const fresh = new Backend('fresh', { published: false })
  const edge = new Frontend('edge', {
    routes: [useBackend(fresh).if(path.startsWith('/'))],
    forceBackendSwitch: [header('x-test').exists()],
  })
  t.match((await edge.route(request('/'), { explain: true })).explanation, [
    { set: 'use_backend', said: 'forward' },
    {
      set: 'force-be-switch',
      rule: 'backend fresh is unpublished',
      condition: /x-test/,
      saw: [{ answer: false }],
      said: 'passed over',
    },
  ])
  const forced = await edge.route(request('/', { headers: { 'x-test': '1' } }), { explain: true })
  t.match(forced.explanation, [{}, { set: 'force-be-switch', said: 'forward all the same' }])
})

t.test('the own backend of a listen takes what its default does not', async (t) => {
  const { frontends } = parseConfig(`
defaults
  mode http
  timeout connect 1s
  timeout client 1s
  timeout server 1s
listen site
  default_backend fresh
  be-unpublished
backend fresh
  be-unpublished
`)
  const [site] = frontends as [Frontend]
  t.match(await site.route(request('/')), { backend: { name: 'site' } })
  t.equal(site.defaultBackend?.name, 'fresh')
  t.same(
    site.backends().map(({ name }) => name),
    ['fresh', 'site'],
  )
  site.defaultBackend?.publish()
  t.match(await site.route(request('/')), { backend: { name: 'fresh' } })
})

t.test('what cannot be asked where routes decide is refused', async (t) => {
  const wrong = [status.is(500)] as unknown as []
  t.throws(
    () => new Frontend('edge', { forceBackendSwitch: wrong }),
    /forceBackendSwitch\[0\].*cannot be asked at request/,
  )
  t.doesNotThrow(() => new Frontend('edge', { mode: 'tcp', forceBackendSwitch: [sni.exists()] }))
  t.throws(() => new Frontend('edge', { forceBackendSwitch: [true as never] }), /must be a condition/)
})

t.test('orders of the runtime API', async (t) => {
  const fresh = new Backend('fresh', { published: false })
  const off = new Backend('off', { disabled: true })
  const balancer = new Balancer({ frontends: [], backends: [fresh, off], clock: new TestClock() })
  const api = new RuntimeApi(balancer)
  t.equal(await api.execute('publish backend fresh', { level: 'operator' }), 'Backend published.\n\n')
  t.equal(fresh.published, true)
  t.equal(await api.execute('unpublish backend #1'), 'Backend unpublished.\n\n')
  t.equal(fresh.published, false)
  t.equal(await api.execute('publish backend off'), 'Backend is disabled.\n\n')
  t.equal(await api.execute('publish backend none'), 'No such backend.\n\n')
  t.equal(await api.execute('publish backend'), 'A backend name is expected.\n\n')
  t.equal(await api.execute('unpublish backend fresh', { level: 'user' }), 'Permission denied\n\n')
})

t.test('servers of an unpublished backend are checked, those of a disabled one are not', async (t) => {
  const server = (name: string) => new Server(name, '10.0.0.1:80', { check: true })
  const fresh = new Backend('fresh', { published: false, servers: [server('a')] })
  const off = new Backend('off', { disabled: true, servers: [server('b')] })
  await using lb = inMemory(new Frontend('edge', { routes: [useBackend(fresh), useBackend(off)] }))
  await lb.started
  await lb.clock.advance('10s')
  t.equal(fresh.server('a')?.up, false, 'nobody answers')
  t.equal(off.server('b')?.up, true, 'and nobody has asked')
})
