/** One number of an entry, found by HAProxy's name for it whichever table it is asked of. */
import type { Rows } from './rows.js'
import type { StickTable } from './stick-table.js'

/** An entry, or the want of one. */
export interface Spot {
  readonly table: StickTable
  /** The table's rows; those of a copy in a decision that is not carried out. */
  readonly rows: Rows
  /** -1 when the key is not known. */
  readonly row: number
}

/** The first elements of arrays are known by names of their own as well, where a table has no such field. */
const aliases: ReadonlyMap<string, readonly [array: string, element: number]> = new Map([
  ['gpt0', ['gpt', 0]],
  ['gpc0', ['gpc', 0]],
  ['gpc1', ['gpc', 1]],
  ['gpc0_rate', ['gpc_rate', 0]],
  ['gpc1_rate', ['gpc_rate', 1]],
])

/** It is looked for once in each table. */
export class Cell {
  readonly type: string
  readonly #element: number
  #table: StickTable | undefined = undefined
  #field = -1
  #at = 0

  constructor(type: string, element = 0) {
    this.type = type
    this.#element = element
  }

  /** Whether the table stores it. */
  isIn(table: StickTable): boolean {
    if (table !== this.#table) this.#find(table)
    return this.#field !== -1
  }

  #find(table: StickTable): void {
    this.#table = table
    this.#field = table.field(this.type)
    this.#at = this.#element
    const alias = aliases.get(this.type)
    if (this.#field === -1 && alias !== undefined) {
      this.#field = table.field(alias[0])
      this.#at = alias[1]
    }
    const { length } = table.fields[this.#field] ?? { length: 0 }
    if (this.#at < 0 || this.#at >= length) this.#field = -1
  }

  /** What it says: 0 of a key that is not known, nothing of a table that does not store it. */
  read({ table, rows, row }: Spot, now: number): number | undefined {
    if (row === -1) return 0
    return this.isIn(table) ? rows.read(row, this.#field, now, this.#at) : undefined
  }

  write({ table, rows, row }: Spot, value: number, now: number): void {
    if (row !== -1 && this.isIn(table)) rows.write(row, this.#field, value, now, this.#at)
  }

  add({ table, rows, row }: Spot, amount: number, now: number): void {
    if (row !== -1 && this.isIn(table)) rows.add(row, this.#field, amount, now, this.#at)
  }
}

/** A general counter with the rate at which it is added to: `gpc0` and `gpc0_rate`, or an element of `gpc` and of `gpc_rate`. */
export class GeneralCounter {
  readonly counter: Cell
  readonly rate: Cell

  /** @param name `gpc0`, `gpc1` or `gpc` */
  constructor(name: string, element = 0) {
    this.counter = new Cell(name, element)
    this.rate = new Cell(`${name}_rate`, element)
  }

  /** Adds to what of the two the table stores; answers the counter, or else the rate, or 0. */
  add(spot: Spot, amount: number, now: number): number {
    this.counter.add(spot, amount, now)
    this.rate.add(spot, amount, now)
    const counted = this.counter.read(spot, now) ?? this.rate.read(spot, now) ?? 0
    if (spot.row !== -1 && spot.rows === spot.table.rows) spot.table.touch(spot.row, now)
    return counted
  }

  /** Begins at 0 again; answers what it has said before. */
  clear(spot: Spot, now: number): number | undefined {
    const before = this.counter.read(spot, now)
    if (before === undefined || spot.row === -1) return before
    this.counter.write(spot, 0, now)
    if (spot.rows === spot.table.rows) spot.table.touch(spot.row, now)
    return before
  }
}
