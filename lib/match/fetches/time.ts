/** Questions about the time. What a transaction's stages took is told by its record. */
import { add, type Integer } from '../../base/int64.js'
import { defineFetch, type FetchDefinition } from '../fetch.js'
import { NumberSample } from '../number-sample.js'
import { type AnyPhase, phases as everyPhase } from '../phase.js'

/** What the time is counted in. */
export type DateUnit = 's' | 'ms' | 'us'

/** How the time is told. */
export interface DateOptions {
  /** Added to it, in the same unit. Default 0. */
  readonly offset?: Integer | undefined
  /** Default `s`: seconds. */
  readonly unit?: DateUnit | undefined
}

/** How many of a unit have passed since 1970 at a moment given in milliseconds. */
export function inUnit(wall: number, unit: DateUnit): number {
  if (unit === 's') return Math.floor(wall / 1000)
  return unit === 'ms' ? Math.floor(wall) : Math.floor(wall * 1000)
}

/** The time since 1970, at which the decision is made. HAProxy: `date([offset[,unit]])`. */
export function date(options: DateOptions = {}): NumberSample<AnyPhase | 'check'> {
  const { offset = 0, unit = 's' } = options
  return new NumberSample<AnyPhase | 'check'>({
    name: options.unit === undefined ? (offset === 0 ? 'date' : `date(${offset})`) : `date(${offset},${unit})`,
    type: 'int',
    phases: everyPhase,
    ask: ({ wall }) => add(inUnit(wall, unit), offset),
  })
}

/** The microseconds of the present second. HAProxy: `date_us`. */
export const dateUs: NumberSample<AnyPhase | 'check'> = new NumberSample({
  name: 'date_us',
  type: 'int',
  phases: everyPhase,
  ask: ({ wall }) => inUnit(wall, 'us') % 1_000_000,
})

/** The words of haproxy.cfg for these. */
export const timeFetches: readonly FetchDefinition[] = [
  defineFetch({
    name: 'date',
    type: 'int',
    phases: everyPhase,
    standalone: true,
    arguments: [
      { name: 'offset', type: 'integer', optional: true },
      { name: 'unit', type: 'enum', optional: true, oneOf: ['s', 'ms', 'us'] },
    ],
    make: ([offset, unit]) =>
      date({ offset: offset as Integer | undefined, unit: unit as DateOptions['unit'] | undefined }),
  }),
  defineFetch({ ...dateUs, standalone: true, make: () => dateUs }),
]
