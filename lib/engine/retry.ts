/** From one try to the next: whether there is one, where it goes, and after which pause. */
import { type Outcome, outcomes } from '../base/errors.js'
import type { Backend } from '../proxy/backend.js'
import { Server } from '../proxy/server.js'
import type { Exchange } from './exchange.js'
import { queueUp } from './queueing.js'
import { ReplayedBody } from './replayed-body.js'
import type { ServerConnection } from './server-connection.js'
import { countSelected } from './tally.js'
import type { Transaction } from './transaction.js'

/** A client that was refused by a server waits this long at most before it asks the same one again. */
const TURN_AROUND = 1_000

/** Whether a connect that failed is tried again; the retry counts as begun. */
export function retriesConnect(transaction: Transaction, backend: Backend, failure: Outcome): boolean {
  return backend.retry.covers(failure) && takesRetry(transaction, backend)
}

/** Whether a request of which the server may have seen something goes once more; the retry counts as begun. */
export function retriesRequest(transaction: Transaction, backend: Backend, failure: Outcome): boolean {
  if (transaction.answered || transaction.ended !== undefined || !backend.retry.covers(failure)) return false
  return isReplayable(transaction) && takesRetry(transaction, backend)
}

/** Whether an answer is given up because of its status; the retry counts as begun. */
export function retriesStatus(transaction: Transaction, backend: Backend, status: number): boolean {
  if (!backend.retry.coversStatus(status) || transaction.ended !== undefined) return false
  return isReplayable(transaction) && takesRetry(transaction, backend)
}

/**
 * A connection that had stood idle may have been closed by its server at the moment when we took it. Then nothing has happened there
 * yet, and as long as doing it twice would do no harm, the request can go again (RFC 9112 section 9.3.1). That is no retry.
 */
export function mayGoAgain({ context }: Transaction, exchange: Exchange, connection: ServerConnection): boolean {
  if (context.orders?.replay === false) return false
  if (connection.uses < 2 || connection.decoder.hasPending) return false
  return exchange.bodyLength === 0 && isIdempotent(context.request.method)
}

/** All of the request that was sent so far is still there. */
function isReplayable(transaction: Transaction): boolean {
  if (transaction.context.orders?.replay === false) return false
  const { source } = transaction
  return source.bodyLength === 0 || (source instanceof ReplayedBody && source.replayable)
}

function takesRetry(transaction: Transaction, backend: Backend): boolean {
  if (transaction.record.retries >= retriesOf(transaction, backend)) return false
  return backend.retry.budget?.spend(transaction.engine.clock.now()) !== false
}

const retriesOf = ({ context }: Transaction, backend: Backend): number => context.orders?.retries ?? backend.retries

/**
 * Counts a retry and makes ready for it: a place with another server, where that is wanted, and a rest.
 * @param failure of a connect; a request that failed is tried again without a rest
 */
export async function prepareRetry(transaction: Transaction, backend: Backend, failure?: Outcome): Promise<void> {
  const { record, engine } = transaction
  const server = transaction.server as Server
  record.retries++
  if (movesOn(transaction, backend) || !keeps(transaction, backend, server)) await moveOn(transaction, backend, server)
  if (transaction.server === server) {
    server.counters.retries++
    backend.counters.retries++
  }
  const pause =
    backend.retry.pause(record.retries, engine.random) ??
    // A connect that timed out has waited long enough.
    (transaction.server === server && failure === outcomes.serverConnectRefused
      ? Math.min(TURN_AROUND, backend.timeouts.connect)
      : 0)
  if (pause === 0) return
  await rest(transaction, pause)
  // Orders may have come meanwhile.
  const rested = transaction.server as Server
  if (!keeps(transaction, backend, rested)) await moveOn(transaction, backend, rested)
}

/** Whether a server may still have a request: drained ones keep those who were given to them. */
const keeps = ({ context }: Transaction, backend: Backend, server: Server): boolean =>
  server.inRotation || backend.isAssigned(context, server)

/** Manual, `option redispatch`: after every so many tries, or so many before the last. */
function movesOn(transaction: Transaction, backend: Backend): boolean {
  const { redispatch } = backend
  if (!backend.mayRedispatch(transaction.context)) return false
  // An algorithm that is free to choose goes elsewhere at once; one that goes by a key has to be told.
  if (backend.balance.skipsFull && !backend.isAssigned(transaction.context, transaction.server as Server)) return true
  const every = redispatch > 0 ? redispatch : retriesOf(transaction, backend) + 1 + redispatch
  return every > 0 && transaction.record.retries % every === 0
}

async function moveOn(transaction: Transaction, backend: Backend, from: Server): Promise<void> {
  // Without `redispatch` it goes back where it was, whatever checks say; into maintenance, or to who was removed, nothing goes.
  if (!backend.mayRedispatch(transaction.context) && from.attached && from.ordered !== 'maint') return
  transaction.leaveServer()
  transaction.tried = transaction.tried === undefined ? [from] : [...transaction.tried, from]
  const place = backend.seek(transaction.context, transaction.tried)
  if (place instanceof Server) transaction.enterServer(place)
  else await queueUp(transaction, backend, place)
  if (transaction.server === from) return
  if (place instanceof Server) countSelected(backend, place)
  transaction.record.redispatched = true
  from.counters.redispatches++
  backend.counters.redispatches++
}

function rest(transaction: Transaction, time: number): Promise<void> {
  if (transaction.ended !== undefined) return Promise.reject(transaction.ended)
  return new Promise((resolve, reject) => {
    const { clock } = transaction.engine
    transaction.wait = { for: 'rest', until: clock.now() + time }
    const timer = clock.after(time, () => {
      transaction.broken = undefined
      transaction.wait = undefined
      resolve()
    })
    transaction.whenBroken((error) => {
      timer.cancel()
      reject(error)
    })
  })
}

/** RFC 9110 section 9.2.2. */
function isIdempotent(method: string): boolean {
  switch (method) {
    case 'GET':
    case 'HEAD':
    case 'OPTIONS':
    case 'PUT':
    case 'DELETE':
    case 'TRACE':
      return true
    default:
      return false
  }
}
