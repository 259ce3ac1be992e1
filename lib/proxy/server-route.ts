/** A server under a condition, before the algorithm is asked: `use-server` of a haproxy.cfg. */
import { z } from 'zod'
import { OptionError } from '../base/errors.js'
import { all, type Condition, checkCondition, not } from '../match/condition.js'
import type { Context } from '../match/context.js'
import { Format, type Text } from '../match/format.js'
import type { Phase } from '../match/phase.js'

/** Which server takes a request, if its condition holds and it can. Immutable: `if` and `unless` give a new one. */
export class ServerRoute<in P extends Phase = Phase> {
  readonly name: string | Format<never>
  readonly condition: Condition<P> | undefined
  readonly decidesAt: ((phase: P) => boolean) | undefined

  constructor(name: string | Format<never>, condition?: Condition<P> | undefined) {
    this.name = name
    this.condition = condition
    this.decidesAt = condition?.testableAt
  }

  /** Taken only when the condition holds; with several, all must agree. */
  if<Q extends Phase>(condition: Condition<Q>): ServerRoute<P & Q> {
    return this.#under(condition)
  }

  /** Taken only when the condition does not hold. */
  unless<Q extends Phase>(condition: Condition<Q>): ServerRoute<P & Q> {
    return this.#under(not(condition))
  }

  /** The name of the server; `undefined` when the condition does not hold. */
  nameFor(context: Context): string | undefined {
    if (this.condition !== undefined && this.condition.holds(context) !== true) return undefined
    return typeof this.name === 'string' ? this.name : this.name.render(context)
  }

  #under<Q extends Phase>(condition: Condition<Q>): ServerRoute<P & Q> {
    checkCondition('useServer', condition)
    return new ServerRoute<P & Q>(
      this.name,
      this.condition === undefined ? condition : all<P & Q>(this.condition, condition),
    )
  }
}

/**
 * Sends what its condition holds for to one server of the backend; the first that holds is taken. When that server is down, or there is none of that
 * name, the algorithm picks as usual. HAProxy: `use-server`. Throws {@link OptionError} on an empty name.
 */
export function useServer<P extends Phase = Phase>(name: Text<P>): ServerRoute<P> {
  if (!(name instanceof Format) && (typeof name !== 'string' || name === ''))
    throw new OptionError('useServer', '', 'must be given the name of a server')
  return new ServerRoute<P>(name as string | Format<never>)
}

export const serverRoutesOption: z.ZodType<readonly ServerRoute<'request'>[]> = z.array(
  z.custom<ServerRoute<'request'>>((given) => given instanceof ServerRoute, {
    error: 'must be a server under a condition, as useServer() gives it',
  }),
)
