/** The times of a section as frontends and backends take them. */
import type { ClientTimeouts, ServerTimeouts } from '../index.js'
import type { KeepAliveDraft, TimeoutName } from './proxy-draft.js'

/** HAProxy waits without end for what has no timeout, and 0 is none. */
const endless = (time: number | undefined): number =>
  time === undefined || time === 0 ? Number.POSITIVE_INFINITY : time

/** Without a time of its own, the system's. */
export const keepAlive = (given: KeepAliveDraft | undefined): boolean | number =>
  given?.on === true && (given.idle ?? true)

export function serverTimeouts(given: Partial<Record<TimeoutName, number>>): ServerTimeouts {
  const optional = {
    tunnel: given.tunnel,
    serverFin: given['server-fin'],
    check: given.check,
    tarpit: given.tarpit ?? given.connect,
  }
  return {
    connect: endless(given.connect),
    server: endless(given.server),
    queue: endless(given.queue ?? given.connect),
    ...Object.fromEntries(Object.entries(optional).filter(([, time]) => time !== undefined && time > 0)),
  }
}

export function clientTimeouts(given: Partial<Record<TimeoutName, number>>): ClientTimeouts {
  const httpRequest = given['http-request'] ?? given.client
  const optional = { clientFin: given['client-fin'], tarpit: given.tarpit ?? given.connect }
  return {
    client: endless(given.client),
    httpRequest: endless(httpRequest),
    httpKeepAlive: endless(given['http-keep-alive'] ?? httpRequest),
    ...Object.fromEntries(Object.entries(optional).filter(([, time]) => time !== undefined && time > 0)),
  }
}
