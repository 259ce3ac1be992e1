/**
 * Where log lines go: UDP, a unix stream socket, a descriptor that was inherited (stdout, stderr, a pipe). A receiver that is slow or away costs
 * lines, which are counted; it never costs time, memory without bound or an exception. What is in the lines is made in `observe/`.
 */
import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { lookup } from 'node:dns'
import { fstatSync, write as writeFile, writeSync } from 'node:fs'
import { connect, isIP, Socket } from 'node:net'
import type { Clock } from '../base/clock.js'
import type { LogSink } from '../observe/logger.js'

/** Where a log line can be sent to. */
export type LogAddress =
  | { readonly kind: 'udp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'fd'; readonly fd: number }

/** What every sink needs beside its address. */
export interface SinkSurroundings {
  readonly clock: Clock
  /** Told once when the target cannot be reached. */
  readonly warn: (text: string) => void
}

/** Bytes that wait for a slow reader, and datagrams that wait for the kernel, before lines are lost. */
const MOST_WAITING = 1 << 20
const MOST_DATAGRAMS = 4096
/** Milliseconds between two attempts to reach a unix socket. */
const RETRY_AFTER = 1000

/**
 * Understands the address of a `log` line. Manual, `log`.
 * @throws {Error} that says what is wrong with it
 */
export function parseLogAddress(text: string): LogAddress {
  if (text === 'stdout') return { kind: 'fd', fd: 1 }
  if (text === 'stderr') return { kind: 'fd', fd: 2 }
  const [, family = '', rest = text] = /^([a-z0-9+]+)@(.*)$/s.exec(text) ?? []
  if (family === 'fd') {
    if (!/^\d{1,9}$/.test(rest)) throw new Error(`'${text}' is no descriptor: write fd@ and a number`)
    return { kind: 'fd', fd: Number(rest) }
  }
  if (family === 'unix' || (family === '' && rest.startsWith('/'))) return { kind: 'unix', path: rest }
  if (!['', 'udp', 'udp4', 'udp6', 'ipv4', 'ipv6'].includes(family))
    throw new Error(`'${family}@' is not supported yet for logs`)
  return parseUdp(text, rest)
}

function parseUdp(text: string, rest: string): LogAddress {
  const colon = rest.startsWith('[') ? rest.indexOf(':', rest.indexOf(']')) : rest.lastIndexOf(':')
  const host = (colon < 0 ? rest : rest.slice(0, colon)).replace(/^\[(.*)\]$/, '$1')
  const port = colon < 0 ? '' : rest.slice(colon + 1)
  if (host === '') throw new Error(`'${text}' has no host: write it as in 127.0.0.1:514`)
  if (port !== '' && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535))
    throw new Error(`'${text}' has no usable port: it must be 1 to 65535`)
  return { kind: 'udp', host, port: port === '' ? 514 : Number(port) }
}

/** Opens nothing yet: that is done with the first line, or by `open()`. */
export function logSink(address: LogAddress, surroundings: SinkSurroundings): LogSink {
  switch (address.kind) {
    case 'udp':
      return new UdpSink(address.host, address.port, surroundings)
    case 'unix':
      return new UnixSink(address.path, surroundings)
    default:
      return new DescriptorSink(address.fd, surroundings)
  }
}

/** One datagram a line. A receiver that is away is not noticed, as with every UDP syslog. */
class UdpSink implements LogSink {
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

/** Lines on a stream: what the reader has not taken yet is bounded. */
class StreamEnd {
  dropped = 0
  readonly #socket: Socket

  constructor(socket: Socket) {
    this.#socket = socket
    socket.unref()
  }

  write(line: string): void {
    if (this.#socket.destroyed || this.#socket.writableLength + line.length > MOST_WAITING) this.dropped++
    else this.#socket.write(line, 'latin1')
  }

  end(): void {
    this.#socket.end()
  }
}

/** A unix socket of stream kind. One of datagram kind, as syslog daemons have at /dev/log, cannot be reached from Node. */
class UnixSink implements LogSink {
  readonly #path: string
  readonly #surroundings: SinkSurroundings
  #stream: StreamEnd | undefined
  #lost = 0
  #nextTry = Number.NEGATIVE_INFINITY
  #warned = false

  constructor(path: string, surroundings: SinkSurroundings) {
    this.#path = path
    this.#surroundings = surroundings
  }

  get dropped(): number {
    return this.#lost + (this.#stream?.dropped ?? 0)
  }

  open(): void {
    const now = this.#surroundings.clock.now()
    if (this.#stream !== undefined || now < this.#nextTry) return
    this.#nextTry = now + RETRY_AFTER
    const socket = connect({ path: this.#path })
    const stream = new StreamEnd(socket)
    this.#stream = stream
    socket.on('error', (error: NodeJS.ErrnoException) => this.#failed(error))
    socket.on('close', () => {
      this.#lost += stream.dropped
      if (this.#stream === stream) this.#stream = undefined
    })
    socket.resume()
  }

  write(line: string): void {
    this.open()
    if (this.#stream === undefined) this.#lost++
    else this.#stream.write(line)
  }

  close(): void {
    this.#stream?.end()
    this.#nextTry = Number.NEGATIVE_INFINITY
  }

  #failed(error: NodeJS.ErrnoException): void {
    if (this.#warned) return
    this.#warned = true
    if (error.code === 'EPROTOTYPE') {
      this.#surroundings.warn(
        `log: ${this.#path} is a datagram socket, which Node cannot write to: its lines are lost. ` +
          "Let the syslog daemon listen on UDP and write 'log 127.0.0.1:514 <facility>', or log to stdout",
      )
    } else
      this.#surroundings.warn(
        `log: ${this.#path} cannot be reached (${error.code ?? error.message}): its lines are lost`,
      )
  }
}

/** A descriptor that the process was born with. It is never closed here. */
class DescriptorSink implements LogSink {
  readonly #fd: number
  readonly #surroundings: SinkSurroundings
  #end: StreamEnd | FileEnd | undefined
  #lost = 0

  constructor(fd: number, surroundings: SinkSurroundings) {
    this.#fd = fd
    this.#surroundings = surroundings
  }

  get dropped(): number {
    return this.#lost + (this.#end?.dropped ?? 0)
  }

  open(): void {
    if (this.#end !== undefined || this.#lost > 0) return
    try {
      const kind = fstatSync(this.#fd)
      if (kind.isFIFO() || kind.isSocket()) this.#end = new StreamEnd(this.#openStream())
      else this.#end = new FileEnd(this.#fd)
    } catch (error) {
      this.#surroundings.warn(
        `log: descriptor ${this.#fd} cannot be written to: its lines are lost (${(error as Error).message})`,
      )
    }
  }

  write(line: string): void {
    this.open()
    if (this.#end === undefined) this.#lost++
    else this.#end.write(line)
  }

  close(): void {
    if (this.#end instanceof FileEnd) this.#end.flush()
  }

  /** Not `process.stdout`: on a pipe that one waits for its reader, and the whole process with it. */
  #openStream(): Socket {
    const socket = new Socket({ fd: this.#fd, readable: false, writable: true })
    socket.on('error', () => {})
    return socket
  }
}

/** A file, or a terminal: written in the background, one write at a time. */
class FileEnd {
  dropped = 0
  readonly #fd: number
  #waiting = ''
  #busy = false

  constructor(fd: number) {
    this.#fd = fd
  }

  write(line: string): void {
    if (this.#waiting.length + line.length > MOST_WAITING) this.dropped++
    else this.#waiting += line
    if (!this.#busy) this.#next()
  }

  /** Writes the rest at once: the process may be about to end. */
  flush(): void {
    const rest = this.#waiting
    this.#waiting = ''
    if (rest === '') return
    try {
      writeSync(this.#fd, rest, null, 'latin1')
    } catch {
      this.dropped++
    }
  }

  #next(): void {
    const text = this.#waiting
    if (text === '') return
    this.#waiting = ''
    this.#busy = true
    writeFile(this.#fd, Buffer.from(text, 'latin1'), (error) => {
      this.#busy = false
      if (error !== null) this.dropped++
      this.#next()
    })
  }
}
