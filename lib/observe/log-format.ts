/**
 * A record → the text of a log line, as HAProxy's `option httplog`, `option tcplog` and the format without either print it.
 * Manual, chapters 8.2.1 to 8.2.3. Formats of one's own are made in `custom-log.ts`; what is put around the text (time, tag, priority) is in
 * `syslog.ts`.
 */
import type { Captures, Context } from '../match/context.js'
import { datePrinter } from './dates.js'
import { escapeCapture, escapeLog } from './log-escape.js'
import { acceptedAt, type TransactionRecord } from './record.js'

/**
 * Makes the text of a line; `undefined` stands for no line at all. Your own function may print anything, as in `(record) => JSON.stringify(record)`.
 * The context is there for lines of the engine; whoever has only a record may leave it away.
 */
export type LogFormat = (record: TransactionRecord, context?: Context) => string | undefined

/** How lines are made that are written before the end. */
export interface LogFormatOptions {
  /** Bytes and total times get a `+` before them, since they go on growing. Default false. Manual, `option logasap`. */
  readonly early?: boolean
}

/** Whole milliseconds; -1 stays what it is. */
const ms = Math.floor

/** `address:port`; of a client of a unix socket nothing is known but where it came in. */
function client({ clientAddress, clientPort }: TransactionRecord): string {
  const unix = clientAddress === '' || clientAddress.startsWith('/')
  return unix ? `unix:${clientPort}` : `${clientAddress}:${clientPort}`
}

/** `1/1/0/0/+2 0/0`: how busy each part was, retries (`+`: another server was taken at last), and the places in the queues. */
function busy({ load, redispatched, retries, serverQueue, backendQueue }: TransactionRecord): string {
  const counts = `${load.process}/${load.frontend}/${load.backend}/${load.server}`
  return `${counts}/${redispatched ? '+' : ''}${retries} ${serverQueue}/${backendQueue}`
}

/** `frontend backend/server`, with `~` behind a frontend that was reached over TLS. */
function places({ frontend, tls, backend, server }: TransactionRecord): string {
  return `${frontend}${tls ? '~' : ''} ${backend}/${server ?? '<NOSRV>'}`
}

function requestLine({ method, target, version }: TransactionRecord): string {
  if (method === '') return '<BADREQ>'
  return escapeLog(version === '' ? `${method} ${target}` : `${method} ${target} ${version}`)
}

const block = (values: Captures['request']): string =>
  values.length === 0 ? '' : `{${values.map((value) => escapeCapture(value ?? '')).join('|')}} `

/** `{a|b} {c} `, as far as anything is captured. */
function captured(captures: Captures | undefined): string {
  return captures === undefined ? '' : block(captures.request) + block(captures.response)
}

/** `option httplog`. A request that could not be understood shows as `<BADREQ>`. Manual, chapter 8.2.3. */
export function httpLog({ early = false }: LogFormatOptions = {}): LogFormat {
  const date = datePrinter()
  const plus = early ? '+' : ''
  return (record) => {
    const { timers, captures } = record
    const times = `${ms(timers.request)}/${ms(timers.queue)}/${ms(timers.connect)}/${ms(timers.response)}/${plus}${ms(timers.active)}`
    const cookies = `${captures?.requestCookie ?? '-'} ${captures?.responseCookie ?? '-'}`
    const result = `${record.status === 0 ? -1 : record.status} ${plus}${record.bytesOut} ${cookies} ${record.termination}${record.cookieFlags}`
    return `${client(record)} [${date(record.startedAt)}] ${places(record)} ${times} ${result} ${busy(record)} ${captured(captures)}"${requestLine(record)}"`
  }
}

/** `option tcplog`. Manual, chapter 8.2.2. */
export function tcpLog({ early = false }: LogFormatOptions = {}): LogFormat {
  const date = datePrinter()
  const plus = early ? '+' : ''
  return (record) => {
    const { timers } = record
    const times = `${ms(timers.queue)}/${ms(timers.connect)}/${plus}${ms(timers.total)}`
    const result = `${plus}${record.bytesOut} ${record.termination}`
    return `${client(record)} [${date(acceptedAt(record))}] ${places(record)} ${times} ${result} ${busy(record)}`
  }
}

/**
 * What HAProxy prints without `option httplog` or `option tcplog`: who connected to what. An HTTP request that could not be understood leaves no
 * line, as there. Manual, chapter 8.2.1.
 */
export function connectionLog(): LogFormat {
  return (record) => {
    const { mode, method, frontend, destinationAddress, destinationPort } = record
    if (mode === 'http' && method === '') return undefined
    const unix = destinationAddress === '' || destinationAddress.startsWith('/')
    const to = unix ? `unix:${destinationPort}` : `${destinationAddress}:${destinationPort}`
    return `Connect from ${client(record)} to ${to} (${frontend}/${mode === 'http' ? 'HTTP' : 'TCP'})`
  }
}

/** {@link httpLog} for HTTP, {@link tcpLog} for TCP: what loggers print when nothing else is asked for. */
export function modeLog(options?: LogFormatOptions): LogFormat {
  const http = httpLog(options)
  const tcp = tcpLog(options)
  return (record) => (record.mode === 'http' ? http(record) : tcp(record))
}
