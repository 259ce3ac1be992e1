/** `track`: has a stick table count a client, or whatever else a sample gives. */
import { OptionError } from '../../base/errors.js'
import type { Phase } from '../../match/phase.js'
import { notYet, Sample } from '../../match/sample.js'
import { StickTable } from '../../table/stick-table.js'
import { Rule } from '../rule.js'

/** Where tracking can begin. */
export type TrackPhase = 'connection' | 'session' | 'content' | 'request' | 'response'

const TRACK_PHASES: readonly TrackPhase[] = ['connection', 'session', 'content', 'request', 'response']

/**
 * Tracks a key in a slot (0 to 99): from here to the end of the request (of the connection, in its own rules) the table counts for it.
 * The first rule to take a slot keeps it; an absent value tracks nothing. HAProxy: `track-sc0 <key> table <table>`.
 */
export function track<P extends Phase, F extends string>(
  table: StickTable<F>,
  key: Sample<unknown, P>,
  slot = 0,
): Rule<P & TrackPhase> {
  if (!(table instanceof StickTable)) throw new OptionError('track', 'table', 'must be a StickTable')
  if (!(key instanceof Sample)) throw new OptionError('track', 'key', 'must be a sample, as src')
  if (!(Number.isInteger(slot) && slot >= 0 && slot <= 99)) {
    throw new OptionError('track', 'slot', `must be a whole number from 0 to 99, but is ${slot}`)
  }
  const phases = TRACK_PHASES.filter((phase) => key.phases.includes(phase))
  return new Rule(`track-sc${slot} ${key.name} table ${table.name}`, phases, (context) => {
    const value = key.ask(context)
    if (value !== undefined && value !== notYet) table.track(context, value, slot)
    return undefined
  })
}
