/** Log lines as UDP datagrams: one a line. A receiver that is away is not noticed, as with every UDP syslog. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { lookup } from 'node:dns'
import { isIP } from 'node:net'
import type { LogSink } from '../observe/logger.js'
import type { SinkSurroundings } from './sink-surroundings.js'

/** Datagrams that wait for the kernel, and lines that wait for the resolver, before lines are lost. */
const MOST_DATAGRAMS = 4096

/** See the head of the file. */
export class UdpSink implements LogSink {
  dropped = 0
  readonly #name: string
  readonly #port: number
  readonly #surroundings: SinkSurroundings
  #socket: UdpSocket | undefined
  /** The name's IP address, once it is known. */
  #ip: string | undefined
  #resolving = false
  #waiting: string[] = []
  #warned = false

  constructor(name: string, port: number, surroundings: SinkSurroundings) {
    this.#name = name
    this.#port = port
    this.#surroundings = surroundings
    if (isIP(name) !== 0) this.#ip = name
  }

  open(): void {
    if (this.#ip === undefined) this.#resolve()
    else this.#socket ??= this.#createSocket(this.#ip)
  }

  write(line: string): void {
    if (this.#ip === undefined) this.#hold(line)
    else this.#send(line, this.#ip)
  }

  close(): void {
    this.#socket?.close()
    this.#socket = undefined
  }

  #hold(line: string): void {
    if (this.#waiting.length < MOST_DATAGRAMS) this.#waiting.push(line)
    else this.dropped++
    this.#resolve()
  }

  #send(line: string, ip: string): void {
    const socket = (this.#socket ??= this.#createSocket(ip))
    if (socket.getSendQueueCount() >= MOST_DATAGRAMS) this.dropped++
    else socket.send(Buffer.from(line, 'latin1'), this.#port, ip, this.#sent)
  }

  readonly #sent = (error: Error | null): void => {
    if (error !== null) this.dropped++
  }

  #createSocket(ip: string): UdpSocket {
    const family = isIP(ip)
    // The address is a number already: without this Node would ask the resolver for it with every line.
    const socket = createSocket({
      type: family === 6 ? 'udp6' : 'udp4',
      lookup: (host, _options, done) => done(null, host, family),
    })
    socket.on('error', () => {})
    socket.unref()
    return socket
  }

  #resolve(): void {
    if (this.#resolving) return
    this.#resolving = true
    lookup(this.#name, (error, ip) => {
      this.#resolving = false
      const lines = this.#waiting
      this.#waiting = []
      if (error === null) {
        this.#ip = ip
        for (const line of lines) this.#send(line, ip)
        return
      }
      this.dropped += lines.length
      if (this.#warned) return
      this.#warned = true
      this.#surroundings.warn(`log: the address of '${this.#name}' cannot be found (${error.code}): its lines are lost`)
    })
  }
}
