/** Those who are connected, in HAProxy's words (`show sess`). What it tells of its own buffers, flags and tasks is 0 here. */
import type { Transaction } from '../engine/transaction.js'
import { type SessionView, SIDES } from './session-view.js'
import { shortTime } from './short-time.js'

/** What is looked at, and when. */
export interface Moment {
  /** By the engine's clock. */
  readonly now: number
  /** By the calendar. */
  readonly wall: number
}

const pointer = (id: number): string => `0x${id.toString(16)}`

const left = (time: number, never = ''): string => (time === Number.POSITIVE_INFINITY ? never : shortTime(time))

const firstOf = ({ clientLeft, serverLeft, rulesLeft, connectLeft }: SessionView): number =>
  Math.min(clientLeft, serverLeft, rulesLeft, connectLeft)

/** One line. */
export function sessionLine(one: SessionView, { now }: Moment): string {
  const { id, protocol, source, frontend, backend, server, side, retries } = one
  return (
    `${pointer(id)}: proto=${protocol} src=${source} fe=${frontend} be=${backend} srv=${server} ts=00 epoch=0` +
    ` age=${shortTime(now - one.began)} calls=0 rate=0 cpu=0 lat=0` +
    ` rq[f=000000h,i=0,an=00h,rx=${left(one.clientLeft)},wx=,ax=${left(one.rulesLeft)}]` +
    ` rp[f=000000h,i=0,an=00h,rx=${left(one.serverLeft)},wx=,ax=]` +
    ` scf=[${SIDES.EST},0h,fd=-1] scb=[${SIDES[side]},0h,fd=-1]` +
    ` exp=${left(firstOf(one))} rc=${retries} c_exp=${left(one.connectLeft)}\n`
  )
}

/** Several lines. */
export function sessionDetails(one: SessionView, { now, wall }: Moment): string {
  const { id, began, protocol, source, retries, transaction, side } = one
  const self = pointer(id)
  const server = transaction?.server
  const taken = server === undefined ? '(nil)' : pointer(server.id)
  const bytes = bytesOf(transaction)
  const queued = side === 'QUE' ? self : '(nil)'
  return [
    `${self}: [${dateText(wall - (now - began))}] id=${id - 1} proto=${protocol} source=${source}`,
    `  flags=0x0, conn_retries=${retries}, conn_exp=${left(one.connectLeft, NEVER)} conn_et=0x000 srv_conn=${taken}, pend_pos=${queued} waiting=0 epoch=0`,
    ...places(one),
    `  task=${self} (state=0x00 nice=0 calls=0 rate=0 exp=${left(firstOf(one), NEVER)} tmask=0x1 age=${shortTime(now - began)})`,
    ...(transaction?.record.mode === 'http' ? [messages(transaction, self)] : []),
    `  scf=${self} flags=0x00000000 state=EST`,
    `  scb=${self} flags=0x00000000 state=${side}`,
    ...channel('req', self, bytes.received, one.rulesLeft, one.clientLeft),
    ...channel('res', self, bytes.sent, Number.POSITIVE_INFINITY, one.serverLeft),
    '',
  ].join('\n')
}

const NEVER = '<NEVER>'

/** Where it came from, and where it goes. */
function places({ backend: name, destination, listener, side, transaction }: SessionView): string[] {
  if (transaction === undefined)
    return [
      `  frontend=GLOBAL (id=0 mode=tcp), listener=? (id=${listener}) addr=${destination}`,
      '  backend=<NONE> (id=-1 mode=-)',
      '  server=<NONE> (id=-1)',
    ]
  const { context, frontend, server } = transaction
  const backend = transaction.backend ?? (name === frontend.name ? frontend : undefined)
  const upstream = side === 'CON' || side === 'EST' ? context.upstream : undefined
  const ours = upstream?.localAddress === undefined ? '' : ` addr=${upstream.localAddress}:${upstream.localPort ?? 0}`
  const where = side === 'CON' || side === 'EST' ? ` addr=${server?.address}` : ''
  const none = backend === undefined ? '<NONE> (id=-1)' : '<none> (id=0)'
  return [
    `  frontend=${frontend.name} (id=${frontend.id} mode=${frontend.mode}), listener=${context.session.listener?.name ?? '?'} (id=${listener}) addr=${destination}`,
    backend === undefined
      ? '  backend=<NONE> (id=-1 mode=-)'
      : `  backend=${backend.name} (id=${backend.id} mode=${backend.mode})${ours}`,
    `  server=${server === undefined ? none : `${server.name} (id=${server.id})${where}`}`,
  ]
}

const METHODS = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT']

function messages({ exchange, record, stage, tunnel }: Transaction, self: string): string {
  const method = METHODS.indexOf(record.method)
  const more = stage === 'body' ? 'MSG_DATA' : stage === 'request' ? 'MSG_BODY' : 'MSG_DONE'
  const answering = stage === 'data' ? 'MSG_DATA' : 'MSG_RPBEFORE'
  const bodiless = stage !== 'request' && exchange?.bodyLength === 0
  const request = tunnel !== undefined ? 'MSG_TUNNEL' : bodiless ? 'MSG_DONE' : more
  const response = tunnel !== undefined ? 'MSG_TUNNEL' : answering
  const status = record.status === 0 ? -1 : record.status
  return `  txn=${self} flags=0x0 meth=${method === -1 ? METHODS.length : method} status=${status} req.st=${request} rsp.st=${response} req.f=0x00 rsp.f=0x00`
}

/** What its client has sent so far, and got. */
function bytesOf(transaction: Transaction | undefined): { readonly received: number; readonly sent: number } {
  const { received, sent } = transaction?.counts?.() ?? { received: 0, sent: 0 }
  const { fromClient, fromServer } = transaction?.tunnel ?? { fromClient: 0, fromServer: 0 }
  return { received: received + fromClient, sent: sent + fromServer }
}

/** One direction: the bytes so far, and until when more must have come. */
const channel = (name: string, self: string, total: number, rules: number, peer: number): string[] => [
  `  ${name}=${self} (f=0x000000 an=0x0 pipe=0 tofwd=0 total=${total})`,
  `      an_exp=${left(rules, NEVER)} rex=${left(peer, NEVER)} wex=${NEVER}`,
]

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** As HAProxy's logs have it, with microseconds. */
export function dateText(wall: number): string {
  const at = new Date(wall)
  const two = (value: number): string => String(value).padStart(2, '0')
  const micro = String(Math.floor((wall % 1000) * 1000)).padStart(6, '0')
  return `${two(at.getDate())}/${MONTHS[at.getMonth()]}/${at.getFullYear()}:${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${micro}`
}
