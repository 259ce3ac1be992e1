/** Asking a server again and again: when the next time is. What is asked, and what of it, is the business of those who extend it. */
import type { Timer } from '../base/clock.js'
import type { Engine } from './engine.js'

/** Something that is asked at intervals. */
export abstract class Rhythm {
  protected readonly engine: Engine
  #timer: Timer | undefined = undefined
  #due = 0
  #running = false

  constructor(engine: Engine) {
    this.engine = engine
  }

  /** Asks now, or goes on with {@link later} when there is nothing to ask. */
  protected abstract ask(): void
  /** Lets go of a question that is under way. */
  protected abstract drop(): void
  /** Milliseconds until the next question, as things stand. */
  abstract pause(): number

  /** The first question comes so many milliseconds from now. */
  begin(after: number): void {
    this.#running = true
    this.#set(after)
  }

  /** The question is answered, or was not asked: the next one comes in its time. */
  protected later(): void {
    if (this.#running) this.#set(this.engine.spread(this.pause()))
  }

  /** The next question comes at most so many milliseconds from now. */
  hurry(pause: number): void {
    if (this.#timer !== undefined && this.#due > this.engine.clock.now() + pause) this.#set(pause)
  }

  stop(): void {
    this.#running = false
    this.#timer?.cancel()
    this.#timer = undefined
    this.drop()
  }

  #set(pause: number): void {
    this.#timer?.cancel()
    this.#due = this.engine.clock.now() + pause
    this.#timer = this.engine.clock.after(pause, this.#fire)
  }

  readonly #fire = (): void => {
    this.#timer = undefined
    if (this.#running) this.ask()
  }
}
