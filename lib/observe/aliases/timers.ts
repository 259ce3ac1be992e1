/** Log variables of how long each stage took, in milliseconds. Manual, chapter 8.4. */
import type { Alias } from '../../match/alias.js'
import type { Timers, TransactionRecord } from '../record.js'
import { ofRecord } from './definition.js'

type Reader = (record: TransactionRecord) => number

const LATE = { late: true }
const HTTP = { late: true, http: true }

/** Whole milliseconds; -1 stays what it is. */
const ms = Math.floor
const of =
  (name: keyof Timers): Reader =>
  ({ timers }) =>
    ms(timers[name])

/** Handshakes, idle time and the request: -1 when the request never came. */
export const requestTime: Reader = ({ timers }) =>
  timers.request < 0 ? -1 : ms(timers.handshake + Math.max(timers.idle, 0) + timers.request)

/** What is left of the total for the data. */
export const dataTime: Reader = ({ mode, timers }) => {
  const { connect, response, queue, total } = timers
  if (mode === 'tcp') return connect < 0 ? -1 : ms(total - Math.max(queue, 0) - connect)
  if (response < 0) return -1
  const before = timers.handshake + Math.max(timers.idle, 0) + Math.max(timers.request, 0)
  return Math.max(ms(total - before - Math.max(queue, 0) - Math.max(connect, 0) - response), 0)
}

/** As the client has felt it: without the time in which it said nothing. */
export const userTime: Reader = ({ timers }) => ms(timers.total - Math.max(timers.idle, 0))

export const timerAliases: readonly Alias[] = [
  ofRecord('Th', 'number', 'handshakes before the first request', of('handshake'), LATE),
  ofRecord('Ti', 'number', 'idle before the first byte of the request', of('idle'), HTTP),
  ofRecord('TR', 'number', 'from the first byte of the request to the end of its head', of('request'), HTTP),
  ofRecord('Tq', 'number', 'Th + Ti + TR', requestTime, HTTP),
  ofRecord('Tw', 'number', 'waiting in queues', of('queue'), LATE),
  ofRecord('Tc', 'number', 'connecting to the server, retries included', of('connect'), LATE),
  ofRecord('Tr', 'number', "waiting for the head of the server's response", of('response'), HTTP),
  ofRecord('Td', 'number', 'the data: what is left of Tt', dataTime, LATE),
  ofRecord('Ta', 'number', 'from the first byte of the request to the end', of('active'), { ...HTTP, growing: true }),
  ofRecord('Tt', 'number', 'from the acceptance to the end', of('total'), { ...LATE, growing: true }),
  ofRecord('Tu', 'number', 'Tt without Ti', userTime, { ...LATE, growing: true }),
]
