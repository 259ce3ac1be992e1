/** A queue of requests that wait for a place at a server, by rank and then in order of arrival. It hands out places; who waits how long is the caller's. */

/** Somebody who waits. Leaving costs constant time. */
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

class Link<T> implements Waiter<T> {
  readonly turn: (place: T) => void
  previous: Link<T> | undefined = undefined
  next: Link<T> | undefined = undefined
  queue: Queue<T> | undefined
  readonly rank: Rank | undefined

  constructor(queue: Queue<T>, turn: (place: T) => void, rank: Rank | undefined) {
    this.queue = queue
    this.turn = turn
    this.rank = rank
  }

  leave(): void {
    this.queue?.remove(this)
  }
}

/** Who waits, in order of arrival. */
export class Queue<T> {
  #first: Link<T> | undefined = undefined
  #last: Link<T> | undefined = undefined
  #length = 0
  #served = 0

  get length(): number {
    return this.#length
  }

  /** How many have had their turn so far. */
  get served(): number {
    return this.#served
  }

  /** Goes to the end of the queue, or before those of a lower rank; without a rank, before nobody. */
  join(turn: (place: T) => void, rank?: Rank | undefined): Waiter<T> {
    const link = new Link<T>(this, turn, rank)
    let after = this.#last
    while (after !== undefined && precedes(rank, after.rank)) after = after.previous
    const next = after === undefined ? this.#first : after.next
    link.previous = after
    link.next = next
    if (after === undefined) this.#first = link
    else after.next = link
    if (next === undefined) this.#last = link
    else next.previous = link
    this.#length++
    return link
  }

  /** Takes the one who has waited longest out of the queue. */
  shift(): Waiter<T> | undefined {
    const link = this.#first
    if (link !== undefined) {
      this.remove(link)
      this.#served++
    }
    return link
  }

  /** @internal */
  remove(link: Link<T>): void {
    if (link.queue !== this) return
    link.queue = undefined
    if (link.previous === undefined) this.#first = link.next
    else link.previous.next = link.next
    if (link.next === undefined) this.#last = link.previous
    else link.next.previous = link.previous
    link.previous = undefined
    link.next = undefined
    this.#length--
  }
}

function precedes(one: Rank | undefined, other: Rank | undefined): boolean {
  if (one === undefined || other === undefined) return false
  if (one.priorityClass !== other.priorityClass) return one.priorityClass < other.priorityClass
  return one.since < other.since
}
