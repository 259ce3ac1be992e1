/** A queue of requests that wait for a place at a server, by rank and then in order of arrival. It hands out places; who waits how long is the caller's. */
import { Heap, type HeapItem } from '../balance/heap.js'

/** Somebody who waits. Joining and leaving cost a logarithm of those who wait, whatever their ranks. */
export interface Waiter<T> {
  /** Called with the place when it is this one's turn. */
  readonly turn: (place: T) => void
  /** Gives the place in the queue up; harmless afterwards. */
  leave(): void
}

/** Who comes before whom: a lower class first, then whoever has come earlier. */
export interface Rank {
  readonly priorityClass: number
  /** Milliseconds of the clock, moved by what rules have ordered. */
  readonly since: number
}

class Link<T> implements Waiter<T>, HeapItem {
  place = -1
  readonly turn: (place: T) => void
  readonly priorityClass: number
  readonly since: number
  readonly order: number
  readonly queue: Queue<T>

  constructor(queue: Queue<T>, turn: (place: T) => void, rank: Rank | undefined, order: number) {
    this.queue = queue
    this.turn = turn
    this.priorityClass = rank?.priorityClass ?? 0
    this.since = rank?.since ?? 0
    this.order = order
  }

  leave(): void {
    this.queue.remove(this)
  }
}

/** Who waits, in the order of their turns. */
export class Queue<T> {
  readonly #links = new Heap<Link<T>>((one, other) => {
    const order = compare(one, other)
    return order === 0 ? one.order < other.order : order < 0
  })
  #joined = 0
  #served = 0
  /** At whose place they wait, if it is one alone. */
  readonly keeper: T | undefined

  constructor(keeper?: T) {
    this.keeper = keeper
  }

  get length(): number {
    return this.#links.size
  }

  /** How many have had a place so far; who was sent away is none of them. */
  get served(): number {
    return this.#served
  }

  /** The rank of the one whose turn is next. */
  get first(): Rank | undefined {
    return this.#links.first
  }

  /** Goes behind those of its rank and of a higher one. */
  join(turn: (place: T) => void, rank?: Rank | undefined): Waiter<T> {
    const link = new Link<T>(this, turn, rank, this.#joined++)
    this.#links.add(link)
    return link
  }

  /** Takes the one whose turn it is out of the queue, which has a place now. */
  shift(): Waiter<T> | undefined {
    const link = this.#links.take()
    if (link !== undefined) this.#served++
    return link
  }

  /** Takes the one whose turn would be next out of the queue, which is to look for a place elsewhere. */
  dismiss(): Waiter<T> | undefined {
    return this.#links.take()
  }

  /** @internal */
  remove(link: Link<T>): void {
    if (link.place >= 0) this.#links.remove(link)
  }
}

/** Below 0 when the first comes before the second, 0 when neither does. */
export function compare(one: Rank, other: Rank): number {
  if (one.priorityClass !== other.priorityClass) return one.priorityClass - other.priorityClass
  return one.since - other.since
}
