/** The rules that a server's response passes: those on its content, the backend's, the frontend's, and then those for every answer. */
import { outcomes, TransactionError } from '../base/errors.js'
import type { Backend } from '../proxy/backend.js'
import { finishResponse } from '../proxy/response-end.js'
import type { Respond, Verdict } from '../rules/verdict.js'
import { afterResponse } from './answer.js'
import type { Transaction } from './transaction.js'

/** Whether there is a rule that a response of this transaction has to pass. */
export function hasResponseRules({ frontend }: Transaction, backend: Backend): boolean {
  return (
    backend.httpResponse.length > 0 ||
    frontend.httpResponse.length > 0 ||
    backend.httpAfterResponse.length > 0 ||
    frontend.httpAfterResponse.length > 0 ||
    backend.tcpResponseContent.length > 0 ||
    backend.persistence !== undefined ||
    backend.checkCache
  )
}

/**
 * Runs them. @returns the answer that takes the response's place, when a rule gives one
 * @throws {TransactionError} when a rule refuses the response
 */
export function responseRules(
  transaction: Transaction,
  backend: Backend,
): Respond | undefined | Promise<Respond | undefined> {
  const { context, server } = transaction
  if (server !== undefined) backend.persistence?.answered(context, server)
  return runFrom(transaction, backend, 0)
}

/** Those that the answer of a service in this process passes: there is no server whose bytes could be looked at. */
export function serviceRules(transaction: Transaction): Respond | undefined | Promise<Respond | undefined> {
  return runFrom(transaction, transaction.backend, 1)
}

/** The sets, in the order in which they run. */
const sets = [
  (_: Transaction, backend: Backend | undefined) => backend?.tcpResponseContent,
  (_: Transaction, backend: Backend | undefined) => backend?.httpResponse,
  ({ frontend }: Transaction) => frontend.httpResponse,
] as const

function runFrom(
  transaction: Transaction,
  backend: Backend | undefined,
  from: number,
): Respond | undefined | Promise<Respond | undefined> {
  for (let index = from; index < sets.length; index++) {
    const verdict = sets[index]?.(transaction, backend)?.run(transaction.context)
    if (verdict instanceof Promise)
      return verdict.then(
        (settled) => decide(transaction, settled, index === 0) ?? runFrom(transaction, backend, index + 1),
      )
    const given = decide(transaction, verdict, index === 0)
    if (given !== undefined) return given
  }
  const { context, server } = transaction
  if (server !== undefined && backend !== undefined && !finishResponse(backend, context, server)) {
    transaction.countRefusal(false)
    transaction.record.timers.response = -1
    throw new TransactionError(outcomes.proxyResponseCacheable)
  }
  return afterResponse(transaction)?.then(() => undefined)
}

/** @param content the rule looked at the bytes, and not at the response */
function decide(transaction: Transaction, verdict: Verdict, content: boolean): Respond | undefined {
  switch (verdict?.kind) {
    case undefined:
    case 'allow':
    case 'wait':
      return undefined
    case 'respond':
      return verdict
    case 'close':
      transaction.closesServer = true
      return undefined
    case 'reject':
      transaction.countRefusal(false)
      transaction.record.timers.response = -1
      if (verdict.atOnce === true) drop(transaction, content)
      transaction.record.status = transaction.context.response.status
      throw new TransactionError(verdict.outcome)
    default:
      throw new TransactionError(outcomes.proxyResponseDenied)
  }
}

/** Gives the client up. */
function drop(transaction: Transaction, content: boolean): never {
  const { record, context, exchange } = transaction
  if (!content) record.status = context.response.status
  exchange?.drop()
  throw new TransactionError(outcomes.proxyDropped)
}
