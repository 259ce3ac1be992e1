/** A `log` line: where records go, and which of them. Sending them is the observer's part. */
import type { Facility, Level, SyslogFormat } from '../observe/syslog.js'
import type { LogSample } from '../observe/syslog-logger.js'

/** Where log lines go. */
export interface LogTarget {
  /** As written: `127.0.0.1:514`, `/dev/log`, `stdout`, `stderr`, `fd@2`. */
  readonly address: string
  readonly facility: Facility
  /** The least grave level that is sent. */
  readonly level: Level
  /** The gravest level that lines claim; graver ones are reduced to it. */
  readonly minLevel: Level
  /** How a line is dressed. */
  readonly format: SyslogFormat | undefined
  /** Longest line in bytes. */
  readonly length: number
  /** Sends only some of the lines. */
  readonly sample: LogSample | undefined
}
