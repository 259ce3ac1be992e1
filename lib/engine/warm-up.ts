/** The slow start of one server: second by second more of its weight counts. Manual, `slowstart`. */
import type { Clock, Timer } from '../base/clock.js'
import type { Server } from '../proxy/server.js'

const SECOND = 1000
/** Steps from nothing to everything. */
const STEPS = 16

export class WarmUp {
  readonly #clock: Clock
  readonly #server: Server
  /** Seconds, in whole ones. */
  readonly #length: number
  #timer: Timer | undefined = undefined
  #passed = 0

  constructor(clock: Clock, server: Server) {
    this.#clock = clock
    this.#server = server
    this.#length = Math.ceil(server.slowStart / SECOND)
  }

  /** The server has just come up. */
  start(): void {
    this.stop()
    this.#passed = 0
    this.#step()
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  readonly #step = (): void => {
    const server = this.#server
    if (!server.up || server.ordered === 'maint') return
    if (this.#passed >= this.#length) {
      server.warmth = 1
      return
    }
    server.warmth = Math.floor((STEPS * this.#passed) / this.#length + 1) / STEPS
    this.#timer = this.#clock.after(SECOND, () => {
      this.#passed++
      this.#step()
    })
  }
}
