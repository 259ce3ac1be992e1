/** `stick-table` and `table` lines → tables. */
import { OptionError, StickTable } from '../index.js'
import { fieldOf } from '../table/field.js'
import type { KeyType } from '../table/key.js'
import { didYouMean } from './advice.js'
import type { Diagnostics } from './diagnostic.js'
import type { TableDraft } from './proxy-draft.js'

/** The table of a line, which has been read without fault. */
export function makeTable(name: string, draft: TableDraft): StickTable {
  const { type, length, size, expire, noPurge, serverKey, bytesFactor, receiveOnly } = draft
  return new StickTable(name, {
    // HAProxy's `ip` is IPv4.
    key: type === 'ip' ? 'ipv4' : (type as KeyType),
    keyLength: length,
    size,
    expire: expire === 0 ? undefined : expire,
    noPurge,
    serverKey,
    bytesFactor,
    receiveOnly,
    store: Object.fromEntries(draft.store.map(({ name: word, ...options }) => [word, fieldOf(word, options)])),
  })
}

/** Has a table write to the one that its line names, once all tables are there. */
export function linkWriteTo(
  table: StickTable,
  draft: TableDraft,
  tables: ReadonlyMap<string, StickTable>,
  diagnostics: Diagnostics,
): void {
  if (draft.writeTo === undefined) return
  const target = tables.get(draft.writeTo)
  if (target === undefined) {
    const advice = didYouMean(draft.writeTo, tables.keys()) ?? "declare it with a 'stick-table' line in that section"
    diagnostics.alert(draft, `table '${table.name}': unable to find table '${draft.writeTo}' of 'write-to'.`, advice)
    return
  }
  try {
    table.copyTo(target)
  } catch (error) {
    if (!(error instanceof OptionError)) throw error
    diagnostics.alert(draft, `table '${table.name}': ${error.message.replace(/^.*option '\w+': /, '')}.`)
  }
}
