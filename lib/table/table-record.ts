/** What a stick table remembers of one key, as plain data. */
import type { StickTable } from './stick-table.js'

/** What a table remembers of one key, as plain data. */
export interface TableRecord<F extends string> {
  readonly key: string
  /** Milliseconds until it is forgotten; Infinity when never. */
  readonly expiresIn: number
  /** How many connections and requests track it now. */
  readonly users: number
  /** Of arrays, the first element; of texts, 0. */
  readonly values: Readonly<Record<F, number>>
  /** All elements of arrays, where the table stores any. */
  readonly arrays?: Readonly<Partial<Record<F, readonly number[]>>>
  /** Names or addresses of servers, where the table stores any and the key has one. */
  readonly texts?: Readonly<Partial<Record<F, string>>>
}

/** One entry. */
export function tableRecord<F extends string>(table: StickTable<F>, row: number, now: number): TableRecord<F> {
  const values = Object.create(null) as Record<F, number>
  table.names.forEach((name, index) => {
    values[name] = table.read(row, index, now)
  })
  return {
    key: table.keyText(row),
    expiresIn: table.expiresIn(row, now),
    users: table.users(row),
    values,
    ...beside(table, row, now),
  }
}

/** What one number does not say. */
function beside<F extends string>(
  table: StickTable<F>,
  row: number,
  now: number,
): Pick<TableRecord<F>, 'arrays' | 'texts'> {
  let arrays: Record<F, readonly number[]> | undefined
  let texts: Record<F, string> | undefined
  table.fields.forEach(({ type, length }, index) => {
    const name = table.names[index] as F
    if (type.array) {
      arrays ??= Object.create(null) as Record<F, readonly number[]>
      arrays[name] = Array.from({ length }, (_, element) => table.read(row, index, now, element))
    }
    const text = type.kind === 'text' ? table.readText(row, index) : undefined
    if (text === undefined) return
    texts ??= Object.create(null) as Record<F, string>
    texts[name] = text
  })
  return { ...(arrays && { arrays }), ...(texts && { texts }) }
}
