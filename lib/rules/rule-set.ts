/** The rules of one checkpoint of one proxy, in order; changed by replacing the whole, so that a run that has begun keeps what it began with. */
import { z } from 'zod'
import { OptionError } from '../base/errors.js'
import { checkOptions } from '../base/options.js'
import type { Context } from '../match/context.js'
import { type Phase, phases } from '../match/phase.js'
import { Plan } from '../match/plan.js'
import { Rule, type RuleTrace, runRules } from './rule.js'
import type { Verdict } from './verdict.js'

/** An ordered set of rules that can be changed while traffic runs. */
export class RuleSet<in out P extends Phase> {
  /** As HAProxy calls the set, for example `http-request`. */
  readonly name: string
  readonly #phase: P
  #rules: readonly Rule<P>[]
  /** As they run: some go together with their neighbours. */
  #running: readonly Rule<P>[]
  /** How their conditions are asked: decided when they are asked first. */
  #plan: Plan | undefined
  #planned = false

  #forbidden: string | undefined

  /** @param phase the checkpoint that all of its rules must be able to stand at */
  constructor(name: string, phase: P, rules: readonly Rule<P>[] = []) {
    this.name = name
    this.#phase = phase
    this.#rules = this.#checked(rules)
    this.#running = joined(this.#rules)
  }

  /** @internal Nothing would ask its rules, for that reason: none may be put in. */
  forbid(reason: string): void {
    this.#forbidden = reason
  }

  get rules(): readonly Rule<P>[] {
    return this.#rules
  }

  get length(): number {
    return this.#rules.length
  }

  /** Puts rules behind all others. */
  append(...rules: readonly Rule<P>[]): void {
    this.#take([...this.#rules, ...this.#checked(rules)])
  }

  /** Puts rules before all others. */
  prepend(...rules: readonly Rule<P>[]): void {
    this.#take([...this.#checked(rules), ...this.#rules])
  }

  /** Takes all of these rules in place of the present ones. */
  replace(...rules: readonly Rule<P>[]): void {
    this.#take(this.#checked(rules))
  }

  #take(rules: readonly Rule<P>[]): void {
    this.#rules = rules
    this.#running = joined(rules)
    this.#plan = undefined
    this.#planned = false
  }

  #checked(rules: readonly Rule<P>[]): readonly Rule<P>[] {
    if (this.#forbidden !== undefined && rules.length > 0) throw new OptionError(this.name, '', this.#forbidden)
    return [...checkOptions(this.name, rulesOption(this.#phase), rules)]
  }

  /** Runs them against a context. */
  run(context: Context, trace?: RuleTrace): Verdict | Promise<Verdict> {
    if (this.#running.length === 0) return undefined
    context.lenient = false
    if (!this.#planned) {
      this.#planned = true
      this.#plan = Plan.of(this.#running.map(({ condition }) => condition))
    }
    return runRules(this.#running, context, this.name, trace, this.#plan)
  }
}

const joined = <P extends Phase>(rules: readonly Rule<P>[]): readonly Rule<P>[] =>
  rules.map((rule, index) => rule.before(rules[index + 1]))

/** An option that is a list of rules; what the compiler refuses is refused at run time as well, by name. */
export function rulesOption<P extends Phase>(phase: P): z.ZodType<readonly Rule<P>[]> {
  return options.get(phase) as unknown as z.ZodType<readonly Rule<P>[]>
}

function option(phase: Phase): z.ZodType<readonly Rule<Phase>[]> {
  const rule = z
    .custom<Rule<Phase>>((given) => given instanceof Rule, {
      error: 'must be a rule, as deny() or setHeader() give it',
    })
    .refine((given) => given.phases.includes(phase), {
      error: (issue) => misplaced(issue.input as Rule<Phase>, phase),
    })
  return z.array(rule, { error: 'must be a list of rules' })
}

/** Made once: a configuration has many sets. */
const options: ReadonlyMap<Phase, z.ZodType<readonly Rule<Phase>[]>> = new Map(
  phases.map((phase) => [phase, option(phase)]),
)

function misplaced(rule: Rule<never>, phase: Phase): string {
  const condition = rule.condition === undefined ? '' : ` under the condition '${rule.condition.text}'`
  const places = rule.phases.length === 0 ? 'nowhere' : `at ${rule.phases.join(', ')}`
  return `the rule '${rule.name}'${condition} can stand ${places}, not at ${phase}`
}
