/** The end of a transaction: its record is completed, the counters take it in, and whoever listens is told. */
import { type Outcome, outcomes } from '../base/errors.js'
import { Context } from '../match/context.js'
import { countResponse } from '../observe/counters.js'
import { closeRecord, openRecord, type TransactionRecord } from '../observe/record.js'
import { Session } from './session.js'
import { tally } from './tally.js'
import type { Transaction } from './transaction.js'

/** Completes and tells. Never throws. */
export function report(transaction: Transaction): void {
  const { engine, record, frontend, backend, context } = transaction
  transaction.leaveServer()
  transaction.counting?.stop()
  const now = engine.clock.now()
  time(transaction, now)
  tally(transaction, record.server === undefined ? undefined : backend?.server(record.server), now)
  load(transaction, record)
  address(transaction, record)
  transaction.reported = true
  engine.ended()
  if (!isEmpty(transaction, record)) engine.tell(frontend, record, context)
  // What is tracked can still be asked for in a log line.
  context.release()
}

/**
 * In TCP mode: a client that has said nothing, where such are not to be told of. Before a server is reached nobody has read what it said, so
 * that those who failed in a queue or at the connect are told of.
 */
function isEmpty({ frontend }: Transaction, { mode, bytesIn, termination }: TransactionRecord): boolean {
  if (mode !== 'tcp' || bytesIn > 0 || !frontend.ignoreEmptyConnections) return false
  return termination[1] !== 'Q' && termination[1] !== 'C'
}

/** Rules may have given the client other addresses than its socket has. */
function address({ context }: Transaction, record: TransactionRecord): void {
  const { session } = context
  if (session instanceof Session) return
  record.clientAddress = session.source?.toString() ?? record.clientAddress
  record.clientPort = session.sourcePort
  record.destinationAddress = session.destination?.toString() ?? record.destinationAddress
  record.destinationPort = session.destinationPort
}

/** As HAProxy counts: this client is still there, this request is not. */
function load(transaction: Transaction, record: TransactionRecord): void {
  const { engine, frontend, backend, server } = transaction
  record.load.process = engine.sessions
  record.load.frontend = frontend.counters.current
  record.load.backend = backend?.counters.current ?? 0
  if (server !== undefined) record.load.server = server.counters.current
}

/** Times and bytes so far. */
function time({ began, counts, tunnel, record }: Transaction, now: number): void {
  const { timers } = record
  timers.active = Math.round(now - began)
  timers.total = timers.active + Math.max(timers.idle, 0)
  if (counts === undefined) return
  const { received, sent } = counts()
  record.bytesIn = received + (tunnel?.fromClient ?? 0)
  record.bytesOut = sent + (tunnel?.fromServer ?? 0)
}

/** Brings a record up to date, for whoever asks before the end. */
export function measure(transaction: Transaction): void {
  const { record, reported } = transaction
  if (reported) return
  time(transaction, transaction.engine.clock.now())
  load(transaction, record)
  address(transaction, record)
}

/** A record for a client that did not get as far as a request. */
export function reportFault(
  session: Session,
  outcome: Outcome,
  status: number,
  began: number,
  received: number,
  error: Error | undefined,
): void {
  const { engine, entrance } = session
  const { frontend } = entrance
  if (received === 0 && frontend.ignoreEmptyConnections) return
  const now = engine.clock.now()
  const record = openRecord(
    'http',
    frontend.name,
    session.clientAddress,
    session.sourcePort,
    began < 0 ? session.acceptedOn : engine.clock.wall() - (now - began),
  )
  record.number = engine.transactions++
  record.logOrigin = 'sess_error'
  record.destinationAddress = session.destinationAddress
  record.destinationPort = session.destinationPort
  record.status = status
  record.bytesIn = received
  record.timers.active = Math.round(now - (began < 0 ? session.acceptedAt : began))
  record.timers.total = record.timers.active
  record.load.process = engine.sessions
  record.load.frontend = frontend.counters.current
  closeRecord(record, outcome, error)
  for (const counted of [frontend.counters, session.listener?.counters]) {
    if (counted === undefined) continue
    counted.requests++
    counted.requestErrors++
    countResponse(counted, record.status)
  }
  const context = new Context(session.context.session, now, record.startedAt)
  context.clock = engine.clock
  context.process = engine.process
  context.frontend = frontend
  context.connection = session.context
  context.record = record
  context.count('requests', 1)
  // Whoever is merely slow has done nothing wrong.
  if (outcome.code !== outcomes.clientRequestTimeout.code) context.count('errors', 1)
  engine.tell(frontend, record, context)
}
