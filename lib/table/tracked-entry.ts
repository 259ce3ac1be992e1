/** An entry of a stick table that a connection or a request holds on to. */
import { Ip } from '../base/ip.js'
import type { Tracked, TrackedEvent } from '../match/context.js'
import type { Value } from '../match/value.js'
import type { TableKey } from './key.js'
import type { Rows } from './rows.js'
import type { StickTable } from './stick-table.js'

/** In a decision that is not carried out, it is a copy: what is counted there, the table does not see. */
export class TrackedEntry implements Tracked {
  readonly table: StickTable
  /** The table's rows; a copy's own. */
  readonly rows: Rows
  readonly row: number
  readonly #key: TableKey
  #held = true

  /** Counts a connection, and holds the entry until {@link release}. */
  constructor(table: StickTable, rows: Rows, row: number, key: TableKey, now: number) {
    this.table = table
    this.rows = rows
    this.row = row
    this.#key = key
    if (this.real) table.hold(row)
    rows.count(row, 'connections', 1, now)
    if (rows.concurrent !== -1) rows.add(row, rows.concurrent, 1, now, 0)
  }

  get key(): string {
    return this.table.textOf(this.#key)
  }

  /** The key as a value of its type. */
  get keyValue(): Value | undefined {
    const { key } = this
    if (this.table.key === 'string') return key
    if (this.table.key === 'integer') return Number(key)
    return this.table.key === 'binary' ? Buffer.from(key, 'hex') : Ip.parse(key)
  }

  /** It is the table's own, and no copy. */
  get real(): boolean {
    return this.table.rows === this.rows
  }

  /** What a field of the table says. */
  read(field: number, now: number, element = 0): number {
    return this.rows.read(this.row, field, now, element)
  }

  count(what: TrackedEvent, amount: number, now: number): void {
    if (!this.#held) return
    if (this.rows.count(this.row, what, amount, now)) this.used(now)
  }

  /** Something of it was changed: it stays longer, and others are told. */
  used(now: number): void {
    if (this.real) this.table.touch(this.row, now)
  }

  release(now: number): void {
    if (!this.#held) return
    this.#held = false
    const { concurrent } = this.rows
    if (concurrent !== -1 && this.rows.own(this.row, concurrent, now, 0) > 0)
      this.rows.add(this.row, concurrent, -1, now, 0)
    if (!this.real) return
    this.table.touch(this.row, now)
    this.table.release(this.row, now)
  }
}
