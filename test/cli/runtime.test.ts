import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { ask, closed, folder, freePort, refusing, run, start } from './command.js'

t.setTimeout(0)

/** What the runtime API says. */
function say(path: string, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path })
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
    })
    socket.once('error', reject)
    socket.once('close', () => resolve(answer))
    socket.end(`${line}\n`)
  })
}

const withSocket = (path: string, port: number): string =>
  `global\n stats socket ${path} mode 600 level admin\n stats timeout 5s\n${refusing(`127.0.0.1:${port}`)}`

const pidOf = async (path: string): Promise<number> => Number(/^Pid: (\d+)$/m.exec(await say(path, 'show info'))?.[1])

t.test('the runtime API answers where the file says, and its socket goes with the process', async (t) => {
  const { path, file } = folder(t)
  const socket = join(path, 'a.sock')
  const port = await freePort()
  const command = start(t, ['-db', '-f', file('a.cfg', withSocket(socket, port))])
  await ask(port)
  t.equal(await pidOf(socket), command.child.pid)
  t.equal(await say(socket, 'show cli level'), 'admin\n\n')
  const again = await run('-db', '-f', file('b.cfg', withSocket(socket, await freePort())))
  t.equal(again.code, 1)
  t.match(again.stderr, /'stats socket \S+a\.sock' is in use by another program/)
  t.equal(await pidOf(socket), command.child.pid, 'who came too late has broken nothing')
  t.equal(await command.end('SIGTERM'), 0)
  t.equal(existsSync(socket), false)
})

t.test('a socket for operators is enough to run', async (t) => {
  const { path, file } = folder(t)
  const socket = join(path, 'a.sock')
  const alone = file(
    'a.cfg',
    `global\n stats socket ${socket} level admin\nbackend web\n timeout connect 1s\n timeout server 1s\n`,
  )
  t.match(await run('-c', '-f', alone), { code: 0, stdout: /Configuration file is valid/ })
  const command = start(t, ['-db', '-f', alone])
  while (!existsSync(socket)) await pause(10)
  t.equal(await pidOf(socket), command.child.pid)
  t.equal(await command.end('SIGTERM'), 0)
})

t.test('a place where peers call is enough to run', async (t) => {
  const { file } = folder(t)
  const port = await freePort()
  const section = (more = ''): string =>
    `peers all\n${more} peer lb1 127.0.0.1:${port}\n table t type ip size 10 store gpc0\n`
  const alone = file('a.cfg', section())
  t.match(await run('-c', '-L', 'lb1', '-f', alone), { code: 0, stdout: /Configuration file is valid/ })
  const off = await run('-c', '-L', 'lb1', '-f', file('b.cfg', section(' disabled\n')))
  t.match(off, { code: 2, stdout: /no listener/ }, 'unless it is disabled')
  const command = start(t, ['-db', '-L', 'lb1', '-f', alone])
  t.equal(await ask(port), '501\n', 'who calls and is no peer is told so')
  t.equal(await command.end('SIGTERM'), 0)
})

t.test('what the file says of the process, and the command line before it, reaches the balancer', async (t) => {
  const { path, file } = folder(t)
  const socket = join(path, 'a.sock')
  const port = await freePort()
  const text = `global
 stats socket ${socket} level admin
 maxconn 50
 maxconnrate 7
 maxsessrate 8
 node here
 description "what it is for"
resolvers mine
 nameserver one 127.0.0.1:1
ring events
${refusing(`127.0.0.1:${port}`)}`
  const command = start(t, ['-db', '-n', '40', '-f', file('a.cfg', text)])
  await ask(port)
  const info = await say(socket, 'show info')
  t.match(info, /^Maxconn: 40$/m)
  t.match(info, /^ConnRateLimit: 7$/m)
  t.match(info, /^SessRateLimit: 8$/m)
  t.match(info, /^node: here$/m)
  t.match(info, /^description: what it is for$/m)
  t.match(await say(socket, 'show resolvers'), /Resolvers section mine/)
  t.match(await say(socket, 'show events'), /events .*type=buffer/)
  t.equal(await command.end('SIGTERM'), 0)
})

t.test('a successor takes the socket over, and keeps it when the predecessor has gone', async (t) => {
  const { path, file } = folder(t)
  const socket = join(path, 'a.sock')
  const port = await freePort()
  const config = file('a.cfg', withSocket(socket, port))
  const first = start(t, ['-db', '-f', config])
  await ask(port)
  t.equal(await pidOf(socket), first.child.pid)
  const second = start(t, ['-db', '-f', config, '-sf', String(first.child.pid)])
  t.equal(await first.exit(), 0)
  await ask(port)
  t.equal(await pidOf(socket), second.child.pid)
  t.equal(await second.end('SIGTERM'), 0)
  await closed(port)
})
