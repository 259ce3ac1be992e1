/** `setVar` and `unsetVar`: what a rule writes down for those that come after it. */
import { OptionError } from '../../base/errors.js'
import { Ip } from '../../base/ip.js'
import type { Context } from '../../match/context.js'
import { Format } from '../../match/format.js'
import { phases as everyPhase, type Phase } from '../../match/phase.js'
import { notYet, Sample } from '../../match/sample.js'
import { typeOf, type Value, valueText } from '../../match/value.js'
import { Variable, type VariableName, type VariableScope } from '../../match/variable.js'
import { Rule } from '../rule.js'

/**
 * When a variable is set at all. `ifexists`, `ifnotexists`: it is there (those of the process always are). `ifset`, `ifnotset`: it
 * has a value. `ifempty`, `ifnotempty`: the new value is a text without a character. `ifgt`, `iflt`: both values are integers and the old one is
 * greater, or less; where they are not both integers, it is set.
 */
export type VariableCondition = (typeof variableConditions)[number]

/** All of them. */
export const variableConditions = [
  'ifexists',
  'ifnotexists',
  'ifempty',
  'ifnotempty',
  'ifset',
  'ifnotset',
  'ifgt',
  'iflt',
] as const

/** How a variable is set. */
export interface SetVarOptions {
  /** It is set only when all of these hold. Default: always. */
  readonly when?: VariableCondition | readonly VariableCondition[] | undefined
}

/** The checkpoints at which rules stand. */
type RulePhase = 'connection' | 'session' | 'content' | 'request' | 'responseContent' | 'response' | 'afterResponse'

/** Where a variable can be set: it must be there already, and still. */
export type VariablePhase<N extends VariableName> = N extends `${'proc' | 'sess'}.${string}`
  ? RulePhase | 'check'
  : N extends `txn.${string}`
    ? Exclude<RulePhase, 'connection' | 'session'>
    : N extends `req.${string}`
      ? 'content' | 'request'
      : N extends `res.${string}`
        ? 'responseContent' | 'response' | 'afterResponse'
        : 'check'

/** The same by the scope. */
export const settableAt: Readonly<Record<VariableScope, readonly Phase[]>> = {
  proc: everyPhase.filter((phase) => phase !== 'log'),
  sess: everyPhase.filter((phase) => phase !== 'log'),
  txn: ['content', 'request', 'responseContent', 'response', 'afterResponse'],
  req: ['content', 'request'],
  res: ['responseContent', 'response', 'afterResponse'],
  check: ['check'],
}

/**
 * Writes a value into a variable, which keeps its type: `setVar('txn.user', header('x-user'))`. A sample without a value leaves the variable as it
 * was; a format always has one. HAProxy: `set-var`, and `set-var-fmt` for formats.
 *
 * @throws {OptionError} on a name that no variable can have, or an unknown condition
 */
export function setVar<N extends VariableName, P extends Phase = Phase>(
  name: N,
  value: Value | Sample<unknown, P> | Format<P>,
  options: SetVarOptions = {},
): Rule<P & VariablePhase<N>> {
  const variable = Variable.parse(name)
  const when = conditionsOf(name, options)
  const word = value instanceof Format ? 'set-var-fmt' : 'set-var'
  const { read, text, phases } = source<P>(value)
  const label = `${word}(${[name, ...when].join(',')}) ${text}`
  const places = settableAt[variable.scope].filter((phase) => phases.includes(phase))
  const met = when.map((word) => tests[word])
  return new Rule(label, places, (context) => {
    const next = read(context)
    if (next === undefined || next === notYet) return undefined
    if (met.every((test) => test(variable, context, next))) variable.set(context, next)
    return undefined
  })
}

/**
 * Forgets a variable; harmless when there is none. HAProxy: `unset-var`.
 * @throws {OptionError} on a name that no variable can have
 */
export function unsetVar<N extends VariableName>(name: N): Rule<VariablePhase<N>> {
  const variable = Variable.parse(name)
  return new Rule(`unset-var(${name})`, settableAt[variable.scope], (context) => {
    variable.unset(context)
    return undefined
  })
}

/** A variable that is made of itself would grow without end: HAProxy cuts a format at the size of its buffer. */
const LONGEST = 16_383

interface Source {
  readonly read: (context: Context) => unknown
  readonly text: string
  readonly phases: readonly Phase[]
}

function source<P extends Phase>(value: Value | Sample<unknown, P> | Format<P>): Source {
  if (value instanceof Sample) return { read: value.ask, text: value.name, phases: value.phases }
  if (value instanceof Format) {
    const { render } = value.as('variable')
    return { read: (context) => render(context).slice(0, LONGEST), text: value.text, phases: value.phases }
  }
  if (typeOf(value) === undefined || (typeof value === 'number' && !Number.isSafeInteger(value)))
    throw new OptionError(
      'setVar',
      'value',
      'must be a sample such as src, a format, a whole number, a text, a Buffer, an Ip, true or false',
    )
  return { read: () => value, text: value instanceof Ip ? value.toString() : valueText(value), phases: everyPhase }
}

function conditionsOf(name: string, { when = [] }: SetVarOptions): readonly VariableCondition[] {
  const given = typeof when === 'string' ? [when] : [...when]
  for (const word of given) {
    if (variableConditions.includes(word)) continue
    const known = variableConditions.map((one) => `'${one}'`).join(', ')
    throw new OptionError(`variable '${name}'`, '', `unknown condition '${word}': known are ${known}`)
  }
  return given
}

const isEmpty = (value: unknown): boolean => (typeof value === 'string' || Buffer.isBuffer(value)) && value.length === 0

const isInteger = (value: unknown): value is number | bigint => typeof value === 'number' || typeof value === 'bigint'

type Test = (variable: Variable, context: Context, next: unknown) => boolean

const tests: Readonly<Record<VariableCondition, Test>> = {
  ifexists: (variable, context) => variable.exists(context),
  ifnotexists: (variable, context) => !variable.exists(context),
  ifset: (variable, context) => variable.get(context) !== undefined,
  ifnotset: (variable, context) => variable.get(context) === undefined,
  ifempty: (_variable, _context, next) => isEmpty(next),
  ifnotempty: (_variable, _context, next) => !isEmpty(next),
  ifgt: (variable, context, next) => compares(variable.get(context), next, (old, fresh) => old > fresh),
  iflt: (variable, context, next) => compares(variable.get(context), next, (old, fresh) => old < fresh),
}

function compares(
  old: unknown,
  fresh: unknown,
  holds: (old: number | bigint, fresh: number | bigint) => boolean,
): boolean {
  return !isInteger(old) || !isInteger(fresh) || holds(old, fresh)
}
