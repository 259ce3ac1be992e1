/** Servers come and go on the test's clock: slow starts, agents, traffic that counts, sessions that end, outliers, and checks that are spread. */
import t from 'tap'
import { parseConfig } from '../../lib/config/index.js'
import { Backend, type BackendOptions, Frontend, HealthCheck, Server, type ServerOptions } from '../../lib/index.js'
import { type Handler, type InMemory, inMemory, refuse, reply } from '../../lib/testing/index.js'

const check = HealthCheck.http({ path: '/healthz', interval: '1s', fastInterval: '500ms', rise: 2, fall: 3 })

/** Whether `/healthz` of a server is well, and what everything else gets. */
interface Origin {
  well: boolean
  status: number
  asked: number[]
}

interface Rig {
  readonly lb: InMemory
  readonly backend: Backend
  readonly origins: Record<string, Origin>
}

interface Parts extends Omit<Rig, 'lb'> {
  readonly handlers: Record<string, Handler>
  /** Whose clock the origins go by. */
  readonly told: (lb: InMemory) => void
}

function rig(servers: Record<string, ServerOptions>, options: BackendOptions = {}): Rig {
  const { backend, origins, handlers, told } = parts(servers, options)
  const lb = inMemory(new Frontend('fe', { defaultBackend: backend }), handlers)
  told(lb)
  return { lb, backend, origins }
}

function parts(servers: Record<string, ServerOptions>, options: BackendOptions = {}): Parts {
  let clock = { elapsed: 0 }
  const origins: Record<string, Origin> = {}
  const made = Object.entries(servers).map(([name, each], index) => {
    origins[name] = { well: true, status: 200, asked: [] }
    return new Server(name, `10.0.0.${index + 1}:80`, each)
  })
  const backend = new Backend('be', { check, servers: made, ...options })
  const handlers = Object.entries(origins).map(([name, origin]): [string, Handler] => [
    name,
    ({ request }) => {
      if (request.target !== '/healthz') return reply(origin.status, name)
      origin.asked.push(clock.elapsed)
      return reply(origin.well ? 200 : 500)
    },
  ])
  const told = (lb: InMemory): void => {
    clock = lb.clock
  }
  return { backend, origins, handlers: Object.fromEntries(handlers), told }
}

t.test('first checks are spread, each over its own interval', async (t) => {
  const { lb, origins } = rig({ a: {}, b: {}, c: {}, d: {} })
  await lb.clock.advance('450ms')
  t.same(
    Object.values(origins).map(({ asked }) => Math.round(asked[0] ?? -1)),
    [0, 125, 250, 375],
    'the fast one, since nothing is known yet',
  )
  await lb.stop()
  const mixed = rig(
    {
      a: { checkTiming: { interval: '100ms', fastInterval: '100ms' } },
      b: { checkTiming: { interval: '2s', fastInterval: '2s' } },
      c: { checkTiming: { interval: '10s', fastInterval: '10s' } },
      d: { checkTiming: { interval: '100ms', fastInterval: '100ms' } },
    },
    { check: HealthCheck.http({ path: '/healthz', downInterval: '10ms' }) },
  )
  await mixed.lb.clock.advance('6s')
  t.same(
    Object.values(mixed.origins).map(({ asked }) => Math.round(asked[0] ?? -1)),
    [0, 500, 5000, 75],
    'a server waits its turn, at most its own interval',
  )
  await mixed.lb.stop()
})

t.test('a haproxy.cfg says how checks are spread', async (t) => {
  const { checks } = parseConfig('global\n  spread-checks 50\n  max-spread-checks 200\n')
  t.same(checks, { jitter: 50, within: 200 })
  const { backend, origins, handlers, told } = parts({ a: {}, b: {} })
  const lb = inMemory(
    { frontends: [new Frontend('fe', { defaultBackend: backend })], ...(checks && { checks }) },
    handlers,
  )
  told(lb)
  await lb.clock.advance('9s')
  const [first, second] = Object.values(origins).map(({ asked }) => asked) as [number[], number[]]
  t.equal(Math.round((second[0] ?? 0) - (first[0] ?? 0)), 100, 'within 200ms')
  const pauses = first.slice(1).map((at, index) => at - (first[index] ?? 0))
  t.ok(pauses.every((pause) => pause >= 490 && pause <= 1510))
  t.ok(new Set(pauses.map(Math.round)).size > 2, 'by chance')
  await lb.stop()
})

t.test('a server that comes back starts slowly', async (t) => {
  const { lb, backend, origins } = rig({ a: { slowStart: '4s', weight: 8 }, b: { weight: 8 } })
  const a = backend.servers[0] as Server
  await lb.clock.advance('2s')
  t.equal(a.effectiveWeight, 8, 'not at the start')
  const origin = origins['a'] as Origin
  origin.well = false
  await lb.clock.advance('3s')
  t.equal(a.state, 'down')
  origin.well = true
  while (!a.up) await lb.clock.advance('100ms')
  const seen = [a.effectiveWeight]
  for (let second = 0; second < 4; second++) {
    await lb.clock.advance('1s')
    seen.push(a.effectiveWeight)
  }
  t.same(seen, [0.5, 2.5, 4.5, 6.5, 8], 'a sixteenth more than the seconds that have passed, as in HAProxy')
  await lb.stop()
})

t.test('traffic takes a server down, and checks bring it back', async (t) => {
  const options = { observe: 'layer7', errorLimit: 2, onError: 'markDown' } as const
  const { lb, backend, origins } = rig({ a: options, b: { backup: true } })
  const a = backend.servers[0] as Server
  await lb.clock.advance('2s')
  ;(origins['a'] as Origin).status = 500
  t.equal((await lb.inject('/')).status, 500)
  t.ok(a.up)
  t.equal((await lb.inject('/')).status, 500)
  t.notOk(a.up)
  t.match(a.lastCheck, { status: 'HANA', description: /^Detected 2 consecutive errors/ })
  t.match([a.counters.failedAnalyses, a.counters.failedChecks], [1, 1])
  t.equal((await lb.inject('/')).body, 'b')
  await lb.clock.advance('600ms')
  t.match([a.up, a.health.score], [false, 1], 'the next check came at the fast interval')
  await lb.clock.advance('600ms')
  t.ok(a.up)
  await lb.stop()
  t.equal(a.observer, undefined)
})

t.test('outliers are taken out, but not too many, and tried again', async (t) => {
  const outliers = { errorRate: 50, least: 4, ejectFor: '10s', maxEjected: 50 }
  const { lb, backend, origins } = rig({ a: {}, b: {}, c: {} }, { outliers })
  const news: string[] = []
  lb.balancer.on('server', ({ server, change }) => {
    if (change.what === 'ejected') news.push(`${server.name} ${change.ejected} ${change.reason}`)
  })
  for (const name of ['a', 'b']) (origins[name] as Origin).status = 503
  for (let count = 0; count < 12; count++) await lb.inject('/')
  t.same(news, ['a true 100% of 4 failed'], 'one of three')
  t.same(
    backend.rotation.map(({ name }) => name),
    ['b', 'c'],
  )
  ;(origins['a'] as Origin).status = 200
  await lb.clock.advance('11s')
  t.equal(news[1], 'a false tried again')
  for (let count = 0; count < 12; count++) await lb.inject('/')
  t.equal(news[2], 'b true 100% of 4 failed', 'forgotten and judged anew')
  await lb.stop()
  t.ok(backend.servers.every(({ ejected }) => !ejected))
})

t.test('servers that join and leave are checked and not', async (t) => {
  const { lb, backend, origins } = rig({ a: {} })
  const late = new Server('late', '10.0.0.9:80')
  await lb.clock.advance('2s')
  backend.servers.add(late)
  lb.serve('late', refuse)
  await lb.clock.advance('2s')
  t.match([late.up, late.lastCheck?.status], [false, 'L4CON'])
  backend.servers.remove('a')
  const { asked } = origins['a'] as Origin
  const before = asked.length
  await lb.clock.advance('5s')
  t.equal(asked.length, before)
  await lb.stop()
})

t.test('nothing is asked in maintenance, and little is known behind it', async (t) => {
  const { lb, backend, origins } = rig({ a: {} })
  const a = backend.servers[0] as Server
  const { asked } = origins['a'] as Origin
  await lb.clock.advance('2s')
  a.admin = 'maint'
  t.equal(a.counters.wentDown, 1)
  const before = asked.length
  await lb.clock.advance('5s')
  t.equal(asked.length, before)
  a.admin = 'ready'
  t.match(a.health.progress, { count: 1, of: 3 })
  a.checkEnabled = false
  await lb.clock.advance('5s')
  t.equal(asked.length, before)
  a.checkEnabled = true
  await lb.clock.advance('2s')
  t.ok(asked.length > before)
  await lb.stop()
})
