/** `stick-table` lines → tables. */
import { StickTable } from '../index.js'
import { fieldOf } from '../table/field.js'
import type { KeyType } from '../table/key.js'
import type { TableDraft } from './proxy-draft.js'

/** The table of a line; the line has been checked. */
export function makeTable(name: string, draft: TableDraft): StickTable {
  return new StickTable(name, {
    // HAProxy's `ip` is IPv4.
    key: draft.type === 'ip' ? 'ipv4' : (draft.type as KeyType),
    size: draft.size,
    ...(draft.length === undefined ? {} : { keyLength: draft.length }),
    ...(draft.expire === undefined ? {} : { expire: draft.expire }),
    store: Object.fromEntries(
      draft.store.map(({ name: word, period }) => [word, fieldOf(word, period === undefined ? {} : { period })]),
    ),
  })
}
