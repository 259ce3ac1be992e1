/** Databases, a mail server and a directory behind both proxies: what their checks say while servers stop, answer wrongly and come back, and whose sessions break. */

import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { freePort } from './support/ports.js'
import { missing } from './support/programs.js'
import { haproxy, ProxyProcess, subject } from './support/proxy.js'
import { cannotRun, LongClient, RealServer, type ServerKind, serverKinds } from './support/real-servers.js'
import { becomes } from './support/stat.js'

t.setTimeout(0)

const folder = mkdtempSync(join(tmpdir(), 'fairlead-databases-'))
// PostgreSQL runs as somebody else.
chmodSync(folder, 0o755)
t.teardown(() => rmSync(folder, { recursive: true, force: true }))

const config = (kind: ServerKind, port: number, ready: number, socket: string, servers: readonly number[]): string => `
global
  stats socket ${socket} mode 600 level admin
defaults
  mode tcp
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  timeout check 2s
frontend ready
  bind 127.0.0.1:${ready}
listen db
  bind 127.0.0.1:${port}
  balance leastconn
  ${kind.check}
${servers.map((server, index) => `  server s${index + 1} 127.0.0.1:${server} check inter 200ms rise 1 fall 2`).join('\n')}
`

interface Observed {
  readonly states: readonly string[]
  readonly sessions: readonly string[]
}

/** Speaks, but not the language that is expected. */
async function stranger(port: number): Promise<() => Promise<void>> {
  const server = createServer((_request, response) => response.end('hello'))
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
}

async function observe(
  program: readonly string[],
  kind: ServerKind,
  servers: readonly RealServer[],
): Promise<Observed> {
  const [one, two] = servers as [RealServer, RealServer]
  const port = await freePort()
  // Whoever waits for the program to listen connects elsewhere: each connection counts in the choice of servers.
  const ready = await freePort()
  const socket = join(folder, `${port}.sock`)
  for (const server of servers) await server.start()
  const text = config(
    kind,
    port,
    ready,
    socket,
    servers.map((server) => server.port),
  )
  const proxy = await ProxyProcess.start(program, text, ready)
  const clients: LongClient[] = []
  const open = (): LongClient | undefined => {
    if (kind.client === undefined) return undefined
    const client = new LongClient(kind.client, port)
    clients.push(client)
    return client
  }
  const states: string[] = []
  const sessions: string[] = []
  const asks = async (who: string, client: LongClient | undefined): Promise<void> => {
    if (client !== undefined) sessions.push(`${who}: ${(await client.asks()) ? 'answered' : 'gone'}`)
  }
  try {
    states.push(await becomes(socket, 'db/s1', /^UP L7OK/), await becomes(socket, 'db/s2', /^UP L7OK/))
    const first = open()
    await asks('first', first)
    const second = open()
    await asks('second', second)
    await one.stop()
    states.push(await becomes(socket, 'db/s1', /^DOWN L4CON/))
    await asks('second, after the first server was stopped', second)
    const third = open()
    await asks('third, opened meanwhile', third)
    const gone = await stranger(one.port)
    states.push((await becomes(socket, 'db/s1', /^DOWN (?!L4)/)).replace(/\d{4,}/, 'N'))
    await gone()
    await one.start()
    states.push(await becomes(socket, 'db/s1', /^UP L7OK/))
    await asks('second, after its return', second)
    await asks('third, after its return', third)
    const fourth = open()
    await asks('fourth', fourth)
    await two.stop()
    states.push(await becomes(socket, 'db/s2', /^DOWN L4CON/))
    const fifth = open()
    await asks('fifth, on the one that is left', fifth)
    return { states, sessions }
  } finally {
    for (const client of clients) await client.close()
    await proxy.stop()
    for (const server of servers) await server.stop()
  }
}

const absent = missing('haproxy')
for (const kind of serverKinds) {
  const skip = absent ?? cannotRun(kind)
  if (skip !== undefined) {
    t.pass(kind.name, { skip })
    continue
  }
  t.test(`${kind.name}: both proxies see it stop, answer wrongly and return, and break no other session`, async (t) => {
    const servers: RealServer[] = []
    for (const name of ['one', 'two'])
      servers.push(await RealServer.make(kind, join(folder, `${kind.name}-${name}`), await freePort()))
    const theirs = await observe(haproxy, kind, servers)
    const ours = await observe(subject, kind, servers)
    t.strictSame(ours, theirs)
    t.notOk(
      theirs.states.some((state) => state.startsWith('never')),
      theirs.states.join('\n'),
    )
    t.notOk(
      theirs.sessions.some((session) => session.endsWith('gone')),
      theirs.sessions.join('\n'),
    )
  })
}
