/** A logger that writes syslog lines: which levels pass, which lines of a sample, how they are dressed. Where they go is a {@link LogSink}. */
import type { Clock } from '../base/clock.js'
import type { LogFormat } from './log-format.js'
import type { Logger, LogSink } from './logger.js'
import type { TransactionRecord } from './record.js'
import { type Level, levels, SyslogDress, type SyslogHeader } from './syslog.js'

/** Only some of the lines: of each `size` lines those whose turn, from 1 on, is in a range (both ends included). Manual, `log`, `sample`. */
export interface LogSample {
  readonly ranges: readonly (readonly [first: number, last: number])[]
  readonly size: number
}

/** What a {@link SyslogLogger} is made of. */
export interface SyslogSettings extends SyslogHeader {
  /** The least grave level that is sent. */
  readonly level: Level
  /** The gravest level that lines claim. */
  readonly minLevel: Level
  readonly sample: LogSample | undefined
  readonly logFormat: LogFormat
  readonly clock: Clock
  /** Told once when lines are lost for a reason that will not pass by itself. */
  readonly warn: (text: string) => void
}

/** Which turn it is in a sample; loggers of one target take turns together. */
interface Turn {
  count: number
}

const INFO = levels.indexOf('info')
const beyondBytes = /[^\x00-\xff]/

/** Text as one character a byte, in UTF-8 where it holds more. */
const bytes = (text: string): string => (beyondBytes.test(text) ? Buffer.from(text).toString('latin1') : text)

/** See `syslog()` and `stdoutLog()`, which make it. */
export class SyslogLogger implements Logger {
  readonly #settings: SyslogSettings
  readonly #sink: LogSink
  readonly #turn: Turn
  readonly #dress: SyslogDress
  readonly #leastGrave: number
  readonly #gravest: number
  #faulty = 0

  constructor(settings: SyslogSettings, sink: LogSink, turn: Turn = { count: 0 }) {
    this.#settings = settings
    this.#sink = sink
    this.#turn = turn
    this.#dress = new SyslogDress(settings)
    this.#leastGrave = levels.indexOf(settings.level)
    this.#gravest = levels.indexOf(settings.minLevel)
  }

  /** Lines that were lost: the receiver was too slow or away, or the log format threw. */
  get dropped(): number {
    return this.#sink.dropped + this.#faulty
  }

  /** The same target (one socket, one sample) for another proxy: with its own tag or format of lines. */
  with(changes: { readonly tag?: string; readonly logFormat?: LogFormat }): SyslogLogger {
    return new SyslogLogger({ ...this.#settings, ...changes }, this.#sink, this.#turn)
  }

  transaction(record: TransactionRecord): void {
    if (INFO > this.#leastGrave) return
    const text = this.#textOf(record)
    if (text !== undefined) this.#send(INFO, text)
  }

  notice(level: Level, text: string): void {
    const number = levels.indexOf(level)
    if (number <= this.#leastGrave) this.#send(number, text)
  }

  open(): void {
    this.#sink.open()
  }

  close(): void {
    this.#sink.close()
  }

  /** A format that its user wrote may throw; that costs the line, and nothing else. */
  #textOf(record: TransactionRecord): string | undefined {
    try {
      return this.#settings.logFormat(record)
    } catch (error) {
      if (this.#faulty++ === 0) this.#settings.warn(`log: the log format threw, its line is lost: ${error}`)
      return undefined
    }
  }

  #send(level: number, text: string): void {
    if (!this.#isSampled()) return
    this.#sink.write(this.#dress.line(Math.max(level, this.#gravest), bytes(text), this.#settings.clock.wall()))
  }

  #isSampled(): boolean {
    const { sample } = this.#settings
    if (sample === undefined) return true
    const turn = (this.#turn.count++ % sample.size) + 1
    return sample.ranges.some(([first, last]) => first <= turn && turn <= last)
  }
}
