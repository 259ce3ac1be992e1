/** An entry of a stick table as `show table` prints it. Manual of management, 9.3. */
import type { StickTable } from '../index.js'

/** Rows have no address in memory; this is what `ptr` knows them by. */
const FIRST_POINTER = 0x100_0000
const STEP = 0x40

/** What stands for a row where HAProxy shows an address. */
export const pointerOf = (row: number): string => `0x${(FIRST_POINTER + row * STEP).toString(16)}`

/** The row that such an address stands for; -1 when it is none. */
export function rowAt(table: StickTable, pointer: string): number {
  if (!/^0x[0-9a-f]{1,12}$/i.test(pointer)) return -1
  const row = (Number(pointer) - FIRST_POINTER) / STEP
  return Number.isInteger(row) && row >= 0 && table.nextRow(row - 1) === row ? row : -1
}

const types: Readonly<Record<StickTable['key'], string>> = {
  ip: 'ip',
  ipv4: 'ip',
  ipv6: 'ipv6',
  integer: 'integer',
  string: 'string',
  binary: 'binary',
}

/** The line that a table's contents stand under. */
export const tableHead = ({ name, key, capacity, size }: StickTable): string =>
  `# table: ${name}, type: ${types[key]}, size:${capacity}, used:${size}\n`

const escapes: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\x1b': '\\e' }

/** Text in which nothing can be taken for the end of a word. */
function escaped(text: string): string {
  return text.replace(/[\\ =\x00-\x1f\x7f-\xff]/g, (character) => {
    if (character === '\\' || character === ' ' || character === '=') return `\\${character}`
    return escapes[character] ?? `\\x${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  })
}

/** One entry, with all that is stored of it in the order of the types' numbers. */
export function tableRow(table: StickTable, row: number, now: number): string {
  const key = table.key === 'string' ? escaped(table.keyText(row)) : table.keyText(row)
  const left = table.expiresIn(row, now)
  const expires = left === Number.POSITIVE_INFINITY ? 0 : Math.max(0, Math.round(left))
  const values = [...table.fields.keys()]
    .sort((one, other) => (table.fields[one]?.type.number ?? 0) - (table.fields[other]?.type.number ?? 0))
    .map((field) => fieldText(table, row, field, now))
  return `${pointerOf(row)}: key=${key} use=${table.users(row)} exp=${expires}${values.join('')}\n`
}

function fieldText(table: StickTable, row: number, field: number, now: number): string {
  const stored = table.fields[field]
  if (stored === undefined) return ''
  const { type, period, length } = stored
  const suffix = type.kind === 'rate' ? `(${period})` : ''
  if (!type.array) return ` ${type.name}${suffix}=${valueText(table, row, field, now, 0)}`
  // The number of an element stands behind the first word of the type's name.
  const [word = '', ...rest] = type.name.split('_')
  let text = ''
  for (let index = 0; index < length; index++) {
    text += ` ${[`${word}${index}`, ...rest].join('_')}${suffix}=${valueText(table, row, field, now, index)}`
  }
  return text
}

function valueText(table: StickTable, row: number, field: number, now: number, index: number): string {
  const kind = table.fields[field]?.type.kind
  if (kind === 'text') return table.readText(row, field) ?? '-'
  return String(kind === 'wide' ? table.readWide(row, field) : table.read(row, field, now, index))
}
