/** Waiting for a place with a server: who waits where, for how long, and what the record says of it. */
import { outcomes, TransactionError } from '../base/errors.js'
import type { Backend } from '../proxy/backend.js'
import type { Queue, Rank } from '../proxy/queue.js'
import { Server } from '../proxy/server.js'
import { type Place, QueueFull } from '../proxy/server-pool.js'
import { orderedTimeout } from './ordered.js'
import { countSelected } from './tally.js'
import type { Transaction } from './transaction.js'

/**
 * Waits for a place, and takes it.
 * @throws {TransactionError} when there is no server, when the time is over, and when the client leaves
 */
export async function queueUp(
  transaction: Transaction,
  backend: Backend,
  place: Exclude<Place, Server>,
): Promise<Server> {
  const { clock } = transaction.engine
  const since = clock.now()
  const limit = orderedTimeout(transaction.context, 'queue') ?? backend.timeouts.queue
  let left = limit
  for (let next: Exclude<Place, Server> = place; ; ) {
    if (next === undefined) throw new TransactionError(outcomes.proxyNoServer)
    const keeper = next instanceof QueueFull ? next.server : next.keeper
    if (keeper !== undefined && !backend.wasAssigned(transaction.context, keeper)) countSelected(backend, keeper)
    if (next instanceof QueueFull) {
      const other = elsewhere(transaction, backend, next.server)
      if (other instanceof Server) return other
      next = other
      continue
    }
    transaction.stage = 'queue'
    const { serverQueue } = transaction.record
    const server = await turn(transaction, backend, next, left, since)
    if (server !== undefined) {
      transaction.record.timers.queue = Math.round(clock.now() - since)
      transaction.enterServer(server)
      return server
    }
    left = limit - (clock.now() - since)
    const again =
      next.keeper === undefined ? backend.seek(transaction.context) : anew(transaction, backend, next.keeper)
    if (again instanceof Server) {
      countSelected(backend, again)
      transaction.record.timers.queue = Math.round(clock.now() - since)
      transaction.enterServer(again)
      return again
    }
    // It has not left its place.
    if (again === next) transaction.record.serverQueue = serverQueue
    next = again
  }
}

/** The server that it waited for is not what it was: it waits again, or goes elsewhere, when it belongs there; otherwise it is chosen anew. */
function anew(transaction: Transaction, backend: Backend, server: Server): Place {
  const { context, record } = transaction
  if (!backend.wasAssigned(context, server)) return backend.seek(context)
  if (server.attached && !backend.mayRedispatch(context)) return backend.enter(server)
  transaction.tried = [...(transaction.tried ?? []), server]
  const place = backend.seek(context, transaction.tried)
  record.redispatched = true
  server.counters.redispatches++
  backend.counters.redispatches++
  return place
}

/** The server that it must go to has a full queue: another one, where that is allowed. */
function elsewhere(transaction: Transaction, backend: Backend, server: Server): Place {
  if (!backend.mayRedispatch(transaction.context) || transaction.tried?.includes(server) === true)
    throw queueIsFull(transaction, server)
  transaction.tried = [...(transaction.tried ?? []), server]
  const place = backend.seek(transaction.context, transaction.tried)
  if (place instanceof QueueFull && place.server === server) throw queueIsFull(transaction, server)
  const { record } = transaction
  record.redispatched = true
  server.counters.redispatches++
  backend.counters.redispatches++
  if (!(place instanceof Server)) return place
  record.timers.queue = 0
  countSelected(backend, place)
  transaction.enterServer(place)
  return place
}

function queueIsFull(transaction: Transaction, server: Server): TransactionError {
  tellOf(transaction, server)
  return new TransactionError(outcomes.proxyQueueFull)
}

/** Who has not got a place with a server is told of with it. */
function tellOf({ record }: Transaction, server: Server): void {
  record.server = server.name
  record.load.server = server.active
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
      transaction.wait = undefined
      record.timers.queue = Math.round(clock.now() - since)
      count(queue.served - before + 1)
      if (queue.keeper !== undefined) tellOf(transaction, queue.keeper)
      reject(error)
    }
    const served = (server: Server | undefined): void => {
      timer?.cancel()
      transaction.broken = undefined
      transaction.wait = undefined
      // Who is sent away counts itself, as it does when it leaves.
      count(queue.served - before + (server === undefined ? 1 : 0))
      resolve(server)
    }
    const timer =
      patience === Number.POSITIVE_INFINITY
        ? undefined
        : clock.after(patience, () => leave(new TransactionError(outcomes.serverQueueTimeout)))
    transaction.broken = leave
    transaction.wait = { for: 'place', until: clock.now() + patience }
    const waiting = backend.wait(queue, served, rankOf(transaction, since))
  })
}
