/** What a decoder's `next()` answers, and the error that it answers with. The decoders themselves live in their own files. */

/** Everything handed over is used up: push more bytes, or end the stream. */
export const MORE = 0
/** A head is complete and stands in `head`. */
export const HEAD = 1
/** A piece of body stands in `data`; it is a view on the bytes that were pushed. */
export const DATA = 2
/** The message is complete; trailers, if any, stand in `trailers`. */
export const END = 3
/** The stream is broken and stands in `error`; the decoder answers nothing else from now on. */
export const ERROR = 4

/** One of the five answers. */
export type Step = typeof MORE | typeof HEAD | typeof DATA | typeof END | typeof ERROR

/** How long a body is: so many bytes (0: there is none), or as its chunks say, or until the peer closes. */
export type BodyLength = number | 'chunked' | 'close'

/** Which part of a message was being read when it broke; `headEnd`: all of its head had come, and did not agree with itself. */
export type BrokenPlace = 'head' | 'headEnd' | 'chunkSize' | 'chunkEnd' | 'trailers'

/** What a broken stream is shown by. */
export interface Evidence {
  /** A copy of what had come of the message, or of what came of it last. */
  readonly bytes: Buffer
  /** The byte of those where it broke; their number, when that is behind them. */
  readonly position: number
  readonly place: BrokenPlace
}

/** Bounds of what a peer may make us hold. */
export interface Limits {
  /** Bytes of a head from its first line to its empty line, and of a trailer section. HAProxy: `tune.bufsize` less `tune.maxrewrite`. */
  readonly maxHead: number
  /** Lines of a head, its first line included, and of a trailer section. HAProxy: `tune.http.maxhdr`. */
  readonly maxFields: number
  /** Counted on top of a request head's bytes, once and for each field: what HAProxy's own form of it takes. Default 0. */
  readonly headCost?: number
  readonly fieldCost?: number
}

/** HAProxy's defaults: bufsize 16384, maxrewrite 1024, maxhdr 101. */
export const defaultLimits: Limits = { maxHead: 16384 - 1024, maxFields: 101, headCost: 79, fieldCost: 4 }

/**
 * Why bytes were refused. `status` is what the client is answered with, as HAProxy does: 400 for what it sent itself (422 for
 * transfer codings before `chunked`), 502 for what a server sent. `position` counts bytes of the head, or from where a chunk or its line is read; -1 is where reading stood.
 */
export class CodecError extends Error {
  override readonly name = 'CodecError'
  /** For programs: `ERR_HTTP1_…`. */
  readonly code: string
  readonly status: number
  readonly position: number

  constructor(code: string, status: number, message: string, position = -1) {
    super(message)
    this.code = code
    this.status = status
    this.position = position
  }
}
