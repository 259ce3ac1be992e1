/** Clients that stay with their servers: over time, over several proxies, when servers fail, and when somebody makes cookies up. */
import t from 'tap'
import {
  accept,
  Backend,
  type BackendOptions,
  Frontend,
  type PersistCookieOptions,
  type PersistenceMethod,
  persistCookie,
  persistRdpCookie,
  rdpCookieCount,
  Server,
  type ServerOptions,
} from '../../lib/index.js'
import { type Injected, type InMemory, inMemory, type Origins, refuse, reply, tcp } from '../../lib/testing/index.js'

const names = ['a', 'b', 'c']
const told: Origins = Object.fromEntries(
  names.map((name) => [name, ({ request }) => reply(200, `${name} ${request.headers.get('cookie') ?? '-'}`)]),
)

function site(cookie: PersistCookieOptions, options: BackendOptions = {}, server: ServerOptions = {}): Frontend {
  const servers = names.map((name, index) => new Server(name, `10.0.0.${index + 1}:80`, { cookie: name, ...server }))
  const backend = new Backend('app', { persistence: persistCookie('SRV', cookie), servers, ...options })
  return new Frontend('edge', { bind: ':8080', defaultBackend: backend })
}

const visit = (lb: InMemory, cookie?: string): Promise<Injected> =>
  lb.inject('/', cookie === undefined ? {} : { headers: { cookie } })

/** The cookie that an answer sets, as a client sends it back. */
const given = ({ headers }: Injected): string => /^[^;]*/.exec(headers.get('set-cookie') ?? '')?.[0] ?? ''

const server = (lb: InMemory, name: string): Server => lb.balancer.backend('app')?.server(name) as Server

t.test('a cookie that is used stays young, until it is too old', async (t) => {
  await using lb = inMemory(site({ maxIdle: '1m', maxLife: '5m' }), told)
  let cookie = given(await visit(lb))
  t.match(cookie, /^SRV=a\|[\w+/]{5}\|[\w+/]{5}$/)
  const first = cookie.slice(-5)
  for (let minutes = 0; minutes < 5; minutes++) {
    await lb.clock.tick('50s')
    const answer = await visit(lb, cookie)
    t.match(answer.record, { server: 'a', cookieFlags: 'VU' })
    cookie = given(answer)
    t.equal(cookie.slice(-5), first, 'it says still when it was given')
  }
  await lb.clock.tick('51s')
  const late = await visit(lb, cookie)
  t.match(late.record, { server: 'b', cookieFlags: 'OI' })
  await lb.clock.tick('2m')
  t.match((await visit(lb, given(late))).record, { server: 'c', cookieFlags: 'EI' })
})

t.test('proxies that know nothing of each other understand their cookies', async (t) => {
  const options = { maxIdle: '1h', secret: 'what both proxies know' }
  await using first = inMemory(site(options), told)
  await using second = inMemory(site(options), told)
  for (const name of names) {
    const cookie = given(await visit(first))
    t.match((await visit(second, cookie)).record, { server: name, cookieFlags: 'VU' })
  }
})

t.test('proxies with one key agree on cookies that nobody has written down', async (t) => {
  const shared = { dynamic: true, dynamicKey: 'what both proxies know' }
  const pool = (order: readonly number[]): Frontend => {
    const servers = order.map((at) => new Server(names[at] as string, `10.0.0.${at + 1}:80`))
    const backend = new Backend('app', { persistence: persistCookie('SRV', shared), servers })
    return new Frontend('edge', { bind: ':8080', defaultBackend: backend })
  }
  await using first = inMemory(pool([0, 1, 2]), told)
  const { b: _, ...others } = told
  await using second = inMemory(pool([2, 0]), others)
  const a = given(await visit(first))
  t.match(a, /^SRV=[0-9a-f]{16}$/)
  t.match((await visit(second, a)).record, { server: 'a', cookieFlags: 'VN' })
  const b = given(await visit(first))
  t.match((await visit(second, b)).record, { cookieFlags: 'II' }, 'it does not have that server')
})

t.test('whoever makes a cookie up has none', async (t) => {
  await using lb = inMemory(
    site({ secret: ['the new secret, as it is', 'the old secret, as it was'], indirect: true }),
    told,
  )
  await using old = inMemory(site({ secret: 'the old secret, as it was' }), told)
  const cookie = given(await visit(lb))
  t.match(cookie, /^SRV=a\.[\w-]{22}$/)
  t.match((await visit(lb, cookie)).record, { server: 'a', cookieFlags: 'VN' })
  t.match(
    (await visit(lb, given(await visit(old)))).record,
    { server: 'a', cookieFlags: 'VN' },
    'an old secret is taken',
  )
  for (const forged of [
    'SRV=b',
    cookie.replace('SRV=a', 'SRV=b'),
    `${cookie}0`,
    cookie.slice(0, -1),
    'SRV=',
    'SRV=.',
  ]) {
    const answer = await visit(lb, `x=1; ${forged}`)
    t.match(answer.record, { cookieFlags: 'NI' }, forged)
    t.match(answer.body, / x=1$/, 'and servers do not see it')
  }
})

for (const mode of ['rewrite', 'prefix'] as const)
  t.test(`signatures of mode ${mode}`, async (t) => {
    const sets: Origins = Object.fromEntries(
      names.map((name) => [
        name,
        ({ request }) => reply(200, request.headers.get('cookie') ?? '-', { 'set-cookie': 'SRV=own; path=/' }),
      ]),
    )
    await using lb = inMemory(site({ mode, secret: 'a secret of some length' }), sets)
    const cookie = given(await visit(lb))
    t.match(cookie, mode === 'prefix' ? /^SRV=a\.[\w-]{22}~own$/ : /^SRV=a\.[\w-]{22}$/)
    const again = await visit(lb, cookie)
    t.match(again.record, { server: 'a', cookieFlags: 'VR' })
    if (mode === 'prefix') t.equal(again.body, 'SRV=own')
    t.match((await visit(lb, 'SRV=c~own')).record, { server: 'b', cookieFlags: 'NR' })
  })

t.test('who is drained keeps its clients, who is down gives them away with a new cookie', async (t) => {
  await using lb = inMemory(site({}), told)
  await lb.started
  server(lb, 'b').order('drain')
  t.match((await visit(lb, 'SRV=b')).record, { server: 'b', cookieFlags: 'VN' })
  server(lb, 'b').weight = 0
  server(lb, 'b').order('ready')
  t.match((await visit(lb, 'SRV=b')).record, { server: 'b', cookieFlags: 'VN' })
  server(lb, 'b').forceHealth('down')
  const moved = await visit(lb, 'SRV=b')
  t.match(moved.record, { server: 'a', cookieFlags: 'DI', redispatched: false })
  t.equal(given(moved), 'SRV=a')
})

for (const [redispatch, expected] of [
  [1, { server: 'a', redispatched: true, retries: 1, cookieFlags: 'DI' }],
  [true, { server: 'a', redispatched: true, retries: 3, cookieFlags: 'DI' }],
  [false, { server: 'b', status: 503, redispatched: false, cookieFlags: 'VN' }],
  ['unassigned', { server: 'b', status: 503, redispatched: false, cookieFlags: 'VN' }],
] as const)
  t.test(`a server that refuses, with redispatch ${redispatch}`, async (t) => {
    await using lb = inMemory(site({}, { redispatch }), { ...told, b: refuse })
    t.match((await visit(lb, 'SRV=b')).record, expected)
  })

/** Three clients of one server that takes one at a time, and something that happens to it while two of them wait. */
async function waiting(options: BackendOptions, change: (server: Server) => void): Promise<readonly string[]> {
  const held: (() => void)[] = []
  const slow: Origins = Object.fromEntries(
    names.map((name) => [name, () => new Promise((resolve) => held.push(() => resolve(reply(200, name))))]),
  )
  await using lb = inMemory(site({}, options, { maxConnections: 1 }), slow)
  for (let client = 0; client < 3; client++) {
    const { send } = await lb.connect().then((one) => ({ send: one.send.bind(one) }))
    await send('GET / HTTP/1.1\r\nHost: x\r\nCookie: SRV=b\r\nConnection: close\r\n\r\n')
  }
  change(server(lb, 'b'))
  await lb.settle()
  while (held.length > 0) {
    for (const go of held.splice(0)) go()
    await lb.settle()
  }
  return lb.records.map(
    (record) => `${record.server} ${record.cookieFlags} ${record.redispatched ? '+' : ''}${record.serverQueue}`,
  )
}

for (const [what, change] of [
  ['goes down', (one: Server) => one.forceHealth('down')],
  ['is drained', (one: Server) => one.order('drain')],
  ['goes into maintenance', (one: Server) => one.order('maint')],
] as const)
  t.test(`who waits for a server that ${what} goes on waiting, or goes elsewhere where that is allowed`, async (t) => {
    t.same(await waiting({ redispatch: false }, change), ['b VN 0', 'b VN 1', 'b VN 2'])
    t.same(await waiting({ redispatch: 'unassigned' }, change), ['b VN 0', 'b VN 1', 'b VN 2'])
    t.match(await waiting({ redispatch: true }, change), ['b VN 0', /^a DI \+/, /^c DI \+/])
  })

t.test('who belongs to a drained server that is full waits for it', async (t) => {
  const release: (() => void)[] = []
  const slow: Origins = { ...told, b: () => new Promise((resolve) => release.push(() => resolve(reply(200, 'b')))) }
  await using lb = inMemory(site({}, {}, { maxConnections: 1 }), slow)
  await lb.started
  server(lb, 'b').order('drain')
  const visits = [visit(lb, 'SRV=b'), visit(lb, 'SRV=b')]
  await lb.settle()
  t.equal(server(lb, 'b').queued, 1)
  release.shift()?.()
  await lb.settle()
  release.shift()?.()
  t.match(await Promise.all(visits), [{ body: 'b' }, { body: 'b' }])
})

t.test('a cookie goes before the server of the last request', async (t) => {
  await using lb = inMemory(site({}, { preferLastServer: true, reuse: 'never' }), told)
  const client = await lb.connect()
  for (const cookie of ['x=1', 'x=1', 'SRV=c', 'SRV=c', 'x=1']) {
    await client.send(`GET / HTTP/1.1\r\nHost: x\r\nCookie: ${cookie}\r\n\r\n`)
    await lb.settle()
  }
  t.same(
    lb.records.map((record) => record.server),
    ['a', 'a', 'c', 'c', 'c'],
  )
})

t.test('a routing token sends a terminal client to its server', async (t) => {
  const servers = names.map((name, index) => new Server(name, `10.0.0.${index + 1}:3389`))
  const backend = new Backend('app', { mode: 'tcp', persistence: persistRdpCookie(), servers })
  const frontend = new Frontend('edge', {
    bind: ':8080',
    mode: 'tcp',
    inspectDelay: '1s',
    tcpRequestContent: [accept().if(rdpCookieCount().gt(0))],
    defaultBackend: backend,
  })
  const says = tcp((socket, name) => socket.end(name))
  await using lb = inMemory(frontend, { a: says, b: says, c: says })
  const come = async (token: string): Promise<string> => {
    const cookie = `Cookie: msts=${token}\r\n`
    const client = await lb.connect()
    await client.send(
      `\x03\x00\x00${String.fromCharCode(11 + cookie.length)}${String.fromCharCode(cookie.length + 6)}\xe0\0\0\0\0\0${cookie}`,
    )
    await lb.settle()
    return client.received
  }
  // 10.0.0.2 from its last byte on, and 3389 with its bytes exchanged.
  const token = `${0x0200000a}.${15629}.0000`
  t.same([await come(token), await come(token)], ['b', 'b'])
  t.equal(await come(`${0x0200000a}.${15630}.0000`), 'a', 'another port')
  server(lb, 'b').order('maint')
  t.equal(await come(token), 'c')
})

for (const mode of ['http', 'tcp'] as const)
  for (const at of ['choose', 'answer'] as const)
    t.test(`mode ${mode}: a way that throws in ${at}() costs its client only`, async (t) => {
      const broken: PersistenceMethod = {
        by: 'stick',
        name: 'broken',
        join: () => ({
          by: 'stick',
          name: 'broken',
          choose: () => {
            if (at === 'choose') throw new Error('broken')
            return undefined
          },
          answer: () => {
            throw new Error('broken')
          },
        }),
      }
      const open = new Set<unknown>()
      const origin = tcp((socket) => {
        open.add(socket)
        socket.on('close', () => open.delete(socket))
        socket.on('end', () => socket.end())
        socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'))
      })
      const backend = new Backend('app', { mode, persistence: broken, servers: [new Server('a', '10.0.0.1:80')] })
      await using lb = inMemory(new Frontend('edge', { bind: ':8080', mode, defaultBackend: backend }), { a: origin })
      const client = await lb.connect()
      await client.send('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
      await lb.settle()
      t.match(lb.faults, [{ message: 'broken' }])
      t.equal(open.size, 0, 'nothing stays open')
      t.equal(client.ended, true)
      t.equal(server(lb, 'a').active, 0)
      if (mode === 'http') t.match(client.received, /^HTTP\/1.1 500 /)
    })
