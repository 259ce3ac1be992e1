/** Actions that write down: `set-var`, `set-var-fmt`, `unset-var`. */
import { type Phase, type Rule, type Sample, setVar, unsetVar } from '../../index.js'
import { asFormat, Format } from '../../match/format.js'
import { Variable, type VariableName } from '../../match/variable.js'
import { settableAt, type VariableCondition } from '../../rules/actions/set-variable.js'
import { Rule as RuleMade } from '../../rules/rule.js'
import type { ActionKeyword, ActionLine } from '../action.js'
import type { RuleSetName } from '../proxy-draft.js'

const everySet: readonly RuleSetName[] = [
  'tcp-request connection',
  'tcp-request session',
  'tcp-request content',
  'tcp-response content',
  'http-request',
  'http-response',
  'http-after-response',
]

interface Target {
  readonly name: VariableName
  readonly when: readonly VariableCondition[]
  readonly variable: Variable
}

/** What stands between the parentheses; nothing when it is wrong, which has been told. */
function readTarget(words: ActionLine, conditions: boolean): Target | undefined {
  if (words.inner === undefined) {
    words.alert(`the variable is missing`, `as in '${words.line.keyword}(txn.name)'`)
    return undefined
  }
  const [name = '', ...when] = words.inner.split(',')
  if (!conditions && when.length > 0) {
    words.alert(`'${words.inner}' is not a variable's name: conditions belong to 'set-var'.`, `write '${name}' only`)
    return undefined
  }
  try {
    // That the conditions are known is checked where the rule is made.
    return { name: name as VariableName, when: when as VariableCondition[], variable: Variable.parse(name) }
  } catch (error) {
    words.alert((error as Error).message)
    return undefined
  }
}

/** The rule; where there is no variable of its scope, which is told, one that does nothing. */
function effective(
  words: ActionLine,
  { variable, name }: Target,
  phases: readonly Phase[],
  rule: Rule<never>,
): Rule<never> {
  if (settableAt[variable.scope].some((phase) => phases.includes(phase))) return rule
  words.line.warning(
    `'${words.line.keyword}(${name})' does nothing: there is no variable of scope '${variable.scope}' in '${words.set}' rules.`,
    "use a variable of scope 'sess' or 'txn' that is there",
  )
  return new RuleMade<Phase>(words.line.keyword, phases, () => undefined) as Rule<never>
}

/** `<expression>`: the words up to the condition belong to one. */
const setVariable: ActionKeyword = {
  name: 'set-var',
  sets: everySet,
  read: (words) => {
    const target = readTarget(words, true)
    if (target === undefined) return undefined
    const expression = words.next()
    if (expression === undefined) {
      words.alert('missing fetch method.', `as in '${words.line.keyword}(${target.name}) src'`)
      return undefined
    }
    return (linker, checkpoint) => {
      const sample = linker.sample(expression, words.line.place, checkpoint)
      if (sample === undefined) return undefined
      const rule = setVar(target.name, sample as Sample<unknown, never>, { when: target.when })
      return effective(words, target, checkpoint.phases, rule as Rule<never>)
    }
  },
}

const setVariableFormat: ActionKeyword = {
  name: 'set-var-fmt',
  sets: everySet,
  read: (words) => {
    const target = readTarget(words, true)
    if (target === undefined) return undefined
    const text = words.next()
    if (text === undefined) {
      words.alert('missing format string.', `as in '${words.line.keyword}(${target.name}) "%[src]"'`)
      return undefined
    }
    return (linker, checkpoint) => {
      const format = linker.format(text, words.line.place, checkpoint)
      if (format === undefined) return undefined
      const value = format instanceof Format || typeof format === 'string' ? format : asFormat(format)
      const rule = setVar(target.name, value as string, { when: target.when })
      return effective(words, target, checkpoint.phases, rule as Rule<never>)
    }
  },
}

const unsetVariable: ActionKeyword = {
  name: 'unset-var',
  sets: everySet,
  read: (words) => {
    const target = readTarget(words, false)
    if (target === undefined) return undefined
    return (_linker, checkpoint) => {
      const rule = unsetVar(target.name) as Rule<never>
      return effective(words, target, checkpoint.phases, rule)
    }
  },
}

export const variableActions: readonly ActionKeyword[] = [setVariable, setVariableFormat, unsetVariable]
