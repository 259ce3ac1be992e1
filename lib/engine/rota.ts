/** The start of many rhythms: not all at the same moment, so that no server is hammered by those who begin together. */
import type { Clock } from '../base/clock.js'
import type { Rhythm } from './rhythm.js'

/** How checks are spread. */
export interface SpreadOptions {
  /** Percent that each interval is longer or shorter than it should be, by chance. */
  readonly jitter: number
  /** Milliseconds within which all of them have begun; no limit but each one's interval without it. */
  readonly within: number | undefined
}

/** Those who begin together. */
export class Rota {
  readonly #clock: Clock
  readonly #within: number
  #waiting: Rhythm[] = []

  constructor(clock: Clock, { within }: Pick<SpreadOptions, 'within'>) {
    this.#clock = clock
    this.#within = within ?? Number.POSITIVE_INFINITY
  }

  /**
   * It begins soon. Of those who come at the same moment each has its turn, and waits that part of its own interval. HAProxy 2.6 makes intervals of less
   * than a second wait as if they were as long as the shortest other one, so that a server asked each 100 ms beside those of 10 s waits for seconds.
   */
  join(rhythm: Rhythm): void {
    this.#waiting.push(rhythm)
    if (this.#waiting.length === 1) this.#clock.after(0, () => this.#begin())
  }

  /** It need not begin any more. */
  leave(rhythm: Rhythm): void {
    this.#waiting = this.#waiting.filter((one) => one !== rhythm)
  }

  #begin(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const [index, rhythm] of waiting.entries())
      rhythm.begin((Math.min(rhythm.pause(), this.#within) * index) / waiting.length)
  }
}
