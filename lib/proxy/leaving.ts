/** Something that was taken out while it still serves somebody: how many are left, and when the last of them has gone. */
import { z } from 'zod'
import { checkOptions, durationOption } from '../base/options.js'

/** How something is taken out. */
export interface LeaveOptions {
  /**
   * `true`, the default: what it serves now is finished, however long it takes, tunnels and WebSockets included. A time: at most so long, then it is
   * cut. `false`: it is cut at once.
   */
  readonly drain?: boolean | number | string
}

/** What is on its way out. */
export class Leaving {
  /** Settles when nothing is left. */
  readonly gone: Promise<void>
  readonly #count: () => number
  readonly #cut: () => void
  #over = false
  #settle: () => void = () => {}

  /**
   * @param count how many it still serves
   * @param cut ends them
   */
  constructor(count: () => number, cut: () => void) {
    this.#count = count
    this.#cut = cut
    this.gone = new Promise((resolve) => {
      this.#settle = resolve
    })
    this.check()
  }

  /** Requests and connections that it still serves. */
  get left(): number {
    return this.#over ? 0 : this.#count()
  }

  /** Ends those that are left. */
  cut(): void {
    if (!this.#over) this.#cut()
    this.check()
  }

  /** @internal Somebody has gone. @returns whether it was the last one */
  check(): boolean {
    if (this.#over || this.#count() > 0) return this.#over
    this.#over = true
    this.#settle()
    return true
  }
}

/** Something that serves nobody, as nobody runs it. */
export const leftAlready = (): Leaving =>
  new Leaving(
    () => 0,
    () => {},
  )

/** Milliseconds that what is under way may take; `Infinity` when it may take as long as it likes. */
export function patienceOf(subject: string, { drain = true }: LeaveOptions): number {
  if (drain === false) return 0
  if (drain === true) return Number.POSITIVE_INFINITY
  return checkOptions(subject, z.object({ drain: durationOption }), { drain }).drain
}
