/** Networks of IP addresses, and large sets of them that are asked quickly. What is done with the answer lives elsewhere. */
import { Ip, ipv4ToNumber, word } from './ip.js'

/** One network, as in `10.0.0.0/8`. Bits of the address beyond the prefix count as zero. */
export class Cidr {
  /** The first address. */
  readonly ip: Ip
  /** Leading bits that the network's addresses share. */
  readonly prefix: number

  constructor(ip: Ip, prefix: number) {
    const bits = ip.bytes.length * 8
    if (!Number.isInteger(prefix) || prefix < 0 || prefix > bits)
      throw new RangeError(`the prefix length of an IPv${ip.family} network must be 0 to ${bits}, but is ${prefix}`)
    this.ip = Ip.fromBytes(
      ip.bytes.map((byte, index) => byte & (0xff00 >> Math.min(8, Math.max(0, prefix - 8 * index)))),
    )
    this.prefix = prefix
  }

  /**
   * Reads `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `fd00::/8`, or a bare address, which is a network of one.
   * @throws {RangeError} that says what is wrong and what is allowed
   */
  static parse(text: string): Cidr {
    const slash = text.indexOf('/')
    const ip = Ip.parse(slash < 0 ? text : text.slice(0, slash))
    if (ip === undefined)
      throw new RangeError(`'${text}' is not an IP address or network: write 192.0.2.1, 10.0.0.0/8 or fd00::/8`)
    if (slash < 0) return new Cidr(ip, ip.bytes.length * 8)
    const prefix = prefixLength(ip.family, text.slice(slash + 1))
    if (prefix < 0) {
      const allowed = ip.family === 4 ? '0 to 32, or a mask such as 255.255.0.0' : '0 to 128'
      throw new RangeError(`'${text}' has a bad prefix length: it must be ${allowed}`)
    }
    return new Cidr(ip, prefix)
  }

  has(ip: Ip): boolean {
    if (ip.family !== this.ip.family) return false
    const whole = this.prefix >> 3
    for (let i = 0; i < whole; i++) if (ip.bytes[i] !== this.ip.bytes[i]) return false
    const rest = this.prefix & 7
    return rest === 0 || ((ip.bytes[whole]! ^ this.ip.bytes[whole]!) & (0xff00 >> rest) & 0xff) === 0
  }

  toString(): string {
    return `${this.ip}/${this.prefix}`
  }
}

function prefixLength(family: 4 | 6, text: string): number {
  if (/^\d{1,3}$/.test(text)) {
    const prefix = Number(text)
    return prefix <= (family === 4 ? 32 : 128) ? prefix : -1
  }
  const mask = family === 4 ? ipv4ToNumber(text) : -1
  if (mask < 0) return -1
  const prefix = Math.clz32(~mask)
  return (prefix === 0 ? 0 : (-1 << (32 - prefix)) >>> 0) === mask ? prefix : -1
}

/**
 * Any number of networks, merged and sorted once, asked by binary search; asking allocates nothing.
 *
 * The families meet as in HAProxy (tried on 2.6): an IPv4 network also has the IPv6 addresses that carry one of its own
 * (`::ffff:a.b.c.d`, `::a.b.c.d`, `2002:a.b.c.d::`), and an IPv6 network has an IPv4 address when it has its mapped form.
 */
export class CidrSet {
  /** How many networks were given. */
  readonly size: number
  readonly #v4: Ranges4
  readonly #v6: Ranges6

  /** @throws {RangeError} when one of them cannot be read; see {@link Cidr.parse} */
  constructor(networks: Iterable<Cidr | string>) {
    const v4: Cidr[] = []
    const v6: Cidr[] = []
    for (const each of networks) {
      const network = typeof each === 'string' ? Cidr.parse(each) : each
      if (network.ip.family === 4) v4.push(network)
      else v6.push(network)
    }
    this.size = v4.length + v6.length
    this.#v4 = new Ranges4(v4)
    this.#v6 = new Ranges6(v6)
  }

  has(ip: Ip): boolean {
    const { bytes } = ip
    if (ip.family === 4) {
      const number = word(bytes, 0)
      return this.#v4.has(number) || this.#v6.has(0, 0, 0xffff, number)
    }
    const first = word(bytes, 0)
    const second = word(bytes, 4)
    const third = word(bytes, 8)
    const fourth = word(bytes, 12)
    if (this.#v6.has(first, second, third, fourth)) return true
    if (first === 0 && second === 0) return (third === 0 || third === 0xffff) && this.#v4.has(fourth)
    return first >>> 16 === 0x2002 && this.#v4.has(((first << 16) | (second >>> 16)) >>> 0)
  }

  /** The same for an IPv4 address that is known as a number (see `ipv4ToNumber`). */
  hasNumber(number: number): boolean {
    return this.#v4.has(number) || this.#v6.has(0, 0, 0xffff, number)
  }
}

/** Disjoint ranges of IPv4 addresses in order. */
class Ranges4 {
  readonly #starts: Uint32Array
  readonly #ends: Uint32Array

  constructor(networks: readonly Cidr[]) {
    const starts = new Uint32Array(networks.length)
    const ends = new Uint32Array(networks.length)
    const sorted = networks.map((network) => ({ start: network.ip.number, size: 2 ** (32 - network.prefix) }))
    sorted.sort((a, b) => a.start - b.start || b.size - a.size)
    let count = 0
    let covered = -1
    for (const { start, size } of sorted) {
      if (start <= covered) continue
      starts[count] = start
      ends[count] = covered = start + size - 1
      count++
    }
    this.#starts = starts.slice(0, count)
    this.#ends = ends.slice(0, count)
  }

  has(number: number): boolean {
    const starts = this.#starts
    let low = 0
    let high = starts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (starts[middle]! <= number) low = middle + 1
      else high = middle
    }
    return low > 0 && number <= this.#ends[low - 1]!
  }
}

/** Disjoint networks of IPv6 addresses in order, four words each. */
class Ranges6 {
  readonly #starts: Uint32Array
  readonly #prefixes: Uint8Array
  readonly #count: number

  constructor(networks: readonly Cidr[]) {
    const sorted = [...networks].sort((a, b) => compareBytes(a.ip.bytes, b.ip.bytes) || a.prefix - b.prefix)
    const kept: Cidr[] = []
    for (const network of sorted) if (kept.at(-1)?.has(network.ip) !== true) kept.push(network)
    this.#count = kept.length
    this.#starts = new Uint32Array(kept.length * 4)
    this.#prefixes = Uint8Array.from(kept, (network) => network.prefix)
    for (const [index, network] of kept.entries()) {
      for (let i = 0; i < 4; i++) this.#starts[index * 4 + i] = word(network.ip.bytes, i * 4)
    }
  }

  has(a: number, b: number, c: number, d: number): boolean {
    if (this.#count === 0) return false
    const starts = this.#starts
    let low = 0
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >>> 1
      const at = middle * 4
      const order = starts[at]! - a || starts[at + 1]! - b || starts[at + 2]! - c || starts[at + 3]! - d
      if (order <= 0) low = middle + 1
      else high = middle
    }
    if (low === 0) return false
    const at = (low - 1) * 4
    const prefix = this.#prefixes[low - 1]!
    return (
      sameStart(a, starts[at]!, prefix) &&
      sameStart(b, starts[at + 1]!, prefix - 32) &&
      sameStart(c, starts[at + 2]!, prefix - 64) &&
      sameStart(d, starts[at + 3]!, prefix - 96)
    )
  }
}

/** Whether two words share their first `bits` bits; none when it is not positive. */
function sameStart(a: number, b: number, bits: number): boolean {
  if (bits <= 0) return true
  return bits >= 32 ? a === b : (a ^ b) >>> (32 - bits) === 0
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return 0
}
