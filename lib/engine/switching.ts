/** Answers that switch to another protocol: whether they may, and the tunnel that both sides are joined by from then on. */
import { createHash } from 'node:crypto'
import type { Outcome } from '../base/errors.js'
import { sameName } from '../message/headers.js'
import type { Request } from '../message/request.js'
import type { Response } from '../message/response.js'
import type { Backend } from '../proxy/backend.js'
import type { Exchange } from './exchange.js'
import { tunnelTimeouts } from './ordered.js'
import type { ServerConnection } from './server-connection.js'
import type { Transaction } from './transaction.js'
import { Tunnel } from './tunnel.js'

/** The protocol that a response switches to: what the client asked for, or a tunnel after CONNECT. */
export function switchedTo(
  { context }: Transaction,
  exchange: Exchange,
  connection: ServerConnection,
  response: Response,
): string | undefined {
  if (response.status === 101) return exchange.upgrade === undefined ? undefined : connection.decoder.upgrade
  const connected = context.request.method === 'CONNECT' && response.status < 300
  return connected ? 'CONNECT' : undefined
}

/** Whether a server that switches to WebSocket has read the request: it must answer its key. RFC 6455 section 4.2.2. */
export function acceptsWebSocket(request: Request, response: Response): boolean {
  const key = request.headers.first('sec-websocket-key')
  if (key === undefined || !sameName(request.headers.first('upgrade') ?? '', 'websocket')) return true
  const expected = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`, 'latin1').digest('base64')
  return response.headers.first('sec-websocket-accept') === expected
}

/** Joins both sides; `over` is called when they have parted. */
export function runTunnel(
  transaction: Transaction,
  exchange: Exchange,
  backend: Backend,
  connection: ServerConnection,
  over: (outcome: Outcome) => void,
): void {
  const { engine, frontend, context } = transaction
  const client = { ...exchange.detach(), noLinger: frontend.noLinger }
  const { socket, reader } = connection
  const server = { socket, reader, head: connection.detach(), noLinger: backend.noLinger }
  const tunnel = new Tunnel(engine.clock, client, server, tunnelTimeouts(context, frontend, backend))
  transaction.tunnel = tunnel
  transaction.whenBroken((error) => tunnel.cut(error.outcome))
  tunnel.run(over)
}
