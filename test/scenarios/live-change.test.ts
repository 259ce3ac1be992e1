/** Servers, binds, frontends and backends that come and go while traffic runs: who is served by whom, who is left, and what a failure changes. */
import { Backend, deny, Frontend, path, Server, useBackend } from '../../lib/index.js'
import type { Rig } from './support/rig.js'
import { scenario } from './support/scenario.js'
import { BIND, get, ok, simple } from './support/site.js'

const WEBSOCKET =
  'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n'
const SWITCHED =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=\r\n\r\n'

const backend = ({ balancer }: Rig, name = 'be'): Backend => balancer.backend(name) as Backend
const frontend = ({ balancer }: Rig, name = 'fe'): Frontend => balancer.frontend(name) as Frontend
const has = (rig: Rig, origin: string, text: string): boolean =>
  rig.origin(origin).some(({ received }) => received.includes(text))

scenario(
  'a server that is removed finishes what it has, says how many are left, and gets nothing new',
  simple(['a', 'b']),
  { a: 'manual', b: 'manual' },
  async (t, rig) => {
    const one = await rig.client()
    one.send(get('/1'))
    await rig.when(() => has(rig, 'a', '/1'))
    const leaving = backend(rig).servers.remove('a')
    let gone = false
    void leaving?.gone.then(() => {
      gone = true
    })
    t.equal(leaving?.left, 1)
    t.same(
      backend(rig).servers.map(({ name }) => name),
      ['b'],
    )
    const two = await rig.client()
    two.send(get('/2'))
    await rig.when(() => has(rig, 'b', '/2'))
    t.equal(gone, false)
    rig.origin('a')[0]?.send(ok('one'))
    await rig.when(() => one.received.endsWith('one'))
    await rig.when(() => gone)
    t.equal(leaving?.left, 0)
    rig.origin('b')[0]?.send(ok('two'))
    await rig.when(() => two.received.endsWith('two'))
    t.match(rig.records, [
      { server: 'a', termination: '--' },
      { server: 'b', termination: '--' },
    ])
    t.equal(backend(rig).servers.remove('a'), undefined, 'it is there no more')
  },
)

scenario(
  'a server that is removed with a time is cut when it is over, and at once without one',
  simple(['a', 'b', 'c']),
  { a: 'manual', b: 'manual', c: 'manual' },
  async (t, rig) => {
    const clients = [await rig.client(), await rig.client()]
    for (const [index, client] of clients.entries()) {
      client.send(get(`/${index}`))
      await rig.when(() => has(rig, ['a', 'b'][index] as string, `/${index}`))
    }
    const leaving = backend(rig).servers.remove('a', { drain: '10s' })
    await rig.advance('9s')
    t.equal(leaving?.left, 1)
    await rig.advance('1s')
    await rig.when(() => clients[0]?.received.startsWith('HTTP/1.1 502 ') === true)
    await leaving?.gone
    await backend(rig).servers.remove('b', { drain: false })?.gone
    await rig.when(() => clients[1]?.received.startsWith('HTTP/1.1 502 ') === true)
    t.match(rig.records, [
      { server: 'a', termination: 'KH' },
      { server: 'b', termination: 'KH' },
    ])
  },
)

scenario(
  'those who wait for a server that is removed go to another, which may be a new one',
  simple(['a', 'b'], {}, {}, { maxConnections: 1 }),
  { a: 'manual', b: 'manual' },
  async (t, rig) => {
    const be = backend(rig)
    const [b] = [be.servers.named('b') as Server]
    be.servers.remove('b')
    const clients = [await rig.client(), await rig.client()]
    clients[0]?.send(get('/0'))
    await rig.when(() => has(rig, 'a', '/0'))
    clients[1]?.send(get('/1'))
    await rig.when(() => be.queue.length === 1)
    be.servers.remove('a')
    await rig.when(() => clients[1]?.received.startsWith('HTTP/1.1 503 ') === true)
    const late = await rig.client()
    be.servers.add(new Server('b', b.address))
    t.throws(() => be.servers.add(new Server('b', b.address)), { message: /another server 'b'/ })
    late.send(get('/2'))
    await rig.when(() => has(rig, 'b', '/2'))
    rig.origin('b')[0]?.send(ok('two'))
    await rig.when(() => late.received.endsWith('two'))
    rig.origin('a')[0]?.send(ok('zero'))
    await rig.when(() => clients[0]?.received.endsWith('zero') === true)
    t.equal(be.counters.queued, 0)
  },
)

scenario(
  'a WebSocket outlives its rules, routes, bind, frontend and other servers, and ends with its own server',
  simple(['a', 'b']),
  { a: 'manual', b: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    client.send(WEBSOCKET)
    await rig.when(() => has(rig, 'a', '/ws'))
    rig.origin('a')[0]?.send(`${SWITCHED}hi`)
    await rig.when(() => client.received.endsWith('hi'))
    const fe = frontend(rig)
    const be = backend(rig)
    fe.httpRequest.replace(deny())
    fe.httpResponse.replace()
    fe.replaceRoutes(useBackend(be).if(path.startsWith('/')))
    fe.errorPages = {}
    be.servers.remove('b', { drain: false })
    be.balance.picker(be.rotation, { next: () => 0 })
    const place = fe.binds[0]?.address as string
    const closing = fe.binds.remove(place)
    t.equal(closing?.left, 1)
    const leaving = rig.balancer.frontends.remove('fe')
    t.equal(leaving?.left, 1)
    t.equal(rig.balancer.frontend('fe'), undefined)
    client.send('ping')
    await rig.when(() => rig.origin('a')[0]?.received.endsWith('ping') === true)
    rig.origin('a')[0]?.send('pong')
    await rig.when(() => client.received.endsWith('pong'))
    t.equal(rig.records.length, 0)
    be.servers.remove('a', { drain: false })
    await rig.when(() => rig.records.length === 1)
    t.match(rig.records, [{ server: 'a', status: 101, termination: 'KD' }])
    await leaving?.gone
    await closing?.gone
    t.equal(rig.balancer.stats().connections, 0)
  },
)

scenario(
  'a frontend joins with its backends, and leaves when its clients have been served',
  simple(['a']),
  { a: 'manual' },
  async (t, rig) => {
    const shared = backend(rig)
    const place = (shared.servers[0] as Server).address
    const own = new Backend('own', { servers: [new Server('a2', place)] })
    const second = new Frontend('second', {
      bind: BIND,
      routes: [useBackend(own).if(path.is('/own'))],
      defaultBackend: shared,
    })
    await rig.balancer.frontends.add(second)
    t.same(
      rig.balancer.backends.map(({ name }) => name),
      ['be', 'own'],
    )
    t.ok(second.id > 0 && own.id > 0 && second.id !== own.id, 'they are numbered')
    const client = await rig.client('second')
    client.send(get('/'))
    await rig.when(() => has(rig, 'a', 'GET / '))
    const leaving = rig.balancer.frontends.remove(second)
    t.equal(leaving?.left, 1)
    t.throws(() => second.address(), 'it listens no more')
    rig.origin('a')[0]?.send(ok('done'))
    await rig.when(() => client.received.endsWith('done'))
    await rig.when(() => client.ended)
    client.destroy()
    await leaving?.gone
    t.equal(rig.balancer.frontends.remove('second'), undefined)
    await rig.balancer.frontends.add(second)
    const again = await rig.client('second')
    again.send(get('/again'))
    await rig.when(() => has(rig, 'a', '/again'))
    rig.origin('a').at(-1)?.send(ok('again'))
    await rig.when(() => again.received.endsWith('again'))
    t.match(rig.records, [
      { frontend: 'second', backend: 'be', termination: '--' },
      { frontend: 'second', backend: 'be', termination: '--' },
    ])
  },
)

scenario(
  'binds come and go, and a place that is taken changes nothing',
  simple(['a']),
  { a: 'manual' },
  async (t, rig) => {
    const fe = frontend(rig)
    const { address, port } = fe.address()
    const taken = `${address}:${port}`
    await t.rejects(fe.binds.add(taken), { name: 'OptionError', message: /is in use/ })
    await t.rejects(fe.binds.add('nonsense:port'), { name: 'OptionError' })
    await t.rejects(
      rig.balancer.frontends.add(
        new Frontend('other', { bind: [BIND, taken], defaultBackend: new Backend('new', { servers: [] }) }),
      ),
      { message: /is in use/ },
    )
    t.equal(fe.addresses().length, 1)
    t.same(
      [...rig.balancer.frontends, ...rig.balancer.backends].map(({ name }) => name),
      ['fe', 'be'],
    )
    const client = await rig.client()
    const closing = fe.binds.remove(fe.binds[0] ?? '')
    await closing?.gone
    t.same([fe.binds.length, fe.addresses()], [0, []])
    await rig.when(() => client.ended, 'an idle connection closes with its place')
    await fe.binds.add({ address: taken, name: 'again' })
    t.equal(fe.binds.named('again')?.address, taken)
    const late = await rig.client()
    late.send(get('/late'))
    await rig.when(() => has(rig, 'a', '/late'))
    await fe.binds.remove('again', { drain: false })?.gone
    await rig.when(() => rig.records.length === 1)
    t.match(rig.records, [{ termination: 'KD' }])
  },
)

scenario(
  'backends come and go, but not while a frontend sends to them',
  simple(['a', 'b']),
  { a: 'manual', b: 'manual' },
  async (t, rig) => {
    const fe = frontend(rig)
    const be = backend(rig)
    const other = new Backend('other', { servers: [new Server('b', (be.server('b') as Server).address)] })
    t.throws(() => fe.replaceRoutes(useBackend(other)), { message: /does not run 'other'/ })
    t.throws(
      () => {
        fe.defaultBackend = other
      },
      { message: /does not run 'other'/ },
    )
    await rig.balancer.backends.add(other)
    await t.rejects(rig.balancer.backends.add(new Backend('other')), { message: /another one called 'other'/ })
    fe.replaceRoutes(useBackend(other).if(path.startsWith('/o')))
    const client = await rig.client()
    client.send(get('/o'))
    await rig.when(() => has(rig, 'b', '/o'))
    t.throws(() => rig.balancer.backends.remove('other'), { message: /the frontend 'fe' sends to 'other'/ })
    fe.replaceRoutes()
    const leaving = rig.balancer.backends.remove('other')
    t.equal(leaving?.left, 1)
    rig.origin('b')[0]?.send(ok('o'))
    await rig.when(() => client.received.endsWith('o'))
    await leaving?.gone
    fe.defaultBackend = undefined
    client.send(get('/2'))
    await rig.when(() => client.received.includes('HTTP/1.1 503 '))
    rig.balancer.backends.remove('be')
    t.equal(rig.balancer.backends.length, 0)
  },
)

scenario('a server that is told to drain says when it is done', simple(['a']), { a: 'manual' }, async (t, rig) => {
  const client = await rig.client()
  client.send(get('/1'))
  await rig.when(() => has(rig, 'a', '/1'))
  const server = backend(rig).servers[0] as Server
  const leaving = rig.balancer.drain(server)
  t.equal(server.admin, 'drain')
  t.equal(leaving.left, 1)
  rig.origin('a')[0]?.send(ok('one'))
  await rig.when(() => client.received.endsWith('one'))
  await leaving.gone
  client.send(get('/2'))
  await rig.when(() => client.received.includes('HTTP/1.1 503 '))
  t.equal(rig.balancer.drain(server).left, 0)
})

scenario(
  'what is added or removed while nothing runs is there at the start',
  simple(['a']),
  { a: (_request) => ({ kind: 'hang' }) },
  async (t, rig) => {
    await rig.balancer.stop()
    const second = new Frontend('second', { bind: BIND })
    await rig.balancer.frontends.add(second)
    t.equal(rig.balancer.frontends.remove('fe')?.left, 0)
    await rig.balancer.start()
    const client = await rig.client('second')
    client.send(get('/'))
    await rig.when(() => client.received.startsWith('HTTP/1.1 503 '))
  },
)
