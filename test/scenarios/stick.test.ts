/** Tables that remember servers: over time, over several backends, when servers go and come back, and for sessions that only servers name. */
import t from 'tap'
import {
  accept,
  Backend,
  type BackendOptions,
  Frontend,
  header,
  helloType,
  type PersistenceMethod,
  path,
  payloadByLength,
  responseHeader,
  responseHelloType,
  responsePayloadByLength,
  Server,
  type ServerOptions,
  StickTable,
  src,
  status,
  stickMatch,
  stickOn,
  stickStoreRequest,
  stickStoreResponse,
  useBackend,
} from '../../lib/index.js'
import { type InMemory, inMemory, type Origins, reply, tcp } from '../../lib/testing/index.js'

const names = ['a', 'b', 'c']
const told: Origins = Object.fromEntries(
  names.map((name) => [name, ({ request }) => reply(200, name, { s: request.headers.get('gives') ?? '' })]),
)
const servers = (options: ServerOptions = {}): Server[] =>
  names.map((name, index) => new Server(name, `10.0.0.${index + 1}:80`, options))

const clientsOf = (name = 'clients'): StickTable => new StickTable(name, { key: 'ip', size: 100, expire: '30m' })
const textsOf = (name = 'texts'): StickTable => new StickTable(name, { key: 'string', size: 100, expire: '30m' })

function site(persistence: PersistenceMethod | readonly PersistenceMethod[], options: BackendOptions = {}): Frontend {
  const backend = new Backend('app', { persistence, servers: servers(), ...options })
  return new Frontend('edge', { bind: ':8080', defaultBackend: backend })
}

const visit = async (lb: InMemory, headers: Record<string, string>, path = '/'): Promise<string> =>
  (await lb.inject(path, { headers })).body
const from = async (lb: InMemory, address: string): Promise<string> => (await lb.inject('/', { src: address })).body

const serverOf = (lb: InMemory, name: string): Server => lb.balancer.backend('app')?.server(name) as Server

t.test('a client keeps its server for as long as it comes', async (t) => {
  const table = clientsOf()
  await using lb = inMemory(site(stickOn(table, src)), told)
  t.same([await from(lb, '10.1.0.1'), await from(lb, '10.1.0.2'), await from(lb, '10.1.0.1')], ['a', 'b', 'a'])
  for (let visits = 0; visits < 3; visits++) {
    await lb.clock.tick('29m')
    t.equal(await from(lb, '10.1.0.2'), 'b', 'each visit keeps it')
  }
  t.same(lb.balancer.tables, [table], 'the balancer knows the table, and sweeps it')
  t.equal(table.size, 1, 'the other one was forgotten')
  await lb.clock.tick('31m')
  t.equal(await from(lb, '10.1.0.2'), 'c', 'who stays away is new')
  t.match(table.get('10.1.0.2')?.values, { server_id: 3 })
})

t.test('conditions say for whom it counts', async (t) => {
  const table = textsOf()
  const rule = stickOn(table, header('k'))
  await using lb = inMemory(site(rule.unless(path.is('/free'))), told)
  t.same([await visit(lb, { k: 'x' }, '/free'), await visit(lb, { k: 'x' })], ['a', 'b'])
  t.same([await visit(lb, { k: 'x' }, '/free'), await visit(lb, { k: 'x' })], ['c', 'b'])
  await using other = inMemory(site(stickOn(textsOf(), header('k')).if(path.is('/kept'))), told)
  t.same([await visit(other, { k: 'x' }, '/kept'), await visit(other, { k: 'x' })], ['a', 'b'])
  t.equal(await visit(other, { k: 'x' }, '/kept'), 'a')
})

t.test('one rule remembers, another one sends', async (t) => {
  const table = textsOf()
  await using lb = inMemory(site([stickMatch(table, header('k')), stickStoreRequest(table, header('w'))]), told)
  t.same([await visit(lb, { k: 'x' }), await visit(lb, { k: 'x' })], ['a', 'b'], 'stick match remembers nobody')
  t.equal(await visit(lb, { w: 'x' }), 'c')
  t.same([await visit(lb, { k: 'x' }), await visit(lb, { k: 'x' })], ['c', 'c'])
  t.equal(await visit(lb, { w: 'x' }), 'a', 'stick store-request sends nobody anywhere, and the last one counts')
  t.equal(await visit(lb, { k: 'x' }), 'a')
})

t.test('what servers answer is remembered', async (t) => {
  const table = textsOf()
  const rules = [stickMatch(table, header('k')), stickStoreResponse(table, responseHeader('s')).if(status.is(200))]
  await using lb = inMemory(site(rules), told)
  t.same([await visit(lb, { gives: 'x' }), await visit(lb, { gives: 'y' })], ['a', 'b'])
  t.same([await visit(lb, { k: 'y' }), await visit(lb, { k: 'x' }), await visit(lb, { k: 'y' })], ['b', 'a', 'b'])
  t.equal(await visit(lb, { k: 'y', gives: 'z' }), 'b')
  t.equal(await visit(lb, { k: 'z' }), 'b')
})

t.test('backends that share a table send a client to servers of one name', async (t) => {
  const table = clientsOf()
  const main = new Backend('app', { persistence: stickOn(table, src), servers: servers() })
  const images = new Backend('images', { persistence: stickOn(table, src), servers: servers().reverse() })
  const frontend = new Frontend('edge', {
    bind: ':8080',
    routes: [useBackend(images).if(path.startsWith('/images/'))],
    defaultBackend: main,
  })
  await using lb = inMemory(frontend, told)
  for (const [address, path] of [
    ['10.1.0.1', '/'],
    ['10.1.0.1', '/images/'],
    ['10.1.0.2', '/images/'],
    ['10.1.0.2', '/'],
    ['10.1.0.1', '/'],
  ] as const)
    await lb.inject(path, { src: address })
  t.same(
    lb.records.map(({ backend, server }) => `${backend}/${server}`),
    ['app/a', 'images/a', 'images/c', 'app/c', 'app/a'],
    'by their names, though they have other places in the list',
  )
  t.equal(table.size, 2)
})

t.test('who has lost its server has another one, and keeps that when the first comes back', async (t) => {
  const table = clientsOf()
  await using lb = inMemory(site(stickOn(table, src)), told)
  t.equal(await from(lb, '10.1.0.1'), 'a')
  serverOf(lb, 'a').forceHealth('down')
  t.equal(await from(lb, '10.1.0.1'), 'b')
  serverOf(lb, 'a').forceHealth('up')
  t.same([await from(lb, '10.1.0.1'), await from(lb, '10.1.0.1')], ['b', 'b'])
  serverOf(lb, 'b').order('drain')
  t.equal(await from(lb, '10.1.0.1'), 'b', 'a drained server keeps its clients')
  serverOf(lb, 'b').order('maint')
  t.not(await from(lb, '10.1.0.1'), 'b')
})

t.test('a server that is taken away and added again has its clients again', async (t) => {
  const table = clientsOf()
  await using lb = inMemory(site(stickOn(table, src)), told)
  t.equal(await from(lb, '10.1.0.1'), 'a')
  const backend = lb.balancer.backend('app') as Backend
  serverOf(lb, 'a').order('maint')
  backend.servers.remove('a')
  backend.servers.add(new Server('a', '10.0.0.9:80'))
  lb.serve('a', () => reply(200, 'a again'))
  t.equal(await from(lb, '10.1.0.1'), 'a again')
})

t.test('servers of last resort are not remembered', async (t) => {
  const table = clientsOf()
  const all = [new Server('a', '10.0.0.1:80'), new Server('b', '10.0.0.2:80', { backup: true, nonStick: true })]
  const { a, b } = told
  await using lb = inMemory(site(stickOn(table, src), { servers: all }), { ...(a && { a }), ...(b && { b }) })
  serverOf(lb, 'a').forceHealth('down')
  t.equal(await from(lb, '10.1.0.1'), 'b')
  t.equal(table.size, 0)
  serverOf(lb, 'a').forceHealth('up')
  t.equal(await from(lb, '10.1.0.1'), 'a')
})

const u8 = (value: number): string => String.fromCharCode(value)
const u16 = (value: number): string => u8(value >> 8) + u8(value & 255)
/** The first record of either side of TLS, with a session's name. */
function hello(type: 1 | 2, session: string): string {
  const suites = type === 1 ? `${u16(2)}${u16(0xc02f)}${u8(1)}${u8(0)}` : `${u16(0xc02f)}${u8(0)}`
  const body = `${u16(0x0303)}${'r'.repeat(32)}${u8(session.length)}${session}${suites}`
  return `${u8(22)}${u16(0x0303)}${u16(body.length + 4)}${u8(type)}${u8(0)}${u16(body.length)}${body}`
}

t.test('sessions of TLS, which either side may name, stay with their server', async (t) => {
  const table = new StickTable('sessions', { key: 'binary', keyLength: 32, size: 100, expire: '30m' })
  const session = { lengthOffset: 43, lengthSize: 1 }
  const backend = new Backend('app', {
    mode: 'tcp',
    persistence: [
      stickOn(table, payloadByLength(session)).if(helloType.is(1)),
      stickStoreResponse(table, responsePayloadByLength(session)).if(responseHelloType.is(2)),
    ],
    responseInspectDelay: '5s',
    tcpResponseContent: [accept().if(responseHelloType.is(2))],
    servers: servers(),
  })
  const frontend = new Frontend('edge', {
    bind: ':8080',
    mode: 'tcp',
    inspectDelay: '5s',
    tcpRequestContent: [accept().if(helloType.is(1))],
    defaultBackend: backend,
  })
  const reached: string[] = []
  const answers = tcp((socket, name) => {
    reached.push(name)
    socket.on('data', () => socket.end(Buffer.from(hello(2, `of-${name}-${reached.length}`), 'latin1')))
  })
  await using lb = inMemory(frontend, { a: answers, b: answers, c: answers })
  const come = async (name: string): Promise<void> => {
    const client = await lb.connect()
    await client.send(hello(1, name))
    await lb.settle()
  }
  for (const name of ['', '', 'of-a-1', 'of-b-2', 'own', 'own', 'of-a-3']) await come(name)
  t.same(reached, ['a', 'b', 'a', 'b', 'c', 'c', 'a'])
})
