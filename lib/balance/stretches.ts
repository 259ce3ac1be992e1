/** Stretches of a ring whose servers all carry too much, which a search for one that carries less passes over at once. */
import type { Candidate } from './algorithm.js'
import type { BitTree } from './bit-tree.js'

/** Places in a stretch, and stretches in a longer one: a power of two. */
const BITS = 5
const LENGTH = 1 << BITS
const NONE = -1

/** What is asked of a ring. */
export interface Places<T> {
  readonly servers: readonly T[]
  /** Of each place, its server's index. */
  readonly owners: Uint32Array
  /** Places that are somebody's now. */
  readonly live: BitTree
}

/** The stretches of one layout of a ring. What a stretch carries is noted by a search that went through it in vain, and forgotten when one of its servers carries less. */
export class Stretches<T extends Candidate> {
  readonly #places: Places<T>
  /** Of each stretch, then of each {@link LENGTH} of them, and so on: nobody there carries less for its weight. */
  readonly #levels: readonly Float64Array[]
  /** Of each server, its place that was noted last, and of each place, the one that was noted before it. */
  readonly #last: Int32Array
  readonly #before: Int32Array
  readonly #noted: Uint8Array

  constructor(places: Places<T>) {
    this.#places = places
    const { length } = places.owners
    const levels: Float64Array[] = []
    for (let size = length; size > 1; size = levels.at(-1)!.length)
      levels.push(new Float64Array(((size - 1) >> BITS) + 1))
    this.#levels = levels
    this.#last = new Int32Array(places.servers.length).fill(NONE)
    this.#before = new Int32Array(length)
    this.#noted = new Uint8Array(length)
  }

  /** The first place from one on, around the ring, whose server suits; -1 without one. @param most for its weight; nobody suits who carries so much */
  find(from: number, most: number, suits: (server: T) => boolean): number {
    const found = this.#between(from, this.#noted.length, most, suits)
    return found < 0 ? this.#between(0, from, most, suits) : found
  }

  #between(from: number, to: number, most: number, suits: (server: T) => boolean): number {
    let at = from
    while (at < to) {
      const next = this.#pass(at, most)
      if (next > at) {
        at = next
        continue
      }
      const end = Math.min((at | (LENGTH - 1)) + 1, to)
      const found = this.#search(at, end, most, suits)
      if (found >= 0) return found
      if (at % LENGTH === 0 && end - at === LENGTH) this.#note(at, most)
      at = end
    }
    return -1
  }

  /** Where the longest stretch ends that begins here and carries too much; here when there is none. */
  #pass(at: number, most: number): number {
    if (at % LENGTH !== 0) return at
    let next = at
    let stretch = at >>> BITS
    for (const [level, least] of this.#levels.entries()) {
      if (least[stretch]! < most) break
      next = (stretch + 1) * LENGTH ** (level + 1)
      if (stretch % LENGTH !== 0) break
      stretch >>>= BITS
    }
    return next
  }

  #search(from: number, to: number, most: number, suits: (server: T) => boolean): number {
    const { servers, owners, live } = this.#places
    for (let at = from; at < to; at++) {
      const server = servers[owners[at]!]!
      if (carried(server) < most && live.has(at) && suits(server)) return at
    }
    return -1
  }

  /** Nobody in a stretch suits: what the least loaded of them carries, unless somebody may suit when loads are shared out otherwise. */
  #note(from: number, most: number): void {
    const { servers, owners, live } = this.#places
    let least = Number.POSITIVE_INFINITY
    for (let at = from; at < from + LENGTH; at++)
      if (live.has(at)) least = Math.min(least, carried(servers[owners[at]!]!))
    if (least < most) return
    for (let at = from; at < from + LENGTH; at++) {
      if (this.#noted[at] === 1) continue
      this.#noted[at] = 1
      this.#before[at] = this.#last[owners[at]!]!
      this.#last[owners[at]!] = at
    }
    let stretch = from >>> BITS
    for (const [level, bounds] of this.#levels.entries()) {
      bounds[stretch] = least
      stretch >>>= BITS
      if (this.#levels[level + 1] === undefined) return
      for (let at = stretch * LENGTH; at < Math.min((stretch + 1) * LENGTH, bounds.length); at++)
        least = Math.min(least, bounds[at]!)
    }
  }

  /** A server carries less, or has come back. */
  relieve(index: number): void {
    for (let at = this.#last[index]!; at !== NONE; at = this.#before[at]!) {
      this.#noted[at] = 0
      this.forget(at)
    }
    this.#last[index] = NONE
  }

  /** Nothing is known any more of the stretches that hold a place. */
  forget(place: number): void {
    let stretch = place
    for (const bounds of this.#levels) {
      stretch >>>= BITS
      if (bounds[stretch] === 0) return
      bounds[stretch] = 0
    }
  }
}

const carried = ({ active, effectiveWeight }: Candidate): number => active / effectiveWeight
