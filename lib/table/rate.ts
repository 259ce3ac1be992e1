/** How often something happened within the last period: HAProxy's sliding estimate over two windows. */

/** A frequency counter. Two windows of one period each: the present one, and the share of the one before that still counts. */
export class RateCounter {
  #start = Number.NEGATIVE_INFINITY
  #present = 0
  #before = 0

  /** Counts events. Times are milliseconds of one clock. */
  add(amount: number, now: number, period: number): void {
    this.#turn(now, period)
    this.#present += amount
  }

  /** Events of the present window, as of the last one. */
  get present(): number {
    return this.#present
  }

  /** Events within the last period, rounded down; a single event of the window before counts until its window ends. */
  read(now: number, period: number): number {
    const elapsed = now - this.#start
    if (elapsed >= 2 * period) return 0
    const late = elapsed >= period
    const present = late ? 0 : this.#present
    const before = late ? this.#present : this.#before
    if (present === 0 && before <= 1) return before
    const left = period - (late ? elapsed - period : elapsed)
    return Math.floor(present + (before * left) / period)
  }

  /** The same counts, to go on with on its own. */
  copy(): RateCounter {
    const copy = new RateCounter()
    copy.#start = this.#start
    copy.#present = this.#present
    copy.#before = this.#before
    return copy
  }

  #turn(now: number, period: number): void {
    const elapsed = now - this.#start
    if (elapsed < period) return
    const next = elapsed < 2 * period
    this.#before = next ? this.#present : 0
    this.#start = next ? this.#start + period : now
    this.#present = 0
  }
}
