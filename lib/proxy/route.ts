/** A route: a backend under a condition. `use_backend` of a haproxy.cfg. */
import { z } from 'zod'
import { checkOptions, instanceOption } from '../base/options.js'
import { all, type Condition, checkCondition, not } from '../match/condition.js'
import type { Phase } from '../match/phase.js'
import { Backend } from './backend.js'

/** Which backend takes a request, if its condition holds. Immutable: `if` and `unless` give a new route. */
export class Route<in P extends Phase = Phase> {
  readonly backend: Backend
  readonly condition: Condition<P> | undefined
  /** `file:line`, when it comes from a file. */
  readonly where: string | undefined
  readonly decidesAt: ((phase: P) => boolean) | undefined

  constructor(backend: Backend, condition?: Condition<P> | undefined, where?: string | undefined) {
    this.backend = backend
    this.condition = condition
    this.where = where
    this.decidesAt = condition?.testableAt
  }

  /** Taken only when the condition holds; with several, all must agree. */
  if<Q extends Phase>(condition: Condition<Q>): Route<P & Q> {
    return this.#under(condition)
  }

  /** Taken only when the condition does not hold. */
  unless<Q extends Phase>(condition: Condition<Q>): Route<P & Q> {
    return this.#under(not(condition))
  }

  /** The same route, known by where it was written. */
  at(where: string): Route<P> {
    return new Route(this.backend, this.condition, where)
  }

  #under<Q extends Phase>(condition: Condition<Q>): Route<P & Q> {
    checkCondition(`useBackend ${this.backend.name}`, condition)
    const both: Condition<P & Q> = this.condition === undefined ? condition : all<P & Q>(this.condition, condition)
    return new Route<P & Q>(this.backend, both, this.where)
  }
}

/**
 * Sends what its condition holds for to a backend; the first route that holds is taken. Manual, `use_backend`.
 *
 * ```ts
 * routes: [useBackend(api).if(path.startsWith('/api/'))]
 * ```
 */
export function useBackend(backend: Backend): Route {
  return new Route(checkOptions('useBackend', instanceOption(Backend, 'must be a Backend'), backend))
}

/** An option that is a list of routes for requests (in TCP mode, for a connection's first bytes). */
export const routesOption: z.ZodType<readonly Route<'request'>[]> = z.array(
  z.custom<Route<'request'>>((given) => given instanceof Route, { error: 'must be a route, as useBackend() gives it' }),
  { error: 'must be a list of routes' },
)
