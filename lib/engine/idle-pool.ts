/** Server connections that nobody uses at the moment, the latest first; those that stand too long are closed. One pool a server. */
import type { Clock, Timer } from '../base/clock.js'
import type { IdleOwner, ServerConnection } from './server-connection.js'

/** Idle connections of one server. */
export class IdlePool implements IdleOwner {
  readonly #clock: Clock
  readonly #most: number
  readonly #longest: number
  #connections: ServerConnection[] = []
  #timer: Timer | undefined = undefined

  /**
   * @param most connections kept; the oldest goes when one more comes
   * @param longest milliseconds that one may stand idle
   */
  constructor(clock: Clock, most: number, longest: number) {
    this.#clock = clock
    this.#most = most
    this.#longest = longest
  }

  get size(): number {
    return this.#connections.length
  }

  /** Those that have served several transactions. */
  get proven(): number {
    return this.#connections.reduce((sum, { uses }) => sum + (uses > 1 ? 1 : 0), 0)
  }

  /**
   * The one that fell idle last.
   * @param proven only one that has served several transactions
   * @param name only one of this name
   */
  take(proven: boolean, name?: string): ServerConnection | undefined {
    for (let index = this.#connections.length - 1; index >= 0; index--) {
      const connection = this.#connections[index] as ServerConnection
      if ((proven && connection.uses < 2) || connection.poolName !== name) continue
      if (index === this.#connections.length - 1) this.#connections.pop()
      else this.#connections.splice(index, 1)
      connection.owner = undefined
      if (connection.reusable) return connection
      connection.destroy()
    }
    return undefined
  }

  /** Keeps a connection for whoever needs one next. */
  put(connection: ServerConnection): void {
    if (this.#most === 0) {
      connection.destroy()
      return
    }
    if (this.#connections.length >= this.#most) this.#drop(0)
    connection.owner = this
    connection.idleSince = this.#clock.now()
    this.#connections.push(connection)
    if (this.#timer === undefined && this.#longest !== Number.POSITIVE_INFINITY)
      this.#timer = this.#clock.after(this.#longest, this.#purge)
  }

  /** Closes the one that has stood longest. */
  dropOldest(): void {
    this.#drop(0)
  }

  /** Forgets one that has gone by itself. */
  remove(connection: ServerConnection): void {
    const index = this.#connections.indexOf(connection)
    if (index !== -1) this.#connections.splice(index, 1)
  }

  /** Closes all of them. */
  clear(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    while (this.#connections.length > 0) this.#drop(this.#connections.length - 1)
  }

  #drop(index: number): void {
    const connection = this.#connections[index] as ServerConnection
    this.#connections.splice(index, 1)
    connection.owner = undefined
    connection.destroy()
  }

  readonly #purge = (): void => {
    this.#timer = undefined
    const limit = this.#clock.now() - this.#longest
    while (this.#connections.length > 0 && (this.#connections[0] as ServerConnection).idleSince <= limit) this.#drop(0)
    const oldest = this.#connections[0]
    if (oldest === undefined) return
    this.#timer = this.#clock.after(Math.max(oldest.idleSince - limit, 1), this.#purge)
  }
}
