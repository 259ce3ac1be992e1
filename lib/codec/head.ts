/** The field section of a head and of a trailer: from latin1 text to names and values, and the fields that frame a message. */
import { isTokenCode, sameName } from '../message/headers.js'
import { CodecError } from './step.js'

const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const COMMA = 0x2c
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

  clear(): void {
    this.contentLength = -1
    this.chunked = false
    this.close = false
    this.keepAlive = false
    this.connectionUpgrade = false
    this.upgrade = undefined
    this.expect = undefined
    this.host = undefined
  }
}

/**
 * Reads field lines from `text[from]` on, up to its end; `text` ends with the CRLF of the last line. Every field goes to
 * `raw`, but a repetition of the same `Content-Length`. Throws {@link CodecError} on whatever RFC 9112 §5 does not allow.
 */
export function readFields(text: string, from: number, maxFields: number, raw: string[], facts: HeadFacts): void {
  const end = text.length
  let i = from
  let lines = 0
  while (i < end) {
    if (++lines > maxFields)
      throw new CodecError('ERR_HTTP1_FIELD_COUNT', 400, `more than ${maxFields} header fields`, i)
    const start = i
    while (i < end && isTokenCode(text.charCodeAt(i))) i++
    if (i === start || text.charCodeAt(i) !== COLON) throw badName(text, start, i)
    const name = text.slice(start, i)
    i++
    let code = text.charCodeAt(i)
    while (code === SPACE || code === TAB) code = text.charCodeAt(++i)
    const valueStart = i
    while ((code >= SPACE && code !== 0x7f) || code === TAB) code = text.charCodeAt(++i)
    if (code !== CR || text.charCodeAt(i + 1) !== LF) {
      throw new CodecError('ERR_HTTP1_FIELD_VALUE', 400, 'a header value has a control character or a bare CR or LF', i)
    }
    let valueEnd = i
    while (valueEnd > valueStart) {
      const last = text.charCodeAt(valueEnd - 1)
      if (last !== SPACE && last !== TAB) break
      valueEnd--
    }
    i += 2
    const value = text.slice(valueStart, valueEnd)
    if (note(name, value, facts, start)) raw.push(name, value)
  }
}

function badName(text: string, start: number, at: number): CodecError {
  const code = text.charCodeAt(at)
  const message =
    at === start && (code === SPACE || code === TAB)
      ? 'a header line is folded (obs-fold, RFC 9112 section 5.2)'
      : at > start && (code === SPACE || code === TAB)
        ? 'blank between header name and colon (RFC 9112 section 5.1)'
        : code === COLON
          ? 'a header name is empty'
          : 'a header name has a character that is not allowed, or there is no colon'
  return new CodecError('ERR_HTTP1_FIELD_NAME', 400, message, at)
}

/** Takes note of a field that frames the message or steers the connection; answers whether the field is to be kept. */
function note(name: string, value: string, facts: HeadFacts, at: number): boolean {
  switch (name.length) {
    case 4:
      if (sameName(name, 'host')) {
        if (facts.host !== undefined) throw new CodecError('ERR_HTTP1_HOST', 400, 'more than one Host', at)
        facts.host = value
      }
      return true
    case 6:
      if (sameName(name, 'expect')) facts.expect = facts.expect === undefined ? value : `${facts.expect}, ${value}`
      return true
    case 7:
      if (sameName(name, 'upgrade')) facts.upgrade = facts.upgrade === undefined ? value : `${facts.upgrade}, ${value}`
      return true
    case 10:
      if (sameName(name, 'connection')) noteConnection(value, facts)
      return true
    case 14:
      return sameName(name, 'content-length') ? noteLength(value, facts, at) : true
    case 17:
      if (sameName(name, 'transfer-encoding')) noteEncoding(value, facts, at)
      return true
    default:
      return true
  }
}

/** RFC 9110 §8.6: digits and nothing else; the same value again says nothing new, another one breaks the message. */
function noteLength(value: string, facts: HeadFacts, at: number): boolean {
  let length = value.length === 0 || value.length > 16 ? -1 : 0
  for (let i = 0; i < value.length && length >= 0; i++) {
    const digit = value.charCodeAt(i) - 0x30
    length = digit >= 0 && digit <= 9 ? length * 10 + digit : -1
  }
  if (length < 0 || length > Number.MAX_SAFE_INTEGER) {
    throw new CodecError('ERR_HTTP1_CONTENT_LENGTH', 400, 'Content-Length is not a number of bytes', at)
  }
  if (facts.contentLength === -1) {
    facts.contentLength = length
    return true
  }
  if (facts.contentLength === length) return false
  throw new CodecError('ERR_HTTP1_CONTENT_LENGTH', 400, 'several Content-Length that differ', at)
}

/** RFC 9112 §6.1: we know `chunked`, once; every other coding would leave the end of the body to guesses. */
function noteEncoding(value: string, facts: HeadFacts, at: number): void {
  if (facts.chunked) throw new CodecError('ERR_HTTP1_TRANSFER_ENCODING', 400, 'more than one Transfer-Encoding', at)
  if (!sameName(value, 'chunked')) {
    throw new CodecError('ERR_HTTP1_TRANSFER_ENCODING', 400, 'Transfer-Encoding is not just "chunked"', at)
  }
  facts.chunked = true
}

function noteConnection(value: string, facts: HeadFacts): void {
  let i = 0
  while (i < value.length) {
    let end = value.indexOf(',', i)
    if (end === -1) end = value.length
    let start = i
    let stop = end
    while (start < stop && isBlank(value.charCodeAt(start))) start++
    while (stop > start && isBlank(value.charCodeAt(stop - 1))) stop--
    const length = stop - start
    if (length === 5 || length === 7 || length === 10) {
      const option = length === value.length ? value : value.slice(start, stop)
      if (length === 5) facts.close ||= sameName(option, 'close')
      else if (length === 7) facts.connectionUpgrade ||= sameName(option, 'upgrade')
      else facts.keepAlive ||= sameName(option, 'keep-alive')
    }
    i = end + 1
  }
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB || code === COMMA
}
