/** All log variables, and how code names one. Manual, chapter 8.2.6; each stands in `aliases/`, by what it tells of. */
import { OptionError } from '../base/errors.js'
import { nearest } from '../base/nearest.js'
import type { Alias } from '../match/alias.js'
import { type FormatFlags, noFlags } from '../match/format-flags.js'
import { FormatItem } from '../match/format-item.js'
import { countAliases } from './aliases/counts.js'
import { dateAliases } from './aliases/dates.js'
import { alias } from './aliases/definition.js'
import { originAlias } from './aliases/origin.js'
import { placeAliases } from './aliases/places.js'
import { requestAliases } from './aliases/request.js'
import { timerAliases } from './aliases/timers.js'

/** `%o` prints nothing: its flags hold for all that follow. */
const flagsAlias = alias('o', 'plain', 'sets flags for all variables that follow', () => undefined)

/** The log variables, by the letters behind the percent sign. Each call makes its own: those of dates remember the last second. */
export function logVariables(): ReadonlyMap<string, Alias> {
  const all = [
    ...dateAliases(),
    ...timerAliases,
    ...requestAliases,
    ...placeAliases,
    ...countAliases,
    originAlias,
    flagsAlias,
  ]
  return new Map(all.map((alias) => [alias.name, alias]))
}

/** How a log variable is printed, and what it is called in a JSON object. */
export interface LogVariableOptions {
  /** HAProxy's `Q`: between double quotes, if it is a text. */
  readonly quote?: boolean
  /** `X`: addresses, ports and some numbers in hexadecimal. */
  readonly hex?: boolean
  /** `E`: `"`, `\` and `]` with a backslash in front. */
  readonly escape?: boolean
  /** Its key in a JSON or CBOR object. */
  readonly name?: string
}

/**
 * A log variable for a format in code, by HAProxy's letters.
 *
 * ```ts
 * logFormat(format`${src} took ${logVariable('Ta')} ms`)
 * ```
 *
 * @throws {OptionError} when there is none of that name
 */
export function logVariable(letters: string, options: LogVariableOptions = {}): FormatItem {
  const known = logVariables()
  const found = known.get(letters)
  if (found === undefined) {
    const near = nearest(letters, known.keys())
    const meant = near === undefined ? '' : `: did you mean '${near}'?`
    throw new OptionError('logVariable', '', `there is no log variable '${letters}'${meant}`)
  }
  const { quote = false, hex = false, name } = options
  const flags: FormatFlags = { ...noFlags, quote, hex, escape: options.escape ?? false }
  return new FormatItem(found, { flags, name })
}
