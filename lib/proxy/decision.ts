/** What a frontend or backend decided to do with a request or connection, and how it came to that. Acting on it is the engine's part. */
import type { Outcome } from '../base/errors.js'
import type { RuleSighting, RuleTrace } from '../rules/rule.js'
import type { Respond, Serve, Tarpit, Verdict } from '../rules/verdict.js'
import type { Backend } from './backend.js'

/** Every rule and route that was looked at, in order; there when the decision was asked to explain itself. */
export type Sightings = readonly RuleSighting[]

/** The request goes to a backend. */
export interface ForwardDecision {
  readonly kind: 'forward'
  readonly backend: Backend
  readonly explanation?: Sightings | undefined
}
/** We answer ourselves. */
export interface RespondDecision extends Respond {
  readonly explanation?: Sightings | undefined
}
/** The connection is closed without a word. */
export interface RejectDecision {
  readonly kind: 'reject'
  readonly outcome: Outcome
  readonly atOnce?: boolean
  /** Nobody had looked at the request yet. */
  readonly unseen?: boolean
  readonly explanation?: Sightings | undefined
}
/** The client is held, then answered. */
export interface TarpitDecision extends Tarpit {
  readonly explanation?: Sightings | undefined
}
/** A service in this process answers. */
export interface ServeDecision extends Serve {
  readonly explanation?: Sightings | undefined
}
/** No route holds and there is no default backend: 503. */
export interface NowhereDecision {
  readonly kind: 'nowhere'
  readonly explanation?: Sightings | undefined
}
/** More bytes are needed (content inspection). */
export interface WaitDecision {
  readonly kind: 'wait'
  readonly explanation?: Sightings | undefined
}

export type Decision =
  | ForwardDecision
  | RespondDecision
  | RejectDecision
  | TarpitDecision
  | ServeDecision
  | NowhereDecision
  | WaitDecision

/** How a decision is asked for. */
export interface RouteOptions {
  /** Records every rule that is looked at, its condition and what that saw. Default: no, and then it costs nothing. */
  readonly explain?: boolean | Explainer
}

/** Collects an explanation. */
export class Explainer implements RuleTrace {
  readonly sightings: RuleSighting[] = []

  ruled(sighting: RuleSighting): void {
    this.sightings.push(sighting)
  }
}

/** Whoever takes it down, when somebody does. */
export function explainerOf({ explain }: RouteOptions): Explainer | undefined {
  if (explain === undefined || explain === false) return undefined
  return explain === true ? new Explainer() : explain
}

export const nowhere: NowhereDecision = { kind: 'nowhere' }

/** The decision that a verdict settles; `undefined` when the verdict lets the request go on. */
export function settle(verdict: Verdict): Decision | undefined {
  return verdict === undefined || verdict.kind === 'allow' || verdict.kind === 'close' ? undefined : verdict
}

/** Adds the explanation, when there is one. */
export function explained(decision: Decision, explainer: Explainer | undefined): Decision {
  return explainer === undefined ? decision : { ...decision, explanation: explainer.sightings }
}
