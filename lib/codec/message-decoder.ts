/** What both decoders share: bytes handed over, bodies and their framing, trailers. Heads are read by the two subclasses. */
import { Headers } from '../message/headers.js'
import { kinds } from './bytes.js'
import { HeadFacts, readFields } from './head.js'
import {
  type BodyLength,
  type BrokenPlace,
  CodecError,
  DATA,
  defaultLimits,
  END,
  ERROR,
  type Evidence,
  type Limits,
  MORE,
  type Step,
} from './step.js'

const CR = 0x0d
const LF = 0x0a
const TAB = 0x09
const SPACE = 0x20
const QUOTE = 0x22
const SEMICOLON = 0x3b
const BACKSLASH = 0x5c
const EMPTY = Buffer.alloc(0)
/** HAProxy counts no further. */
const MAX_CHUNK = 0xfffffffffffff
const HEAD_END = Buffer.from('\r\n\r\n')
/** Bytes of a chunk's size line: its digits and what little is tolerable as extensions, which we drop. */
const MAX_CHUNK_LINE = 256

/** Where a decoder stands. */
export const AT_HEAD = 0
export const IN_LENGTH = 1
export const AT_CHUNK = 2
export const IN_CHUNK = 3
export const AFTER_CHUNK = 4
export const IN_TRAILERS = 5
export const UNTIL_CLOSE = 6
export const AT_END = 7
export const BROKEN = 8

/**
 * Bytes in, steps out. `push()` hands over bytes, `next()` is called until it answers `MORE`. Nothing is emitted, no
 * timer runs, and a body is never copied: `data` is a view on what was pushed.
 */
export abstract class MessageDecoder {
  /** After `DATA`: a piece of the body, decoded; good until the next step. */
  data: Buffer = EMPTY
  /** After `END`: the trailer fields, when there were any. */
  trailers: Headers | undefined = undefined
  /** After `ERROR`: what is wrong. */
  error: CodecError | undefined = undefined
  /** From `HEAD` on: how the body ends. */
  bodyLength: BodyLength = 0
  /** From `HEAD` on: the peer's version and `Connection` let the connection live on after this message. */
  keepAlive = false
  /** From `HEAD` on: the value of `Upgrade`, when `Connection` names it; undefined otherwise. */
  upgrade: string | undefined = undefined

  protected readonly limits: Limits
  protected readonly facts = new HeadFacts()
  protected buffer: Buffer = EMPTY
  protected position = 0
  protected filled = 0
  protected state = AT_HEAD
  /** Where the first line of the message stands. */
  protected headAt = 0
  /** Where what is still here of the message begins. */
  private started = 0
  private broke: { readonly at: number; readonly place: BrokenPlace } = { at: 0, place: 'head' }
  private remaining = 0
  private searched = 0
  private owned = false

  constructor(limits: Limits = defaultLimits) {
    this.limits = limits
  }

  /** Bytes are here that no step has used: a partial head, a pipelined message, or what follows an upgrade. */
  get hasPending(): boolean {
    return this.position < this.filled
  }

  /** Hands over bytes. They are kept by reference and must not change as long as steps refer to them. */
  push(chunk: Buffer): void {
    const left = this.filled - this.position
    if (left === 0) {
      this.buffer = chunk
      this.position = 0
      this.started = 0
      this.filled = chunk.length
      this.owned = false
      this.searched = 0
      return
    }
    this.join(chunk, left)
  }

  /** After `ERROR`: where it broke, and what is still here of the message. @param most bytes of it */
  evidence(most: number): Evidence {
    const { broke, buffer, filled, started } = this
    const bytes = Buffer.from(buffer.subarray(started, Math.min(filled, started + most)))
    return { bytes, position: broke.at - started, place: broke.place }
  }

  /** Takes away all bytes that no step has used: for a tunnel, after an upgrade or CONNECT. */
  rest(): Buffer | undefined {
    if (this.position >= this.filled) return undefined
    const rest = this.buffer.subarray(this.position, this.filled)
    this.position = this.filled
    return rest
  }

  /** The next step; see the constants in `step.ts`. Whatever the bytes are, it does not throw. */
  next(): Step {
    try {
      return this.advance()
    } catch (error) {
      if (!(error instanceof CodecError)) throw error
      return this.fail(
        error.status < 500 && this.blame === 502
          ? new CodecError(error.code, 502, error.message, error.position)
          : error,
      )
    }
  }

  /** Reads a head at `buffer[position]`, sets `state` for its body. Answers `MORE` as long as it is not complete. */
  protected abstract readHead(): Step

  /** The status that errors in bodies carry: 400 for what a client sent, 502 for a server. */
  protected abstract readonly blame: number

  private advance(): Step {
    for (;;) {
      switch (this.state) {
        case AT_HEAD:
          this.started = this.position
          this.headAt = this.position
          return this.readHead()
        case IN_LENGTH:
        case IN_CHUNK:
          return this.bytes()
        case UNTIL_CLOSE:
          return this.everything()
        case AT_CHUNK:
          if (!this.chunkSize()) return MORE
          break
        case AFTER_CHUNK:
          if (!this.chunkEnd()) return MORE
          break
        case IN_TRAILERS:
          if (!this.trailerSection()) return MORE
          break
        case AT_END:
          return this.end()
        default:
          return ERROR
      }
    }
  }

  /** Ends a message and lets go of its bytes, so that an idle connection holds none. */
  protected end(): Step {
    this.state = AT_HEAD
    this.data = EMPTY
    if (this.position === this.filled) {
      this.buffer = EMPTY
      this.position = 0
      this.filled = 0
    }
    return END
  }

  protected fail(error: CodecError): Step {
    if (this.state !== BROKEN) this.broke = this.place(error.position)
    this.error = error
    this.state = BROKEN
    return ERROR
  }

  /** @param offset as errors count it */
  private place(offset: number): { readonly at: number; readonly place: BrokenPlace } {
    const { headAt, position, state } = this
    const at = offset === -1 ? position : (state === AT_HEAD ? headAt : position) + offset
    if (state === AT_HEAD) return { at, place: position === headAt ? 'head' : 'headEnd' }
    if (state === IN_TRAILERS) return { at, place: 'trailers' }
    return { at, place: state === AFTER_CHUNK ? 'chunkEnd' : 'chunkSize' }
  }

  /** Starts a body of the length that `bodyLength` says; the trailers of the message before are forgotten. */
  protected begin(): void {
    const length = this.bodyLength
    this.trailers = undefined
    if (length === 'chunked') this.state = AT_CHUNK
    else if (length === 'close') this.state = UNTIL_CLOSE
    else {
      this.remaining = length
      this.state = length === 0 ? AT_END : IN_LENGTH
    }
  }

  /**
   * Looks for the empty line that ends a head or trailer section. Answers an index behind it, or -1 when it is not here
   * yet; {@link readFields} tells where it is exactly. Throws when the section is longer than allowed, or has what can
   * never become one.
   */
  protected sectionEnd(maximum: number, tooLong: string): number {
    if (this.endsEmpty(maximum)) return this.filled
    const from = Math.max(this.position, this.searched)
    const found = this.buffer.indexOf(HEAD_END, Math.max(this.position, from - 3))
    const end = found === -1 || found + 4 > this.filled ? -1 : found + 4
    if (end === -1) this.lookOver(from)
    if ((end === -1 ? this.filled : end) - this.position > maximum) {
      throw new CodecError('ERR_HTTP1_TOO_LARGE', this.blame, tooLong, maximum)
    }
    this.searched = end === -1 ? this.filled : 0
    return end
  }

  /** The usual case, told without a search: one head has come in one piece and nothing behind it. */
  private endsEmpty(maximum: number): boolean {
    const { buffer, filled, position } = this
    if (filled - position > maximum || filled - position < 4) return false
    if (
      buffer[filled - 1] !== LF ||
      buffer[filled - 2] !== CR ||
      buffer[filled - 3] !== LF ||
      buffer[filled - 4] !== CR
    )
      return false
    this.searched = 0
    return true
  }

  /** Called for each line of an incomplete section; `end` is the index behind its CRLF. */
  protected lineEnd(_end: number): void {}

  /** Refuses an incomplete section with a bare CR, a bare LF or a control character now, for its end may never come. */
  private lookOver(from: number): void {
    const { buffer, filled, position } = this
    for (let i = from; i < filled; i++) {
      const byte = buffer[i]!
      const afterCr = i > position && buffer[i - 1] === CR
      if (afterCr !== (byte === LF) || (kinds[byte] === 0 && byte !== CR && byte !== LF)) {
        throw new CodecError('ERR_HTTP1_LINE', this.blame, 'a control character, a bare CR or a bare LF', i - position)
      }
      if (byte === LF) this.lineEnd(i + 1)
    }
  }

  private bytes(): Step {
    const here = this.filled - this.position
    if (here === 0) return MORE
    const take = Math.min(here, this.remaining)
    this.data = this.buffer.subarray(this.position, this.position + take)
    this.position += take
    this.remaining -= take
    if (this.remaining === 0) this.state = this.state === IN_CHUNK ? AFTER_CHUNK : AT_END
    return DATA
  }

  private everything(): Step {
    const rest = this.rest()
    if (rest === undefined) return MORE
    this.data = rest
    return DATA
  }

  /** RFC 9112 §7.1: digits in hex, extensions (dropped), CRLF. Answers false when the line is not complete. */
  private chunkSize(): boolean {
    const { buffer, filled } = this
    let i = this.position
    let size = 0
    let digits = 0
    for (; i < filled; i++) {
      const digit = hexDigit(buffer[i]!)
      if (digit === -1) break
      size = size * 16 + digit
      if (++digits > 16 || size > MAX_CHUNK) throw this.broken('a chunk is larger than can be counted', i)
    }
    if (i === filled) return false
    if (digits === 0) throw this.broken('a chunk size is not a hexadecimal number', i)
    if (buffer[i] !== CR) {
      i = this.extension(i)
      if (i === -1) return false
    }
    if (i + 1 === filled) return false
    if (buffer[i + 1] !== LF) throw this.broken('a bare CR in a chunk size line', i + 1)
    this.position = i + 2
    this.remaining = size
    this.state = size === 0 ? IN_TRAILERS : IN_CHUNK
    return true
  }

  /** Passes over chunk extensions from `i` on; answers the index of the CR, -1 when it is not here yet. */
  private extension(i: number): number {
    const { buffer, filled, position } = this
    let quoted = false
    let begun = false
    for (; i < filled; i++) {
      const byte = buffer[i]!
      if (i - position > MAX_CHUNK_LINE) throw this.broken('chunk extensions are too long', i)
      if (byte === CR && begun && !quoted) return i
      if ((byte < 0x20 && byte !== TAB) || byte === 0x7f)
        throw this.broken('a control character in a chunk size line', i)
      if (byte === QUOTE) quoted = !quoted
      else if (byte === BACKSLASH && quoted) i++
      else if (byte === SEMICOLON) begun = true
      else if (!begun && byte !== SPACE && byte !== TAB)
        throw this.broken('a chunk size is followed by something else than extensions', i)
    }
    return -1
  }

  private chunkEnd(): boolean {
    const { buffer, filled, position } = this
    if (position === filled) return false
    if (buffer[position] !== CR) throw this.broken('a chunk is longer than its size says', position)
    if (position + 1 === filled) return false
    if (buffer[position + 1] !== LF) throw this.broken('a bare CR after a chunk', position + 1)
    this.position = position + 2
    this.state = AT_CHUNK
    return true
  }

  private trailerSection(): boolean {
    const { buffer, position, filled } = this
    if (position === filled) return false
    if (buffer[position] === LF) throw this.broken('a bare LF in a trailer section', position)
    if (position + 1 === filled) return false
    if (buffer[position] === CR && buffer[position + 1] === LF) {
      this.position += 2
      this.state = AT_END
      return true
    }
    const end = this.sectionEnd(this.limits.maxHead, 'the trailer section is too large')
    if (end === -1) return false
    const raw: string[] = []
    this.position = readFields(
      buffer,
      position,
      buffer.toString('latin1', position, end),
      position,
      this.limits,
      raw,
      undefined,
    )
    if (raw.length > 0) this.trailers = new Headers(raw)
    this.state = AT_END
    return true
  }

  /** @param at an index of the buffer */
  private broken(message: string, at: number): CodecError {
    return new CodecError('ERR_HTTP1_BODY', this.blame, message, at - this.position)
  }

  /** Joins `chunk` to the bytes left over, in a buffer with room for more, so that bytes that drip in cost little. */
  private join(chunk: Buffer, left: number): void {
    const total = left + chunk.length
    if (this.owned && this.filled + chunk.length <= this.buffer.length) {
      chunk.copy(this.buffer, this.filled)
      this.filled += chunk.length
      return
    }
    const room = total <= this.limits.maxHead ? Math.max(512, total * 2) : total
    const joined = Buffer.allocUnsafeSlow(room)
    this.buffer.copy(joined, 0, this.position, this.filled)
    chunk.copy(joined, left)
    this.buffer = joined
    this.searched = Math.max(0, this.searched - this.position)
    this.position = 0
    this.started = 0
    this.filled = total
    this.owned = true
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}
