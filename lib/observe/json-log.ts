/** A record as one line of JSON: `option httplog json`, which HAProxy does not have. */
import { jsonObject } from '../match/format-encoding.js'
import { dataTime, requestTime } from './aliases/timers.js'
import type { LogFormat } from './log-format.js'
import type { TransactionRecord } from './record.js'

type Entry = readonly [name: string, value: unknown]

/** -1 stands for what never was. */
const known = (value: number): number | null => (value < 0 ? null : Math.floor(value))

function request(record: TransactionRecord): readonly Entry[] {
  if (record.mode === 'tcp') return []
  const { method, target, version, status } = record
  return [
    ['method', method === '' ? null : method],
    ['target', method === '' ? null : target],
    ['version', method === '' ? null : version],
    ['status', status === 0 ? null : status],
  ]
}

function times(record: TransactionRecord): readonly Entry[] {
  const { timers } = record
  const http: readonly Entry[] = [
    ['idle_ms', known(timers.idle)],
    ['request_ms', known(timers.request)],
    ['until_request_ms', known(requestTime(record))],
    ['response_ms', known(timers.response)],
    ['active_ms', known(timers.active)],
  ]
  return [
    ...(record.mode === 'http' ? http : []),
    ['queue_ms', known(timers.queue)],
    ['connect_ms', known(timers.connect)],
    ['data_ms', known(dataTime(record))],
    ['total_ms', known(timers.total)],
  ]
}

function captures({ captures: found }: TransactionRecord): readonly Entry[] {
  if (found === undefined) return []
  const entries: Entry[] = []
  if (found.request.length > 0) entries.push(['request_captures', found.request.map((value) => value ?? null)])
  if (found.response.length > 0) entries.push(['response_captures', found.response.map((value) => value ?? null)])
  return entries
}

/** One object a line, with everything that the other formats tell. Names end with `_ms` where the value is milliseconds; what never was is `null`. */
export function jsonLog(): LogFormat {
  return (record) => {
    const { load } = record
    return jsonObject([
      ['time', new Date(record.startedAt).toISOString()],
      ['mode', record.mode],
      ['client', record.clientAddress],
      ['client_port', record.clientPort],
      ['frontend', record.frontend],
      ['backend', record.backend],
      ['server', record.server ?? null],
      ...request(record),
      ...times(record),
      ['bytes_in', record.bytesIn],
      ['bytes_out', record.bytesOut],
      ['termination', record.termination],
      ['code', record.code],
      ['retries', record.retries],
      ['redispatched', record.redispatched],
      ['server_queue', record.serverQueue],
      ['backend_queue', record.backendQueue],
      ['process_connections', load.process],
      ['frontend_connections', load.frontend],
      ['backend_connections', load.backend],
      ['server_connections', load.server],
      ['reused', record.reused],
      ['unique_id', record.uniqueId ?? null],
      ...captures(record),
    ])
  }
}
