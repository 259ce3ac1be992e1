/** Numbers of the peers protocol: one byte up to 239, then 4 bits there and 7 in each further byte. */

/** Reads fields of one message, never beyond its end. Once something did not fit, `broken` is set and all else reads as 0. */
export class FieldReader {
  broken = false
  #bytes: Uint8Array = EMPTY
  #at = 0
  #end = 0

  /** Turns to the bytes from `at` up to `end`. */
  reset(bytes: Uint8Array, at: number, end: number): void {
    this.#bytes = bytes
    this.#at = at
    this.#end = end
    this.broken = false
  }

  /** Bytes that have not been read. */
  get left(): number {
    return this.#end - this.#at
  }

  /** A number as {@link putVarint} writes it. Beyond 2⁵³ it is as near as a number can be. */
  varint(): number {
    if (this.#at >= this.#end) return this.#fail()
    const bytes = this.#bytes
    const first = bytes[this.#at++] as number
    if (first < 0xf0) return first
    let value = first
    for (let scale = 16; ; scale *= 128) {
      if (this.#at >= this.#end || scale > LARGEST_SCALE) return this.#fail()
      const next = bytes[this.#at++] as number
      value += next * scale
      if (next < 0x80) return value
    }
  }

  /** Four bytes, the highest first. */
  uint32(): number {
    const at = this.#take(4)
    if (at === -1) return 0
    const bytes = this.#bytes
    return (
      (((bytes[at] as number) << 24) |
        ((bytes[at + 1] as number) << 16) |
        ((bytes[at + 2] as number) << 8) |
        (bytes[at + 3] as number)) >>>
      0
    )
  }

  /** So many bytes; a view on the message. */
  bytes(length: number): Uint8Array {
    const at = this.#take(length)
    return at === -1 ? EMPTY : this.#bytes.subarray(at, at + length)
  }

  /** So many bytes as latin1. */
  text(length: number): string {
    const { buffer, byteOffset, byteLength } = this.bytes(length)
    return Buffer.from(buffer, byteOffset, byteLength).toString('latin1')
  }

  #take(length: number): number {
    if (this.broken || length > this.#end - this.#at) {
      this.#fail()
      return -1
    }
    this.#at += length
    return this.#at - length
  }

  #fail(): 0 {
    this.broken = true
    this.#at = this.#end
    return 0
  }
}

const EMPTY = new Uint8Array(0)
/** 64 bits and no more. */
const LARGEST_SCALE = 2 ** 60

/** Writes a whole number from 0 on at a place that has room for ten bytes. @returns the place behind it */
export function putVarint(into: Uint8Array, at: number, value: number): number {
  if (value < 0xf0) {
    into[at] = value
    return at + 1
  }
  into[at++] = 0xf0 | (value % 16)
  let rest = Math.floor((value - 0xf0) / 16)
  while (rest >= 0x80) {
    into[at++] = 0x80 | (rest % 128)
    rest = Math.floor((rest - 0x80) / 128)
  }
  into[at] = rest
  return at + 1
}

/** Bytes that {@link putVarint} needs. */
export function varintLength(value: number): number {
  if (value < 0xf0) return 1
  let length = 2
  for (let rest = Math.floor((value - 0xf0) / 16); rest >= 0x80; rest = Math.floor((rest - 0x80) / 128)) length++
  return length
}
