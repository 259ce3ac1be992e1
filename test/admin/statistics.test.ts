import t from 'tap'
import { RuntimeApi } from '../../lib/admin/index.js'
import {
  Backend,
  Balancer,
  deny,
  Frontend,
  HealthCheck,
  type Logger,
  path,
  respond,
  Server,
  setHeader,
  strictMode,
  useBackend,
} from '../../lib/index.js'
import { inMemory, refuse, reply } from '../../lib/testing/index.js'

/** The lines of `show stat` by `proxy/who`, each by its columns. */
async function statistics(api: RuntimeApi, filter = ''): Promise<Map<string, Record<string, string>>> {
  const [header = '', ...lines] = (await api.execute(`show stat ${filter}`)).trimEnd().split('\n')
  const names = header.slice(2).split(',')
  return new Map(
    lines.map((line) => {
      const values = line.split(',')
      return [`${values[0]}/${values[1]}`, Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']))]
    }),
  )
}

function site(): Frontend {
  const web = new Backend('web', {
    check: HealthCheck.http({ path: '/', interval: '1s', rise: 1, fall: 1 }),
    servers: [
      new Server('s1', '10.0.0.1:80', { maxConnections: 5 }),
      new Server('s2', '10.0.0.2:80', { backup: true }),
    ],
  })
  const dead = new Backend('dead', { retries: 1, servers: [new Server('d1', '10.0.0.3:80')] })
  const empty = new Backend('empty', {})
  return new Frontend('edge', {
    bind: '127.0.0.1:8080',
    socketStats: true,
    maxConnections: 70,
    httpRequest: [deny().if(path.is('/deny')), respond(204).if(path.is('/own'))],
    routes: [useBackend(dead).if(path.is('/dead')), useBackend(empty).if(path.is('/empty'))],
    defaultBackend: web,
  })
}

t.test('lines of logs that were lost are told, once for each place that they were to go to', async (t) => {
  const logger = (dropped: number): Logger => ({ transaction: () => {}, notice: () => {}, sink: { dropped } })
  const shared = logger(3)
  const frontends = [
    new Frontend('one', { bind: '127.0.0.1:8080', loggers: [shared, logger(4)] }),
    new Frontend('two', { bind: '127.0.0.1:8081', loggers: [{ ...shared }] }),
    new Frontend('three', { bind: '127.0.0.1:8082', loggers: [{ transaction: () => {}, notice: () => {} }] }),
  ]
  const api = new RuntimeApi(new Balancer({ frontends }))
  t.match(await api.execute('show info'), /^DroppedLogs: 7$/m)
})

t.test(
  'changes of messages that could not be made count where the rule stands, and at the server whose response it was',
  async (t) => {
    const bad = setHeader('x-a', 'a'.repeat(20_000))
    const site = new Frontend('edge', {
      bind: '127.0.0.1:8080',
      httpRequest: [strictMode(false), bad],
      defaultBackend: new Backend('web', {
        httpRequest: [strictMode(false), bad],
        httpResponse: [bad],
        servers: [new Server('s1', '10.0.0.1:80')],
      }),
    })
    const lb = inMemory(site, { s1: () => reply(200, 'ok') })
    await lb.started
    t.teardown(() => lb.stop())
    const api = new RuntimeApi(lb.balancer)
    const { status } = await lb.inject('/')
    t.equal(status, 500)
    const rows = await statistics(api)
    t.match(rows.get('edge/FRONTEND'), { wrew: '3', eint: '1' })
    t.match(rows.get('web/BACKEND'), { wrew: '2', eint: '1' })
    t.match(rows.get('web/s1'), { wrew: '1', eint: '1' })
  },
)

t.test('what is counted, column by column', async (t) => {
  const lb = inMemory(site(), { s1: () => reply(200, 'ok'), s2: refuse, d1: refuse })
  await lb.started
  t.teardown(() => lb.stop())
  const api = new RuntimeApi(lb.balancer)
  for (const target of ['/', '/', '/deny', '/own', '/dead', '/empty']) await lb.inject(target)
  await lb.clock.advance('3s')
  const rows = await statistics(api)
  t.same(
    [...rows.keys()].sort(),
    [
      'dead/BACKEND',
      'dead/d1',
      'edge/FRONTEND',
      'edge/sock-1',
      'empty/BACKEND',
      'web/BACKEND',
      'web/s1',
      'web/s2',
    ].sort(),
  )
  t.match(rows.get('edge/FRONTEND'), {
    ...{ scur: '0', slim: '70', stot: '6', conn_tot: '6', req_tot: '6', dreq: '1', intercepted: '1', status: 'OPEN' },
    ...{ hrsp_2xx: '3', hrsp_4xx: '1', hrsp_5xx: '2', hrsp_other: '0', rate_max: /^[1-6]$/, mode: 'http', type: '0' },
  })
  t.match(rows.get('web/s1'), {
    ...{ stot: '2', smax: '1', slim: '5', lbtot: '2', req_tot: '2', hrsp_2xx: '2', connect: /^[12]$/, status: 'UP' },
    ...{ act: '1', bck: '0', check_status: 'L7OK', check_code: '200', check_desc: 'Layer7 check passed', type: '2' },
    ...{ addr: '10.0.0.1:80', downtime: '0', chkfail: '0', econ: '0', eresp: '0' },
  })
  t.match(rows.get('web/s2'), {
    ...{ status: 'DOWN', act: '0', bck: '1', check_status: 'L4CON', chkfail: '1', chkdown: '1', stot: '0' },
    downtime: /^[1-9]/,
  })
  t.match(rows.get('web/BACKEND'), { status: 'UP', act: '1', bck: '0', stot: '2', lbtot: '2', chkdown: '0', slim: '7' })
  t.match(rows.get('dead/d1'), { econ: '1', wretr: '1', stot: '2', connect: '2', lbtot: '1', status: 'no check' })
  t.match(rows.get('dead/BACKEND'), { econ: '1', wretr: '1', hrsp_5xx: '1', status: 'UP' })
  t.match(rows.get('empty/BACKEND'), { econ: '1', status: 'UP', act: '0', downtime: '' })
})

t.test('orders show, and levels hide', async (t) => {
  const lb = inMemory(site(), { s1: () => reply(200), s2: () => reply(200), d1: refuse })
  await lb.started
  t.teardown(() => lb.stop())
  const api = new RuntimeApi(lb.balancer)
  const server = lb.balancer.backend('web')?.servers[0]
  await lb.clock.advance('2s')
  if (server !== undefined) server.admin = 'drain'
  t.match((await statistics(api)).get('web/s1'), { status: 'DRAIN', act: '1' })
  t.same([...(await statistics(api, 'web 4 -1 up')).keys()], ['web/s1', 'web/s2'], 'who drains is up')
  if (server !== undefined) server.admin = 'maint'
  await lb.clock.advance('2s')
  t.match((await statistics(api)).get('web/s1'), {
    status: 'MAINT',
    check_status: '',
    check_rise: '',
    lastchg: '2',
    downtime: '2',
  })
  t.match((await statistics(api)).get('web/BACKEND'), { status: 'UP', act: '0', bck: '1', weight: '1' })
  t.same([...(await statistics(api, 'web 4 -1 no-maint')).keys()], ['web/s2'])
  t.same([...(await statistics(api, 'web 4 -1 up')).keys()], ['web/s2'])
  t.match(await api.execute('show stat web 2 -1 up'), /^web,BACKEND,.*,UP \(1\/2\),/m)
  const hidden = await api.execute('show stat web 4 1', { level: 'user' })
  t.notMatch(hidden, /10\.0\.0\.1:80/)
})

t.test('a server that is asked by its agent alone, and those that follow it', async (t) => {
  const asked = new Server('s1', '10.0.0.1:80', { agent: { port: 9000, interval: '1s' } })
  const follower = new Server('s2', '10.0.0.1:80', { track: asked })
  const last = new Server('s3', '10.0.0.1:80', { track: follower })
  const web = new Backend('web', { servers: [asked, follower, last] })
  const lb = inMemory(new Frontend('edge', { bind: '10.0.0.9:80', defaultBackend: web }), {
    s1: () => reply(200),
    s2: () => reply(200),
    s3: () => reply(200),
  })
  await lb.started
  t.teardown(() => lb.stop())
  const api = new RuntimeApi(lb.balancer)
  const statuses = async () => {
    const rows = await statistics(api)
    return ['s1', 's2', 's3'].map((name) => rows.get(`web/${name}`)?.['status'])
  }
  t.same(await statuses(), ['no check', 'no check', 'no check'])
  asked.admin = 'drain'
  t.same(await statuses(), ['DRAIN (agent)', 'DRAIN (agent)', 'DRAIN (agent)'])
  asked.admin = 'maint'
  t.match(
    await api.execute('show servers state web'),
    /^2 web 1 s1 .* 22 0 0 - 80 - 0 0 - - 9000$/m,
    'it is still asked',
  )
  asked.admin = 'ready'
  asked.forceAgent(false)
  t.same(await statuses(), ['DOWN (agent)', 'DOWN (agent)', 'DOWN (agent)'])
  asked.agentEnabled = false
  t.match((await statistics(api)).get('web/s1'), { status: 'DOWN', agent_status: '', agent_rise: '' })
})

t.test('show servers state names the place of checks as that of an agent that there is none of', async (t) => {
  const checked = new Server('s1', '10.0.0.1:80', { check: true, checkPort: 81, checkAddress: '10.0.0.9' })
  const backend = new Backend('web', { servers: [checked, new Server('s2', '10.0.0.1:80')] })
  const api = new RuntimeApi(new Balancer({ frontends: [], backends: [backend] }))
  const places = (await api.execute('show servers state web')).split('\n').slice(2, 4)
  t.match(places[0], / 80 - 0 81 10\.0\.0\.9 10\.0\.0\.9 81$/)
  t.match(places[1], / 80 - 0 0 - - 0$/)
  await api.execute('set server web/s1 check-addr 10.0.0.8 port 82')
  t.match(await api.execute('show servers state web'), / 80 - 0 82 10\.0\.0\.8 10\.0\.0\.9 81$/m, 'as it was written')
})

t.test('what traffic shows of a server is counted, once for each time that its limit was reached', async (t) => {
  const server = new Server('s1', '10.0.0.1:80', {
    check: HealthCheck.tcp({ interval: '1h' }),
    observe: 'layer7',
    errorLimit: 2,
    onError: 'fastInterval',
  })
  const web = new Backend('web', { servers: [server] })
  const lb = inMemory(new Frontend('edge', { bind: '10.0.0.9:80', defaultBackend: web }), { s1: () => reply(500) })
  await lb.started
  t.teardown(() => lb.stop())
  const api = new RuntimeApi(lb.balancer)
  t.match((await statistics(api)).get('web/s1'), { hanafail: '0' })
  for (let count = 0; count < 5; count++) await lb.inject('/')
  t.match((await statistics(api)).get('web/s1'), { hanafail: '2', chkfail: '0' })
  await api.execute('clear counters all')
  t.match((await statistics(api)).get('web/s1'), { hanafail: '0' })
})

t.test('checks that are suspended tell nothing', async (t) => {
  const lb = inMemory(site(), { s1: () => reply(200), s2: () => reply(200), d1: refuse })
  await lb.started
  t.teardown(() => lb.stop())
  const api = new RuntimeApi(lb.balancer)
  await lb.clock.advance('2s')
  await api.execute('disable health web/s1')
  t.match((await statistics(api)).get('web/s1'), {
    ...{ status: 'no check', chkfail: '', chkdown: '', downtime: '', check_status: '', check_rise: '' },
  })
})

t.test('a backend is down without anybody to send requests to, for whatever reason', async (t) => {
  const servers = [new Server('s1', '10.0.0.1:80')]
  const web = new Backend('web', { servers })
  const lb = inMemory(new Frontend('edge', { bind: '10.0.0.9:80', defaultBackend: web }), { s1: () => reply(200) })
  await lb.started
  t.teardown(() => lb.stop())
  const api = new RuntimeApi(lb.balancer)
  for (const [order, wentDown] of [
    ['set server web/s1 weight 0', '1'],
    ['set server web/s1 weight 1; set server web/s1 state drain', '2'],
    ['set server web/s1 state maint', '2'],
    ['set server web/s1 state ready; set server web/s1 health stopping', '3'],
  ] as const) {
    await api.execute(order)
    t.match(
      (await statistics(api)).get('web/BACKEND'),
      { status: 'DOWN', weight: '0', act: '0', chkdown: wentDown },
      order,
    )
  }
  await lb.clock.advance('4s')
  await api.execute('set server web/s1 health up')
  t.match((await statistics(api)).get('web/BACKEND'), { status: 'UP', act: '1', downtime: '4', lastchg: '0' })
})

t.test('weights and shares of servers that start slowly are rounded as by HAProxy', async (t) => {
  const servers = [1, 2, 100].map(
    (weight, index) => new Server(`s${weight}`, `10.0.0.${index + 1}:80`, { weight, slowStart: '16s' }),
  )
  const web = new Backend('web', { servers })
  const lb = inMemory(new Frontend('edge', { bind: '10.0.0.9:80', defaultBackend: web }), {
    s1: () => reply(200),
    s2: () => reply(200),
    s100: () => reply(200),
  })
  await lb.started
  t.teardown(() => lb.stop())
  const api = new RuntimeApi(lb.balancer)
  for (const { name } of servers) await api.execute(`disable server web/${name}; enable server web/${name}`)
  const shown = async () =>
    [...(await statistics(api)).values()]
      .filter(({ pxname }) => pxname === 'web')
      .map(({ weight, throttle }) => `${weight} ${throttle}`)
  t.same(await shown(), ['1 7', '1 6', '7 6', '7 '])
  await lb.clock.advance('4s')
  t.same(await shown(), ['1 32', '1 31', '32 31', '33 '])
  await api.execute('set server web/s2 health stopping; set server web/s100 weight 0')
  t.same(await shown(), ['1 32', '1 ', '0 ', '1 '])
})

t.test('counters can be cleared: what was the most, or all', async (t) => {
  const lb = inMemory(site(), { s1: () => reply(200), s2: refuse, d1: refuse })
  await lb.started
  t.teardown(() => lb.stop())
  const api = new RuntimeApi(lb.balancer)
  await lb.inject('/')
  t.equal(await api.execute('clear counters'), '\n')
  t.match((await statistics(api)).get('edge/FRONTEND'), { stot: '1', smax: /^[01]$/, rate_max: '0' })
  t.equal(await api.execute('clear counters all'), '\n')
  t.match((await statistics(api)).get('edge/FRONTEND'), { stot: '0', req_tot: '0', hrsp_2xx: '0' })
})

t.test('the same in code, as plain data', async (t) => {
  const lb = inMemory(site(), { s1: () => reply(200), s2: refuse, d1: refuse })
  await lb.started
  t.teardown(() => lb.stop())
  await lb.inject('/')
  await lb.clock.advance('2s')
  const stats = lb.balancer.stats()
  t.match(stats.frontends['edge'], { status: 'open', maxConnections: 70, requests: 1, total: 1 })
  t.match(stats.backends['web'], {
    ...{ up: true, activeServers: 1, backupServers: 0 },
    servers: { s1: { state: 'up', admin: 'ready', requests: 1, lastCheck: { status: 'L7OK' } }, s2: { up: false } },
  })
  t.ok((stats.backends['web']?.servers['s2']?.downFor ?? 0) >= 1000)
})

t.test('ten thousand servers are told in pieces', async (t) => {
  const servers = Array.from({ length: 10_000 }, (_, index) => new Server(`s${index}`, '10.0.0.1:80'))
  const lb = inMemory(new Frontend('f', { defaultBackend: new Backend('b', { servers }) }), {})
  await lb.started
  t.teardown(() => lb.stop())
  const api = new RuntimeApi(lb.balancer)
  t.equal((await api.execute('show stat')).split('\n').length, 10_002 + 3)
})
