/** A time-out that is moved many times a second: one timer that looks, when it fires, whether its time has really come. */
import type { Clock, Timer } from '../base/clock.js'

/** One moving time limit. Setting it costs a comparison, since the timer that is under way is kept. */
export class Deadline {
  readonly #clock: Clock
  readonly #fire: () => void
  readonly #look = (): void => this.#check()
  #due = Number.POSITIVE_INFINITY
  #timer: Timer | undefined = undefined
  #timerDue = 0

  constructor(clock: Clock, fire: () => void) {
    this.#clock = clock
    this.#fire = fire
  }

  /** The time comes `delay` milliseconds from now, unless it is moved again; `Infinity` is never. */
  set(delay: number): void {
    if (delay === Number.POSITIVE_INFINITY) {
      this.#due = delay
      return
    }
    const now = this.#clock.now()
    this.#due = now + delay
    if (this.#timer !== undefined && this.#timerDue <= this.#due) return
    this.#timer?.cancel()
    this.#timerDue = this.#due
    this.#timer = this.#clock.after(delay, this.#look)
  }

  /** Whether it comes within `margin` milliseconds. */
  within(margin: number): boolean {
    return this.#due - this.#clock.now() <= margin
  }

  /** Milliseconds until it comes; `Infinity` when it does not. */
  get left(): number {
    return Math.max(0, this.#due - this.#clock.now())
  }

  /** Takes the time limit away, cheaply: a timer that is under way will find nothing to do. */
  clear(): void {
    this.#due = Number.POSITIVE_INFINITY
  }

  /** Takes the time limit and its timer away, at the end of whatever it guards. */
  stop(): void {
    this.#due = Number.POSITIVE_INFINITY
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #check(): void {
    this.#timer = undefined
    const left = this.#due - this.#clock.now()
    if (left === Number.POSITIVE_INFINITY) return
    if (left > 0) {
      this.#timerDue = this.#due
      this.#timer = this.#clock.after(left, this.#look)
      return
    }
    this.#due = Number.POSITIVE_INFINITY
    this.#fire()
  }
}
