/** Chance as generators of cases use it: the same seed gives the same choices. */
import { TestRandom } from '../../../lib/testing/index.js'

export class Dice {
  readonly #random: TestRandom

  constructor(seed: number) {
    this.#random = new TestRandom(seed)
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.#random.next() * (high - low + 1))
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.int(1, times) === 1
  }

  pick<T>(from: readonly T[]): T {
    return from[this.int(0, from.length - 1)] as T
  }

  /** From `low` to `high` of them. */
  many<T>(low: number, high: number, make: () => T): readonly T[] {
    return Array.from({ length: this.int(low, high) }, make)
  }
}
