/** A request's head on its way to a server: what is told to the server is added once, and what is about one connection is taken out. */
import { requestHead } from '../codec/writer.js'
import { stripButUpgrade, stripConnection } from '../message/hop-by-hop.js'
import type { Request } from '../message/request.js'
import type { Backend } from '../proxy/backend.js'
import type { ConnectionMode } from '../proxy/mode.js'
import { tellServer } from '../proxy/tell-server.js'
import type { Exchange } from './exchange.js'
import { ReplayedBody } from './replayed-body.js'
import type { ServerConnection } from './server-connection.js'
import type { Transaction } from './transaction.js'

/** Writes the head; it goes out with what follows, or when the output is flushed. */
export function writeRequestHead(
  transaction: Transaction,
  exchange: Exchange,
  backend: Backend,
  connection: ServerConnection,
  mode: ConnectionMode,
): void {
  const { source, context } = transaction
  const { request } = context
  const { upgrade } = exchange
  const { bodyLength } = source
  // What is transformed has no length that a server of HTTP/1.0 could be told.
  if (bodyLength === 'chunked' && exchange.bodyLength !== 'chunked') modernize(request)
  if (upgrade === undefined) stripConnection(request.headers)
  else stripButUpgrade(request.headers)
  const { name } = connection.server
  if (transaction.told) tellOther(transaction, backend, name)
  else tellServer(context, transaction.frontend, backend, name)
  transaction.told = true
  const word = upgrade !== undefined ? '' : wordOf(request.version, mode, backend)
  connection.output.text(requestHead(request, bodyLength, word, backend.headerCase))
}

/** Another server gets what the first was told, but with its own name; and a client whose body is here is not asked for it again. */
function tellOther({ context, source }: Transaction, backend: Backend, name: string): void {
  const { headers } = context.request
  if (backend.sendNameHeader !== undefined) headers.set(backend.sendNameHeader, name)
  if (source instanceof ReplayedBody && source.begun) headers.delete('expect')
}

function wordOf(version: string, mode: ConnectionMode, backend: Backend): '' | 'close' | 'keep-alive' {
  if (mode !== 'keepAlive' && !backend.pretendKeepAlive) return version === '1.1' ? 'close' : ''
  return version === '1.0' ? 'keep-alive' : ''
}

/** A request of HTTP/1.1 has a host, if only an empty one (RFC 9112 section 3.2). */
function modernize(request: Request): void {
  request.version = '1.1'
  if (!request.headers.has('host')) request.headers.append('host', '')
}
