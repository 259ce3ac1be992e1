/** The rise/fall machine: turns single check results into up and down. It knows neither what was asked nor how. */

/** Whether a server is taken for usable, from the results of its checks. Manual, `rise` and `fall` of `server`. */
export class Health {
  readonly #rise: number
  readonly #fall: number
  /** 0 … rise+fall-1; from `rise` on the server is up. */
  #score: number

  /** A server starts up, but its first failure takes it down: nothing is known of it yet. */
  constructor(rise: number, fall: number) {
    this.#rise = rise
    this.#fall = fall
    this.#score = rise
  }

  get up(): boolean {
    return this.#score >= this.#rise
  }

  /** Neither fully up nor fully down: checks come at `fastInterval`. */
  get inTransition(): boolean {
    return this.#score > 0 && this.#score < this.#rise + this.#fall - 1
  }

  /** How many results in a row point the current way, of how many are needed, as HAProxy shows it in `UP 2/3`. */
  get progress(): { readonly count: number; readonly of: number } {
    return this.up ? { count: this.#score - this.#rise + 1, of: this.#fall } : { count: this.#score, of: this.#rise }
  }

  /** Takes one result in; true when it turned the server up or down. */
  observe(passed: boolean): boolean {
    const before = this.up
    if (passed) {
      if (this.#score < this.#rise + this.#fall - 1) this.#score++
      if (this.#score >= this.#rise) this.#score = this.#rise + this.#fall - 1
    } else if (this.#score >= this.#rise) {
      this.#score--
      if (this.#score < this.#rise) this.#score = 0
    } else {
      this.#score = 0
    }
    return before !== this.up
  }
}
