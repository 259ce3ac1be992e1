/** Questions that chance answers: the numbers come from the process's own source, which tests replace. */
import { OptionError } from '../../base/errors.js'
import type { Integer } from '../../base/int64.js'
import type { Context } from '../context.js'
import { defineFetch, type FetchDefinition } from '../fetch.js'
import { NumberSample } from '../number-sample.js'
import { type AnyPhase, phases as everyPhase } from '../phase.js'
import { TextSample } from '../text-sample.js'

const ALL = 2 ** 32

/** A whole number from 0 to less than `range` (2 ** 32 at most, and by default). Not for secrets. HAProxy: `rand([range])`. */
export function rand(range: number = ALL): NumberSample<AnyPhase | 'check'> {
  if (!Number.isInteger(range) || range < 0 || range > ALL)
    throw new OptionError('rand', 'range', `must be a whole number from 0 to ${ALL}`)
  return new NumberSample<AnyPhase | 'check'>({
    name: range === ALL ? 'rand' : `rand(${range})`,
    type: 'int',
    phases: everyPhase,
    ask: ({ process }) => (process === undefined ? undefined : Math.floor(process.random() * range)),
  })
}

/**
 * A new id each time it is asked: of version 4, by chance, or of version 7, that sorts by time. Not a secret: it can be guessed. HAProxy:
 * `uuid([version])`.
 */
export function uuid(version: 4 | 7 = 4): TextSample<AnyPhase | 'check'> {
  if (version !== 4 && version !== 7) throw new OptionError('uuid', 'version', `must be 4 or 7, not ${String(version)}`)
  return new TextSample<AnyPhase | 'check'>({
    name: version === 4 ? 'uuid' : 'uuid(7)',
    type: 'str',
    phases: everyPhase,
    ask: (context) => makeUuid(version, context),
  })
}

/** RFC 9562, sections 5.4 and 5.7. */
function makeUuid(version: 4 | 7, { process, wall }: Context): string | undefined {
  if (process === undefined) return undefined
  const digits = (count: number): string =>
    Math.floor(process.random() * 16 ** count)
      .toString(16)
      .padStart(count, '0')
  const variant = (8 + Math.floor(process.random() * 4)).toString(16)
  const time = version === 4 ? digits(8) + digits(4) : Math.floor(wall).toString(16).padStart(12, '0').slice(-12)
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}${digits(3)}-${variant}${digits(3)}-${digits(6)}${digits(6)}`
}

/** The words of haproxy.cfg for these. */
export const chanceFetches: readonly FetchDefinition[] = [
  defineFetch({
    name: 'rand',
    type: 'int',
    phases: everyPhase,
    standalone: true,
    arguments: [{ name: 'range', type: 'integer', optional: true }],
    make: ([range]) => {
      const wanted = range as Integer | undefined
      // Only 32 bits of chance are there to be spread.
      return rand(wanted === undefined || wanted > ALL || wanted < 0 ? ALL : Number(wanted))
    },
  }),
  defineFetch({
    name: 'uuid',
    type: 'str',
    phases: everyPhase,
    standalone: true,
    arguments: [{ name: 'version', type: 'integer', optional: true }],
    make: ([version = 4]) => uuid(Number(version) as 4),
  }),
]
