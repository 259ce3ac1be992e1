/** Converters that take Ethernet frames, IP packets and TCP heads apart. They only read the bytes that they are given; Node itself hands out no packets. */
import { Ip } from '../../base/ip.js'
import { type ConverterDefinition, defineConverter } from '../converter.js'
import type { StaticType, Value } from '../value.js'
import { fingerprint } from './packet-fingerprint.js'
import { frameOf, ipOf, optionsOf, tcpOf } from './packet-layout.js'

/** The converters of frames and packets. */
export const packetConverters: readonly ConverterDefinition[] = [
  part('eth.data', 'bin', frameOf, ({ bytes, end }) => bytes.subarray(end)),
  part('eth.hdr', 'bin', frameOf, ({ bytes, end }) => bytes.subarray(0, end)),
  part('eth.dst', 'bin', frameOf, ({ bytes }) => bytes.subarray(0, 6)),
  part('eth.src', 'bin', frameOf, ({ bytes }) => bytes.subarray(6, 12)),
  part('eth.proto', 'int', frameOf, ({ protocol }) => protocol),
  part('eth.vlan', 'int', frameOf, ({ vlan }) => vlan),
  part('ip.data', 'bin', ipOf, ({ bytes, end }) => bytes.subarray(end)),
  part('ip.hdr', 'bin', ipOf, ({ bytes, end }) => bytes.subarray(0, end)),
  part('ip.src', 'ip', ipOf, ({ version, bytes }) =>
    Ip.fromBytes(version === 4 ? bytes.subarray(12, 16) : bytes.subarray(8, 24)),
  ),
  part('ip.dst', 'ip', ipOf, ({ version, bytes }) =>
    Ip.fromBytes(version === 4 ? bytes.subarray(16, 20) : bytes.subarray(24, 40)),
  ),
  part('ip.proto', 'int', ipOf, ({ protocol }) => protocol),
  part('ip.tos', 'int', ipOf, ({ tos }) => tos),
  part('ip.ttl', 'int', ipOf, ({ ttl }) => ttl),
  part('ip.ver', 'int', ipOf, ({ version }) => version),
  part('ip.df', 'int', ipOf, ({ version, bytes }) => (version === 6 || (bytes[6]! & 0x40) !== 0 ? 1 : 0)),
  defineConverter({
    name: 'ip.fp',
    from: 'bin',
    type: 'bin',
    arguments: [{ name: 'mode', type: 'integer', optional: true }],
    prepare:
      ([mode = 0]) =>
      (value) =>
        fingerprint(value, Number(mode)),
  }),
  part('tcp.src', 'int', tcpOf, (bytes) => bytes.readUInt16BE(0)),
  part('tcp.dst', 'int', tcpOf, (bytes) => bytes.readUInt16BE(2)),
  part('tcp.seq', 'int', tcpOf, (bytes) => bytes.readUInt32BE(4)),
  part('tcp.flags', 'int', tcpOf, (bytes) => bytes[13]!),
  part('tcp.win', 'int', tcpOf, (bytes) => bytes.readUInt16BE(14)),
  part('tcp.options.mss', 'int', tcpOf, (bytes) => optionsOf(bytes).mss ?? 0),
  part('tcp.options.wscale', 'int', tcpOf, (bytes) => optionsOf(bytes).scale ?? 0),
  part('tcp.options.wsopt', 'int', tcpOf, (bytes) => (optionsOf(bytes).scale === undefined ? 0 : 1)),
  part('tcp.options.sack', 'int', tcpOf, (bytes) => (optionsOf(bytes).kinds.includes(4) ? 1 : 0)),
  part('tcp.options.tsopt', 'int', tcpOf, (bytes) => (optionsOf(bytes).time === undefined ? 0 : 1)),
  part('tcp.options.tsval', 'int', tcpOf, (bytes) => optionsOf(bytes).time),
  part('tcp.options_list', 'bin', tcpOf, (bytes) => Buffer.from(optionsOf(bytes).kinds)),
]

function part<T>(
  name: string,
  type: StaticType,
  read: (bytes: Buffer) => T | undefined,
  tell: (layout: T) => Value | undefined,
): ConverterDefinition {
  return defineConverter({
    name,
    from: 'bin',
    type,
    prepare: () => (value) => {
      const layout = read(value)
      return layout === undefined ? undefined : tell(layout)
    },
  })
}
