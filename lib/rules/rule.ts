/** A rule: an action under a condition, and the runner that takes a rule set from top to bottom. */
import { OptionError } from '../base/errors.js'
import type { Condition, Sighting, Trace } from '../match/condition.js'
import { all, checkCondition, not } from '../match/condition.js'
import type { Context } from '../match/context.js'
import type { Phase } from '../match/phase.js'
import type { Plan } from '../match/plan.js'
import { notYet } from '../match/sample.js'
import { type Change, watch } from './change.js'
import { RuleError } from './rule-error.js'
import { type Verdict, waiting } from './verdict.js'

/** The part of a rule that acts: gives a verdict, or changes the context and lets the next rule go on. */
export type Action = (context: Context) => Verdict | Promise<Verdict>

/** Where a rule was written, for explanations: `file:line` of a haproxy.cfg. */
export interface RuleOrigin {
  readonly where?: string | undefined
}

/** An action with its condition, for the checkpoints in `P`. Immutable: `if` and `unless` give a new rule. */
export class Rule<in P extends Phase> {
  readonly name: string
  readonly phases: readonly Phase[]
  readonly action: Action
  readonly condition: Condition<P> | undefined
  readonly where: string | undefined
  /** Stands in for the action when the next rule is one of these as well and has no condition: what the two do goes together. */
  readonly joined: Action | undefined
  readonly standsAt: (phase: P) => boolean

  constructor(
    name: string,
    phases: readonly Phase[],
    action: Action,
    condition?: Condition<P> | undefined,
    where?: string | undefined,
    joined?: Action | undefined,
  ) {
    this.name = name
    this.phases = phases
    this.action = action
    this.condition = condition
    this.where = where
    this.joined = joined
    this.standsAt = (phase) => phases.includes(phase)
  }

  /** Runs only when the condition holds; with several `if`s and `unless`es, all must agree. Throws {@link OptionError} when there are several in one. */
  if<Q extends Phase>(condition: Condition<Q>, ...more: readonly never[]): Rule<P & Q> {
    this.#refuse('if', more)
    return this.#under(condition)
  }

  /** Runs only when the condition does not hold. Throws {@link OptionError} when there are several in one. */
  unless<Q extends Phase>(condition: Condition<Q>, ...more: readonly never[]): Rule<P & Q> {
    this.#refuse('unless', more)
    return this.#under(not(condition))
  }

  /** The same rule, known by where it was written. */
  at(where: string): Rule<P> {
    return new Rule(this.name, this.phases, this.action, this.condition, where, this.joined)
  }

  /** The rule as it runs before that one. */
  before(next: Rule<never> | undefined): Rule<P> {
    if (this.joined === undefined || next?.joined === undefined || next.condition !== undefined) return this
    return new Rule(this.name, this.phases, this.joined, this.condition, this.where)
  }

  /** Without types, a second condition is easily written, and a rule that refuses would refuse others than meant. */
  #refuse(word: 'if' | 'unless', more: readonly never[]): void {
    if (more.length > 0)
      throw new OptionError(
        `the rule '${this.name}'`,
        '',
        `${word}() takes one condition: write .${word}(all(a, b)) or .${word}(any(a, b))`,
      )
  }

  #under<Q extends Phase>(condition: Condition<Q>): Rule<P & Q> {
    checkCondition(`the rule '${this.name}'`, condition)
    const both: Condition<P & Q> = this.condition === undefined ? condition : all<P & Q>(this.condition, condition)
    const shared = this.phases.filter((phase) => condition.phases.includes(phase))
    return new Rule<P & Q>(this.name, shared, this.action, both, this.where, this.joined)
  }
}

/** One rule that was looked at, for whoever asked a decision to explain itself. */
export interface RuleSighting {
  /** The rule set it stands in, as in `http-request`. */
  readonly set: string
  readonly rule: string
  /** `file:line`, when it comes from a file. */
  readonly where?: string | undefined
  /** Its condition in words; absent when it has none. */
  readonly condition?: string | undefined
  /** What its condition looked at, in order. */
  readonly saw: readonly Sighting[]
  /** Whether the condition held, and so the action ran. */
  readonly applied: boolean | 'not yet'
  /** What the action said. */
  readonly said: string
  /** What the action changed. */
  readonly changed?: readonly Change[] | undefined
}

/** Receives every rule that is looked at, in order. */
export interface RuleTrace {
  ruled(sighting: RuleSighting): void
}

/**
 * Takes the rules in order until one settles the course. Synchronous as long as every action is; the first one that gives a
 * promise makes the rest wait for it.
 * @param plan for the conditions of these very rules
 */
export function runRules<P extends Phase>(
  rules: readonly Rule<P>[],
  context: Context,
  set: string,
  trace?: RuleTrace | undefined,
  plan?: Plan | undefined,
  from = 0,
): Verdict | Promise<Verdict> {
  plan?.forget()
  for (let index = from; index < rules.length; index++) {
    if (plan !== undefined && trace === undefined) {
      index = plan.next(index, context)
      if (index === rules.length) break
    }
    const rule = rules[index] as Rule<P>
    const verdict = trace === undefined ? runRule(rule, context, plan, index) : runTraced(rule, context, set, trace)
    if (verdict === undefined) continue
    if (!(verdict instanceof Promise)) return settledBy(rule, verdict, context)
    const { clock } = context
    const began = clock?.now() ?? 0
    return verdict.then((settled) => {
      // Time has gone by.
      if (clock !== undefined) context.passed(clock.now() - began)
      // What it holds has been given back already: what further rules took would stay taken.
      if (context.left) throw new RuleError(rule.name, 'left', 'the client left meanwhile')
      if (settled !== undefined) return settledBy(rule, settled, context)
      return runRules(rules, context, set, trace, plan, index + 1)
    })
  }
  return undefined
}

function settledBy(rule: Rule<never>, verdict: Verdict, context: Context): Verdict {
  if (verdict !== waiting) context.lastRule = rule.where
  return verdict
}

function runRule(
  rule: Rule<never>,
  context: Context,
  plan: Plan | undefined,
  index: number,
): Verdict | Promise<Verdict> {
  const answer = plan === undefined ? (rule.condition?.holds(context) ?? true) : plan.holds(index, context)
  if (answer === false) return undefined
  if (answer === notYet) return waiting
  const verdict = rule.action(context)
  plan?.forget()
  return verdict
}

function runTraced<P extends Phase>(
  rule: Rule<P>,
  context: Context,
  set: string,
  trace: RuleTrace,
): Verdict | Promise<Verdict> {
  const saw: Sighting[] = []
  const sink: Trace = { saw: (sighting) => saw.push(sighting) }
  const answer = rule.condition === undefined ? true : rule.condition.test(context, sink)
  const tell = (applied: boolean | 'not yet', said: string, changed?: readonly Change[]): void =>
    trace.ruled({
      set,
      rule: rule.name,
      where: rule.where,
      condition: rule.condition?.text,
      saw,
      applied,
      said,
      changed,
    })
  if (answer === notYet) {
    tell('not yet', 'wait')
    return waiting
  }
  if (answer === false) {
    tell(false, 'not asked')
    return undefined
  }
  const changes = watch(context)
  const fail = (error: unknown): never => {
    tell(true, `failed: ${error instanceof Error ? error.message : String(error)}`, changes())
    throw error
  }
  const settle = (verdict: Verdict): Verdict => {
    tell(true, describe(verdict), changes())
    return verdict
  }
  let verdict: Verdict | Promise<Verdict>
  try {
    verdict = rule.action(context)
  } catch (error) {
    return fail(error)
  }
  return verdict instanceof Promise ? verdict.then(settle, fail) : settle(verdict)
}

function describe(verdict: Verdict): string {
  if (verdict === undefined) return 'go on'
  if (verdict.kind === 'respond') return `respond ${verdict.response.status}`
  return verdict.kind
}
