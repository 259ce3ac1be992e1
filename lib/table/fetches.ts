/** The words of haproxy.cfg for what tables remember: `sc_*`, `sc0_*` … of tracked keys, `src_*` of the client's address, and how full a table is. */
import { OptionError } from '../base/errors.js'
import type { ArgumentValue } from '../match/argument.js'
import { callText } from '../match/call-text.js'
import type { Context } from '../match/context.js'
import { defineFetch, type FetchDefinition } from '../match/fetch.js'
import { src } from '../match/fetches/connection.js'
import { FlagSample } from '../match/flag-sample.js'
import type { Links } from '../match/links.js'
import { NumberSample } from '../match/number-sample.js'
import { phases as everyPhase, type Phase } from '../match/phase.js'
import { notYet, Sample } from '../match/sample.js'
import { Cell } from './cell.js'
import { type Finder, trackedSpot, valueSpot } from './spot.js'
import { StickTable } from './stick-table.js'
import { TrackedEntry } from './tracked-entry.js'
import { type Answer, type TableWord, tableWords } from './words.js'

/** The slots that have words of their own. */
const SLOTS = [0, 1, 2] as const
const phases: readonly Phase[] = everyPhase.filter((phase) => phase !== 'check')
const table = { name: 'table', type: 'table', optional: true } as const
const slot = { name: 'slot', type: 'integer' } as const
const element = { name: 'index', type: 'integer' } as const
const shared = { type: 'int', phases } as const

/** The fetches of this room. */
export const tableFetches: readonly FetchDefinition[] = [
  ...tableWords.flatMap(ofTracked),
  ...tableWords.map(ofSource),
  ...ofTracked({ name: 'trackers', converter: 'trackers', indexed: false, creates: false, make: () => users }),
  ...trackedFlags(),
  ...trackedKeys(),
  updatedConnections(),
  filling('table_cnt', ({ size }) => size),
  filling('table_avl', ({ size, capacity }) => capacity - size),
]

const users: Answer = ({ table: { rows }, row }) => (row === -1 ? 0 : rows.users(row))

/** `sc_x(slot)`, `sc0_x`, `sc1_x` and `sc2_x`. */
function ofTracked(word: TableWord): FetchDefinition[] {
  const { name, indexed, make } = word
  const whole = defineFetch({
    ...shared,
    name: `sc_${name}`,
    arguments: indexed ? [element, slot, table] : [slot, table],
    make: (values, links) => {
      const [of, named] = indexed ? values.slice(1) : values
      const place = trackedSpot(of as number, namedTable(`sc_${name}`, named, links))
      return asking(shown(`sc_${name}`, values), place, make(indexed ? Number(values[0]) : 0))
    },
  })
  if (indexed) return [whole]
  return [
    whole,
    ...SLOTS.map((of) =>
      defineFetch({
        ...shared,
        name: `sc${of}_${name}`,
        arguments: [table],
        make: ([named], links) => {
          const place = trackedSpot(of, namedTable(`sc${of}_${name}`, named, links))
          return asking(shown(`sc${of}_${name}`, [named]), place, make(0))
        },
      }),
    ),
  ]
}

function ofSource({ name, indexed, creates, make }: TableWord): FetchDefinition {
  const called = `src_${name}`
  return defineFetch({
    ...shared,
    name: called,
    arguments: indexed ? [element, table] : [table],
    make: (values, links) => {
      const found = findTable(called, values[indexed ? 1 : 0], links)
      const answer = make(indexed ? Number(values[0]) : 0)
      return asking(shown(called, values), valueSpot(found, src, creates), answer)
    },
  })
}

function asking(name: string, place: Finder, answer: Answer): NumberSample<Phase> {
  return new NumberSample<Phase>({
    name,
    ...shared,
    ask: (context) => {
      const spot = place(context)
      return spot === undefined || spot === notYet ? spot : answer(spot, context)
    },
  })
}

function shown(name: string, values: readonly ArgumentValue[]): string {
  const words = values.filter((value) => value !== undefined).map(String)
  return words.length === 0 ? name : callText(name, words)
}

function trackedFlags(): FetchDefinition[] {
  const make = (name: string, of: number): FlagSample<Phase> =>
    new FlagSample<Phase>({ name, type: 'bool', phases, ask: (context) => context.trackedAt(of) !== undefined })
  return eachSlot('tracked', 'bool', [table], make)
}

function trackedKeys(): FetchDefinition[] {
  const ask =
    (of: number) =>
    (context: Context): unknown => {
      const held = context.trackedAt(of)
      return held instanceof TrackedEntry ? held.keyValue : undefined
    }
  const make = (name: string, of: number): Sample<unknown, Phase> =>
    new Sample<unknown, Phase>({ name, type: 'any', phases, ask: ask(of) })
  return eachSlot('key', 'any', [], make)
}

function eachSlot(
  name: string,
  type: 'bool' | 'any',
  more: readonly (typeof table)[],
  make: (name: string, of: number) => Sample<unknown, never>,
): FetchDefinition[] {
  return [
    defineFetch({
      name: `sc_${name}`,
      type,
      phases,
      arguments: [slot, ...more],
      make: ([of]) => make(`sc_${name}(${of})`, of as number),
    }),
    ...SLOTS.map((of) =>
      defineFetch({
        name: `sc${of}_${name}`,
        type,
        phases,
        arguments: more,
        make: () => make(`sc${of}_${name}`, of),
      }),
    ),
  ]
}

/** One more connection of the client, which need not be tracked for it. */
function updatedConnections(): FetchDefinition {
  const name = 'src_updt_conn_cnt'
  return defineFetch({
    ...shared,
    name,
    arguments: [table],
    make: ([named], links) => {
      const cell = new Cell('conn_cnt')
      return asking(shown(name, [named]), valueSpot(findTable(name, named, links), src, true), (spot, context) => {
        const { now, rehearsal } = context
        if (!cell.isIn(spot.table)) return undefined
        if (spot.row === -1 || rehearsal) return rehearsal ? (cell.read(spot, now) ?? 0) + 1 : undefined
        cell.add(spot, 1, now)
        spot.table.touch(spot.row, now)
        return cell.read(spot, now)
      })
    },
  })
}

function filling(name: string, count: (table: StickTable) => number): FetchDefinition {
  return defineFetch({
    name,
    type: 'int',
    phases: everyPhase,
    arguments: [table],
    make: ([named], links) => {
      const found = findTable(name, named, links)
      return new NumberSample<Phase>({
        name: shown(name, [named]),
        type: 'int',
        phases: everyPhase,
        ask: () => count(found),
      })
    },
  })
}

/** Without a name, it is whichever table the slot tracks. */
function namedTable(fetch: string, named: ArgumentValue, links: Links): StickTable | undefined {
  return named === undefined ? undefined : findTable(fetch, named, links)
}

function findTable(fetch: string, named: ArgumentValue, links: Links): StickTable {
  const name = named as string | undefined
  const found = links.table(name)
  if (found instanceof StickTable) return found
  const problem = name === undefined ? 'the proxy has no stick-table of its own' : `there is no table '${name}'`
  throw new OptionError(`fetch '${fetch}'`, '', problem)
}
