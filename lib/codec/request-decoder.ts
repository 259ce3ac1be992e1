/** Decodes an HTTP/1 request stream as a server reads it (RFC 9112). What is done with a request lives above. */
import { Headers, isTokenCode } from '../message/headers.js'
import { Request, type Version } from '../message/request.js'
import { readFields } from './head.js'
import { AT_END, MessageDecoder } from './message-decoder.js'
import { CodecError, HEAD, MORE, type Step } from './step.js'

const CR = 0x0d
const LF = 0x0a
const SPACE = 0x20

/**
 * Requests of one connection, one after the other. After `HEAD`, `head` is the request. After CONNECT or a granted
 * upgrade take {@link rest} and do not call `next()` again.
 */
export class RequestDecoder extends MessageDecoder {
  /** After `HEAD`: the request. */
  head!: Request
  /** From `HEAD` on: the client waits for `100 Continue` before it sends its body. */
  expectContinue = false
  protected readonly blame = 400

  protected head_(): Step {
    this.skipEmptyLines()
    const end = this.sectionEnd(this.limits.maxHead, 'the request head is too large')
    if (end === -1) return MORE
    const text = this.buffer.toString('latin1', this.position, end - 2)
    this.position = end
    this.parse(text)
    return HEAD
  }

  /** RFC 9112 §2.2: empty lines before a request line are passed over. */
  private skipEmptyLines(): void {
    const { buffer, filled } = this
    while (this.position + 1 < filled && buffer[this.position] === CR && buffer[this.position + 1] === LF)
      this.position += 2
  }

  private parse(text: string): void {
    let i = 0
    while (isTokenCode(text.charCodeAt(i))) i++
    if (i === 0 || text.charCodeAt(i) !== SPACE)
      throw new CodecError('ERR_HTTP1_METHOD', 400, 'the method is not a token', i)
    const method = text.slice(0, i)
    const targetStart = ++i
    let code = text.charCodeAt(i)
    while (code > SPACE && code < 0x7f) code = text.charCodeAt(++i)
    if (i === targetStart || code !== SPACE) throw new CodecError('ERR_HTTP1_TARGET', 400, 'bad request target', i)
    const target = text.slice(targetStart, i)
    const version = this.version(text, i + 1)
    const { facts } = this
    facts.clear()
    const raw: string[] = []
    readFields(text, i + 11, this.limits.maxFields, raw, facts)
    this.head = new Request(method, target, version, new Headers(raw))
    this.frame(version)
  }

  private version(text: string, at: number): Version {
    if (text.startsWith('HTTP/1.1\r\n', at)) return '1.1'
    if (text.startsWith('HTTP/1.0\r\n', at)) return '1.0'
    throw new CodecError('ERR_HTTP1_VERSION', 400, 'the version is neither HTTP/1.0 nor HTTP/1.1', at)
  }

  private frame(version: Version): void {
    const { facts } = this
    if (facts.chunked && (facts.contentLength !== -1 || version === '1.0')) {
      throw new CodecError('ERR_HTTP1_FRAMING', 400, 'Transfer-Encoding with Content-Length or in HTTP/1.0')
    }
    this.bodyLength = facts.chunked ? 'chunked' : facts.contentLength === -1 ? 0 : facts.contentLength
    this.trailers = undefined
    this.keepAlive = version === '1.1' ? !facts.close : facts.keepAlive && !facts.close
    this.upgrade = facts.connectionUpgrade ? facts.upgrade : undefined
    this.expectContinue = false
    this.begin()
    if (this.head.method === 'CONNECT') this.state = AT_END
  }
}
