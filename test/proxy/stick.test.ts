import t from 'tap'
import {
  type AnyStickTable,
  all,
  Backend,
  Balancer,
  counter,
  explain,
  Frontend,
  header,
  method,
  path,
  payload,
  responseHeader,
  responsePayload,
  Server,
  type Stick,
  StickTable,
  src,
  status,
  stickMatch,
  stickOn,
  stickStoreRequest,
  stickStoreResponse,
} from '../../lib/index.js'
import { request } from '../../lib/testing/index.js'

const clients = (): StickTable => new StickTable('clients', { key: 'ip', size: 100, expire: '30m' })
const servers = (): Server[] => ['a', 'b', 'c'].map((name, index) => new Server(name, `10.0.0.${index + 1}:80`))

t.test('a rule is called what a haproxy.cfg calls it', async (t) => {
  const table = clients()
  const rules = [
    stickOn(table, src),
    stickMatch(table, header('k')),
    stickStoreRequest(table, path),
    stickStoreResponse(table, responseHeader('k')),
  ]
  t.same(
    rules.map(({ name, kind, by }) => [name, kind, by]),
    [
      ['stick on src table clients', 'on', 'stick'],
      ['stick match req.hdr(k) table clients', 'match', 'stick'],
      ['stick store-request path table clients', 'store-request', 'stick'],
      ['stick store-response res.hdr(k) table clients', 'store-response', 'stick'],
    ],
  )
  const backend = new Backend('app', { persistence: rules, servers: servers() })
  t.same(
    backend.persistence?.names,
    rules.map(({ name }) => name),
  )
  t.same(table.names, ['server_id', 'server_key'], 'a table stores servers as soon as a backend remembers by it')
})

t.test('what is neither table, sample nor condition is refused', async (t) => {
  const table = clients()
  t.throws(() => stickOn({} as never, src), { code: 'ERR_OPTION', path: 'table', message: /stick on/ })
  t.throws(() => stickMatch(table, 'src' as never), { code: 'ERR_OPTION', path: 'key', message: /stick match/ })
  t.throws(() => stickOn(table, src).if('x' as never), { code: 'ERR_OPTION', path: 'condition' })
  const once = stickOn(table, src).if(path.is('/'))
  t.throws(() => once.unless(path.is('/x')), { code: 'ERR_OPTION', path: 'condition', message: /all\(\)/ })
  t.equal(once.wanted, true)
  t.equal(stickOn(table, src).unless(all(path.is('/'), header('x').exists())).wanted, false)
})

t.test('what a rule asks must be known when it is asked', async (t) => {
  const table = clients()
  const join = (mode: 'http' | 'tcp', persistence: Stick<never>) => () =>
    new Backend('app', { mode, persistence: persistence as unknown as Stick })
  const wrong: readonly (readonly ['http' | 'tcp', Stick<never>])[] = [
    ['http', stickOn(table, responseHeader('k') as never)],
    ['http', stickMatch(table, status as never)],
    ['http', stickStoreRequest(table, responseHeader('k') as never)],
    ['http', stickStoreResponse(table, payload(0, 4) as never)],
    ['http', stickOn(table, src).if(status.is(200) as never)],
    ['tcp', stickOn(table, path)],
    ['tcp', stickOn(table, responsePayload(0, 4) as never)],
    ['tcp', stickStoreResponse(table, responseHeader('k'))],
    ['tcp', stickStoreResponse(table, payload(0, 4) as never)],
  ]
  // @ts-expect-error the compiler says so as well: a request has no status
  t.ok(stickOn(table, status))
  // @ts-expect-error nor has a condition of it
  t.ok(stickOn(table, src).if(status.is(200)))
  for (const [mode, rule] of wrong)
    t.throws(join(mode, rule), { code: 'ERR_OPTION', path: 'persistence' }, `${mode}: ${rule.name}`)
  for (const [mode, rule] of [
    ['http', stickOn(table, header('k'))],
    ['http', stickStoreResponse(table, src)],
    ['tcp', stickOn(table, src)],
    ['tcp', stickStoreResponse(table, responsePayload(0, 4))],
  ] as const)
    t.doesNotThrow(join(mode, rule as Stick<never>), `${mode}: ${rule.name}`)
})

t.test('a table that has keys already, and no room for servers, is refused', async (t) => {
  const late = clients()
  const key = late.keyOf('10.0.0.1')
  if (key !== undefined) late.open(key, 0)
  t.throws(() => new Backend('app', { persistence: stickOn(late, src) }), { code: 'ERR_OPTION', path: 'store' })
})

t.test('tables with names of their own are taken as they are', async (t) => {
  const copies = new StickTable('copies', { key: 'ip', size: 10, store: { other: counter() } })
  const seen = new StickTable('seen', { key: 'ip', size: 10, store: { seen: counter() }, writeTo: copies })
  const tables: readonly AnyStickTable[] = [seen, copies]
  const backend = new Backend('app', { persistence: stickOn(seen, src) })
  const balancer = new Balancer({
    frontends: [new Frontend('edge', { bind: ':8080', defaultBackend: backend })],
    tables,
  })
  t.same(
    balancer.tables.map(({ name }) => name),
    ['seen', 'copies'],
  )
  t.equal(seen.writeTo as unknown, copies)
})

t.test('an explanation says which rule chose the server, and changes nothing', async (t) => {
  const table = clients()
  const frontend = new Frontend('edge', {
    defaultBackend: new Backend('app', { persistence: stickOn(table, src), servers: servers() }),
  })
  const asked = (address: string) => explain(frontend, request('/', { src: address }))
  t.match((await asked('10.9.9.9')).data.server, { name: 'a', why: /roundrobin/ })
  t.equal(table.size, 0, 'who is only explained is not remembered')
  const key = table.keyOf('10.9.9.9')
  if (key === undefined) throw new Error('there is a key')
  const row = table.open(key, 0)
  table.write(row, table.field('server_id'), 3, 0)
  table.touch(row, 0)
  const left = table.expiresIn(row, 0)
  t.match((await asked('10.9.9.9')).data.server, { name: 'c', why: 'stick on src table clients' })
  t.match((await asked('10.9.9.8')).data.server, { why: /roundrobin/ }, 'others go where the algorithm says')
  t.equal(table.expiresIn(row, 0), left, 'nor kept longer')
  t.equal(table.size, 1)
  t.match(`${await asked('10.9.9.9')}`, 'stick on src table clients')
})

t.test('methods are no addresses: there is no key, and nobody is sent anywhere', async (t) => {
  const table = clients()
  const frontend = new Frontend('edge', {
    defaultBackend: new Backend('app', { persistence: stickOn(table, method), servers: servers() }),
  })
  t.match((await explain(frontend, request('/'))).data.server, { why: /roundrobin/ })
})
