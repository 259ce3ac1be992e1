/** `rule`: a decision written in code, with a limit to the time it may take. */
import { z } from 'zod'
import { TransactionError } from '../../base/errors.js'
import { checkOptions, durationOption, integerOption } from '../../base/options.js'
import type { Context, SessionView } from '../../match/context.js'
import { notYet } from '../../match/sample.js'
import type { Request } from '../../message/request.js'
import type { Response } from '../../message/response.js'
import { Rule } from '../rule.js'
import { RuleError } from '../rule-error.js'
import { type Verdict, type VerdictKind, verdictKinds } from '../verdict.js'
import { hasResponse } from './answer.js'

/** What a custom rule is given. */
export interface RuleExchange {
  /** The transaction's own copy: what is changed here is what the server gets. */
  readonly request: Request
  /** Only in response rules. What is changed here is what the client gets. */
  readonly response: Response | undefined
  readonly session: SessionView
  /**
   * The whole body of the message in hand: the response's in response rules. It is held, and passed on afterwards as it came. Rejects when it
   * is longer than `limit` bytes (a client then gets 413 unless the rule says otherwise; in place of a response it gets 502). The rule's own
   * time limit counts.
   */
  readonly readBody: (limit: number) => Promise<Buffer>
  /** Variables by full name, as in `txn.user`. */
  readonly variables: Map<string, unknown>
  /**
   * Fires when the client leaves and when the time is over: hand it to whatever you wait for. A client that only says that it sends no more
   * looks like one that leaves, so it fires then, too; an answer that is given all the same is sent.
   */
  readonly signal: AbortSignal
}

/** What a custom rule may say: nothing, to go on; what another rule would say, as in `return respond(401)`; or a verdict. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function without a return is a rule, too
export type RuleAnswer = Rule<never> | Verdict | void

/** A decision in code. */
export type RuleFunction = (exchange: RuleExchange) => RuleAnswer | Promise<RuleAnswer>

export interface CustomRuleOptions {
  /** How long it may take, from call to answer: milliseconds, or text as in `'2s'`. Default 5 seconds. */
  readonly timeout?: number | string | undefined
}

const functionOption = z.custom<RuleFunction>((given) => typeof given === 'function', { error: 'must be a function' })
const limitOption = integerOption(0, 2 ** 31 - 1, 'a number of bytes')
const ruleOptions = z.strictObject({ timeout: durationOption.optional() })

/**
 * A rule in code, for requests and for responses. It fails with {@link RuleError} when the function throws or takes too long (the client
 * gets 500), and when the client leaves meanwhile. Without a clock in the context there is no limit.
 *
 * ```ts
 * const signedIn = rule('signed-in', async ({ request, signal }) => {
 *   if (!(await verify(request.headers.get('authorization'), signal))) return respond(401)
 * }, { timeout: '500ms' })
 * ```
 */
export function rule(
  name: string,
  decide: RuleFunction,
  options: CustomRuleOptions = {},
): Rule<'request' | 'response'> {
  const subject = `rule '${name}'`
  checkOptions(subject, functionOption, decide)
  const { timeout = 5000 } = checkOptions(subject, ruleOptions, options)
  return new Rule(name, ['request', 'response'], (context) => {
    const exchange = new CustomExchange(context)
    let answer: RuleAnswer | Promise<RuleAnswer>
    try {
      answer = decide(exchange)
    } catch (error) {
      throw thrown(name, error)
    }
    if (!isPromise(answer)) return settle(name, context, answer)
    return limited(name, context, exchange, Promise.resolve(answer), timeout)
  })
}

class CustomExchange implements RuleExchange {
  readonly #context: Context
  #controller: AbortController | undefined = undefined
  #over: unknown = undefined

  constructor(context: Context) {
    this.#context = context
  }

  get request(): Request {
    return this.#context.request
  }

  get response(): Response | undefined {
    return hasResponse(this.#context) ? this.#context.response : undefined
  }

  get session(): SessionView {
    return this.#context.session
  }

  readonly readBody = async (limit: number): Promise<Buffer> => {
    checkOptions('readBody', limitOption, limit)
    const body = hasResponse(this.#context) ? this.#context.responseBody : this.#context.requestBody
    return body === undefined ? Buffer.alloc(0) : body.read(limit)
  }

  get variables(): Map<string, unknown> {
    return (this.#context.variables ??= new Map())
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#over !== undefined) this.#controller.abort(this.#over)
      else if (this.#context.signal.aborted) this.#controller.abort(this.#context.signal.reason)
      else if (this.#context.clientEnded) this.#controller.abort(new Error('the client sends no more'))
    }
    return this.#controller.signal
  }

  get aborted(): boolean {
    return this.#controller?.signal.aborted === true
  }

  abort(reason: unknown): void {
    this.#over = reason
    this.#controller?.abort(reason)
  }
}

/** Waits for the answer, the limit, or the client's leave, whichever comes first. */
function limited(
  name: string,
  context: Context,
  exchange: CustomExchange,
  answer: Promise<RuleAnswer>,
  timeout: number,
): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    const signal = context.signal
    const end = (error: RuleError): void => {
      cleanUp()
      exchange.abort(error)
      reject(error)
    }
    const left = (): void => end(new RuleError(name, 'left', 'nobody waits for its answer any more', signal.reason))
    const timer = Number.isFinite(timeout)
      ? context.clock?.after(timeout, () => end(new RuleError(name, 'timeout', `no answer within ${timeout} ms`)))
      : undefined
    // It may be gone, or still wait for an answer: who waits for something with the signal gives up, who does not may go on.
    // By name: a function that is written straight into a property outlives what it knows, see Transaction.whenBroken.
    const noMore = (): void => exchange.abort(new RuleError(name, 'left', 'the client sends no more'))
    context.onClientEnd = noMore
    const cleanUp = (): void => {
      timer?.cancel()
      context.onClientEnd = undefined
      signal.removeEventListener('abort', left)
    }
    if (signal.aborted) return left()
    signal.addEventListener('abort', left)
    answer.then(
      (given) => {
        cleanUp()
        try {
          resolve(settle(name, context, given))
        } catch (error) {
          reject(error)
        }
      },
      (error: unknown) => {
        cleanUp()
        reject(
          exchange.aborted ? new RuleError(name, 'left', 'gave up when the client left', error) : thrown(name, error),
        )
      },
    )
  })
}

function settle(name: string, context: Context, answer: RuleAnswer): Verdict | Promise<Verdict> {
  if (!(answer instanceof Rule)) return verdict(name, answer)
  const phase = hasResponse(context) ? 'response' : 'request'
  if (!answer.phases.includes(phase))
    throw new RuleError(name, 'threw', `'${answer.name}' cannot stand in a ${phase} rule`)
  const holds = answer.condition?.test(context)
  if (holds === false || holds === notYet) return undefined
  return answer.action(context)
}

/** A function in code may return anything, and what was meant as a refusal must not pass as nothing. */
function verdict(name: string, answer: unknown): Verdict {
  if (answer === undefined) return undefined
  const kind: unknown = typeof answer === 'object' && answer !== null ? (answer as { kind?: unknown }).kind : undefined
  if (verdictKinds.includes(kind as VerdictKind)) return answer as Verdict
  const message = 'it must return nothing, a rule such as respond(401), or a verdict'
  throw new RuleError(name, 'threw', message, answer)
}

/** Those of other libraries, too. */
function isPromise<T>(answer: T | PromiseLike<T>): answer is PromiseLike<T> {
  return typeof (answer as { then?: unknown } | undefined)?.then === 'function'
}

function thrown(name: string, error: unknown): Error {
  // What a body did not let through says by itself how the client is answered.
  if (error instanceof RuleError || error instanceof TransactionError) return error
  return new RuleError(name, 'threw', error instanceof Error ? error.message : String(error), error)
}
