/** One shape for whatever the loader has to say about a file, and the list in which all of it is gathered. Printing is the caller's part. */

/** HAProxy's levels; `alert` makes the configuration unusable, `diag` is said only in diagnostic mode (`-dD`). */
export type Severity = 'alert' | 'warning' | 'notice' | 'diag'

/** A place in a file. Line 0 stands for the whole file, or (with an empty file name) for the whole configuration. */
export interface Place {
  readonly file: string
  /** From 1 on. */
  readonly line: number
}

/** One finding. */
export interface Diagnostic extends Place {
  readonly severity: Severity
  /** What was found. */
  readonly message: string
  /** What to write instead, where that is known. */
  readonly advice?: string | undefined
}

/** The configuration as a whole, for what belongs to no line. */
export const nowhere: Place = { file: '', line: 0 }

/** A file's bytes are kept as one character a byte; people want to read the text that they stand for. */
const readable = (text: string): string => (/[\x80-\xff]/.test(text) ? Buffer.from(text, 'latin1').toString() : text)

/** Gathers findings in the order in which they come; it never stops a reader, so that one run tells all faults. */
export class Diagnostics {
  readonly #all: Diagnostic[] = []

  /** All findings so far. */
  get all(): readonly Diagnostic[] {
    return this.#all
  }

  /** Whether there was an alert. */
  get failed(): boolean {
    return this.#all.some((one) => one.severity === 'alert')
  }

  alert(place: Place, message: string, advice?: string | undefined): void {
    this.add('alert', place, message, advice)
  }

  warning(place: Place, message: string, advice?: string | undefined): void {
    this.add('warning', place, message, advice)
  }

  add(severity: Severity, place: Place, message: string, advice?: string | undefined): void {
    const { file, line } = place
    this.#all.push({ severity, file, line, message: readable(message), advice: advice && readable(advice) })
  }
}

/** What, and what to write instead. */
export function wording({ message, advice }: Diagnostic): string {
  return advice === undefined ? message : `${message.replace(/\.$/, '')}; ${advice}`
}

/** `file:line: what; what to write instead`. */
export function describe(diagnostic: Diagnostic): string {
  const { file, line } = diagnostic
  const place = file === '' ? '' : line === 0 ? `${file}: ` : `${file}:${line}: `
  return `${place}${wording(diagnostic)}`
}

/** The text that HAProxy prints behind `[ALERT]    (pid) : `. */
export function haproxyText(diagnostic: Diagnostic): string {
  const { file, line } = diagnostic
  const place = file === '' ? '' : line === 0 ? `[${file}] : ` : `parsing [${file}:${line}] : `
  return `config : ${place}${wording(diagnostic)}`
}

/** A configuration that cannot be used. `diagnostics` holds every finding, warnings too; the message holds the faults. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly code = 'ERR_CONFIG'
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[]) {
    const faults = diagnostics.filter((one) => one.severity === 'alert').map(describe)
    super(faults.join('\n'))
    this.diagnostics = diagnostics
  }
}
