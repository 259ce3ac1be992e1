/** A logger that writes syslog lines: which transactions and levels pass, which lines of a sample, how they are dressed. Where they go is a {@link LogSink}. */
import type { Clock } from '../base/clock.js'
import type { Context } from '../match/context.js'
import type { LogFormat } from './log-format.js'
import type { LogProfile } from './log-profile.js'
import type { Logger, LogSink, LogStep } from './logger.js'
import { isTroubled, type TransactionRecord } from './record.js'
import { type Level, levels, SyslogDress, type SyslogHeader } from './syslog.js'

/** Only some of the lines: of each `size` lines those whose turn, from 1 on, is in a range (both ends included). Manual, `log`, `sample`. */
export interface LogSample {
  readonly ranges: readonly (readonly [first: number, last: number])[]
  readonly size: number
}

/** How the lines of one frontend are made, and which there are. Manual, chapter 8.3. */
export interface LinePolicy {
  readonly logFormat: LogFormat
  /** The structured data of RFC 5424. Manual, `log-format-sd`. */
  readonly structuredData?: LogFormat | undefined
  /** For clients that did not get as far as a request. Manual, `error-log-format`. */
  readonly errorFormat?: LogFormat | undefined
  /** The moments at which lines are written. Default: the end. */
  readonly at?: readonly LogStep[] | undefined
  /** Nothing is written of what went well. Manual, `option dontlog-normal`. */
  readonly skipNormal?: boolean | undefined
  /** What went wrong is an error. Manual, `option log-separate-errors`. */
  readonly separateErrors?: boolean | undefined
  /** Formats by moment, which stand before all others. Manual of HAProxy 3.x, `log-profile`. */
  readonly profile?: LogProfile | undefined
  /** The profiles that `do-log profile …` may name. */
  readonly profiles?: ReadonlyMap<string, LogProfile> | undefined
  /** The lines show our own address towards servers. */
  readonly wantsLocalAddress?: boolean | undefined
}

/** What a {@link SyslogLogger} is made of. */
export interface SyslogSettings extends SyslogHeader, LinePolicy {
  /** The least grave level that is sent. */
  readonly level: Level
  /** The gravest level that lines claim. */
  readonly minLevel: Level
  readonly sample: LogSample | undefined
  readonly clock: Clock
  /** Told once when lines are lost for a reason that will not pass by itself. */
  readonly warn: (text: string) => void
}

/** Which turn it is in a sample; loggers of one target take turns together. */
interface Turn {
  count: number
}

const INFO = levels.indexOf('info')
const ERR = levels.indexOf('err')
const CLOSE: readonly LogStep[] = ['close']
const beyondBytes = /[^\x00-\xff]/

/** Text as one character a byte, in UTF-8 where it holds more. */
const bytes = (text: string): string => (beyondBytes.test(text) ? Buffer.from(text).toString('latin1') : text)

/** See `syslog()` and `stdoutLog()`, which make it. */
export class SyslogLogger implements Logger {
  readonly steps: readonly LogStep[]
  readonly wantsLocalAddress: boolean
  readonly #settings: SyslogSettings
  readonly sink: LogSink
  readonly #turn: Turn
  readonly #dress: SyslogDress
  readonly #leastGrave: number
  readonly #gravest: number
  readonly #atClose: boolean
  /** What has had its line before the end, where not every moment has one. */
  readonly #written: WeakSet<TransactionRecord> | undefined
  #faulty = 0

  constructor(settings: SyslogSettings, sink: LogSink, turn: Turn = { count: 0 }) {
    this.#settings = settings
    this.sink = sink
    this.#turn = turn
    this.#dress = new SyslogDress(settings)
    this.#leastGrave = levels.indexOf(settings.level)
    this.#gravest = levels.indexOf(settings.minLevel)
    const at = settings.at ?? CLOSE
    this.steps = at.filter((step) => step !== 'close')
    this.#atClose = at.includes('close')
    // A line that does not wait for the end comes at the end all the same when it did not get so far.
    this.#written = this.#atClose ? undefined : new WeakSet()
    this.wantsLocalAddress = settings.wantsLocalAddress === true
  }

  /** Lines that were lost: the receiver was too slow or away, or the log format threw. */
  get dropped(): number {
    return this.sink.dropped + this.#faulty
  }

  /** The same target (one socket, one sample) for another proxy: with its own tag or lines. */
  with(changes: { readonly tag?: string } & Partial<LinePolicy>): SyslogLogger {
    return new SyslogLogger({ ...this.#settings, ...changes }, this.sink, this.#turn)
  }

  transaction(record: TransactionRecord, context?: Context): void {
    if (this.#written?.has(record) === true) return
    const fault = record.logOrigin === 'sess_error'
    if (!fault) record.logOrigin = 'txn_close'
    this.#log(record, context, fault ? 'error' : 'close', this.#settings.profile)
  }

  step(step: LogStep, record: TransactionRecord, context: Context): void {
    if (!this.steps.includes(step)) return
    if (this.#written !== undefined) {
      if (this.#written.has(record)) return
      this.#written.add(record)
    }
    record.logOrigin = `txn_${step}`
    this.#log(record, context, step, this.#settings.profile)
  }

  order(record: TransactionRecord, context: Context, profile: string | undefined): void {
    const { profiles, profile: own } = this.#settings
    this.#log(record, context, record.logOrigin, profile === undefined ? own : profiles?.get(profile))
  }

  notice(level: Level, text: string): void {
    const number = levels.indexOf(level)
    if (number <= this.#leastGrave) this.#send(number, text, undefined, this.#dress)
  }

  open(): void {
    this.sink.open()
  }

  close(): void | Promise<void> {
    return this.sink.close()
  }

  #log(record: TransactionRecord, context: Context | undefined, step: string, profile: LogProfile | undefined): void {
    const { skipNormal, separateErrors } = this.#settings
    if (skipNormal === true && !isTroubled(record)) return
    const level = levelOf(record, context, separateErrors === true)
    if (level < 0 || level > this.#leastGrave) return
    const lines = profile?.lines(step)
    if (lines?.drop === true) return
    const format = lines?.format ?? this.#formatOf(record)
    const text = this.#textOf(format, record, context)
    if (text === undefined) return
    const structured = lines?.structuredData ?? this.#settings.structuredData
    const data = structured === undefined ? undefined : this.#textOf(structured, record, context)
    this.#send(level, text, data, profile?.tag === undefined ? this.#dress : profile.dress(this.#settings))
  }

  #formatOf({ logOrigin }: TransactionRecord): LogFormat {
    const { logFormat, errorFormat } = this.#settings
    return logOrigin === 'sess_error' ? (errorFormat ?? logFormat) : logFormat
  }

  /** A format that its user wrote may throw; that costs the line, and nothing else. */
  #textOf(format: LogFormat, record: TransactionRecord, context: Context | undefined): string | undefined {
    try {
      return format(record, context)
    } catch (error) {
      if (this.#faulty++ === 0) this.#settings.warn(`log: the log format threw, its line is lost: ${error}`)
      return undefined
    }
  }

  #send(level: number, text: string, structured: string | undefined, dress: SyslogDress): void {
    if (!this.#isSampled()) return
    const data = structured === undefined ? undefined : bytes(structured)
    this.sink.write(dress.line(Math.max(level, this.#gravest), bytes(text), this.#settings.clock.wall(), data))
  }

  #isSampled(): boolean {
    const { sample } = this.#settings
    if (sample === undefined) return true
    const turn = (this.#turn.count++ % sample.size) + 1
    return sample.ranges.some(([first, last]) => first <= turn && turn <= last)
  }
}

/** What rules said, or by how it went; negative for `silent`. */
function levelOf(record: TransactionRecord, context: Context | undefined, separateErrors: boolean): number {
  const ordered = context?.orders?.logLevel
  if (ordered !== undefined) return levels.indexOf(ordered as Level)
  return separateErrors && isTroubled(record) ? ERR : INFO
}
