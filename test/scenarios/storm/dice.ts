/** Chance, in the forms that a schedule needs. */
import { TestRandom } from '../../../lib/testing/index.js'

export class Dice {
  readonly #random: TestRandom

  constructor(seed: number) {
    this.#random = new TestRandom(seed)
  }

  below(limit: number): number {
    return Math.floor(this.#random.next() * limit)
  }

  between(low: number, high: number): number {
    return low + this.below(high - low + 1)
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T
  }

  often(share: number): boolean {
    return this.#random.next() < share
  }
}
