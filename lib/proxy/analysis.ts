/** What traffic says of a server's health: failures in a row count as its checks do. Manual, `observe`, `error-limit`, `on-error`. */
import type { Observed } from './server.js'

/** Statuses above 499 that are an answer like others. */
const fine: ReadonlySet<number> = new Set([501, 505])

const faults = {
  closed: 'Close from server (http)',
  broken: 'Read error (http)',
  late: 'Read timeout (http)',
  invalid: 'Invalid http response (headers)',
} as const

/** What is wrong with a connect or an answer, in HAProxy's words; nothing when all is well. */
export function faultOf({ layer, passed, status, fault }: Observed): string | undefined {
  if (layer === 4) return passed ? undefined : 'L4 unsuccessful connection'
  if (!passed) return faults[fault ?? 'invalid']
  return status !== undefined && status >= 500 && !fine.has(status) ? 'Wrong http response' : undefined
}

/** Counts failures in a row. */
export class Analysis {
  readonly #layer: 4 | 7
  readonly #limit: number
  #failures = 0

  constructor(layer: 4 | 7, limit: number) {
    this.#layer = layer
    this.#limit = limit
  }

  /** @returns what there is to say, when the limit is reached: failures are counted anew from there */
  take(seen: Observed): string | undefined {
    const fault = faultOf(seen)
    if (fault === undefined) {
      // A connection alone says nothing of the answers.
      if (seen.layer === this.#layer) this.#failures = 0
      return undefined
    }
    if (seen.layer > this.#layer || ++this.#failures < this.#limit) return undefined
    const count = this.#failures
    this.#failures = 0
    return `Detected ${count} consecutive errors, last one was: ${fault}`
  }
}
