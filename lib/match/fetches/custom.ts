/** `sample`: a question written in code. */
import { OptionError } from '../../base/errors.js'
import type { Context } from '../context.js'
import { phases as everyPhase, type Phase } from '../phase.js'
import { type NotYet, Sample } from '../sample.js'
import { type TypedSample, typedSample } from '../typed-sample.js'
import { type SampleType, typeOf, type ValueOf } from '../value.js'

/**
 * A question of your own, for conditions, formats, tables and hashes. Beyond HAProxy, whose own questions are written in Lua.
 *
 * ```ts
 * const tenant = sample('tenant', 'str', ['request'], ({ request }) => tenants.get(request.host ?? ''))
 * useBackend(gold).if(tenant.is('acme'))
 * ```
 *
 * @param type what its answers are; those of another type are made into one, as far as that can be
 * @param phases where it can be asked: what a checkpoint does not have yet (a request, a response) must not be asked for there
 * @param ask gives the value at once, or nothing; what takes time belongs into a `rule()`, which keeps it in a variable. What it throws makes the answer a 500
 * @throws {OptionError} that says what is wrong
 */
export function sample<T extends SampleType, P extends Phase>(
  name: string,
  type: T,
  phases: readonly P[],
  ask: (context: Context) => ValueOf[T] | undefined | NotYet,
): TypedSample<T, P> {
  const subject = `sample '${name}'`
  if (name === '') throw new OptionError('sample', 'name', 'must not be empty')
  if (typeof ask !== 'function') throw new OptionError(subject, 'ask', 'must be a function')
  if (!['str', 'meth', 'int', 'bool', 'ip', 'bin'].includes(type))
    throw new OptionError(subject, 'type', "must be 'str', 'int', 'bool', 'ip', 'bin' or 'meth'")
  const odd = phases.find((phase) => !everyPhase.includes(phase))
  if (odd !== undefined || phases.length === 0)
    throw new OptionError(subject, 'phases', `must be some of ${everyPhase.join(', ')}`)
  const checked = (context: Context): ValueOf[T] | undefined | NotYet => {
    const value: unknown = ask(context)
    // What was meant to be asynchronous, or is an object of the host app's, must not pass as a value.
    if (value === undefined || typeof value === 'symbol' || typeOf(value) !== undefined) return value as ValueOf[T]
    throw new OptionError(subject, '', 'must give a text, a number, true, false, a Buffer, an Ip or nothing')
  }
  // As one of any type, whose answers are cast.
  return typedSample<T, P>(type, new Sample<unknown, P>({ name, type: 'any', phases, ask: checked }))
}
