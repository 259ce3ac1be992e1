/**
 * Heads, chunks and trailers as text for the next connection, in latin1: names in lower case as HAProxy writes them, framing and
 * connection fields always ours, so that no rule and no peer can make a message say of itself what is not so.
 */
import { type Headers, sameName } from '../message/headers.js'
import type { Request } from '../message/request.js'
import type { Response } from '../message/response.js'
import { withoutDefaultPort } from '../message/uri.js'
import type { BodyLength } from './step.js'

const SLASH = 0x2f

/** What we say about the connection: nothing, or the one word. */
export type ConnectionWord = '' | 'close' | 'keep-alive'

/** Names of fields as they are to be written, by their lower case; those that are not there are written in lower case. */
export type HeaderCase = ReadonlyMap<string, string>

/** A request's head with its empty line. */
export function requestHead(
  request: Request,
  framing: BodyLength,
  connection: ConnectionWord,
  names?: HeaderCase | undefined,
): string {
  const line = `${request.method} ${requestTarget(request)} HTTP/${request.version}\r\n`
  return `${line}${fields(request.headers, framing, false, names)}${ending(connection, names)}`
}

/**
 * A response's head with its empty line.
 * @param bodiless its framing fields describe a body that does not follow (HEAD, 304), and are passed on; `framing` is then 0
 */
export function responseHead(
  response: Response,
  framing: BodyLength,
  connection: ConnectionWord,
  bodiless: boolean,
  names?: HeaderCase | undefined,
): string {
  const line = `HTTP/${response.version} ${response.status} ${response.reason}\r\n`
  return `${line}${fields(response.headers, framing, bodiless, names)}${ending(connection, names)}`
}

/**
 * The target that goes onto the wire. When a rule has changed `Host`, an absolute target follows it, as in HAProxy, so
 * that the two never disagree at the server.
 */
function requestTarget(request: Request): string {
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

function ending(connection: ConnectionWord, names: HeaderCase | undefined): string {
  if (connection === '') return '\r\n'
  return `${written('connection', names)}: ${connection}\r\n\r\n`
}

const written = (name: string, names: HeaderCase | undefined): string => names?.get(name) ?? name

/** @param described the framing fields describe a body that does not follow, and are passed on as they are */
function fields(headers: Headers, framing: BodyLength, described: boolean, names: HeaderCase | undefined): string {
  const { raw } = headers
  let text = ''
  let framed = described || framing === 'close'
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] as string
    if (!described && isFraming(name)) {
      if (framed) continue
      framed = true
      text += framingLine(framing, name, names)
      continue
    }
    text += `${written(name.toLowerCase(), names)}: ${raw[index + 1] as string}\r\n`
  }
  return framed ? text : text + framingLine(framing, '', names)
}

function framingLine(framing: BodyLength, name: string, names: HeaderCase | undefined): string {
  if (framing === 'chunked') return `${written('transfer-encoding', names)}: chunked\r\n`
  if (framing === 'close') return ''
  // A message without a body says so only where it did so by itself: a GET has no Content-Length.
  if (framing === 0 && name.length !== 14) return ''
  return `${written('content-length', names)}: ${framing}\r\n`
}

function isFraming(name: string): boolean {
  return (
    (name.length === 14 && sameName(name, 'content-length')) ||
    (name.length === 17 && sameName(name, 'transfer-encoding'))
  )
}

/** The line before a chunk of `length` bytes; after the chunk comes CRLF. A length of 0 would end the body: see {@link lastChunk}. */
export function chunkHeader(length: number): string {
  return `${length.toString(16)}\r\n`
}

/** The end of a chunked body, with trailers when there are any. */
export function lastChunk(trailers: Headers | undefined): string {
  if (trailers === undefined) return '0\r\n\r\n'
  const { raw } = trailers
  let text = '0\r\n'
  for (let index = 0; index < raw.length; index += 2)
    text += `${(raw[index] as string).toLowerCase()}: ${raw[index + 1] as string}\r\n`
  return `${text}\r\n`
}
