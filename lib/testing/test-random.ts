/** Chance for tests: the same numbers in every run. */
import type { Random } from '../base/random.js'

/** A {@link Random} that repeats: the same seed gives the same numbers, on every machine. */
export class TestRandom implements Random {
  #state: number

  /** @param seed any whole number; default 1 */
  constructor(seed = 1) {
    this.#state = seed >>> 0
  }

  /** Marsaglia's xorshift on a Weyl sequence: even enough for picking servers, and not for secrets. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0
    let x = this.#state
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
    return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32
  }
}
