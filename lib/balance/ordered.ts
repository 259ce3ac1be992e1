/** What `leastconn` and `first` share: servers in an order that their load decides, those without a free place aside. */
import type { Context } from '../match/context.js'
import type { Candidate, Picker } from './algorithm.js'
import { Heap, type HeapItem } from './heap.js'

/** A server's place in the order. */
export class Standing<T> implements HeapItem {
  place = -1
  readonly server: T
  /** What decides; the lowest comes first. */
  rank = 0
  /** Order among equals. */
  order = 0

  constructor(server: T) {
    this.server = server
  }
}

/** Picks the first usable server of an order. */
export class OrderedPicker<T extends Candidate> implements Picker<T> {
  readonly #standings = new Map<T, Standing<T>>()
  readonly #heap = new Heap<Standing<T>>((a, b) => (a.rank !== b.rank ? a.rank < b.rank : a.order < b.order))
  readonly #skipped: Standing<T>[] = []
  readonly #rank: (server: T) => number
  readonly #full: (server: T) => boolean
  #order = 0

  /**
   * @param rank is asked again after each change of a server's load
   * @param full who stands aside until its load changes
   */
  constructor(
    pool: readonly T[],
    rank: (server: T) => number,
    previous: Picker<T> | undefined,
    full: (server: T) => boolean,
  ) {
    this.#rank = rank
    this.#full = full
    for (const server of this.#inOrder(pool, previous)) {
      const standing = new Standing(server)
      this.#standings.set(server, standing)
      this.#place(standing)
    }
  }

  pick(_context: Context, usable: (server: T) => boolean): T | undefined {
    const heap = this.#heap
    let first = heap.first
    while (first !== undefined && !usable(first.server)) {
      heap.remove(first)
      if (!this.#full(first.server)) this.#skipped.push(first)
      first = heap.first
    }
    while (this.#skipped.length > 0) heap.add(this.#skipped.pop()!)
    return first?.server
  }

  loadChanged(server: T): void {
    const standing = this.#standings.get(server)
    if (standing === undefined) return
    if (standing.place >= 0) this.#heap.remove(standing)
    this.#place(standing)
  }

  change(server: T, present: boolean): boolean {
    const standing = this.#standings.get(server)
    if (standing === undefined) {
      if (!present) return true
      const joined = new Standing(server)
      this.#standings.set(server, joined)
      this.#place(joined)
    } else if (present) this.loadChanged(server)
    else {
      if (standing.place >= 0) this.#heap.remove(standing)
      this.#standings.delete(server)
    }
    return true
  }

  /** At the end of its equals, or nowhere while it has no place left. */
  #place(standing: Standing<T>): void {
    standing.rank = this.#rank(standing.server)
    standing.order = this.#order++
    if (!this.#full(standing.server)) this.#heap.add(standing)
  }

  /** Servers that were there before keep their order among equals; new ones come after them. */
  #inOrder(pool: readonly T[], previous: Picker<T> | undefined): readonly T[] {
    const servers = pool.filter((server) => server.effectiveWeight > 0)
    if (!(previous instanceof OrderedPicker)) return servers
    const before = (previous as OrderedPicker<T>).#standings
    const orderOf = (server: T): number => before.get(server)?.order ?? Number.POSITIVE_INFINITY
    return servers.sort((a, b) => (orderOf(a) === orderOf(b) ? 0 : orderOf(a) - orderOf(b)))
  }
}
