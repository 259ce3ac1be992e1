/** What 10,000 servers in one backend cost, in processor time of this process: a pick of each algorithm while loads change, a change of one server, and memory. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import {
  type Algorithm,
  Backend,
  first,
  hash,
  header,
  headerHash,
  leastConn,
  random,
  roundRobin,
  Server,
  source,
  staticRoundRobin,
  uri,
} from '../../lib/index.js'
import { request } from '../../lib/testing/index.js'

export interface ServersFigure {
  readonly algorithm: string
  /** Nanoseconds of a pick, its place taken and given back, among 10,000 and among 10. */
  readonly pick: number
  readonly few: number
  /** The same with nearly all of them full; with a bound on loads, where one key is asked for so often that nearly all carry what they may. */
  readonly crowded: number
  /** Microseconds of a server that leaves the rotation or comes back, with the pick that follows. */
  readonly change: number
  /** Microseconds of another weight, with the pick that follows. */
  readonly weight: number
}

export interface ServersReport {
  readonly figures: readonly ServersFigure[]
  /** Bytes. */
  readonly memory: number
}

const COUNT = 10_000
const PICKS = 10_000
/** Requests that are under way at a time. */
const UNDER_WAY = 500
/** Per cent of the average that a bound on loads allows, and requests under way with which that is just above one for each. */
const FACTOR = 125
const AT_THE_BOUND = (COUNT * 100) / FACTOR + 10

const bounded = headerHash('x-key', { method: 'consistent', balanceFactor: FACTOR })

const algorithms = (): readonly Algorithm[] => [
  roundRobin(),
  staticRoundRobin(),
  leastConn(),
  first(),
  random(),
  source(),
  uri(),
  uri({ method: 'consistent' }),
  headerHash('x-key', { method: 'consistent' }),
  bounded,
  hash(header('x-key')),
]

const contexts = Array.from({ length: 64 }, (_, index) =>
  request(`/${index * 7919}`, { src: `10.1.${index}.7`, headers: { 'x-key': `key-${index * 104_729}` } }),
)

function backendOf(balance: Algorithm, count: number, maxConnections: number): Backend {
  const servers = Array.from(
    { length: count },
    (_, index) =>
      new Server(`s${index}`, `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}:80`, { maxConnections }),
  )
  return new Backend('be', { balance, servers })
}

/** Nanoseconds of processor time so far; the clock on the wall would count other processes, too. */
function spent(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) * 1000
}

/** Nanoseconds of one of many picks, while others are under way. */
function timePicks(backend: Backend, underWay: number, picks: number, asks = contexts): number {
  const taken: Server[] = []
  const step = (index: number): void => {
    const place = backend.seek(asks[index % asks.length]!)
    if (place instanceof Server) taken.push(place)
    if (taken.length <= underWay) return
    const at = (index * 31) % taken.length
    const gone = taken[at]!
    taken[at] = taken[taken.length - 1]!
    taken.pop()
    backend.release(gone)
  }
  for (let index = 0; index < underWay; index++) step(index)
  const start = spent()
  for (let index = 0; index < picks; index++) step(index)
  const nanoseconds = (spent() - start) / picks
  for (const server of taken) backend.release(server)
  return nanoseconds
}

/** Microseconds of one change, and of the pick after it. */
function timeChanges(backend: Backend, change: (server: Server, index: number) => void): number {
  const changes = 10
  const start = spent()
  for (let index = 0; index < changes; index++) {
    change(backend.servers[(index >> 1) * 97]!, index)
    const place = backend.seek(contexts[index % contexts.length]!)
    if (place instanceof Server) backend.release(place)
  }
  return (spent() - start) / changes / 1000
}

function measureOne(balance: Algorithm): ServersFigure {
  const backend = backendOf(balance, COUNT, 0)
  timePicks(backend, UNDER_WAY, PICKS / 4)
  const pick = timePicks(backend, UNDER_WAY, PICKS)
  const change = timeChanges(backend, (server, index) => {
    server.admin = index % 2 === 0 ? 'drain' : 'ready'
  })
  const weight = timeChanges(backend, (server, index) => {
    server.weight = balance.dynamic ? 1 + (index % 2) : index % 2
  })
  const few = timePicks(backendOf(balance, 10, 0), Math.min(UNDER_WAY, 100), PICKS)
  return { algorithm: balance.name, pick, few, crowded: crowdedPick(balance, pick), change, weight }
}

function crowdedPick(balance: Algorithm, pick: number): number {
  if (balance.skipsFull) return timePicks(backendOf(balance, COUNT, 1), COUNT - 10, PICKS)
  if (balance !== bounded) return pick
  const backend = backendOf(balance, COUNT, 0)
  timePicks(backend, AT_THE_BOUND, PICKS / 4, contexts.slice(0, 1))
  return timePicks(backend, AT_THE_BOUND, PICKS, contexts.slice(0, 1))
}

/** What is no longer needed would count as well. */
function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

export function measureServers(): ServersReport {
  const collect = collector()
  collect()
  const before = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers
  const backend = backendOf(roundRobin(), COUNT, 10)
  collect()
  const after = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers
  const memory = Math.max(0, (after - before) / backend.servers.length)
  return { figures: algorithms().map(measureOne), memory }
}

export function serversLines({ figures, memory }: ServersReport): string {
  const lines = figures.map(
    ({ algorithm, pick, few, crowded, change, weight }) =>
      `  ${algorithm.padEnd(16)} ${pick.toFixed(0)} ns a pick (${few.toFixed(0)} of 10 servers, ${crowded.toFixed(0)} when nearly all are full), ` +
      `${change.toFixed(0)} us a state, ${weight.toFixed(0)} us a weight`,
  )
  return [`\n${COUNT.toLocaleString('en')} servers, ${memory.toFixed(0)} bytes each`, ...lines].join('\n')
}
