/** What checks of several steps ask and find in HAProxy and here: a scripted server for each, the bytes that it gets, and the verdicts in `show stat`. */

import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { type CheckPlay, checkCases } from '../engine/cases/check-steps.js'
import { freePort } from './support/ports.js'
import { missing } from './support/programs.js'
import { haproxy, ProxyProcess, subject } from './support/proxy.js'
import { ask } from './support/talk.js'

t.setTimeout(0)

/** Plays its part for each connection, and keeps what each was asked. */
class Player {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly asked: string[] = []
  port = 0

  private constructor(play: CheckPlay) {
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#serve(socket, play === 'refuse' ? [] : play))
  }

  static async open(play: CheckPlay): Promise<Player> {
    const player = new Player(play)
    await new Promise<void>((resolve) => player.#server.listen(0, '127.0.0.1', resolve))
    player.port = (player.#server.address() as { port: number }).port
    return player
  }

  /** Nobody listens any more; not before all others do, who might get the port. */
  refuse(): void {
    this.#server.close()
  }

  #serve(socket: Socket, play: Exclude<CheckPlay, 'refuse'>): void {
    const at = this.asked.push('') - 1
    const left = [...play]
    this.#sockets.add(socket)
    socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket))
    const goOn = (): void => {
      for (let next = left.shift(); next !== undefined && next !== 'ask'; next = left.shift()) {
        if (next === 'end') socket.end()
        else if (next === 'reset') socket.resetAndDestroy()
        else socket.write(next.text, 'latin1')
      }
    }
    socket.on('data', (chunk) => {
      this.asked[at] += chunk.toString('latin1')
      goOn()
    })
    goOn()
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
  }
}

const folder = mkdtempSync(join(tmpdir(), 'fairlead-checks-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))

/** Nothing is known yet; and what the last check said is not told while the next one is under way. */
const unsettled = /^(?:\* .*|INI.*|CHECKED|) *$/

function readStates(answer: string): readonly string[] {
  const [head = '', ...rows] = answer.split('\n')
  const names = head.slice(2).split(',')
  const cell = (cells: readonly string[], name: string): string => cells[names.indexOf(name)] ?? ''
  return rows
    .map((row) => row.split(','))
    .filter((cells) => cells[1] === 's')
    .map((cells) => [cell(cells, 'check_status'), cell(cells, 'check_code'), cell(cells, 'last_chk')].join(' '))
}

/** The first verdict on each of the servers `b0/s`, `b1/s` … of some backends. */
async function verdicts(
  program: readonly string[],
  backends: readonly string[],
  global = '',
): Promise<readonly string[]> {
  const port = await freePort()
  const socket = join(folder, `${port}.sock`)
  const config = `global
  stats socket ${socket} mode 600 level admin
${global}
defaults
  mode tcp
  timeout connect 500ms
  timeout client 5s
  timeout server 5s
  timeout check 700ms
frontend ready
  bind 127.0.0.1:${port}
${backends.map((lines, index) => `backend b${index}\n${lines}`).join('\n')}
`
  const proxy = await ProxyProcess.start(program, config, port)
  try {
    const settled = new Map<number, string>()
    for (let tries = 0; tries < 800; tries++) {
      for (const [index, state] of readStates(await ask({ path: socket }, 'show stat\n')).entries())
        if (!unsettled.test(state) && !settled.has(index)) settled.set(index, state)
      if (settled.size === backends.length) return backends.map((_, index) => settled.get(index) ?? '')
      await pause(20)
    }
    throw new Error('some servers were never judged')
  } finally {
    await proxy.stop()
  }
}

const server = (port: number): string => `  server s 127.0.0.1:${port} check inter 1s fall 1 rise 1`

interface Seen {
  readonly verdict: string
  readonly asked: readonly string[]
}

const masked = (text: string): string => text.replace(/port=\d+/, 'port=#').replace(/node=[^;]+/, 'node=#')

async function conversations(program: readonly string[]): Promise<readonly Seen[]> {
  const players = await Promise.all(checkCases.map(({ play }) => Player.open(play)))
  for (const [index, { play }] of checkCases.entries()) if (play === 'refuse') players[index]?.refuse()
  try {
    const backends = checkCases.map(
      ({ lines }, index) => `${lines.map((line) => `  ${line}\n`).join('')}${server(players[index]?.port ?? 0)}`,
    )
    const found = await verdicts(program, backends)
    return checkCases.map(({ asked }, index) => ({
      verdict: found[index] ?? '',
      asked: (players[index]?.asked ?? []).slice(0, asked.length).map(masked),
    }))
  } finally {
    for (const player of players) player.close()
  }
}

/** Programs by what they do. */
const programs: Readonly<Record<string, string>> = {
  passes: 'exit 0',
  fails: 'exit 3',
  sleeps: 'exec sleep 30',
  dies: 'kill -9 $$',
  tells: `{ echo "$@"; env | grep -E '^(HAPROXY_|PATH=)' | sort; } > "$0.$HAPROXY_PROXY_NAME.new"; mv "$0.$HAPROXY_PROXY_NAME.new" "$0.$HAPROXY_PROXY_NAME"`,
}

async function runs(program: readonly string[]): Promise<readonly string[]> {
  const names = Object.keys(programs)
  const commands = names.map((name) => {
    const path = join(folder, name)
    writeFileSync(path, `#!/bin/sh\n${programs[name]}\n`)
    chmodSync(path, 0o755)
    return path
  })
  const lines = [...commands, join(folder, 'missing'), 'true'].map(
    (command) => `  option external-check
  external-check command ${command}
  external-check path /usr/bin:/bin
  server s 127.0.0.1:80 check inter 1s fall 1 rise 1 maxconn 7`,
  )
  const telling = join(folder, `tells.b${names.indexOf('tells')}`)
  // What the other program has left there.
  rmSync(telling, { force: true })
  const found = await verdicts(program, lines, '  external-check\n  insecure-fork-wanted')
  const told = readFileSync(telling, 'latin1')
  return [...found, ...told.split('\n')]
}

/** Passed and failed checks of a server. */
const course = '+---+-+++--+'

/** What `http-check send-state` tells it before each of them. */
async function statesTold(program: readonly string[]): Promise<readonly string[]> {
  const told: string[] = []
  let finish = (): void => {}
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  const origin = createServer((socket) => {
    socket
      .on('error', () => {})
      .on('data', (chunk) => {
        const status = course[told.length] === '-' ? 500 : 200
        const [, state = '', weight = ''] =
          /server-state: ([^;]*;).*(weight=[^;]*)/.exec(chunk.toString('latin1')) ?? []
        if (told.push(`${state} ${weight}`) > course.length) finish()
        socket.write(`HTTP/1.1 ${status} X\r\ncontent-length: 0\r\n\r\n`)
      })
  })
  await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve))
  const { port } = origin.address() as { port: number }
  const free = await freePort()
  const config = `defaults
  mode tcp
  timeout connect 2s
  timeout client 5s
  timeout server 5s
frontend ready
  bind 127.0.0.1:${free}
backend b
  option httpchk
  http-check send-state
  server s 127.0.0.1:${port} check inter 100ms rise 2 fall 3 weight 5
  server t 127.0.0.1:1 weight 7
`
  const proxy = await ProxyProcess.start(program, config, free)
  try {
    await finished
    return told.slice(0, course.length + 1)
  } finally {
    await proxy.stop()
    origin.close()
  }
}

const absent = missing('haproxy')
if (absent !== undefined) t.pass('checks of several steps', { skip: absent })
else {
  t.test('checks ask the same and come to the same verdict', async (t) => {
    const theirs = await conversations(haproxy)
    const ours = await conversations(subject)
    for (const [index, { name, verdict, asked }] of checkCases.entries()) {
      const recorded = asked.map((text) => text.replaceAll('b#', `b${index}`))
      t.strictSame(theirs[index], { verdict, asked: recorded }, `${name}: HAProxy is as it was recorded`)
      t.strictSame(ours[index], theirs[index], `${name}: ours`)
    }
  })

  t.test('programs are run in the same way', async (t) => {
    const theirs = await runs(haproxy)
    t.match(theirs[0], /^PROCOK/)
    t.strictSame(await runs(subject), theirs)
  })

  t.test('a server is told how it is seen, on its way down and up', async (t) => {
    const theirs = await statesTold(haproxy)
    t.equal(theirs[2], 'UP 2/3; weight=5/12')
    t.strictSame(await statesTold(subject), theirs)
  })
}
