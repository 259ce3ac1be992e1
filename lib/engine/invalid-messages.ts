/** Keeps, of each frontend, the last request, and of each backend, the last response that was no HTTP. */
import type { MessageDecoder } from '../codec/message-decoder.js'
import type { InvalidMessage } from '../observe/invalid-message.js'
import type { Backend } from '../proxy/backend.js'
import type { Frontend } from '../proxy/frontend.js'
import type { Server } from '../proxy/server.js'
import type { Engine } from './engine.js'
import type { Session } from './session.js'
import type { Transaction } from './transaction.js'

/** A client's bytes are no request, or end one in a way that HTTP does not know. */
export function keepInvalidRequest(session: Session, decoder: MessageDecoder, transaction?: Transaction): void {
  const { clientAddress, engine, entrance, sourcePort } = session
  const { frontend } = entrance
  const client = whence(clientAddress, sourcePort)
  // HAProxy tells of no server here, since a client's fault is none of its own.
  frontend.lastInvalid = keep(engine, client, frontend, decoder, transaction?.backend, undefined)
}

/** A server's bytes are no response. */
export function keepInvalidResponse(transaction: Transaction, decoder: MessageDecoder): void {
  const { backend, engine, frontend, record, server } = transaction
  if (backend === undefined) return
  const client = whence(record.clientAddress, record.clientPort)
  backend.lastInvalid = keep(engine, client, frontend, decoder, backend, server)
}

const whence = (address: string, port: number): string => (address === '' ? 'unix:1' : `${address}:${port}`)

function keep(
  engine: Engine,
  client: string,
  frontend: Frontend,
  decoder: MessageDecoder,
  backend: Backend | undefined,
  server: Server | undefined,
): InvalidMessage {
  return {
    event: engine.invalidMessages++,
    wall: engine.clock.wall(),
    client,
    frontend: frontend.name,
    frontendId: frontend.id,
    backend: backend?.name,
    backendId: backend?.id ?? -1,
    server: server?.name,
    serverId: server?.id ?? -1,
    ...decoder.evidence(engine.bufferSize),
    buffer: engine.bufferSize,
    reason: decoder.error?.message ?? '',
  }
}
