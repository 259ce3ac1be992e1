/** The rules that a server's response passes: the backend's, the frontend's, and then those for every answer. */
import { outcomes, TransactionError } from '../base/errors.js'
import type { Backend } from '../proxy/backend.js'
import type { Respond, Verdict } from '../rules/verdict.js'
import { afterResponse } from './answer.js'
import type { Transaction } from './transaction.js'

/**
 * Runs them. @returns the answer that takes the response's place, when a rule gives one
 * @throws {TransactionError} when a rule refuses the response
 */
export function responseRules(
  transaction: Transaction,
  backend: Backend,
): Respond | undefined | Promise<Respond | undefined> {
  const { context, frontend } = transaction
  if (
    backend.httpResponse.length === 0 &&
    frontend.httpResponse.length === 0 &&
    backend.httpAfterResponse.length === 0 &&
    frontend.httpAfterResponse.length === 0
  )
    return undefined
  const first = backend.httpResponse.run(context)
  if (first instanceof Promise) return slowly(transaction, first)
  const replaced = settled(first)
  if (replaced !== undefined) return replaced
  const second = frontend.httpResponse.run(context)
  if (second instanceof Promise) return slowly(transaction, undefined, second)
  const given = settled(second)
  if (given !== undefined) return given
  return afterResponse(transaction)?.then(() => undefined)
}

async function slowly(
  transaction: Transaction,
  first: Promise<Verdict> | undefined,
  second?: Promise<Verdict>,
): Promise<Respond | undefined> {
  const { context, frontend } = transaction
  const replaced = settled(await first)
  if (replaced !== undefined) return replaced
  const given = settled(await (second ?? frontend.httpResponse.run(context)))
  if (given !== undefined) return given
  await afterResponse(transaction)
  return undefined
}

function settled(verdict: Verdict): Respond | undefined {
  if (verdict === undefined || verdict.kind === 'allow') return undefined
  if (verdict.kind === 'respond') return verdict
  throw new TransactionError(outcomes.proxyResponseDenied)
}
