/** How long each side may keep us waiting. Here live the names, the defaults and what stands in for a time that was not set. */
import { z } from 'zod'
import { durationOption } from '../base/options.js'

/** Times that a frontend waits for its clients: milliseconds, text with a unit, or `Infinity`. */
export interface ClientTimeouts {
  /** Without a byte from or to the client. Default 30s. Manual, `timeout client`. */
  readonly client?: number | string
  /** For a whole request head, from its first byte (on a new connection: from the start). Default 10s; a slow head gets 408. `timeout http-request`. */
  readonly httpRequest?: number | string
  /** Between an answer and the next request. Default: `httpRequest`. `timeout http-keep-alive`. */
  readonly httpKeepAlive?: number | string
  /** For the client to finish after one side has. Default: `client`. `timeout client-fin`. */
  readonly clientFin?: number | string
  /** How long `tarpit` holds a client. Default: the backend's connect timeout. `timeout tarpit`. */
  readonly tarpit?: number | string
}

/** Times that a backend waits for its servers. */
export interface ServerTimeouts {
  /** For a connection. Default 5s. Manual, `timeout connect`. */
  readonly connect?: number | string
  /** Without a byte from or to the server. Default 30s; before the answer began, the client gets 504. `timeout server`. */
  readonly server?: number | string
  /** In a queue. Default: `connect`; then the client gets 503. `timeout queue`. */
  readonly queue?: number | string
  /** Without a byte in either direction of an upgraded or TCP connection. Default: `client` and `server`. `timeout tunnel`. */
  readonly tunnel?: number | string
  /** For the server to finish after one side has. Default: `server`. `timeout server-fin`. */
  readonly serverFin?: number | string
  /** For a check's answer once it is connected. Default: within the check's interval. `timeout check`. */
  readonly check?: number | string
  /** As the frontend's, for rules of the backend. */
  readonly tarpit?: number | string
}

/** In milliseconds; `undefined` is "not set". */
export interface DecidedClientTimeouts {
  readonly client: number
  readonly httpRequest: number
  readonly httpKeepAlive: number
  readonly clientFin: number | undefined
  readonly tarpit: number | undefined
}

/** In milliseconds; `undefined` is "not set". */
export interface DecidedServerTimeouts {
  readonly connect: number
  readonly server: number
  readonly queue: number
  readonly tunnel: number | undefined
  readonly serverFin: number | undefined
  readonly check: number | undefined
  readonly tarpit: number | undefined
}

const time = durationOption.optional()

export const clientTimeoutOptions = z.strictObject({
  client: time,
  httpRequest: time,
  httpKeepAlive: time,
  clientFin: time,
  tarpit: time,
})

export const serverTimeoutOptions = z.strictObject({
  connect: time,
  server: time,
  queue: time,
  tunnel: time,
  serverFin: time,
  check: time,
  tarpit: time,
})

/** Fills in what was not set. */
export function decideClientTimeouts(given: z.infer<typeof clientTimeoutOptions> = {}): DecidedClientTimeouts {
  const client = given.client ?? 30_000
  const httpRequest = given.httpRequest ?? Math.min(client, 10_000)
  return {
    client,
    httpRequest,
    httpKeepAlive: given.httpKeepAlive ?? httpRequest,
    clientFin: given.clientFin,
    tarpit: given.tarpit,
  }
}

/** Fills in what was not set. */
export function decideServerTimeouts(given: z.infer<typeof serverTimeoutOptions> = {}): DecidedServerTimeouts {
  const connect = given.connect ?? 5_000
  return {
    connect,
    server: given.server ?? 30_000,
    queue: given.queue ?? connect,
    tunnel: given.tunnel,
    serverFin: given.serverFin,
    check: given.check,
    tarpit: given.tarpit,
  }
}
