/** A ring: the latest log lines and events in memory, and servers that get a copy of each by TCP. Manual, chapter 3.9 "Rings". */
import { z } from 'zod'
import { type Clock, systemClock } from '../base/clock.js'
import { checkOptions, durationOption, integerOption, nameOption } from '../base/options.js'
import type { EventSink, SeenValue } from '../match/event-sink.js'
import type { LogSink } from '../observe/logger.js'
import { SyslogDress, type SyslogFormat, syslogFormats } from '../observe/syslog.js'
import { parseLogAddress } from './log-address.js'
import { type LogFraming, StreamSink } from './stream-sink.js'

/** A receiver of a ring's lines. */
export interface RingServer {
  readonly name: string
  /** `host:port`, or the path of a unix socket of stream kind. */
  readonly address: string
  /** How lines are told apart: by line feeds, or by their length in front. Default `legacy`. Manual, `log-proto`. */
  readonly framing?: LogFraming
}

/** What a ring is made of. */
export interface RingOptions {
  /** What it is for: `show events` tells it. Default: its name. Manual, `description`. */
  readonly description?: string
  /** Bytes that it holds, at least 1024; the oldest lines make room. Default 16384. Manual, `size`. */
  readonly size?: number
  /** Longest line in bytes, what is around its text included; longer ones are cut. Default: as the logger says. Manual, `maxlen`. */
  readonly maxLength?: number
  /** What is put around the text, for all who log to it. Default `raw`. */
  readonly format?: SyslogFormat
  readonly servers?: readonly RingServer[]
  /** How long a connect may take. Default 5 s. Manual, `timeout connect`. */
  readonly connectTimeout?: number | string
  /** How long a server may take nothing before it is left. Default: no limit. Manual, `timeout server`. */
  readonly serverTimeout?: number | string
  /** Told once when a server cannot be reached. Default: `process.emitWarning`. */
  readonly warn?: (text: string) => void
  /** Default: the system's. */
  readonly clock?: Clock
}

const ringOptions = z.strictObject({
  description: z.string().optional(),
  size: integerOption(1024, 2 ** 31 - 1).optional(),
  maxLength: integerOption(80, 2 ** 31 - 1).optional(),
  format: z.enum(syslogFormats, { error: `must be one of ${syslogFormats.join(', ')}` }).optional(),
  servers: z
    .array(
      z.strictObject({
        name: nameOption,
        address: z.string(),
        framing: z.enum(['legacy', 'octet-count'], { error: "must be 'legacy' or 'octet-count'" }).optional(),
      }),
    )
    .optional(),
  connectTimeout: durationOption.optional(),
  serverTimeout: durationOption.optional(),
  warn: z
    .custom<(text: string) => void>((given) => typeof given === 'function', { error: 'must be a function' })
    .optional(),
  clock: z
    .custom<Clock>((given) => typeof given === 'object' && given !== null, { error: 'must be a clock' })
    .optional(),
})

const DEFAULT_SIZE = 16_384

/**
 * A ring buffer for log lines, `syslog(new Ring('events', { … }))`, and for what expressions see: `path.debug('in', ring)`.
 * @throws {OptionError} that names the option that is wrong
 */
export class Ring implements LogSink, EventSink {
  readonly name: string
  readonly description: string
  readonly format: SyslogFormat
  readonly maxLength: number | undefined
  readonly #size: number
  readonly #lines: string[] = []
  /** The oldest of them; what stood before has been forgotten. */
  #first = 0
  readonly #watchers = new Set<(line: string) => void>()
  /** Of what is no log line; made with the first. */
  #dress: SyslogDress | undefined = undefined
  readonly #servers: readonly StreamSink[]
  #bytes = 0

  constructor(name: string, options: RingOptions = {}) {
    const subject = `Ring '${name}'`
    this.name = checkOptions(subject, nameOption, name)
    const checked = checkOptions(subject, ringOptions, options)
    this.description = checked.description ?? this.name
    this.format = checked.format ?? 'raw'
    this.maxLength = checked.maxLength
    this.#size = checked.size ?? DEFAULT_SIZE
    const surroundings = {
      clock: checked.clock ?? systemClock,
      warn: checked.warn ?? ((text: string) => process.emitWarning(text)),
    }
    this.#servers = (checked.servers ?? []).map((server) => {
      const target = {
        to: place(subject, server.address),
        name: `server '${server.name}' of ring '${name}'`,
        framing: server.framing ?? 'legacy',
        size: this.#size,
        connectTimeout: checked.connectTimeout ?? 5_000,
        stallTimeout: checked.serverTimeout ?? Number.POSITIVE_INFINITY,
      }
      return new StreamSink(target, surroundings)
    })
  }

  /** The lines that it holds, oldest first, without their line feeds. */
  get events(): readonly string[] {
    return this.#lines.slice(this.#first).map((line) => line.slice(0, -1))
  }

  /**
   * Tells of each line that comes from now on, without its line feed.
   * @returns a function that ends it
   */
  watch(told: (line: string) => void): () => void {
    const watcher = (line: string): void => told(line)
    this.#watchers.add(watcher)
    return () => void this.#watchers.delete(watcher)
  }

  /** Lines that a server has not got. */
  get dropped(): number {
    return this.#servers.reduce((sum, { dropped }) => sum + dropped, 0)
  }

  write(line: string): void {
    this.#lines.push(line)
    this.#bytes += line.length
    while (this.#bytes > this.#size) this.#forget()
    for (const server of this.#servers) server.write(line)
    for (const watcher of this.#watchers) watcher(line.slice(0, -1))
  }

  /** A value that an expression saw, as one line: as a log line of facility `kern` and level `emerg`, of no program. */
  show({ text, wall }: SeenValue): void {
    const { format, maxLength } = this
    const length = maxLength ?? this.#size
    this.#dress ??= new SyslogDress({ facility: 'kern', format, tag: undefined, pid: 0, hostname: undefined, length })
    this.write(this.#dress.line(0, text, wall))
  }

  #forget(): void {
    this.#bytes -= (this.#lines[this.#first] as string).length
    this.#lines[this.#first++] = ''
    if (this.#first < 1024 || this.#first * 2 < this.#lines.length) return
    this.#lines.splice(0, this.#first)
    this.#first = 0
  }

  open(): void {
    for (const server of this.#servers) server.open()
  }

  close(): void {
    for (const server of this.#servers) server.close()
  }
}

function place(subject: string, address: string): { host: string; port: number } | { path: string } {
  const parsed = checkOptions(
    subject,
    z.string().transform((text, context) => {
      try {
        const found = parseLogAddress(/^[a-z0-9+]+@|^\//.test(text) ? text : `tcp@${text}`)
        if (found.kind === 'tcp' || found.kind === 'stream' || found.kind === 'unix') return found
        context.addIssue({ code: 'custom', message: `'${text}' is no place for a stream: write host:port` })
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message })
      }
      return z.NEVER
    }) as unknown as z.ZodType<{ kind: string; host: string; port: number } | { kind: string; path: string }>,
    address,
  )
  return 'path' in parsed ? { path: parsed.path } : { host: parsed.host, port: parsed.port }
}
