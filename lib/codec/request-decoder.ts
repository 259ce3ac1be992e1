/** Decodes an HTTP/1 request stream as a server reads it (RFC 9112). What is done with a request lives above. */
import { Headers, sameName, splitList } from '../message/headers.js'
import { Request, type Version } from '../message/request.js'
import { isAuthority } from '../message/uri.js'
import { kinds, TARGET, TOKEN } from './bytes.js'
import { badEncoding, readFields } from './head.js'
import { AT_HEAD, MessageDecoder } from './message-decoder.js'
import { CodecError, HEAD, MORE, type Step } from './step.js'
import { checkDestination } from './target.js'

const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const SLASH = 0x2f

/**
 * Requests of one connection, one after the other. After `HEAD`, `head` is the request, and its target, `Host` and
 * framing agree. After CONNECT or a granted upgrade take `rest()` and do not call `next()` again.
 */
export class RequestDecoder extends MessageDecoder {
  /** After `HEAD`: the request. */
  head!: Request
  /** From `HEAD` on: the client waits for `100 Continue` before it sends its body. */
  expectContinue = false
  protected readonly blame = 400
  private method = ''
  private target = ''
  private version: Version = '1.1'
  private lineSeen = false

  protected readHead(): Step {
    this.skipEmptyLines()
    const end = this.sectionEnd(this.limits.maxHead, 'the request head is too large')
    if (end === -1) return MORE
    const { buffer, position } = this
    const text = buffer.toString('latin1', position, end)
    this.lineSeen = false
    const raw: string[] = []
    this.facts.clear()
    this.position = readFields(
      buffer,
      this.readLine(buffer, position, text),
      text,
      position,
      this.limits,
      raw,
      this.facts,
    )
    this.weigh(end - position, raw.length / 2)
    if (this.facts.unknownCoding !== 0) throw badEncoding(this.facts.unknownCoding)
    this.agree(raw)
    this.head = new Request(this.method, this.target, this.version, new Headers(raw))
    this.frame()
    return HEAD
  }

  /** A head that HAProxy's buffer could not hold must not get further here than there. */
  private weigh(bytes: number, fields: number): void {
    const { maxHead, headCost = 0, fieldCost = 0 } = this.limits
    if (bytes + headCost + fieldCost * fields > maxHead)
      throw new CodecError('ERR_HTTP1_TOO_LARGE', 400, 'the request head is too large')
  }

  /** RFC 9112 §2.2: empty lines before a request line are passed over. */
  private skipEmptyLines(): void {
    const { buffer, filled } = this
    let position = this.position
    while (position + 1 < filled && buffer[position] === CR && buffer[position + 1] === LF) position += 2
    this.position = position
    this.headAt = position
  }

  /** The first line is read as soon as it is here, so that HTTP/0.9 and garbage are not waited upon. */
  protected override lineEnd(end: number): void {
    if (this.lineSeen || this.state !== AT_HEAD) return
    this.lineSeen = true
    this.readLine(this.buffer, this.position, this.buffer.toString('latin1', this.position, end))
  }

  /** Reads the request line at `bytes[origin]`, which is also `text[0]`, and has its CRLF; answers the index behind that. */
  private readLine(bytes: Uint8Array, origin: number, text: string): number {
    let i = origin
    while (kinds[bytes[i]!]! & TOKEN) i++
    if (i === origin || bytes[i] !== SPACE)
      throw new CodecError('ERR_HTTP1_METHOD', 400, 'the method is not a token', i - origin)
    this.method = text.slice(0, i - origin)
    const start = ++i
    while (kinds[bytes[i]!]! & TARGET) i++
    if (i === start || bytes[i] !== SPACE)
      throw new CodecError('ERR_HTTP1_TARGET', 400, 'the request target is malformed', i - origin)
    this.target = text.slice(start - origin, i - origin)
    const minor = bytes[i + 8]! - 0x30
    if (
      !text.startsWith('HTTP/1.', i + 1 - origin) ||
      !(minor >= 0 && minor <= 9) ||
      bytes[i + 9] !== CR ||
      bytes[i + 10] !== LF
    ) {
      throw new CodecError(
        'ERR_HTTP1_VERSION',
        400,
        'the version is not HTTP/1.0 or HTTP/1.1',
        strange(text, i + 1 - origin),
      )
    }
    this.version = minor === 0 ? '1.0' : '1.1'
    return i + 11
  }

  /** Sees to it that target and `Host` name one and the same place (RFC 9112 §3.2). */
  private agree(raw: string[]): void {
    const { host, hostAt } = this.facts
    if (host === undefined) {
      if (this.version === '1.1') throw new CodecError('ERR_HTTP1_HOST', 400, 'no Host')
    } else if (!isAuthority(host))
      throw new CodecError('ERR_HTTP1_HOST', 400, 'Host is not a host with or without a port', hostAt)
    if (this.target.charCodeAt(0) === SLASH && this.method !== 'CONNECT') return
    const destination = checkDestination(this.method, this.target, host, hostAt)
    this.target = destination.target
    if (destination.host === host) return
    for (let i = 0; i < raw.length; i += 2) if (sameName(raw[i]!, 'host')) raw[i + 1] = destination.host!
  }

  private frame(): void {
    const { facts, version } = this
    if (facts.chunked && (facts.contentLength !== -1 || version === '1.0')) {
      throw new CodecError('ERR_HTTP1_FRAMING', 400, 'Transfer-Encoding with Content-Length or in HTTP/1.0')
    }
    this.bodyLength = facts.chunked ? 'chunked' : Math.max(0, facts.contentLength)
    if (this.method === 'CONNECT') this.noBody()
    if (version === '1.0' && this.bodyLength !== 0 && takesNoBody(this.method)) {
      throw new CodecError('ERR_HTTP1_FRAMING', 413, 'a body where HTTP/1.0 has none')
    }
    this.keepAlive = !facts.close && (version === '1.1' || facts.keepAlive)
    this.upgrade = facts.upgrade === undefined || !facts.connectionUpgrade ? undefined : this.upgradeTo(facts.upgrade)
    const { expect } = facts
    this.expectContinue =
      expect !== undefined && version === '1.1' && this.bodyLength !== 0 && sameName(expect, '100-continue')
    this.begin()
  }

  /** RFC 9110 §9.3.6: a CONNECT has no body; bytes after its head are the tunnel's. */
  private noBody(): void {
    if (this.bodyLength !== 0) throw new CodecError('ERR_HTTP1_FRAMING', 400, 'a CONNECT with a body')
    this.head.headers.delete('content-length')
  }

  /**
   * What the client wants to change to. Not in HTTP/1.0 (RFC 9110 §7.8), not with a body (HAProxy does not either), and
   * never to h2c, which would carry requests past all rules. A WebSocket without a key is refused, as HAProxy does.
   */
  private upgradeTo(upgrade: string): string | undefined {
    const protocols = splitList(upgrade)
    if (protocols.some(isWebSocket) && !this.head.headers.first('sec-websocket-key')) {
      throw new CodecError('ERR_HTTP1_UPGRADE', 400, 'a WebSocket handshake without Sec-WebSocket-Key')
    }
    return this.version === '1.0' || this.bodyLength !== 0 || protocols.some(isH2c) ? undefined : upgrade
  }
}

/** The first character from `from` on that no version has; `from` itself when all could be. */
function strange(text: string, from: number): number {
  for (let i = from; i < text.length && text[i] !== '\r'; i++) if (!/[A-Z0-9./]/.test(text[i] as string)) return i
  return from
}

/** HTTP/1.0 servers do not expect a body with these, and would take it for the next request (RFC 1945 §8). HAProxy refuses it as well. */
function takesNoBody(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'DELETE'
}

function isWebSocket(protocol: string): boolean {
  return sameName(protocol, 'websocket')
}

function isH2c(protocol: string): boolean {
  return sameName(protocol, 'h2c')
}
