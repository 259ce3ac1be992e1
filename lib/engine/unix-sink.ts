/** Log lines on a unix socket of whatever kind: datagrams where a daemon takes those, a stream otherwise. Which one it is, the first connect tells. */
import type { LogSink } from '../observe/logger.js'
import { DatagramSink, loadDatagrams, withoutDatagrams } from './datagram-sink.js'
import { MOST_WAITING, type SinkSurroundings } from './sink-surroundings.js'
import { StreamSink } from './stream-sink.js'

/** A stream to a unix socket. */
export function unixStream(
  path: string,
  surroundings: SinkSurroundings,
  refused?: (error: NodeJS.ErrnoException) => boolean,
): StreamSink {
  const patience = { connectTimeout: 5_000, stallTimeout: Number.POSITIVE_INFINITY }
  const target = { to: { path }, name: path, framing: 'legacy', size: MOST_WAITING, ...patience } as const
  return new StreamSink(target, surroundings, refused)
}

/** A socket whose kind is not known. */
export class UnixSink implements LogSink {
  readonly #path: string
  readonly #surroundings: SinkSurroundings
  readonly #stream: StreamSink
  #datagrams: DatagramSink | undefined
  #lost = 0
  #refused = false

  constructor(path: string, surroundings: SinkSurroundings) {
    this.#path = path
    this.#surroundings = surroundings
    this.#stream = unixStream(path, surroundings, (error) => this.#isDatagram(error))
  }

  get dropped(): number {
    return this.#lost + this.#stream.dropped + (this.#datagrams?.dropped ?? 0)
  }

  open(): void {
    if (this.#refused) this.#datagrams?.open()
    else this.#stream.open()
  }

  write(line: string): void {
    if (!this.#refused) this.#stream.write(line)
    else if (this.#datagrams === undefined) this.#lost++
    else this.#datagrams.write(line)
  }

  close(): void {
    this.#stream.close()
    this.#datagrams?.close()
  }

  #isDatagram({ code }: NodeJS.ErrnoException): boolean {
    if (code !== 'EPROTOTYPE') return false
    this.#refused = true
    const datagrams = loadDatagrams()
    const waiting = this.#stream.take()
    if (datagrams === undefined) {
      this.#lost += waiting.length
      this.#surroundings.warn(withoutDatagrams(this.#path))
      return true
    }
    this.#datagrams = new DatagramSink(this.#path, datagrams, this.#surroundings)
    for (const line of waiting) this.#datagrams.write(line)
    return true
  }
}
