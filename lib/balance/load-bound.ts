/** `hash-balance-factor`: how much more than the average a server may carry before a key goes to the next one. */
import type { Candidate } from './algorithm.js'

/** What a bound knows of one server. */
interface Share {
  /** Weights of the servers that are declared before it. */
  readonly before: number
  readonly weight: number
  /** Its load when it was last told of. */
  load: number
}

/** The bound of one pool; it is told of load changes, so that asking costs a few operations. */
export class LoadBound<T extends Candidate> {
  readonly #factor: number
  readonly #shares = new Map<T, Share>()
  #weight = 0
  #load = 0

  /** @param factor per cent of the average; 0 is no bound */
  constructor(pool: readonly T[], factor: number) {
    this.#factor = factor
    if (factor === 0) return
    for (const server of pool) {
      if (server.effectiveWeight <= 0) continue
      this.#shares.set(server, { before: this.#weight, weight: server.effectiveWeight, load: server.active })
      this.#weight += server.effectiveWeight
      this.#load += server.active
    }
  }

  loadChanged(server: T): void {
    const share = this.#shares.get(server)
    if (share === undefined) return
    this.#load += server.active - share.load
    share.load = server.active
  }

  /**
   * Whether one more request keeps a server within the bound. The places that the factor allows to all are dealt out by
   * weight in the order of declaration, so that fractions add up; each server has one at least.
   */
  allows(server: T): boolean {
    const share = this.#shares.get(server)
    if (share === undefined) return true
    const places = Math.ceil(((this.#load + 1) * this.#factor) / 100)
    const from = Math.floor((places * share.before) / this.#weight)
    const to = Math.floor((places * (share.before + share.weight)) / this.#weight)
    return server.active < Math.max(1, to - from)
  }
}
