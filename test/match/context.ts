/** Contexts for the tests of questions and rules. */
import { Ip } from '../../lib/base/ip.js'
import { Context } from '../../lib/match/context.js'
import type { HeadersInit } from '../../lib/message/headers.js'
import { Request } from '../../lib/message/request.js'
import { Response } from '../../lib/message/response.js'

/** What a test says about the exchange; the rest is a plain GET. */
export interface ContextSketch {
  readonly method?: string
  readonly headers?: HeadersInit
  readonly src?: string
  readonly now?: number
  readonly status?: number
  readonly responseHeaders?: HeadersInit
}

/** A context before any message has come. */
export function connected(src = '192.0.2.1', now = 1000): Context {
  const session = {
    frontend: 'edge',
    source: Ip.parse(src),
    sourcePort: 40000,
    destination: Ip.parse('198.51.100.1'),
    destinationPort: 8080,
  }
  return new Context(session, now, 1_700_000_000_000 + now)
}

/** A context with a request, and with a response when a status is given. */
export function exchange(target = '/', sketch: ContextSketch = {}): Context {
  const context = connected(sketch.src, sketch.now)
  context.request = Request.from(sketch.method ?? 'GET', target, sketch.headers ?? [])
  if (sketch.status !== undefined) context.response = Response.from(sketch.status, sketch.responseHeaders ?? [])
  return context
}
