/** Actions of rules: how one is declared, and how a line of a rule set is read with them. The actions themselves are in `keywords/`. */
import type { Phase, Rule } from '../index.js'
import { didYouMean } from './advice.js'
import { type Checkpoint, readCondition } from './expression.js'
import type { Line } from './keyword.js'
import type { Linker } from './linker.js'
import type { ProxyDraft, RuleDraft, RuleSetName } from './proxy-draft.js'
import { actionWords } from './vocabulary.js'

/** Makes the rule, still without its condition. May throw an OptionError, which is told on the line. */
export type RuleMaker = (linker: Linker, checkpoint: Checkpoint) => Rule<never> | undefined

/** The words of an action, taken one after the other; what is left is the condition. */
export class ActionLine {
  readonly line: Line
  readonly set: RuleSetName
  readonly words: string[]
  /** The section that it stands in. */
  readonly draft: ProxyDraft
  readonly #inner: string | undefined
  #innerAsked = false

  constructor(line: Line, set: RuleSetName, words: readonly string[], draft: ProxyDraft, inner?: string | undefined) {
    this.draft = draft
    this.line = line
    this.set = set
    this.words = [...words]
    this.#inner = inner
  }

  /** What stands in parentheses behind the action's name, as in `set-var(txn.x)`. */
  get inner(): string | undefined {
    this.#innerAsked = true
    return this.#inner
  }

  /** There is something in parentheses that the action has not asked for. */
  get innerLeft(): boolean {
    return this.#inner !== undefined && !this.#innerAsked
  }

  /** The next word that is not the beginning of the condition. */
  next(): string | undefined {
    return this.atCondition ? undefined : this.words.shift()
  }

  get atCondition(): boolean {
    const [word] = this.words
    return word === undefined || word === 'if' || word === 'unless'
  }

  /** The word behind an option; told when it is missing. */
  value(option: string): string | undefined {
    const word = this.words.shift()
    if (word === undefined) this.alert(`'${option}' expects an argument.`)
    return word
  }

  alert(message: string, advice?: string | undefined): void {
    this.line.alert(`error detected while parsing '${this.line.keyword}' rule : ${message}`, advice)
  }
}

/** One action. */
export interface ActionKeyword {
  readonly name: string
  readonly sets: readonly RuleSetName[]
  /** Reads its words; nothing when they are wrong, which has been told. */
  readonly read: (words: ActionLine) => RuleMaker | undefined
}

/** Content rules may ask HTTP messages, too: see `inContent`. */
const phasesOf: Readonly<Record<RuleSetName, readonly Phase[]>> = {
  'tcp-request connection': ['connection'],
  'tcp-request session': ['session'],
  'tcp-request content': ['content', 'request'],
  'tcp-response content': ['responseContent', 'response'],
  'http-request': ['request'],
  'http-response': ['response'],
  'http-after-response': ['afterResponse'],
}

/** Reads the line of a rule set: `<set> <action> [if|unless <condition>]`. */
export function readRule(line: Line, set: RuleSetName, draft: ProxyDraft): RuleDraft | undefined {
  const { actions } = line.loading.words
  const [word = '', ...rest] = line.args
  const name = word.replace(/\(.*$/s, '')
  const action = actions.get(name)
  if (action === undefined || !action.sets.includes(set)) {
    unknownAction(line, set, name, actions)
    return undefined
  }
  const inner = /^[^(]*\((.*)\)$/s.exec(word)?.[1]
  if (inner === undefined && word !== name) {
    line.alert(`'${word}' does not end with its parenthesis.`, `write '${/^[^)]*/.exec(word)?.[0]})'`)
    return undefined
  }
  return readAction(line.under(`${set} ${name}`, rest), set, action, draft, inner)
}

function unknownAction(line: Line, set: RuleSetName, name: string, actions: ReadonlyMap<string, ActionKeyword>): void {
  const sets = actionWords.get(name) ?? actionWords.get(`${name} ${line.args[1]}`) ?? actions.get(name)?.sets
  if (name === '') line.alert(`'${set}' expects an action.`)
  else if (name.startsWith('lua.'))
    line.alert(`'${set} ${name}' : there is no Lua here`, "write it in code: rule('name', async ({ request }) => …)")
  else if (sets?.includes(set) === true) line.alert(`'${set} ${name}' is not supported yet`)
  else if (sets !== undefined)
    line.alert(`'${name}' is not an action of '${set}'`, `it belongs into ${sets.map((one) => `'${one}'`).join(', ')}`)
  else {
    const known = [...actionWords].filter(([, where]) => where.includes(set)).map(([one]) => one)
    const built = [...actions.values()].filter((one) => one.sets.includes(set)).map((one) => one.name)
    line.alert(`unknown action '${name}' for '${set}'`, didYouMean(name, known) ?? `built are ${built.join(', ')}`)
  }
}

/** Reads the words behind an action's name, and the condition. */
export function readAction(
  line: Line,
  set: RuleSetName,
  action: ActionKeyword,
  draft: ProxyDraft,
  inner?: string | undefined,
): RuleDraft | undefined {
  const words = new ActionLine(line, set, line.args, draft, inner)
  const maker = action.read(words)
  if (maker === undefined) return undefined
  if (words.innerLeft) {
    line.alert(`'${line.keyword}' takes nothing in parentheses.`, 'remove them')
    return undefined
  }
  const condition = readCondition(words.words, line, draft.acls, `'${line.keyword}' rule`)
  if (condition === false) return undefined
  const checkpoint: Checkpoint = { phases: phasesOf[set], name: `${line.keyword} rule` }
  return (linker) => {
    const rule = make(line, maker, linker, checkpoint)
    if (rule === undefined) return undefined
    const placed = rule.at(line.where)
    if (condition === undefined) return placed
    const made = linker.condition(condition, checkpoint)
    return made === undefined ? undefined : placed.if(made)
  }
}

function make(line: Line, maker: RuleMaker, linker: Linker, checkpoint: Checkpoint): Rule<Phase> | undefined {
  try {
    // The checkpoint has been checked by the loader itself, which knows phases as values only.
    return maker(linker, checkpoint) as Rule<Phase> | undefined
  } catch (error) {
    line.alert(`error detected while parsing '${line.keyword}' rule : ${(error as Error).message}`)
    return undefined
  }
}
