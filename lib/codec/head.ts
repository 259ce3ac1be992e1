/** The field section of a head and of a trailer: from latin1 text to names and values, and the fields that frame a message. */
import { sameName, splitList } from '../message/headers.js'
import { kinds, TOKEN, VALUE } from './bytes.js'
import { CodecError, type Limits } from './step.js'

const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const COLON = 0x3a

/** What the fields of one head say about framing and connection; one object a decoder, filled anew for each head. */
export class HeadFacts {
  /** Value of `Content-Length`, -1 without one. */
  contentLength = -1
  /** `Transfer-Encoding: chunked` is there. */
  chunked = false
  /** Options of `Connection`. */
  close = false
  keepAlive = false
  connectionUpgrade = false
  upgrade: string | undefined = undefined
  expect: string | undefined = undefined
  host: string | undefined = undefined
  /** Where its value stands in the head. */
  hostAt = -1
  /** The last field says nothing that HAProxy would keep, and so does not count against the limit. */
  uncounted = false
  /** `Transfer-Encoding` has codings that we do not know: the status that says so; 0 otherwise. */
  unknownCoding = 0

  clear(): void {
    this.contentLength = -1
    this.chunked = false
    this.close = false
    this.keepAlive = false
    this.connectionUpgrade = false
    this.upgrade = undefined
    this.expect = undefined
    this.host = undefined
    this.uncounted = false
    this.unknownCoding = 0
  }
}

/** HAProxy refuses longer names. */
const MAX_NAME = 255

/**
 * Reads field lines from `bytes[from]` up to the empty line that is there; answers the index behind it. `text` is latin1
 * for the bytes from `origin` on. Every field goes to `raw`, but a repetition of the same `Content-Length`. Throws
 * {@link CodecError} on whatever RFC 9112 §5 does not allow. `facts` is undefined in a trailer section, where fields that
 * frame are refused, and those that route or authenticate are dropped (RFC 9110 §6.5.1).
 */
export function readFields(
  bytes: Uint8Array,
  from: number,
  text: string,
  origin: number,
  limits: Limits,
  raw: string[],
  facts: HeadFacts | undefined,
): number {
  let i = from
  let room = limits.maxFields
  for (;;) {
    const start = i
    let byte = bytes[i]!
    if (byte === CR && bytes[i + 1] === LF) return i + 2
    while (kinds[byte]! & TOKEN) byte = bytes[++i]!
    if (byte !== COLON || i === start || i - start > MAX_NAME) throw badName(byte, i - start, i - origin)
    const name = text.slice(start - origin, i - origin)
    byte = bytes[++i]!
    while (byte === SPACE || byte === TAB) byte = bytes[++i]!
    const valueStart = i
    while (kinds[byte]! & VALUE) byte = bytes[++i]!
    if (byte !== CR || bytes[i + 1] !== LF) throw badValue((byte === CR ? i + 1 : i) - origin)
    let valueEnd = i
    while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1]!)) valueEnd--
    i += 2
    const value = text.slice(valueStart - origin, valueEnd - origin)
    const kept =
      facts === undefined
        ? !isForbiddenTrailer(name, start - origin)
        : note(name, value, raw, facts, valueStart - origin)
    if (kept) raw.push(name, value)
    if (facts?.uncounted === true) facts.uncounted = false
    else if (--room <= 0) throw new CodecError('ERR_HTTP1_FIELD_COUNT', 400, 'too many header fields', start - origin)
  }
}

function badName(byte: number, length: number, at: number): CodecError {
  let message = 'a header name has a character that is not allowed, or there is no colon'
  if (length > MAX_NAME) message = 'a header name is too long'
  else if (isBlank(byte)) {
    message =
      length === 0 ? 'a folded header line (RFC 9112 section 5.2)' : 'a blank before a colon (RFC 9112 section 5.1)'
  } else if (byte === COLON) message = 'a header name is empty'
  return new CodecError('ERR_HTTP1_FIELD_NAME', 400, message, at)
}

function badValue(at: number): CodecError {
  return new CodecError(
    'ERR_HTTP1_FIELD_VALUE',
    400,
    'a header value has a control character, a bare CR or a bare LF',
    at,
  )
}

/**
 * Takes note of a field that frames the message or steers the connection; answers whether the field is to be kept.
 * @param at where its value stands
 */
function note(name: string, value: string, raw: string[], facts: HeadFacts, at: number): boolean {
  switch (name.length) {
    case 4:
      if (sameName(name, 'host')) {
        if (facts.host !== undefined) throw new CodecError('ERR_HTTP1_HOST', 400, 'more than one Host', at)
        facts.host = value
        facts.hostAt = at
      }
      return true
    case 6:
      if (sameName(name, 'expect')) facts.expect = facts.expect === undefined ? value : `${facts.expect}, ${value}`
      return true
    case 7:
      if (sameName(name, 'upgrade')) facts.upgrade = facts.upgrade === undefined ? value : `${facts.upgrade}, ${value}`
      return true
    case 10:
      if (sameName(name, 'connection')) facts.uncounted = !noteConnection(value, facts)
      return true
    case 14:
      return sameName(name, 'content-length') ? noteLength(name, value, raw, facts, at) : true
    case 17:
      if (sameName(name, 'transfer-encoding')) noteEncoding(value, facts, at)
      return true
    default:
      return true
  }
}

/**
 * RFC 9110 §8.6: digits and nothing else. The same value again says nothing new and is dropped, be it in its own line or
 * after a comma; another value breaks the message.
 */
function noteLength(name: string, value: string, raw: string[], facts: HeadFacts, at: number): boolean {
  const comma = value.indexOf(',')
  const first = comma === -1 ? value : splitList(value)[0]!
  const length = bytesOf(first)
  if (comma !== -1) {
    for (const other of splitList(value)) if (bytesOf(other) !== length) throw badLength(at)
  }
  if (length < 0 || (facts.contentLength !== -1 && facts.contentLength !== length)) throw badLength(at)
  if (facts.contentLength !== -1) {
    facts.uncounted = true
    return false
  }
  facts.contentLength = length
  if (comma === -1) return true
  raw.push(name, first)
  return false
}

/** A number of bytes, -1 for whatever is none. Sixteen digits are enough for every length that can be counted exactly. */
function bytesOf(text: string): number {
  if (text.length === 0 || text.length > 16) return -1
  let bytes = 0
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30
    if (digit < 0 || digit > 9) return -1
    bytes = bytes * 10 + digit
  }
  return bytes > Number.MAX_SAFE_INTEGER ? -1 : bytes
}

function badLength(at: number): CodecError {
  return new CodecError('ERR_HTTP1_CONTENT_LENGTH', 400, 'Content-Length is not one number of bytes', at)
}

/**
 * RFC 9112 §6.1: we know `chunked`, once; every other coding would leave the end of the body to guesses. HAProxy answers
 * 422 to codings before a final `chunked`, and 400 to everything else.
 */
function noteEncoding(value: string, facts: HeadFacts, at: number): void {
  if (!facts.chunked && sameName(value, 'chunked')) {
    facts.chunked = true
    return
  }
  const codings = splitList(value)
  if (facts.chunked || codings.slice(0, -1).some(isChunked)) throw badEncoding(400, at)
  facts.unknownCoding = sameName(codings.at(-1)!, 'chunked') ? 422 : 400
}

/** @param at where reading stands, unless something else is said */
export function badEncoding(status: number, at = -1): CodecError {
  return new CodecError('ERR_HTTP1_TRANSFER_ENCODING', status, 'Transfer-Encoding is not just "chunked"', at)
}

function isChunked(coding: string): boolean {
  return sameName(coding, 'chunked')
}

/** Answers whether it has other options than `close` and `keep-alive`. */
function noteConnection(value: string, facts: HeadFacts): boolean {
  let others = false
  let i = 0
  while (i < value.length) {
    let end = value.indexOf(',', i)
    if (end === -1) end = value.length
    let start = i
    let stop = end
    while (start < stop && isBlank(value.charCodeAt(start))) start++
    while (stop > start && isBlank(value.charCodeAt(stop - 1))) stop--
    const length = stop - start
    const option = length === value.length ? value : value.slice(start, stop)
    if (length === 5 && sameName(option, 'close')) facts.close = true
    else if (length === 10 && sameName(option, 'keep-alive')) facts.keepAlive = true
    else if (length > 0) {
      others = true
      if (length === 7 && sameName(option, 'upgrade')) facts.connectionUpgrade = true
    }
    i = end + 1
  }
  return others
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB
}

/** What a trailer must not say (RFC 9110 §6.5.1): routing, who asks, how the body is to be read. */
const FORBIDDEN_TRAILERS: readonly string[] = [
  'authorization',
  'cache-control',
  'connection',
  'content-encoding',
  'content-range',
  'content-type',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'keep-alive',
  'max-forwards',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'range',
  'set-cookie',
  'te',
  'trailer',
  'upgrade',
  'www-authenticate',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
]

/** Whether a trailer is to be dropped; throws when it would frame the message a second time. */
function isForbiddenTrailer(name: string, at: number): boolean {
  if (sameName(name, 'content-length') || sameName(name, 'transfer-encoding')) {
    throw new CodecError('ERR_HTTP1_TRAILER', 400, 'a trailer that frames the message', at)
  }
  for (const forbidden of FORBIDDEN_TRAILERS) if (sameName(name, forbidden)) return true
  return false
}
