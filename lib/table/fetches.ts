/** The words of haproxy.cfg for what tables remember: `sc_*`, `sc0_*` … of tracked keys, `src_*` of the client's address. */
import { OptionError } from '../base/errors.js'
import type { ArgumentValue } from '../match/argument.js'
import { defineFetch, type FetchDefinition } from '../match/fetch.js'
import { src } from '../match/fetches/connection.js'
import { FlagSample } from '../match/flag-sample.js'
import type { Links } from '../match/links.js'
import { phases as everyPhase, type Phase } from '../match/phase.js'
import type { Sample } from '../match/sample.js'
import { StickTable } from './stick-table.js'

/** The data types that can be asked for. */
const storeWords = ['http_req_rate', 'http_req_cnt', 'conn_rate', 'conn_cnt', 'conn_cur']

const SLOTS = [0, 1, 2] as const
const phases: readonly Phase[] = everyPhase.filter((phase) => phase !== 'check')
const table = { name: 'table', type: 'table', optional: true } as const

/** The fetches of this room. */
export const tableFetches: readonly FetchDefinition[] = [
  ...storeWords.flatMap(wordsOf),
  defineFetch({
    name: 'sc_tracked',
    type: 'bool',
    phases,
    arguments: [{ name: 'slot', type: 'integer' }],
    make: ([slot]) => trackedFlag(slot as number),
  }),
  ...SLOTS.map((slot) =>
    defineFetch({ name: `sc${slot}_tracked`, type: 'bool', phases, make: () => trackedFlag(slot) }),
  ),
]

function wordsOf(name: string): FetchDefinition[] {
  const shared = { type: 'int', phases } as const
  return [
    defineFetch({
      ...shared,
      name: `sc_${name}`,
      arguments: [{ name: 'slot', type: 'integer' }, table],
      make: ([slot, named], links) => ofSlot(name, slot as number, named, links),
    }),
    ...SLOTS.map((slot) =>
      defineFetch({
        ...shared,
        name: `sc${slot}_${name}`,
        arguments: [table],
        make: ([named], links) => ofSlot(name, slot, named, links),
      }),
    ),
    defineFetch({
      ...shared,
      name: `src_${name}`,
      arguments: [table],
      make: ([named], links) => {
        const found = findTable(name, named, links)
        return found.lookup(fieldIn(found, name), src)
      },
    }),
  ]
}

/** Without a table's name, the value is that of whichever table the slot tracks: each table is asked for its own field then. */
function ofSlot(name: string, slot: number, named: ArgumentValue, links: Links): Sample<unknown, never> {
  if (named === undefined) return StickTable.trackedAnywhere(name, slot)
  const found = findTable(name, named, links)
  return found.tracked(fieldIn(found, name), slot)
}

function findTable(fetch: string, named: ArgumentValue, links: Links): StickTable {
  const name = named as string | undefined
  const found = links.table(name)
  if (found instanceof StickTable) return found
  const problem = name === undefined ? 'the proxy has no stick-table of its own' : `there is no table '${name}'`
  throw new OptionError(`fetch '${fetch}'`, '', problem)
}

function fieldIn(found: StickTable, fetch: string): string {
  const field = found.names[found.field(fetch)]
  if (field !== undefined) return field
  throw new OptionError(`fetch '${fetch}'`, '', `table '${found.name}' does not store ${fetch}`)
}

function trackedFlag(slot: number): FlagSample<Phase> {
  return new FlagSample<Phase>({
    name: `sc_tracked(${slot})`,
    type: 'bool',
    phases,
    ask: (context) => context.trackedAt(slot) !== undefined,
  })
}
