/** A condition: a question with a yes-or-no answer. Here live the shape, the connectives and the trace; matching a sample's value lives beside its type. */
import { OptionError } from '../base/errors.js'
import type { Context } from './context.js'
import { phases as everyPhase, type Phase } from './phase.js'
import { type NotYet, notYet } from './sample.js'

/** One thing that a condition looked at, for whoever asked a decision to explain itself. */
export interface Sighting {
  /** The condition in words, as in `path -m beg /api/`, or the name of an ACL. */
  readonly condition: string
  /** The value that was seen; absent when there was none. */
  readonly saw?: unknown
  readonly answer: boolean | 'not yet'
}

/** Receives what conditions see. Without one, nothing is recorded and nothing is paid. */
export interface Trace {
  saw(sighting: Sighting): void
}

/** The answer alone: what rules ask when nobody wants an explanation. */
export type Holds = (context: Context) => boolean | NotYet

/** A yes-or-no question that can be asked at the checkpoints in `P`. */
export class Condition<in P extends Phase> {
  readonly text: string
  readonly phases: readonly Phase[]
  readonly test: (context: Context, trace?: Trace) => boolean | NotYet
  /** The same as `test` without a trace, by the shortest way. */
  readonly holds: Holds
  readonly testableAt: (phase: P) => boolean

  constructor(
    text: string,
    phases: readonly Phase[],
    test: (context: Context, trace?: Trace) => boolean | NotYet,
    holds: Holds = (context) => test(context),
  ) {
    this.text = text
    this.phases = phases
    this.test = test
    this.holds = holds
    this.testableAt = (phase) => phases.includes(phase)
  }
}

/** Makes sure that something is a condition. @throws {OptionError} with what it was given to */
export function checkCondition(subject: string, given: unknown, path = ''): void {
  if (given instanceof Condition) return
  throw new OptionError(subject, path, "must be a condition, as path.is('/') or an Acl")
}

const common = (conditions: readonly { readonly phases: readonly Phase[] }[]): readonly Phase[] =>
  everyPhase.filter((phase) => conditions.every((condition) => condition.phases.includes(phase)))

const wrap = ({ text }: { readonly text: string }): string => {
  if (!/\s/.test(text)) return text
  return /^!?[{(]/.test(text) ? `(${text})` : `{ ${text} }`
}

/**
 * Holds when one of them does (HAProxy's `or`); looks at them in order and stops at the first that holds. One that cannot
 * be answered yet leaves the others their say.
 */
export function any<P extends Phase>(...conditions: readonly Condition<P>[]): Condition<P> {
  for (const condition of conditions) checkCondition('any', condition)
  const test = (context: Context, trace?: Trace): boolean | NotYet => {
    let outcome: boolean | NotYet = false
    for (const condition of conditions) {
      const answer = condition.test(context, trace)
      if (answer === true) return true
      if (answer === notYet) outcome = notYet
    }
    return outcome
  }
  return new Condition(conditions.map(wrap).join(' || '), common(conditions), test, decidedBy(conditions, true))
}

/** The answer of the first condition that settles it with `answer`; the opposite when none does. */
function decidedBy(conditions: readonly { readonly holds: Holds }[], answer: boolean): Holds {
  const questions = conditions.map(({ holds }) => holds)
  const count = questions.length
  return (context) => {
    let outcome: boolean | NotYet = !answer
    for (let index = 0; index < count; index++) {
      const given = (questions[index] as Holds)(context)
      if (given === answer) return answer
      if (given === notYet) outcome = notYet
    }
    return outcome
  }
}

/** Holds when all of them do (HAProxy's implicit and); stops at the first that does not. */
export function all<P extends Phase>(...conditions: readonly Condition<P>[]): Condition<P> {
  for (const condition of conditions) checkCondition('all', condition)
  const test = (context: Context, trace?: Trace): boolean | NotYet => {
    let outcome: boolean | NotYet = true
    for (const condition of conditions) {
      const answer = condition.test(context, trace)
      if (answer === false) return false
      if (answer === notYet) outcome = notYet
    }
    return outcome
  }
  return new Condition(conditions.map(wrap).join(' '), common(conditions), test, decidedBy(conditions, false))
}

/** Holds when the other does not (HAProxy's `!`). */
export function not<P extends Phase>(condition: Condition<P>): Condition<P> {
  checkCondition('not', condition)
  const { holds } = condition
  const opposite = (answer: boolean | NotYet): boolean | NotYet => (answer === notYet ? notYet : !answer)
  return new Condition(
    `!${wrap(condition)}`,
    condition.phases,
    (context, trace) => opposite(condition.test(context, trace)),
    (context) => opposite(holds(context)),
  )
}
