/** What a stick table remembers as plain data, for JSON: taken of one table, and merged into another, of this process or the next, of this machine or another. */
import { OptionError } from '../base/errors.js'
import type { RateState } from './rate-cell.js'
import type { StickTable } from './stick-table.js'

/**
 * One thing that is remembered: a number (text beyond 2⁵³), a rate as milliseconds since its window began, what that has counted and the one before it; a
 * server's key; of an array, all of its elements.
 */
export type SnapshotCell = number | string | null | readonly [age: number, present: number, before: number]
export type SnapshotValue = SnapshotCell | readonly SnapshotCell[]

/** One entry. */
export interface SnapshotEntry {
  /** As text. */
  readonly key: string
  /** Milliseconds; `null` is never. */
  readonly expiresIn: number | null
  /** In the order of the fields. */
  readonly values: readonly SnapshotValue[]
}

/** A whole table. */
export interface TableSnapshot {
  readonly name: string
  readonly key: string
  readonly fields: readonly {
    readonly name: string
    readonly type: string
    readonly period: number
    readonly length: number
  }[]
  readonly entries: readonly SnapshotEntry[]
}

export function takeTableSnapshot(table: StickTable, now: number): TableSnapshot {
  const entries: SnapshotEntry[] = []
  for (let row = table.nextRow(-1); row !== -1; row = table.nextRow(row)) {
    const expiresIn = table.expiresIn(row, now)
    if (expiresIn === 0 && table.users(row) === 0) continue
    entries.push({
      key: table.keyText(row),
      expiresIn: expiresIn === Number.POSITIVE_INFINITY ? null : expiresIn,
      values: table.fields.map((_, field) => takeValue(table, row, field, now)),
    })
  }
  const fields = table.fields.map(({ type, period, length }, index) => {
    return { name: table.names[index] ?? type.name, type: type.name, period, length }
  })
  return { name: table.name, key: table.key, fields, entries }
}

function takeValue(table: StickTable, row: number, field: number, now: number): SnapshotValue {
  const { type, length } = table.fields[field]!
  const cells = Array.from({ length }, (_, element): SnapshotCell => {
    if (type.kind === 'text') return table.readText(row, field) ?? null
    if (type.kind === 'wide') {
      const wide = table.readWide(row, field)
      return wide <= Number.MAX_SAFE_INTEGER ? Number(wide) : String(wide)
    }
    if (type.kind !== 'rate') return table.rows.own(row, field, now, element)
    const { age, present, before } = table.readRate(row, field, now, element)
    return [age, present, before]
  })
  return type.array ? cells : cells[0]!
}

/** Adds a snapshot to what a table remembers; answers how many entries it took. @param age milliseconds since it was taken */
export function mergeTableSnapshot(table: StickTable, snapshot: TableSnapshot, now: number, age: number): number {
  const given: { readonly fields?: unknown; readonly entries?: unknown } | null | undefined = snapshot
  if (!Array.isArray(given?.fields) || !Array.isArray(given.entries))
    throw new OptionError(`StickTable '${table.name}'`, '', 'is given what is no snapshot of a table')
  if (snapshot.key !== table.key) {
    throw new OptionError(`StickTable '${table.name}'`, '', `cannot take keys of type '${snapshot.key}'`)
  }
  const fields = snapshot.fields.map(({ name, type, period, length }) => {
    const index = table.names.indexOf(name)
    const ours = table.fields[index]
    const same = ours?.type.name === type && ours.period === period && ours.length === length
    return same ? index : -1
  })
  let taken = 0
  for (const entry of snapshot.entries) if (mergeEntry(table, entry, fields, now, age)) taken++
  return taken
}

function mergeEntry(
  table: StickTable,
  entry: SnapshotEntry,
  fields: readonly number[],
  now: number,
  age: number,
): boolean {
  const expiresIn = entry.expiresIn === null ? Number.POSITIVE_INFINITY : entry.expiresIn - age
  const key = table.keyOfText(entry.key)
  if (key === undefined || expiresIn <= 0) return false
  const known = table.find(key, now)
  const row = table.open(key, now)
  if (row === -1) return false
  const newer = known === -1 || expiresIn > table.expiresIn(row, now)
  fields.forEach((field, index) => {
    const value = entry.values[index]
    if (field === -1 || value === undefined) return
    const cells = table.fields[field]!.type.array ? (value as readonly SnapshotCell[]) : [value as SnapshotCell]
    cells.forEach((cell, element) => {
      mergeCell(table, row, field, element, cell, { now, age, newer })
    })
  })
  if (newer) table.expireIn(row, expiresIn, now)
  return true
}

interface Merging {
  readonly now: number
  readonly age: number
  /** The snapshot's entry was used later than ours. */
  readonly newer: boolean
}

function mergeCell(
  table: StickTable,
  row: number,
  field: number,
  element: number,
  cell: SnapshotCell,
  { now, age, newer }: Merging,
): void {
  const { type, period } = table.fields[field]!
  if (type.kind === 'rate') {
    const [began, present, before] = cell as readonly [number, number, number]
    const mine = table.readRate(row, field, now, element)
    const theirs = { age: began + age, present, before }
    table.writeRate(row, field, mergeRates(mine, theirs, period), now, element)
  } else if (type.kind === 'text') {
    if (newer) table.writeText(row, field, cell === null ? undefined : String(cell))
  } else if (type.kind === 'wide') {
    table.write(row, field, table.readWide(row, field) + BigInt(cell as number | string), now)
  } else if (type.counts !== undefined) table.add(row, field, Number(cell), now, element)
  // Who is connected to somebody else is not connected here.
  else if (type.name !== 'conn_cur' && newer) table.write(row, field, Number(cell), now, element)
}

/** Both together, in the window of the one that has counted something; the windows of two may differ by less than one period. */
function mergeRates(mine: RateState, theirs: RateState, period: number): RateState {
  const [first, second] = [turned(mine, period), turned(theirs, period)]
  if (first.present + first.before === 0) return second
  if (second.present + second.before === 0) return first
  return { age: first.age, present: first.present + second.present, before: first.before + second.before }
}

function turned({ age, present, before }: RateState, period: number): RateState {
  if (age < period) return { age, present, before }
  return age < 2 * period ? { age: age - period, present: 0, before: present } : { age: 0, present: 0, before: 0 }
}
