/**
 * Where the bytes of a server go: into one buffer for all connections as long as answers are small, into one of its own while a large body
 * passes. Without it, each read would be 64 KiB of fresh memory, and collecting those would cost more than passing them on.
 */
import type { Reader } from './network.js'

/** Bytes that one read takes at most. */
export const READ_SIZE = 65_536

/** A read of this many bytes is the beginning of something large. */
const LARGE = 16_384
/** Pieces up to this size are copied by whoever writes them. */
export const SMALL = 8_192

/** Who takes the bytes. */
export interface ReaderOwner {
  /** Bytes have come. */
  take(chunk: Buffer): void
  /** Some of the bytes that were taken are still needed. */
  readonly retains: boolean
  /** Copies what it still needs, since the buffer will be used again. */
  own(): void
}

/** Reads from one server connection. */
export class ServerReader implements Reader {
  /** Takes what comes; until it is there, nothing does. */
  owner: ReaderOwner | undefined = undefined
  readonly #shared: Buffer
  #own: Buffer | undefined = undefined

  /** @param shared a buffer that all connections of an engine read into */
  constructor(shared: Buffer) {
    this.#shared = shared
  }

  room(): Buffer {
    return this.#own ?? this.#shared
  }

  read(count: number): void {
    const { owner } = this
    if (owner === undefined) return
    if (this.#own !== undefined) {
      owner.take(this.#own.subarray(0, count))
      // Bytes that wait to be written, or to be understood, keep their buffer; the next ones get another.
      if (this.#own !== undefined && owner.retains) this.#own = Buffer.allocUnsafeSlow(READ_SIZE)
      return
    }
    const bytes = this.#shared.subarray(0, count)
    if (count <= SMALL) {
      owner.take(bytes)
      owner.own()
      return
    }
    if (count >= LARGE) this.#own = Buffer.allocUnsafeSlow(READ_SIZE)
    owner.take(Buffer.from(bytes))
  }

  /** The large body is over. */
  rest(): void {
    this.#own = undefined
  }
}
