/** What `show sess` tells of those who are connected, gathered from clients' transactions and from connections to the runtime API alike. */
import type { Transaction } from '../engine/transaction.js'
import type { Backend } from '../proxy/backend.js'

/** Somebody who is connected to the runtime API. */
export interface OperatorView {
  readonly number: number
  /** When it came, by the engine's clock. */
  readonly began: number
  /** Its address and ours; of a unix socket none. */
  readonly source: string | undefined
  readonly destination: string | undefined
  /** Which of the API's places it came to, from 1. */
  readonly place: number
}

/** How far the server's side is, by HAProxy's names and numbers. */
export type ServerSide = keyof typeof SIDES
export const SIDES = { INI: 0, QUE: 2, TAR: 3, CON: 5, EST: 8 } as const

/** One of them. Times are milliseconds that are left; `Infinity` is "no limit". */
export interface SessionView {
  readonly id: number
  /** By the engine's clock. */
  readonly began: number
  readonly protocol: string
  readonly source: string
  readonly destination: string
  /** The number of the listener that it came to. */
  readonly listener: number
  readonly frontend: string
  readonly backend: string
  readonly server: string
  readonly side: ServerSide
  readonly retries: number
  /** Until the client, or the server, must have said something. */
  readonly clientLeft: number
  readonly serverLeft: number
  /** Until rules have waited long enough. */
  readonly rulesLeft: number
  /** Until there must be a place, or a connection. */
  readonly connectLeft: number
  /** Who is served; an operator has none. */
  readonly transaction: Transaction | undefined
}

/** What a transaction is called by while it runs. */
export const sessionId = (number: number): number => number + 1

const NEVER = Number.POSITIVE_INFINITY

/** @param own the backend that a frontend is one with (a `listen` of a haproxy.cfg) */
export function clientSession(transaction: Transaction, own: Backend | undefined): SessionView {
  const { connection, context, frontend, record, server, tunnel, wait } = transaction
  const backend = transaction.backend ?? own
  const left = wait === undefined ? NEVER : wait.until - transaction.engine.clock.now()
  const ruled = wait?.for === 'tarpit' || wait?.for === 'inspection'
  const side = sideOf(transaction)
  return {
    id: sessionId(record.number),
    began: transaction.began,
    protocol: protocolOf(record.clientAddress),
    source: endOf(record.clientAddress, record.clientPort, context.session.listener?.id),
    destination: endOf(record.destinationAddress, record.destinationPort, context.session.listener?.id),
    listener: context.session.listener?.id ?? 0,
    frontend: frontend.name,
    backend: backend?.name ?? '<NONE>',
    server: server?.name ?? '<none>',
    side,
    retries: record.retries,
    clientLeft: tunnel?.clientLeft ?? NEVER,
    serverLeft: tunnel?.serverLeft ?? (side === 'EST' ? connection?.timeout.left : undefined) ?? NEVER,
    rulesLeft: ruled ? left : NEVER,
    connectLeft: ruled ? NEVER : left,
    transaction,
  }
}

export function operatorSession({ number, began, source, destination, place }: OperatorView): SessionView {
  return {
    id: sessionId(number),
    began,
    protocol: protocolOf(source ?? ''),
    source: source ?? `unix:${place}`,
    destination: destination ?? `unix:${place}`,
    listener: place,
    frontend: 'GLOBAL',
    backend: '<NONE>',
    server: '<none>',
    side: 'EST',
    retries: 0,
    clientLeft: NEVER,
    serverLeft: NEVER,
    rulesLeft: NEVER,
    connectLeft: NEVER,
    transaction: undefined,
  }
}

function protocolOf(address: string): string {
  if (address === '') return 'unix_stream'
  return address.includes(':') && !/^\d+\./.test(address) ? 'tcpv6' : 'tcpv4'
}

const endOf = (address: string, port: number, listener = 1): string =>
  address === '' ? `unix:${listener}` : `${address}:${port}`

function sideOf({ connection, server, stage, tunnel, wait }: Transaction): ServerSide {
  switch (wait?.for) {
    case 'place':
      return 'QUE'
    case 'rest':
      return 'TAR'
    case 'connection':
      return 'CON'
    case undefined:
      return tunnel !== undefined || (server !== undefined && connection !== undefined && stage !== 'request')
        ? 'EST'
        : 'INI'
    default:
      return 'INI'
  }
}
