/** Converters that have to do with variables: set and forget them, join and compare with what they hold. */
import { OptionError } from '../../base/errors.js'
import type { ArgumentDefinition } from '../argument.js'
import { castText } from '../cast.js'
import type { Context } from '../context.js'
import { type ConverterDefinition, defineConverter } from '../converter.js'
import type { Value } from '../value.js'
import type { Variable } from '../variable.js'

/** When `set-var` sets. The bigger of two is only told of integers. */
const CONDITIONS: ReadonlyMap<string, (variable: Variable, context: Context, value: Value) => boolean> = new Map([
  ['ifexists', (variable, context) => variable.scope === 'proc' || variable.exists(context)],
  ['ifnotexists', (variable, context) => variable.scope !== 'proc' && !variable.exists(context)],
  ['ifset', (variable, context) => variable.get(context) !== undefined],
  ['ifnotset', (variable, context) => variable.get(context) === undefined],
  ['ifempty', (_, __, value) => isEmpty(value)],
  ['ifnotempty', (_, __, value) => !isEmpty(value)],
  ['ifgt', (variable, context, value) => inOrder(value, variable.get(context))],
  ['iflt', (variable, context, value) => inOrder(variable.get(context), value)],
])

const isEmpty = (value: Value): boolean => (typeof value === 'string' || Buffer.isBuffer(value)) && value.length === 0

const isInteger = (value: unknown): value is number | bigint => typeof value === 'number' || typeof value === 'bigint'

const inOrder = (a: unknown, b: unknown): boolean => !isInteger(a) || !isInteger(b) || a < b

const condition: ArgumentDefinition = { name: 'cond', type: 'enum', oneOf: [...CONDITIONS.keys()], optional: true }

/** The converters around variables. */
export const variableConverters: readonly ConverterDefinition[] = [
  defineConverter({
    name: 'set-var',
    from: 'any',
    type: 'any',
    arguments: [{ name: 'var', type: 'variable' }, condition, condition, condition, condition],
    prepare: ([given, ...words]) => {
      const variable = given as Variable
      const conditions = words.flatMap((word) => CONDITIONS.get(String(word)) ?? [])
      return (value, context) => {
        if (!conditions.every((holds) => holds(variable, context, value))) return undefined
        variable.set(context, value)
        // Out of its reach, or without room, nothing was set.
        return variable.get(context) === undefined ? undefined : value
      }
    },
  }),
  defineConverter({
    name: 'unset-var',
    from: 'any',
    type: 'any',
    arguments: [{ name: 'var', type: 'variable' }],
    prepare:
      ([given]) =>
      (value, context) => {
        const variable = given as Variable
        variable.unset(context)
        return variable.isInReach(context) ? value : undefined
      },
  }),
  defineConverter({
    name: 'concat',
    from: 'str',
    type: 'str',
    arguments: [
      { name: 'start', type: 'string', optional: true },
      { name: 'var', type: 'variable', optional: true },
      { name: 'end', type: 'string', optional: true },
    ],
    prepare: ([start = '', variable, end = ''], { bufferSize }) => {
      const held = textOf(variable as Variable | undefined)
      return (value, context) =>
        `${value}${start}${held(context)}${end}`.slice(0, Math.max(value.length, bufferSize - 1))
    },
  }),
  defineConverter({
    name: 'add_item',
    from: 'str',
    type: 'str',
    arguments: [
      { name: 'delim', type: 'string' },
      { name: 'var', type: 'variable', optional: true },
      { name: 'suff', type: 'string', optional: true },
    ],
    prepare: ([delimiter, variable, suffix = ''], { bufferSize }) => {
      if (variable === undefined && suffix === '')
        throw new OptionError("converter 'add_item'", '', 'needs a variable or a suffix to add')
      const held = textOf(variable as Variable | undefined)
      return (value, context) => {
        const item = `${held(context)}${suffix}`
        const parting = value === '' || item === '' ? '' : delimiter
        return `${value}${parting}${item}`.slice(0, Math.max(value.length, bufferSize - 1))
      }
    },
  }),
  defineConverter({
    name: 'strcmp',
    from: 'str',
    type: 'int',
    arguments: [{ name: 'var', type: 'variable' }],
    prepare:
      ([variable]) =>
      (value, context) => {
        const other = castText((variable as Variable).get(context))
        return other === undefined ? undefined : compare(value, other)
      },
  }),
]

/** What a variable holds, as a text; an empty one when it holds nothing. */
function textOf(variable: Variable | undefined): (context: Context) => string {
  if (variable === undefined) return () => ''
  return (context) => castText(variable.get(context)) ?? ''
}

/** The distance of the first bytes that differ, otherwise which of them is longer. */
function compare(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const distance = a.charCodeAt(at) - b.charCodeAt(at)
    if (distance !== 0) return distance
  }
  return Math.sign(a.length - b.length)
}
