/** How servers stand: recorded from HAProxy 2.6, check by check and word by word. */
import t from 'tap'
import { Backend, Server } from '../../lib/index.js'
import { readAgentReply } from '../../lib/proxy/agent-reply.js'
import { Analysis } from '../../lib/proxy/analysis.js'
import type { CheckResult } from '../../lib/proxy/check-result.js'
import { Leaving } from '../../lib/proxy/leaving.js'
import type { ServerChange } from '../../lib/proxy/server-change.js'

const results: Readonly<Record<string, CheckResult>> = {
  '+': { passed: true, status: 'L7OK', code: 200 },
  '-': { passed: false, status: 'L7STS', code: 500 },
  4: { passed: true, stopping: true, status: 'L7OKC', code: 404 },
}

/** How the column `status` of HAProxy's statistics reads. */
function shown({ health, state }: Server): string {
  const { count, of } = health.progress
  const word = state === 'down' ? 'DOWN' : state === 'stopping' ? 'NOLB' : 'UP'
  return health.inTransition ? `${word} ${count}/${of}` : word
}

t.test('rise, fall and wanting no more', async (t) => {
  const server = new Server('s1', '10.0.0.1:80')
  const seen: [checks: string, status: string, failed: number, down: number][] = [
    ['+', 'UP', 0, 0],
    ['-', 'UP 2/3', 1, 0],
    ['-', 'UP 1/3', 2, 0],
    ['-', 'DOWN', 3, 1],
    ['-', 'DOWN', 3, 1],
    ['+', 'DOWN 1/2', 3, 1],
    ['-', 'DOWN', 4, 1],
    ['+', 'DOWN 1/2', 4, 1],
    ['+', 'UP', 4, 1],
    ['4', 'NOLB', 4, 1],
    ['4', 'NOLB', 4, 1],
    ['+', 'UP', 4, 1],
    ['-', 'UP 2/3', 5, 1],
    ['4', 'NOLB', 5, 1],
    ['-', 'NOLB 2/3', 6, 1],
    ['-', 'NOLB 1/3', 7, 1],
    ['-', 'DOWN', 8, 2],
    ['4', 'DOWN', 8, 2],
    ['+', 'DOWN 1/2', 8, 2],
    ['+', 'UP', 8, 2],
  ]
  for (const [index, [letter, status, failed, down]] of seen.entries()) {
    server.take(results[letter] as CheckResult)
    t.same([shown(server), server.counters.failedChecks, server.counters.wentDown], [status, failed, down], `${index}`)
  }
  t.match(server.lastCheck, { status: 'L7OK', code: 200 })
  server.take(results['-'] as CheckResult)
  server.take({ passed: true, stopping: true, status: 'L7OKC', code: 404 })
  server.forceHealth('down')
  server.take({ passed: true, stopping: true, status: 'L7OKC', code: 404 })
  t.match(server.lastCheck, { passed: false, status: 'L7STS', code: 404 }, 'of a server that is down it is a failure')
})

t.test('how a server begins', async (t) => {
  const begun = (initState?: 'fullyUp' | 'up' | 'down' | 'fullyDown'): string =>
    shown(new Server('s', '10.0.0.1:80', initState === undefined ? {} : { initState }))
  t.same([begun(), begun('up'), begun('fullyUp')], ['UP 1/3', 'UP 1/3', 'UP'])
  t.same([begun('down'), begun('fullyDown')], ['DOWN 1/2', 'DOWN'])
  const server = new Server('s', '10.0.0.1:80', { initState: 'fullyDown' })
  server.forceHealth('up')
  server.admin = 'maint'
  server.admin = 'ready'
  t.equal(shown(server), 'DOWN', 'and begins anew after maintenance')
})

t.test('what is forced, by whom', async (t) => {
  const server = new Server('s', '10.0.0.1:80', { agent: { port: 90 } })
  server.forceHealth('stopping')
  t.same([server.state, server.up, server.inRotation, server.reachable], ['stopping', true, false, true])
  server.forceHealth('down')
  t.same([server.state, server.up, server.health.score], ['down', false, 0])
  server.take(results['+'] as CheckResult)
  t.equal(shown(server), 'DOWN 1/2', 'checks go on from there')
  server.take(results['+'] as CheckResult)
  server.takeAgent({ result: { passed: false, status: 'L7STS', code: 0 }, up: false })
  t.equal(server.state, 'down')
  server.take(results['+'] as CheckResult)
  t.equal(server.state, 'down', 'only its agent brings it back')
  server.takeAgent({ result: { passed: true, status: 'CHECKED' }, up: undefined })
  t.equal(server.state, 'down')
  server.takeAgent({ result: { passed: true, status: 'L7OK', code: 0 }, up: true })
  t.equal(server.state, 'up')
  t.match(server.lastAgentCheck, { status: 'L7OK' })
  server.forceAgent(false)
  server.forceHealth('up')
  t.equal(server.state, 'up', 'whoever forces health has the last word')
})

/** Tells of changes as `server what via`. */
function told(backends: readonly Backend[]): string[] {
  const news: string[] = []
  for (const backend of backends)
    backend.attach({
      serverChanged: (_backend, { name, ordered, state }, change: ServerChange) => {
        const via = 'via' in change && change.via === true ? ' via' : ''
        news.push(`${name} ${change.what === 'health' ? state : change.what === 'admin' ? ordered : change.what}${via}`)
      },
      panicChanged: ({ name, panicking }) => void news.push(`${name} ${panicking ? 'panics' : 'is calm'}`),
      serverLeft: () =>
        new Leaving(
          () => 0,
          () => {},
        ),
    })
  return news
}

t.test('servers that follow others', async (t) => {
  const one = new Server('one', '10.0.0.1:80', { check: true })
  const two = new Server('two', '10.0.0.1:80', { track: one })
  const three = new Server('three', '10.0.0.1:80', { track: two, check: true })
  const far = new Server('far', '10.0.0.1:80', { track: one })
  const backends = [new Backend('b', { servers: [one, two, three] }), new Backend('c', { servers: [far] })]
  const news = told(backends)
  t.equal(three.check, undefined, 'who follows is not checked')
  for (let count = 0; count < 3; count++) one.observe(false)
  t.same(
    news.splice(0),
    ['one down', 'far down via', 'two down via', 'three down via'],
    'the last one first, chains at once',
  )
  t.same(
    backends.map(({ rotation }) => rotation.length),
    [0, 0],
  )
  one.admin = 'maint'
  t.same(news.splice(0), ['one maint', 'far maint via', 'two maint via', 'three maint via'])
  two.admin = 'drain'
  t.equal(two.ordered, 'maint')
  one.admin = 'ready'
  t.same([one.ordered, two.ordered, three.ordered, far.ordered], ['ready', 'drain', 'drain', 'ready'])
  t.same([one.up, two.up, three.up], [true, true, true])
  t.throws(() => three.forceHealth('down'), { code: 'ERR_OPTION', message: /follows 'two'/ })
  t.throws(() => one.follow(three), { path: 'track', message: /tracks this very server/ })
  t.throws(() => one.follow(one), /tracks this very server/)
  t.throws(() => new Server('x', '10.0.0.1:80', { track: 'one' as never }), {
    path: 'track',
    message: /must be a Server/,
  })
})

t.test('who comes back to follow is followed again as it is now', async (t) => {
  const one = new Server('one', '10.0.0.1:80')
  const two = new Server('two', '10.0.0.2:80', { track: one })
  const three = new Server('three', '10.0.0.3:80', { track: two })
  const backend = new Backend('be', { servers: [one, two, three] })
  backend.servers.remove(three)
  backend.servers.remove(two)
  one.admin = 'drain'
  backend.servers.add(three)
  t.equal(three.ordered, 'ready', 'two knows nothing of it')
  backend.servers.add(two)
  t.same([two.ordered, three.ordered], ['drain', 'drain'])
  backend.servers.remove(three)
  backend.servers.remove(two)
  one.admin = 'ready'
  one.forceHealth('down')
  backend.servers.add(three)
  backend.servers.add(two)
  t.same([two.state, three.state, two.ordered, three.ordered], ['down', 'down', 'ready', 'ready'])
})

t.test('who tracks and who is tracked may leave and come back, or be without an address for a while', async (t) => {
  const one = new Server('one', '10.0.0.1:80')
  const two = new Server('two', '10.0.0.2:80', { track: one })
  const backend = new Backend('be', { servers: [one, two] })
  backend.servers.remove(two)
  one.admin = 'maint'
  t.equal(two.ordered, 'ready', 'it hears nothing while it is away')
  backend.servers.add(two)
  t.equal(two.ordered, 'maint')
  one.admin = 'ready'
  t.match([two.ordered, backend.rotation.length], ['ready', 2])
  one.forceHealth('down')
  t.notOk(two.up)
  backend.servers.remove(one)
  backend.servers.add(one)
  t.match([one.up, two.up, backend.rotation.length], [true, true, 2], 'it begins anew, with those that follow it')
  one.forceHealth('down')
  one.markResolved(false)
  one.markResolved(true)
  t.match([one.up, two.up, backend.rotation.length], [true, true, 2])
})

t.test('weights are absolute or a percentage of the first', async (t) => {
  const server = new Server('s', '10.0.0.1:80', { weight: 10 })
  const seen: [order: string | number, weight: number][] = [
    ['50%', 5],
    ['1%', 0],
    ['250%', 25],
    ['25601%', 256],
    [7, 7],
    ['8', 8],
  ]
  for (const [order, weight] of seen) {
    server.setWeight(order)
    t.equal(server.weight, weight, `${order}`)
  }
  for (const order of ['', '%', '-1', 300, 1.5, '5.5', '50%x', 'abc'])
    t.throws(() => server.setWeight(order), { path: 'weight', message: /from 0 to 256, or a percentage/ })
  server.setWeight(3)
  server.warmth = 5 / 16
  t.equal(server.effectiveWeight, 15 / 16)
  server.warmth = 1 / 16
  server.setWeight(0)
  t.equal(server.effectiveWeight, 0)
})

t.test('what agents say', async (t) => {
  const seen: [line: string, status: string, description: string | undefined, rest?: object][] = [
    ['up', 'L7OK', 'via agent : up'],
    ['UP', 'L7OK', 'via agent : UP'],
    ['up abc def', 'L7OK', 'via agent : up (abc)'],
    ['abc up', 'L7OK', 'via agent : up (abc)'],
    ['up #x y, z', 'L7OK', 'via agent : up (x y, z)'],
    ['up extra words, too #tag', 'L7OK', 'via agent : up (extra)'],
    ['up ,, #', 'L7OK', 'via agent : up'],
    ['fail # oops, it', 'L7STS', 'via agent : fail (oops, it)', { up: false }],
    ['down#a b c', 'CHECKED', 'agent reports an error : down#a', { up: undefined }],
    ['down up', 'L7OK', 'via agent : up', { up: true }],
    ['up\tdown', 'L7STS', 'via agent : down', { up: false }],
    ['down #z fail', 'L7STS', 'via agent : down (z fail)'],
    ['#only', 'CHECKED', undefined],
    ['ready # cleaning', 'CHECKED', undefined, { admin: 'ready' }],
    ['drain ready', 'CHECKED', undefined, { admin: 'ready' }],
    ['up maint', 'L7OK', 'via agent : up', { admin: 'maint', up: true }],
    ['75%,up', 'L7OK', 'via agent : up', { weight: '75%' }],
    ['50% 20%', 'CHECKED', undefined, { weight: '20%' }],
    ['50% foo', 'CHECKED', 'agent reports an error : foo', { weight: '50%' }],
    ['maxconn:30', 'CHECKED', undefined, { maxConnections: 30 }],
    [
      'maxconn:x',
      'CHECKED',
      'agent warns : maxconn string empty or preceded by garbage',
      { maxConnections: undefined },
    ],
    ['maxconn:5x', 'CHECKED', 'agent warns : Trailing garbage in maxconn string', { maxConnections: undefined }],
    ['5', 'CHECKED', 'agent reports an error : 5'],
    ['-5%', 'CHECKED', 'agent reports an error : -5%', { weight: undefined }],
    ['', 'CHECKED', undefined],
  ]
  for (const [line, status, description, rest] of seen) {
    const reply = readAgentReply(line)
    t.same([reply.result.status, reply.result.description], [status, description], line)
    if (rest !== undefined) t.match(reply, rest, line)
  }
})

t.test('failures in a row', async (t) => {
  const seven = new Analysis(7, 3)
  const answer = (status: number) => seven.take({ layer: 7, passed: true, status, took: 1 })
  t.same(
    [500, 503, 200, 500, 502, 501, 500, 404, 505, 500, 500].map(answer),
    Array.from({ length: 11 }, () => undefined),
  )
  t.equal(answer(500), 'Detected 3 consecutive errors, last one was: Wrong http response')
  t.equal(answer(500), undefined, 'counted anew')
  t.equal(seven.take({ layer: 4, passed: true, took: 1 }), undefined)
  t.equal(
    seven.take({ layer: 4, passed: false, took: 1 }),
    undefined,
    'a connect that succeeds says nothing of answers',
  )
  t.equal(
    seven.take({ layer: 7, passed: false, fault: 'closed', took: 1 }),
    'Detected 3 consecutive errors, last one was: Close from server (http)',
  )
  const four = new Analysis(4, 1)
  t.equal(four.take({ layer: 7, passed: true, status: 500, took: 1 }), undefined)
  t.match(four.take({ layer: 4, passed: false, took: 1 }), /Detected 1 .* L4 unsuccessful connection$/)
})

t.test('when too few are up, those are used that are not', async (t) => {
  const servers = ['a', 'b', 'c', 'd'].map((name) => new Server(name, '10.0.0.1:80'))
  const [a, b, c, d] = servers as [Server, Server, Server, Server]
  const backend = new Backend('be', { panicThreshold: 50, servers })
  const news = told([backend])
  const names = (): string => backend.rotation.map(({ name }) => name).join('')
  a.forceHealth('down')
  b.forceHealth('down')
  t.equal(names(), 'cd', 'half of them is enough')
  c.forceHealth('down')
  t.equal(names(), 'abcd')
  t.ok(backend.panicking)
  d.admin = 'maint'
  t.equal(names(), 'abc', 'but nobody in maintenance')
  a.admin = 'drain'
  t.equal(names(), 'bc')
  b.forceHealth('up')
  t.equal(names(), 'b', 'half of those that are to be used')
  t.same(
    news.filter((line) => line.startsWith('be')),
    ['be panics', 'be is calm'],
  )
  t.throws(() => new Backend('x', { panicThreshold: 101 }), { path: 'panicThreshold', message: /percentage/ })
})

t.test('when none of them is up, a backup that is goes first', (t) => {
  const servers = ['a', 'b'].map((name) => new Server(name, '10.0.0.1:80'))
  const spare = new Server('spare', '10.0.0.2:80', { backup: true })
  const backend = new Backend('be', { panicThreshold: 100, servers: [...servers, spare] })
  const names = (): string => backend.rotation.map(({ name }) => name).join(' ')
  servers[0]?.forceHealth('down')
  t.equal(names(), 'a b')
  servers[1]?.forceHealth('down')
  t.equal(names(), 'spare')
  t.notOk(backend.panicking)
  spare.forceHealth('down')
  t.equal(names(), 'a b')
  t.end()
})

t.test('a server that was taken out amid a slow start comes back with all of its weight', async (t) => {
  const server = new Server('s', '10.0.0.1:80', { slowStart: '10s', weight: 8 })
  const backend = new Backend('be', { servers: [server, new Server('other', '10.0.0.2:80')] })
  server.warmth = 0.25
  t.equal(server.effectiveWeight, 2)
  backend.servers.remove(server)
  backend.servers.add(server)
  t.equal(server.effectiveWeight, 8, 'nobody would have gone on')
})

t.test('when the panic is over, those who wait for a server that is down look for another', async (t) => {
  const servers = ['one', 'two'].map((name) => new Server(name, '10.0.0.1:80', { maxConnections: 1 }))
  const [one] = servers as [Server]
  const backend = new Backend('be', { panicThreshold: 60, servers })
  one.forceHealth('down')
  t.ok(backend.panicking)
  backend.take(one)
  const turns: (Server | undefined)[] = []
  backend.wait(one.queue, (server) => void turns.push(server))
  backend.servers.add(new Server('three', '10.0.0.3:80'))
  t.notOk(backend.panicking)
  t.strictSame(turns, [undefined])
  t.match([one.queue.length, backend.counters.queued], [0, 0])
  backend.release(one)
})
