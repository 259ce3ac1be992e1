/** How servers come and go: scripted checks, agents and traffic through both programs give the same transitions at the same checks, in the same words. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import t from 'tap'
import { Bell } from './support/bell.js'
import { freePort } from './support/ports.js'
import { missing } from './support/programs.js'
import { haproxy, ProxyProcess, subject } from './support/proxy.js'
import { ask } from './support/talk.js'

t.setTimeout(0)

const PATIENCE = 8_000

/**
 * A server whose checks are answered by a script, a letter a check: `+` and `-` have statuses that tell which check it was (200, 501 …), `4` is
 * a 404, `h` hangs, `c` closes, `j` is no HTTP. The last letter repeats. What is asked for anything but `/check` gets `traffic`.
 */
class Scripted {
  readonly #bell: Bell
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #script: string
  checks = 0
  traffic = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'

  constructor(script: string, bell: Bell) {
    this.#script = script
    this.#bell = bell
    this.#server = createServer((socket) => {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.once('data', (bytes: Buffer) => this.#answer(socket, bytes.toString('latin1')))
    })
  }

  #answer(socket: Socket, asked: string): void {
    if (!asked.includes('/check')) {
      if (this.traffic === '') socket.end()
      else if (this.traffic !== 'hang') socket.end(this.traffic, 'latin1')
      this.#bell.ring()
      return
    }
    const letter = this.#script[Math.min(this.checks, this.#script.length - 1)] ?? '+'
    const number = this.checks++
    this.#bell.ring()
    if (letter === 'c') socket.end()
    else if (letter === 'j') socket.end('hello there\r\n\r\n')
    else if (letter !== 'h') socket.end(`HTTP/1.0 ${statusOf(letter, number)} Check\r\n\r\n`)
  }

  /** The script has been played to its end. */
  get played(): boolean {
    return this.checks >= this.#script.length
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
  }
}

function statusOf(letter: string, number: number): number {
  if (letter === '4') return 404
  return (letter === '+' ? 200 : 510) + (number % 80)
}

/** An agent whose lines are a script. */
class Agent {
  readonly #server: Server
  readonly #lines: readonly string[]
  asked = 0
  sent = ''

  constructor(lines: readonly string[], bell: Bell) {
    this.#lines = lines
    this.#server = createServer((socket) => {
      socket.on('error', () => {})
      socket.on('data', (bytes: Buffer) => {
        this.sent = bytes.toString('latin1')
      })
      const line = this.#lines[Math.min(this.asked++, this.#lines.length - 1)] ?? ''
      bell.ring()
      socket.end(line === '' ? '' : `${line}\n`)
    })
  }

  get played(): boolean {
    return this.asked > this.#lines.length
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  close(): void {
    this.#server.close()
  }
}

/** What a case is made of. */
interface Case {
  /** Of servers `s1`, `s2` …; their ports stand for `{s1}`, `{s2}` … */
  readonly checks: readonly string[]
  readonly agent?: readonly string[]
  /** Behind `defaults` and the frontend `fe`, whose default backend is `b`. */
  readonly config: string
  /** What is done beside, from the first quiet moment on. */
  readonly drive?: (parts: {
    port: number
    origins: readonly Scripted[]
    until: Until
    lines: readonly string[]
  }) => Promise<void>
}

type Until = (ready: () => boolean) => Promise<boolean>

const masked = (text: string): string =>
  text
    .slice(text.indexOf(']: ') + 3)
    .trimEnd()
    .replace(/check duration: \d+ms/, 'check duration: {ms}')
    .replace(/^\S+ \[[^\]]+\] (\S+ \S+) \S+ (\d+) \d+ (- - \S+) .*/, '$1 $2 $3')

const levelOf = (text: string): string => /^<(\d+)>/.exec(text)?.[1] ?? ''

/** The lines that a program writes. */
async function linesOf(command: readonly string[], { checks, agent, config, drive }: Case): Promise<readonly string[]> {
  const bell = new Bell()
  const lines: string[] = []
  const log = createSocket('udp4')
  log.on('message', (bytes) => {
    const text = bytes.toString('latin1')
    if (/Server |[hH]ealth check|Agent check|backend|"GET/.test(text)) lines.push(`${levelOf(text)} ${masked(text)}`)
    bell.ring()
  })
  log.bind(0, '127.0.0.1')
  await once(log, 'listening')
  const origins = checks.map((script) => new Scripted(script, bell))
  const asked = new Agent(agent ?? ['up'], bell)
  const port = await freePort()
  let text = config.replaceAll('{agent}', `${await asked.listen()}`)
  for (const [index, origin] of origins.entries()) text = text.replaceAll(`{s${index + 1}}`, `${await origin.listen()}`)
  const proxy = await ProxyProcess.start(
    command,
    `global
  log 127.0.0.1:${(log.address() as AddressInfo).port} local0
defaults
  mode http
  log global
  retries 0
  timeout connect 1s
  timeout client 3s
  timeout server 500
  timeout check 200
frontend fe
  option httplog
  option dontlog-normal
  bind 127.0.0.1:${port}
  default_backend b
${text}
`,
    port,
  )
  const until: Until = (ready) => bell.wait(ready, PATIENCE).then(ready)
  try {
    if (drive === undefined)
      await until(
        () => (agent !== undefined || origins.every(({ played }) => played)) && (agent === undefined || asked.played),
      )
    else await drive({ port, origins, until, lines })
    await quiet(bell, lines)
    return bySubject(agent === undefined ? lines : [...lines, asked.sent])
  } finally {
    await proxy.stop()
    for (const origin of origins) origin.close()
    asked.close()
    log.close()
    bell.silence()
  }
}

/** Servers that are checked on their own are in no order among each other. */
function bySubject(lines: readonly string[]): readonly string[] {
  const of = (line: string): string => /erver ([bc]\/s\d)/.exec(line)?.[1] ?? ''
  return [...new Set(lines.map(of))].sort().flatMap((subject) => lines.filter((line) => of(line) === subject))
}

/** Until nothing has been logged for a moment. */
async function quiet(bell: Bell, lines: readonly string[]): Promise<void> {
  for (let before = -1; before !== lines.length; ) {
    before = lines.length
    await bell.wait(() => lines.length !== before, 300)
  }
}

const ASK = 'GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
const timing = 'check inter 100 downinter 150 rise 2 fall 3'

const observing = (options: string): Case => ({
  checks: ['+'],
  config: `backend b
  option httpchk GET /check
  server s1 127.0.0.1:{s1} check inter 60s fastinter 700 rise 2 fall 3 error-limit 3 ${options}`,
  drive: async ({ port, origins, until, lines }) => {
    const [origin] = origins as [Scripted]
    await until(() => origin.checks > 0)
    const answers = ['HTTP/1.1 500 X\r\n\r\n', 'junk\r\n\r\n', '', 'HTTP/1.1 404 X\r\n\r\n', 'HTTP/1.1 501 X\r\n\r\n']
    for (const index of [0, 0, 3, 0, 1, 2, 0, 4, 0, 0, 1, 3]) {
      origin.traffic = answers[index] ?? ''
      await ask(port, ASK)
    }
    // The third failure of traffic made the next check come soon.
    await until(() => origin.checks > 1)
    const down = lines.some((line) => line.includes('is DOWN'))
    if (down) await until(() => lines.some((line) => line.includes('is UP')))
  },
})

const cases: Readonly<Record<string, Case>> = {
  'every check is told of, and what comes of it': {
    checks: ['+----+-++4', '+'],
    config: `backend b
  option log-health-checks
  option httpchk GET /check
  http-check disable-on-404
  server s1 127.0.0.1:{s1} ${timing}
  server s2 127.0.0.1:{s2} ${timing} backup`,
  },
  'a server that wants no more, flaps and falls': {
    checks: ['+44+-4---44++4-+hhcj+++'],
    config: `backend b
  option log-health-checks
  option httpchk GET /check
  http-check disable-on-404
  server s1 127.0.0.1:{s1} ${timing}`,
  },
  'reasons stand with the change when checks are not told of': {
    checks: ['+---++4+', '+'],
    config: `backend b
  option httpchk GET /check
  http-check disable-on-404
  server s1 127.0.0.1:{s1} ${timing}
  server s2 127.0.0.1:{s2} ${timing} backup`,
  },
  'the first failure is enough at the start': {
    checks: ['-++'],
    config: `backend b
  option httpchk GET /check
  server s1 127.0.0.1:{s1} ${timing}`,
  },
  'servers that track another': {
    checks: ['+---++4+'],
    config: `backend b
  option httpchk GET /check
  http-check disable-on-404
  server s1 127.0.0.1:{s1} ${timing}
  server s2 127.0.0.1:{s1} track s1
  server s3 127.0.0.1:{s1} track s2 weight 0
backend c
  http-check disable-on-404
  server s4 127.0.0.1:{s1} track b/s1`,
  },
  'an agent that orders': {
    checks: ['+'],
    agent: [
      'up',
      'drain',
      'ready',
      'maint',
      'ready',
      'fail # oops, it',
      'stopped',
      'up',
      'drain',
      'down',
      'ready',
      'up',
      'maint',
      'down',
      'ready',
      'up 50%',
      '0%',
      '100%',
    ],
    config: `backend b
  server s1 127.0.0.1:{s1} agent-check agent-port {agent} agent-inter 100 agent-send hello\\n
  server s2 127.0.0.1:{s1} track s1`,
  },
  'an agent is told of': {
    checks: ['+'],
    agent: ['up', 'abc', '', 'up', 'fail', '', 'fail', 'up', 'ready'],
    config: `backend b
  option log-health-checks
  server s1 127.0.0.1:{s1} agent-check agent-addr 127.0.0.1 agent-port {agent} agent-inter 100
  server s2 127.0.0.1:{s1} agent-check agent-port {agent} agent-inter 30 no-agent-check`,
  },
  'traffic makes checks come faster': observing('observe layer7 on-error fastinter'),
  'traffic counts as a failed check': observing('observe layer7'),
  'traffic brings near to death': observing('observe layer7 on-error sudden-death'),
  'traffic kills': observing('observe layer7 on-error mark-down'),
  'connects count, answers do not': observing('observe layer4 on-error mark-down'),
  'sessions end with their server, and those of a backup when another is up': {
    checks: ['++++------++++', '+'],
    config: `backend b
  option httpchk GET /check
  timeout server 10s
  server s1 127.0.0.1:{s1} check inter 100 rise 2 fall 3 on-marked-down shutdown-sessions on-marked-up shutdown-backup-sessions
  server s2 127.0.0.1:{s2} check inter 100 backup`,
    drive: async ({ port, origins, until, lines }) => {
      const [first, second] = origins as [Scripted, Scripted]
      first.traffic = 'hang'
      second.traffic = 'hang'
      await until(() => first.checks > 0 && second.checks > 0)
      await Promise.all([ask(port, ASK), until(() => lines.some((line) => line.includes('s1 is DOWN')))])
      await Promise.all([ask(port, ASK), until(() => first.played)])
    },
  },
  'a slow start has an end': {
    checks: ['---+', '+'],
    config: `backend b
  option httpchk GET /check
  server s1 127.0.0.1:{s1} check inter 100 rise 1 slowstart 1s
  server s2 127.0.0.1:{s2} check inter 100`,
    drive: async ({ until, lines }) => {
      await until(() => lines.some((line) => line.includes('s1 is UP.')))
    },
  },
}

for (const [name, each] of Object.entries(cases)) {
  t.test(name, { skip: missing('haproxy') ?? false }, async (t) => {
    const theirs = await linesOf(haproxy, each)
    t.ok(theirs.length > 0, 'there is something to compare')
    t.strictSame(await linesOf(subject, each), theirs)
  })
}
