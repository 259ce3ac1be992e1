/** The request line of log lines, cut where it is too long: HAProxy's `tune.http.logurilen`. */
import type { LogFormat } from './log-format.js'
import type { TransactionRecord } from './record.js'

/** The same format, to which a longer line than this seems to end there: with it go the version, and what of the target is behind. */
export function cutRequestLine(format: LogFormat, length: number): LogFormat {
  return (record, context) => {
    if (!isLonger(record, length)) return format(record, context)
    const shown = cut(record, length)
    if (context === undefined) return format(shown)
    // What formats ask, they ask of the context.
    const { record: whole } = context
    context.record = shown
    try {
      return format(shown, context)
    } finally {
      context.record = whole
    }
  }
}

const isLonger = ({ method, target, version }: TransactionRecord, length: number): boolean =>
  method.length + target.length + version.length + 2 > length

/** The record as it would be of such a line; it goes on as the record itself does. */
function cut(record: TransactionRecord, length: number): TransactionRecord {
  const line = `${record.method} ${record.target} ${record.version}`.slice(0, length)
  const [method = '', target = '', version = ''] = line.split(' ')
  return Object.create(record, {
    method: { value: method, enumerable: true },
    target: { value: target, enumerable: true },
    version: { value: version, enumerable: true },
  }) as TransactionRecord
}
