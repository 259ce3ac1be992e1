/** Forgets what is over in stick tables as time goes by, a little at a time, so that nobody waits while a million entries go. */
import type { Clock, Timer } from '../base/clock.js'
import { StickTable, type TableKeeper } from '../table/stick-table.js'
import type { TableSharing } from './table-sharing.js'

/** Entries that go in one turn of the event loop at most, and how often it looks at the clock meanwhile. */
const SLICE = 1000
const STEP = 100
/** Milliseconds that it takes of a turn at most. */
const SHARE = 1
/** Milliseconds that it rests at least when all that was over is gone: entries may be forgotten so much later. */
const PAUSE = 100

/** The tables that are in use. One that holds nothing that will ever be over has no timer. */
export class TableSweep implements TableKeeper {
  readonly #clock: Clock
  readonly #sharing: TableSharing | undefined
  readonly #tables = new Set<StickTable>()
  readonly #timers = new Map<StickTable, Timer>()

  constructor(clock: Clock, sharing?: TableSharing) {
    this.#clock = clock
    this.#sharing = sharing
  }

  /** The tables that it has been told of, in that order. */
  get tables(): readonly StickTable[] {
    return [...this.#tables]
  }

  /** Takes a table into its care; once it has been tracked at, that comes by itself. */
  adopt(table: object): void {
    if (!(table instanceof StickTable)) return
    this.#tables.add(table)
    table.keeper = this
    this.#sharing?.adopt(table)
  }

  wake(table: StickTable): void {
    if (table.expire === Number.POSITIVE_INFINITY || this.#timers.has(table)) return
    this.#rest(table, table.expire)
  }

  /** Lets go of all of them: no timer is left. */
  stop(): void {
    for (const timer of this.#timers.values()) timer.cancel()
    this.#timers.clear()
    for (const table of this.#tables) if (table.keeper === this) table.keeper = undefined
  }

  /** Forgets some of what is over; when the next is due. */
  #slice(table: StickTable, now: number): number {
    for (let gone = STEP; ; gone += STEP) {
      const next = table.sweep(now, STEP)
      if (next > now || gone >= SLICE || this.#clock.now() - now >= SHARE) return next
    }
  }

  #rest(table: StickTable, pause: number): void {
    const sweep = (): void => {
      this.#timers.delete(table)
      const now = this.#clock.now()
      const next = this.#slice(table, now)
      if (next === Number.POSITIVE_INFINITY) return
      this.#rest(table, next <= now ? 0 : Math.max(PAUSE, next - now))
    }
    this.#timers.set(table, this.#clock.after(pause, sweep))
  }
}
