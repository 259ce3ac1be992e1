/** How much a server may have at a time: its limit, which may rise with its backend's load, and how many may wait for it. */
import { z } from 'zod'
import { checkOptions, integerOption } from '../base/options.js'

const MOST = 2 ** 31 - 1

/** What a server's users say of its limits. */
export interface ServerLimitOptions {
  /** Requests (in TCP mode, connections) at a time; more wait in a queue. Default, and 0: no limit. HAProxy: `maxconn`. */
  readonly maxConnections?: number
  /**
   * The limit while its backend has little to do: it rises with what the backend has, up to {@link maxConnections} when that reaches the backend's
   * `fullConnections`. Default: the limit does not move. HAProxy: `minconn`.
   */
  readonly minConnections?: number
  /** How many may wait for this very server; who comes then gets 503, or another server. Default, and 0: no limit. HAProxy: `maxqueue`. */
  readonly maxQueue?: number
}

const limit = integerOption(0, MOST, 'a whole number (0 is no limit)')

export const serverLimitShape = {
  maxConnections: limit.optional(),
  minConnections: integerOption(0, MOST).optional(),
  maxQueue: limit.optional(),
}

/** What is looked at of the backend. */
export interface Load {
  /** Requests that it has now, those that wait included. */
  readonly load: number
  /** With so many of them its servers may be full. */
  readonly fullConnections: number
}

/** One server's limits. They may change while it runs. */
export class ServerLimits {
  readonly #subject: string
  #most: number
  #least: number
  #queue: number

  constructor(subject: string, given: ServerLimitOptions) {
    this.#subject = subject
    this.#most = given.maxConnections || Number.POSITIVE_INFINITY
    this.#least = given.minConnections ?? 0
    this.#queue = given.maxQueue || Number.POSITIVE_INFINITY
    this.#level()
  }

  /** Without an upper limit, or with a lower one, the lower one counts. */
  #level(): void {
    if (this.#least === 0) return
    if (this.#most === Number.POSITIVE_INFINITY || this.#most < this.#least) this.#most = this.#least
  }

  get most(): number {
    return this.#most
  }

  set most(given: number) {
    this.#most = this.#check('maxConnections', given) || Number.POSITIVE_INFINITY
    this.#level()
  }

  get least(): number {
    return this.#least
  }

  set least(given: number) {
    this.#least = this.#check('minConnections', given)
    this.#level()
  }

  get queue(): number {
    return this.#queue
  }

  set queue(given: number) {
    this.#queue = this.#check('maxQueue', given) || Number.POSITIVE_INFINITY
  }

  /** It depends on the load of the backend. */
  get moves(): boolean {
    return this.#least > 0 && this.#least < this.#most
  }

  /** What it may have now. */
  now(backend: Load | undefined): number {
    if (!this.moves || backend === undefined) return this.#most
    const { load, fullConnections } = backend
    if (load >= fullConnections) return this.#most
    return Math.max(this.#least, Math.floor((this.#most * load) / fullConnections))
  }

  #check(option: string, given: number): number {
    if (given === Number.POSITIVE_INFINITY) return 0
    checkOptions(this.#subject, z.strictObject({ [option]: limit }), { [option]: given })
    return given
  }
}
