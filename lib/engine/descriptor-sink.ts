/** Log lines on a descriptor that the process was born with: stdout, stderr, a pipe, a file. */
import { fstatSync, write as writeFile } from 'node:fs'
import { Socket } from 'node:net'
import type { LogSink } from '../observe/logger.js'
import { MOST_WAITING, type SinkSurroundings } from './sink-surroundings.js'

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

/** A descriptor that the process was born with. It is never closed here. */
export class DescriptorSink implements LogSink {
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

  async close(): Promise<void> {
    if (this.#end instanceof FileEnd) await this.#end.written
  }

  /** Not `process.stdout`: on a pipe that one waits for its reader, and the whole process with it. */
  #openStream(): Socket {
    const socket = new Socket({ fd: this.#fd, readable: false, writable: true })
    socket.on('error', () => {})
    return socket
  }
}

/** A file, or a terminal: written in the background, one write at a time, so that no line overtakes another. */
class FileEnd {
  dropped = 0
  /** Resolves when all that was handed over so far has been written or lost: the process may be about to end. */
  written: Promise<void> = Promise.resolve()
  readonly #fd: number
  #waiting = ''
  #busy = false

  constructor(fd: number) {
    this.#fd = fd
  }

  write(line: string): void {
    if (this.#waiting.length + line.length > MOST_WAITING) this.dropped++
    else this.#waiting += line
    if (!this.#busy && this.#waiting !== '') this.written = this.#drain()
  }

  async #drain(): Promise<void> {
    this.#busy = true
    while (this.#waiting !== '') {
      const text = this.#waiting
      this.#waiting = ''
      if (!(await this.#put(Buffer.from(text, 'latin1')))) this.dropped++
    }
    this.#busy = false
  }

  /** Resolves with false when the rest of it cannot be written. */
  #put(bytes: Buffer): Promise<boolean> {
    return new Promise((resolve) => {
      writeFile(this.#fd, bytes, (error, count) => {
        if (error !== null || count === 0) resolve(false)
        else resolve(count === bytes.length || this.#put(bytes.subarray(count)))
      })
    })
  }
}
