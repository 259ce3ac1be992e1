/** A `log` line: where records go, and which of them; and the sections that it may name. Sending them is the observer's part. */
import type { Facility, Level, SyslogFormat } from '../observe/syslog.js'
import type { LogSample } from '../observe/syslog-logger.js'
import type { Place } from './diagnostic.js'
import type { FormatText } from './log-settings.js'

/** Where log lines go. */
export interface LogTarget extends Place {
  /** As written: `127.0.0.1:514`, `/dev/log`, `stdout`, `stderr`, `fd@2`, `ring@events`. */
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
  /** The `log-profile` that stands before the proxy's own formats. */
  readonly profile: string | undefined
}

/** What a profile says of one moment. */
export interface ProfileLineDraft {
  readonly drop: boolean
  readonly format?: FormatText | undefined
  readonly structuredData?: FormatText | undefined
}

/** A `log-profile` section. */
export interface LogProfileDraft {
  readonly name: string
  readonly tag: string | undefined
  readonly lines: ReadonlyMap<string, ProfileLineDraft>
}
