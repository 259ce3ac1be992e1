/** What a stick table of a million clients costs, in this process: memory, time to track, and how long anybody waits while it fills, is flooded and empties. No proxy runs. */
import { setImmediate as turn } from 'node:timers/promises'
import { type Clock, systemClock } from '../../lib/base/clock.js'
import { Ip } from '../../lib/base/ip.js'
import { TableSweep } from '../../lib/engine/table-sweep.js'
import { Context, type SessionView } from '../../lib/match/context.js'
import { src } from '../../lib/match/fetches/connection.js'
import { Request } from '../../lib/message/request.js'
import { rate } from '../../lib/table/field.js'
import { StickTable } from '../../lib/table/stick-table.js'
import { measureSharing } from './sharing.js'
import { longest, longestAlways, memory, middle, type Turns, take } from './turns.js'

/** Of several rounds, the one in which others used the machine least, which is what the table takes; and the one in the middle. */
export interface TableFigure {
  readonly name: string
  readonly value: number
  readonly usual: number
  readonly unit: 'bytes' | 'ns' | 'ms'
  /** The most that the value may be; none for what is only told. */
  readonly limit?: number
}

const COUNT = 1_000_000
const FEW = 1000
const KEY_BYTES = 16
const EXPIRE = 600_000
/** Tables that are filled, flooded and emptied. */
const RUNS = 3

/** Another address for each number, spread as if by chance. */
const addressOf = (number: number): Ip => Ip.fromNumber(Math.imul(number, 0x9e3779b1) >>> 0)

type Table = StickTable<'requests'>

const tableOf = (size: number): Table =>
  new StickTable('clients', { key: 'ip', size, expire: EXPIRE, store: { requests: rate('10s') } })

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

function track(table: Table, context: Context): void {
  table.track(context, context.session.source)
  context.release()
}

const least = (values: readonly number[]): number => Math.min(...values)

export async function measureTables(): Promise<readonly TableFigure[]> {
  const runs: Run[] = []
  for (let i = 0; i < RUNS; i++) runs.push(await run())
  const turns = (name: string, of: (run: Run) => Turns): TableFigure[] => {
    const most = runs.map((each) => longest(of(each)))
    const always = longestAlways(runs.map(of))
    return [
      { name: `longest turn ${name}`, value: least(most), usual: middle(most), unit: 'ms', limit: 5 },
      { name: '  in every round at the same place', value: always, usual: always, unit: 'ms', limit: 5 },
    ]
  }
  const bytes = runs.map((each) => each.bytes)
  return [
    { name: 'memory of an entry beside its key', value: least(bytes), usual: middle(bytes), unit: 'bytes', limit: 200 },
    ...tracking(),
    ...turns('while it fills', ({ filled }) => filled),
    ...turns('while new clients flood it', ({ flooded }) => flooded),
    ...turns('while all of it, used again since, is put off', ({ putOff }) => putOff),
    ...turns('while all of it is over', ({ emptied }) => emptied),
    ...measureSharing(),
    { name: 'this machine, to read a word anywhere in 64 MiB', ...reading(), unit: 'ns' },
  ]
}

interface Run {
  readonly bytes: number
  readonly filled: Turns
  readonly flooded: Turns
  readonly putOff: Turns
  readonly emptied: Turns
}

/** The life of a table: a million come, a million others take their places, come again shortly before their time is over, and do not come again. */
async function run(): Promise<Run> {
  const client = new Client()
  const before = await memory()
  const table = tableOf(COUNT)
  const filled = coming((at) => track(table, client.from(addressOf(at), at / 1000)))
  const bytes = ((await memory()) - before) / COUNT - KEY_BYTES
  const flooded = coming((at) => track(table, client.from(addressOf(COUNT + at), 2000 + at / 1000)))
  const last = EXPIRE - 10_000
  for (let at = 0; at < COUNT; at++) track(table, client.from(addressOf(COUNT + at), last))
  const putOff = await sweeping(table, EXPIRE + 5000, (waiting) => waiting)
  const emptied = await sweeping(table, last + EXPIRE + 5000, () => table.size === 0)
  return { bytes, filled, flooded, putOff, emptied }
}

/** Clients that come in one turn of the loop. */
const BATCH = 10

function coming(come: (at: number) => void): Turns {
  const turns: Turns = []
  for (let at = 0; at < COUNT; at += BATCH) {
    take(turns, () => {
      for (let next = at; next < at + BATCH; next++) come(next)
    })
  }
  return turns
}

/** Has the table swept as of a time, as a balancer does: what is to happen later happens at once, until it is done. */
async function sweeping(table: Table, time: number, done: (waiting: boolean) => boolean): Promise<Turns> {
  const begun = performance.now()
  const now = (): number => time + performance.now() - begun
  const turns: Turns = []
  let waiting = false
  const after: Clock['after'] = (pause, fire) => {
    waiting = turns.length > 0 && pause > 0
    return systemClock.after(0, () => take(turns, fire))
  }
  const sweep = new TableSweep({ ...systemClock, now, after })
  sweep.adopt(table)
  while (!done(waiting)) await turn()
  sweep.stop()
  return turns
}

const ROUNDS = 9
const BATCHES = 200
/** Clients whose time is taken together: their addresses have just come, as those of connections have. */
const TOGETHER = 100

/** Numbers that look like chance and are the same in every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** To track a client, to ask for its rate and to let go of it: any of all clients, or more often those of the first; then among few. */
function tracking(): TableFigure[] {
  const chance = seeded(7)
  const uniform = (count: number) => (): number => Math.floor(chance() * count)
  const zipf = (count: number) => (): number => Math.min(count - 1, Math.floor(Math.exp(chance() * Math.log(count))))
  const large = filledTable(COUNT)
  const small = filledTable(FEW)
  return [
    { name: 'to track and look up any of a million clients', ...cost(large, uniform(COUNT)), unit: 'ns', limit: 1000 },
    { name: 'to track and look up some more often (Zipf)', ...cost(large, zipf(COUNT)), unit: 'ns', limit: 1000 },
    { name: 'to track and look up any of a thousand', ...cost(small, uniform(FEW)), unit: 'ns' },
    { name: 'garbage of one', ...garbage(small), unit: 'bytes' },
  ]
}

function filledTable(count: number): Table {
  const [table, client] = [tableOf(count), new Client()]
  for (let at = 0; at < count; at++) track(table, client.from(addressOf(at), at / 1000))
  return table
}

interface Measured {
  readonly value: number
  readonly usual: number
}

const measured = (rounds: readonly number[]): Measured => ({ value: least(rounds), usual: middle(rounds) })

/** Nanoseconds. Of a round, the batch in the middle counts: one in which somebody else had the processor does not. */
function cost(table: Table, pick: () => number): Measured {
  const client = new Client()
  const lookup = table.lookup('requests', src)
  let now = 2000
  const batch = (): number => {
    const addresses = Array.from({ length: TOGETHER }, () => addressOf(pick()))
    // A thousand clients a second: what is used again belongs elsewhere in the order of expiry.
    now += TOGETHER
    const start = process.hrtime.bigint()
    for (const address of addresses) visit(table, lookup, client.from(address, now))
    return Number(process.hrtime.bigint() - start) / TOGETHER
  }
  const round = (): number => middle(Array.from({ length: BATCHES }, batch))
  return measured(Array.from({ length: ROUNDS }, round))
}

function visit(table: Table, lookup: ReturnType<Table['lookup']>, context: Context): void {
  table.track(context, context.session.source)
  lookup.ask(context)
  context.release()
}

/** Bytes that are of no use behind one. A round in which some were collected says less. */
function garbage(table: Table): Measured {
  const client = new Client()
  const lookup = table.lookup('requests', src)
  const addresses = Array.from({ length: FEW }, (_, at) => addressOf(at))
  const round = (): number => {
    const before = process.memoryUsage().heapUsed
    for (const address of addresses) visit(table, lookup, client.from(address, 5000.5))
    return (process.memoryUsage().heapUsed - before) / FEW
  }
  return measured(Array.from({ length: 5 * ROUNDS }, round).filter((bytes) => bytes > 0))
}

/** Nanoseconds that this machine takes to read a word that is anywhere: a yardstick. */
function reading(): Measured {
  const words = new Int32Array(2 ** 24).fill(1)
  let at = 1
  const batch = (): number => {
    const start = process.hrtime.bigint()
    for (let read = 0; read < 1000; read++) at = Math.imul(at, 1_664_525) + 1_013_904_222 + words[at >>> 8]!
    return Number(process.hrtime.bigint() - start) / 1000
  }
  return measured(Array.from({ length: ROUNDS }, () => middle(Array.from({ length: BATCHES / 4 }, batch))))
}

export function tableLines(figures: readonly TableFigure[]): string {
  const lines = figures.map(({ name, value, usual, unit, limit }) => {
    const shown = (number: number): string => number.toFixed(unit === 'ms' ? 2 : 0)
    if (limit === undefined) return `  ${name}: ${shown(value)} ${unit} (usually ${shown(usual)})`
    const judged = value < limit ? 'met' : 'MISSED'
    return `  ${name}, below ${limit} ${unit}: ${shown(value)} ${judged} (usually ${shown(usual)})`
  })
  return [
    `\nA stick table of ${COUNT.toLocaleString('en')} clients: the round that others disturbed least, and the one in the middle`,
    ...lines,
  ].join('\n')
}
