/** `hash-balance-factor`: how much more than the average a server may carry before a key goes to the next one. */
import type { Candidate } from './algorithm.js'

/** The bound of one pool; it is told of load changes, so that asking costs a few operations. */
export class LoadBound<T extends Candidate> {
  readonly #factor: number
  readonly #loads = new Map<T, number>()
  #weight = 0
  #load = 0

  /** @param factor per cent of the average; 0 is no bound */
  constructor(pool: readonly T[], factor: number) {
    this.#factor = factor
    if (factor === 0) return
    for (const server of pool) {
      if (server.weight <= 0) continue
      this.#weight += server.weight
      this.#load += server.active
      this.#loads.set(server, server.active)
    }
  }

  loadChanged(server: T): void {
    const before = this.#loads.get(server)
    if (before === undefined) return
    this.#load += server.active - before
    this.#loads.set(server, server.active)
  }

  /** Whether one more request keeps a server within the bound, shares being by weight and rounded up. */
  allows(server: T): boolean {
    if (this.#factor === 0) return true
    const places = Math.ceil(((this.#load + 1) * this.#factor) / 100)
    return server.active < Math.ceil((places * server.weight) / this.#weight)
  }
}
