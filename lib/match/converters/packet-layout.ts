/** Where the parts of Ethernet frames, IP packets and TCP heads begin and end. Each gives nothing for what is too short to be one. */

/** An Ethernet frame; `end` is where what it carries begins. */
export interface Frame {
  readonly bytes: Buffer
  readonly end: number
  /** The EtherType behind all VLAN tags. */
  readonly protocol: number
  /** The number of the last VLAN. */
  readonly vlan: number | undefined
}

/** An IP packet, without what a frame was padded with; `end` is where what it carries begins. */
export interface Packet {
  readonly version: 4 | 6
  readonly bytes: Buffer
  readonly end: number
  readonly protocol: number
  readonly tos: number
  readonly ttl: number
}

const VLAN_TYPES: readonly number[] = [0x8100, 0x88a8]

export function frameOf(bytes: Buffer): Frame | undefined {
  let vlan: number | undefined
  for (let at = 12; at + 2 <= bytes.length; at += 4) {
    const protocol = bytes.readUInt16BE(at)
    if (!VLAN_TYPES.includes(protocol)) return { bytes, end: at + 2, protocol, vlan }
    if (at + 4 > bytes.length) return undefined
    vlan = bytes.readUInt16BE(at + 2) & 0x0fff
  }
  return undefined
}

export function ipOf(bytes: Buffer): Packet | undefined {
  const version = (bytes[0] ?? 0) >> 4
  if (version === 4) return ipv4Of(bytes)
  return version === 6 ? ipv6Of(bytes) : undefined
}

function ipv4Of(bytes: Buffer): Packet | undefined {
  const end = ((bytes[0] ?? 0) & 0x0f) * 4
  if (end < 20 || end > bytes.length) return undefined
  const length = Math.max(end, bytes.readUInt16BE(2))
  const whole = bytes.subarray(0, length)
  return { version: 4, bytes: whole, end, protocol: bytes[9]!, tos: bytes[1]!, ttl: bytes[8]! }
}

/** The extensions that may stand before what is carried: hop-by-hop, routing, fragment, destination options, authentication. */
const EXTENSIONS: readonly number[] = [0, 43, 44, 51, 60]

function ipv6Of(bytes: Buffer): Packet | undefined {
  if (bytes.length < 40) return undefined
  const whole = bytes.subarray(0, 40 + bytes.readUInt16BE(4))
  let protocol = bytes[6]!
  let end = 40
  while (EXTENSIONS.includes(protocol)) {
    if (end + 8 > whole.length) return undefined
    const size = protocol === 44 ? 8 : protocol === 51 ? 4 * (whole[end + 1]! + 2) : 8 * (whole[end + 1]! + 1)
    protocol = whole[end]!
    end += size
    if (end > whole.length) return undefined
  }
  return { version: 6, bytes: whole, end, protocol, tos: (bytes.readUInt16BE(0) >> 4) & 0xff, ttl: bytes[7]! }
}

/** The head of a segment, with all of its options. */
export function tcpOf(bytes: Buffer): Buffer | undefined {
  const length = ((bytes[12] ?? 0) >> 4) * 4
  return length < 20 || length > bytes.length ? undefined : bytes.subarray(0, length)
}

/** What a TCP head's options say. */
export interface TcpOptions {
  /** Their kinds in order, without the end's. */
  readonly kinds: readonly number[]
  readonly mss: number | undefined
  readonly scale: number | undefined
  readonly time: number | undefined
}

/** Reads them up to the first that does not fit. */
export function optionsOf(head: Buffer): TcpOptions {
  const kinds: number[] = []
  let mss: number | undefined
  let scale: number | undefined
  let time: number | undefined
  for (let at = 20; at < head.length; ) {
    const kind = head[at]!
    if (kind === 0) break
    const size = kind === 1 ? 1 : (head[at + 1] ?? 0)
    if (size < 1 || (kind !== 1 && size < 2) || at + size > head.length) break
    kinds.push(kind)
    if (kind === 2 && size >= 4) mss = head.readUInt16BE(at + 2)
    if (kind === 3 && size >= 3) scale = head[at + 2]!
    if (kind === 8 && size >= 10) time = head.readUInt32BE(at + 2)
    at += size
  }
  return { kinds, mss, scale, time }
}
