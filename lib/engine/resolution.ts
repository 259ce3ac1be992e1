/** A name that is looked up again and again, and for how long what it last had counts while it cannot be. Who follows it is told of each good answer, and when none counts any more. */
import type { Timer } from '../base/clock.js'
import type { NameServer } from '../match/name-server.js'
import type { HoldStatus, Resolvers } from '../match/resolvers.js'
import { NameInquiry, type NameWorld, type Outcome, type Sought } from './name-inquiry.js'
import { type Found, NameRecords } from './name-records.js'

/** Who follows a name. */
export interface Follower {
  /** A good answer has come: what counts of it and of those before. @returns whether anything is different for it */
  found(records: readonly Found[], by: NameServer | undefined): boolean
  /** There has been no good answer for too long. */
  lost(status: HoldStatus): void
}

/** See the head of the file. */
export class Resolution {
  readonly resolvers: Resolvers
  readonly name: string
  readonly sought: Sought
  readonly #world: NameWorld
  readonly #followers = new Set<Follower>()
  readonly #records: NameRecords
  #inquiry: NameInquiry | undefined
  #timer: Timer | undefined
  /** When the last good answer came. */
  #validAt = Number.NEGATIVE_INFINITY

  constructor(world: NameWorld, resolvers: Resolvers, name: string, sought: Sought) {
    this.#world = world
    this.resolvers = resolvers
    this.name = name
    this.sought = sought
    this.#records = new NameRecords(resolvers.hold.obsolete)
  }

  get followed(): boolean {
    return this.#followers.size > 0
  }

  /** Follows it from now on; what is known already is told at once. */
  follow(follower: Follower): void {
    this.#followers.add(follower)
    const { current } = this.#records
    if (current.length > 0) follower.found(current, undefined)
    if (this.#inquiry === undefined && this.#timer === undefined) this.#look()
  }

  leave(follower: Follower): void {
    this.#followers.delete(follower)
    if (!this.followed) this.stop()
  }

  /** Looks it up now, since what is known seems to be wrong. */
  hurry(): void {
    if (this.#inquiry !== undefined) return
    this.#timer?.cancel()
    this.#look()
  }

  stop(): void {
    this.#inquiry?.cancel()
    this.#inquiry = undefined
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #look(): void {
    this.#timer = undefined
    this.#inquiry = new NameInquiry(this.#world, this.resolvers, this.name, this.sought, (outcome) =>
      this.#ended(outcome),
    )
    this.#inquiry.start()
  }

  #ended(outcome: Outcome): void {
    this.#inquiry = undefined
    const { clock } = this.#world
    this.#timer = clock.after(this.resolvers.timeouts.resolve, () => this.#look())
    if (outcome.kind === 'found') this.#found(outcome.records, outcome.by)
    else if (clock.now() - this.#validAt >= this.resolvers.hold[outcome.status]) this.#lost(outcome.status)
  }

  #found(records: readonly Found[], by: NameServer): void {
    const now = this.#world.clock.now()
    this.#validAt = now
    this.#records.take(records, now)
    const { current } = this.#records
    // Who began to ask is told who has said it; the others have it of him.
    const [first, ...others] = this.#followers
    if (first?.found(current, by) === true) by.figures.updates++
    for (const follower of others) follower.found(current, undefined)
  }

  #lost(status: HoldStatus): void {
    this.#records.clear()
    for (const follower of [...this.#followers]) follower.lost(status)
  }
}
