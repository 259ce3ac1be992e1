/** Has the tables that several nodes count in together exchange what was counted, as time goes by; without their store, they go on alone. */
import type { Clock, Timer } from '../base/clock.js'
import type { SharedCounts, SharedStanding } from '../table/shared-counts.js'
import { SharedRefusal, type SharedSeat } from '../table/shared-store.js'
import type { StickTable } from '../table/stick-table.js'

/** Milliseconds after which a store that does not answer is taken for away, at the least. */
const PATIENCE = 1000
/** Milliseconds between two tries while it is away, at most. */
const LONGEST_PAUSE = 1000
/** Milliseconds until the next exchange where more is waiting already. */
const BREATH = 5

/** A table has joined the other nodes, or counts alone again. */
export interface SharedNews {
  readonly table: StickTable
  /** `refused`: others have a table of that name that is made otherwise. */
  readonly what: Exclude<SharedStanding['state'], 'idle'>
  /** Why, where it is alone. */
  readonly reason: string
}

/** The tables of one balancer that are shared. */
export class TableSharing {
  readonly #clock: Clock
  readonly #tell: (news: SharedNews) => void
  readonly #tables = new Map<StickTable, Exchanges>()
  #running = false

  constructor(clock: Clock, tell: (news: SharedNews) => void) {
    this.#clock = clock
    this.#tell = tell
  }

  /** Takes a table into its care, where it is shared; one that somebody else exchanges for is left to them. */
  adopt(table: StickTable): void {
    if (table.shared === undefined || this.#tables.has(table)) return
    const exchanges = new Exchanges(table, table.shared, this.#clock, this.#tell)
    this.#tables.set(table, exchanges)
    if (this.#running) exchanges.begin()
  }

  begin(): void {
    this.#running = true
    for (const exchanges of this.#tables.values()) exchanges.begin()
  }

  /** Tells what was counted last, and lets go of the stores. */
  async stop(): Promise<void> {
    this.#running = false
    await Promise.all([...this.#tables.values()].map((exchanges) => exchanges.end()))
  }
}

/** The exchanges of one table, one at a time. */
class Exchanges {
  readonly #table: StickTable
  readonly #counts: SharedCounts
  readonly #clock: Clock
  readonly #tell: (news: SharedNews) => void
  readonly #rhythm: number
  readonly #patience: number
  #seat: SharedSeat | undefined = undefined
  #timer: Timer | undefined = undefined
  #underWay: Promise<void> | undefined = undefined
  #failures = 0

  constructor(table: StickTable, counts: SharedCounts, clock: Clock, tell: (news: SharedNews) => void) {
    this.#table = table
    this.#counts = counts
    this.#clock = clock
    this.#tell = tell
    // What has just missed one exchange here goes with the next, and waits as long on the other side.
    this.#rhythm = counts.store.interval / 2
    this.#patience = Math.max(PATIENCE, 4 * counts.store.interval)
  }

  begin(): void {
    if (this.#counts.taken) return
    this.#counts.taken = true
    const { node, shape, keep } = this.#counts
    this.#seat = this.#counts.store.join({ table: this.#table.name, shape, node, keep })
    this.#rest(0)
  }

  async end(): Promise<void> {
    const seat = this.#seat
    if (seat === undefined) return
    this.#seat = undefined
    this.#timer?.cancel()
    await this.#underWay
    if (this.#counts.standing.state === 'joined') await this.#exchange(seat)
    await this.#settled(seat.leave())
    this.#counts.taken = false
  }

  #rest(pause: number): void {
    this.#timer = this.#clock.after(pause, () => {
      const seat = this.#seat
      if (seat === undefined) return
      const began = this.#clock.now()
      this.#underWay = this.#exchange(seat).then((next) => {
        if (this.#seat === seat) this.#rest(Math.max(0, began + next - this.#clock.now()))
      })
    })
  }

  /** Never rejects. Answers how long after its beginning the next is to begin. */
  async #exchange(seat: SharedSeat): Promise<number> {
    const counts = this.#counts
    const late = this.#clock.after(this.#patience, () => this.#failed(new Error('the store does not answer')))
    try {
      const heard = await seat.exchange(counts.tell(this.#clock.now()))
      if (counts.hear(heard, this.#clock.now())) this.#tell({ table: this.#table, what: 'joined', reason: '' })
      this.#failures = 0
      return heard.more ? BREATH : this.#rhythm
    } catch (error) {
      this.#failed(error)
      return Math.min(this.#rhythm * 2 ** Math.min(this.#failures++, 10), LONGEST_PAUSE)
    } finally {
      late.cancel()
    }
  }

  #failed(error: unknown): void {
    const refused = error instanceof SharedRefusal
    const reason = error instanceof Error ? error.message : String(error)
    if (!this.#counts.fail(reason, refused, this.#clock.now())) return
    this.#tell({ table: this.#table, what: refused ? 'refused' : 'alone', reason })
  }

  /** Waits for a store that goes, not for ever. */
  async #settled(leaving: Promise<void>): Promise<void> {
    let timer: Timer | undefined
    const given = new Promise<void>((resolve) => {
      timer = this.#clock.after(this.#patience, resolve)
    })
    await Promise.race([leaving.catch(() => {}), given])
    timer?.cancel()
  }
}
