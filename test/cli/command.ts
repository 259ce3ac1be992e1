/** The command as a process of its own: started on a temporary configuration, asked over HTTP, signalled, waited for. */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

interface Test {
  teardown(end: () => unknown): void
}

/** The executable. */
export const program = fileURLToPath(new URL('../../lib/cli/fairlead.js', import.meta.url))

/** A folder for the files of one test. */
export function folder(t: Test): { readonly path: string; file(name: string, text: string): string } {
  const path = mkdtempSync(join(tmpdir(), 'fairlead-cli-'))
  t.teardown(() => rmSync(path, { recursive: true, force: true }))
  const file = (name: string, text: string): string => {
    writeFileSync(join(path, name), text)
    return join(path, name)
  }
  return { path, file }
}

/** A port that nobody listens at. */
export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** A server that hands its connections over; it is gone with the test. */
export async function listener(
  t: Test,
  connected: (socket: Socket) => void = () => {},
): Promise<{ server: Server; port: number }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    connected(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return { server, port: (server.address() as AddressInfo).port }
}

/** A running command. */
export class Command {
  readonly child: ChildProcess
  stdout = ''
  stderr = ''
  readonly #exit: Promise<number | null>

  constructor(args: readonly string[], options: { cwd?: string; stdio?: StdioOptions; env?: NodeJS.ProcessEnv } = {}) {
    this.child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], ...options })
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text
    })
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text
    })
    this.#exit = once(this.child, 'close').then(([code]) => code as number | null)
  }

  /** Resolves with its exit status when it has ended and said everything. */
  exit(): Promise<number | null> {
    return this.#exit
  }

  /** Signals it, and waits for its end. */
  end(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal)
    return this.#exit
  }
}

/** Runs the command to its end. */
export async function run(
  ...args: readonly string[]
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const command = new Command(args)
  const code = await command.exit()
  return { code, stdout: command.stdout, stderr: command.stderr }
}

/** Starts the command, which is gone with the test at the latest. */
export function start(t: Test, args: readonly string[], options?: ConstructorParameters<typeof Command>[1]): Command {
  const command = new Command(args, options)
  t.teardown(() => command.end('SIGKILL'))
  return command
}

/** Connects as soon as somebody listens. */
export async function reach(port: number): Promise<Socket> {
  for (let attempt = 0; attempt < 3000; attempt++) {
    const socket = connect(port, '127.0.0.1')
    const connected = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    if (connected) return socket.on('error', () => {})
    await pause(10)
  }
  throw new Error(`nobody listens at port ${port}`)
}

/** Resolves as soon as nobody listens any more. */
export async function closed(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const refused = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(false)).once('error', () => resolve(true))
    })
    socket.destroy()
    if (refused) return
    await pause(10)
  }
}

/** All that comes back for one request on a connection of its own. `fields` are lines of its head. */
export async function ask(port: number, fields = ''): Promise<string> {
  const socket = await reach(port)
  let answer = ''
  socket.setEncoding('latin1').on('data', (text: string) => {
    answer += text
  })
  socket.write(`GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${fields}\r\n`)
  await once(socket, 'close')
  return answer
}

/** A frontend that refuses everything. The file has no final line feed. */
export const refusing = (bind: string): string =>
  `frontend f\n  mode http\n  timeout client 5s\n  bind ${bind}\n  http-request deny`

/** A frontend with one server. */
export const forwarding = (bind: string, server: number, global = ''): string => `global
  ${global}
listen web
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
  bind ${bind}
  server s1 127.0.0.1:${server}
`
