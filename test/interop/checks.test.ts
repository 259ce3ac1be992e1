/** What checks of several steps ask and find in HAProxy and here: a scripted server for each, the bytes that it gets, and the verdicts in `show stat`. */

import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { checkCases } from '../engine/cases/check-steps.js'
import { Player } from './support/check-player.js'
import { checkedServer, verdicts } from './support/check-verdicts.js'
import { freePort } from './support/ports.js'
import { missing } from './support/programs.js'
import { haproxy, ProxyProcess, subject } from './support/proxy.js'

t.setTimeout(0)

const folder = mkdtempSync(join(tmpdir(), 'fairlead-checks-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))

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
      ({ lines }, index) => `${lines.map((line) => `  ${line}\n`).join('')}${checkedServer(players[index]?.port ?? 0)}`,
    )
    const found = await verdicts(program, backends, { folder })
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
  const found = await verdicts(program, lines, { folder, global: '  external-check\n  insecure-fork-wanted' })
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
