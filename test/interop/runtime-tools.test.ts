/** The tools that operators use with HAProxy's runtime API, unchanged, on ours: socat with the commands of tutorials, and hatop on a terminal. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { freePort } from './support/ports.js'
import { missing } from './support/programs.js'
import { ProxyProcess, subject } from './support/proxy.js'
import { ask } from './support/runtime.js'

t.setTimeout(120_000)

async function start(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-tools-'))
  const path = join(folder, 'admin.sock')
  const port = await freePort()
  const proxy = await ProxyProcess.start(
    subject,
    `global
  stats socket ${path} mode 600 level admin
  maxconn 100
defaults
  mode http
  timeout connect 1s
  timeout client 1s
  timeout server 1s
frontend edge
  bind 127.0.0.1:${port}
  default_backend backend
backend backend
  server server1 127.0.0.1:1
  server server2 127.0.0.1:2
`,
    port,
  )
  t.teardown(async () => {
    await proxy.stop()
    await rm(folder, { recursive: true, force: true })
  })
  for (let tries = 0; tries < 100; tries++) {
    try {
      await ask(path, 'show version')
      break
    } catch {
      await pause(50)
    }
  }
  return path
}

/** What a program says that is given these bytes; further input comes after a while. */
async function said(program: string, words: readonly string[], input: string, later?: string): Promise<string> {
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'ignore'], env: { ...process.env, TERM: 'xterm' } })
  let output = ''
  child.stdout.setEncoding('latin1').on('data', (text: string) => {
    output += text
  })
  const over = once(child, 'close')
  child.stdin.on('error', () => {})
  child.stdin.write(input)
  if (later !== undefined) {
    for (let tries = 0; tries < 200 && !output.includes('BACKEND'); tries++) await pause(50)
    child.stdin.write(later)
  }
  child.stdin.end()
  await over
  return output
}

const absent = missing('socat')
if (absent !== undefined) t.pass('socat', { skip: absent })
else
  t.test('the commands of tutorials, by socat', async (t) => {
    const path = await start(t)
    const socat = (line: string): Promise<string> => said('socat', ['stdio', path], `${line}\n`)
    t.match(await socat('show stat'), /^# pxname,svname,qcur,[^\n]*\nedge,FRONTEND,.*\nbackend,server1,/)
    t.match(await socat('show info'), /^Name: \S+\nVersion: \S+\n(?:.*\n)*Maxconn: 100\n/)
    t.match(await socat('show servers state'), /^1\n# be_id be_name srv_id /)
    t.match(await socat('show backend'), /^# name\nbackend\n/)
    t.equal(await socat('disable server backend/server1'), '\n')
    t.match(await socat('show stat'), /^backend,server1,(?:[^,]*,){15}MAINT,/m)
    t.equal(await socat('enable server backend/server1'), '\n')
    t.match(await socat('show stat'), /^backend,server1,(?:[^,]*,){15}no check,/m)
    t.equal(await socat('set weight backend/server1 50'), '\n')
    t.equal(await socat('get weight backend/server1'), '50 (initial 1)\n\n')
    t.equal(await socat('clear counters'), '\n')
    t.match(await socat('show sess'), /^(?:0x|\d|\n)/)
    t.match(await socat('help'), /^The following commands are valid at this level:\n/)
  })

const absentTop = missing('hatop', 'script')
if (absentTop !== undefined) t.pass('hatop', { skip: absentTop })
else
  t.test('hatop shows what there is', async (t) => {
    const path = await start(t)
    const line = `stty rows 40 cols 120; hatop -s ${path} -i 1`
    const screen = await said('script', ['-qec', line, '/dev/null'], '', 'q')
    for (const name of ['edge', 'FRONTEND', 'backend', 'server1', 'server2', 'BACKEND'])
      t.ok(screen.includes(name), name)
    t.notMatch(screen, /Traceback/)
  })
