/** Log lines as datagrams on a unix socket, as syslog daemons have at /dev/log. Node has none: an optional package does it, loaded when it is needed. */
import { createRequire } from 'node:module'
import type { LogSink } from '../observe/logger.js'
import type { SinkSurroundings } from './sink-surroundings.js'

/** What is used of the package `unix-dgram`. */
interface Datagrams {
  createSocket(type: 'unix_dgram'): DatagramSocket
}

interface DatagramSocket {
  on(event: string, listener: (error?: Error) => void): void
  send(data: Buffer, offset: number, length: number, path: string, done: (error?: Error) => void): void
  close(): void
}

const PACKAGE = 'unix-dgram'

/** The package, if it is installed. */
export function loadDatagrams(load = createRequire(import.meta.url)): Datagrams | undefined {
  try {
    return load(PACKAGE) as Datagrams
  } catch {
    return undefined
  }
}

/** What to say when it is not. */
export const withoutDatagrams = (path: string): string =>
  `log: ${path} is a datagram socket, which needs the package '${PACKAGE}' (npm install ${PACKAGE}): its lines are lost. ` +
  "Or let the syslog daemon listen on UDP and write 'log 127.0.0.1:514 <facility>', or log to stdout"

/** One socket. Sending is at once: what the daemon does not take is lost and counted. */
export class DatagramSink implements LogSink {
  dropped = 0
  readonly #path: string
  readonly #datagrams: Datagrams
  readonly #surroundings: SinkSurroundings
  #socket: DatagramSocket | undefined
  #warned = false

  constructor(path: string, datagrams: Datagrams, surroundings: SinkSurroundings) {
    this.#path = path
    this.#datagrams = datagrams
    this.#surroundings = surroundings
  }

  open(): void {
    if (this.#socket !== undefined) return
    const socket = this.#datagrams.createSocket('unix_dgram')
    socket.on('error', () => {})
    this.#socket = socket
  }

  write(line: string): void {
    this.open()
    const data = Buffer.from(line, 'latin1')
    this.#socket?.send(data, 0, data.length, this.#path, (error) => this.#sent(error))
  }

  close(): void {
    this.#socket?.close()
    this.#socket = undefined
  }

  #sent(error: Error | undefined): void {
    if (error === undefined || error === null) {
      this.#warned = false
      return
    }
    this.dropped++
    if (this.#warned) return
    this.#warned = true
    this.#surroundings.warn(`log: ${this.#path} does not take lines (${error.message}): they are lost`)
  }
}
