/** A real name server: addresses, services, aliases and names that do not exist, as dnsmasq says them; and one that goes away and comes back. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { Backend, Balancer, Resolvers, Server, serverTemplate } from '../../lib/index.js'
import { freePort } from './support/ports.js'
import { missing } from './support/programs.js'

t.setTimeout(0)

const PATIENCE = 20_000

/** One dnsmasq, at a port of its own. */
class Dnsmasq {
  readonly #folder: string
  readonly port: number
  #child: ChildProcess | undefined

  private constructor(folder: string, port: number) {
    this.#folder = folder
    this.port = port
  }

  static async start(records: readonly string[]): Promise<Dnsmasq> {
    const server = new Dnsmasq(await mkdtemp(join(tmpdir(), 'fairlead-dnsmasq-')), await freePort())
    await server.serve(records)
    return server
  }

  /** Begins anew, with other records. */
  async serve(records: readonly string[]): Promise<void> {
    await this.stop()
    const pid = join(this.#folder, 'pid')
    const words = ['--keep-in-foreground', '--conf-file=/dev/null', '--no-resolv', '--no-hosts', '--bind-interfaces']
    const place = [
      '--listen-address=127.0.0.1',
      `--port=${this.port}`,
      `--pid-file=${pid}`,
      '--user=',
      '--local=/test/',
    ]
    this.#child = spawn('dnsmasq', [...words, ...place, ...records.map((record) => `--${record}`)], { stdio: 'ignore' })
    for (let tries = 0; tries < 400 && !(await this.#listens()); tries++) await pause(25)
  }

  async stop(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null) return
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }

  async end(): Promise<void> {
    await this.stop()
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #listens(): Promise<boolean> {
    const socket = createConnection(this.port, '127.0.0.1')
    try {
      await once(socket, 'connect')
      return true
    } catch {
      return false
    } finally {
      socket.destroy()
    }
  }
}

const places = (backend: Backend): readonly string[] =>
  backend.servers.map(({ unresolved, address, weight }) => (unresolved ? '-' : `${address} ${weight}`)).sort()

/** What there is in the end. */
async function reached(backend: Backend, wanted: readonly string[]): Promise<readonly string[]> {
  for (const end = Date.now() + PATIENCE; ; await pause(25)) {
    const seen = places(backend)
    if (JSON.stringify(seen) === JSON.stringify(wanted) || Date.now() > end) return seen
  }
}

const absent = missing('dnsmasq')
if (absent !== undefined) t.pass('dnsmasq', { skip: absent })
else
  t.test('servers follow a real name server', async (t) => {
    const server = await Dnsmasq.start(['host-record=api.test,10.0.0.1'])
    const dns = new Resolvers('dns', {
      nameservers: [`127.0.0.1:${server.port}`],
      timeouts: { resolve: 200, retry: 200 },
      hold: { nx: 0, other: 0, timeout: 0, refused: 0 },
    })
    const none = { resolvers: dns, initialAddress: ['none'] } as const
    const hosts = new Backend('hosts', { servers: serverTemplate('h', 2, 'api.test:80', none) })
    const service = new Backend('service', { servers: serverTemplate('s', 3, '_http._tcp.api.test', none) })
    const many = new Backend('many', { servers: serverTemplate('m', 60, 'many.test:80', none) })
    const alias = new Backend('alias', { servers: [new Server('a', 'www.test:80', none)] })
    const balancer = new Balancer({ frontends: [], backends: [hosts, service, many, alias] })
    t.teardown(async () => {
      await balancer.stop()
      await server.end()
    })
    await balancer.start()
    t.strictSame(await reached(hosts, ['-', '10.0.0.1:80 1']), ['-', '10.0.0.1:80 1'])
    await server.serve([
      'host-record=api.test,10.0.0.2',
      'host-record=api.test,10.0.0.3',
      'host-record=one.test,10.0.0.4',
      'host-record=two.test,10.0.0.5',
      'srv-host=_http._tcp.api.test,one.test,8001,0,256',
      'srv-host=_http._tcp.api.test,two.test,8002,0,512',
      'cname=www.test,one.test',
      ...Array.from({ length: 60 }, (_, index) => `host-record=many.test,10.1.0.${index + 1}`),
    ])
    t.strictSame(await reached(hosts, ['10.0.0.2:80 1', '10.0.0.3:80 1']), ['10.0.0.2:80 1', '10.0.0.3:80 1'])
    const spots = ['-', '10.0.0.4:8001 1', '10.0.0.5:8002 2']
    t.strictSame(await reached(service, spots), spots)
    t.strictSame(await reached(alias, ['10.0.0.4:80 1']), ['10.0.0.4:80 1'])
    const sixty = Array.from({ length: 60 }, (_, index) => `10.1.0.${index + 1}:80 1`).sort()
    t.strictSame(await reached(many, sixty), sixty, 'more than a datagram holds comes by TCP')
    t.ok((dns.nameservers[0]?.figures.truncated ?? 0) > 0)
    await server.stop()
    t.strictSame(await reached(hosts, ['-', '-']), ['-', '-'], 'it has gone')
    await server.serve(['host-record=api.test,10.0.0.9'])
    t.strictSame(await reached(hosts, ['-', '10.0.0.9:80 1']), ['-', '10.0.0.9:80 1'], 'and is back')
    t.strictSame(await reached(service, ['-', '-', '-']), ['-', '-', '-'], 'without the service')
  })
