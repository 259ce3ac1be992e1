/** Converters of moments, in seconds, milli- or microseconds since 1970, to texts and back. */
import { parseHttpDate } from '../../base/http-date.js'
import { add, type Integer } from '../../base/int64.js'
import { DateFormat } from '../../base/strftime.js'
import type { ArgumentDefinition, ArgumentValue } from '../argument.js'
import { type ConverterDefinition, defineConverter } from '../converter.js'

const formatArguments: readonly ArgumentDefinition[] = [
  { name: 'format', type: 'string', optional: true },
  { name: 'offset', type: 'integer', optional: true },
]

/** How many of a unit make a second. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['ms', 1000],
  ['us', 1_000_000],
])

/** The converters of moments. */
export const timeConverters: readonly ConverterDefinition[] = [
  formatting('utime', 's', false),
  formatting('ltime', 's', true),
  formatting('ms_utime', 'ms', false),
  formatting('ms_ltime', 'ms', true),
  formatting('us_utime', 'us', false),
  formatting('us_ltime', 'us', true),
  defineConverter({
    name: 'http_date',
    from: 'int',
    type: 'str',
    arguments: [
      { name: 'offset', type: 'integer', optional: true },
      { name: 'unit', type: 'enum', oneOf: [...UNITS.keys()], optional: true },
    ],
    prepare: ([offset = 0, unit = 's']) => {
      const format = new DateFormat('%a, %d %b %Y %H:%M:%S')
      const perSecond = UNITS.get(String(unit)) as number
      return (value) => {
        const { seconds, rest } = split(add(value, offset as Integer), perSecond)
        const date = format.write(seconds)
        // HAProxy writes the fraction as a number, without zeros in front.
        return date === undefined ? undefined : `${date}${perSecond === 1 ? '' : `.${rest}`} GMT`
      }
    },
  }),
  defineConverter({ name: 'date', from: 'str', type: 'int', prepare: () => parseHttpDate }),
]

function formatting(name: string, unit: string, local: boolean): ConverterDefinition {
  const perSecond = UNITS.get(unit) as number
  return defineConverter({
    name,
    from: 'int',
    type: 'str',
    arguments: formatArguments,
    prepare: ([given = '', offset = 0]: readonly ArgumentValue[]) => {
      const format = new DateFormat(String(given), { local, fractions: perSecond > 1 })
      return (value) => {
        const { seconds, rest } = split(add(value, offset as Integer), perSecond)
        return format.write(seconds, rest * (1_000_000_000 / perSecond))
      }
    },
  })
}

/** Whole seconds, and what is left of the unit. */
function split(value: Integer, perSecond: number): { readonly seconds: number; readonly rest: number } {
  const number = Number(value)
  const seconds = Math.floor(number / perSecond)
  return { seconds, rest: number - seconds * perSecond }
}
