/** What a transaction has added to the counters of its frontend, listener, backend and server. It is counted once, at its end, but for what must be seen at once. */
import type { Clock } from '../base/clock.js'
import { type Outcome, outcomes } from '../base/errors.js'
import type { Context } from '../match/context.js'
import type { StatusSet } from '../message/status-set.js'
import { type Counters, countResponse, countTimes, occupy } from '../observe/counters.js'
import type { TransactionRecord } from '../observe/record.js'
import type { Backend } from '../proxy/backend.js'
import type { Frontend } from '../proxy/frontend.js'
import type { Rates } from '../proxy/rates.js'
import type { Server } from '../proxy/server.js'
import type { ServerChange } from '../proxy/server-change.js'
import type { RateCounter } from '../table/rate.js'
import type { Engine } from './engine.js'
import type { Listener } from './listener.js'
import type { Session } from './session.js'
import type { Transaction } from './transaction.js'

/** Outcomes for which no server was reached, though one was wanted. */
const UNREACHED: ReadonlySet<string> = new Set(
  [outcomes.proxyNoServer, outcomes.proxyQueueFull, outcomes.serverQueueTimeout].map(({ code }) => code),
)
const UNCONNECTED: ReadonlySet<string> = new Set(
  [outcomes.serverConnectRefused, outcomes.serverConnectTimeout].map(({ code }) => code),
)
/** Outcomes of rules that refuse a request. */
const REFUSED: ReadonlySet<string> = new Set(
  [outcomes.proxyRequestDenied, outcomes.proxyRequestTarpit].map(({ code }) => code),
)
/** Those that refuse a response. */
const KEPT_BACK: ReadonlySet<string> = new Set(
  [outcomes.proxyResponseDenied, outcomes.proxyResponseCacheable].map(({ code }) => code),
)
const FAULTS: ReadonlySet<string> = new Set(
  [outcomes.proxyRequestError, outcomes.proxyResponseError, outcomes.proxyDataError].map(({ code }) => code),
)

/** Which of the statuses that servers answer count at what is tracked. */
export interface CountedStatuses {
  readonly errors: StatusSet
  readonly failures: StatusSet
}

/** Counts what a server has answered at what is tracked, as a client's error, a server's failure, or both. */
export function countAtTracked(context: Context, status: number, { errors, failures }: CountedStatuses): void {
  if (errors.has(status)) context.count('errors', 1)
  if (failures.has(status)) context.count('failures', 1)
}

/** Counts a transaction that is over. */
export function tally(transaction: Transaction, server: Server | undefined, now: number): void {
  const { frontend, backend, record, context, counting } = transaction
  const listener = (context.session.listener as Listener | undefined)?.counters
  if (counting === undefined) countTransfer(transaction, server, record.bytesIn, record.bytesOut, now)
  else countTransfer(transaction, server, record.bytesIn - counting.bytesIn, record.bytesOut - counting.bytesOut, now)
  if (record.mode === 'http') countResponse(frontend.counters, record.status)
  if (record.termination === 'LR') {
    frontend.counters.intercepted++
    if (backend !== undefined) backend.counters.intercepted++
  }
  if (context.failedRewrites !== undefined) tallyRewrites(transaction, server)
  if (record.code !== 'OK') tallyEnding(record.code, frontend.counters, listener, backend?.counters)
  if (backend !== undefined) tallyBackend(record, backend.counters, server?.counters)
}

/** Counts changes of messages that rules could not make. */
function tallyRewrites({ frontend, backend, context }: Transaction, server: Server | undefined): void {
  const failed = context.failedRewrites ?? { frontend: 0, backend: 0, server: 0 }
  frontend.counters.failedRewrites += failed.frontend
  if (backend !== undefined) backend.counters.failedRewrites += failed.backend
  if (server !== undefined) server.counters.failedRewrites += failed.server
}

/** Counts bytes that came and went, wherever they count. */
export function countTransfer(
  { engine, frontend, backend, context }: Transaction,
  server: Server | undefined,
  bytesIn: number,
  bytesOut: number,
  now: number,
): void {
  const listener = (context.session.listener as Listener | undefined)?.counters
  countBytes(frontend.counters, bytesIn, bytesOut)
  countBytes(engine.counters, bytesIn, bytesOut)
  engine.rates.bytesOut.add(bytesOut, now, 1000)
  if (listener !== undefined) countBytes(listener, bytesIn, bytesOut)
  if (backend !== undefined) countBytes(backend.counters, bytesIn, bytesOut)
  if (server !== undefined) countBytes(server.counters, bytesIn, bytesOut)
  context.count('bytesIn', bytesIn)
  context.count('bytesOut', bytesOut)
}

/** What counts besides when it did not end as it should. */
function tallyEnding(
  code: string,
  frontend: Counters,
  listener: Counters | undefined,
  backend: Counters | undefined,
): void {
  if (FAULTS.has(code)) {
    frontend.internalErrors++
    if (backend !== undefined) backend.internalErrors++
  }
  if (listener === undefined) return
  if (REFUSED.has(code)) listener.deniedRequests++
  if (KEPT_BACK.has(code)) listener.deniedResponses++
}

function countBytes(of: Counters, bytesIn: number, bytesOut: number): void {
  of.bytesIn += bytesIn
  of.bytesOut += bytesOut
}

function tallyBackend(record: TransactionRecord, backend: Counters, server: Counters | undefined): void {
  backend.current--
  if (record.mode === 'http') {
    backend.requests++
    countResponse(backend, record.status)
  }
  if (record.code !== 'OK') tallyFailure(record, backend, server)
  if (server !== undefined) countDurations(record, backend, server)
}

function tallyFailure(record: TransactionRecord, backend: Counters, server: Counters | undefined): void {
  const { code } = record
  if (UNREACHED.has(code)) backend.connectErrors++
  if (server === undefined) return
  if (KEPT_BACK.has(code)) server.deniedResponses++
  if (code === outcomes.proxyResponseError.code) server.internalErrors++
  if (UNREACHED.has(code)) server.connectErrors++
  if (UNCONNECTED.has(code)) {
    server.connectErrors++
    backend.connectErrors++
  } else countBreak(record, backend, server)
}

/** Who broke the transfer off. */
function countBreak({ code, termination }: TransactionRecord, backend: Counters, server: Counters): void {
  const side = termination[0]
  // Who leaves a queue has broken nothing off.
  if ((side === 'C' || side === 'c') && termination[1] !== 'Q') {
    backend.clientAborts++
    server.clientAborts++
  } else if ((side === 'S' || side === 's') && termination[1] === 'D' && code !== outcomes.serverDataBad.code) {
    backend.serverAborts++
    server.serverAborts++
  }
}

/** Only what a server has answered has times. In TCP mode every connection to it counts. */
function countDurations({ mode, timers }: TransactionRecord, backend: Counters, server: Counters): void {
  if (mode === 'tcp') {
    if (timers.connect < 0) return
    countTimes(backend, timers, timers.total, backend.total)
    countTimes(server, timers, timers.total, server.total)
  } else if (timers.response >= 0) {
    countTimes(backend, timers, timers.active, backend.requests)
    countTimes(server, timers, timers.active, server.requests)
  }
}

/** One more within this second; HAProxy counts what there was since its second began. */
export function countRate(rate: RateCounter, now: number): number {
  rate.add(1, now, 1000)
  return rate.present
}

/** A client connects, and nobody has looked at it yet. */
export function countConnection(engine: Engine, frontend: Frontend, now: number): void {
  const { counters, rates } = frontend
  occupy(counters)
  counters.connections++
  counters.highestConnectionRate = Math.max(counters.highestConnectionRate, countRate(rates.connections, now))
  const all = engine.counters
  all.connections++
  all.highestConnectionRate = Math.max(all.highestConnectionRate, countRate(engine.rates.connections, now))
}

/** A client may stay. */
export function countAdmitted(engine: Engine, frontend: Frontend, { listener, acceptedAt }: Session): void {
  frontend.counters.total++
  engine.counters.total++
  if (listener?.counters !== undefined) listener.counters.total++
  countSession(frontend.counters, frontend.rates, acceptedAt)
  countSession(engine.counters, engine.rates, acceptedAt)
}

/** A request has come. */
export function countRequest({ counters, rates }: Frontend, now: number): void {
  counters.requests++
  counters.highestRequestRate = Math.max(counters.highestRequestRate, countRate(rates.requests, now))
}

/** The algorithm, and no queue, has chosen a server. */
export function countSelected(backend: Backend, { counters }: Server): void {
  counters.selected++
  backend.counters.selected++
}

/** A connection to a server is begun. */
export function countConnect(clock: Clock, backend: Backend, { counters, rate }: Server): void {
  const now = clock.now()
  counters.connects++
  backend.counters.connects++
  backend.counters.lastSession = now
  countVisit(counters, rate, now)
}

/** A connection to a server that stood idle is used again. */
export function countReuse(clock: Clock, backend: Backend, { counters, rate }: Server): void {
  const now = clock.now()
  counters.reuses++
  backend.counters.reuses++
  backend.counters.lastSession = now
  countVisit(counters, rate, now)
}

function countVisit(counters: Counters, rate: RateCounter, now: number): void {
  counters.total++
  counters.lastSession = now
  counters.highestRate = Math.max(counters.highestRate, countRate(rate, now))
}

/** A response of a server has come, or one ahead of it. */
export function countAnswer({ counters }: Server, status: number): void {
  counters.requests++
  countResponse(counters, status)
}

/** A session of a proxy begins. */
export function countSession(of: Counters, rates: Rates, now: number): void {
  of.highestRate = Math.max(of.highestRate, countRate(rates.sessions, now))
}

/** Whether the server has done wrong in an outcome: what is silent halfway through an answer has not. */
export const isServerFault = ({ code }: Outcome): boolean =>
  code.startsWith('ERR_SERVER') && code !== outcomes.serverDataTimeout.code

/** What takes a backend its last server, or gives it one, besides health and orders. */
const MOVES_BACKENDS: ReadonlySet<ServerChange['what']> = new Set([
  'weight',
  'resolution',
  'ejected',
  'added',
  'removed',
])

/** Something about a server is different: since when, and what that means for its backend. */
export function noteChange(backend: Backend, server: Server, { what }: ServerChange, now: number): void {
  if (what === 'added') server.times.begin(now, isDown(server))
  if (what === 'health' || what === 'admin') {
    if (!server.times.note(now, isDown(server))) server.times.touch(now)
  } else if (!MOVES_BACKENDS.has(what)) return
  const usable = hasServer(backend)
  if (backend.times.note(now, !usable) && !usable) backend.counters.wentDown++
}

/** A backend begins to run. */
export function beginTimes(backend: Backend, now: number): void {
  for (const server of backend.servers) server.times.begin(now, isDown(server))
  backend.times.begin(now, !hasServer(backend))
}

const isDown = ({ up, ordered }: Server): boolean => !up || ordered === 'maint'
/** Somebody whom requests may go to. A backend without any servers is not down: it has nobody who could be. */
const hasServer = ({ servers }: Backend): boolean =>
  servers.length === 0 || servers.some(({ inRotation, weight }) => inRotation && weight > 0)
