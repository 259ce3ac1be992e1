/** Servers of other people's that are no proxies, and clients that talk to them for long: databases, a mail server, a directory. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, chmodSync, chownSync, constants, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { has } from './programs.js'
import { accepts } from './proxy.js'
import { run } from './talk.js'

/** A kind of server, and how to start one. */
export interface ServerKind {
  readonly name: string
  /** The line that has HAProxy check it. */
  readonly check: string
  readonly needs: readonly string[]
  /** Makes what a server keeps; once, before any is started. */
  prepare?(folder: string): Promise<void>
  /** The program with its arguments. */
  command(folder: string, port: number): readonly string[]
  /** How it is told to end at once. */
  readonly end: NodeJS.Signals
  /** A client that stays connected, and a question that it can ask again and again; absent where there is no such client. */
  readonly client?: { command(port: number): readonly string[]; readonly question: string; readonly answer: RegExp }
}

/** PostgreSQL does not run as root, and does not stand in the path. */
const postgresFolder = (): string => {
  const versions = '/usr/lib/postgresql'
  try {
    return join(versions, readdirSync(versions).sort().at(-1) ?? '', 'bin')
  } catch {
    return versions
  }
}

const asPostgres = (...command: string[]): readonly string[] =>
  process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', ...command] : command

async function giveToPostgres(folder: string): Promise<void> {
  chmodSync(folder, 0o755)
  if (process.getuid?.() !== 0) return
  const { stdout } = await run(['id', '-u', 'postgres'])
  chownSync(folder, Number(stdout), -1)
}

async function mustRun(command: readonly string[]): Promise<void> {
  const { code, stderr, stdout } = await run(command)
  if (code !== 0) throw new Error(`${command.join(' ')}: exit ${code}\n${stdout}${stderr}`)
}

const smtpClient = `
import smtplib, sys
s = smtplib.SMTP('127.0.0.1', int(sys.argv[1]), timeout=10)
s.ehlo('client.test')
for line in sys.stdin:
    print(s.noop()[0], flush=True)
`

export const serverKinds: readonly ServerKind[] = [
  {
    name: 'mariadb',
    check: 'option mysql-check user haproxy',
    needs: ['mariadbd', 'mariadb-install-db', 'mariadb'],
    prepare: async (folder) => {
      const owner = ['--no-defaults', '--user=root', '--auth-root-authentication-method=normal', '--skip-test-db']
      await mustRun(['mariadb-install-db', ...owner, `--datadir=${join(folder, 'data')}`])
      writeFileSync(join(folder, 'init.sql'), "CREATE USER IF NOT EXISTS 'haproxy'@'%';\n")
    },
    command: (folder, port) => [
      'mariadbd',
      '--no-defaults',
      '--user=root',
      `--datadir=${join(folder, 'data')}`,
      `--init-file=${join(folder, 'init.sql')}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      '--skip-name-resolve',
      `--socket=${join(folder, 's')}`,
      `--pid-file=${join(folder, 'pid')}`,
      '--innodb-buffer-pool-size=8M',
      '--innodb-log-file-size=4M',
    ],
    end: 'SIGTERM',
    client: {
      command: (port) => ['mariadb', '--no-defaults', '-h127.0.0.1', `-P${port}`, '-uroot', '-N', '-n', '--batch'],
      question: 'select 40+2;',
      answer: /42/,
    },
  },
  {
    name: 'postgresql',
    check: 'option pgsql-check user postgres',
    needs: ['psql', 'setpriv', 'initdb'],
    prepare: async (folder) => {
      await giveToPostgres(folder)
      await mustRun(
        asPostgres(join(postgresFolder(), 'initdb'), '-D', join(folder, 'data'), '-A', 'trust', '-U', 'postgres'),
      )
    },
    command: (folder, port) =>
      asPostgres(
        join(postgresFolder(), 'postgres'),
        '-D',
        join(folder, 'data'),
        '-p',
        String(port),
        '-c',
        'listen_addresses=127.0.0.1',
        '-c',
        `unix_socket_directories=${folder}`,
      ),
    end: 'SIGINT',
    client: {
      command: (port) => ['psql', '-X', '-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-At', 'postgres'],
      question: 'select 40+2;',
      answer: /42/,
    },
  },
  {
    name: 'redis',
    check: 'option redis-check',
    needs: ['redis-server', 'redis-cli'],
    command: (folder, port) => [
      'redis-server',
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--dir',
      folder,
    ],
    end: 'SIGTERM',
    client: {
      command: (port) => ['redis-cli', '-h', '127.0.0.1', '-p', String(port)],
      question: 'echo forty-two',
      answer: /^forty-two$/m,
    },
  },
  {
    name: 'smtp',
    check: 'option smtpchk EHLO balancer.test',
    needs: ['aiosmtpd', 'python3'],
    command: (_folder, port) => ['aiosmtpd', '-n', '-l', `127.0.0.1:${port}`],
    end: 'SIGKILL',
    client: { command: (port) => ['python3', '-u', '-c', smtpClient, String(port)], question: 'noop', answer: /250/ },
  },
  {
    name: 'ldap',
    check: 'option ldap-check',
    needs: ['slapd'],
    prepare: async (folder) => {
      mkdirSync(join(folder, 'data'))
      const lines = [
        'include /etc/ldap/schema/core.schema',
        `pidfile ${join(folder, 'pid')}`,
        'modulepath /usr/lib/ldap',
        'moduleload back_mdb',
        'database mdb',
        'suffix "dc=example,dc=test"',
        `directory ${join(folder, 'data')}`,
      ]
      writeFileSync(join(folder, 'slapd.conf'), `${lines.join('\n')}\n`)
    },
    command: (folder, port) => ['slapd', '-d', '0', '-h', `ldap://127.0.0.1:${port}`, '-f', join(folder, 'slapd.conf')],
    end: 'SIGTERM',
  },
]

/** Undefined when a kind can be run here; else what is missing, as a reason to skip. With FAIRLEAD_INTEROP=required that is an error. */
export function cannotRun({ needs }: ServerKind): string | undefined {
  const absent = needs.filter((program) => !has(program) && !executable(join(postgresFolder(), program)))
  if (absent.length === 0) return undefined
  const reason = `not installed: ${absent.join(', ')}`
  if (process.env['FAIRLEAD_INTEROP'] === 'required') throw new Error(reason)
  return reason
}

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** One server at one port, that can be stopped and started again. */
export class RealServer {
  readonly kind: ServerKind
  readonly folder: string
  readonly port: number
  #child: ChildProcess | undefined
  #said = ''

  private constructor(kind: ServerKind, folder: string, port: number) {
    this.kind = kind
    this.folder = folder
    this.port = port
  }

  static async make(kind: ServerKind, folder: string, port: number): Promise<RealServer> {
    mkdirSync(folder)
    await kind.prepare?.(folder)
    return new RealServer(kind, folder, port)
  }

  async start(): Promise<void> {
    const [program, ...words] = this.kind.command(this.folder, this.port)
    const child = spawn(program as string, words, { cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.on('data', (chunk) => {
      this.#said += chunk
    })
    child.stderr.on('data', (chunk) => {
      this.#said += chunk
    })
    this.#child = child
    for (let tries = 0; tries < 800; tries++) {
      if (child.exitCode !== null)
        throw new Error(`${this.kind.name} did not start: exit ${child.exitCode}\n${this.#said}`)
      if (await accepts(this.port)) return
      await pause(25)
    }
    throw new Error(`${this.kind.name} did not listen in time\n${this.#said}`)
  }

  async stop(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill(this.kind.end)
    const late = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await exit
    clearTimeout(late)
  }
}

/** A client that stays connected. */
export class LongClient {
  readonly #child: ChildProcess
  readonly #talk: NonNullable<ServerKind['client']>
  #heard = ''
  #ended = false

  constructor(talk: NonNullable<ServerKind['client']>, port: number) {
    this.#talk = talk
    const [program, ...words] = talk.command(port)
    const child = spawn(program as string, words, { stdio: ['pipe', 'pipe', 'pipe'] })
    child.stdout.on('data', (chunk) => {
      this.#heard += chunk
    })
    child.stdin.on('error', () => {})
    child.on('close', () => {
      this.#ended = true
    })
    this.#child = child
  }

  /** Whether the server answers a question; false when the connection is gone. */
  async asks(): Promise<boolean> {
    this.#heard = ''
    this.#child.stdin?.write(`${this.#talk.question}\n`)
    for (let tries = 0; tries < 400 && !this.#ended; tries++) {
      if (this.#talk.answer.test(this.#heard)) return true
      await pause(25)
    }
    return false
  }

  async close(): Promise<void> {
    if (this.#ended) return
    const closed = once(this.#child, 'close')
    this.#child.kill('SIGKILL')
    await closed
  }
}
