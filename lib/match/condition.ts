/** A condition: a question with a yes-or-no answer. Here live the shape, the connectives and the trace; matching a sample's value lives beside its type. */
import { OptionError } from '../base/errors.js'
import type { Context } from './context.js'
import type { PatternSource } from './patterns/pattern-source.js'
import { phases as everyPhase, type Phase } from './phase.js'
import { type NotYet, notYet, type Sample } from './sample.js'

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

/** A comparison of one sample's values: what conditions come down to. */
export interface Match {
  readonly kind: 'match'
  readonly sample: Sample<unknown, never>
  readonly holds: (value: unknown) => boolean
  /** What the values are looked up in, as they are. */
  readonly source: PatternSource | undefined
}

/** What a condition is made of, for whoever asks many of them in one go; see `plan.ts`. */
export type Parts =
  | Match
  | { readonly kind: 'any' | 'all'; readonly conditions: readonly Condition<never>[] }
  | { readonly kind: 'not'; readonly condition: Condition<never> }

/** A yes-or-no question that can be asked at the checkpoints in `P`. */
export class Condition<in P extends Phase> {
  readonly text: string
  readonly phases: readonly Phase[]
  readonly test: (context: Context, trace?: Trace) => boolean | NotYet
  /** The same as `test` without a trace, by the shortest way. */
  readonly holds: Holds
  /** Nothing where only the condition itself knows. */
  readonly parts: Parts | undefined
  readonly testableAt: (phase: P) => boolean

  constructor(
    text: string,
    phases: readonly Phase[],
    test: (context: Context, trace?: Trace) => boolean | NotYet,
    holds: Holds = (context) => test(context),
    parts?: Parts | undefined,
  ) {
    this.text = text
    this.phases = phases
    this.test = test
    this.holds = holds
    this.parts = parts
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
  const text = conditions.map(wrap).join(' || ')
  const holds = decidedBy(conditions.map(holdsOf), true)
  return new Condition(text, common(conditions), test, holds, { kind: 'any', conditions })
}

const holdsOf = ({ holds }: { readonly holds: Holds }): Holds => holds

/** The first answer that settles it by being `answer`; the opposite when none does. */
export function decidedBy(questions: readonly Holds[], answer: boolean): Holds {
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
  const text = conditions.map(wrap).join(' ')
  const holds = decidedBy(conditions.map(holdsOf), false)
  return new Condition(text, common(conditions), test, holds, { kind: 'all', conditions })
}

/** Holds when the other does not (HAProxy's `!`). */
export function not<P extends Phase>(condition: Condition<P>): Condition<P> {
  checkCondition('not', condition)
  return new Condition(
    `!${wrap(condition)}`,
    condition.phases,
    (context, trace) => opposite(condition.test(context, trace)),
    oppositeOf(condition.holds),
    { kind: 'not', condition },
  )
}

const opposite = (answer: boolean | NotYet): boolean | NotYet => (answer === notYet ? notYet : !answer)

/** The other answer than that of a question. */
export function oppositeOf(holds: Holds): Holds {
  return (context) => opposite(holds(context))
}
