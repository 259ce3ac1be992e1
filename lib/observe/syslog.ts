/**
 * What is put around the text of a log line: priority, time, host, tag and process id, in the formats of RFC 3164, RFC 5424 and HAProxy's
 * short ones. Manual, `log`. The text itself is made in `log-format.ts`; sending the line is the engine's part.
 */
import { monthName, two } from './dates.js'

/** Syslog's facilities, by number. RFC 5424 section 6.2.1, with HAProxy's names. */
export const facilities = [
  'kern',
  'user',
  'mail',
  'daemon',
  'auth',
  'syslog',
  'lpr',
  'news',
  'uucp',
  'cron',
  'auth2',
  'ftp',
  'ntp',
  'audit',
  'alert',
  'cron2',
  'local0',
  'local1',
  'local2',
  'local3',
  'local4',
  'local5',
  'local6',
  'local7',
] as const
export type Facility = (typeof facilities)[number]

/** Syslog's levels, by number: the lower, the graver. */
export const levels = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const
export type Level = (typeof levels)[number]

/** How a line is dressed. `local` is `rfc3164` without the host; `raw` is the text alone. */
export const syslogFormats = ['local', 'rfc3164', 'rfc5424', 'priority', 'short', 'timed', 'iso', 'raw'] as const
export type SyslogFormat = (typeof syslogFormats)[number]

/** What a line's dress is made of. */
export interface SyslogHeader {
  readonly facility: Facility
  readonly format: SyslogFormat
  /** Name of the program in the line, and with it the process's number; lines that are no log's have neither. Manual, `log-tag`. */
  readonly tag: string | undefined
  readonly pid: number
  /** Name of the machine in the line; when absent `localhost` or `-`. Manual, `log-send-hostname`. */
  readonly hostname: string | undefined
  /** Longest line in bytes, the line feed not counted. */
  readonly length: number
  /** Longest text in bytes. Default: as long as the line may be. */
  readonly textLength?: number | undefined
}

/** `Nov  8 04:32:55` in local time. RFC 3164 section 4.1.2. */
function bsdTime(date: Date): string {
  const day = date.getDate()
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  return `${monthName(date)} ${day < 10 ? ` ${day}` : day} ${clock}`
}

/** `2026-11-21T04:32:55` in local time, and the offset behind the fraction. RFC 5424 section 6.2.3. */
function isoTime(date: Date): readonly [string, string] {
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  const ahead = -date.getTimezoneOffset()
  const minutes = Math.abs(ahead)
  return [`${day}T${clock}`, `${ahead < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`]
}

/** A line feed inside of a line would let its author forge the next one. */
function oneLine(text: string): string {
  return text.includes('\n') ? text.replaceAll('\n', '#0A') : text
}

/** Dresses lines. What changes once a second only is kept for that second. */
export class SyslogDress {
  readonly #header: SyslogHeader
  readonly #facility: number
  readonly #author: string
  #second = Number.NaN
  #time = ''
  #offset = ''

  constructor(header: SyslogHeader) {
    this.#header = header
    this.#facility = facilities.indexOf(header.facility)
    this.#author = header.tag === undefined ? '' : `${header.tag}[${header.pid}]: `
  }

  /**
   * The line with its line feed, cut to its longest length.
   * @param level the level's number
   * @param text one character a byte
   * @param wall milliseconds since 1970
   * @param structured the structured data of RFC 5424, which the other formats have no place for
   */
  line(level: number, text: string, wall: number, structured?: string): string {
    const { length, textLength = length } = this.#header
    const whole = this.#before(level, wall, structured) + oneLine(text).slice(0, textLength)
    return `${whole.length > length ? whole.slice(0, length) : whole}\n`
  }

  #before(level: number, wall: number, structured: string | undefined): string {
    const { format, tag, pid, hostname } = this.#header
    const priority = (this.#facility << 3) + level
    switch (format) {
      case 'raw':
        return ''
      case 'short':
        return `<${level}>`
      case 'priority':
        return `<${priority}>`
      case 'iso':
        return `${this.#moment(wall)} `
      case 'timed':
        return `<${level}>${this.#moment(wall)} `
      case 'rfc5424':
        return `<${priority}>1 ${this.#moment(wall)} ${hostname ?? '-'} ${tag ?? '-'} ${tag === undefined ? '-' : pid} - ${structured === undefined ? '-' : oneLine(structured).replace(/ $/, '')} `
      case 'rfc3164':
        return `<${priority}>${this.#bsd(wall)} ${hostname ?? 'localhost'} ${this.#author}`
      default:
        return `<${priority}>${this.#bsd(wall)} ${this.#author}`
    }
  }

  #bsd(wall: number): string {
    const second = Math.floor(wall / 1000)
    if (second !== this.#second) {
      this.#time = bsdTime(new Date(second * 1000))
      this.#second = second
    }
    return this.#time
  }

  #moment(wall: number): string {
    const second = Math.floor(wall / 1000)
    if (second !== this.#second) {
      const [time, offset] = isoTime(new Date(second * 1000))
      this.#time = time
      this.#offset = offset
      this.#second = second
    }
    const micros = Math.floor((wall - second * 1000) * 1000)
    return `${this.#time}.${`${micros}`.padStart(6, '0')}${this.#offset}`
  }
}
