/** The switch of a frontend: which backend takes a request, by its routes, its default backend, and whether backends want to be used at all. */
import { z } from 'zod'
import { OptionError } from '../base/errors.js'
import { instanceOption } from '../base/options.js'
import { any, Condition, type Sighting } from '../match/condition.js'
import type { Context } from '../match/context.js'
import type { Phase } from '../match/phase.js'
import { Plan } from '../match/plan.js'
import { type NotYet, notYet } from '../match/sample.js'
import type { RuleSighting } from '../rules/rule.js'
import { waiting } from '../rules/verdict.js'
import { Backend } from './backend.js'
import { type Decision, type Explainer, explained, nowhere } from './decision.js'
import type { Mode } from './mode.js'
import { type Route, routesOption } from './route.js'

/** What a frontend says about where requests go. */
export interface SwitchOptions {
  /** Tried in order; the first that holds is taken. In TCP mode they look at a connection's first bytes. */
  readonly routes?: readonly Route<'request'>[] | readonly Route<'content'>[]
  /** Takes what no route takes. Without one, such a client gets 503. */
  readonly defaultBackend?: Backend
  /**
   * Takes what neither a route nor the default backend takes, published or not. Default: none. The servers of a `listen` in a haproxy.cfg.
   */
  readonly ownBackend?: Backend
  /**
   * Where one of these holds, routes and the default backend lead to backends that are unpublished or disabled, too: for those who try them out. Default: none, and
   * such backends are passed over. HAProxy 3.5: `force-be-switch`.
   */
  readonly forceBackendSwitch?: readonly Condition<'request'>[] | readonly Condition<'content'>[]
}

/** For the check of a frontend's options. */
export const switchShape = {
  routes: routesOption.optional(),
  defaultBackend: instanceOption(Backend, 'must be a Backend').optional(),
  ownBackend: instanceOption(Backend, 'must be a Backend').optional(),
  forceBackendSwitch: z.array(instanceOption(Condition, "must be a condition, as path.is('/') or an Acl")).optional(),
} as const

export class Switch {
  readonly #subject: string
  readonly #mode: Mode
  #routes: readonly Route<'request'>[] = []
  /** How their conditions are asked. */
  #plan: Plan | undefined = undefined
  /** Takes what no route takes. */
  defaultBackend: Backend | undefined
  readonly #ownBackend: Backend | undefined
  /** Leads to backends that would be passed over. */
  readonly #forced: Condition<'request'> | undefined

  constructor(subject: string, mode: Mode, options: SwitchOptions) {
    this.#subject = subject
    this.#mode = mode
    this.defaultBackend = options.defaultBackend
    this.#ownBackend = options.ownBackend
    this.#forced = decideForced(subject, mode, options.forceBackendSwitch)
    this.take((options.routes ?? []) as readonly Route<'request'>[])
    for (const backend of this.backends()) checkModes(subject, mode, backend)
  }

  get routes(): readonly Route<'request'>[] {
    return this.#routes
  }

  /** All of these routes in place of the present ones. */
  take(routes: readonly Route<'request'>[]): void {
    checkRoutes(this.#subject, this.#mode, routes)
    this.#routes = [...routes]
    this.#plan = planOf(this.#routes)
  }

  /** Every backend that it can lead to, each once. */
  backends(): readonly Backend[] {
    const found = new Set(this.#routes.flatMap(({ destination }) => destination.backends))
    if (this.defaultBackend !== undefined) found.add(this.defaultBackend)
    if (this.#ownBackend !== undefined) found.add(this.#ownBackend)
    return [...found]
  }

  /** The backend that takes a request (in TCP mode: a connection's first bytes), or that there is none. */
  choose(context: Context, explainer: Explainer | undefined): Decision {
    const plan = this.#plan
    plan?.forget()
    for (let index = 0; index < this.#routes.length; index++) {
      if (plan !== undefined && explainer === undefined) {
        index = plan.next(index, context)
        if (index === this.#routes.length) break
      }
      const route = this.#routes[index] as Route<'request'>
      const answer =
        explainer === undefined ? testRoute(route, context, plan, index) : testTraced(route, context, explainer)
      if (answer === notYet) return explained(waiting, explainer)
      if (!answer) continue
      const backend = route.destination.find(context)
      if (backend === undefined) break
      const leads = this.#leadsTo(backend, context, explainer)
      if (leads === notYet) return explained(waiting, explainer)
      if (leads) return forwardTo(backend, context, explainer)
    }
    return this.#fallBack(context, explainer)
  }

  #fallBack(context: Context, explainer: Explainer | undefined): Decision {
    const fallback = this.defaultBackend
    if (fallback !== undefined && fallback !== this.#ownBackend) {
      explainer?.ruled(defaultSighting(fallback))
      const leads = this.#leadsTo(fallback, context, explainer)
      if (leads === notYet) return explained(waiting, explainer)
      if (leads) return forwardTo(fallback, context, explainer)
    }
    if (this.#ownBackend === undefined) return explained(nowhere, explainer)
    explainer?.ruled(defaultSighting(this.#ownBackend))
    return forwardTo(this.#ownBackend, context, explainer)
  }

  /** Backends that are unpublished or disabled are passed over, unless the switch is forced. */
  #leadsTo(backend: Backend, context: Context, explainer: Explainer | undefined): boolean | NotYet {
    if (backend.published && !backend.disabled) return true
    const saw: Sighting[] = []
    const trace = explainer === undefined ? undefined : { saw: (one: Sighting) => void saw.push(one) }
    const answer = this.#forced?.test(context, trace) ?? false
    const state = backend.disabled ? 'disabled' : 'unpublished'
    explainer?.ruled({
      set: 'force-be-switch',
      rule: `backend ${backend.name} is ${state}`,
      condition: this.#forced?.text,
      saw,
      applied: true,
      said: answer === notYet ? 'wait' : answer ? 'forward all the same' : 'passed over',
    })
    return answer
  }
}

function testRoute(
  { condition }: Route<'request'>,
  context: Context,
  plan: Plan | undefined,
  index: number,
): boolean | NotYet {
  return plan === undefined ? (condition?.holds(context) ?? true) : plan.holds(index, context)
}

const planOf = (routes: readonly Route<'request'>[]): Plan | undefined =>
  Plan.of(routes.map(({ condition }) => condition))

function testTraced(route: Route<'request'>, context: Context, explainer: Explainer): boolean | NotYet {
  const saw: Sighting[] = []
  const answer = route.condition === undefined ? true : route.condition.test(context, { saw: (one) => saw.push(one) })
  explainer.ruled({
    set: 'use_backend',
    rule: `use_backend ${route.destination.text}`,
    where: route.where,
    condition: route.condition?.text,
    saw,
    applied: answer === notYet ? 'not yet' : answer,
    said: answer === notYet ? 'wait' : answer ? 'forward' : 'not taken',
  })
  return answer
}

const defaultSighting = ({ name }: Backend): RuleSighting => ({
  set: 'default_backend',
  rule: `default_backend ${name}`,
  saw: [],
  applied: true,
  said: 'forward',
})

function decideForced(
  subject: string,
  mode: Mode,
  conditions: readonly Condition<never>[] = [],
): Condition<'request'> | undefined {
  if (conditions.length === 0) return undefined
  const phase = mode === 'http' ? 'request' : 'content'
  conditions.forEach(({ text, phases }, index) => {
    if (phases.includes(phase)) return
    const message = `the condition '${text}' cannot be asked at ${phase}, where routes of mode ${mode} decide`
    throw new OptionError(subject, `forceBackendSwitch[${index}]`, message)
  })
  return any(...(conditions as readonly Condition<'request'>[]))
}

function forwardTo(backend: Backend, context: Context, explainer: Explainer | undefined): Decision {
  context.backend = backend
  return explained(backend.forwarding, explainer)
}

export function checkModes(subject: string, mode: Mode, backend: Backend): void {
  if (mode === 'http' && backend.mode === 'tcp')
    throw new OptionError(subject, 'routes', `an http frontend cannot use the tcp backend '${backend.name}'`)
}

/** Where routes decide depends on the mode, which types do not know; in TCP mode there are only a connection's first bytes to ask. */
function checkRoutes(subject: string, mode: Mode, routes: readonly Route<'request'>[]): void {
  const phase = mode === 'http' ? 'request' : 'content'
  routes.forEach(({ condition, destination }, index) => {
    checkPlace(condition, `the condition '${condition?.text}'`, index)
    checkPlace(destination, `the name '${destination.text}'`, index)
  })
  function checkPlace(
    asked: { readonly phases: readonly Phase[] | undefined } | undefined,
    what: string,
    index: number,
  ) {
    const phases = asked?.phases
    if (phases === undefined || phases.includes(phase)) return
    const places = phases.length === 0 ? 'nowhere' : `at ${phases.join(', ')}`
    const message = `${what} can be asked ${places}, not at ${phase}, where routes of mode ${mode} decide`
    throw new OptionError(subject, `routes[${index}]`, message)
  }
}
