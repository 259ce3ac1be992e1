/** Since when something is as it is, and how long it has been down in all. Times are milliseconds of one clock, which is the caller's. */

export class StateTimes {
  #changedAt: number | undefined = undefined
  #downTime = 0
  #down = false

  /** It begins; called again, it begins anew only when it never did. */
  begin(now: number, down: boolean): void {
    if (this.#changedAt !== undefined) return
    this.#changedAt = now
    this.#down = down
  }

  /** It is, or is not, down from now on. @returns whether that is new */
  note(now: number, down: boolean): boolean {
    const before = this.#changedAt ?? now
    if (down === this.#down) return false
    if (this.#down) this.#downTime += now - before
    this.#changedAt = now
    this.#down = down
    return true
  }

  /** It has changed, whatever of it: that counts as its last change (HAProxy's `lastchg`). */
  touch(now: number): void {
    if (this.#down && this.#changedAt !== undefined) this.#downTime += now - this.#changedAt
    this.#changedAt = now
  }

  /** Milliseconds since the last change. */
  since(now: number): number {
    return now - (this.#changedAt ?? now)
  }

  /** Milliseconds of being down, all together. */
  downTime(now: number): number {
    return this.#downTime + (this.#down ? this.since(now) : 0)
  }
}
