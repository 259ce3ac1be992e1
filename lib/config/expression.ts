/**
 * ACLs and the conditions made of them: `acl NAME fetch …`, `if a !b { fetch … } or c` (manual, chapters 7.1 and 7.2). They are read
 * line by line, and made once all files are known: the lines of one ACL may stand anywhere in its section.
 */
import { Acl, all, any, type Condition, not, OptionError, type Phase, type Sample } from '../index.js'
import { inContent } from '../match/in-content.js'
import type { Links } from '../match/links.js'
import { predefinedAcls } from '../match/predefined.js'
import type { StaticType } from '../match/value.js'
import { didYouMean } from './advice.js'
import type { Diagnostics, Place } from './diagnostic.js'
import { Line, type Loading } from './keyword.js'
import {
  decideMethod,
  fillSets,
  type MatchMethod,
  makeCondition,
  type PatternDraft,
  readPatterns,
  takesPatterns,
} from './patterns.js'
import { ExpressionError, makeSample, readSample, type SampleDraft } from './sample-expression.js'

/** A fetch with its patterns: what stands between braces, or behind an ACL's name. */
export interface TestDraft {
  readonly place: Place
  readonly sample: SampleDraft
  readonly method: MatchMethod | 'dotted'
  readonly patterns: PatternDraft
}

/** A named ACL: the tests of its lines, one of which has to hold. */
export interface AclDraft {
  readonly name: string
  readonly tests: TestDraft[]
}

/** One word of a condition. */
interface Term {
  readonly negated: boolean
  /** The name; nothing for `{ … }`. */
  readonly acl: string | undefined
  readonly tests: readonly TestDraft[]
}

/** A condition: alternatives, each of terms that must all hold. */
export interface ConditionDraft {
  readonly unless: boolean
  readonly alternatives: readonly (readonly Term[])[]
  readonly place: Place
}

/** Where a condition is asked. */
export interface Checkpoint {
  /** There is no traffic to ask: the configuration is being loaded. */
  readonly standalone?: boolean | undefined
  /** The phases at which its rule may run; a test must be askable at one of them. */
  readonly phases: readonly Phase[]
  /** As HAProxy calls it, for example `http-request rule`. */
  readonly name: string
}

/** The sample as it is asked at a checkpoint: of content rules, one about an HTTP message has to find that first. */
export function placed(sample: Sample<unknown, never>, { phases }: Checkpoint): Sample<unknown, Phase> {
  const [first] = phases
  const there = first === undefined || sample.phases.includes(first)
  return there || phases.length === 1 || !contentPhases.has(first)
    ? (sample as Sample<unknown, Phase>)
    : inContent(sample)
}

const contentPhases: ReadonlySet<Phase> = new Set(['content', 'responseContent'])

/**
 * Reads a test.
 * @throws ExpressionError
 */
function readTest(words: readonly string[], line: Line): TestDraft {
  const [text = '', ...rest] = words
  const sample = readSample(text, line.loading.words, { acl: true, response: false })
  const patterns = readPatterns(rest, line)
  const own = sample.converters.length > 0 ? undefined : (sample.derived ?? sample.definition.match)
  const type = staticType(sample)
  const word = text.replace(/[(,].*$/s, '')
  if (sample.definition.unavailable !== undefined)
    line.warning(`'${word}' never has a value here: ${sample.definition.unavailable}.`)
  const method = decideMethod(patterns, type, word, own, line.loading.words)
  fillSets(patterns, method, type, line)
  const inLine = patterns.groups.find(({ words: inline }) => inline !== undefined)
  line.loading.patterns.asked(inLine?.set, word, line.place)
  if (takesPatterns(method) && patterns.missing) {
    const message = `parsing acl keyword '${word}' : no pattern to match against were provided, so this ACL will never match.`
    line.warning(
      message,
      "add '--' if this is intended; to match only for existence, use '-m found'; to match an int as a bool, use '-m bool'",
    )
  }
  if (!takesPatterns(method) && patterns.groups.length > 0) {
    line.warning(
      `'-m ${method}' looks at no pattern: '${shownGroups(patterns)}' means nothing.`,
      "remove it, or use '-m int' or '-m str' to compare",
    )
  }
  return { place: line.place, sample, method, patterns }
}

/** The ACL that everybody knows by that name, for whoever stands at a place and has none of its own. */
export function predefinedAcl(name: string, place: Place, loading: Loading): AclDraft | undefined {
  const known = predefinedAcls.find((acl) => acl.name === name)
  if (known === undefined) return undefined
  const line = new Line('acl', [name, ...known.words], { words: [], prefix: undefined, ...place }, loading)
  return { name, tests: [readTest(known.words, line)] }
}

const shownGroups = ({ groups }: PatternDraft): string =>
  groups.flatMap(({ words, set }) => words ?? [`-f ${set.name}`]).join(' ')

/** Tells what is wrong with an expression; anything but a fault of the file is passed on. */
function tell(line: Line, what: string, error: unknown): void {
  if (!(error instanceof ExpressionError) && !(error instanceof OptionError)) throw error
  const advice = error instanceof ExpressionError ? error.advice : undefined
  line.alert(`error detected while parsing ${what} : ${error.message}`, advice)
}

/** An `acl` line. */
export function readAcl(line: Line, acls: Map<string, AclDraft>): void {
  const [name = '', ...words] = line.args
  const odd = /[^A-Za-z0-9_.:-]/.exec(name)?.[0]
  if (name === '') line.alert("'acl' expects a name and a criterion.", "as in 'acl is_api path_beg /api/'")
  else if (odd !== undefined) line.alert(`character '${odd}' is not permitted in acl name '${name}'.`)
  else if (name === 'or')
    line.alert(
      "acl name 'or' will never match. 'or' is used to express a logical disjunction within a condition.",
      'choose another name',
    )
  else {
    const acl = acls.get(name) ?? { name, tests: [] }
    // A name with a faulty line is known all the same, so that its uses are not faults, too.
    acls.set(name, acl)
    try {
      acl.tests.push(readTest(words, line))
    } catch (error) {
      tell(line, `ACL '${name}'`, error)
    }
  }
}

/** The type of an expression's last word that has one of its own. */
function staticType({ definition, converters }: SampleDraft): StaticType {
  return converters.reduce<StaticType>(
    (type, { converter }) => (converter.type === 'same' ? type : converter.type),
    definition.type,
  )
}

class ConditionReader {
  readonly #words: string[]
  readonly #line: Line
  readonly #acls: ReadonlyMap<string, AclDraft>

  constructor(words: readonly string[], line: Line, acls: ReadonlyMap<string, AclDraft>) {
    this.#words = [...words]
    this.#line = line
    this.#acls = acls
  }

  read(): readonly (readonly Term[])[] {
    const alternatives: Term[][] = []
    let current: Term[] | undefined
    while (this.#words.length > 0) {
      if (this.#words[0]?.toLowerCase() === 'or' || this.#words[0] === '||') {
        this.#words.shift()
        current = undefined
        continue
      }
      if (current === undefined) alternatives.push((current = []))
      current.push(this.#term())
    }
    return alternatives
  }

  #term(): Term {
    let negated = false
    let word = this.#words.shift() ?? ''
    for (;;) {
      while (word.startsWith('!')) {
        negated = !negated
        word = word.slice(1)
      }
      if (word !== '') break
      const next = this.#words.shift()
      if (next === undefined) throw new ExpressionError("missing ACL name after '!'")
      word = next
    }
    if (word === '{') return { negated, acl: undefined, tests: [this.#braces()] }
    return { negated, acl: word, tests: this.#named(word) }
  }

  #braces(): TestDraft {
    const end = this.#words.indexOf('}')
    if (end < 0) throw new ExpressionError("missing closing '}' in condition.", "put blanks around '{' and '}'")
    const empty = this.#words.indexOf('')
    if (empty !== -1 && empty < end)
      throw new ExpressionError("missing closing '}' in condition: an empty word ends it.", "write '-m len 0'")
    const inner = this.#words.splice(0, end + 1).slice(0, -1)
    return readTest(inner, this.#line)
  }

  #named(name: string): readonly TestDraft[] {
    const own = this.#acls.get(name)
    if (own !== undefined) return own.tests
    const known = predefinedAcls.find((acl) => acl.name === name)
    if (known !== undefined) return [readTest(known.words, this.#line)]
    const names = [...this.#acls.keys(), ...predefinedAcls.map((acl) => acl.name)]
    const advice = /^[{}]|[{}]$/.test(name) ? "put blanks around '{' and '}'" : didYouMean(name, names)
    throw new ExpressionError(`no such ACL : '${name}'.`, advice)
  }
}

/**
 * Reads `if …` or `unless …`, when that is what the words are; anything else is told.
 * @param what the rule, as in `switching rule`
 * @returns the condition; nothing when there is none; `false` when it cannot be read
 */
export function readCondition(
  words: readonly string[],
  line: Line,
  acls: ReadonlyMap<string, AclDraft>,
  what: string,
): ConditionDraft | undefined | false {
  const [keyword, ...rest] = words
  if (keyword === undefined) return undefined
  if (keyword !== 'if' && keyword !== 'unless') {
    line.alert(
      `'${line.keyword}' expects either 'if' or 'unless' followed by a condition but found '${keyword}'.`,
      didYouMean(keyword, ['if', 'unless']),
    )
    return false
  }
  try {
    const alternatives = new ConditionReader(rest, line, acls).read()
    if (alternatives.length === 0)
      line.warning(
        `the condition behind '${keyword}' is empty: it never holds.`,
        'write a condition, or remove the word',
      )
    return { unless: keyword === 'unless', alternatives, place: line.place }
  } catch (error) {
    tell(line, what, error)
    return false
  }
}

const nowhere: Checkpoint = { phases: [], name: '' }

/** Makes conditions of drafts; the ACLs that have been made already are used again. */
export class ConditionMaker {
  readonly #diagnostics: Diagnostics
  /** What expressions at a place name. */
  readonly #links: (place: Place) => Links
  /** ACLs that are being made because another asks them. */
  readonly #open = new Set<string>()
  /** By where they are asked, for those that are asked of content are made in another way. */
  readonly #made = new Map<Phase | undefined, Map<readonly TestDraft[], Condition<Phase> | undefined>>()

  constructor(diagnostics: Diagnostics, links: (place: Place) => Links) {
    this.#diagnostics = diagnostics
    this.#links = links
  }

  /** The condition; nothing when it cannot be asked at this checkpoint, or a pattern is faulty, which has been told. */
  make(draft: ConditionDraft, checkpoint: Checkpoint): Condition<Phase> | undefined {
    const alternatives = draft.alternatives.map((terms) => {
      const conditions = terms.map((term) => this.#term(term, draft.place, checkpoint))
      return conditions.every((condition) => condition !== undefined) ? conditions : undefined
    })
    if (alternatives.some((alternative) => alternative === undefined)) return undefined
    const either = alternatives.map((conditions = []) => {
      const [only] = conditions
      return only !== undefined && conditions.length === 1 ? only : all(...conditions)
    })
    const [only] = either
    const whole = only !== undefined && either.length === 1 ? only : any(...either)
    return draft.unless ? not(whole) : whole
  }

  /** An ACL; nothing when it is faulty, which is told. */
  named({ name, tests }: AclDraft): Condition<Phase> | undefined {
    if (this.#open.has(name)) throw new ExpressionError(`ACL '${name}' asks itself.`)
    this.#open.add(name)
    const made = this.#named({ negated: false, acl: name, tests }, nowhere)
    this.#open.delete(name)
    return made
  }

  /** Makes ACLs that no rule may use, so that their faults are told as well. */
  makeAll(acls: Iterable<AclDraft>): void {
    for (const { name, tests } of acls) this.#named({ negated: false, acl: name, tests }, nowhere)
  }

  #term(term: Term, place: Place, checkpoint: Checkpoint): Condition<Phase> | undefined {
    for (const { sample } of term.tests) {
      if (checkpoint.phases.some((phase) => sample.phases.includes(phase))) continue
      const who = term.acl === undefined ? 'anonymous acl' : `acl '${term.acl}'`
      const message = `${who} will never match because it uses '${sample.text}' which cannot be asked in a '${checkpoint.name}'`
      this.#diagnostics.alert(place, message, `it can be asked at: ${sample.phases.join(', ')}`)
      return undefined
    }
    const condition = this.#named(term, checkpoint)
    return condition !== undefined && term.negated ? not(condition) : condition
  }

  #named({ acl, tests }: Term, checkpoint: Checkpoint): Condition<Phase> | undefined {
    const known = this.#known(checkpoint)
    if (known.has(tests)) return known.get(tests)
    const conditions = tests.map((test) => this.#test(test, checkpoint))
    const [first, ...others] = conditions.filter((condition) => condition !== undefined)
    let made: Condition<Phase> | undefined
    if (first !== undefined && others.length + 1 === tests.length)
      made = acl === undefined ? first : new Acl(acl, first, ...others)
    known.set(tests, made)
    return made
  }

  #known({ phases: [first] }: Checkpoint): Map<readonly TestDraft[], Condition<Phase> | undefined> {
    const place = first !== undefined && contentPhases.has(first) ? first : undefined
    const known = this.#made.get(place) ?? new Map()
    this.#made.set(place, known)
    return known
  }

  #test({ place, sample, method, patterns }: TestDraft, checkpoint: Checkpoint): Condition<Phase> | undefined {
    try {
      return makeCondition(placed(makeSample(sample, this.#links(place)), checkpoint), method, patterns)
    } catch (error) {
      const advice = error instanceof ExpressionError ? error.advice : undefined
      this.#diagnostics.alert(
        place,
        `error detected while parsing '${sample.text}' : ${(error as Error).message}`,
        advice,
      )
      return undefined
    }
  }
}
