/** What shows, changes and clears stick tables. Manual of management, 9.3. */
import { setImmediate as turn } from 'node:timers/promises'
import type { StickTable } from '../../index.js'
import type { TableKey } from '../../table/key.js'
import { type Command, type CommandCall, CommandError, mayAt, type Stream } from '../command.js'
import { readFilter, storedField, type TableFilter, wholeNumber } from '../table-filter.js'
import { rowAt, tableHead, tableRow } from '../table-row.js'

/** Tables of more keys are shown as their rows lie, since ordering them would hold everything else up. */
const ORDERED = 10_000
/** Rows that are looked at before others have their turn. */
const SLICE = 500

const all: TableFilter = () => true

function tableOf({ balancer }: CommandCall, name: string): StickTable {
  const found = balancer.tables.find((table) => table.name === name)
  if (found === undefined) throw new CommandError('No such table\n')
  return found
}

const nowOf = ({ balancer }: CommandCall): number => balancer.engine.clock.now()

/** The key that a word means. @throws {CommandError} when it cannot be one */
function keyOf(table: StickTable, word: string | undefined): TableKey {
  if (word === undefined || word === '') throw new CommandError('Key value expected\n')
  const number = table.key === 'integer'
  if (number && !/^\d{1,10}$/.test(word)) throw new CommandError('Invalid key\n')
  const key = number && Number(word) >= 2 ** 32 ? undefined : table.keyOf(word)
  if (key === undefined) throw new CommandError('Invalid key\n')
  return key
}

/** The row that words behind a table's name mean by `key` or `ptr`; -1 when there is none, `undefined` when they mean none by either. */
function rowOf(table: StickTable, [what, word]: readonly string[], now: number): number | undefined {
  if (what === 'key') return table.find(keyOf(table, word), now)
  if (what !== 'ptr') return undefined
  if (word === undefined) throw new CommandError('Pointer value expected\n')
  return rowAt(table, word)
}

function showTable(call: CommandCall): Stream {
  const [name, ...rest] = call.args
  if (name === undefined) return [...call.balancer.tables].reverse().map(tableHead)
  const table = tableOf(call, name)
  const now = nowOf(call)
  if (!mayAt(call.level, 'operator')) {
    return [tableHead(table), '# contents not dumped due to insufficient privileges\n']
  }
  const row = rowOf(table, rest, now)
  if (row !== undefined) return row === -1 ? [] : [tableHead(table), tableRow(table, row, now)]
  if (rest[0] !== undefined && !rest[0].startsWith('data.')) {
    throw new CommandError(
      'Optional argument only supports "data.<store_data_type>" <operator> <value> and key <key>\n',
    )
  }
  return shown(call, table, readFilter(table, rest))
}

/** All that a filter lets through, as fast as it is read. */
async function* shown(call: CommandCall, table: StickTable, filter: TableFilter): AsyncIterable<string> {
  yield tableHead(table)
  for await (const rows of table.size <= ORDERED ? ordered(table) : slicesOf(table)) {
    const now = nowOf(call)
    // What was forgotten meanwhile has no generation any more.
    for (const row of rows) if (table.generation(row) !== 0 && filter(row, now)) yield tableRow(table, row, now)
  }
}

/** All rows that have a key, a few in a turn. */
async function* slicesOf(table: StickTable): AsyncGenerator<readonly number[], void> {
  for (let next = 0; next < table.rows.used; await turn()) {
    const end = Math.min(next + SLICE, table.rows.used)
    const rows: number[] = []
    for (; next < end; next++) if (table.generation(next) !== 0) rows.push(next)
    yield rows
  }
}

interface Keyed {
  readonly row: number
  /** The bytes as characters. */
  readonly key: string
}

/** By key, as HAProxy has them: slices in order, which are merged as they are read. */
async function* ordered(table: StickTable): AsyncGenerator<readonly number[], void> {
  const slices: Keyed[][] = []
  for await (const rows of slicesOf(table)) {
    const slice = rows.map((row) => ({ row, key: Buffer.from(table.keyBytes(row)).toString('latin1') }))
    // The last one comes first: it is taken from the end.
    slices.push(slice.sort((one, other) => (one.key < other.key ? 1 : -1)))
  }
  const first = (): number | undefined => {
    let least: Keyed[] = []
    for (const slice of slices) {
      const [own, other] = [slice.at(-1), least.at(-1)]
      if (own !== undefined && (other === undefined || own.key < other.key)) least = slice
    }
    return least.pop()?.row
  }
  for (let row = first(); row !== undefined; await turn()) {
    const rows: number[] = []
    for (; row !== undefined && rows.length < SLICE; row = first()) rows.push(row)
    yield rows
  }
}

const NEEDED_TO_SET = 'Required arguments: <table> key <key> [data.<store_data_type> <value>]*\n'

function setTable(call: CommandCall): string {
  const [name, what, ...rest] = call.args
  if (name === undefined) throw new CommandError(NEEDED_TO_SET)
  const table = tableOf(call, name)
  const now = nowOf(call)
  if (what === undefined) return ''
  if (what.startsWith('data.')) {
    throw new CommandError('content-based lookup is only supported with the "show" and "clear" actions\n')
  }
  if (what !== 'key' && what !== 'ptr') throw new CommandError(NEEDED_TO_SET)
  if (table.key === 'binary' && what === 'key') {
    throw new CommandError(
      'Inserting keys into tables of type other than ip, ipv6, string and integer is not supported\n',
    )
  }
  const [word, ...values] = rest
  const key = what === 'key' ? keyOf(table, word) : undefined
  // All of it is understood before anything is changed.
  const changes = readChanges(table, values)
  const row = key === undefined ? rowAt(table, word ?? '') : table.open(key, now)
  if (row === -1) throw new CommandError(key === undefined ? 'No such entry\n' : 'Unable to allocate a new entry\n')
  for (const { field, element, value } of changes) table.write(row, field, value, now, element)
  table.touch(row, now)
  return ''
}

interface Change {
  readonly field: number
  readonly element: number
  readonly value: bigint
}

function readChanges(table: StickTable, words: readonly string[]): Change[] {
  const changes: Change[] = []
  for (let at = 0; at < words.length; at += 2) {
    const [word = '', number] = words.slice(at, at + 2)
    if (!word.startsWith('data.')) throw new CommandError('"data.<type>" followed by a value expected\n')
    const { field, element } = storedField(table, word, '')
    if (table.fields[field]?.type.kind === 'text') throw new CommandError('Data type cannot be set to a number\n')
    const value = wholeNumber(number)
    if (value === undefined) throw new CommandError('Require a valid integer value to store\n')
    changes.push({ field, element, value })
  }
  return changes
}

const NEEDED_TO_CLEAR = 'Required arguments: <table> "data.<store_data_type>" <operator> <value> or <table> key <key>\n'

async function clearTable(call: CommandCall): Promise<string> {
  const [name, ...rest] = call.args
  if (name === undefined) throw new CommandError(NEEDED_TO_CLEAR)
  const table = tableOf(call, name)
  if (!mayAt(call.level, 'operator')) return ''
  const row = rowOf(table, rest, nowOf(call))
  if (row === -1) return ''
  if (row !== undefined) {
    if (!table.remove(row)) throw new CommandError('Entry currently in use, cannot remove\n')
    return ''
  }
  if (rest[0] !== undefined && !rest[0].startsWith('data.')) throw new CommandError(NEEDED_TO_CLEAR)
  const filter = rest.length === 0 ? all : readFilter(table, rest)
  for await (const rows of slicesOf(table)) {
    const now = nowOf(call)
    for (const each of rows) if (table.generation(each) !== 0 && filter(each, now)) table.remove(each)
  }
  return ''
}

export const tableCommands: readonly Command[] = [
  {
    words: ['show', 'table'],
    usage:
      "show table <table> [<filter>]*          : report table usage stats or dump this table's contents (filter: data/key)",
    level: 'user',
    run: showTable,
  },
  {
    words: ['set', 'table'],
    usage: "set table <table> key <k> [data.* <v>]* : update or create a table entry's data",
    level: 'operator',
    run: setTable,
  },
  {
    words: ['clear', 'table'],
    usage: 'clear table <table> [<filter>]*         : remove an entry from a table (filter: data/key)',
    level: 'user',
    run: clearTable,
  },
]
