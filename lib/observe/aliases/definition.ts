/** How a log variable that tells of a transaction is declared: its list says what it is, and how it is read from the record. */
import type { Alias, AliasKind, AliasValue } from '../../match/alias.js'
import type { Context } from '../../match/context.js'
import type { TransactionRecord } from '../record.js'

/** The record of a transaction; of rules that are tried alone there is none. */
export const recordOf = (context: Context): TransactionRecord | undefined =>
  context.record as TransactionRecord | undefined

/** What most variables do not say. */
interface Traits {
  readonly http?: boolean
  readonly late?: boolean
  readonly growing?: boolean
}

/** A variable that may be asked of any context. */
export function alias(
  name: string,
  kind: AliasKind,
  summary: string,
  value: (context: Context) => AliasValue,
  { http = false, late = false, growing = false }: Traits = {},
): Alias {
  return { name, kind, summary, value, http, late, growing }
}

/** A variable that only the record knows. */
export function ofRecord(
  name: string,
  kind: AliasKind,
  summary: string,
  value: (record: TransactionRecord, context: Context) => AliasValue,
  traits?: Traits,
): Alias {
  const read = (context: Context): AliasValue => {
    const record = recordOf(context)
    return record === undefined ? undefined : value(record, context)
  }
  return alias(name, kind, summary, read, traits)
}
