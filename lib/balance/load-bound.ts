/** `hash-balance-factor`: how much more than the average a server may carry before a key goes to the next one. */
import type { Candidate } from './algorithm.js'
import { WeightTree } from './weight-tree.js'

/** What a bound knows of one server. */
interface Share {
  /** Its place in the order of declaration. */
  readonly index: number
  /** 0 while it is not in the pool. */
  weight: number
  /** Its load when it was last told of. */
  load: number
}

/** The bound of one pool; it is told of load changes, so that asking costs a few operations. */
export class LoadBound<T extends Candidate> {
  readonly #factor: number
  readonly #shares = new Map<T, Share>()
  readonly #weights: WeightTree
  #load = 0

  /** @param factor per cent of the average; 0 is no bound */
  constructor(pool: readonly T[], factor: number) {
    this.#factor = factor
    this.#weights = new WeightTree(factor === 0 ? 0 : pool.length)
    if (factor === 0) return
    for (const server of pool) {
      const { active: load, effectiveWeight: weight } = server
      if (weight <= 0) continue
      this.#shares.set(server, { index: this.#weights.append(weight), weight, load })
      this.#load += load
    }
  }

  /** @returns whether it carries less than before */
  loadChanged(server: T): boolean {
    const share = this.#factor === 0 ? undefined : this.#shares.get(server)
    if (share === undefined || share.weight === 0) return false
    const difference = server.active - share.load
    this.#load += difference
    share.load = server.active
    return difference < 0
  }

  get bounds(): boolean {
    return this.#factor > 0
  }

  /** The places that the factor allows to all of them. */
  get places(): number {
    return Math.ceil(((this.#load + 1) * this.#factor) / 100)
  }

  /** Nobody who carries so much for its weight can be allowed more, however the places are dealt out. */
  get most(): number {
    return (this.places / this.#weights.total) * (1 + Number.EPSILON * 16)
  }

  /** One server came back, left or has another weight. @returns `false` for one that has no place in the order of declaration */
  change(server: T, present: boolean): boolean {
    if (this.#factor === 0) return true
    const share = this.#shares.get(server)
    if (share === undefined) return !present
    const weight = present ? server.effectiveWeight : 0
    const load = present ? server.active : 0
    this.#weights.add(share.index, weight - share.weight)
    this.#load += load - (share.weight === 0 ? 0 : share.load)
    share.weight = weight
    share.load = load
    return true
  }

  /**
   * Whether one more request keeps a server within the bound. The places that the factor allows to all are dealt out by
   * weight in the order of declaration, so that fractions add up; each server has one at least.
   */
  allows(server: T): boolean {
    if (this.#factor === 0 || server.active === 0) return true
    const share = this.#shares.get(server)
    if (share === undefined) return true
    const { total } = this.#weights
    const { places } = this
    const before = this.#weights.before(share.index)
    const from = Math.floor((places * before) / total)
    const to = Math.floor((places * (before + share.weight)) / total)
    return server.active < Math.max(1, to - from)
  }

  /** The same for 32 numbers of places in a row, a bit each: from 32 times `span` on, the lowest in the lowest bit. */
  allowances(server: T, span: number): number {
    const { active } = server
    const share = active === 0 ? undefined : this.#shares.get(server)
    if (share === undefined) return -1
    const { total } = this.#weights
    const first = span * 32
    // Fractions make one place at most.
    if (active < Math.floor((first * share.weight) / total)) return -1
    if (active >= Math.ceil(((first + 31) * share.weight) / total)) return 0
    return this.#allowances(share, active, first)
  }

  #allowances({ index, weight }: Share, active: number, first: number): number {
    const { total } = this.#weights
    const before = this.#weights.before(index)
    const end = before + weight
    const from = Math.floor((first * before) / total)
    const to = Math.floor((first * end) / total)
    let own = to - from
    let overBefore = first * before - from * total
    let overEnd = first * end - to * total
    let allowed = 0
    for (let bit = 0; bit < 32; bit++) {
      if (active < own) allowed |= 1 << bit
      overBefore += before
      overEnd += end
      if (overBefore >= total) {
        overBefore -= total
        own--
      }
      if (overEnd >= total) {
        overEnd -= total
        own++
      }
    }
    return allowed
  }
}
