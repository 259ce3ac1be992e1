/** A first-in, first-out queue of requests that wait for a place at a server. It hands out places; who waits how long is the caller's. */

/** Somebody who waits. Leaving costs constant time. */
export interface Waiter<T> {
  /** Called with the place when it is this one's turn. */
  readonly turn: (place: T) => void
  /** Gives the place in the queue up; harmless afterwards. */
  leave(): void
}

class Link<T> implements Waiter<T> {
  readonly turn: (place: T) => void
  previous: Link<T> | undefined = undefined
  next: Link<T> | undefined = undefined
  queue: Queue<T> | undefined

  constructor(queue: Queue<T>, turn: (place: T) => void) {
    this.queue = queue
    this.turn = turn
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

  /** Goes to the end of the queue. */
  join(turn: (place: T) => void): Waiter<T> {
    const link = new Link<T>(this, turn)
    link.previous = this.#last
    if (this.#last === undefined) this.#first = link
    else this.#last.next = link
    this.#last = link
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
