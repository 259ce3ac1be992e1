/** The tutorials' configurations that check databases and mail servers, with real ones behind them, and those about the states of servers. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type Server as NetServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { freePort } from './support/ports.js'
import { missing } from './support/programs.js'
import { haproxy, ProxyProcess, subject } from './support/proxy.js'
import { cannotRun, LongClient, RealServer, type ServerKind, serverKinds } from './support/real-servers.js'
import { becomes, showStat, stateOf } from './support/stat.js'
import { ask } from './support/talk.js'
import { seed } from './support/tutorial.js'

t.setTimeout(0)

const folder = mkdtempSync(join(tmpdir(), 'fairlead-tutorial-checks-'))
chmodSync(folder, 0o755)
t.teardown(() => rmSync(folder, { recursive: true, force: true }))

const kindOf = (name: string): ServerKind => {
  const found = serverKinds.find((kind) => kind.name === name)
  if (found === undefined) throw new Error(`there is no kind of server '${name}'`)
  return found
}

type Teardown = { teardown(what: () => unknown): void }

let made = 0
async function realServers(t: Teardown, kind: string, count: number): Promise<RealServer[]> {
  const servers: RealServer[] = []
  for (let index = 0; index < count; index++) {
    const server = await RealServer.make(kindOf(kind), join(folder, `${kind}-${made++}`), await freePort())
    t.teardown(() => server.stop())
    await server.start()
    servers.push(server)
  }
  return servers
}

interface Running {
  readonly socket: string
  /** Of the configuration's proxies, in order. */
  readonly ports: readonly number[]
  readonly proxy: ProxyProcess
}

/** Runs a tutorial's configuration: its servers are where `places` says, its checks come faster. */
async function running(
  t: Teardown,
  program: readonly string[],
  text: string,
  places: Readonly<Record<string, number>>,
): Promise<Running> {
  const ready = await freePort()
  const socket = join(folder, `${ready}.sock`)
  const ports: number[] = []
  for (let count = (text.match(/^\s*bind\s/gm) ?? []).length; count > 0; count--) ports.push(await freePort())
  let bind = 0
  const adapted = text
    .replace(
      /^(\s*server\s+)(\S+)(\s+)\S+/gm,
      (_all, before, name, blank) => `${before}${name}${blank}127.0.0.1:${places[name]}`,
    )
    .replace(/^(\s*bind\s+)\S+/gm, (_all, before) => `${before}127.0.0.1:${ports[bind++]}`)
    .replace(/\binter \d+s/g, 'inter 300ms')
    .replace(/^(\s*server .*\bcheck\b)(?!.*\binter\b)/gm, '$1 inter 300ms')
  const whole = `global\n  stats socket ${socket} mode 600 level admin\n${adapted}\nfrontend ready\n  mode tcp\n  bind 127.0.0.1:${ready}\n  timeout client 1s\n`
  const proxy = await ProxyProcess.start(program, whole, ready)
  t.teardown(() => proxy.stop())
  return { socket, ports, proxy }
}

const both: readonly (readonly [string, readonly string[]])[] = [
  ['HAProxy', haproxy],
  ['fairlead', subject],
]

type Play = (t: Teardown, program: readonly string[]) => Promise<unknown>

/** Plays the same with both programs, and wants the same to come of it. */
function compare(name: string, needs: readonly string[], play: Play): void {
  const absent =
    missing('haproxy') ?? needs.map((kind) => cannotRun(kindOf(kind))).find((reason) => reason !== undefined)
  if (absent !== undefined) {
    t.pass(name, { skip: absent })
    return
  }
  t.test(name, async (t) => {
    const seen: unknown[] = []
    for (const [who, program] of both)
      await t.test(who, async (t) => {
        seen.push(await play(t, program))
      })
    t.strictSame(seen[1], seen[0], 'the same is seen')
    t.notMatch(JSON.stringify(seen[0]), /never/, JSON.stringify(seen[0]))
  })
}

async function answers(t: Teardown, kind: string, port: number): Promise<boolean> {
  const client = new LongClient(kindOf(kind).client as NonNullable<ServerKind['client']>, port)
  t.teardown(() => client.close())
  return client.asks()
}

compare('001_mysql: two servers and a backup', ['mariadb'], async (t, program) => {
  const servers = await realServers(t, 'mariadb', 3)
  const [one, two, three] = servers as [RealServer, RealServer, RealServer]
  const places = { mysql1: one.port, mysql2: two.port, mysql3: three.port }
  const text = seed('001_mysql').replace('haproxy_check', 'haproxy')
  const { socket, ports } = await running(t, program, text, places)
  const port = ports[0] as number
  const seen: unknown[] = []
  for (const name of ['mysql1', 'mysql2', 'mysql3'])
    seen.push(await becomes(socket, `mysql_cluster/${name}`, /^UP L7OK/))
  seen.push(await answers(t, 'mariadb', port))
  await one.stop()
  await two.stop()
  seen.push(
    await becomes(socket, 'mysql_cluster/mysql1', /^DOWN/),
    await becomes(socket, 'mysql_cluster/mysql2', /^DOWN/),
  )
  seen.push(await answers(t, 'mariadb', port))
  const backup = (await showStat(socket)).get('mysql_cluster/mysql3')
  seen.push(backup?.get('stot'))
  return seen
})

compare('003_databases: MySQL and PostgreSQL', ['mariadb', 'postgresql'], async (t, program) => {
  const [mysql, ...backups] = (await realServers(t, 'mariadb', 2)) as [RealServer, RealServer]
  const [one, two] = (await realServers(t, 'postgresql', 2)) as [RealServer, RealServer]
  const nobody = await freePort()
  const places = {
    mysql1: mysql.port,
    mysql2: backups[0].port,
    mysql3: nobody,
    pg1: one.port,
    pg2: two.port,
    pg3: nobody,
  }
  const { socket, ports } = await running(t, program, seed('003_databases'), places)
  const seen: unknown[] = [
    await becomes(socket, 'mysql_cluster/mysql1', /^UP L7OK/),
    await becomes(socket, 'mysql_cluster/mysql3', /^DOWN/),
    await becomes(socket, 'postgres_cluster/pg1', /^UP L7OK/),
    await becomes(socket, 'postgres_cluster/pg2', /^UP L7OK/),
    await becomes(socket, 'postgres_cluster/pg3', /^DOWN/),
    await answers(t, 'mariadb', ports[0] as number),
    await answers(t, 'postgresql', ports[1] as number),
  ]
  await one.stop()
  seen.push(await becomes(socket, 'postgres_cluster/pg1', /^DOWN/), await answers(t, 'postgresql', ports[1] as number))
  return seen
})

compare(
  '001_redis: PING without the end of a line is never answered; with it, it is',
  ['redis'],
  async (t, program) => {
    const [one, two] = (await realServers(t, 'redis', 2)) as [RealServer, RealServer]
    const places = { redis1: one.port, redis2: two.port }
    const printed = await running(t, program, `${seed('001_redis')}\n  timeout check 500ms\n`, places)
    const corrected = await running(t, program, seed('001_redis').replace('send PING', 'send PING\\r\\n'), places)
    const seen = [
      await becomes(printed.socket, 'redis_cluster/redis1', /^DOWN L7TOUT/),
      await becomes(corrected.socket, 'redis_cluster/redis1', /^UP L7OK/),
      await answers(t, 'redis', corrected.ports[0] as number),
    ]
    await one.stop()
    seen.push(await becomes(corrected.socket, 'redis_cluster/redis1', /^DOWN/))
    seen.push(await answers(t, 'redis', corrected.ports[0] as number))
    return seen
  },
)

compare('001_smtp-tcp-check, corrected: a conversation in steps', ['smtp'], async (t, program) => {
  const [one] = (await realServers(t, 'smtp', 1)) as [RealServer]
  const text = seed('001_smtp-tcp-check')
    .replace('send EHLO haproxy', 'send "EHLO haproxy\\r\\n"')
    .replace('send QUIT', 'send QUIT\\r\\n')
  const { socket, ports } = await running(t, program, text, { smtp1: one.port })
  const seen: unknown[] = [
    await becomes(socket, 'smtp_back/smtp1', /^UP L7OK/),
    await answers(t, 'smtp', ports[0] as number),
  ]
  await one.stop()
  seen.push(await becomes(socket, 'smtp_back/smtp1', /^DOWN/))
  return seen
})

t.test('001_smtp-tcp-check as it is printed loads, with a warning for the missing quotes', async (t) => {
  const { proxy, socket } = await running(t, subject, seed('001_smtp-tcp-check'), { smtp1: await freePort() })
  t.match(proxy.stderr, /EHLO/)
  t.match(await becomes(socket, 'smtp_back/smtp1', /^DOWN L4CON/), /^DOWN/)
})

/** An HTTP server that counts, and can be told to hang up. */
async function counting(t: Teardown, name: string): Promise<{ readonly port: number; requests: number }> {
  const state = { port: 0, requests: 0 }
  const server = createHttpServer((request, response) => {
    if (request.url === '/counted') state.requests++
    response.end(name)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  state.port = (server.address() as { port: number }).port
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return state
}

const counted = 'GET /counted HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'

t.test('001_server-options: drained, backup and slowly starting servers', async (t) => {
  const names = ['app1', 'app2', 'app3', 'app4']
  const origins = new Map<string, { readonly port: number; requests: number }>()
  for (const name of names) origins.set(name, await counting(t, name))
  const places = Object.fromEntries([...origins].map(([name, { port }]) => [name, port]))
  const { proxy, socket, ports } = await running(t, subject, seed('001_server-options'), places)
  t.match(proxy.stderr, /'drain' is not a server option of HAProxy/)
  await becomes(socket, 'app_back/app1', /^UP L4OK/)
  for (let count = 0; count < 20; count++) t.match(await ask(ports[0] as number, counted), /200 OK/)
  const requests = names.map((name) => origins.get(name)?.requests)
  t.equal(requests[1], 0, 'the drained one gets nothing')
  t.equal(requests[2], 0, 'nor does the backup')
  t.ok((requests[0] ?? 0) > 0 && (requests[3] ?? 0) > 0, `the others share: ${requests.join()}`)
  t.match(await stateOf(socket, 'app_back/app2'), /^DRAIN/)
})

/** Takes connections for checks, and breaks those of requests. */
compare('002_observe-layer4: ten connections that fail take a server down', [], async (t, program) => {
  let open = true
  let server: NetServer | undefined
  const port = await freePort()
  const listen = async (): Promise<void> => {
    server = createServer((socket) => socket.on('error', () => {}).destroy())
    await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve))
  }
  await listen()
  t.teardown(() => {
    if (open) server?.close()
  })
  const text = seed('002_observe-layer4').replace(/\bcheck\b/, 'check inter 60s')
  const { socket, ports } = await running(t, program, text, { backend1: port })
  const seen: unknown[] = [await becomes(socket, 'web-test/backend1', /^UP L4OK/, 70)]
  open = false
  await new Promise<void>((resolve) => server?.close(() => resolve()))
  const statuses: string[] = []
  for (let count = 0; count < 8; count++) statuses.push((await ask(ports[0] as number, counted)).slice(9, 12))
  seen.push(statuses.join(), (await becomes(socket, 'web-test/backend1', /^DOWN/)).split(' ')[0])
  return seen
})
