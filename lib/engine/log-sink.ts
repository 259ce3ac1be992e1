/**
 * Where log lines go: UDP, TCP, unix sockets, a descriptor that was inherited (stdout, stderr, a pipe). A receiver that is slow or away costs
 * lines, which are counted; it never costs time, memory without bound or an exception. What is in the lines is made in `observe/`.
 */
import type { LogSink } from '../observe/logger.js'
import { DescriptorSink } from './descriptor-sink.js'
import type { LogAddress } from './log-address.js'
import { MOST_WAITING, type SinkSurroundings } from './sink-surroundings.js'
import { StreamSink } from './stream-sink.js'
import { UdpSink } from './udp-sink.js'
import { UnixSink, unixStream } from './unix-sink.js'

/** Opens nothing yet: that is done with the first line, or by `open()`. @throws {Error} for a ring, which its owner has to bring */
export function logSink(address: LogAddress, surroundings: SinkSurroundings): LogSink {
  switch (address.kind) {
    case 'udp':
      return new UdpSink(address.host, address.port, surroundings)
    case 'tcp': {
      const { host, port } = address
      const patience = { connectTimeout: 5_000, stallTimeout: Number.POSITIVE_INFINITY }
      const target = {
        to: { host, port },
        name: `${host}:${port}`,
        framing: 'legacy',
        size: MOST_WAITING,
        ...patience,
      } as const
      return new StreamSink(target, surroundings)
    }
    case 'stream':
      return unixStream(address.path, surroundings)
    case 'unix':
      return new UnixSink(address.path, surroundings)
    case 'ring':
      throw new Error(`'ring@${address.name}' stands for a Ring: give that`)
    default:
      return new DescriptorSink(address.fd, surroundings)
  }
}
