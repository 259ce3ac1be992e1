import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdirSync, readFileSync, realpathSync } from 'node:fs'
import { createServer } from 'node:net'
import { basename, join } from 'node:path'
import t from 'tap'
import { ask, Command, closed, folder, forwarding, freePort, listener, reach, refusing, run, start } from './command.js'

// Some sixty processes are started here, and machines differ.
t.setTimeout(0)

t.test('-c on a good file: without a final line feed, with CRLF', async (t) => {
  const { file } = folder(t)
  const good = file('good.cfg', refusing('127.0.0.1:1'))
  const expected = { code: 0, stdout: 'Configuration file is valid\n', stderr: '' }
  const crlf = file('crlf.cfg', refusing('127.0.0.1:1').replaceAll('\n', '\r\n'))
  const [plain, windows, quiet, verbose] = await Promise.all([
    run('-c', '-f', good),
    run('-c', '-f', crlf),
    run('-c', '-q', '-f', good),
    run('-c', '-q', '-V', '--', good),
  ])
  t.same(plain, expected)
  t.same(windows, expected)
  t.same(quiet, { ...expected, stdout: '' })
  t.same(verbose, expected)
})

t.test('-c on a bad file tells every fault, and exits 1', async (t) => {
  const { file } = folder(t)
  const bad = file(
    'bad.cfg',
    'frontend f\n mode http\n bind 127.0.0.1:1\n bogus\n timeout client 1s\n default_backend nowhere\n',
  )
  const { code, stdout, stderr } = await run('-c', '-f', bad)
  t.equal(code, 1)
  t.equal(stdout, '')
  const lines = stderr.trimEnd().split('\n')
  t.match(lines[0], /^\[NOTICE\] {3}\(\d+\) : fairlead version is \d/)
  t.match(lines[1], /^\[NOTICE\] {3}\(\d+\) : path to executable is \S+fairlead\.js$/)
  t.match(stderr, /^\[ALERT\] {4}\(\d+\) : config : parsing \[\S+bad\.cfg:4\] : unknown keyword 'bogus'/m)
  t.match(stderr, /^\[ALERT\] .*nowhere/m)
  t.match(stderr, /^\[ALERT\] .*Error\(s\) found in configuration file : \S+bad\.cfg$/m)
  t.match(lines.at(-1), /^\[ALERT\] {4}\(\d+\) : config : Fatal errors found in configuration\.$/)
  t.same(await run('-c', '-q', '-f', bad), { code: 1, stdout: '', stderr: '' })
})

t.test('warnings: told with -c, and faults with -dW', async (t) => {
  const { file } = folder(t)
  const path = file('warn.cfg', 'frontend f\n mode http\n bind 127.0.0.1:1\n http-request deny\n')
  const checked = await run('-c', '-f', path)
  t.match(checked, { code: 0, stdout: 'Warnings were found.\nConfiguration file is valid\n' })
  t.match(checked.stderr, /^\[WARNING\] {2}\(\d+\) : .*timeout/m)
  t.match(await run('-c', '-dW', '-f', path), { code: 1, stdout: '', stderr: /'zero-warning' is set/ })
})

t.test('faults of the process are told by -c as well', async (t) => {
  const { file } = folder(t)
  const text = `global\n user no-such-user\n${refusing('127.0.0.1:1')}\n`
  const names = forwarding('127.0.0.1:1', 1).replace('s1 127.0.0.1', 's1 no-such-host.invalid')
  const [a, b, c] = [file('a.cfg', text), file('b.cfg', names), file('c.cfg', '')]
  const [user, host, ignored, checked, started, absent] = await Promise.all([
    run('-c', '-f', a),
    run('-c', '-f', b),
    run('-c', '-dr', '-f', b),
    run('-c', '-f', c),
    run('-f', c),
    run('-c', '-f', 'absent.cfg'),
  ])
  t.match(user, { code: 1, stderr: /cannot find user id for 'no-such-user'/ })
  t.match(host, { code: 1, stderr: /'server web\/s1' : could not resolve address/ })
  t.match(ignored, { code: 0, stderr: /WARNING.*disabling server/ })
  t.match(checked, { code: 2, stdout: /will not start \(no listener\)/ })
  t.match(started, { code: 1, stderr: /No enabled listener found/ })
  t.match(absent, { code: 1, stderr: /absent\.cfg : No such file or directory/ })
})

t.test('-cc answers with the exit status', async (t) => {
  const [older, newer, bogus] = await Promise.all(
    ['version_atleast(3.5)', 'version_atleast(99)', 'bogus('].map((condition) => run('-cc', condition)),
  )
  t.same(older, { code: 0, stdout: '', stderr: '' })
  t.same(newer, { code: 1, stdout: '', stderr: '' })
  t.match(bogus, { code: 2, stderr: /Failed to evaluate condition: .*bogus/ })
})

t.test('-v and -vv', async (t) => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  const short = await run('-v')
  t.match(short, { code: 0, stderr: '' })
  t.ok(short.stdout.startsWith(`fairlead version ${version}\n`))
  t.match(short.stdout, 'HAProxy 3.5')
  const long = await run('-vv')
  t.match(long, { code: 0, stderr: '', stdout: /^Feature list : ([+-]\w+ ?)+$/m })
})

t.test('a command line that cannot be used shows the usage on stderr, and exits 1', async (t) => {
  const all = await Promise.all([['-zz'], [], ['file'], ['-f']].map((args) => run(...args)))
  for (const { code, stdout, stderr } of all) {
    t.equal(code, 1)
    t.match(stdout, /^fairlead version/)
    t.match(stderr, /^Usage : fairlead/m)
  }
})

t.test('-C, folders, and -L', async (t) => {
  const { path, file } = folder(t)
  mkdirSync(join(path, 'd'))
  file('d/1.cfg', 'defaults\n mode http\n timeout client 1s\n')
  file('d/2.cfg', 'frontend f\n bind 127.0.0.1:1\n http-request deny\n')
  file('d/ignored.txt', 'nonsense')
  file('d/.hidden.cfg', 'nonsense')
  t.match(await run('-c', '-C', path, '-f', 'd'), { code: 0, stderr: '' })
  t.match(await run('-c', '-C', '/nonexistent', '-f', 'd'), {
    code: 1,
    stderr: /Could not change to directory \/nonexistent/,
  })
  const peer = file('peer.cfg', `.if streq("$HAPROXY_LOCALPEER",me)\n${refusing('127.0.0.1:1')}\n.endif\n`)
  const [me, you] = await Promise.all(['me', 'you'].map((name) => run('-c', '-L', name, '-f', peer)))
  t.equal(me?.code, 0)
  t.equal(you?.code, 2)
})

t.test('how much room heads have is for global to say', async (t) => {
  const { file } = folder(t)
  const port = await freePort()
  const limits = 'tune.bufsize 20000\n tune.maxrewrite 8000\n tune.http.maxhdr 10'
  start(t, ['-f', file('a.cfg', `global\n ${limits}\n${refusing(`127.0.0.1:${port}`)}\n`)])
  const status = async (fields: string): Promise<string> => (await ask(port, fields)).slice(9, 12)
  t.equal(await status(`X: ${'y'.repeat(11_500)}\r\n`), '403')
  t.equal(await status(`X: ${'y'.repeat(12_500)}\r\n`), '400', 'what rules may add is kept free')
  t.equal(await status('X: y\r\n'.repeat(7)), '403')
  t.equal(await status('X: y\r\n'.repeat(9)), '400', 'too many fields')
})

t.test('a busy port is a clear message and exit 1', async (t) => {
  const { file } = folder(t)
  const { port } = await listener(t)
  const { code, stderr } = await run('-f', file('a.cfg', refusing(`127.0.0.1:${port}`)))
  t.equal(code, 1)
  t.match(stderr, new RegExp(`^\\[ALERT\\] .*Frontend 'f'.*127\\.0\\.0\\.1:${port}.* in use`, 'm'))
  t.match(stderr, /Some protocols failed to start their listeners! Exiting\.\n$/)
})

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  t.test(`${signal} stops at once with exit 0, and nothing was said`, async (t) => {
    const { file } = folder(t)
    const port = await freePort()
    const command = start(t, ['-db', '-f', file('a.cfg', refusing(`127.0.0.1:${port}`))])
    t.match(await ask(port), /^HTTP\/1\.1 403 /)
    const idle = await reach(port)
    t.equal(await command.end(signal), 0)
    t.same([command.stdout, command.stderr], ['', ''])
    idle.destroy()
  })
}

t.test(
  'SIGUSR1 stops listening, finishes what runs, and exits 0; SIGHUP, SIGUSR2 and SIGPIPE do not end it',
  async (t) => {
    const { file } = folder(t)
    let answer = () => {}
    const asked = new Promise<void>((resolve) => {
      answer = resolve
    })
    const origin = await listener(t, (socket) => {
      socket.once('data', () => answer())
      origin.server.once('release', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate'))
    })
    const port = await freePort()
    const command = start(t, ['-db', '-f', file('a.cfg', forwarding(`127.0.0.1:${port}`, origin.port))])
    const answered = ask(port)
    await asked
    const hear = async (text: string) => {
      while (!command.stderr.includes(text)) await once(command.child.stderr!, 'data')
    }
    command.child.kill('SIGPIPE')
    command.child.kill('SIGUSR2')
    await hear('SIGUSR2 received')
    command.child.kill('SIGHUP')
    await hear('SIGHUP: Server web/s1 is UP.')
    command.child.kill('SIGUSR1')
    await closed(port)
    t.equal(command.child.exitCode, null)
    origin.server.emit('release')
    t.match(await answered, /^HTTP\/1\.1 200 OK\r\n.*late$/s)
    t.equal(await command.exit(), 0)
    t.match(command.stderr, /^\[WARNING\] {2}\(\d+\) : Proxy web stopped \(cumulated conns: FE: \d+, BE: 1\)\.$/m)
  },
)

t.test('hard-stop-after ends a soft stop', async (t) => {
  const { file } = folder(t)
  let asked = () => {}
  const arrived = new Promise<void>((resolve) => {
    asked = resolve
  })
  const origin = await listener(t, (socket) => void socket.once('data', () => asked()))
  const port = await freePort()
  const command = start(t, ['-f', file('a.cfg', forwarding(`127.0.0.1:${port}`, origin.port, 'hard-stop-after 50ms'))])
  const client = await reach(port)
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await arrived
  t.equal(await command.end('SIGUSR1'), 0)
  client.destroy()
})

t.test('-D returns when the daemon serves, and the pid file names it', async (t) => {
  const { path, file } = folder(t)
  const port = await freePort()
  file('a.cfg', refusing(`127.0.0.1:${port}`))
  const result = await run('-D', '-C', path, '-f', 'a.cfg', '-p', 'pid')
  t.same(result, { code: 0, stdout: '', stderr: '' })
  const pid = Number(readFileSync(join(path, 'pid'), 'utf8'))
  t.ok(pid > 0)
  t.teardown(async () => {
    process.kill(pid, 'SIGTERM')
    await closed(port)
  })
  t.match(await ask(port), /^HTTP\/1\.1 403 /)
})

t.test('-D tells why it could not start, once, and exits 1', async (t) => {
  const { path, file } = folder(t)
  const { port } = await listener(t)
  const warned = refusing(`127.0.0.1:${port}`).replace('  timeout client 5s\n', '')
  const busy = await run('-D', '-f', file('a.cfg', warned))
  t.equal(busy.code, 1)
  t.match(busy.stderr, /^\[ALERT\] .* in use/m)
  t.equal(busy.stderr.match(/\[WARNING\]/g)?.length, 1)
  const absent = refusing(`127.0.0.1:${await freePort()}`)
  t.match(await run('-D', '-f', file('b.cfg', absent), '-p', join(path, 'no', 'pid')), {
    code: 1,
    stderr: /Cannot create pidfile/,
  })
})

t.test('-sf: a successor takes the port over, and the old process finishes', async (t) => {
  const { file } = folder(t)
  const port = await freePort()
  const cfg = file('a.cfg', refusing(`127.0.0.1:${port}`))
  const old = start(t, ['-f', cfg])
  await ask(port)
  const next = start(t, ['-f', cfg, '-sf', `${old.child.pid}`])
  t.equal(await old.exit(), 0)
  t.match(await ask(port), /^HTTP\/1\.1 403 /)
  t.equal(await next.end('SIGTERM'), 0)
})

t.test('SIGTTOU frees the port for somebody else, and SIGTTIN takes it again', async (t) => {
  const { file } = folder(t)
  const port = await freePort()
  const paused = start(t, ['-f', file('a.cfg', refusing(`127.0.0.1:${port}`))])
  await ask(port)
  paused.child.kill('SIGTTOU')
  const other = createServer()
  // As soon as it is free, and not before.
  const taken = async (): Promise<void> => {
    for (;;) {
      try {
        other.listen(port, '127.0.0.1')
        await once(other, 'listening')
        return
      } catch {
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
  }
  await taken()
  await new Promise((resolve) => other.close(resolve))
  paused.child.kill('SIGTTIN')
  t.match(await ask(port), /^HTTP\/1\.1 403 /)
  t.equal(await paused.end('SIGTERM'), 0)
  t.match(paused.stderr, /Paused frontend \w+\.[\s\S]*Resumed frontend/)
})

t.test('fd@N takes an inherited socket, in the foreground and as a daemon', async (t) => {
  const { path, file } = folder(t)
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const { fd } = (server as unknown as { _handle: { fd: number } })._handle
  const cfg = file('a.cfg', `${refusing('fd@3')}\n`)
  const options = { stdio: ['ignore', 'pipe', 'pipe', fd] as ['ignore', 'pipe', 'pipe', number] }
  const front = start(t, ['-f', cfg], options)
  const daemon = new Command(['-D', '-f', cfg, '-p', join(path, 'pid')], options)
  const code = await daemon.exit()
  t.equal(code, 0, daemon.stderr)
  const pid = Number(readFileSync(join(path, 'pid'), 'utf8'))
  t.teardown(() => process.kill(pid, 'SIGKILL'))
  // From here on only those two accept.
  server.close()
  t.match(await ask(port), /^HTTP\/1\.1 403 /)
  t.equal(await front.end('SIGTERM'), 0)
  t.match(await ask(port), /^HTTP\/1\.1 403 /, 'the daemon alone')
})

t.test('requests and changes of servers go to the log targets of the section; -d shows the requests', async (t) => {
  const { file } = folder(t)
  const daemon = createSocket('udp4')
  daemon.bind(0, '127.0.0.1')
  await once(daemon, 'listening')
  t.teardown(() => daemon.close())
  const lines: string[] = []
  daemon.on('message', (line) => lines.push(line.toString()))
  const heard = async (pattern: RegExp) => {
    while (!lines.some((line) => pattern.test(line))) await once(daemon, 'message')
  }
  const port = await freePort()
  const gone = await freePort()
  const cfg = forwarding(`127.0.0.1:${port}`, gone)
    .replace('listen web', `listen web\n  log 127.0.0.1:${daemon.address().port} local0\n  option httplog`)
    .replace(`:${gone}`, `:${gone} check inter 20ms fall 1`)
  const command = start(t, ['-d', '-f', file('a.cfg', cfg)])
  t.match(await ask(port), /^HTTP\/1\.1 503 /)
  await heard(
    /^<134>\w{3} [ \d]\d [\d:]{8} haproxy\[\d+\]: 127\.0\.0\.1:\d+ \[.*\] web web\/\S+ .* 503 .*"GET \/ HTTP\/1\.1"\n$/,
  )
  await heard(
    /^<129>.*: Server web\/s1 is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: \d+ms\. 0 active and 0 backup servers left\./,
  )
  await heard(/^<128>.*: proxy web has no server available!\n$/)
  t.equal(await command.end('SIGTERM'), 0)
  t.match(command.stdout, /^127\.0\.0\.1:\d+ .* 503 .*"GET \/ HTTP\/1\.1"\n/)
  t.match(command.stderr, /^\[WARNING\] {2}\(\d+\) : Server web\/s1 is DOWN/m)
  t.match(command.stderr, /^\[ALERT\] {4}\(\d+\) : proxy 'web' has no server available!$/m)
})

t.test('log stdout prints the lines there', async (t) => {
  const { file } = folder(t)
  const port = await freePort()
  const cfg = refusing(`127.0.0.1:${port}`).replace(
    'frontend f',
    'frontend f\n  log stdout format raw daemon\n  option httplog',
  )
  const command = start(t, ['-f', file('a.cfg', cfg)])
  await ask(port)
  await ask(port)
  await command.end('SIGTERM')
  t.equal(command.stdout.match(/ f f\/<NOSRV> .* 403 .* PR-- .*"GET \/ HTTP\/1\.1"\n/g)?.length, 2, command.stdout)
})

t.test(
  'the process is called fairlead, and a list of processes shows its words',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const { path, file } = folder(t)
    const port = await freePort()
    const command = start(t, ['-C', path, '-f', basename(file('a.cfg', refusing(`127.0.0.1:${port}`)))])
    await ask(port)
    const told = (what: string): string => readFileSync(`/proc/${command.child.pid}/${what}`, 'latin1')
    t.equal(told('cmdline').replace(/\0+$/, ''), `fairlead -C ${path} -f a.cfg`)
    t.equal(told('comm'), 'fairlead\n')
    t.equal(realpathSync(`/proc/${command.child.pid}/cwd`), realpathSync(path))
  },
)
