/** Stick tables of HAProxy and ours as the same lines, and a pair of peers that share some of every kind. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { RuntimeApi } from '../../../lib/admin/runtime-api.js'
import { parseConfig } from '../../../lib/config/index.js'
import { Balancer, type Peers, type StartOptions, type StickTable } from '../../../lib/index.js'
import { freePort } from './ports.js'
import { haproxy, ProxyProcess } from './proxy.js'
import { ask } from './runtime.js'

/** How long something is waited for: on a busy machine that takes long. */
const PATIENCE = 20_000

/** Waits until something is so; answers whether it was in time. */
export async function until(so: () => boolean | Promise<boolean>, patience = PATIENCE): Promise<boolean> {
  for (const end = Date.now() + patience; Date.now() < end; await pause(20)) if (await so()) return true
  return so()
}

const scalars =
  'server_id,gpt0,gpc0,gpc0_rate(1h),conn_cnt,conn_rate(1h),conn_cur,sess_cnt,sess_rate(1h),http_req_cnt,http_req_rate(1h),http_err_cnt,http_err_rate(1h),bytes_in_cnt,bytes_in_rate(1h),bytes_out_cnt,bytes_out_rate(1h),gpc1,gpc1_rate(1h),http_fail_cnt,http_fail_rate(1h)'

/** Tables of every kind of key and data, as lines of a `peers` section. */
const tables = `
  table ti type integer size 200k expire 1h store ${scalars}
  table ts type string len 20 size 1k expire 2h store gpt(3),gpc(4),gpc_rate(2,1h),server_key,server_id
  table tip type ip size 1k store gpc0
  table tip6 type ipv6 size 1k expire 30m store gpc0,gpc0_rate(1h)
  table tb type binary len 8 size 1k expire 1h store gpc0
`

/** Fills what `set table` cannot. */
const visits = `
frontend visits
  mode http
  timeout client 5s
  bind 127.0.0.1:{visits}
  http-request track-sc0 path table P/ts
  http-request track-sc1 path,field(2,/),bytes(0,8) table P/tb
  http-request sc-inc-gpc(1,0)
  http-request sc-set-gpt(2,0) 77
  http-request sc-inc-gpc0(1)
  use_backend sticky
backend sticky
  mode http
  timeout connect 1s
  timeout server 5s
  stick-table type string len 12 size 1k expire 1h store server_id,server_key peers P
  stick on path
  server one 127.0.0.1:{origin}
  server two 127.0.0.1:{origin}
frontend origin
  mode http
  timeout client 5s
  bind 127.0.0.1:{origin}
  http-request return status 200
`

/** Where both are to be found, and who calls whom. */
export interface Places {
  readonly haproxy: number
  readonly ours: number
  readonly visits: number
  readonly origin: number
  /** A port that nobody listens at. */
  readonly nowhere: number
}

export async function places(): Promise<Places> {
  return {
    haproxy: await freePort(),
    ours: await freePort(),
    visits: await freePort(),
    origin: await freePort(),
    nowhere: await freePort(),
  }
}

/** HAProxy as the peer `h`. */
export class Reference {
  readonly process: ProxyProcess
  readonly #folder: string
  readonly #visits: number

  private constructor(process: ProxyProcess, folder: string, visits: number) {
    this.process = process
    this.#folder = folder
    this.#visits = visits
  }

  /** @param others the lines of its peers */
  static async start(at: Places, others: string, flags: readonly string[] = []): Promise<Reference> {
    const folder = await mkdtemp(join(tmpdir(), 'fairlead-peers-'))
    // With several threads, the tasks of HAProxy 2.6's peers are not always woken.
    const config = `global
  nbthread 1
  localpeer h
  stats socket ${folder}/socket level admin
peers P
  peer h 127.0.0.1:${at.haproxy}
${others}
${tables}
${visits.replaceAll('{visits}', String(at.visits)).replaceAll('{origin}', String(at.origin))}`
    const process = await ProxyProcess.start(haproxy, config, at.visits, ['-db', ...flags])
    return new Reference(process, folder, at.visits)
  }

  ask(text: string): Promise<string> {
    return ask(join(this.#folder, 'socket'), text)
  }

  async visit(path: string): Promise<void> {
    await (await fetch(`http://127.0.0.1:${this.#visits}${path}`)).arrayBuffer()
  }

  /** The entries of a table, without what only its own process knows. */
  async entries(table: string): Promise<string[]> {
    const lines = (await this.ask(`show table ${table}`)).split('\n').filter((line) => line.startsWith('0x'))
    return lines.map((line) => line.replace(/^0x\w+: (key=.*?) use=\d+ exp=\d+/, '$1')).sort()
  }

  async stop(): Promise<void> {
    await this.process.stop()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** This library as the peer `f`. */
export class Ours {
  readonly balancer: Balancer
  readonly peers: Peers
  readonly news: string[] = []

  private constructor(balancer: Balancer) {
    this.balancer = balancer
    this.peers = balancer.peers[0] as Peers
    balancer.on('peer', ({ peer, what, reason }) => void this.news.push(`${peer.name} ${what} ${reason}`))
  }

  /** @param others the lines of its peers @param name what it is called */
  static async start(at: Places, others: string, name = 'f', options: StartOptions = {}): Promise<Ours> {
    const proxies =
      'backend sticky\n  stick-table type string len 12 size 1k expire 1h store server_id,server_key peers P\n'
    const config = parseConfig(`peers P\n  peer ${name} 127.0.0.1:${at.ours}\n${others}\n${tables}\n${proxies}`, {
      localPeer: name,
    })
    const ours = new Ours(new Balancer({ frontends: [], peers: config.peers, tables: config.tables }))
    await ours.balancer.start(options)
    return ours
  }

  table(name: string): StickTable {
    return this.balancer.tables.find((table) => table.name === name) as StickTable
  }

  /** The entries of a table as HAProxy shows them. */
  entries(name: string): string[] {
    const table = this.table(name)
    const now = performance.now()
    return rowsOf(table, now)
      .map((row) => `key=${table.keyText(row)} ${shown(table, row, now)}`)
      .sort()
  }

  /** Changes an entry here. */
  set(name: string, key: unknown, values: Readonly<Record<string, number | string>>): void {
    const table = this.table(name)
    const now = performance.now()
    const made = table.keyOf(key)
    if (made === undefined) throw new Error(`${key} is no key of ${name}`)
    const row = table.open(made, now)
    for (const [word, value] of Object.entries(values)) {
      const [, type = '', element = '0'] = /^(\w+?)(?:\[(\d+)\])?$/.exec(word) ?? []
      const field = table.field(type)
      if (typeof value === 'string') table.writeText(row, field, value)
      else table.write(row, field, value, now, Number(element))
    }
    table.touch(row, now)
  }

  /** How HAProxy stands with us. */
  get peer() {
    return this.peers.standing()?.peers.find(({ name }) => name === 'h')
  }

  /** What the runtime API answers. */
  ask(text: string): Promise<string> {
    return new RuntimeApi(this.balancer).execute(text)
  }

  async stop(): Promise<void> {
    await this.balancer.stop()
  }
}

function rowsOf(table: StickTable, now: number): number[] {
  return table.records(now).map(({ key }) => {
    const made = table.keyOf(table.key === 'binary' ? Buffer.from(key, 'hex') : key)
    return made === undefined ? -1 : table.find(made, now)
  })
}

function shown(table: StickTable, row: number, now: number): string {
  const order = table.fields.map((_, field) => field)
  order.sort((one, other) => (table.fields[one]?.type.number ?? 0) - (table.fields[other]?.type.number ?? 0))
  return order.flatMap((field) => words(table, row, field, now)).join(' ')
}

function words(table: StickTable, row: number, field: number, now: number): string[] {
  const { type, length, period } = table.fields[field]!
  const suffix = type.kind === 'rate' ? `(${period})` : ''
  if (type.kind === 'text') return [`${type.name}=${table.readText(row, field) ?? '-'}`]
  return Array.from({ length }, (_, element) => {
    const name = type.array ? type.name.replace(/^(gp[tc])/, `$1${element}`) : type.name
    return `${name}${suffix}=${table.read(row, field, now, element)}`
  })
}
