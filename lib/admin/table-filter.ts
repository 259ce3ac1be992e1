/** Conditions on what a stick table stores, as `show table` and `clear table` take them: `data.gpc0 gt 5`. Manual of management, 9.3. */
import type { StickTable } from '../index.js'
import { dataType } from '../table/data-type.js'
import { CommandError } from './command.js'

/** Whether an entry is meant. */
export type TableFilter = (row: number, now: number) => boolean

const operators: ReadonlyMap<string, (one: bigint, other: bigint) => boolean> = new Map([
  ['eq', (one, other) => one === other],
  ['ne', (one, other) => one !== other],
  ['le', (one, other) => one <= other],
  ['ge', (one, other) => one >= other],
  ['lt', (one, other) => one < other],
  ['gt', (one, other) => one > other],
])

/** HAProxy takes no more. */
const MOST = 4
/** Words of the command before the first condition: `show table NAME`. */
const WORDS_BEFORE = 3

/** A field of a table, or one element of it, by its name behind `data.`: `gpc0`, `gpt[1]`. @throws {CommandError} with this in front of what is wrong */
export function storedField(table: StickTable, word: string, front: string): { field: number; element: number } {
  const [, name = '', index] = /^data\.(\w+)(?:\[(\d{1,2})\])?$/.exec(word) ?? []
  if (dataType(name) === undefined) throw new CommandError(`${front}Unknown data type\n`)
  const field = table.field(name)
  const element = Number(index ?? 0)
  const stored = table.fields[field]
  if (stored === undefined) throw new CommandError(`${front}Data type not stored in this table\n`)
  if (index !== undefined && (!stored.type.array || element >= stored.length))
    throw new CommandError(`${front}Data type has no element of that number in this table\n`)
  return { field, element }
}

/** A whole number as HAProxy reads it: of 64 bits, with a sign. */
export function wholeNumber(word: string | undefined): bigint | undefined {
  if (word === undefined || !/^[-+]?\d{1,19}$/.test(word)) return undefined
  const number = BigInt(word)
  return BigInt.asIntN(64, number) === number ? number : undefined
}

/** What the words ask for: all conditions have to hold. @throws {CommandError} that tells what is wrong with them */
export function readFilter(table: StickTable, words: readonly string[]): TableFilter {
  const filters: TableFilter[] = []
  for (let at = 0; at < words.length; at += 3) {
    if (filters.length === MOST) {
      throw new CommandError(
        `Detected extra data in filter, ${at + WORDS_BEFORE + 1}th word of input, after '${words[at - 1]}'\n`,
      )
    }
    filters.push(readCondition(table, words.slice(at, at + 3), `Filter entry #${filters.length + 1}: `))
  }
  return (row, now) => filters.every((filter) => filter(row, now))
}

function readCondition(table: StickTable, [word = '', operator = '', number]: string[], front: string): TableFilter {
  const { field, element } = storedField(table, word, front)
  const compare = operators.get(operator)
  if (compare === undefined) {
    throw new CommandError(`${front}Require and operator among "eq", "ne", "le", "ge", "lt", "gt"\n`)
  }
  const wanted = wholeNumber(number)
  if (wanted === undefined) throw new CommandError(`${front}Require a valid integer value to compare against\n`)
  const { kind } = table.fields[field]?.type ?? {}
  return (row, now) =>
    compare(kind === 'wide' ? table.readWide(row, field) : BigInt(table.read(row, field, now, element)), wanted)
}
