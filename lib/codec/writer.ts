/** Heads, chunks and trailers as text for the wire. They are latin1 strings: write them with that encoding. */
import type { Headers } from '../message/headers.js'
import type { Request } from '../message/request.js'
import type { Response } from '../message/response.js'
import { withoutDefaultPort } from '../message/uri.js'

const SLASH = 0x2f

/** The end of a chunked body without trailers. */
export const LAST_CHUNK = '0\r\n\r\n'

/** A request's head with its empty line. Names, values and target were checked where they came in. */
export function requestHead(request: Request): string {
  return `${request.method} ${requestTarget(request)} HTTP/${request.version}\r\n${fieldLines(request.headers)}\r\n`
}

/**
 * The target that goes onto the wire. When a rule has changed `Host`, an absolute target follows it, as in HAProxy, so
 * that the two never disagree at the server.
 */
export function requestTarget(request: Request): string {
  const { target } = request
  if (target.charCodeAt(0) === SLASH) return target
  const { form, authority, scheme } = request
  const host = request.headers.first('host')
  if (form !== 'absolute' || authority === undefined || host === undefined || scheme === undefined) return target
  const known = scheme.toLowerCase()
  if (withoutDefaultPort(authority, known).toLowerCase() === withoutDefaultPort(host, known).toLowerCase())
    return target
  return `${scheme}://${host}${target.slice(scheme.length + 3 + authority.length)}`
}

/** A response's head with its empty line. */
export function responseHead(response: Response): string {
  return `HTTP/${response.version} ${response.status} ${response.reason}\r\n${fieldLines(response.headers)}\r\n`
}

/** The line before a chunk of `length` bytes; after the chunk comes CRLF. A length of 0 would end the body: see {@link LAST_CHUNK}. */
export function chunkHeader(length: number): string {
  return `${length.toString(16)}\r\n`
}

/** The end of a chunked body, with trailers when there are any. */
export function lastChunk(trailers: Headers | undefined): string {
  return trailers === undefined ? LAST_CHUNK : `0\r\n${fieldLines(trailers)}\r\n`
}

function fieldLines(headers: Headers): string {
  const raw = headers.raw
  let lines = ''
  for (let i = 0; i < raw.length; i += 2) lines += `${raw[i]!}: ${raw[i + 1]!}\r\n`
  return lines
}
