/** Who of a backend's servers takes a request: those in rotation, the algorithm at work on them, places taken and given back, and the queues of those who wait. */
import type { Algorithm, Picker } from '../balance/algorithm.js'
import { type Random, systemRandom } from '../base/random.js'
import type { Context } from '../match/context.js'
import { type Counters, occupy } from '../observe/counters.js'
import { Queue, type Rank } from './queue.js'
import type { Server } from './server.js'

/** Somebody who waits in a queue is called with a server whose place is reserved, or with `undefined`: look for one anew. */
export type Turn = (server: Server | undefined) => void

/** What a pool is told of its backend. */
export interface PoolOptions {
  readonly balance: Algorithm
  readonly allBackups: boolean
  /** Percent of the weight that has to be up. */
  readonly panicThreshold: number
  readonly counters: Counters
}

const nobody: readonly Server[] = []

export class ServerPool {
  /** Who waits for a place at any server. */
  readonly queue = new Queue<Server | undefined>()
  readonly #options: PoolOptions
  #servers: readonly Server[] = []
  #rotation: readonly Server[] = []
  #picker: Picker<Server> | undefined
  #panicking = false
  #random: Random = systemRandom
  #tried: readonly Server[] = []
  readonly #leaving = new WeakMap<object, () => void>()
  readonly #usable = (server: Server): boolean => !this.#tried.includes(server) && !server.full
  readonly #usableFull = (server: Server): boolean => !this.#tried.includes(server)

  constructor(options: PoolOptions) {
    this.#options = options
  }

  /** The servers that new requests may come to: those that are up and ready, or the backups when there are none. */
  get rotation(): readonly Server[] {
    return this.#rotation
  }

  /** Servers are in rotation that are not up. */
  get panicking(): boolean {
    return this.#panicking
  }

  /** Whether a request can hope for a place. */
  get usable(): boolean {
    return this.#rotation.some((server) => server.weight > 0)
  }

  /** Picks a server; changes nothing but the algorithm's own turn. @param tried servers that were tried in vain */
  pick(context: Context, tried: readonly Server[] = nobody): Server | undefined {
    this.#tried = tried
    return this.#picker?.pick(context, this.#judge)
  }

  /** Whom {@link pick} would choose now, while nobody's turn is taken; where chance decides, one of those that it could be. */
  preview(context: Context): Server | undefined {
    this.#tried = nobody
    const picker = this.#options.balance.picker(this.#rotation, systemRandom, this.#picker)
    return picker.pick(context, this.#judge)
  }

  get #judge(): (server: Server) => boolean {
    return this.#options.balance.skipsFull ? this.#usable : this.#usableFull
  }

  /**
   * Finds a place for a request: a server with its place taken, a queue to wait in, or nothing at all.
   * @param tried servers that were tried in vain, in order; when there are no others they are taken all the same, the last one last
   */
  seek(context: Context, tried: readonly Server[] = nobody): Server | Queue<Server | undefined> | undefined {
    if (this.#rotation.length === 0) return undefined
    let server = this.pick(context, tried)
    if (server === undefined && tried.length > 1) server = this.pick(context, tried.slice(-1))
    if (server === undefined && tried.length > 0) server = this.pick(context)
    if (server === undefined) return this.usable ? this.queue : undefined
    server.counters.selected++
    this.#options.counters.selected++
    return this.enter(server)
  }

  /** A place at this very server, or its queue. */
  enter(server: Server): Server | Queue<Server | undefined> {
    return server.full ? server.queue : this.take(server)
  }

  /** Takes a place at a server. Each place taken must be given back with {@link release}. */
  take(server: Server): Server {
    occupy(server.counters)
    this.#picker?.loadChanged(server)
    return server
  }

  /** Gives a place back; whoever has waited longest for it gets it. */
  release(server: Server): void {
    server.counters.current--
    this.#picker?.loadChanged(server)
    this.#wake(server)
  }

  /** Takes a place in a queue: at its end, unless its rank says otherwise. */
  wait(queue: Queue<Server | undefined>, turn: Turn, rank?: Rank | undefined): { leave(): void } {
    const waiter = queue.join(turn, rank)
    const of = this.#options.counters
    of.queued++
    if (of.queued > of.highestQueued) of.highestQueued = of.queued
    let waiting = true
    const left = (): void => {
      if (waiting) of.queued--
      waiting = false
    }
    this.#leaving.set(waiter, left)
    return {
      leave: () => {
        waiter.leave()
        left()
      },
    }
  }

  #wake(server: Server): void {
    while (!server.full && this.#serves(server)) {
      const waiter = server.queue.shift() ?? (this.#rotation.includes(server) ? this.queue.shift() : undefined)
      if (waiter === undefined) return
      this.#leaving.get(waiter)?.()
      waiter.turn(this.take(server))
    }
  }

  #serves(server: Server): boolean {
    return server.inRotation || (this.#panicking && this.#rotation.includes(server))
  }

  /**
   * Goes on with these servers as they are now; those who wait for what is gone look for something else.
   * @returns how many waited for the one that changed, and do not any more
   */
  update(servers: readonly Server[], changed?: Server): number {
    this.#servers = servers
    this.#rebuild()
    const gone = changed !== undefined && !(this.#serves(changed) && servers.includes(changed))
    const requeued = gone ? changed.queue.length : 0
    if (gone) this.#scatter(changed.queue)
    if (this.#rotation.length === 0) this.#scatter(this.queue)
    for (const each of this.#rotation) this.#wake(each)
    return requeued
  }

  /** Its balancer lends it its source of chance. */
  useRandom(random: Random): void {
    this.#random = random
    this.#rebuild()
  }

  #scatter(queue: Queue<Server | undefined>): void {
    const waiting = queue.length
    for (let count = 0; count < waiting; count++) {
      const waiter = queue.shift()
      if (waiter === undefined) return
      this.#leaving.get(waiter)?.()
      waiter.turn(undefined)
    }
  }

  /** Everybody who could be used, when too few of them are up. */
  #inPanic(up: readonly Server[]): readonly Server[] | undefined {
    const { panicThreshold } = this.#options
    if (panicThreshold === 0) return undefined
    const all = this.#servers.filter(
      (one) => !one.backup && one.weight > 0 && one.ordered === 'ready' && !one.unresolved,
    )
    const sum = (servers: readonly Server[]): number => servers.reduce((total, { weight }) => total + weight, 0)
    return sum(up) * 100 < sum(all) * panicThreshold ? all : undefined
  }

  #rebuild(): void {
    const { balance, allBackups } = this.#options
    const ready = this.#servers.filter((server) => server.inRotation && server.weight > 0)
    const regular = ready.filter((server) => !server.backup)
    const backups = ready.filter((server) => server.backup)
    const all = this.#inPanic(regular)
    this.#panicking = all !== undefined
    if (all !== undefined) this.#rotation = all
    else if (regular.length > 0) this.#rotation = regular
    else this.#rotation = allBackups ? backups : backups.slice(0, 1)
    this.#picker = balance.picker(this.#rotation, this.#random, this.#picker)
  }
}
