/** What a backend tries again, and what it spends on that: causes, pauses, a budget, and what is kept for the case that all was in vain. */
import { z } from 'zod'
import { type Outcome, outcomes } from '../base/errors.js'
import { durationOption, integerOption } from '../base/options.js'
import type { Random } from '../base/random.js'
import { parseSize } from '../base/size.js'
import { RetryBudget } from './retry-budget.js'

/**
 * Why a request may go to a server once more. `connFailure`: no connection could be had. `emptyResponse`: the server left before a whole head of an
 * answer had come. `junkResponse`: what came was no HTTP. `responseTimeout`: nothing came in time. Manual, `retry-on`.
 */
export type RetryCause = 'connFailure' | 'emptyResponse' | 'junkResponse' | 'responseTimeout'

/** Statuses of answers that may be given up for another try. */
export const retryStatuses = [401, 403, 404, 408, 421, 425, 429, 500, 501, 502, 503, 504] as const
export type RetryStatus = (typeof retryStatuses)[number]

const causes = ['connFailure', 'emptyResponse', 'junkResponse', 'responseTimeout'] as const
/** What `allRetryableErrors` stands for. */
const allErrors: readonly (RetryCause | RetryStatus)[] = [...causes, 500, 502, 503, 504]

/** A pause before each try, longer each time. */
export interface Backoff {
  /** Before the first retry: milliseconds, or text with a unit. */
  readonly first: number | string
  /** None is longer. Default 10s. */
  readonly longest?: number | string
  /** How much of a pause is left to chance, 0 to 1, so that those who failed together do not return together. Default 0.5. */
  readonly jitter?: number
}

/** How many retries a backend may add to its load. */
export interface RetryBudgetOptions {
  /** Retries for each request, 0 to 1, as in 0.2. */
  readonly share: number
  /** Retries that it may have in each second whatever its load. Default 10. */
  readonly least?: number
}

/** What a backend's users say of retries, beside how many there are. */
export interface RetryOptions {
  /**
   * Why a request goes to a server once more. Default `['connFailure']`, which is harmless: the server has seen nothing. With any other cause a request
   * may be carried out twice. Its body is kept meanwhile, see {@link replayBuffer}. HAProxy: `retry-on`.
   */
  readonly retryOn?: readonly (RetryCause | RetryStatus | 'allRetryableErrors')[]
  /** Bytes of a body that are kept to be sent once more, as a number or as in `'16k'`; a longer one is sent once. Default: the balancer's `bufferSize`. */
  readonly replayBuffer?: number | string
  /** A pause before each retry. Default: none before another server, and after a refused connect at most a second before the same one. Not in HAProxy. */
  readonly backoff?: Backoff
  /** Keeps retries from multiplying the load of servers that fail. Default: no limit. Not in HAProxy. */
  readonly retryBudget?: RetryBudgetOptions
  /** When the last try brings no answer, the client gets one that was given up before, in place of 502 or 504. Default: no. Not in HAProxy. */
  readonly lastAnswer?: boolean
}

const share = (): z.ZodType<number> =>
  z.number({ error: 'must be a number from 0 to 1' }).refine((value) => value >= 0 && value <= 1, {
    error: 'must be a number from 0 to 1',
  })

const size = z
  .union([z.number(), z.string()], { error: "must be a size, as in 16384 or '16k'" })
  .transform((given, context) => {
    try {
      return parseSize(given)
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message })
      return z.NEVER
    }
  }) as unknown as z.ZodType<number>

const listed: readonly unknown[] = ['allRetryableErrors', ...causes, ...retryStatuses]

/** What a backend's constructor checks of them. */
export const retryShape = {
  retryOn: z
    .array(
      z.custom<RetryCause | RetryStatus | 'allRetryableErrors'>((given) => listed.includes(given), {
        error: `must be one of ${listed.map((one) => (typeof one === 'string' ? `'${one}'` : one)).join(', ')}`,
      }),
    )
    .optional(),
  replayBuffer: size.optional(),
  backoff: z
    .strictObject({ first: durationOption, longest: durationOption.optional(), jitter: share().optional() })
    .optional(),
  retryBudget: z.strictObject({ share: share(), least: integerOption(0, 1_000_000).optional() }).optional(),
  lastAnswer: z.boolean({ error: 'must be true or false' }).optional(),
}

const retryOptions = z.strictObject(retryShape)

/** What a backend tries again, decided. */
export class RetryPolicy {
  /** A request may have to be sent once more, so that it is kept. */
  readonly replays: boolean
  /** Bytes of a body that are kept; `undefined` is as many as the engine's buffer holds. */
  readonly replayBuffer: number | undefined
  readonly lastAnswer: boolean
  readonly budget: RetryBudget | undefined
  readonly #causes: ReadonlySet<RetryCause | number>
  readonly #backoff: { readonly first: number; readonly longest: number; readonly jitter: number } | undefined

  constructor(given: z.infer<typeof retryOptions> = {}) {
    const asked = given.retryOn ?? ['connFailure']
    this.#causes = new Set(asked.flatMap((one) => (one === 'allRetryableErrors' ? allErrors : [one])))
    this.replays = [...this.#causes].some((cause) => cause !== 'connFailure')
    this.replayBuffer = given.replayBuffer
    this.lastAnswer = given.lastAnswer ?? false
    this.budget = given.retryBudget === undefined ? undefined : new RetryBudget(given.retryBudget)
    const { backoff } = given
    if (backoff !== undefined)
      this.#backoff = { first: backoff.first, longest: backoff.longest ?? 10_000, jitter: backoff.jitter ?? 0.5 }
  }

  /** Whether a failure is one to try again after. */
  covers(failure: Outcome): boolean {
    const cause = causeOf(failure)
    return cause !== undefined && this.#causes.has(cause)
  }

  /** Whether an answer of this status is given up for another try. */
  coversStatus(status: number): boolean {
    return this.#causes.has(status)
  }

  /** Milliseconds before a retry, counted from 1; `undefined` when nobody has said. */
  pause(retry: number, chance: Random): number | undefined {
    if (this.#backoff === undefined) return undefined
    const { first, longest, jitter } = this.#backoff
    const whole = Math.min(longest, first * 2 ** (retry - 1))
    return whole * (1 - jitter * chance.next())
  }
}

function causeOf(failure: Outcome): RetryCause | undefined {
  switch (failure) {
    case outcomes.serverConnectRefused:
    case outcomes.serverConnectTimeout:
      return 'connFailure'
    case outcomes.serverHeadersAbort:
      return 'emptyResponse'
    case outcomes.serverHeadersBad:
      return 'junkResponse'
    case outcomes.serverHeadersTimeout:
      return 'responseTimeout'
    default:
      return undefined
  }
}
