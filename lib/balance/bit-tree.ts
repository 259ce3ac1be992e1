/** Which of the numbers below a limit are in, and the next or the last of them: everything costs a few steps, whatever the limit (one for each factor of 32). */

/** A set of whole numbers from 0 on. */
export class BitTree {
  /** A bit for each number; above it, a bit for each word of the level below that is not empty. */
  readonly #levels: readonly Uint32Array[]
  readonly #limit: number

  /** @param limit numbers are below it @param all they are all in at first, or those of another one of the same limit */
  constructor(limit: number, all: boolean | BitTree) {
    this.#limit = limit
    this.#levels = all instanceof BitTree ? all.#levels.map((words) => words.slice()) : emptyOrFull(limit, all)
  }

  copy(): BitTree {
    return new BitTree(this.#limit, this)
  }

  has(number: number): boolean {
    return ((this.#levels[0]![number >>> 5]! >>> (number & 31)) & 1) === 1
  }

  add(number: number): void {
    let at = number
    for (const words of this.#levels) {
      const before = words[at >>> 5]!
      words[at >>> 5] = before | (1 << (at & 31))
      if (before !== 0) return
      at >>>= 5
    }
  }

  remove(number: number): void {
    let at = number
    for (const words of this.#levels) {
      words[at >>> 5]! &= ~(1 << (at & 31))
      if (words[at >>> 5] !== 0) return
      at >>>= 5
    }
  }

  /** The lowest that is not below a number; -1 without one. */
  next(from: number): number {
    let at = from
    for (let level = 0; level < this.#levels.length; level++) {
      const words = this.#levels[level]!
      if (at >>> 5 >= words.length) return -1
      const found = words[at >>> 5]! & (~0 << (at & 31))
      if (found !== 0) return this.#lowest(level, (at & ~31) + lowestBit(found))
      at = (at >>> 5) + 1
    }
    return -1
  }

  /** The highest that is not above a number; -1 without one. */
  last(from: number): number {
    let at = from
    for (let level = 0; level < this.#levels.length && at >= 0; level++) {
      const found = this.#levels[level]![at >>> 5]! & (~0 >>> (31 - (at & 31)))
      if (found !== 0) return this.#highest(level, (at & ~31) + 31 - Math.clz32(found))
      at = (at >>> 5) - 1
    }
    return -1
  }

  #lowest(level: number, at: number): number {
    let number = at
    for (let below = level - 1; below >= 0; below--) number = number * 32 + lowestBit(this.#levels[below]![number]!)
    return number
  }

  #highest(level: number, at: number): number {
    let number = at
    for (let below = level - 1; below >= 0; below--)
      number = number * 32 + 31 - Math.clz32(this.#levels[below]![number]!)
    return number
  }
}

const lowestBit = (word: number): number => 31 - Math.clz32(word & -word)

function emptyOrFull(limit: number, full: boolean): readonly Uint32Array[] {
  const levels: Uint32Array[] = []
  let size = limit
  do {
    const words = new Uint32Array(Math.max(1, (size + 31) >>> 5))
    if (full) fill(words, size)
    levels.push(words)
    size = words.length
  } while (size > 1)
  return levels
}

function fill(words: Uint32Array, bits: number): void {
  words.fill(0xffffffff, 0, bits >>> 5)
  if ((bits & 31) !== 0) words[bits >>> 5] = ~(~0 << (bits & 31))
}
