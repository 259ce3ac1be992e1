/** How a proxy logs, as its lines have said so far. The loggers are made of it in `log-link.ts`. */
import type { LogStep } from '../index.js'
import type { Place } from './diagnostic.js'

/** The formats that options stand for; `connection` is the one that counts when nothing is said. */
export type NamedFormat = 'connection' | 'http' | 'clf' | 'https' | 'json' | 'tcp' | 'tcp clf'

/** A format as it was written. */
export interface FormatText extends Place {
  /** The word that it stands behind. */
  readonly keyword: string
  readonly text: string
}

/** The options that are on or off. */
export type LogSwitch = 'logasap' | 'dontlog-normal' | 'log-separate-errors' | 'log-health-checks'

export interface LogSettings {
  readonly format: NamedFormat | FormatText
  readonly structuredData?: FormatText
  readonly errorFormat?: FormatText
  readonly steps?: readonly LogStep[]
  readonly switches: ReadonlySet<LogSwitch>
}

export const logSettings: LogSettings = { format: 'connection', switches: new Set() }
