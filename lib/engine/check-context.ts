/** What the samples and variables of a check see: its server and backend, and what the server has answered. There is no client. */
import { Context, type MessageBody } from '../match/context.js'
import { Response } from '../message/response.js'
import type { Backend } from '../proxy/backend.js'
import type { Server } from '../proxy/server.js'
import type { CheckAnswer } from './check-answer.js'
import type { Engine } from './engine.js'

/** A context for one check. */
export function checkContext(engine: Engine, backend: Backend, server: Server): Context {
  const session = {
    frontend: '',
    source: undefined,
    sourcePort: 0,
    destination: undefined,
    destinationPort: 0,
  }
  const context = new Context(session, engine.clock.now(), engine.clock.wall())
  context.ofCheck = true
  context.process = engine.process
  context.clock = engine.clock
  context.backend = backend
  context.server = server
  context.response = noAnswer()
  return context
}

/** Before there is an answer, no question about it has a value: a status is missed as a field is. */
function noAnswer(): Response {
  return new Response(undefined as unknown as number, '', undefined as unknown as '1.1')
}

/** The answer is there, as far as it has come. */
export function showAnswer(context: Context, { head, body, last }: CheckAnswer): void {
  if (head === undefined) return
  context.response = head
  const bytes = Buffer.from(body, 'latin1')
  const responseBody: MessageBody = {
    bytes,
    complete: last,
    length: undefined,
    wait: () => last,
    read: async () => bytes,
  }
  context.bodies = { requestBody: undefined, responseBody }
}

/** The server's bytes are there, as far as they have come. */
export function showBytes(context: Context, text: string): void {
  context.responseInput = { bytes: Buffer.from(text, 'latin1'), complete: true }
}
