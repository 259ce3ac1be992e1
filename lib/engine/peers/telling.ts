/** What a peer is told of our tables: what has changed since, and, when it asks, everything. A little at a time: nothing of it may keep others waiting. */
import type { PeersWriter } from '../../codec/peers-writer.js'
import type { LinkTable } from './link-table.js'
import { toldAs } from './update-number.js'

/** Entries in one go, and rows that are looked at for them. */
const MOST_ENTRIES = 64
const MOST_ROWS = 2048

/** Which keys a peer is told of. */
export type Wanted = (key: Uint8Array) => boolean

/** Everything that is known of all tables, once. */
export class Teaching {
  readonly #tables: readonly LinkTable[]
  /** The last update of each table as it began: what comes later is told as it changes. */
  readonly #begun: readonly number[]
  readonly #wanted: Wanted
  #table = 0
  #row = 0

  constructor(tables: readonly LinkTable[], wanted: Wanted) {
    this.#tables = tables
    this.#begun = tables.map(({ shared: { log } }) => {
      log.readAll()
      return log.last
    })
    this.#wanted = wanted
  }

  /** Tells some of it. @returns whether that was all */
  tell(writer: PeersWriter, now: number): boolean {
    let entries = 0
    for (let rows = 0; rows < MOST_ROWS && entries < MOST_ENTRIES; rows++) {
      const told = this.#tables[this.#table]
      if (told === undefined) return true
      const { table } = told.shared
      const row = this.#row++
      if (row >= table.rows.used) {
        this.#table++
        this.#row = 0
      } else if (table.generation(row) !== 0 && this.#tellRow(told, row, writer, now)) entries++
    }
    return false
  }

  #tellRow({ shared }: LinkTable, row: number, writer: PeersWriter, now: number): boolean {
    const { table } = shared
    if (table.users(row) === 0 && table.expiresIn(row, now) <= 0) return false
    const key = table.keyBytes(row)
    if (!this.#wanted(key)) return false
    writer.define(shared.definition)
    // All of it goes by the number up to which it holds: half a lesson must not look like one.
    const id = toldAs(this.#begun[this.#table] as number)
    return writer.update({ id, key, values: shared.values(row, now), expire: shared.expiresIn(row, now) })
  }

  /** The peer has learned it. */
  confirm(): void {
    for (const [index, table] of this.#tables.entries()) table.caughtUp(this.#begun[index] as number)
  }
}

/** Tells some of what has changed. @returns whether that was all */
export function tellChanges(tables: readonly LinkTable[], wanted: Wanted, writer: PeersWriter, now: number): boolean {
  let entries = 0
  for (const told of tables) {
    const { shared } = told
    for (let row = shared.log.after(told.pushed); row !== -1; row = shared.log.after(told.pushed)) {
      if (entries++ >= MOST_ENTRIES) return false
      const id = shared.log.idOf(row)
      const key = shared.table.keyBytes(row)
      if (wanted(key)) {
        writer.define(shared.definition)
        writer.update({ id: toldAs(id), key, values: shared.values(row, now) })
      }
      told.pushed = id
    }
  }
  return true
}
