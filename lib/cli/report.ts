/** What people and scripts read: alerts, warnings and notices in HAProxy's shape, on stderr. What goes to syslog is the loggers' part. */
import { writeSync } from 'node:fs'
import { argv, pid } from 'node:process'
import { ownVersion } from '../admin/own-version.js'

export type Label = 'ALERT' | 'WARNING' | 'NOTICE'

/** Writes a text somewhere. */
export type Write = (text: string) => void

/** `[ALERT]    (123) : text`. */
export function shape(label: Label, id: number, text: string): string {
  return `${`[${label}]`.padEnd(10)} (${id}) : ${text}\n`
}

/**
 * Writes to a standard descriptor at once. `process.stderr` would make the descriptor blocking, and throw when nobody reads it any more.
 */
export function writeTo(descriptor: 1 | 2): Write {
  return (text) => {
    try {
      writeSync(descriptor, text)
    } catch {
      // Nobody reads it, or the pipe is full: messages are no reason to stop serving.
    }
  }
}

/** Tells alerts and warnings, and counts them. Quiet, it only counts. */
export class Report {
  quiet = false
  /** Warnings and notices are only counted. */
  alertsOnly = false
  warnings = 0
  alerts = 0
  readonly #write: Write
  /** While starting, who we are is said before the first message, as HAProxy does. */
  #introduced = false

  constructor(write: Write = writeTo(2)) {
    this.#write = write
  }

  /** Begins to serve: from now on messages stand alone. */
  started(): void {
    this.#introduced = true
  }

  alert(text: string): void {
    this.alerts++
    this.#tell('ALERT', text)
  }

  warning(text: string): void {
    this.warnings++
    this.#tell('WARNING', text)
  }

  notice(text: string): void {
    this.#tell('NOTICE', text)
  }

  /** A text that stands for itself, such as the usage. */
  plain(text: string): void {
    if (!this.quiet) this.#write(text)
  }

  #tell(label: Label, text: string): void {
    if (this.quiet || (this.alertsOnly && label !== 'ALERT')) return
    this.#introduce()
    this.#write(shape(label, pid, text))
  }

  #introduce(): void {
    if (this.#introduced) return
    this.#introduced = true
    this.#write(shape('NOTICE', pid, `fairlead version is ${ownVersion()}`))
    this.#write(shape('NOTICE', pid, `path to executable is ${argv[1]}`))
  }
}
