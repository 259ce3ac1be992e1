/** The fingerprint of a TCP client that HAProxy's `ip.fp` makes of the packet that it opened its connection with. */
import { ipOf, optionsOf, type Packet, tcpOf } from './packet-layout.js'

/** What can be appended. */
const APPENDED = { ttl: 1, options: 2, source: 4 } as const

const CWR = 0x80
const ECE = 0x40

/** Eight bytes, and what `mode` adds to them; nothing when the packet carries no TCP. */
export function fingerprint(bytes: Buffer, mode: number): Buffer | undefined {
  const packet = ipOf(bytes)
  if (packet === undefined || packet.protocol !== 6) return undefined
  const carried = packet.bytes.subarray(packet.end)
  const head = tcpOf(carried)
  if (head === undefined) return undefined
  const options = optionsOf(head)
  const fixed = Buffer.alloc(8)
  fixed[0] = packet.tos
  fixed[1] = flags(packet, head, carried.length > head.length)
  fixed[2] = ((head.length / 4) << 4) | (options.scale === undefined ? 0 : Math.min(15, options.scale + 1))
  fixed.writeUInt16BE(head.readUInt16BE(14), 3)
  fixed.writeUInt16BE(options.mss ?? 0, 5)
  fixed[7] = options.kinds.reduce((bits, kind) => bits | bitOf(kind), 0)
  const parts: Buffer[] = [fixed]
  if ((mode & APPENDED.ttl) !== 0) parts.push(Buffer.of(packet.ttl))
  if ((mode & APPENDED.options) !== 0) parts.push(Buffer.from(options.kinds))
  if ((mode & APPENDED.source) !== 0)
    parts.push(packet.version === 4 ? packet.bytes.subarray(12, 16) : packet.bytes.subarray(8, 24))
  return Buffer.concat(parts)
}

/** Version, don't-fragment, the class of the time to live, IP options, data, and the two bits of congestion control. */
function flags(packet: Packet, head: Buffer, data: boolean): number {
  const { version, bytes, end, ttl } = packet
  const sixth = version === 6
  const whole = sixth || (bytes[6]! & 0x40) !== 0
  const ttlClass = ttl <= 32 ? 0 : ttl <= 64 ? 1 : ttl <= 128 ? 2 : 3
  const options = end > (sixth ? 40 : 20)
  const control = head[13]!
  return (
    (sixth ? 0x80 : 0) |
    (whole ? 0x40 : 0) |
    (ttlClass << 4) |
    (options ? 0x08 : 0) |
    (data ? 0x04 : 0) |
    ((control & CWR) !== 0 ? 0x02 : 0) |
    ((control & ECE) !== 0 ? 0x01 : 0)
  )
}

/** Kinds 2 to 8 have a bit each, all later ones the last. */
function bitOf(kind: number): number {
  if (kind < 2) return 0
  return kind <= 8 ? 1 << (kind - 2) : 0x80
}
