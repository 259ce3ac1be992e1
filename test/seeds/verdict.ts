/** What the loader makes of one file, against what HAProxy does: loads, waits for something, refuses as HAProxy does, or is wrong. */
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { ConfigError, type Diagnostic, loadConfig } from '../../lib/config/index.js'
import { vocabulary } from '../language/support/vocabulary.js'

/**
 * - `unsupported`: all that is wrong is that we have not built it. `elsewhere`: files or hosts that this machine lacks.
 * - `refused`: and HAProxy refuses it, too. `purpose`: refused on purpose, though HAProxy takes it. `stricter`: refused, though HAProxy takes it.
 *   `crash`: something else was thrown.
 */
export type Outcome = 'loads' | 'unsupported' | 'elsewhere' | 'refused' | 'purpose' | 'stricter' | 'crash'

export interface Verdict {
  readonly outcome: Outcome
  /** The alerts that made it so; of a file that loads, none. */
  readonly alerts: readonly Diagnostic[]
  readonly warnings: number
  /** HAProxy takes the file, as far as its words go. */
  readonly accepted: boolean | undefined
  /** What was thrown that is no finding. */
  readonly thrown?: unknown
}

const unsupported = /not supported(?! any ?more)|no Lua|'lua\./
const removed = /not supported any ?more since HAProxy|was removed in HAProxy/
/** What may only be missing since a line before it was not understood. */
const consequence = /unable to find table|there is no ACL|unable to find server '%\[lua\./
/** What HAProxy takes and we do not, for a reason. */
const onPurpose = [
  // It would send names with blanks and the like, which servers read as another field or refuse.
  /is not a name of a field/,
]
/** A variable of the environment that is not set leaves no word, which HAProxy refuses as well. */
const emptied = /set-header' rule : expects exactly 2 arguments/
const environment =
  /No such file|error opening|failed to open|could not resolve|is neither an IP address nor|cannot be (?:read|opened)|EACCES|[Pp]ermission denied/

/** What HAProxy itself says of a file. */
export interface Reference {
  readonly accepts: boolean
  /** Lines that it has an alert for. */
  readonly lines: ReadonlySet<number>
}

/** HAProxy's verdict by running it; nothing where it is not installed. */
export function askHAProxy(path: string): Reference | undefined {
  const { status, error, stderr } = spawnSync('haproxy', ['-c', '-f', path], { encoding: 'utf8', cwd: tmpdir() })
  if (error !== undefined) return undefined
  const alerts = stderr.split('\n').filter((line) => line.startsWith('[ALERT]'))
  const lines = alerts.map((line) => Number(/\[[^\]]*:(\d+)\] ?:/.exec(line.slice(10))?.[1] ?? 0))
  // 2 is "valid, but no listener".
  return { accepts: status === 0 || status === 2, lines: new Set(lines) }
}

/**
 * @param indexed whether HAProxy takes it, where that was told for a machine that lacks nothing
 * @param reference what HAProxy says on this machine
 */
export async function judge(
  path: string,
  indexed: boolean | undefined,
  reference: Reference | undefined,
): Promise<Verdict> {
  const accepted = indexed ?? reference?.accepts
  let said: readonly Diagnostic[]
  try {
    said = (await loadConfig(path)).diagnostics
  } catch (error) {
    if (!(error instanceof ConfigError)) return { outcome: 'crash', alerts: [], warnings: 0, accepted, thrown: error }
    said = error.diagnostics
  }
  const alerts = said.filter(({ severity }) => severity === 'alert')
  const warnings = said.length - alerts.length
  const later = alerts.filter(({ message }) => unsupported.test(message))
  const lacking = alerts.filter(({ message }) => environment.test(message) && !unsupported.test(message))
  const faults = alerts.filter((one) => !later.includes(one) && !lacking.includes(one))
  const own = faults.filter(({ line, message }) => {
    if (later.length > 0 && (consequence.test(message) || emptied.test(message))) return false
    return !reference?.lines.has(line) && ![removed, ...onPurpose].some((pattern) => pattern.test(message))
  })
  if (alerts.length === 0) return { outcome: 'loads', alerts, warnings, accepted }
  if (own.length > 0 && accepted === true) return { outcome: 'stricter', alerts: own, warnings, accepted }
  const meant = faults.filter(({ message }) => onPurpose.some((pattern) => pattern.test(message)))
  if (meant.length > 0 && accepted === true) return { outcome: 'purpose', alerts: meant, warnings, accepted }
  const isShared = faults.some(({ line, message }) => reference?.lines.has(line) || removed.test(message))
  if (faults.length > 0 && (isShared || accepted !== true))
    return { outcome: 'refused', alerts: faults, warnings, accepted }
  if (later.length > 0) return { outcome: 'unsupported', alerts: later, warnings, accepted }
  return { outcome: 'elsewhere', alerts: lacking, warnings, accepted }
}

/** The word that an alert says is not built. */
export const wordOf = ({ message }: Diagnostic): string => /'([^']+)'[^']*not supported/.exec(message)?.[1] ?? message

/** What a word that is not built waits for; nothing when it waits for nobody. */
export function needs(word: string): string | undefined {
  if (/\blua\b/i.test(word)) return 'Lua'
  if (/^quic[46]?@/.test(word)) return 'QUIC'
  if (/^stats /.test(word)) return 'the statistics page and stats files'
  if (/^filter trace$/.test(word)) return "HAProxy's own process, threads and memory"
  const names = new Set([word, ...word.split(' ').map((_, at, words) => words.slice(0, at + 1).join(' '))])
  return vocabulary.find(({ name, later }) => later !== undefined && names.has(name))?.later
}
