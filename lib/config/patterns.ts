/** What stands behind an ACL's fetch: flags, operators and patterns → a condition on the sample (manual, chapter 7.1). */

import type { Condition, Phase, Sample } from '../index.js'
import { asFlag, asInteger } from '../match/cast.js'
import type { DerivedMatch } from '../match/fetch.js'
import { matchBool, matchEntries, matchFound, quotePattern } from '../match/matcher.js'
import { applyOperators } from '../match/patterns/integer-range.js'
import type { MatchOptions, PatternMethod } from '../match/patterns/methods.js'
import type { PatternSet } from '../match/patterns/pattern-set.js'
import type { StaticType } from '../match/value.js'
import type { Line } from './keyword.js'
import { ExpressionError } from './sample-expression.js'
import type { Words } from './words.js'

/** HAProxy's ways to match. */
export const matchMethods = [
  'found',
  'bool',
  'int',
  'ip',
  'bin',
  'len',
  'str',
  'sub',
  'reg',
  'beg',
  'end',
  'dir',
  'dom',
] as const
export type MatchMethod = (typeof matchMethods)[number]

/** What may stand in front of patterns; `--` ends it. */
export const patternFlags: readonly string[] = ['-i', '-f', '-m', '-n', '-u', '-M', '--']

/** Patterns that are compared in the same manner: a file's, or the words of the line. */
interface Group {
  readonly set: PatternSet
  readonly options: MatchOptions
  /** The words, still with operators; nothing for a file. */
  readonly words: readonly string[] | undefined
}

/** What stood behind the fetch. */
export interface PatternDraft {
  readonly method: MatchMethod | undefined
  readonly groups: readonly Group[]
  /** As it was written, for explanations. */
  readonly text: string
  /** No pattern at all, and no `--` that says so on purpose. */
  readonly missing: boolean
}

/** Reads flags, one after the other. */
class FlagReader {
  readonly #line: Line
  readonly #rest: string[]
  readonly #files: Group[] = []
  #method: MatchMethod | undefined
  #ignoreCase = false
  #plain = false
  #map = false
  #ended = false
  #id: number | undefined

  constructor(words: readonly string[], line: Line) {
    this.#line = line
    this.#rest = [...words]
  }

  read(): PatternDraft {
    const text = this.#rest.map(quotePattern).join(' ')
    while (!this.#ended && this.#rest[0]?.startsWith('-') === true) this.#flag(this.#rest.shift() ?? '')
    // HAProxy takes an empty word for the end of the line.
    const end = this.#rest.indexOf('')
    const words = end < 0 ? this.#rest : this.#rest.slice(0, end)
    // Behind files there is a set of the line's own, which the runtime API may fill.
    const groups = words.length + this.#files.length === 0 ? [] : [...this.#files, this.#inline(words)]
    const set = groups.at(-1)?.set
    if (set !== undefined && this.#id !== undefined) this.#line.loading.patterns.identify(set, this.#id)
    return { method: this.#method, groups, text, missing: groups.length === 0 && !this.#ended }
  }

  get #options(): MatchOptions {
    const { compileRegex } = this.#line.loading
    return { ignoreCase: this.#ignoreCase, plain: this.#plain, resolve: this.#resolve, compile: compileRegex }
  }

  /** Names are looked up where `-n` does not forbid it. */
  get #resolve(): MatchOptions['resolve'] {
    const { hosts } = this.#line.loading.patterns
    return this.#plain ? undefined : (host) => hosts.find(host)
  }

  #inline(words: readonly string[]): Group {
    return { set: this.#line.loading.patterns.line(), options: this.#options, words }
  }

  #flag(flag: string): void {
    if (!this.#line.loading.words.flags.has(flag))
      throw new ExpressionError(
        `'${flag}' is not a valid ACL option.`,
        "use '--' before any pattern beginning with a '-'",
      )
    if (flag === '--') this.#ended = true
    else if (flag === '-i') this.#ignoreCase = true
    else if (flag === '-n') this.#plain = true
    else if (flag === '-M') this.#map = true
    else if (flag === '-u') this.#id = readId(this.#rest.shift())
    else if (flag === '-f') this.#file(this.#rest.shift() ?? '')
    else this.#setMethod(this.#rest.shift())
  }

  #file(reference: string): void {
    if (reference === '') throw new ExpressionError("'-f' expects a file name")
    const { loading, place } = this.#line
    this.#files.push({
      set: loading.patterns.file(reference, this.#map, place, 'acl'),
      options: this.#options,
      words: undefined,
    })
  }

  #setMethod(word: string | undefined): void {
    if (this.#files.length > 0)
      throw new ExpressionError("'-m' must only be specified before patterns and files in parsing ACL expression.")
    const known = [...this.#line.loading.words.matchMethods]
    this.#method = known.find((one) => one === word)
    if (this.#method === undefined)
      throw new ExpressionError(
        `unknown matching method '${word ?? ''}' when parsing ACL expression.`,
        `known are ${known.join(', ')}`,
      )
  }
}

function readId(word = ''): number {
  if (/^-?\d+$/.test(word)) return Number(word)
  throw new ExpressionError('the argument of -u must be an integer.')
}

/**
 * Reads flags and patterns, and the files that they name.
 * @throws ExpressionError
 */
export function readPatterns(words: readonly string[], line: Line): PatternDraft {
  return new FlagReader(words, line).read()
}

/** The way to match that a type has of itself. */
const methodOf: Readonly<Record<StaticType, MatchMethod | undefined>> = {
  bool: 'bool',
  int: 'int',
  ip: 'ip',
  str: 'str',
  meth: undefined,
  bin: undefined,
  any: undefined,
}

/** What cannot be compared in these ways. */
const impossible: Readonly<Partial<Record<MatchMethod | 'dotted', readonly StaticType[]>>> = {
  bool: ['bin', 'meth'],
  int: ['bin', 'meth'],
  ip: ['bin', 'meth', 'bool'],
}

/** Whether patterns mean something to a way to match. */
export const takesPatterns = (method: MatchMethod | 'dotted'): method is PatternMethod =>
  method !== 'found' && method !== 'bool'

/**
 * The way to match that holds: the one that `-m` names, that of the ACL word, or that of the type.
 * @throws ExpressionError when there is none, or values of the type cannot be matched so
 */
export function decideMethod(
  patterns: PatternDraft,
  type: StaticType,
  word: string,
  own: DerivedMatch | undefined,
  { matchMethods }: Words,
): MatchMethod | 'dotted' {
  const method = patterns.method ?? own ?? methodOf[type]
  if (method === undefined || (method !== 'dotted' && !matchMethods.has(method)))
    throw new ExpressionError(
      `matching method must be specified first (using '-m') when using a sample fetch of this type ('${word}').`,
      "add '-m str', '-m bin' or '-m found'",
    )
  if (impossible[method]?.includes(type) === true) {
    const possible = [...matchMethods].filter((one) => impossible[one]?.includes(type) !== true)
    throw new ExpressionError(
      `matching method '${method}' cannot be used with fetch keyword '${word}'.`,
      `it gives ${type}: use one of ${possible.join(', ')}`,
    )
  }
  return method
}

/** A method is compared as a method where no `-m` says otherwise: case counts. */
function readOptions(options: MatchOptions, type: StaticType, text: string): MatchOptions {
  return type === 'meth' && !hasMethod(text) ? { ...options, ignoreCase: false } : options
}

const hasMethod = (text: string): boolean => /(?:^| )-m /.test(text)

/**
 * Fills the sets of a line's own words, and tells of words that HAProxy reads otherwise than people mean them.
 * @throws OptionError on a pattern that cannot be read
 */
export function fillSets(
  { groups, text }: PatternDraft,
  method: MatchMethod | 'dotted',
  type: StaticType,
  line: Line,
): void {
  if (!takesPatterns(method)) return
  for (const { set, words, options } of groups) {
    if (words === undefined) continue
    const ranges = method === 'int' || method === 'len' || method === 'dotted'
    const { patterns, odd } = ranges ? applyOperators(words, method === 'dotted') : { patterns: words, odd: [] }
    for (const [word, meaning] of odd)
      line.warning(
        `'${word}' is read as '${meaning}'.`,
        "write what is meant: 'eq 5', ':-5', '1:9', or '!' for another",
      )
    set.view(method, readOptions(options, type, text))
    for (const pattern of patterns) set.add(pattern)
  }
}

/**
 * Makes the condition that holds when the sample matches one of the patterns.
 * @throws OptionError on a pattern of a file that cannot be read
 */
export function makeCondition(
  sample: Sample<unknown, Phase>,
  method: MatchMethod | 'dotted',
  { groups, text }: PatternDraft,
): Condition<Phase> {
  if (method === 'found') return matchFound(sample)
  if (method === 'bool') return matchBool(sample.type === 'ip' ? asFlag(asInteger(sample)) : asFlag(sample))
  const flag = hasMethod(text) || ['int', 'dotted', 'ip'].includes(method) ? '' : ` -m ${method}`
  const finders = groups.map(({ set, options }) => set.view(method, readOptions(options, sample.type, text)))
  return matchEntries(sample, `${sample.name}${flag}${text === '' ? '' : ` ${text}`}`, finders)
}
