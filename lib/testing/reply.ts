/** What a server of a test does: answers, and the ways to misbehave. Who acts on it is `test-origin`. */
import type { Socket } from '../engine/network.js'
import type { Headers, HeadersInit } from '../message/headers.js'
import { Response } from '../message/response.js'

/** A whole answer. */
export interface Reply {
  readonly kind: 'reply'
  readonly response: Response
  readonly body: Buffer
}

/** Bytes as they are, and then the end. */
export interface RawReply {
  readonly kind: 'raw'
  readonly bytes: Buffer
  /** What happens to the connection afterwards. */
  readonly then: 'close' | 'keep' | 'reset'
}

/** A misbehaviour: {@link refuse}, {@link unreachable}, {@link hang}, {@link reset}. */
export interface Misbehaviour {
  readonly kind: 'refuse' | 'unreachable' | 'hang' | 'reset'
}

/** What a server may do about a request. */
export type Answer = Reply | RawReply | Misbehaviour

/** A request as a server got it. */
export interface ReceivedRequest {
  readonly method: string
  readonly target: string
  readonly version: string
  readonly headers: Headers
  /** As text, one character a byte. */
  readonly body: string
}

/** What a {@link Handler} is given. */
export interface HandlerInput {
  readonly request: ReceivedRequest
  /** The name of the server that it came to. */
  readonly server: string
}

/** A server of a test, in code. */
export type Handler = (input: HandlerInput) => Answer | Promise<Answer>

/** A server of a test that speaks for itself, byte by byte: for TCP mode, upgrades, and what no HTTP server would do. */
export interface TcpOrigin {
  readonly kind: 'tcp'
  readonly serve: (socket: Socket, server: string) => void
}

/** What may stand for a server: a handler, or the same answer to everything. */
export type Origin = Handler | Answer | TcpOrigin

/**
 * An answer.
 * @param body text is sent as UTF-8
 * @throws {FieldError} when a status or field cannot be sent
 */
export function reply(status: number, body: string | Uint8Array = '', headers: HeadersInit = []): Reply {
  return { kind: 'reply', response: Response.from(status, headers), body: Buffer.from(body as string) }
}

/** The server is down: connections are refused. */
export const refuse: Misbehaviour = { kind: 'refuse' }
/** Nobody is there: a connection is neither made nor refused, until somebody loses patience. */
export const unreachable: Misbehaviour = { kind: 'unreachable' }
/** The server takes the request and never answers. */
export const hang: Misbehaviour = { kind: 'hang' }
/** The server takes the request and resets the connection. */
export const reset: Misbehaviour = { kind: 'reset' }

/**
 * Bytes as they are, one character a byte in text: an answer that no HTTP server would give.
 * @param then what happens to the connection afterwards; default: it is closed
 */
export function raw(bytes: string | Uint8Array, then: RawReply['then'] = 'close'): RawReply {
  return { kind: 'raw', bytes: typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : Buffer.from(bytes), then }
}

/** A server that speaks for itself. The socket is not read yet, and has the shape of a `net.Socket`. */
export function tcp(serve: TcpOrigin['serve']): TcpOrigin {
  return { kind: 'tcp', serve }
}
