/** Weights in a row of which any may change, and the place at which their running sum passes a mark: both cost a logarithm. */

/** A row of weights (a Fenwick tree). */
export class WeightTree {
  #sums: Float64Array
  #size = 0
  #total = 0

  /** @param room how many it holds before it has to grow */
  constructor(room: number) {
    this.#sums = new Float64Array(Math.max(1, room) + 1)
  }

  get total(): number {
    return this.#total
  }

  /** Puts one more at the end. @returns its index */
  append(weight: number): number {
    const at = ++this.#size
    if (at >= this.#sums.length) this.#grow()
    // A new place begins with what stands before it under the same sum.
    const sums = this.#sums
    let sum = 0
    for (let below = at - 1; below > at - (at & -at); below -= below & -below) sum += sums[below]!
    sums[at] = sum + weight
    this.#total += weight
    return at - 1
  }

  /** Makes a weight so much more, or less. */
  add(index: number, difference: number): void {
    this.#total += difference
    for (let at = index + 1; at <= this.#size; at += at & -at) this.#sums[at]! += difference
  }

  /** The sum of those before one. */
  before(index: number): number {
    let sum = 0
    for (let at = index; at > 0; at -= at & -at) sum += this.#sums[at]!
    return sum
  }

  /** The index of the first whose weight, added to all before it, is more than a mark. */
  find(mark: number): number {
    let at = 0
    let rest = mark
    for (let step = 2 ** Math.floor(Math.log2(Math.max(1, this.#size))); step > 0; step >>= 1) {
      const next = at + step
      if (next > this.#size || this.#sums[next]! > rest) continue
      rest -= this.#sums[next]!
      at = next
    }
    return Math.min(at, this.#size - 1)
  }

  #grow(): void {
    const larger = new Float64Array(this.#sums.length * 2)
    larger.set(this.#sums)
    this.#sums = larger
  }
}
