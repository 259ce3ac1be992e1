/** A `log` line: where records go, and which of them. Sending them is the observer's part. */

/** Syslog's facilities, by number. */
export const facilities: readonly string[] = [
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
]

/** Syslog's levels, by number: the lower, the graver. */
export const levels: readonly string[] = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug']

/** How a line is dressed. `raw` is the text alone. */
export const logFormats = ['local', 'rfc3164', 'rfc5424', 'priority', 'short', 'timed', 'iso', 'raw'] as const
export type LogFormat = (typeof logFormats)[number]

/** Where log lines go. */
export interface LogTarget {
  /** As written: `127.0.0.1:514`, `/dev/log`, `stdout`, `stderr`, `fd@2`, `ring@x`. */
  readonly address: string
  readonly facility: string
  /** The least grave level that is sent. */
  readonly level: string
  /** The gravest level that lines claim; graver ones are reduced to it. */
  readonly minLevel: string
  readonly format: LogFormat | undefined
  /** Longest line in bytes. */
  readonly length: number
  /** Sends only some of the lines: those whose turn in `size` is in the ranges. */
  readonly sample: { readonly ranges: readonly (readonly [number, number])[]; readonly size: number } | undefined
}
