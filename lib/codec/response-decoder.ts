/** Decodes an HTTP/1 response stream as a client reads it (RFC 9112). What is done with a response lives above. */
import { Headers } from '../message/headers.js'
import type { Version } from '../message/request.js'
import { Response } from '../message/response.js'
import { readFields } from './head.js'
import { AT_END, AT_HEAD, MessageDecoder, UNTIL_CLOSE } from './message-decoder.js'
import { CodecError, END, HEAD, MORE, type Step } from './step.js'

/**
 * Responses of one connection. Say {@link expect} before each one. An interim response (1xx but 101) is a `HEAD`
 * with no `END`: the next step is the next head. A 101, and a 2xx to CONNECT, ends with `END`, and then `rest()` is the tunnel's.
 */
export class ResponseDecoder extends MessageDecoder {
  /** After `HEAD`: the response. */
  head!: Response
  protected readonly blame = 502
  private method: string | undefined = undefined

  /** A response to a request of this method comes next. Bytes that come without this are an error. */
  expect(method: string): void {
    this.method = method
  }

  /** The server has closed its side: answers `END` when that ends the body, `ERROR` when it cuts something off, `MORE` between messages. */
  finish(): Step {
    if (this.state === UNTIL_CLOSE) {
      this.state = AT_HEAD
      this.method = undefined
      return END
    }
    if (this.state === AT_HEAD && this.method === undefined && !this.hasPending) return MORE
    return this.fail(new CodecError('ERR_HTTP1_TRUNCATED', 502, 'the server closed in the middle of a response'))
  }

  protected head_(): Step {
    if (!this.hasPending) return MORE
    if (this.method === undefined) throw new CodecError('ERR_HTTP1_UNEXPECTED', 502, 'bytes that no request asked for')
    const end = this.sectionEnd(this.limits.maxHead, 'the response head is too large')
    if (end === -1) return MORE
    const text = this.buffer.toString('latin1', this.position, end - 2)
    this.position = end
    this.parse(text)
    return HEAD
  }

  private parse(text: string): void {
    const version: Version | undefined = text.startsWith('HTTP/1.1 ')
      ? '1.1'
      : text.startsWith('HTTP/1.0 ')
        ? '1.0'
        : undefined
    if (version === undefined)
      throw new CodecError('ERR_HTTP1_VERSION', 502, 'the version is neither HTTP/1.0 nor HTTP/1.1')
    const status = Number(text.slice(9, 12))
    const lineEnd = text.indexOf('\r\n', 12)
    const raw: string[] = []
    this.facts.clear()
    readFields(text, lineEnd + 2, this.limits.maxFields, raw, this.facts)
    this.head = new Response(status, text.slice(13, lineEnd), version, new Headers(raw))
    this.frame(status)
  }

  private frame(status: number): void {
    const { facts } = this
    this.bodyLength = facts.chunked ? 'chunked' : facts.contentLength === -1 ? 'close' : facts.contentLength
    this.begin()
    if (status < 200) this.state = AT_HEAD
    if (this.method === 'HEAD') this.state = AT_END
  }
}
