/** Questions about how a transaction has gone so far: how long its stages took, how much was moved, how it ends. Its record knows. */
import type { Integer } from '../../base/int64.js'
import type { Context } from '../../match/context.js'
import { defineFetch, type FetchDefinition } from '../../match/fetch.js'
import { clientPhases } from '../../match/fetches/phases.js'
import { inUnit } from '../../match/fetches/time.js'
import { FlagSample } from '../../match/flag-sample.js'
import { NumberSample } from '../../match/number-sample.js'
import type { ClientPhase, Phase } from '../../match/phase.js'
import type { Sample } from '../../match/sample.js'
import { TextSample } from '../../match/text-sample.js'
import { dataTime, requestTime, userTime } from '../aliases/timers.js'
import { acceptedAt, type TransactionRecord } from '../record.js'

/** The record, with its times and counts brought up to date. */
function recordOf(context: Context): TransactionRecord | undefined {
  if (context.record === undefined) return undefined
  context.bodies?.measure?.()
  return context.record as TransactionRecord
}

function number(
  name: string,
  read: (record: TransactionRecord, context: Context) => Integer | undefined,
): NumberSample<ClientPhase> {
  return new NumberSample<ClientPhase>({
    name,
    type: 'int',
    phases: clientPhases,
    ask: (context) => {
      const record = recordOf(context)
      return record === undefined ? undefined : read(record, context)
    },
  })
}

const timer = (name: string, read: (record: TransactionRecord) => number): NumberSample<ClientPhase> =>
  number(name, (record) => Math.floor(read(record)))

/** Milliseconds of handshakes before the first request. HAProxy: `fc.timer.handshake`. */
export const handshakeTime: NumberSample<ClientPhase> = timer('fc.timer.handshake', ({ timers }) => timers.handshake)
/** Milliseconds since the connection was accepted, or since the answer before this one. HAProxy: `fc.timer.total`. */
export const totalTime: NumberSample<ClientPhase> = timer('fc.timer.total', ({ timers }) => timers.total)
/** Milliseconds in which the client sent nothing before its request. HAProxy: `req.timer.idle`. */
export const idleTime: NumberSample<ClientPhase> = timer('req.timer.idle', ({ timers }) => timers.idle)
/** Milliseconds that the head of the request took to come. HAProxy: `req.timer.hdr`. */
export const requestHeadTime: NumberSample<ClientPhase> = timer('req.timer.hdr', ({ timers }) => timers.request)
/** Handshakes, silence and the request's head together. HAProxy: `req.timer.tq`. */
export const requestWholeTime: NumberSample<ClientPhase> = timer('req.timer.tq', requestTime)
/** Milliseconds in queues; -1 before it got there. HAProxy: `req.timer.queue`. */
export const queueTime: NumberSample<ClientPhase> = timer('req.timer.queue', ({ timers }) => timers.queue)
/** Milliseconds that the server connection took; -1 without one. HAProxy: `bc.timer.connect`. */
export const connectTime: NumberSample<ClientPhase> = timer('bc.timer.connect', ({ timers }) => timers.connect)
/** Milliseconds that the server took to answer; -1 without an answer. HAProxy: `res.timer.hdr`. */
export const responseTime: NumberSample<ClientPhase> = timer('res.timer.hdr', ({ timers }) => timers.response)
/** Milliseconds that the response's data took. HAProxy: `res.timer.data`. */
export const responseDataTime: NumberSample<ClientPhase> = timer('res.timer.data', dataTime)
/** Milliseconds since the request's first byte. HAProxy: `txn.timer.total`. */
export const activeTime: NumberSample<ClientPhase> = timer('txn.timer.total', ({ timers }) => timers.active)
/** Milliseconds as the client has felt them. HAProxy: `txn.timer.user`. */
export const userFeltTime: NumberSample<ClientPhase> = timer('txn.timer.user', userTime)

/** Bytes that the client has sent, head included. HAProxy: `req.bytes_in`. */
export const bytesIn: NumberSample<ClientPhase> = number('req.bytes_in', (record) => record.bytesIn)
/** Bytes that the client was sent, head included. HAProxy: `res.bytes_in`, nearly: what rules add is counted here. */
export const bytesOut: NumberSample<ClientPhase> = number('res.bytes_in', (record) => record.bytesOut)

const late: ReadonlySet<string> = new Set(
  [totalTime, responseDataTime, activeTime, userFeltTime, bytesIn, bytesOut].map(({ name }) => name),
)

/** It tells something that only the end of a transaction makes whole, be it converted or not. */
export const isToldAtTheEnd = ({ name }: Sample<unknown, never>): boolean => late.has(name.split(',', 1)[0] ?? '')

/** How often a server connection was tried again. HAProxy: `txn.conn_retries`. */
export const connectionRetries: NumberSample<ClientPhase> = number('txn.conn_retries', ({ retries }) => retries)
/** How many had their turn in the backend's queue before it. HAProxy: `bc_be_queue`. */
export const backendQueuePlace: NumberSample<ClientPhase> = number('bc_be_queue', ({ backendQueue }) => backendQueue)
/** How many had their turn in the server's queue before it. HAProxy: `bc_srv_queue`. */
export const serverQueuePlace: NumberSample<ClientPhase> = number('bc_srv_queue', ({ serverQueue }) => serverQueue)
/** Counts the transactions of the process, in 32 bits. HAProxy: `txn.id32`. */
export const transactionNumber: NumberSample<ClientPhase> = number('txn.id32', (record) => record.number % 2 ** 32)

/** The status that the client gets, as logs show it; absent before there is one. HAProxy: `txn.status`. */
export const transactionStatus: NumberSample<ClientPhase> = number('txn.status', (record, { response }) => {
  if (record.status !== 0) return record.status
  return (response as unknown) === undefined ? undefined : response.status
})

/** The status that the server gave, whatever rules made of it; absent when none answered. HAProxy: `server_status`. */
export const serverStatus: NumberSample<ClientPhase> = new NumberSample<ClientPhase>({
  name: 'server_status',
  type: 'int',
  phases: clientPhases,
  ask: (context) => context.serverStatus,
})

/** It went to another server than the one that was tried first. HAProxy: `txn.redispatched`. */
export const wasRedispatched: FlagSample<ClientPhase> = new FlagSample<ClientPhase>({
  name: 'txn.redispatched',
  type: 'bool',
  phases: clientPhases,
  ask: (context) => recordOf(context)?.redispatched,
})

/** The server connection had served another request before. HAProxy: `bc_reused`. */
export const connectionReused: FlagSample<ClientPhase> = new FlagSample<ClientPhase>({
  name: 'bc_reused',
  type: 'bool',
  phases: clientPhases,
  ask: (context) => recordOf(context)?.reused,
})

/** The two letters of how it ended, `--` until it has. HAProxy: `txn.sess_term_state`. */
export const terminationState: TextSample<ClientPhase> = new TextSample<ClientPhase>({
  name: 'txn.sess_term_state',
  type: 'str',
  phases: clientPhases,
  ask: (context) => recordOf(context)?.termination,
})

/** When the connection was accepted, since 1970. HAProxy: `accept_date([unit])`. */
export function acceptDate(unit: 's' | 'ms' | 'us' = 's'): NumberSample<ClientPhase> {
  return moment('accept_date', unit, acceptedAt)
}

/** When the request's first byte came, since 1970. HAProxy: `request_date([unit])`. */
export function requestDate(unit: 's' | 'ms' | 'us' = 's'): NumberSample<ClientPhase> {
  return moment('request_date', unit, ({ startedAt }) => startedAt)
}

function moment(
  name: string,
  unit: 's' | 'ms' | 'us',
  read: (record: TransactionRecord) => number,
): NumberSample<ClientPhase> {
  return number(unit === 's' ? name : `${name}(${unit})`, (record) => inUnit(read(record), unit))
}

const responding: readonly Phase[] = ['responseContent', 'response', 'afterResponse', 'log']

const always = [
  handshakeTime,
  totalTime,
  idleTime,
  requestHeadTime,
  requestWholeTime,
  queueTime,
  responseDataTime,
  activeTime,
  userFeltTime,
  transactionNumber,
  transactionStatus,
  terminationState,
  connectionRetries,
  wasRedispatched,
] as const

const afterwards = [
  connectTime,
  responseTime,
  backendQueuePlace,
  serverQueuePlace,
  serverStatus,
  connectionReused,
] as const

const unit = [{ name: 'unit', type: 'enum', optional: true, oneOf: ['s', 'ms', 'us'] }] as const
type Unit = 's' | 'ms' | 'us' | undefined

/** The words of haproxy.cfg for these. */
export const transactionFetches: readonly FetchDefinition[] = [
  ...always.map((sample) => defineFetch({ ...sample, make: () => sample })),
  ...afterwards.map((sample) => defineFetch({ ...sample, strictPhases: responding, make: () => sample })),
  defineFetch({ ...bytesIn, aliases: ['bytes_in', 'req.bytes_out'], make: () => bytesIn }),
  defineFetch({ ...bytesOut, aliases: ['bytes_out', 'res.bytes_out'], strictPhases: responding, make: () => bytesOut }),
  defineFetch({
    name: 'accept_date',
    type: 'int',
    phases: clientPhases,
    arguments: unit,
    make: ([given]) => acceptDate(given as Unit),
  }),
  defineFetch({
    name: 'request_date',
    type: 'int',
    phases: clientPhases,
    arguments: unit,
    make: ([given]) => requestDate(given as Unit),
  }),
]
