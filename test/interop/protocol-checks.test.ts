/** What HAProxy says of servers that answer a MySQL, PostgreSQL, Redis, SMTP, LDAP, SSL or SPOP check in a hundred ways, and what we say. */

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { type Play, protocolCases } from '../engine/cases/protocol-checks.js'
import { freePort } from './support/ports.js'
import { missing } from './support/programs.js'
import { haproxy, ProxyProcess, subject } from './support/proxy.js'
import { ask } from './support/talk.js'

t.setTimeout(0)

/** Plays its part for each connection, and keeps what the first one was asked. */
class Player {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  asked = ''
  #connections = 0

  private constructor(play: Play) {
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#serve(socket, [...play]))
  }

  static async open(play: Play): Promise<Player> {
    const player = new Player(play)
    await new Promise<void>((resolve) => player.#server.listen(0, '127.0.0.1', resolve))
    return player
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port
  }

  #serve(socket: Socket, play: (Buffer | 'ask' | 'close' | 'reset')[]): void {
    const first = this.#connections++ === 0
    this.#sockets.add(socket)
    socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket))
    const goOn = (): void => {
      for (let next = play.shift(); next !== undefined && next !== 'ask'; next = play.shift()) {
        if (next === 'close') socket.end()
        else if (next === 'reset') socket.resetAndDestroy()
        else socket.write(next)
      }
    }
    socket.on('data', (chunk) => {
      if (first) this.asked += chunk.toString('hex')
      goOn()
    })
    goOn()
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
  }
}

const folder = mkdtempSync(join(tmpdir(), 'fairlead-protocols-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))

interface Seen {
  readonly verdict: string
  readonly asked: string
}

/** Nothing is known yet; and what the last check said is not told while the next one is under way. */
const unsettled = /^(?:\* .*|INI.*|CHECKED|) *$/

async function verdicts(program: readonly string[]): Promise<readonly Seen[]> {
  const players = await Promise.all(protocolCases.map(({ play }) => Player.open(play)))
  const port = await freePort()
  const socket = join(folder, `${port}.sock`)
  const backends = protocolCases.map(
    ({ check }, index) =>
      `backend b${index}\n  option ${check}\n  server s 127.0.0.1:${players[index]?.port} check inter 1s fall 1 rise 1`,
  )
  const config = `global
  stats socket ${socket} mode 600 level admin
defaults
  mode tcp
  timeout connect 2s
  timeout client 5s
  timeout server 5s
  timeout check 700ms
frontend ready
  bind 127.0.0.1:${port}
${backends.join('\n')}
`
  const proxy = await ProxyProcess.start(program, config, port)
  try {
    const settled = new Map<number, string>()
    for (let tries = 0; tries < 800; tries++) {
      for (const [index, state] of readStates(await ask({ path: socket }, 'show stat\n')).entries())
        if (!unsettled.test(state) && !settled.has(index)) settled.set(index, state)
      if (settled.size === protocolCases.length)
        return players.map(({ asked }, index) => ({ verdict: settled.get(index) ?? '', asked }))
      await pause(20)
    }
    throw new Error('some servers were never judged')
  } finally {
    await proxy.stop()
    for (const player of players) player.close()
  }
}

function readStates(answer: string): readonly string[] {
  const [head = '', ...rows] = answer.split('\n')
  const names = head.slice(2).split(',')
  const cell = (cells: readonly string[], name: string): string => cells[names.indexOf(name)] ?? ''
  return rows
    .map((row) => row.split(','))
    .filter((cells) => cells[1] === 's')
    .map((cells) => [cell(cells, 'check_status'), cell(cells, 'check_code'), cell(cells, 'last_chk')].join(' '))
}

const absent = missing('haproxy')
if (absent !== undefined) t.pass('checks of other protocols', { skip: absent })
else {
  t.test('checks of other protocols ask the same and come to the same verdict', async (t) => {
    // The first bytes of a hello are the time, and then chance.
    const still = (hex: string): string =>
      hex.replace(/^(16030000790100007503006b01|1603000079010000750300)[0-9a-f]{8}/, '$1')
    const theirs = await verdicts(haproxy)
    const ours = await verdicts(subject)
    for (const [index, { check, name, verdict, differs }] of protocolCases.entries()) {
      const title = `option ${check}: ${name}`
      t.equal(theirs[index]?.verdict, verdict, `${title}: HAProxy's verdict is as it was recorded`)
      t.equal(
        ours[index]?.verdict,
        differs?.verdict ?? verdict,
        `${title}: ours${differs === undefined ? '' : ` (${differs.why})`}`,
      )
      t.equal(still(ours[index]?.asked ?? ''), still(theirs[index]?.asked ?? ''), `${title}: the same bytes were sent`)
    }
  })
}
