/** The handshake of the peers protocol: three lines of whoever calls, and a status in answer. */
import { BAD_VERSION, PROTOCOL_ERROR, REMOTE_UNKNOWN } from './peers-format.js'

const PROTOCOL = 'HAProxyS'
/** Versions that are understood; ours comes last. */
const VERSIONS: readonly string[] = ['2.0', '2.1']
/** Bytes of a line at most: names are short. */
const LONGEST_LINE = 1024
const LF = 10

/** What whoever calls says. */
export interface Hello {
  readonly version: string
  /** Who calls. */
  readonly caller: string
  /** The id of its process, as it says. */
  readonly processId: number
}

/** A hello is whole, is refused with a status, is too long to be answered at all, or goes on. */
export type HelloStep =
  | { readonly type: 'hello'; readonly hello: Hello }
  | { readonly type: 'refused'; readonly status: number }
  | { readonly type: 'endless' }
  | undefined

/** The lines of a hello. @param pid of our process */
export function helloText(called: string, caller: string, pid: number): string {
  return `${PROTOCOL} ${VERSIONS.at(-1)}\n${called}\n${caller} ${pid} 1\n`
}

/** Lines as they come in pieces, each with a bound. */
class LineReader {
  #kept: Buffer = Buffer.alloc(0)

  /** The bytes behind the lines that were taken. */
  get rest(): Buffer {
    return this.#kept
  }

  feed(chunk: Uint8Array): void {
    this.#kept = this.#kept.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#kept, chunk])
  }

  /** The next line, without its end. */
  next(): string | 'endless' | undefined {
    const end = this.#kept.indexOf(LF)
    if (end > LONGEST_LINE || (end === -1 && this.#kept.length > LONGEST_LINE)) return 'endless'
    if (end === -1) return undefined
    const line = this.#kept.toString('latin1', 0, end)
    this.#kept = this.#kept.subarray(end + 1)
    return line.endsWith('\r') ? line.slice(0, -1) : line
  }
}

/** Reads the hello of whoever calls. */
export class HelloReader {
  readonly #name: string
  readonly #lines = new LineReader()
  #version: string | undefined = undefined
  #called = false

  /** @param name ours */
  constructor(name: string) {
    this.#name = name
  }

  /** Bytes that came behind the hello. */
  get rest(): Buffer {
    return this.#lines.rest
  }

  /** Takes bytes; answers as soon as something can be said. */
  feed(chunk: Uint8Array): HelloStep {
    this.#lines.feed(chunk)
    for (let line = this.#lines.next(); line !== undefined; line = this.#lines.next()) {
      if (line === 'endless') return { type: 'endless' }
      const step = this.#take(line)
      if (step !== undefined) return step
    }
    return undefined
  }

  #take(line: string): HelloStep {
    if (this.#version === undefined) return this.#takeVersion(line)
    if (!this.#called) {
      this.#called = true
      return line === this.#name ? undefined : { type: 'refused', status: REMOTE_UNKNOWN }
    }
    const [caller = '', processId] = line.split(' ', 2)
    if (processId === undefined) return { type: 'refused', status: PROTOCOL_ERROR }
    return { type: 'hello', hello: { version: this.#version, caller, processId: Number.parseInt(processId, 10) || 0 } }
  }

  #takeVersion(line: string): HelloStep {
    if (!line.startsWith(`${PROTOCOL} `)) return { type: 'refused', status: PROTOCOL_ERROR }
    const version = line.slice(PROTOCOL.length + 1)
    if (!VERSIONS.includes(version)) return { type: 'refused', status: BAD_VERSION }
    this.#version = version
    return undefined
  }
}

/** Reads the status that a hello is answered with. */
export class StatusReader {
  readonly #lines = new LineReader()

  get rest(): Buffer {
    return this.#lines.rest
  }

  /** The status, once it is there; -1 when it is none. */
  feed(chunk: Uint8Array): number | undefined {
    this.#lines.feed(chunk)
    const line = this.#lines.next()
    if (line === undefined) return undefined
    return /^\d{3}$/.test(line) ? Number(line) : -1
  }
}
