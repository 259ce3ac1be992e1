/** What everybody in this room shares: clock, network, limits, the pools of idle connections, and the ear of the balancer. */
import type { Clock } from '../base/clock.js'
import type { Random } from '../base/random.js'
import type { Limits } from '../codec/step.js'
import type { Context, ProcessLoad, ProcessView } from '../match/context.js'
import type { SeenValue } from '../match/event-sink.js'
import { begin, counters } from '../observe/counters.js'
import type { LogStep } from '../observe/logger.js'
import type { TransactionRecord } from '../observe/record.js'
import type { Backend } from '../proxy/backend.js'
import type { CheckResult } from '../proxy/check-result.js'
import type { Frontend } from '../proxy/frontend.js'
import { Leaving } from '../proxy/leaving.js'
import { Rates } from '../proxy/rates.js'
import type { Server } from '../proxy/server.js'
import type { BackendHost, ServerChange } from '../proxy/server-change.js'
import type { Entrance } from './entrance.js'
import { IdlePool } from './idle-pool.js'
import type { Monitor } from './monitor.js'
import { NameLookup } from './name-lookup.js'
import type { Network } from './network.js'
import { type EndOrder, endedAt } from './ordered-end.js'
import type { PeerNews } from './peers/peer-groups.js'
import { OwnProcess, type ProcessOptions } from './process-view.js'
import { Ring } from './ring.js'
import { Rota, type SpreadOptions } from './rota.js'
import type { ServerConnection } from './server-connection.js'
import { ServerNames } from './server-names.js'
import { READ_SIZE } from './server-reader.js'
import { type SharedNews, TableSharing } from './table-sharing.js'
import { TableSweep } from './table-sweep.js'
import { type CountedStatuses, countRequest, countSession, noteChange } from './tally.js'
import type { Transaction } from './transaction.js'

/** A server went up or down. */
export interface HealthChange {
  readonly backend: Backend
  readonly server: Server
  readonly up: boolean
  /** What the last check saw, in HAProxy's words: `L4CON`, `L7STS/503` … */
  readonly reason: string
}

/** A check has seen something else than the one before it, or has brought its server nearer to a change. */
export interface CheckReport {
  readonly backend: Backend
  readonly server: Server
  readonly passed: boolean
  /** What it saw, in HAProxy's words: `L4CON`, `L7STS/503` … */
  readonly reason: string
  /** All that it found. */
  readonly result: CheckResult
  /** Milliseconds that it took; negative where it was no check, but traffic. */
  readonly duration: number
  /** It was its agent that was asked. */
  readonly agent: boolean
  /** How the server stands now, of how many results that are needed. */
  readonly up: boolean
  readonly count: number
  readonly of: number
}

/** A backend has begun to use servers that are not up, since too few are, or need not any more. */
export interface PanicNews {
  readonly backend: Backend
  readonly panicking: boolean
  readonly reason: string
}

/** Something about a server is different from now on. */
export interface ServerNews {
  readonly backend: Backend
  readonly server: Server
  readonly change: ServerChange
}

/** Who wants to know. Listeners may throw: it is caught where they are called. */
export interface Listeners {
  record(record: TransactionRecord): void
  health(change: HealthChange): void
  check(report: CheckReport): void
  server(news: ServerNews): void
  panic(news: PanicNews): void
  seen(seen: SeenValue): void
  peer(news: PeerNews): void
  shared(news: SharedNews): void
  /** Something that a rule, a logger or a listener did wrong. */
  error(error: unknown, about: string): void
}

/** What the engine is made of. */
export interface EngineParts {
  readonly clock: Clock
  readonly random: Random
  readonly network: Network
  readonly limits: Limits
  /** Client connections at a time, over all frontends. */
  readonly maxConnections: number
  /** Connections, and sessions, in each second. Default: no limit. */
  readonly maxConnectionRate?: number | undefined
  readonly maxSessionRate?: number | undefined
  /** Bytes that content inspection may hold. */
  readonly bufferSize: number
  readonly countedStatuses: CountedStatuses
  readonly listeners: Listeners
  readonly process?: ProcessOptions | undefined
  readonly spread?: SpreadOptions | undefined
}

/** Bytes that its buffer of events holds. */
const EVENTS = 1 << 20

/** The running part of a balancer. */
export class Engine implements BackendHost {
  readonly clock: Clock
  readonly random: Random
  readonly network: Network
  readonly limits: Limits
  /** Client connections at a time over all frontends, and what it was at the start. */
  maxConnections: number
  /** Connections, and sessions of those that rules let in, in each second. */
  maxConnectionRate: number
  maxSessionRate: number
  readonly hardMaxConnections: number
  readonly bufferSize: number
  readonly countedStatuses: CountedStatuses
  /** What servers send goes here first; see `ServerReader`. */
  readonly readBuffer = Buffer.allocUnsafeSlow(READ_SIZE)
  /** Client connections now. */
  sessions = 0
  /** Messages so far that broke HTTP's rules. */
  invalidMessages = 0
  /** What all frontends have counted together. */
  readonly counters = counters()
  readonly rates = new Rates()
  /** Requests (in TCP mode, connections) under way. */
  underWay = 0
  /** All of them since the start. */
  transactions = 0
  /** The frontends that run, who share the limit of all. */
  readonly entrances = new Set<Entrance>()
  /** The backends that run. */
  readonly backends = new Set<Backend>()
  /** The process as rules see it. */
  readonly process: OwnProcess
  /** The stick tables that are in use. */
  readonly tables: TableSweep
  /** Those of them that several nodes count in together. */
  readonly sharing: TableSharing
  /** What its expressions saw that were told to show it and not where: HAProxy's `buf0`. */
  readonly events = new Ring('buf0', { description: 'in-memory ring buffer', format: 'timed', size: EVENTS })
  /** Called when the last client connection is gone. */
  onEmpty: (() => void) | undefined = undefined
  /** Who watches the servers of a backend. */
  readonly monitors = new Map<Backend, Monitor>()
  /** The names of servers that are looked up while they run, and servers that somebody else knows of. */
  readonly names: ServerNames
  /** Where checks begin. */
  readonly rota: Rota
  readonly #jitter: number
  readonly #listeners: Listeners
  readonly #pools = new Map<Server, IdlePool>()
  /** What has been taken out and still serves somebody. */
  readonly #leaving = new Set<Leaving>()

  constructor(parts: EngineParts) {
    this.clock = parts.clock
    this.random = parts.random
    this.network = parts.network
    this.limits = parts.limits
    this.maxConnections = parts.maxConnections
    this.maxConnectionRate = parts.maxConnectionRate ?? Number.POSITIVE_INFINITY
    this.maxSessionRate = parts.maxSessionRate ?? Number.POSITIVE_INFINITY
    this.hardMaxConnections = parts.maxConnections
    this.bufferSize = parts.bufferSize
    this.countedStatuses = parts.countedStatuses
    this.#listeners = parts.listeners
    this.rota = new Rota(parts.clock, { within: parts.spread?.within })
    this.#jitter = (parts.spread?.jitter ?? 0) / 100
    const load = (): ProcessLoad => ({ connections: this.sessions, maxConnections: this.maxConnections })
    this.names = new ServerNames(this)
    const lookup = new NameLookup(this)
    const resolve: ProcessView['resolve'] = (by, name, prefer) => lookup.find(by, name, prefer)
    const events = { name: this.events.name, show: (seen: SeenValue) => this.#seen(seen) }
    const { clock, random } = parts
    this.sharing = new TableSharing(clock, (news) => this.#tellShared(news))
    this.tables = new TableSweep(clock, this.sharing)
    this.process = new OwnProcess({ clock, random, load, resolve, events, tables: this.tables }, parts.process)
  }

  #seen(seen: SeenValue): void {
    this.events.show(seen)
    this.#guard("a listener of 'seen'", () => this.#listeners.seen(seen))
  }

  /** The idle connections to a server. */
  idlePool(backend: Backend, server: Server): IdlePool {
    let pool = this.#pools.get(server)
    if (pool === undefined) {
      const { maxIdleConnections = backend.maxIdleConnections, idleTimeout = backend.idleTimeout } = server.reuse
      pool = new IdlePool(this.clock, maxIdleConnections, idleTimeout)
      this.#pools.set(server, pool)
    }
    return pool
  }

  /** A server of a running backend is not as it was: connections that lead to where it is no longer wanted are closed. */
  serverChanged(backend: Backend, server: Server, change: ServerChange): void {
    if (change.what === 'removed' || change.what === 'address' || server.admin === 'maint') this.#forgetPool(server)
    noteChange(backend, server, change, this.clock.now())
    this.#guard("a listener of 'server'", () => this.#listeners.server({ backend, server, change }))
    if (change.what === 'health' && change.up !== (change.before !== 'down'))
      this.#guard("a listener of 'health'", () =>
        this.#listeners.health({ backend, server, up: change.up, reason: change.reason }),
      )
    this.names.changed(backend, server, change)
    this.monitors.get(backend)?.changed(server, change)
  }

  /** For {@link BackendHost}: too few servers of a backend are up, or enough are again. */
  panicChanged(backend: Backend): void {
    const { panicking, panicThreshold } = backend
    const reason = panicking ? `less than ${panicThreshold}% are up` : `${panicThreshold}% are up again`
    this.#guard("a listener of 'panic'", () => this.#listeners.panic({ backend, panicking, reason }))
  }

  /** An interval as it is to be this time: a little longer or shorter, by chance, when that is asked for. */
  spread(pause: number): number {
    return this.#jitter === 0 ? pause : pause * (1 + this.#jitter * (2 * this.random.next() - 1))
  }

  #forgetPool(server: Server): void {
    this.#pools.get(server)?.clear()
    this.#pools.delete(server)
  }

  /** Everything that is under way at the moment. */
  *eachTransaction(): Iterable<Transaction> {
    for (const entrance of this.entrances) yield* entrance.transactions()
  }

  /** Ends what a server has of requests and connections. @returns how many there were */
  shutdownSessions(server: Server, order: EndOrder): number {
    return this.#breakOff((transaction) => transaction.server === server, order)
  }

  /** Ends one. */
  shutdown(transaction: Transaction): void {
    transaction.breakOff(endedAt(transaction, 'killed'))
  }

  /** Ends what a backend has, those who wait for a server included. @returns how many there were */
  shutdownBackend(backend: Backend): number {
    return this.#breakOff((transaction) => transaction.backend === backend, 'killed')
  }

  #breakOff(meant: (transaction: Transaction) => boolean, order: EndOrder): number {
    const there = Array.from(this.eachTransaction()).filter(meant)
    for (const transaction of there) transaction.breakOff(endedAt(transaction, order))
    return there.length
  }

  /**
   * Watches something that has been taken out until it serves nobody any more.
   * @param patience milliseconds; then those who are left are cut off
   */
  depart(count: () => number, cut: () => void, patience: number): Leaving {
    const leaving = new Leaving(count, cut)
    if (leaving.check()) return leaving
    this.#leaving.add(leaving)
    if (patience === 0) leaving.cut()
    else if (patience !== Number.POSITIVE_INFINITY) {
      const timer = this.clock.after(patience, () => leaving.cut())
      void leaving.gone.then(() => timer.cancel())
    }
    return leaving
  }

  #checkLeaving(): void {
    for (const leaving of this.#leaving) if (leaving.check()) this.#leaving.delete(leaving)
  }

  /** For {@link BackendHost}: a server has been taken out. */
  serverLeft(server: Server, patience: number): Leaving {
    return this.depart(
      () => server.counters.current,
      () => void this.shutdownSessions(server, 'killed'),
      patience,
    )
  }

  /** Closes the idle connections to all servers of a backend. */
  forget(backend: Backend): void {
    for (const server of backend.servers) this.#forgetPool(server)
  }

  /** Keeps a server connection for whoever needs one next. */
  keep(transaction: Transaction, backend: Backend, connection: ServerConnection): void {
    if (!mayBeKept(connection)) connection.destroy()
    else if (backend.reuse !== 'never' && !connection.server.relative)
      this.idlePool(backend, connection.server).put(connection)
    else if (transaction.own === undefined) connection.destroy()
    else transaction.own.keep(connection)
  }

  /** Makes room for one more connection, where idle ones count as well. */
  makeRoom(server: Server): void {
    if (!server.reuse.strict) return
    const pool = this.#pools.get(server)
    while (pool !== undefined && pool.size > 0 && pool.size + server.active > server.limit) pool.dropOldest()
  }

  /** Closes all idle connections. */
  clearPools(): void {
    for (const pool of this.#pools.values()) pool.clear()
    this.#pools.clear()
  }

  /** The idle connections to a server; `safe` are those that have served more than one request. */
  idleConnectionsOf(server: Server): { readonly all: number; readonly safe: number } {
    const pool = this.#pools.get(server)
    return { all: pool?.size ?? 0, safe: pool?.proven ?? 0 }
  }

  /** Idle connections to all servers. */
  get idleConnections(): number {
    let sum = 0
    for (const pool of this.#pools.values()) sum += pool.size
    return sum
  }

  /** A client connection is gone. */
  sessionLeft(): void {
    this.sessions--
    if (this.#leaving.size > 0) this.#checkLeaving()
    if (this.sessions === 0) this.onEmpty?.()
  }

  /** A request has come. */
  began(transaction: Transaction): void {
    this.underWay++
    if (transaction.exchange !== undefined) countRequest(transaction.frontend, transaction.context.now)
    transaction.reached('accept')
  }

  /** A request has found its backend. */
  entered(transaction: Transaction, backend: Backend): void {
    begin(backend.counters)
    countSession(backend.counters, backend.rates, transaction.context.now)
    backend.retry.budget?.earn(transaction.context.now)
  }

  /** A request is over. */
  ended(): void {
    this.underWay--
    if (this.#leaving.size > 0) this.#checkLeaving()
  }

  /** Tells of a transaction that is over. */
  tell(frontend: Frontend, record: TransactionRecord, context: Context): void {
    record.logNumber = frontend.logged++
    this.#gather(record, context)
    for (const logger of frontend.loggers) this.#guard('a logger', () => logger.transaction(record, context))
    this.#guard("a listener of 'record'", () => this.#listeners.record(record))
  }

  /** What rules have kept of it. The format of ids may hold questions of the host app, which may fail. */
  #gather(record: TransactionRecord, context: Context): void {
    record.captures = context.captures
    if (context.identify === undefined) return
    this.#guard('the format of unique ids', () => {
      record.uniqueId = context.uniqueId
    })
  }

  /** Tells of how far a transaction has got. */
  tellStep({ stepLoggers, logged }: Frontend, step: LogStep, record: TransactionRecord, context: Context): void {
    record.logNumber = logged
    this.#gather(record, context)
    for (const logger of stepLoggers) this.#guard('a logger', () => logger.step?.(step, record, context))
  }

  /** A rule wants a line now. @param origin its rule set */
  tellOrder(
    { loggers }: Frontend,
    origin: string,
    record: TransactionRecord,
    context: Context,
    profile: string | undefined,
  ): void {
    record.captures = context.captures
    record.logOrigin = origin
    for (const logger of loggers) this.#guard('a logger', () => logger.order?.(record, context, profile))
    record.logOrigin = 'unspec'
  }

  /** Tells of a check that was not as the one before it. */
  tellCheck(report: CheckReport): void {
    // Perhaps it is somewhere else by now.
    if (!report.passed && report.reason.startsWith('L4TOUT')) this.names.doubt(report.server)
    this.#guard("a listener of 'check'", () => this.#listeners.check(report))
  }

  /** Tells of a peer that is connected, or is not any more. */
  tellPeer(news: PeerNews): void {
    this.#guard("a listener of 'peer'", () => this.#listeners.peer(news))
  }

  #tellShared(news: SharedNews): void {
    this.#guard("a listener of 'shared'", () => this.#listeners.shared(news))
  }

  /** Tells of something that a rule, a logger or a listener did wrong. */
  complain(error: unknown, about: Transaction | string): void {
    const where = typeof about === 'string' ? about : `frontend '${about.frontend.name}'`
    try {
      this.#listeners.error(error, where)
    } catch {
      // Whoever throws while it is told of an error has nobody left to be told.
    }
  }

  #guard(who: string, call: () => void): void {
    try {
      call()
    } catch (error) {
      this.complain(error, who)
    }
  }
}

/** Connections that have served often enough, or that lead to where nobody is wanted any more, are not kept. */
function mayBeKept({ server, uses, address }: ServerConnection): boolean {
  if (uses > server.reuse.maxReuse) return false
  return server.attached && server.admin !== 'maint' && address === server.address
}
