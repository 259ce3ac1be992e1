/** `setTimeouts`: other time-outs for one transaction than its proxies have. */
import { OptionError } from '../../base/errors.js'
import { checkKnown, checkOptions, durationOption } from '../../base/options.js'
import { phases as everyPhase, type Phase } from '../../match/phase.js'
import { Sample } from '../../match/sample.js'
import { Rule } from '../rule.js'
import { numberOf, type Reading, sharedPhases } from './number.js'

/** A time: milliseconds, text as in `'2s'`, or a question about milliseconds. */
export type TimeOf<P extends Phase> = number | string | Sample<unknown, P>

/** The times that can be set, by the names that frontends and backends have for them. */
export interface TimeoutsToSet<P extends Phase> {
  readonly client?: TimeOf<P> | undefined
  readonly server?: TimeOf<P> | undefined
  readonly tunnel?: TimeOf<P> | undefined
  readonly connect?: TimeOf<P> | undefined
  readonly queue?: TimeOf<P> | undefined
  readonly tarpit?: TimeOf<P> | undefined
}

const names = ['client', 'server', 'tunnel', 'connect', 'queue', 'tarpit'] as const

/**
 * Sets time-outs for this transaction alone. A question without an answer, or with one below 1, leaves its time as it is. HAProxy:
 * `http-request set-timeout`, `http-response set-timeout`. Throws {@link OptionError} on a time of 0.
 */
export function setTimeouts<P extends Phase = Phase>(times: TimeoutsToSet<P>): Rule<P & ('request' | 'response')> {
  checkKnown('setTimeouts', times, names)
  const readings = names.flatMap((name) => {
    const time = times[name]
    return time === undefined ? [] : [{ name, reading: readingOf(name, time) }]
  })
  const text = readings.map(({ name, reading }) => `set-timeout ${name} ${reading.text}`).join(', ')
  const phases = readings.reduce<readonly Phase[]>(
    (left, { reading }) => sharedPhases(left, reading),
    everyPhase.filter((phase) => phase === 'request' || phase === 'response'),
  )
  return new Rule(text, phases, (context) => {
    for (const { name, reading } of readings) {
      const time = reading.read(context)
      if (time === undefined || !(time >= 1)) continue
      const orders = context.order()
      orders.timeouts ??= new Map()
      orders.timeouts.set(name, time)
    }
    return undefined
  })
}

function readingOf(name: string, time: TimeOf<never>): Reading {
  if (time instanceof Sample) return numberOf(time)
  const fixed = checkOptions('setTimeouts', durationOption, time)
  if (fixed < 1) throw new OptionError('setTimeouts', name, 'must not be 0')
  return numberOf(fixed)
}
