/**
 * A keyed hash of 32 bits for tables whose keys strangers choose: HalfSipHash with one round a word and three at the end. Without the secret
 * nobody can tell which keys fall together.
 */

/** Hashes with one secret of 64 bits. */
export class SipHash {
  readonly #left: number
  readonly #right: number

  constructor(left: number, right: number) {
    this.#left = left | 0
    this.#right = right | 0
  }

  /** Up to four words of 32 bits: the first `count` of those given. Unsigned. */
  words(count: number, a: number, b = 0, c = 0, d = 0): number {
    let v0 = this.#left
    let v1 = this.#right
    let v2 = v0 ^ 0x6c796765
    let v3 = v1 ^ 0x74656462
    // One round for each word and for the length, and three behind the 0xff.
    const last = count + 3
    for (let i = 0; i <= last; i++) {
      const word = i > count ? 0 : i === count ? count << 26 : i === 0 ? a : i === 1 ? b : i === 2 ? c : d
      v3 ^= word
      v0 = (v0 + v1) | 0
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
      v0 = (v0 << 16) | (v0 >>> 16)
      v2 = (v2 + v3) | 0
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
      v0 = (v0 + v3) | 0
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
      v2 = (v2 + v1) | 0
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
      v2 = (v2 << 16) | (v2 >>> 16)
      v0 ^= word
      if (i === count) v2 ^= 0xff
    }
    return (v1 ^ v3) >>> 0
  }

  /** A text, one character a byte. Unsigned. */
  text(text: string): number {
    const { length } = text
    const count = length >>> 2
    let v0 = this.#left
    let v1 = this.#right
    let v2 = v0 ^ 0x6c796765
    let v3 = v1 ^ 0x74656462
    const last = count + 3
    for (let i = 0; i <= last; i++) {
      const word = i > count ? 0 : i === count ? tail(text, i * 4) | (length << 24) : wordAt(text, i * 4)
      v3 ^= word
      v0 = (v0 + v1) | 0
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
      v0 = (v0 << 16) | (v0 >>> 16)
      v2 = (v2 + v3) | 0
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
      v0 = (v0 + v3) | 0
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
      v2 = (v2 + v1) | 0
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
      v2 = (v2 << 16) | (v2 >>> 16)
      v0 ^= word
      if (i === count) v2 ^= 0xff
    }
    return (v1 ^ v3) >>> 0
  }
}

function wordAt(text: string, at: number): number {
  return (
    text.charCodeAt(at) |
    (text.charCodeAt(at + 1) << 8) |
    (text.charCodeAt(at + 2) << 16) |
    (text.charCodeAt(at + 3) << 24)
  )
}

/** The last bytes, which are no whole word. */
function tail(text: string, from: number): number {
  let word = 0
  for (let at = from; at < text.length; at++) word |= text.charCodeAt(at) << (8 * (at - from))
  return word
}
