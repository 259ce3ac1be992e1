/** Answers that we give ourselves: what a rule said, and what goes wrong. */
import { type Outcome, outcomes, TransactionError } from '../base/errors.js'
import type { Decision } from '../proxy/decision.js'
import { defaultReply, type Reply } from '../rules/default-replies.js'
import { pageFor } from '../rules/error-pages.js'
import type { Respond, Verdict } from '../rules/verdict.js'
import { orderedTimeout } from './ordered.js'
import { serve } from './service.js'
import { conclude, type Transaction } from './transaction.js'

/** Does what a decision other than "forward" says. */
export async function answer(transaction: Transaction, decision: Decision): Promise<void> {
  switch (decision.kind) {
    case 'respond':
      if (decision.outcome !== outcomes.proxyRequestDenied) forgetCookie(transaction)
      await reply(transaction, decision)
      return
    case 'tarpit':
      await hold(transaction)
      transaction.record.timers.queue =
        Math.round(transaction.engine.clock.now() - transaction.began) - Math.max(transaction.record.timers.request, 0)
      unread(transaction)
      await reply(transaction, decision.answer)
      return
    case 'reject':
      conclude(transaction, decision.outcome)
      transaction.countRefusal(true)
      unread(transaction)
      if (decision.unseen === true) transaction.record.method = ''
      forgetCookie(transaction)
      if (decision.atOnce === true) transaction.exchange?.drop()
      else transaction.exchange?.cut()
      return
    case 'serve':
      await serve(transaction, decision.service)
      return
    default:
      // HAProxy counts a request that has nowhere to go as one that never came.
      transaction.record.timers.request = -1
      throw new TransactionError(outcomes.proxyNoServer)
  }
}

/** A body that does not come, a target that is refused, a rule that fails. */
const UNREAD: ReadonlySet<Outcome> = new Set<Outcome>([
  outcomes.clientRequestTimeout,
  outcomes.clientRequestBad,
  outcomes.proxyRequestError,
])

/** HAProxy's logs show the cookie of requests that go on, or are denied or held, and of no others. */
function forgetCookie({ context }: Transaction): void {
  if (context.captures !== undefined) context.captures.requestCookie = undefined
}

/** HAProxy's logs say of such a request that it never came whole. */
function unread({ record }: Transaction): void {
  record.timers.request = -1
}

/** Sends an answer of ours; rules for all answers see it first. */
export async function reply(transaction: Transaction, given: Respond): Promise<void> {
  const { context, exchange } = transaction
  if (UNREAD.has(given.outcome)) unread(transaction)
  countDenial(transaction, given.outcome)
  conclude(transaction, given.outcome)
  context.response = given.response
  const said = given.response.status
  const after = afterResponse(transaction)
  if (after instanceof Promise) await after
  if (exchange === undefined || transaction.answered) return
  const { response } = context
  // A page may say another status than the one that it stands for; what a rule has written since counts.
  transaction.record.status = response.status === said ? (given.status ?? said) : response.status
  send(transaction, given)
}

function send(transaction: Transaction, { body, close = false, silent = false }: Omit<Reply, 'response'>): void {
  const exchange = transaction.exchange
  if (exchange === undefined) return
  if (silent) {
    transaction.answered = true
    exchange.cut()
    return
  }
  const { response, request } = transaction.context
  const data = typeof body === 'string' ? Buffer.from(body, 'latin1') : Buffer.from(body)
  // The client may not know before the answer whether its body is wanted: what is not here yet ends the connection.
  const closing = !exchange.drain() || close
  const bodiless = request?.method === 'HEAD' || response.status === 204 || response.status === 304
  transaction.answered = true
  const framing = response.headers.has('content-length') ? data.length : lengthless(close, request?.version)
  exchange.respond(response, bodiless ? 0 : framing, bodiless, closing)
  if (!bodiless && data.length > 0) exchange.data(data)
  exchange.end(undefined)
  exchange.flush()
}

/** A page without a length ends with the connection; an answer that has lost its own to a rule goes in chunks, where the client knows them. */
const lengthless = (close: boolean, version: string | undefined): 'close' | 'chunked' =>
  close || version !== '1.1' ? 'close' : 'chunked'

/** The rules that see every answer: the backend's, then the frontend's. */
export function afterResponse(transaction: Transaction): undefined | Promise<void> {
  const { backend, frontend, context } = transaction
  const first = backend?.httpAfterResponse.run(context)
  if (first instanceof Promise)
    return first.then(async (verdict) => {
      changed(verdict)
      changed(await frontend.httpAfterResponse.run(context))
    })
  changed(first)
  const second = frontend.httpAfterResponse.run(context)
  if (second instanceof Promise) return second.then(changed)
  changed(second)
  return undefined
}

/** These rules give no answers: one that says something could not change the one that there is. */
function changed(verdict: Verdict): void {
  if (verdict?.kind === 'respond') throw new TransactionError(verdict.outcome)
}

/**
 * Ends a transaction that cannot go on: with the status that its outcome has, when nothing was answered yet, or by cutting the answer off.
 */
export function fail(transaction: Transaction, error: TransactionError): void {
  const { exchange, record } = transaction
  conclude(transaction, error.outcome, error.cause)
  if (exchange === undefined) return
  if (transaction.answered && !exchange.retract()) {
    exchange.cut()
    return
  }
  if (error.outcome.status === 0) {
    exchange.cut()
    return
  }
  const page = pageOf(transaction, error.outcome.status)
  record.status = error.outcome.status
  transaction.context.response = page.response
  try {
    // Rules for all answers see this one too; an answer to a fault waits for nobody, so one that is not ready at once is passed over.
    const after = afterResponse(transaction)
    if (after instanceof Promise) after.catch((reason: unknown) => transaction.engine.complain(reason, transaction))
  } catch (reason) {
    transaction.engine.complain(reason, transaction)
  }
  send(transaction, page)
}

/** Pages may ask questions of the host app's own. When one fails there is still the built-in page. */
function pageOf(transaction: Transaction, status: number): Reply {
  try {
    return pageFor(transaction.context, status)
  } catch (reason) {
    transaction.engine.complain(reason, transaction)
    return defaultReply(status)
  }
}

function countDenial(transaction: Transaction, outcome: Outcome): void {
  if (outcome === outcomes.proxyRequestDenied || outcome === outcomes.proxyRequestTarpit) {
    transaction.countRefusal(true)
    transaction.context.count('errors', 1)
  } else if (outcome === outcomes.proxyResponseDenied) {
    transaction.countRefusal(false)
  }
}

function hold(transaction: Transaction): Promise<void> {
  const { backend, frontend, engine, context } = transaction
  const time =
    orderedTimeout(context, 'tarpit') ??
    backend?.timeouts.tarpit ??
    frontend.timeouts.tarpit ??
    backend?.timeouts.connect ??
    5_000
  if (transaction.ended !== undefined) return Promise.reject(transaction.ended)
  return new Promise((resolve, reject) => {
    transaction.wait = { for: 'tarpit', until: engine.clock.now() + time }
    const timer = engine.clock.after(time, () => {
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
