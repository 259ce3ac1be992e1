/** Log variables of how it went: status, bytes, end, retries, queues, and how busy everything was. */
import type { Alias } from '../../match/alias.js'
import type { Context } from '../../match/context.js'
import { alias, ofRecord, recordOf } from './definition.js'

const LATE = { late: true }

/** As it was sent; before that, as the answer has it that is there or is being put together. */
function status(context: Context): number {
  const record = recordOf(context)
  if (record !== undefined && record.status !== 0) return record.status
  if (record?.mode === 'tcp') return 0
  return (context as Partial<Context>).response?.status ?? (context.answerStatus === 0 ? -1 : context.answerStatus)
}

export const countAliases: readonly Alias[] = [
  alias('ST', 'number', "the answer's status; -1 without one", status),
  ofRecord('B', 'number', 'bytes to the client', ({ bytesOut }) => bytesOut, { late: true, growing: true }),
  ofRecord('U', 'number', 'bytes from the client', ({ bytesIn }) => bytesIn, { late: true, growing: true }),
  ofRecord('ts', 'plain', 'who ended it, and where', ({ termination }) => termination, LATE),
  ofRecord(
    'tsc',
    'plain',
    'the same, and what cookies of persistence did',
    ({ termination, cookieFlags }) => `${termination}${cookieFlags}`,
    { http: true },
  ),
  ofRecord('ac', 'number', 'connections of the process', ({ load }) => load.process, LATE),
  ofRecord('fc', 'number', 'connections of the frontend', ({ load }) => load.frontend, LATE),
  ofRecord('bc', 'number', 'requests of the backend', ({ load }) => load.backend, LATE),
  ofRecord('sc', 'number', 'requests of the server', ({ load }) => load.server, LATE),
  ofRecord(
    'rc',
    'plain',
    'retries, with + before them after a redispatch',
    ({ retries, redispatched }) => (redispatched ? `+${retries}` : `${retries}`),
    LATE,
  ),
  ofRecord('sq', 'number', "its place in the server's queue", ({ serverQueue }) => serverQueue, LATE),
  ofRecord('bq', 'number', "its place in the backend's queue", ({ backendQueue }) => backendQueue, LATE),
  ofRecord('lc', 'hexable', 'lines that its frontend has logged before', ({ logNumber }) => logNumber),
  ofRecord('rt', 'hexable', 'counts the requests of the process', ({ number }) => number),
  ofRecord('ID', 'text', 'the unique id', (record, context) => context.uniqueId ?? record.uniqueId, LATE),
  alias('H', 'text', "the machine's name", ({ process }) => process?.hostname),
  alias('pid', 'hexable', 'the process id', ({ process }) => process?.pid),
]
