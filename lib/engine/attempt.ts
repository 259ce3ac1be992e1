/** Reaching a server: a place with it, an idle connection or a new one, and another try when that fails. */
import { type Outcome, outcomes, TransactionError } from '../base/errors.js'
import { notYet } from '../match/sample.js'
import type { Backend } from '../proxy/backend.js'
import { Server } from '../proxy/server.js'
import type { Place } from '../proxy/server-pool.js'
import type { Socket } from './network.js'
import { observeConnect } from './observed.js'
import { orderedTimeout } from './ordered.js'
import { queueUp } from './queueing.js'
import { prepareRetry, retriesConnect } from './retry.js'
import { ServerConnection } from './server-connection.js'
import { ServerReader } from './server-reader.js'
import { countConnect, countReuse, countSelected } from './tally.js'
import { placeText, targetOf } from './target.js'
import type { Transaction } from './transaction.js'

/**
 * Gives a connection to a server, ready for a request. At once, when a server has a place and a connection stands idle.
 * @param fresh an idle one was dead: take a new connection
 * @throws {TransactionError} when no server can be reached
 */
export function reach(
  transaction: Transaction,
  backend: Backend,
  fresh: boolean,
): ServerConnection | Promise<ServerConnection> {
  let place = transaction.server
  if (place === undefined) {
    const found = lastServer(transaction, backend) ?? backend.seek(transaction.context)
    if (!(found instanceof Server)) return reachThroughQueue(transaction, backend, found)
    place = found
    if (!backend.wasAssigned(transaction.context, place)) countSelected(backend, place)
    transaction.enterServer(place)
  }
  const { timers } = transaction.record
  if (timers.queue < 0) timers.queue = 0
  const idle = fresh ? undefined : takeIdle(transaction, backend, place)
  if (idle === undefined) return connectFor(transaction, backend)
  if (timers.connect < 0) timers.connect = 0
  return reuse(transaction, backend, idle)
}

/**
 * The server that the client's last request went to, where that is wanted: it has a place, and a connection that the request can take. When it is full, and
 * holds a connection for this client alone, its queue.
 */
function lastServer(transaction: Transaction, backend: Backend): Server | Server['queue'] | undefined {
  const { own, engine } = transaction
  const last = own?.last
  if (last === undefined || !backend.preferLastServer || !backend.balance.skipsFull) return undefined
  if (!backend.uses(last) || backend.assigned(transaction.context) !== undefined) return undefined
  const mine = own?.has(last) === true
  if (last.full) return mine && backend.waitsForLast(last) ? last.queue : undefined
  return mine || engine.idleConnectionsOf(last).all > 0 ? backend.take(last) : undefined
}

/** As {@link reach}, for a connection whose bytes are passed on as they are. */
export async function reachSocket(transaction: Transaction, backend: Backend, reader: ServerReader): Promise<Socket> {
  const place = backend.seek(transaction.context)
  if (place instanceof Server) {
    if (!backend.wasAssigned(transaction.context, place)) countSelected(backend, place)
    transaction.enterServer(place)
    transaction.record.timers.queue = 0
  } else await queueUp(transaction, backend, place)
  return (await dialWithRetries(transaction, backend, reader, false)) as Socket
}

async function reachThroughQueue(
  transaction: Transaction,
  backend: Backend,
  place: Exclude<Place, Server>,
): Promise<ServerConnection> {
  const server = await queueUp(transaction, backend, place)
  const idle = takeIdle(transaction, backend, server)
  if (idle === undefined) return connectFor(transaction, backend)
  transaction.record.timers.connect = 0
  return reuse(transaction, backend, idle)
}

async function connectFor(transaction: Transaction, backend: Backend): Promise<ServerConnection> {
  const { engine } = transaction
  const reader = new ServerReader(engine.readBuffer)
  const socket = await dialWithRetries(transaction, backend, reader, true)
  if (socket instanceof ServerConnection) return reuse(transaction, backend, socket)
  const server = transaction.server as Server
  const connection = new ServerConnection(backend, server, socket, reader, engine.limits, engine.clock)
  if (server.relative) connection.place = placeText(server, transaction.context.session)
  connection.poolName = nameOf(transaction, server)
  return connection
}

function reuse(transaction: Transaction, backend: Backend, idle: ServerConnection): ServerConnection {
  transaction.record.reused = true
  countReuse(transaction.engine.clock, backend, idle.server)
  return idle
}

/** An idle connection that this request may take (manual, `http-reuse`). */
function takeIdle(transaction: Transaction, backend: Backend, server: Server): ServerConnection | undefined {
  if (server.relative) return takeOwn(transaction, server)
  if (backend.reuse === 'never') return transaction.own?.take(server)
  const first = transaction.sequence === 0
  if (first && backend.reuse === 'safe') return undefined
  return transaction.engine
    .idlePool(backend, server)
    .take(first && backend.reuse === 'aggressive', nameOf(transaction, server))
}

/** What this request's connections are called, where they have names. */
function nameOf({ context }: Transaction, { reuse }: Server): string | undefined {
  if (reuse.poolName === undefined) return undefined
  const name = reuse.poolName.ask(context)
  return name === undefined || name === notYet ? undefined : String(name)
}

/** One of the client's own that goes where this request is to go. */
function takeOwn(transaction: Transaction, server: Server): ServerConnection | undefined {
  const connection = transaction.own?.take(server)
  if (connection === undefined || connection.place === placeText(server, transaction.context.session)) return connection
  connection.destroy()
  return undefined
}

/**
 * Connects to the transaction's server; when that fails, again, there or elsewhere, as often as `retries` allows.
 * @param idle a connection that stands idle will do
 */
async function dialWithRetries(
  transaction: Transaction,
  backend: Backend,
  reader: ServerReader,
  idle: boolean,
): Promise<Socket | ServerConnection> {
  const { clock } = transaction.engine
  const since = clock.now()
  for (;;) {
    const server = transaction.server as Server
    try {
      transaction.stage = 'connect'
      const socket = await dial(transaction, backend, server, reader)
      transaction.record.timers.connect = Math.round(clock.now() - since)
      return socket
    } catch (error) {
      if (!(error instanceof TransactionError) || !error.outcome.retryable) throw error
      if (!retriesConnect(transaction, backend, error.outcome)) throw error
      await prepareRetry(transaction, backend, error.outcome)
      // Another server may have a connection that stands idle; bytes that are passed on as they are need a new one.
      const other = transaction.server as Server
      const connection = other === server || !idle ? undefined : takeIdle(transaction, backend, other)
      if (connection === undefined) continue
      transaction.record.timers.connect = Math.round(clock.now() - since)
      return connection
    }
  }
}

const ignore = (): void => {}

const failed: ReadonlySet<Outcome> = new Set([outcomes.serverConnectRefused, outcomes.serverConnectTimeout])

/** One connection to one server. */
function dial(transaction: Transaction, backend: Backend, server: Server, reader: ServerReader): Promise<Socket> {
  if (transaction.ended !== undefined) return Promise.reject(transaction.ended)
  const { clock, network } = transaction.engine
  transaction.engine.makeRoom(server)
  countConnect(clock, backend, server)
  return new Promise((resolve, reject) => {
    const socket = network.dial(targetOf(server, transaction.context.session), reader)
    const patience = orderedTimeout(transaction.context, 'connect') ?? backend.timeouts.connect
    const timer =
      patience === Number.POSITIVE_INFINITY
        ? undefined
        : clock.after(patience, () => give(new TransactionError(outcomes.serverConnectTimeout)))
    const began = clock.now()
    transaction.wait = { for: 'connection', until: began + patience }
    const settle = (): void => {
      timer?.cancel()
      transaction.broken = undefined
      transaction.wait = undefined
      socket.off('error', refused)
    }
    const give = (error: TransactionError): void => {
      settle()
      socket.destroy()
      if (failed.has(error.outcome)) observeConnect(server, false, clock.now() - began)
      reject(error)
    }
    const refused = (error: Error): void => give(new TransactionError(outcomes.serverConnectRefused, error))
    // One stands for the socket's whole life, and knows nothing that would live as long: what comes later is told to those who use it.
    socket.on('error', ignore)
    socket.on('error', refused)
    socket.once('connect', () => {
      settle()
      observeConnect(server, true, clock.now() - began)
      resolve(socket)
    })
    transaction.broken = give
  })
}
