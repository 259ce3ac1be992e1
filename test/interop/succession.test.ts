/** One program takes the place of the other (-sf), at the same ports and under the same name among peers: what the first one's tables remember is known to the second. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { freePort } from './support/ports.js'
import { missing } from './support/programs.js'
import { haproxy, ProxyProcess, subject } from './support/proxy.js'
import { ask } from './support/runtime.js'
import { until } from './support/shared-tables.js'

t.setTimeout(0)

const skip = missing('haproxy') ?? false
const programs = { haproxy, fairlead: subject }

/** With several threads, the tasks of HAProxy 2.6's peers are not always woken. */
const config = (socket: string, port: number, peer: number): string => `global
  nbthread 1
  localpeer h
  stats socket ${socket} level admin
defaults
  mode http
  timeout client 5s
  timeout server 5s
  timeout connect 1s
peers P
  peer h 127.0.0.1:${peer}
frontend f
  bind 127.0.0.1:${port}
  http-request track-sc0 path table t
  http-request return status 200
backend t
  stick-table type string len 20 size 1k expire 10m store http_req_cnt peers P
`

/** The entries of the table, without what only its own process knows; nothing while nobody answers. */
async function entries(socket: string): Promise<readonly string[]> {
  const text = await ask(socket, 'show table t').catch(() => '')
  const lines = text.split('\n').filter((line) => line.startsWith('0x'))
  return lines.map((line) => line.replace(/^0x\w+: (key=\S+) use=\d+ exp=\d+/, '$1')).sort()
}

for (const [first, second] of [
  ['haproxy', 'fairlead'],
  ['fairlead', 'haproxy'],
  ['fairlead', 'fairlead'],
] as const) {
  t.test(`${second} takes the place of ${first}`, { skip }, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'fairlead-succession-'))
    const [port, peer] = [await freePort(), await freePort()]
    const [oldSocket, newSocket] = [join(folder, 'old'), join(folder, 'new')]
    const old = await ProxyProcess.start(programs[first], config(oldSocket, port, peer), port)
    t.teardown(async () => {
      await old.stop()
      rmSync(folder, { recursive: true, force: true })
    })
    const visit = async (path: string): Promise<number> => {
      const { status } = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } })
      return status
    }
    for (const path of ['/x', '/y', '/z', '/x']) t.equal(await visit(path), 200)
    const before = await entries(oldSocket)
    t.strictSame(before, ['key=/x http_req_cnt=2', 'key=/y http_req_cnt=1', 'key=/z http_req_cnt=1'])
    // It hands over only what it knows to be all: nobody was there to learn from, and that takes it some seconds.
    t.ok(await until(async () => (await ask(oldSocket, 'show peers')).includes('resync_timeout=<PAST>'), 30_000))
    const pid = String(old.child.pid)
    const successor = await ProxyProcess.start(programs[second], config(newSocket, port, peer), port, [
      '-db',
      '-sf',
      pid,
    ])
    t.teardown(() => successor.stop())
    t.ok(await until(async () => (await entries(newSocket)).length === before.length))
    t.strictSame(await entries(newSocket), before)
    t.ok(await until(() => !old.running), 'the first one has gone')
    t.equal(await visit('/x'), 200)
    t.ok(
      await until(async () => (await entries(newSocket))[0] === 'key=/x http_req_cnt=3'),
      'and the second one goes on',
    )
  })
}
