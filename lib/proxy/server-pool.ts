/** Who of a backend's servers takes a request: those in rotation, the algorithm at work on them, places taken and given back, and the queues of those who wait. */
import type { Algorithm, Picker } from '../balance/algorithm.js'
import { type Random, systemRandom } from '../base/random.js'
import type { Context } from '../match/context.js'
import { type Counters, occupy } from '../observe/counters.js'
import { compare, Queue, type Rank } from './queue.js'
import { RisingLimits } from './rising-limits.js'
import type { Server } from './server.js'
import type { Load } from './server-limits.js'

/** Somebody who waits in a queue is called with a server whose place is reserved, or with `undefined`: look for one anew. */
export type Turn = (server: Server | undefined) => void

/** What a pool is told of its backend. */
export interface PoolOptions {
  readonly balance: Algorithm
  readonly allBackups: boolean
  /** Percent of the weight that has to be up. */
  readonly panicThreshold: number
  readonly counters: Counters
  /** Whose load moves the limits of servers. */
  readonly backend: Load
}

const nobody: readonly Server[] = []

/** A server whose own queue is full: whoever must go to it cannot. */
export class QueueFull {
  readonly server: Server

  constructor(server: Server) {
    this.server = server
  }
}

/** Where a request is to go: a server whose place is taken, a queue, a server that cannot have it, or nowhere. */
export type Place = Server | Queue<Server | undefined> | QueueFull | undefined

export class ServerPool {
  /** Who waits for a place at any server. */
  readonly queue = new Queue<Server | undefined>()
  readonly #options: PoolOptions
  #servers: readonly Server[] = []
  /** Who is up and ready, by whether they are backups; whoever they stand for is in {@link #members}. */
  readonly #regular = new Set<Server>()
  readonly #backups = new Set<Server>()
  #members: ReadonlySet<Server> = new Set()
  /** The members in the order of their declaration; made when somebody asks. */
  #rotation: readonly Server[] | undefined = []
  #picker: Picker<Server> | undefined
  /** The picker knows other servers than there are. */
  #stale = false
  #panicking = false
  #random: Random = systemRandom
  #tried: readonly Server[] = nobody
  /** Servers whose limit is too low for the moment, where limits move. */
  readonly #rising = new RisingLimits()
  #moving = false
  readonly #leaving = new WeakMap<object, () => void>()
  readonly #usable = (server: Server): boolean => {
    if (this.#tried.includes(server)) return false
    if (!server.full) return true
    this.#note(server)
    return false
  }
  readonly #usableQueue = (server: Server): boolean => {
    if (this.#tried.includes(server)) return false
    if (!server.crowded) return true
    this.#note(server)
    return false
  }
  readonly #usableFull = (server: Server): boolean => {
    if (this.#tried.includes(server)) return false
    // It waits for who is full, but turns without a key pass over them.
    if (this.#moving && server.full) this.#note(server)
    return true
  }
  readonly #judge: (server: Server) => boolean

  constructor(options: PoolOptions) {
    this.#options = options
    const { skipsFull, fillsQueues } = options.balance
    if (!skipsFull) this.#judge = this.#usableFull
    else this.#judge = fillsQueues === true ? this.#usableQueue : this.#usable
  }

  /** The servers that new requests may come to: those that are up and ready, or the backups when there are none. */
  get rotation(): readonly Server[] {
    const members = this.#members
    return (this.#rotation ??= this.#servers.filter((server) => members.has(server)))
  }

  /** Whether a server is in rotation. */
  has(server: Server): boolean {
    return this.#members.has(server)
  }

  /** Servers are in rotation that are not up. */
  get panicking(): boolean {
    return this.#panicking
  }

  /** Whether a request can hope for a place. */
  get usable(): boolean {
    return this.#members.size > 0
  }

  /** Picks a server; changes nothing but the algorithm's own turn. @param tried servers that were tried in vain */
  pick(context: Context, tried: readonly Server[] = nobody): Server | undefined {
    this.#tried = tried
    if (this.#stale) this.#newPicker()
    return this.#picker?.pick(context, this.#judge)
  }

  /** Whom {@link pick} would choose now, while nobody's turn is taken; where chance decides, one of those that it could be. */
  preview(context: Context): Server | undefined {
    this.#tried = nobody
    if (this.#stale) this.#newPicker()
    const picker = this.#options.balance.picker(this.rotation, systemRandom, this.#picker)
    return picker.pick(context, this.#judge)
  }

  /**
   * Finds a place for a request: a server with its place taken, a queue to wait in, or nothing at all.
   * @param tried servers that were tried in vain, in order; when there are no others they are taken all the same, the last one last
   */
  seek(context: Context, tried: readonly Server[] = nobody): Place {
    if (this.#members.size === 0) return undefined
    if (this.#moving) this.#raise()
    let server = this.pick(context, tried)
    if (server === undefined && tried.length > 1) server = this.pick(context, tried.slice(-1))
    if (server === undefined && tried.length > 0) server = this.pick(context)
    if (server === undefined) return this.queue
    if (this.#moving && this.queue.length > 0 && this.#judge === this.#usable) {
      // A limit that has risen is for those who wait already, before it is for newcomers.
      this.#wake(server)
      if (server.full) return this.queue
    }
    return this.enter(server)
  }

  /** A place at this very server, or its queue. */
  enter(server: Server): Server | Queue<Server | undefined> | QueueFull {
    if (!server.full) return this.take(server)
    return server.queue.length < server.maxQueue ? server.queue : new QueueFull(server)
  }

  /** Takes a place at a server. Each place taken must be given back with {@link release}. */
  take(server: Server): Server {
    occupy(server.counters)
    this.#loadChanged(server)
    return server
  }

  /** Gives a place back; whoever has waited longest for it gets it. */
  release(server: Server): void {
    server.counters.current--
    this.#loadChanged(server)
    this.#wake(server)
  }

  #loadChanged(server: Server): void {
    if (this.#moving) {
      this.#rising.forget(server)
      if (server.full) this.#note(server)
    }
    this.#picker?.loadChanged(server)
  }

  /** Servers whose limits have risen with the backend's load are looked at again. */
  #raise(): void {
    const { load } = this.#options.backend
    // One that is still full, since it starts slowly, is noted once more, and is not looked at again now.
    const risen: Server[] = []
    for (let server = this.#rising.take(load); server !== undefined; server = this.#rising.take(load))
      risen.push(server)
    for (const server of risen) {
      this.#picker?.loadChanged(server)
      this.#wake(server)
    }
  }

  /** Limits are measured otherwise from now on. */
  remeasure(): void {
    if (!this.#moving) return
    for (const server of this.#servers) {
      this.#loadChanged(server)
      this.#wake(server)
    }
  }

  /** Takes a place in a queue, by its rank. */
  wait(queue: Queue<Server | undefined>, turn: Turn, rank?: Rank | undefined): { leave(): void } {
    const waiter = queue.join(turn, rank)
    const { keeper } = queue
    const of = (keeper ?? this.#options).counters
    of.highestQueued = Math.max(of.highestQueued, ++of.queued)
    if (keeper !== undefined) this.#picker?.loadChanged(keeper)
    let waiting = true
    const left = (): void => {
      if (!waiting) return
      waiting = false
      of.queued--
      if (keeper !== undefined) this.#picker?.loadChanged(keeper)
    }
    this.#leaving.set(waiter, left)
    if (this.#moving) this.#raise()
    return {
      leave: () => {
        waiter.leave()
        left()
      },
    }
  }

  #wake(server: Server): void {
    while (!server.full) {
      const waiter = this.#next(server)?.shift()
      if (waiter === undefined) break
      this.#leaving.get(waiter)?.()
      waiter.turn(this.take(server))
    }
    if (this.#moving && server.full) this.#note(server)
  }

  /** Is told when the limit of a full server has risen. */
  #note(server: Server): void {
    if (server.limitMoves) this.#rising.note(server, this.#options.backend.fullConnections)
  }

  /** Of those who wait for this server and those who wait for any, where the first one stands. */
  #next(server: Server): Queue<Server | undefined> | undefined {
    const own = server.queue.first
    // One that new requests do not come to may still have its own: who belongs to it waits for it all the same.
    const serves = this.queue.length > 0 && this.#members.has(server) && this.#serves(server)
    const any = serves ? this.queue.first : undefined
    if (own === undefined) return any === undefined ? undefined : this.queue
    return any === undefined || compare(own, any) <= 0 ? server.queue : this.queue
  }

  #serves(server: Server): boolean {
    return server.inRotation || (this.#panicking && this.#members.has(server))
  }

  /**
   * Goes on with these servers as they are now; those who wait for what is gone look for something else.
   * @param changed the only one that is different
   * @param present whether it is still one of them
   * @returns how many waited for the one that changed and do not any more, or waited for any and found their place now
   */
  update(servers: readonly Server[], changed?: Server, present = true): number {
    this.#servers = servers
    this.#rotation = undefined
    const before = this.queue.served
    const panicked = this.#panicking
    const adjusted = changed !== undefined && this.#adjust(changed, present)
    if (!adjusted) this.#rebuild()
    // Those who wait for somebody that is down need not any more.
    if (panicked && !this.#panicking) for (const each of servers) if (!this.#serves(each)) this.#scatter(each.queue)
    const gone = changed !== undefined && !(present && this.#serves(changed))
    const requeued = gone ? changed.queue.length : 0
    if (gone) this.#scatter(changed.queue)
    if (this.#members.size === 0) this.#scatter(this.queue)
    // What was noted of its limit was reckoned with the one before.
    if (changed !== undefined) this.#loadChanged(changed)
    if (adjusted) this.#wake(changed)
    else this.#wakeAll(changed)
    return requeued + this.queue.served - before
  }

  #wakeAll(changed: Server | undefined): void {
    if (changed !== undefined && changed.queue.length > 0) this.#wake(changed)
    for (const each of this.rotation) if (each.queue.length > 0 || this.queue.length > 0) this.#wake(each)
  }

  /** Takes one server's change in, where that does not bring others in or out. @returns whether it could be done */
  #adjust(server: Server, present: boolean): boolean {
    if (this.#options.panicThreshold > 0) return false
    const ready = present && server.inRotation && server.weight > 0
    const group = server.backup ? this.#backups : this.#regular
    const was = group.has(server)
    if (server.backup && (this.#regular.size === 0 || server.limitMoves)) return false
    if (ready === was && (server.backup || !ready)) return true
    if (!server.backup && (ready ? this.#regular.size === 0 : this.#regular.size === 1)) return false
    if (ready && server.limitMoves) this.#moving = true
    if (ready) group.add(server)
    else group.delete(server)
    if (server.backup || this.#stale) return true
    if (this.#picker?.change?.(server, ready) !== true) this.#stale = true
    return true
  }

  /** Its balancer lends it its source of chance. */
  useRandom(random: Random): void {
    this.#random = random
    this.#rebuild()
  }

  #scatter(queue: Queue<Server | undefined>): void {
    const waiting = queue.length
    for (let count = 0; count < waiting; count++) {
      const waiter = queue.dismiss()
      if (waiter === undefined) return
      this.#leaving.get(waiter)?.()
      waiter.turn(undefined)
    }
  }

  /** Everybody who could be used, when too few of them are up. A backup that is up is better than regular servers that all are down. */
  #inPanic(): ReadonlySet<Server> | undefined {
    const { panicThreshold } = this.#options
    if (panicThreshold === 0 || (this.#regular.size === 0 && this.#backups.size > 0)) return undefined
    const all = this.#servers.filter(
      (one) => !one.backup && one.weight > 0 && one.ordered === 'ready' && !one.unresolved,
    )
    const sum = (servers: Iterable<Server>): number => {
      let total = 0
      for (const { weight } of servers) total += weight
      return total
    }
    return sum(this.#regular) * 100 < sum(all) * panicThreshold ? new Set(all) : undefined
  }

  #rebuild(): void {
    this.#regular.clear()
    this.#backups.clear()
    this.#moving = false
    for (const server of this.#servers) {
      if (server.limitMoves) this.#moving = true
      if (server.inRotation && server.weight > 0) (server.backup ? this.#backups : this.#regular).add(server)
    }
    const all = this.#inPanic()
    this.#panicking = all !== undefined
    this.#members = all ?? this.#chosen()
    this.#rotation = undefined
    this.#stale = true
  }

  #chosen(): ReadonlySet<Server> {
    if (this.#regular.size > 0) return this.#regular
    return this.#options.allBackups ? this.#backups : new Set([...this.#backups].slice(0, 1))
  }

  #newPicker(): void {
    this.#stale = false
    this.#picker = this.#options.balance.picker(this.rotation, this.#random, this.#picker)
  }
}
