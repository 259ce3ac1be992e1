/**
 * A record → the text of a log line, as HAProxy's `option httplog`, `option tcplog` and the format without either print it.
 * Manual, chapters 8.2.1 to 8.2.3 and 8.6. What is put around the text (time, tag, priority) is in `syslog.ts`.
 */
import type { TransactionRecord } from './record.js'

/** Makes the text of a line; `undefined` stands for no line at all. Your own function may print anything, as in `(record) => JSON.stringify(record)`. */
export type LogFormat = (record: TransactionRecord) => string | undefined

const months: readonly string[] = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`)

/** `Nov`, for the month that a `Date` calls 10. */
export const monthName = (date: Date): string => months[date.getMonth()] as string

/**
 * Writes moments as `21/Nov/2026:04:32:55.733` in local time. The part before the dot is kept for the second that it is good for, because most
 * lines share it with the line before.
 */
function datePrinter(): (wall: number) => string {
  let second = Number.NaN
  let text = ''
  return (wall) => {
    const whole = Math.floor(wall / 1000)
    if (whole !== second) {
      const date = new Date(whole * 1000)
      const day = `${two(date.getDate())}/${monthName(date)}/${date.getFullYear()}`
      text = `${day}:${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.`
      second = whole
    }
    const rest = Math.floor(wall) - whole * 1000
    return rest < 10 ? `${text}00${rest}` : rest < 100 ? `${text}0${rest}` : text + rest
  }
}

const QUOTE = 34
const HASH = 35

/** HAProxy's escape: `#` and two hex digits for what is not printable, for `"` and for `#` itself. Manual, chapter 8.6. */
export function escapeLog(text: string): string {
  for (let index = 0; index < text.length; index++) {
    if (mustEscape(text.charCodeAt(index))) return escapeFrom(text, index)
  }
  return text
}

const mustEscape = (code: number): boolean => code < 32 || code > 126 || code === QUOTE || code === HASH

function escapeFrom(text: string, start: number): string {
  let escaped = text.slice(0, start)
  for (let index = start; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (mustEscape(code)) escaped += `#${(code & 0xff).toString(16).toUpperCase().padStart(2, '0')}`
    else escaped += text[index]
  }
  return escaped
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

/** `option httplog`. A request that could not be understood shows as `<BADREQ>`. Manual, chapter 8.2.3. */
export function httpLog(): LogFormat {
  const date = datePrinter()
  return (record) => {
    const { timers } = record
    const times = `${ms(timers.request)}/${ms(timers.queue)}/${ms(timers.connect)}/${ms(timers.response)}/${ms(timers.active)}`
    const result = `${record.status === 0 ? -1 : record.status} ${record.bytesOut} - - ${record.termination}--`
    return `${client(record)} [${date(record.startedAt)}] ${places(record)} ${times} ${result} ${busy(record)} "${requestLine(record)}"`
  }
}

/** `option tcplog`. Manual, chapter 8.2.2. */
export function tcpLog(): LogFormat {
  const date = datePrinter()
  return (record) => {
    const { timers } = record
    const times = `${ms(timers.queue)}/${ms(timers.connect)}/${ms(timers.total)}`
    const result = `${record.bytesOut} ${record.termination}`
    return `${client(record)} [${date(record.startedAt)}] ${places(record)} ${times} ${result} ${busy(record)}`
  }
}

/**
 * What HAProxy prints without `option httplog` or `option tcplog`: who connected to what. An HTTP request that could not be understood leaves no
 * line, as there. The line comes at the end of the transaction; HAProxy writes it at its beginning. Manual, chapter 8.2.1.
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
export function modeLog(): LogFormat {
  const http = httpLog()
  const tcp = tcpLog()
  return (record) => (record.mode === 'http' ? http(record) : tcp(record))
}
