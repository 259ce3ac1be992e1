/** A clock for tests: time stands still until somebody moves it. What moves it while an exchange runs is `inMemory`. */
import type { Clock, Timer } from '../base/clock.js'
import { parseDuration } from '../base/duration.js'

/** Where a {@link TestClock} begins: odd on purpose, so that code that takes time for something that starts at 0 is found out. */
export const TEST_START = 1_234_567.5
/** The calendar at that moment: 14 March 2031, 01:59:26.535 UTC. */
export const TEST_DATE = 1_931_219_966_535

class TestTimer implements Timer {
  readonly due: number
  readonly fire: () => void
  readonly #timers: Set<TestTimer>

  constructor(due: number, fire: () => void, timers: Set<TestTimer>) {
    this.due = due
    this.fire = fire
    this.#timers = timers
    timers.add(this)
  }

  cancel(): void {
    this.#timers.delete(this)
  }
}

/** Lets everything that does not wait for time go on until it waits as well. */
export type Settle = () => Promise<void>

/** Some turns of the event loop: enough for promises and streams to hand over what they hold. */
export const fewTurns: Settle = async () => {
  for (let turn = 0; turn < 8; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
}

/**
 * A {@link Clock} that a test moves by hand; nothing waits in real time.
 *
 * ```ts
 * const clock = new TestClock()
 * const balancer = new Balancer({ frontends: [site()], clock })
 * await clock.advance('2s')        // timers fire in order; what each of them sets off is done before the next one
 * ```
 */
export class TestClock implements Clock {
  /** What {@link advance} waits for between two timers. */
  settle: Settle
  #elapsed = 0
  readonly #timers = new Set<TestTimer>()

  /** @param settle what {@link advance} waits for between two timers; default: a few turns of the event loop */
  constructor(settle: Settle = fewTurns) {
    this.settle = settle
  }

  now(): number {
    return TEST_START + this.#elapsed
  }

  wall(): number {
    return TEST_DATE + this.#elapsed
  }

  after(delay: number, fire: () => void): Timer {
    return new TestTimer(this.#elapsed + Math.max(delay, 0), fire, this.#timers)
  }

  /** Milliseconds since the clock was made. */
  get elapsed(): number {
    return this.#elapsed
  }

  /** Timers that are set and have not fired. */
  get pending(): number {
    return this.#timers.size
  }

  /** Milliseconds until the next timer fires; `Infinity` when none is set. */
  get next(): number {
    const first = this.#first()
    return first === undefined ? Number.POSITIVE_INFINITY : first.due - this.#elapsed
  }

  /**
   * Moves time on. Timers fire in the order in which they are due, and what each sets off (promises, bytes in memory) is done before time
   * goes on.
   * @param time milliseconds, or text with a unit as in `'2s'`
   */
  async advance(time: number | string): Promise<void> {
    const end = this.#elapsed + parseDuration(time)
    await this.settle()
    for (let timer = this.#first(); timer !== undefined && timer.due <= end; timer = this.#first()) {
      this.#fire(timer)
      await this.settle()
    }
    this.#elapsed = Math.max(this.#elapsed, end)
  }

  /** Moves time on to the next timer and fires it; does nothing when none is set. */
  async step(): Promise<void> {
    await this.settle()
    const timer = this.#first()
    if (timer === undefined) return
    this.#fire(timer)
    await this.settle()
  }

  /**
   * The same as {@link advance} at once, for code that waits for timers only: nothing that a timer sets off with a promise is done in between.
   * @param time milliseconds, or text with a unit
   */
  tick(time: number | string): void {
    const end = this.#elapsed + parseDuration(time)
    for (let timer = this.#first(); timer !== undefined && timer.due <= end; timer = this.#first()) this.#fire(timer)
    this.#elapsed = Math.max(this.#elapsed, end)
  }

  #fire(timer: TestTimer): void {
    this.#elapsed = Math.max(this.#elapsed, timer.due)
    timer.cancel()
    timer.fire()
  }

  /** The timer that is due first; of several, the one that was set first. */
  #first(): TestTimer | undefined {
    let first: TestTimer | undefined
    for (const timer of this.#timers) if (first === undefined || timer.due < first.due) first = timer
    return first
  }
}
