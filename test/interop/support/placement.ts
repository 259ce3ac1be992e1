/** A real HAProxy whose backends all lead to one origin, asked in keep-alive which server it chose. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './ports.js'

/** One request: the backend is the caller's to name. */
export interface Ask {
  readonly target?: string
  readonly host?: string
  readonly method?: string
  /** Lines of the head. */
  readonly fields?: readonly string[]
  readonly body?: string
}

/** Requests that are on the way at a time. */
const WINDOW = 16
const STARTING = 10_000

export class PlacementOracle {
  readonly #port: number
  readonly #stop: () => Promise<void>

  private constructor(port: number, stop: () => Promise<void>) {
    this.#port = port
    this.#stop = stop
  }

  /** @param backends the lines of each; `ORIGIN` stands for the origin's address */
  static async start(backends: ReadonlyMap<string, readonly string[]>): Promise<PlacementOracle> {
    const origin = await startOrigin()
    const port = await freePort()
    const folder = await mkdtemp(join(tmpdir(), 'fairlead-placement-'))
    const file = join(folder, 'haproxy.cfg')
    await writeFile(file, configuration(port, (origin.address() as AddressInfo).port, backends), 'latin1')
    const child = spawn('haproxy', ['-f', file, '-db', '-q'], { stdio: ['ignore', 'ignore', 'pipe'] })
    let complaints = ''
    child.stderr.on('data', (chunk: Buffer) => {
      complaints += chunk.toString()
    })
    const ended = once(child, 'exit')
    const stop = async (): Promise<void> => {
      if (child.exitCode === null) child.kill('SIGKILL')
      await ended
      origin.close()
      await rm(folder, { recursive: true })
    }
    const deadline = performance.now() + STARTING
    while (!(await listens(port))) {
      if (child.exitCode !== null || performance.now() > deadline) {
        await stop()
        throw new Error(`haproxy does not start: ${complaints}`)
      }
    }
    return new PlacementOracle(port, stop)
  }

  stop(): Promise<void> {
    return this.#stop()
  }

  hold(backend: string): Held {
    return new Held(this.#port, backend)
  }

  /** The names of the servers that took the requests, which are sent in order over one connection. */
  ask(backend: string, asks: readonly Ask[]): Promise<string[]> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.#port, '127.0.0.1')
      const names: string[] = []
      let sent = 0
      let received = ''
      const send = (): void => {
        let out = ''
        while (sent < asks.length && sent < names.length + WINDOW) out += requestText(backend, asks[sent++]!)
        if (out !== '') socket.write(out, 'latin1')
      }
      socket.setEncoding('latin1')
      socket.on('data', (chunk: string) => {
        received += chunk
        for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
          const head = received.slice(0, end)
          names.push(/^x-server: (.*)$/m.exec(head)?.[1]?.trim() ?? head.split('\r\n')[0]!)
          received = received.slice(end + 4 + Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0))
        }
        send()
        if (names.length >= asks.length) socket.end(() => resolve(names))
      })
      socket.on('error', reject)
      socket.on('close', () => resolve(names))
      send()
    })
  }
}

/** Requests under way in a backend, of which the origin owes the last byte: their servers carry them until they are let go. */
export class Held {
  readonly #port: number
  readonly #backend: string
  readonly #sockets: Socket[] = []

  constructor(port: number, backend: string) {
    this.#port = port
    this.#backend = backend
  }

  /** One more of them. @returns the name of the server that took it */
  take(ask: Ask): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.#port, '127.0.0.1')
      this.#sockets.push(socket)
      let received = ''
      socket.setEncoding('latin1')
      socket.on('data', (chunk: string) => {
        received += chunk
        if (received.includes('\r\n\r\n')) resolve(/^x-server: (.*)$/m.exec(received)?.[1]?.trim() ?? received)
      })
      socket.on('error', reject)
      socket.write(requestText(this.#backend, { ...ask, fields: [...(ask.fields ?? []), 'x-owe: 1'] }), 'latin1')
    })
  }

  end(): void {
    for (const socket of this.#sockets) socket.destroy()
  }
}

function requestText(backend: string, ask: Ask): string {
  const { target = '/', host = 'h', method = 'GET', fields = [], body = '' } = ask
  const length = body === '' ? [] : [`content-length: ${body.length}`]
  return `${[`${method} ${target} HTTP/1.1`, `host: ${host}`, `x-backend: ${backend}`, ...fields, ...length].join('\r\n')}\r\n\r\n${body}`
}

function configuration(port: number, origin: number, backends: ReadonlyMap<string, readonly string[]>): string {
  const sections = [...backends].map(([name, lines]) => {
    const own = lines.map((line) => `  ${line.replace('ORIGIN', `127.0.0.1:${origin}`)}`)
    return [`backend ${name}`, '  http-response set-header x-server %s', ...own].join('\n')
  })
  return `defaults
  mode http
  timeout client 20s
  timeout connect 5s
  timeout server 20s
frontend f
  bind 127.0.0.1:${port}
  http-request set-src req.hdr(x-source) if { req.hdr(x-source) -m found }
  use_backend %[req.hdr(x-backend)]
${sections.join('\n')}
`
}

/** Answers each request that has come whole, bodies included; where `x-owe` asks for it, without the last byte. */
async function startOrigin(): Promise<Server> {
  const server = createServer((socket: Socket) => {
    let received = ''
    socket.setEncoding('latin1')
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk: string) => {
      received += chunk
      for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
        const length = Number(/^content-length: (\d+)/im.exec(received.slice(0, end))?.[1] ?? 0)
        if (received.length < end + 4 + length) return
        const owes = /^x-owe:/m.test(received.slice(0, end))
        received = received.slice(end + 4 + length)
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${owes ? 1 : 0}\r\n\r\n`)
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => setTimeout(() => resolve(false), 20))
  })
}
