/**
 * A sample: one question about a connection or message, with the checkpoints at which it can be asked.
 * The questions themselves (`path`, `src` …) stand in `fetches/`, the typed ways to make a condition of one beside this file.
 */
import type { Context } from './context.js'
import type { Phase } from './phase.js'
import type { StaticType } from './value.js'

/** The third outcome of a question, beside a value and `undefined` (absent): it cannot be answered before more has come. */
export const notYet: unique symbol = Symbol('not yet')
export type NotYet = typeof notYet

/** What makes a sample: see {@link Sample}. */
export interface SampleDefinition<T> {
  readonly name: string
  readonly type: StaticType
  readonly phases: readonly Phase[]
  readonly ask: (context: Context) => T | undefined | NotYet
  readonly all?: ((context: Context) => readonly T[] | NotYet) | undefined
  readonly mayChange?: ((context: Context) => boolean) | undefined
  /** See {@link Sample.steady}. */
  readonly steady?: boolean | undefined
}

/**
 * One question, whose answers are values as `value.ts` lists them. `P` is the union of checkpoints at which it can be asked; a rule accepts only questions that its own
 * checkpoint can answer, and the compiler says so. (All members are properties, since methods are not checked contravariantly.)
 */
export class Sample<out T, in P extends Phase> {
  /** As a haproxy.cfg would write it, for example `req.hdr(host)`. */
  readonly name: string
  readonly type: StaticType
  readonly phases: readonly Phase[]
  /** The value, `undefined` when there is none, {@link notYet} when more input may bring one. */
  readonly ask: (context: Context) => T | undefined | NotYet
  /** Every value, where there can be several (a repeated header): a condition holds when one of them matches. */
  readonly all: ((context: Context) => readonly T[] | NotYet) | undefined
  /**
   * Whether more input may bring another value than the one that `ask` gives now (the number of bytes received). A
   * condition that fails on such a value is not answered yet; one that holds is.
   */
  readonly mayChange: ((context: Context) => boolean) | undefined
  /** Whether the question can be asked at a checkpoint. */
  readonly askableAt: (phase: P) => boolean
  readonly #steady: boolean

  constructor(definition: SampleDefinition<T>) {
    this.name = definition.name
    this.type = definition.type
    this.phases = definition.phases
    this.ask = definition.ask
    this.all = definition.all
    this.mayChange = definition.mayChange
    this.askableAt = (phase) => definition.phases.includes(phase)
    this.#steady = definition.steady === true
  }

  /**
   * The answer is told by the connection's facts and its messages alone, and stays the same until a rule changes them; all steady samples of one
   * name ask the same. Rules may ask them once for many conditions. (A getter, since a copy of the properties with another `ask` is not steady.)
   */
  get steady(): boolean {
    return this.#steady
  }
}
