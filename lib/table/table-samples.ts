/** What can be asked of stick tables: of a key at hand, and of one that is tracked. */
import { OptionError } from '../base/errors.js'
import type { Context } from '../match/context.js'
import { NumberSample } from '../match/number-sample.js'
import { type AnyPhase, phases as everyPhase, type Phase } from '../match/phase.js'
import { notYet, type Sample } from '../match/sample.js'
import type { StickTable } from './stick-table.js'
import { TrackedEntry } from './tracked-entry.js'

const trackedPhases = everyPhase.filter((phase) => phase !== 'check')

/** What a field says of the key that a sample gives; 0 when it is not known. */
export function lookupSample<P extends Phase>(
  table: StickTable,
  field: number,
  sample: Sample<unknown, P>,
  element: number,
): NumberSample<P> {
  const { type } = table.fields[field]!
  return new NumberSample<P>({
    name: `${sample.name},table_${type.name}(${type.array ? `${element},` : ''}${table.name})`,
    type: 'int',
    phases: sample.phases,
    ask: (context: Context) => {
      const value = sample.ask(context)
      if (value === undefined || value === notYet) return value
      const key = table.keyOf(value)
      if (key === undefined) return 0
      const row = table.find(key, context.now)
      return row === -1 ? 0 : table.rows.read(row, field, context.now, element)
    },
  })
}

/** What a field says of the key that is tracked in a slot; absent when none of the table is. */
export function trackedSample(table: StickTable, field: number, slot: number, element: number): NumberSample<AnyPhase> {
  if (!(Number.isInteger(slot) && slot >= 0 && slot <= 99))
    throw new OptionError(`StickTable '${table.name}'`, 'slot', `must be a whole number from 0 to 99, but is ${slot}`)
  const { array } = table.fields[field]!.type
  return new NumberSample<AnyPhase>({
    name: `sc_${table.names[field]}(${array ? `${element},` : ''}${slot},${table.name})`,
    type: 'int',
    phases: trackedPhases,
    ask: (context: Context) => {
      const held = context.trackedAt(slot)
      return held instanceof TrackedEntry && held.table === table ? held.read(field, context.now, element) : undefined
    },
  })
}
