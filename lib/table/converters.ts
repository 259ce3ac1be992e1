/** Converters that take a value for a key: `table_*` say what a table knows of it, `in_table` whether it does. */
import { OptionError } from '../base/errors.js'
import type { ArgumentDefinition, ArgumentValue } from '../match/argument.js'
import type { Context } from '../match/context.js'
import { type ConverterDefinition, defineConverter } from '../match/converter.js'
import type { Links } from '../match/links.js'
import type { StaticType, Value } from '../match/value.js'
import { Cell, type Spot } from './cell.js'
import { spotOf } from './spot.js'
import { StickTable } from './stick-table.js'
import { tableWords } from './words.js'

/** How an entry answers, with the arguments of the converter. */
type Answer = (spot: Spot, context: Context) => Value | undefined

const table = { name: 'table', type: 'table', optional: true } as const
const index = { name: 'index', type: 'integer' } as const
const otherwise = { name: 'default', type: 'integer', optional: true } as const

/** The converters of this room. */
export const tableConverters: readonly ConverterDefinition[] = [
  ...tableWords.map(({ converter, indexed, creates, make }) =>
    looking(`table_${converter}`, 'int', indexed ? [index, table] : [table], creates, (values) =>
      make(indexed ? Number(values[0]) : 0),
    ),
  ),
  looking(
    'in_table',
    'bool',
    [table],
    false,
    () =>
      ({ row }) =>
        row !== -1,
  ),
  // HAProxy counts its own look-up as one that uses the entry.
  looking(
    'table_trackers',
    'int',
    [table],
    false,
    () =>
      ({ rows, row }) =>
        row === -1 ? 0 : rows.users(row) + 1,
  ),
  looking('table_server_id', 'int', [table], false, () => {
    const cell = new Cell('server_id')
    return (spot, { now }) => cell.read(spot, now)
  }),
  looking('table_expire', 'int', [table, otherwise], false, ([, without]) => ({ table: of, row }, { now }) => {
    return row === -1 ? (without as number | undefined) : whole(of.expiresIn(row, now))
  }),
  looking('table_idle', 'int', [table, otherwise], false, ([, without]) => ({ table: of, row }, { now }) => {
    return row === -1 ? (without as number | undefined) : whole(of.expire - of.expiresIn(row, now))
  }),
]

/** What does not expire has neither of the two. */
const whole = (time: number): number => (Number.isFinite(time) ? Math.round(time) : 0)

function looking(
  name: string,
  type: StaticType,
  wanted: readonly ArgumentDefinition[],
  creates: boolean,
  make: (values: readonly ArgumentValue[]) => Answer,
): ConverterDefinition {
  const at = wanted.indexOf(table)
  return defineConverter({
    name,
    from: 'any',
    type,
    arguments: wanted,
    prepare: (values, links) => {
      const of = findTable(name, values[at], links)
      const answer = make(values)
      return (value, context) => {
        const spot = spotOf(of, value, context, creates)
        return spot === undefined ? undefined : answer(spot, context)
      }
    },
  })
}

function findTable(converter: string, named: ArgumentValue, links: Links): StickTable {
  const name = named as string | undefined
  const found = links.table(name)
  if (found instanceof StickTable) return found
  const problem = name === undefined ? 'the proxy has no stick-table of its own' : `there is no table '${name}'`
  throw new OptionError(`converter '${converter}'`, '', problem)
}
