/** What a stick table of a million clients costs, in this process: memory, time to track, and how long anybody waits while it fills, is flooded and empties. No proxy runs. */
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type Clock, systemClock } from '../../lib/base/clock.js'
import { Ip } from '../../lib/base/ip.js'
import { TableSweep } from '../../lib/engine/table-sweep.js'
import { Context, type SessionView } from '../../lib/match/context.js'
import { src } from '../../lib/match/fetches/connection.js'
import { Request } from '../../lib/message/request.js'
import { rate } from '../../lib/table/field.js'
import { StickTable } from '../../lib/table/stick-table.js'

export interface TableFigure {
  readonly name: string
  readonly value: number
  readonly unit: 'bytes' | 'ns' | 'ms'
  /** The most that it may be; none for what the machine does. */
  readonly limit?: number
}

const COUNT = 1_000_000
const KEY_BYTES = 16
const EXPIRE = 600_000

/** Another address for each number, spread as if by chance. */
const addressOf = (number: number): Ip => Ip.fromNumber(Math.imul(number, 0x9e3779b1) >>> 0)

const tableOf = (): StickTable<'requests'> =>
  new StickTable('clients', { key: 'ip', size: COUNT, expire: EXPIRE, store: { requests: rate('10s') } })

class Client {
  readonly context: Context
  readonly #session: { source: Ip | undefined } & Omit<SessionView, 'source'>

  constructor() {
    this.#session = { frontend: 'f', source: undefined, sourcePort: 1, destination: undefined, destinationPort: 80 }
    this.context = new Context(this.#session, 0, 0)
    this.context.request = Request.from('GET', '/', [])
  }

  from(address: Ip, now: number): Context {
    this.#session.source = address
    this.context.now = now
    return this.context
  }
}

function track(table: StickTable<'requests'>, context: Context): void {
  table.track(context, context.session.source)
  context.release()
}

/** Milliseconds of processor time that this process has had: others on the machine do not count. */
function worked(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

const ROUNDS = 16
/** Clients that come in one turn of the loop. */
const BATCH = 10

/** The longest of many turns, in milliseconds. */
function longest(clients: number, come: (at: number) => void): number {
  let most = 0
  for (let at = 0; at < clients; at += BATCH) {
    const start = worked()
    for (let next = at; next < at + BATCH; next++) come(next)
    most = Math.max(most, worked() - start)
  }
  return most
}

/** Bytes in use; what is no longer needed would count as well. */
function memory(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

export async function measureTables(): Promise<readonly TableFigure[]> {
  const client = new Client()
  const before = memory()
  const table = tableOf()
  const filled = longest(COUNT, (at) => track(table, client.from(addressOf(at), at / 1000)))
  const bytes = (memory() - before) / COUNT - KEY_BYTES
  const lookup = table.lookup('requests', src)
  const cost = tracking(table, client, (context) => lookup.ask(context))
  const flooded = longest(COUNT, (at) => track(table, client.from(addressOf(COUNT + at), 2000 + at / 1000)))
  const emptied = await emptying(table)
  return [
    { name: 'memory of an entry beside its key', value: bytes, unit: 'bytes', limit: 200 },
    { name: 'to track and look up', value: cost, unit: 'ns', limit: 1000 },
    { name: 'longest turn while it fills', value: filled, unit: 'ms', limit: 5 },
    { name: 'longest turn while new clients flood it', value: flooded, unit: 'ms', limit: 5 },
    { name: 'longest turn while all of it is over', value: emptied, unit: 'ms', limit: 5 },
    { name: 'this machine, to read anywhere in 64 MiB', value: reading(), unit: 'ns' },
  ]
}

/** The best of several rounds, in nanoseconds; making and changing the context is taken off. */
function tracking(table: StickTable<'requests'>, client: Client, ask: (context: Context) => unknown): number {
  const addresses = Array.from({ length: 100_000 }, (_, at) => addressOf(Math.imul(at, 7919) % COUNT))
  const round = (work: (context: Context) => void, now: number): number => {
    const start = worked()
    for (const address of addresses) work(client.from(address, now))
    return ((worked() - start) * 1e6) / addresses.length
  }
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < ROUNDS; i++) {
    const idle = round(() => {}, 1000 + i)
    const busy = round((context) => {
      table.track(context, context.session.source)
      ask(context)
      context.release()
    }, 1000 + i)
    best = Math.min(best, busy - idle)
  }
  return best
}

/** What this machine takes to read a word that is anywhere, in nanoseconds: a yardstick. */
function reading(): number {
  const words = new Int32Array(2 ** 24).fill(1)
  let best = Number.POSITIVE_INFINITY
  for (let i = 0, at = 1; i < ROUNDS; i++) {
    const start = worked()
    for (let read = 0; read < 100_000; read++) at = Math.imul(at, 1_664_525) + 1_013_904_222 + words[at >>> 8]!
    best = Math.min(best, ((worked() - start) * 1e6) / 100_000)
  }
  return best
}

/** How long the loop stands still while the table is swept, in milliseconds. */
async function emptying(table: StickTable<'requests'>): Promise<number> {
  const over = table.latest + EXPIRE
  const begun = performance.now()
  const now = (): number => over + performance.now() - begun
  const clock: Clock = { ...systemClock, now, after: (_, fire) => systemClock.after(0, fire) }
  const sweep = new TableSweep(clock)
  sweep.adopt(table)
  let most = 0
  for (let before = worked(); table.size > 0; ) {
    await turn()
    const after = worked()
    most = Math.max(most, after - before)
    before = after
  }
  sweep.stop()
  return most
}

export function tableLines(figures: readonly TableFigure[]): string {
  const lines = figures.map(({ name, value, unit, limit }) => {
    const shown = value.toFixed(unit === 'ms' ? 2 : 0)
    if (limit === undefined) return `  ${name}: ${shown} ${unit}`
    return `  ${name}, at most ${limit} ${unit}: ${shown} ${value <= limit ? 'met' : 'MISSED'}`
  })
  return [`\nA stick table of ${COUNT.toLocaleString('en')} clients, in processor time`, ...lines].join('\n')
}
