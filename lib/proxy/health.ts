/** The rise/fall machine: turns single check results into up and down. It knows neither what was asked nor how. */
import type { InitState } from './server-options.js'

/** Whether a server is taken for usable, from the results of its checks. Manual, `rise` and `fall` of `server`. */
export class Health {
  readonly rise: number
  readonly fall: number
  /** 0 … rise+fall-1; from `rise` on the server is up. */
  #score: number

  /** Unless told otherwise, a server starts up, but its first failure takes it down: nothing is known of it yet. */
  constructor(rise: number, fall: number, start?: InitState) {
    this.rise = rise
    this.fall = fall
    this.#score = rise
    if (start === 'fullyUp') this.#score = rise + fall - 1
    else if (start === 'down') this.#score = rise - 1
    else if (start === 'fullyDown') this.#score = 0
  }

  get up(): boolean {
    return this.#score >= this.rise
  }

  /** How near to a change it is: from 0, surely down, to rise + fall - 1, surely up. HAProxy's `check_health`. */
  get score(): number {
    return this.#score
  }

  set score(score: number) {
    this.#score = Math.min(Math.max(score, 0), this.rise + this.fall - 1)
  }

  /** Neither fully up nor fully down: checks come at `fastInterval`. */
  get inTransition(): boolean {
    return this.#score > 0 && this.#score < this.rise + this.fall - 1
  }

  /** How many results in a row point the current way, of how many are needed, as HAProxy shows it in `UP 2/3`. */
  get progress(): { readonly count: number; readonly of: number } {
    return this.up ? { count: this.#score - this.rise + 1, of: this.fall } : { count: this.#score, of: this.rise }
  }

  /** Takes one result in; true when it turned the server up or down. */
  observe(passed: boolean): boolean {
    const before = this.up
    if (passed) {
      if (this.#score < this.rise + this.fall - 1) this.#score++
      if (this.#score >= this.rise) this.#score = this.rise + this.fall - 1
    } else if (this.#score >= this.rise) {
      this.#score--
      if (this.#score < this.rise) this.#score = 0
    } else {
      this.#score = 0
    }
    return before !== this.up
  }

  /** All the way, at once. */
  force(up: boolean): void {
    this.#score = up ? this.rise + this.fall - 1 : 0
  }

  /** So many failures are forgiven and no more; the next one takes it down. Manual, `on-error sudden-death` (1), `mark-down` (0). */
  weaken(forgiven: number): void {
    if (this.#score > this.rise + forgiven) this.#score = this.rise + forgiven
  }
}
