/** An IP address as a value: read from text, written as text. Networks live in `cidr`, addresses with ports in `address`. */

/** An IPv4 address as an unsigned 32-bit number, or -1 when `text` is none. Four decimal numbers, without leading zeros. */
export function ipv4ToNumber(text: string): number {
  const length = text.length
  if (length < 7 || length > 15) return -1
  return ipv4At(text, 0, length)
}

function ipv4At(text: string, from: number, to: number): number {
  let value = 0
  let part = 0
  let digits = 0
  let dots = 0
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x2e) {
      if (digits === 0 || ++dots > 3) return -1
      value = value * 256 + part
      part = digits = 0
      continue
    }
    const digit = code - 0x30
    if (digit < 0 || digit > 9 || (digits > 0 && part === 0)) return -1
    part = part * 10 + digit
    digits++
    if (part > 255) return -1
  }
  return dots === 3 && digits > 0 ? value * 256 + part : -1
}

/** The text of an IPv4 address that is given as an unsigned number. */
export function ipv4ToText(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`
}

/** One IP address; it never changes. */
export class Ip {
  readonly family: 4 | 6
  /** 4 or 16 bytes in network order. Not to be written to. */
  readonly bytes: Uint8Array
  private text: string | undefined

  private constructor(family: 4 | 6, bytes: Uint8Array, text?: string) {
    this.family = family
    this.bytes = bytes
    this.text = text
  }

  /** Reads an IPv4 or IPv6 address (RFC 4291 §2.2), without brackets, port or zone; `undefined` when it is none. */
  static parse(text: string): Ip | undefined {
    const number = ipv4ToNumber(text)
    if (number >= 0) return new Ip(4, bytesOf(number), text)
    const bytes = ipv6Bytes(text)
    return bytes === undefined ? undefined : new Ip(6, bytes)
  }

  /** An IPv4 address from an unsigned 32-bit number. */
  static fromNumber(value: number): Ip {
    return new Ip(4, bytesOf(value))
  }

  /** An address from its 4 or 16 bytes, which are copied. */
  static fromBytes(bytes: Uint8Array): Ip {
    if (bytes.length !== 4 && bytes.length !== 16)
      throw new RangeError(`an IP address has 4 or 16 bytes, not ${bytes.length}`)
    return new Ip(bytes.length === 4 ? 4 : 6, Uint8Array.from(bytes))
  }

  /**
   * Reads an address as sockets report it: an IPv4 client of an IPv6 socket (`::ffff:192.0.2.1`) becomes the IPv4 address
   * that it is, and a link-local address loses its zone (`fe80::1%eth0`).
   */
  static fromSocket(text: string | undefined): Ip | undefined {
    if (text === undefined) return undefined
    const number = ipv4ToNumber(text)
    if (number >= 0) return new Ip(4, bytesOf(number), text)
    const zone = text.indexOf('%')
    return Ip.parse(zone < 0 ? text : text.slice(0, zone))?.unmapped
  }

  /** The IPv4 address that an IPv4-mapped one (`::ffff:a.b.c.d`) stands for; otherwise the address itself. */
  get unmapped(): Ip {
    return isMapped(this) ? Ip.fromBytes(this.bytes.subarray(12)) : this
  }

  /** An IPv4 address as an unsigned number; -1 for IPv6. */
  get number(): number {
    return this.family === 4 ? word(this.bytes, 0) : -1
  }

  /** The canonical text (RFC 5952). */
  toString(): string {
    return (this.text ??= this.family === 4 ? ipv4ToText(word(this.bytes, 0)) : ipv6Text(this.bytes))
  }

  equals(other: Ip): boolean {
    if (this.family !== other.family) return false
    for (let i = 0; i < this.bytes.length; i++) if (this.bytes[i] !== other.bytes[i]) return false
    return true
  }
}

/** Four bytes of an address as an unsigned number. */
export function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
}

function bytesOf(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
}

function isMapped(ip: Ip): boolean {
  if (ip.family === 4) return false
  for (let i = 0; i < 10; i++) if (ip.bytes[i] !== 0) return false
  return ip.bytes[10] === 255 && ip.bytes[11] === 255
}

/** The 16 bytes of an IPv6 address in text form. */
function ipv6Bytes(text: string): Uint8Array | undefined {
  const length = text.length
  if (length < 2 || length > 45) return undefined
  const bytes = new Uint8Array(16)
  let filled = 0
  let gap = -1
  let at = 0
  if (text.charCodeAt(0) === 0x3a) {
    if (text.charCodeAt(1) !== 0x3a) return undefined
    gap = 0
    at = 2
  }
  while (at < length) {
    const end = groupEnd(text, at)
    if (text.charCodeAt(end) === 0x2e) {
      const tail = filled <= 12 ? ipv4At(text, at, length) : -1
      if (tail < 0) return undefined
      for (let i = 0; i < 4; i++) bytes[filled++] = tail >>> (24 - 8 * i)
      at = length
      break
    }
    if (end === at || end - at > 4 || filled === 16) return undefined
    const group = Number.parseInt(text.slice(at, end), 16)
    bytes[filled++] = group >>> 8
    bytes[filled++] = group
    at = end
    if (at === length) break
    if (text.charCodeAt(at) !== 0x3a || ++at === length) return undefined
    if (text.charCodeAt(at) === 0x3a) {
      if (gap >= 0) return undefined
      gap = filled
      at++
    }
  }
  if (gap < 0) return filled === 16 ? bytes : undefined
  if (filled === 16) return undefined
  bytes.copyWithin(16 - (filled - gap), gap, filled)
  bytes.fill(0, gap, 16 - (filled - gap))
  return bytes
}

/** Where the hexadecimal digits that begin at `at` end. */
function groupEnd(text: string, at: number): number {
  let end = at
  while (end < text.length) {
    const code = text.charCodeAt(end)
    const lower = code | 0x20
    if ((code < 0x30 || code > 0x39) && (lower < 0x61 || lower > 0x66)) break
    end++
  }
  return end
}

function ipv6Text(bytes: Uint8Array): string {
  if (word(bytes, 0) === 0 && word(bytes, 4) === 0) {
    const four = ipv4ToText(word(bytes, 12))
    if (word(bytes, 8) === 0xffff) return `::ffff:${four}`
    // The compatible form is long out of use, but still how the C library writes it.
    if (word(bytes, 8) === 0 && (bytes[12] !== 0 || bytes[13] !== 0)) return `::${four}`
  }
  const { start, length } = longestZeros(bytes)
  let text = ''
  for (let group = 0; group < 8; group++) {
    if (group === start) {
      text += '::'
      group += length - 1
      continue
    }
    if (text !== '' && !text.endsWith(':')) text += ':'
    text += ((bytes[2 * group]! << 8) | bytes[2 * group + 1]!).toString(16)
  }
  return text
}

/** The longest run of two or more zero groups, the first of those of equal length (RFC 5952 §4.2). */
function longestZeros(bytes: Uint8Array): { start: number; length: number } {
  const best = { start: -1, length: 1 }
  for (let group = 0; group < 8; group++) {
    let length = 0
    while (group + length < 8 && bytes[2 * (group + length)] === 0 && bytes[2 * (group + length) + 1] === 0) length++
    if (length > best.length) {
      best.start = group
      best.length = length
    }
    group += length
  }
  return best
}
