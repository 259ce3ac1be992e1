/** Decodes an HTTP/1 response stream as a client reads it (RFC 9112). What is done with a response lives above. */
import { Headers, isFieldValue } from '../message/headers.js'
import type { Version } from '../message/request.js'
import { Response } from '../message/response.js'
import { badEncoding, readFields } from './head.js'
import { AT_HEAD, MessageDecoder, UNTIL_CLOSE } from './message-decoder.js'
import { CodecError, HEAD, MORE, type Step } from './step.js'

const SPACE = 0x20
/** What every response begins with. */
const BEGINNING = 'HTTP/1.'

/**
 * Responses of one connection. Say {@link expect} before each one. An interim response (1xx but 101) is a `HEAD`
 * without an `END`: the next step is the next head. A 101, and a 2xx to CONNECT, is `HEAD` and `END`, and then `rest()` is
 * the tunnel's. After the `END` of any other response, `hasPending` means that the server said more than it was asked.
 */
export class ResponseDecoder extends MessageDecoder {
  /** After `HEAD`: the response. */
  head!: Response
  protected readonly blame = 502
  /** Method of the request whose response comes next; undefined between messages. */
  private method: string | undefined = undefined
  private mayUpgrade = false

  /** A response to a request of this method comes next; `upgrade` says that the request allows it to be a 101. */
  expect(method: string, upgrade = false): void {
    this.method = method
    this.mayUpgrade = upgrade
  }

  /** The server has closed its side: answers `END` when that ends the body, `ERROR` when it cuts something off, `MORE` between messages. */
  finish(): Step {
    if (this.state === UNTIL_CLOSE && !this.hasPending) return this.end()
    if (this.state === AT_HEAD && this.method === undefined && !this.hasPending) return MORE
    return this.error !== undefined
      ? this.fail(this.error)
      : this.fail(new CodecError('ERR_HTTP1_TRUNCATED', 502, 'the server closed in the middle of a response'))
  }

  protected readHead(): Step {
    if (!this.hasPending) return MORE
    if (this.method === undefined) throw new CodecError('ERR_HTTP1_UNEXPECTED', 502, 'bytes that no request asked for')
    this.checkProtocol()
    const end = this.sectionEnd(this.limits.maxHead, 'the response head is too large')
    if (end === -1) return MORE
    const { position } = this
    this.parse(this.buffer.toString('latin1', position, end), position, this.method)
    return HEAD
  }

  /** Refuses what is no HTTP/1 from its first bytes on, so that it is not waited upon. */
  private checkProtocol(): void {
    const { buffer, position } = this
    const here = Math.min(BEGINNING.length, this.filled - position)
    for (let i = 0; i < here; i++) {
      if (buffer[position + i] !== BEGINNING.charCodeAt(i)) throw badLine('this is not HTTP/1', i)
    }
  }

  private parse(text: string, origin: number, method: string): void {
    const lineEnd = text.indexOf('\r\n')
    const status = digits(text, 9)
    const minor = text.charCodeAt(7) - 0x30
    if (!(minor >= 0 && minor <= 9)) throw badLine('the version is not HTTP/1.0 or HTTP/1.1', 7)
    if (text.charCodeAt(8) !== SPACE) throw badLine('the version is not HTTP/1.0 or HTTP/1.1', 0)
    if (status < 100 || !(lineEnd === 12 || text.charCodeAt(12) === SPACE))
      throw badLine('the status is not from 100 to 999', strange(text))
    const reason = text.slice(13, Math.max(13, lineEnd))
    if (lineEnd > 12 && !isFieldValue(reason)) throw badLine('the reason has a control character', 13)
    const raw: string[] = []
    this.facts.clear()
    this.position = readFields(this.buffer, origin + lineEnd + 2, text, origin, this.limits, raw, this.facts)
    if (this.facts.unknownCoding !== 0) throw badEncoding(this.facts.unknownCoding)
    const version: Version = minor === 0 ? '1.0' : '1.1'
    this.head = new Response(status, lineEnd === 12 ? '' : reason, version, new Headers(raw))
    this.frame(status, version, method)
  }

  private frame(status: number, version: Version, method: string): void {
    const { facts } = this
    const interim = status < 200 && status !== 101
    const tunnel = status === 101 || (method === 'CONNECT' && status < 300 && !interim)
    if (status === 101 && !this.mayUpgrade)
      throw new CodecError('ERR_HTTP1_UPGRADE', 502, 'a 101 that no request asked for')
    if (interim || tunnel || status === 204) this.dropFraming()
    if (facts.chunked && (facts.contentLength !== -1 || version === '1.0')) {
      throw new CodecError('ERR_HTTP1_FRAMING', 502, 'Transfer-Encoding with Content-Length or in HTTP/1.0')
    }
    const without = method === 'HEAD' || status === 304 || status === 204 || interim || tunnel
    this.bodyLength = without
      ? 0
      : facts.chunked
        ? 'chunked'
        : facts.contentLength === -1
          ? 'close'
          : facts.contentLength
    this.keepAlive = this.bodyLength !== 'close' && !tunnel && !facts.close && (version === '1.1' || facts.keepAlive)
    this.upgrade = facts.connectionUpgrade ? facts.upgrade : undefined
    if (interim) return
    this.method = undefined
    this.begin()
  }

  /** RFC 9112 §6.3: 1xx, 204 and answers to CONNECT have no body, whatever they claim; HAProxy drops the claim. */
  private dropFraming(): void {
    const { facts, head } = this
    if (facts.contentLength !== -1) head.headers.delete('content-length')
    if (facts.chunked) head.headers.delete('transfer-encoding')
    facts.contentLength = -1
    facts.chunked = false
  }
}

/** Three digits from `text[at]` on as a number, -1 when they are none. */
function digits(text: string, at: number): number {
  let number = 0
  for (let i = at; i < at + 3; i++) {
    const digit = text.charCodeAt(i) - 0x30
    if (!(digit >= 0 && digit <= 9)) return -1
    number = number * 10 + digit
  }
  return number
}

/** The first character of the status that is no digit, or the one behind it. */
function strange(text: string): number {
  let i = 9
  while (i < 12 && text.charCodeAt(i) >= 0x30 && text.charCodeAt(i) <= 0x39) i++
  return i
}

function badLine(message: string, at: number): CodecError {
  return new CodecError('ERR_HTTP1_STATUS_LINE', 502, message, at)
}
