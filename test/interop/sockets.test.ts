/** `source` and `option tcpka` of both programs, as the origin and the kernel see them. */
import { readFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import t from 'tap'
import { freePort } from './support/ports.js'
import { missing } from './support/programs.js'
import { haproxy, ProxyProcess, subject } from './support/proxy.js'

const config = (port: number, origin: number, more: string): string => `
defaults
  mode http
  timeout client 9s
  timeout server 9s
  timeout connect 9s
frontend f
  bind 127.0.0.1:${port}
  clitcpka-idle 90
  ${more.includes('client') ? 'option clitcpka' : ''}
  use_backend c if { path /t }
  default_backend b
backend b
  ${more.includes('server') ? 'option srvtcpka' : ''}
  source 127.0.0.7
  server s 127.0.0.1:${origin}
backend c
  ${more.includes('server') ? 'option srvtcpka' : ''}
  source 127.0.0.7
  server t 127.0.0.1:${origin} source 127.0.0.8
`

/** Whether the kernel waits to probe the connection from one port to another: the timer that /proc/net/tcp calls 02. */
function probes(from: number, to: number): boolean {
  const hex = (port: number): string => `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const line = readFileSync('/proc/net/tcp', 'latin1')
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .find((row) => row[1]?.endsWith(hex(from)) === true && row[2]?.endsWith(hex(to)) === true)
  return line?.[5]?.startsWith('02:') === true
}

interface Seen {
  readonly from: readonly string[]
  readonly client: boolean
  readonly server: boolean
}

async function observe(program: readonly string[], more: string): Promise<Seen> {
  const sockets: Socket[] = []
  const from: string[] = []
  let seen = { client: false, server: false }
  const port = await freePort()
  const origin = createServer((socket) => {
    sockets.push(socket)
    from.push(socket.remoteAddress ?? '')
    socket.on('error', () => {})
    socket.on('data', () => {
      const own = (origin.address() as { port: number }).port
      seen = { client: probes(port, clientPort), server: probes(socket.remotePort ?? 0, own) }
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
    })
  })
  let clientPort = 0
  await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve))
  const proxy = await ProxyProcess.start(program, config(port, (origin.address() as { port: number }).port, more), port)
  try {
    for (const path of ['/', '/t']) {
      await new Promise<void>((resolve, reject) => {
        const client = connect(port, '127.0.0.1', () => {
          clientPort = client.localPort ?? 0
          client.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
        })
        client
          .on('error', reject)
          .on('close', () => resolve())
          .resume()
      })
    }
    return { from, ...seen }
  } finally {
    await proxy.stop()
    for (const socket of sockets) socket.destroy()
    origin.close()
  }
}

const absent = process.platform === 'linux' ? missing('haproxy') : 'the kernel tells of its timers on Linux only'
if (absent !== undefined) t.pass('source and tcpka', { skip: absent })
else {
  for (const more of ['none', 'client', 'server', 'client and server']) {
    t.test(`source, and keep-alive of ${more}`, async (t) => {
      const theirs = await observe(haproxy, more)
      t.strictSame(theirs, {
        from: ['127.0.0.7', '127.0.0.8'],
        client: more.includes('client'),
        server: more.includes('server'),
      })
      t.strictSame(await observe(subject, more), theirs)
    })
  }
}
