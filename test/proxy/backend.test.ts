import t from 'tap'
import { Backend, first, leastConn, roundRobin, Server, uri } from '../../lib/index.js'
import { Queue } from '../../lib/proxy/queue.js'
import { request } from '../../lib/testing/index.js'

const pool = (...names: string[]): Server[] =>
  names.map(
    (name, index) => new Server(name, `10.0.0.${index + 1}:80`, name.startsWith('spare') ? { backup: true } : {}),
  )
const rotation = (backend: Backend): string[] => backend.rotation.map(({ name }) => name)
const context = request('/')

t.test('backups come in when nobody else is left', async (t) => {
  const servers = pool('a', 'b', 'spare1', 'spare2')
  const backend = new Backend('be', { servers })
  t.same(rotation(backend), ['a', 'b'])
  servers[0]!.admin = 'maint'
  t.same(rotation(backend), ['b'])
  servers[1]!.observe(false)
  t.same(rotation(backend), ['spare1'], 'the first one')
  servers[2]!.admin = 'drain'
  t.same(rotation(backend), ['spare2'])
  servers[3]!.admin = 'drain'
  t.same(rotation(backend), [])
  t.equal(backend.seek(context), undefined)
  servers[1]!.observe(true)
  servers[1]!.observe(true)
  t.same(rotation(backend), ['b'])
})

t.test('all backups, when asked for', async (t) => {
  const servers = pool('a', 'spare1', 'spare2')
  const backend = new Backend('be', { servers, allBackups: true })
  servers[0]!.admin = 'maint'
  t.same(rotation(backend), ['spare1', 'spare2'])
})

t.test('weights share the load, and 0 gets nothing', async (t) => {
  const servers = pool('a', 'b', 'c')
  const backend = new Backend('be', { servers })
  servers[0]!.weight = 2
  servers[2]!.weight = 0
  const picks = Array.from({ length: 9 }, () => backend.pick(context)?.name)
  t.equal(picks.filter((name) => name === 'a').length, 6)
  t.equal(picks.filter((name) => name === 'b').length, 3)
})

t.test('places are taken and given back, to whoever has waited longest', async (t) => {
  const servers = pool('a', 'b').map(({ name, address }) => new Server(name, address, { maxConnections: 1 }))
  const backend = new Backend('be', { servers, balance: leastConn() })
  const first = backend.seek(context) as Server
  const second = backend.seek(context) as Server
  t.same([first.name, second.name].sort(), ['a', 'b'])
  const queue = backend.seek(context)
  t.ok(queue instanceof Queue)
  const turns: (string | undefined)[] = []
  backend.wait(queue as Queue<Server | undefined>, (server) => void turns.push(`one ${server?.name}`))
  const leaver = backend.wait(queue as Queue<Server | undefined>, () => void turns.push('left'))
  backend.wait(queue as Queue<Server | undefined>, (server) => void turns.push(`two ${server?.name}`))
  t.match(backend.counters, { queued: 3, highestQueued: 3 })
  leaver.leave()
  leaver.leave()
  backend.release(second)
  backend.release(first)
  t.same(turns, [`one ${second.name}`, `two ${first.name}`])
  t.match(backend.counters, { queued: 0 })
  t.equal(first.counters.highest, 1)
})

t.test('who waits looks for something else when nobody is left', async (t) => {
  const server = new Server('a', '10.0.0.1:80', { maxConnections: 1 })
  const backend = new Backend('be', { servers: [server] })
  backend.seek(context)
  const turns: unknown[] = []
  backend.wait(backend.seek(context) as Queue<Server | undefined>, (got) => void turns.push(got))
  server.observe(false)
  t.same(turns, [undefined])
})

t.test('a server that was tried in vain is avoided, unless it is the only one', async (t) => {
  const servers = pool('a', 'b')
  const backend = new Backend('be', { servers })
  for (let count = 0; count < 4; count++) {
    const server = backend.seek(context, [servers[0]!]) as Server
    t.equal(server.name, 'b')
    backend.release(server)
  }
  servers[1]!.admin = 'maint'
  t.equal((backend.seek(context, [servers[0]!]) as Server).name, 'a')
})

t.test('options are checked', async (t) => {
  t.throws(() => new Backend('be', { servers: pool('a', 'a') }), { path: 'servers[1]', message: /another server 'a'/ })
  t.throws(() => new Backend('be', { servers: ['a'] } as never), {
    path: 'servers',
    message: /must be a list of Servers/,
  })
  t.throws(() => new Backend('be', { balance: 'roundrobin' } as never), /as roundRobin\(\)/)
  t.throws(() => new Backend('be', { reuse: 'sometimes' } as never), { path: 'reuse', message: /'safe'/ })
  t.throws(() => new Backend('be', { timeouts: { connect: '1x' } }), {
    path: 'timeouts.connect',
    message: /unknown unit 'x'/,
  })
  t.throws(() => new Backend('be', { retries: 101 }), { path: 'retries', message: /from 0 to 100/ })
  t.throws(() => new Backend('be', { timeout: {} } as never), /no such option: 'timeout'/)
  t.equal(new Backend('be', { redispatch: true }).redispatch, -1)
  t.equal(new Backend('be', { redispatch: false }).redispatch, 0)
})

for (const balance of [leastConn(), first(), roundRobin()])
  t.test(`a limit that moves is looked at once, though its server starts slowly (${balance.name})`, (t) => {
    const slow = new Server('slow', '10.0.0.1:80', { minConnections: 1, maxConnections: 4 })
    const backend = new Backend('be', { servers: [slow], balance, fullConnections: 4 })
    const turns: (string | undefined)[] = []
    slow.warmth = 1 / 16
    for (backend.counters.current = 1; backend.counters.current <= 6; backend.counters.current++) {
      // With each of them the load rises, and with it the limit, of which only a part counts yet.
      const place = backend.seek(context)
      if (place instanceof Queue) backend.wait(place, (server) => void turns.push(server?.name))
      else t.equal(backend.counters.current, 1, 'only the first has a place')
    }
    t.equal(slow.active, 1)
    t.same(turns, [])
    backend.release(slow)
    t.same(turns, ['slow'])
    slow.warmth = 1
    t.equal(slow.active, 4, 'once it is warm, everybody comes who may')
    for (const left of [4, 3, 2, 1]) {
      t.equal(slow.active, left)
      backend.counters.current--
      backend.release(slow)
      if (left === 4) t.equal(slow.active, 4, 'the last one who waits')
      if (left === 4) backend.release(slow)
    }
    t.equal(slow.active, 0)
    t.match(backend.counters, { queued: 0 })
    t.equal(turns.length, 5)
    t.end()
  })

t.test('a limit that is written anew rises by what it is now', (t) => {
  const server = new Server('s1', '10.0.0.1:80', { minConnections: 1, maxConnections: 2 })
  const backend = new Backend('be', { servers: [server], balance: first(), fullConnections: 100, panicThreshold: 10 })
  backend.counters.current = 1
  t.equal(backend.seek(context), server)
  backend.counters.current = 2
  const turns: (string | undefined)[] = []
  const place = backend.seek(context)
  t.ok(place instanceof Queue)
  backend.wait(place as Queue<Server | undefined>, (found) => void turns.push(found?.name))
  t.same(turns, [], 'another place from a load of 100 on')
  server.maxConnections = 50
  t.same(turns, [])
  backend.counters.current = 4
  backend.wait(place as Queue<Server | undefined>, (found) => void turns.push(`${found?.name}, later`))
  t.same(turns, ['s1'], 'from 4 on, whoever has waited longest')
  t.end()
})

t.test(
  'a server that is removed takes its places on the ring with it, and gets a number where it comes next',
  async (t) => {
    const names = ['s1', 's2', 's3', 's4', 's5']
    const servers = names.map((name, index) => new Server(name, `10.0.0.${index + 1}:80`, { weight: 2 + index }))
    const backend = new Backend('b', { balance: uri({ method: 'consistent' }), servers })
    const picked = (): unknown[] =>
      Array.from({ length: 50 }, (_, index) => {
        const place = backend.seek(request(`/${index * 7919}`))
        if (place instanceof Server) backend.release(place)
        return place instanceof Server ? place.name : undefined
      })
    const before = picked()
    backend.servers.remove('s2')
    backend.servers.remove('s5')
    t.strictSame([...new Set(picked())].sort(), ['s1', 's3', 's4'])
    backend.servers.add(servers[4]!)
    t.equal(servers[4]!.id, 2, 'the lowest that is free')
    backend.servers.add(servers[1]!)
    t.equal(servers[1]!.id, 5)
    t.equal(new Set(picked()).size, 5)
    backend.servers.remove('s2')
    backend.servers.remove('s5')
    backend.servers.add(servers[1]!)
    backend.servers.add(servers[4]!)
    t.strictSame(picked(), before, 'with the numbers that they had, all is as it was')
  },
)
