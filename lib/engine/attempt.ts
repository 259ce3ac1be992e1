/** Reaching a server: a place with it, a queue where there is none, an idle connection or a new one, and another try when that fails. */
import { type Outcome, outcomes, TransactionError } from '../base/errors.js'
import type { Backend } from '../proxy/backend.js'
import type { Queue, Rank } from '../proxy/queue.js'
import { Server } from '../proxy/server.js'
import type { Socket } from './network.js'
import { orderedTimeout } from './ordered.js'
import { ServerConnection } from './server-connection.js'
import { ServerReader } from './server-reader.js'
import { placeText, targetOf } from './target.js'
import type { Transaction } from './transaction.js'

/** A client that was refused by a server waits this long at most before it asks the same one again. */
const TURN_AROUND = 1_000

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
  const place = transaction.server ?? backend.seek(transaction.context)
  if (!(place instanceof Server)) return reachThroughQueue(transaction, backend, place)
  transaction.enterServer(place)
  const { timers } = transaction.record
  if (timers.queue < 0) timers.queue = 0
  const idle = fresh ? undefined : takeIdle(transaction, backend, place)
  if (idle === undefined) return connectFor(transaction, backend)
  if (timers.connect < 0) timers.connect = 0
  transaction.record.reused = true
  return idle
}

/** As {@link reach}, for a connection whose bytes are passed on as they are. */
export async function reachSocket(transaction: Transaction, backend: Backend, reader: ServerReader): Promise<Socket> {
  const place = backend.seek(transaction.context)
  if (place instanceof Server) {
    transaction.enterServer(place)
    transaction.record.timers.queue = 0
  } else await queueUp(transaction, backend, place)
  return (await dialWithRetries(transaction, backend, reader, false)) as Socket
}

async function reachThroughQueue(
  transaction: Transaction,
  backend: Backend,
  place: Queue<Server | undefined> | undefined,
): Promise<ServerConnection> {
  const server = await queueUp(transaction, backend, place)
  const idle = takeIdle(transaction, backend, server)
  if (idle === undefined) return connectFor(transaction, backend)
  transaction.record.timers.connect = 0
  transaction.record.reused = true
  return idle
}

async function connectFor(transaction: Transaction, backend: Backend): Promise<ServerConnection> {
  const { engine } = transaction
  const reader = new ServerReader(engine.readBuffer)
  const socket = await dialWithRetries(transaction, backend, reader, true)
  if (socket instanceof ServerConnection) {
    transaction.record.reused = true
    return socket
  }
  const server = transaction.server as Server
  const connection = new ServerConnection(backend, server, socket, reader, engine.limits, engine.clock)
  if (server.relative) connection.place = placeText(server, transaction.context.session)
  return connection
}

/** An idle connection that this request may take (manual, `http-reuse`). */
function takeIdle(transaction: Transaction, backend: Backend, server: Server): ServerConnection | undefined {
  if (server.relative) return takeOwn(transaction, server)
  if (backend.reuse === 'never') return transaction.own?.take(server)
  const first = transaction.sequence === 0
  if (first && backend.reuse === 'safe') return undefined
  return transaction.engine.idlePool(backend, server).take(first && backend.reuse === 'aggressive')
}

/** One of the client's own that goes where this request is to go. */
function takeOwn(transaction: Transaction, server: Server): ServerConnection | undefined {
  const connection = transaction.own?.take(server)
  if (connection === undefined || connection.place === placeText(server, transaction.context.session)) return connection
  connection.destroy()
  return undefined
}

/** Waits for a place. */
async function queueUp(
  transaction: Transaction,
  backend: Backend,
  place: Queue<Server | undefined> | undefined,
): Promise<Server> {
  const { clock } = transaction.engine
  const since = clock.now()
  const limit = orderedTimeout(transaction.context, 'queue') ?? backend.timeouts.queue
  let left = limit
  for (let next = place; ; ) {
    if (next === undefined) throw new TransactionError(outcomes.proxyNoServer)
    transaction.stage = 'queue'
    const server = await turn(transaction, backend, next, left, since)
    if (server !== undefined) {
      transaction.record.timers.queue = Math.round(clock.now() - since)
      transaction.enterServer(server)
      return server
    }
    left = limit - (clock.now() - since)
    const again = backend.seek(transaction.context)
    if (again instanceof Server) {
      transaction.record.timers.queue = Math.round(clock.now() - since)
      transaction.enterServer(again)
      return again
    }
    next = again
  }
}

/** Its place among those who wait: by class, then by when it came, moved by what rules have ordered. */
function rankOf({ context }: Transaction, since: number): Rank {
  const { priorityClass = 0, priorityOffset = 0 } = context.orders ?? {}
  return { priorityClass, since: since + priorityOffset }
}

function turn(
  transaction: Transaction,
  backend: Backend,
  queue: Queue<Server | undefined>,
  patience: number,
  since: number,
): Promise<Server | undefined> {
  if (transaction.ended !== undefined) return Promise.reject(transaction.ended)
  return new Promise((resolve, reject) => {
    const { clock } = transaction.engine
    const { record } = transaction
    const before = queue.served
    const count = (place: number): void => {
      if (queue === backend.queue) record.backendQueue += place
      else record.serverQueue += place
    }
    const leave = (error: TransactionError): void => {
      timer?.cancel()
      waiting.leave()
      transaction.broken = undefined
      record.timers.queue = Math.round(clock.now() - since)
      count(queue.served - before + 1)
      reject(error)
    }
    const served = (server: Server | undefined): void => {
      timer?.cancel()
      transaction.broken = undefined
      count(queue.served - before)
      resolve(server)
    }
    const waiting = backend.wait(queue, served, rankOf(transaction, since))
    const timer =
      patience === Number.POSITIVE_INFINITY
        ? undefined
        : clock.after(patience, () => leave(new TransactionError(outcomes.serverQueueTimeout)))
    transaction.broken = leave
  })
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
  for (let tries = 1; ; tries++) {
    const server = transaction.server as Server
    try {
      transaction.stage = 'connect'
      const socket = await dial(transaction, backend, server, reader)
      transaction.record.timers.connect = Math.round(clock.now() - since)
      return socket
    } catch (error) {
      if (!(error instanceof TransactionError) || !error.outcome.retryable) throw error
      server.counters.connectErrors++
      backend.counters.connectErrors++
      if (tries > (transaction.context.orders?.retries ?? backend.retries)) throw error
      await prepareNextTry(transaction, backend, server, tries, error.outcome)
      // Another server may have a connection that stands idle; bytes that are passed on as they are need a new one.
      const other = transaction.server as Server
      const connection = other === server || !idle ? undefined : takeIdle(transaction, backend, other)
      if (connection === undefined) continue
      transaction.record.timers.connect = Math.round(clock.now() - since)
      return connection
    }
  }
}

async function prepareNextTry(
  transaction: Transaction,
  backend: Backend,
  server: Server,
  tries: number,
  failure: Outcome,
): Promise<void> {
  transaction.record.retries++
  server.counters.retries++
  backend.counters.retries++
  if (movesOn(backend, tries) || !server.inRotation) await moveOn(transaction, backend, server)
  // A connect that timed out has waited long enough.
  if (transaction.server !== server || failure === outcomes.serverConnectTimeout) return
  const pause = Math.min(TURN_AROUND, backend.timeouts.connect)
  await rest(transaction, pause)
}

/** Manual, `option redispatch`: after every so many tries, or so many before the last. */
function movesOn(backend: Backend, tries: number): boolean {
  const { redispatch, retries } = backend
  if (redispatch === 0) return false
  // An algorithm that is free to choose goes elsewhere at once; one that goes by a key has to be told.
  if (backend.balance.skipsFull) return true
  const every = redispatch > 0 ? redispatch : retries + 1 + redispatch
  return every > 0 && tries % every === 0
}

async function moveOn(transaction: Transaction, backend: Backend, from: Server): Promise<void> {
  if (backend.redispatch === 0) return
  transaction.leaveServer()
  const place = backend.seek(transaction.context, from)
  if (place instanceof Server) transaction.enterServer(place)
  else await queueUp(transaction, backend, place)
  if (transaction.server === from) return
  transaction.record.redispatched = true
  from.counters.redispatches++
  backend.counters.redispatches++
}

function rest(transaction: Transaction, time: number): Promise<void> {
  if (transaction.ended !== undefined) return Promise.reject(transaction.ended)
  return new Promise((resolve, reject) => {
    const timer = transaction.engine.clock.after(time, () => {
      transaction.broken = undefined
      resolve()
    })
    transaction.broken = (error) => {
      timer.cancel()
      reject(error)
    }
  })
}

/** One connection to one server. */
function dial(transaction: Transaction, backend: Backend, server: Server, reader: ServerReader): Promise<Socket> {
  if (transaction.ended !== undefined) return Promise.reject(transaction.ended)
  const { clock, network } = transaction.engine
  return new Promise((resolve, reject) => {
    const socket = network.dial(targetOf(server, transaction.context.session), reader)
    const patience = orderedTimeout(transaction.context, 'connect') ?? backend.timeouts.connect
    const timer =
      patience === Number.POSITIVE_INFINITY
        ? undefined
        : clock.after(patience, () => give(new TransactionError(outcomes.serverConnectTimeout)))
    const give = (error: TransactionError): void => {
      timer?.cancel()
      transaction.broken = undefined
      socket.destroy()
      reject(error)
    }
    // Stands for the socket's whole life: whatever comes after the connect is also told to those who use it.
    socket.on('error', (error: Error) => {
      if (transaction.broken === give) give(new TransactionError(outcomes.serverConnectRefused, error))
    })
    socket.once('connect', () => {
      timer?.cancel()
      transaction.broken = undefined
      resolve(socket)
    })
    transaction.broken = give
  })
}
