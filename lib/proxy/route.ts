/** A route: a backend under a condition. `use_backend` of a haproxy.cfg. */
import { z } from 'zod'
import { checkOptions, instanceOption } from '../base/options.js'
import { all, type Condition, checkCondition, not } from '../match/condition.js'
import type { Context } from '../match/context.js'
import { Format } from '../match/format.js'
import type { Phase } from '../match/phase.js'
import { Backend } from './backend.js'

/** Where a route leads: to one backend, or to the one that a text names. */
export interface Destination {
  /** As a haproxy.cfg would write it. */
  readonly text: string
  /** All that it can be. */
  readonly backends: readonly Backend[]
  /** Where a text with questions in it can be asked; nothing for a fixed one. */
  readonly phases: readonly Phase[] | undefined
  /** The one; nothing when there is none of that name. */
  readonly find: (context: Context) => Backend | undefined
}

/** Which backend takes a request, if its condition holds. Immutable: `if` and `unless` give a new route. */
export class Route<in P extends Phase = Phase> {
  readonly destination: Destination
  readonly condition: Condition<P> | undefined
  /** `file:line`, when it comes from a file. */
  readonly where: string | undefined
  readonly decidesAt: ((phase: P) => boolean) | undefined

  constructor(destination: Destination, condition?: Condition<P> | undefined, where?: string | undefined) {
    this.destination = destination
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
    return new Route(this.destination, this.condition, where)
  }

  #under<Q extends Phase>(condition: Condition<Q>): Route<P & Q> {
    checkCondition(`useBackend ${this.destination.text}`, condition)
    const both: Condition<P & Q> = this.condition === undefined ? condition : all<P & Q>(this.condition, condition)
    return new Route<P & Q>(this.destination, both, this.where)
  }
}

const backendOption = instanceOption(Backend, 'must be a Backend')
const backendsOption = z.array(backendOption, { error: 'must be a list of Backends' })

/**
 * Sends what its condition holds for to a backend; the first route that holds is taken. Manual, `use_backend`.
 *
 * ```ts
 * routes: [useBackend(api).if(path.startsWith('/api/'))]
 * ```
 *
 * With a text in the backend's place, each request goes to the one of that name, among those that are listed. When there is none, the default
 * backend takes it, whatever other routes say. HAProxy: `use_backend %[…]`.
 *
 * ```ts
 * routes: [useBackend(format`be-${host}`, [api, web])]
 * ```
 */
export function useBackend(backend: Backend): Route
export function useBackend<P extends Phase>(name: Format<P>, among: readonly Backend[]): Route<P>
export function useBackend(given: Backend | Format<never>, among: readonly Backend[] = []): Route {
  return new Route(given instanceof Format ? named(given, among) : fixed(given))
}

function fixed(given: Backend): Destination {
  const backend = checkOptions('useBackend', backendOption, given)
  return { text: backend.name, backends: [backend], phases: undefined, find: () => backend }
}

function named({ render, text, phases }: Format<never>, among: readonly Backend[]): Destination {
  const backends = checkOptions('useBackend', backendsOption, among)
  const known = new Map(backends.map((backend) => [backend.name, backend]))
  return { text, backends, phases, find: (context) => known.get(render(context)) }
}

/** An option that is a list of routes for requests (in TCP mode, for a connection's first bytes). */
export const routesOption: z.ZodType<readonly Route<'request'>[]> = z.array(
  z.custom<Route<'request'>>((given) => given instanceof Route, { error: 'must be a route, as useBackend() gives it' }),
  { error: 'must be a list of routes' },
)
