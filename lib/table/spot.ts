/** Which entry a question or action is about: the one that is tracked in a slot, its key in another table, or that of a value at hand. */
import type { Context } from '../match/context.js'
import { type NotYet, notYet, type Sample } from '../match/sample.js'
import type { Spot } from './cell.js'
import type { StickTable } from './stick-table.js'
import { TrackedEntry } from './tracked-entry.js'

/** Nothing is tracked, or there is no value that could be a key. */
export type Finder = (context: Context) => Spot | undefined | NotYet

/** What is tracked in a slot. Of another table, what that knows of the same key: nothing when its keys are of another type. */
export function trackedSpot(slot: number, table?: StickTable | undefined): (context: Context) => Spot | undefined {
  if (table === undefined) return ({ connection, tracked }) => held(connection?.tracked?.[slot] ?? tracked?.[slot])
  return (context) => {
    const found = held(context.trackedAt(slot))
    return found === undefined || found.table === table ? found : sameKey(found, table, context.now)
  }
}

const held = (tracked: unknown): TrackedEntry | undefined => (tracked instanceof TrackedEntry ? tracked : undefined)

function sameKey(found: TrackedEntry, table: StickTable, now: number): Spot {
  const { key, keyLength } = found.table
  const known = key === table.key && keyLength === table.keyLength ? table.keyOfText(found.key) : undefined
  return { table, rows: table.rows, row: known === undefined ? -1 : table.find(known, now) }
}

/** What a table knows of a value as its key. @param create it is made when it is not known, but for decisions that are not carried out */
export function spotOf(table: StickTable, value: unknown, context: Context, create: boolean): Spot | undefined {
  const key = table.keyOf(value)
  if (key === undefined) return undefined
  const row = create && !context.rehearsal ? opened(table, key, context) : table.find(key, context.now)
  return { table, rows: table.rows, row }
}

function opened(table: StickTable, key: Parameters<StickTable['open']>[0], { now, process }: Context): number {
  if (table.keeper === undefined) process?.tables?.adopt(table)
  return table.open(key, now)
}

/** The same, of what a sample gives. */
export function valueSpot(table: StickTable, sample: Sample<unknown, never>, create: boolean): Finder {
  return (context) => {
    const value = sample.ask(context)
    return value === undefined || value === notYet ? value : spotOf(table, value, context, create)
  }
}
