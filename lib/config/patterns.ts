/** What stands behind an ACL's fetch: flags, operators and patterns → a condition on the sample (manual, chapter 7.1). */

import { CidrSet } from '../base/cidr.js'
import type { Integer } from '../base/int64.js'
import { any, type Condition, type Phase, type Sample } from '../index.js'
import { latin1 } from '../match/bytes-sample.js'
import { asAddress, asFlag, asInteger, asText } from '../match/cast.js'
import type { DerivedMatch } from '../match/fetch.js'
import {
  type IntegerRange,
  matchAddress,
  matchBinary,
  matchBool,
  matchFound,
  matchInteger,
  matchLength,
  matchText,
} from '../match/matcher.js'
import type { TextMode } from '../match/text-pattern.js'
import type { StaticType } from '../match/value.js'
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

/** Patterns that are compared in the same manner. */
interface Group {
  readonly ignoreCase: boolean
  readonly values: string[]
}

/** What stood behind the fetch. */
export interface PatternDraft {
  readonly method: MatchMethod | undefined
  readonly groups: readonly Group[]
  /** No pattern at all, and no `--` that says so on purpose. */
  readonly missing: boolean
  /** Flags that were read, and mean nothing here. */
  readonly idle: readonly string[]
}

/** The lines of a pattern file: without blanks in front, empty lines and comments. */
function fileLines(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.replace(/^[ \t]+/, ''))
    .filter((line) => line !== '')
}

/**
 * Reads flags and patterns.
 * @param readFile gives the text of a file that `-f` names, or tells that it cannot be opened
 * @throws ExpressionError
 */
export function readPatterns(
  words: readonly string[],
  readFile: (path: string) => string,
  { flags, matchMethods }: Words,
): PatternDraft {
  let method: MatchMethod | undefined
  let ignoreCase = false
  let ended = false
  const groups: Group[] = []
  const idle: string[] = []
  const add = (values: readonly string[]): void => {
    const last = groups.at(-1)
    if (last !== undefined && last.ignoreCase === ignoreCase) last.values.push(...values)
    else groups.push({ ignoreCase, values: [...values] })
  }
  const rest = [...words]
  while (rest[0]?.startsWith('-') === true && !/^-\d/.test(rest[0])) {
    const flag = rest.shift() ?? ''
    if (!flags.has(flag))
      throw new ExpressionError(
        `'${flag}' is not a valid ACL option.`,
        "use '--' before any pattern beginning with a '-'",
      )
    if (flag === '--') {
      ended = true
      break
    }
    if (flag === '-i') ignoreCase = true
    else if (flag === '-n') continue
    else if (flag === '-u') idle.push(`-u ${rest.shift() ?? ''}`)
    else if (flag === '-M') throw new ExpressionError("'-M' is not supported yet")
    else if (flag === '-f') add(fileLines(readFile(needed(rest.shift(), '-f', 'a file name'))))
    else if (flag === '-m') method = readMethod(rest.shift(), matchMethods)
  }
  // HAProxy takes an empty word for the end of the line.
  const end = rest.indexOf('')
  const values = end < 0 ? rest : rest.slice(0, end)
  if (values.length > 0) add(values)
  return { method, groups, idle, missing: groups.length === 0 && !ended }
}

function needed(word: string | undefined, flag: string, what: string): string {
  if (word !== undefined && word !== '') return word
  throw new ExpressionError(`'${flag}' expects ${what}`)
}

function readMethod(word: string | undefined, known: ReadonlySet<MatchMethod>): MatchMethod {
  const method = [...known].find((one) => one === word)
  if (method !== undefined) return method
  throw new ExpressionError(
    `unknown matching method '${word ?? ''}' when parsing ACL expression.`,
    `known are ${[...known].join(', ')}`,
  )
}

/** The way to match that a type has of itself. */
const methodOf: Readonly<Record<StaticType, MatchMethod | undefined>> = {
  bool: 'bool',
  int: 'int',
  ip: 'ip',
  str: 'str',
  meth: 'str',
  bin: undefined,
  any: 'str',
}

/** Whether patterns mean something to a way to match. */
export const takesPatterns = (method: MatchMethod): boolean => method !== 'found' && method !== 'bool'

/**
 * The way to match that holds: the one that `-m` names, that of the ACL word, or that of the type.
 * @throws ExpressionError when there is none
 */
export function decideMethod(
  patterns: PatternDraft,
  type: StaticType,
  word: string,
  own: DerivedMatch | undefined,
  { matchMethods }: Words,
): MatchMethod {
  const method = patterns.method ?? own ?? methodOf[type]
  if (method !== undefined && matchMethods.has(method)) return method
  throw new ExpressionError(
    `matching method must be specified first (using '-m') when using a sample fetch of this type ('${word}').`,
    "add '-m str', '-m bin' or '-m found'",
  )
}

/**
 * Makes the condition that holds when the sample matches one of the patterns.
 * @throws ExpressionError, OptionError or RangeError on a pattern that cannot be read
 */
export function makeCondition(
  sample: Sample<unknown, Phase>,
  method: MatchMethod,
  groups: readonly Group[],
): Condition<Phase> {
  if (method === 'found') return matchFound(sample)
  if (method === 'bool') return matchBool(asFlag(sample))
  const [first = { ignoreCase: false, values: [] }, ...others] = groups
  const conditions = [first, ...others].map((group) => matchGroup(sample, method, group))
  return conditions.length === 1 ? (conditions[0] as Condition<Phase>) : any(...conditions)
}

function matchGroup(
  sample: Sample<unknown, Phase>,
  method: Exclude<MatchMethod, 'found' | 'bool'>,
  { ignoreCase, values }: Group,
): Condition<Phase> {
  if (method === 'int')
    return matchInteger(
      sample.type === 'int' ? (sample as Sample<Integer, Phase>) : asInteger(sample),
      readRanges(values),
    )
  if (method === 'len') return matchLength(asText(sample), readRanges(values))
  if (method === 'ip')
    return matchAddress(sample.type === 'ip' ? (sample as never) : asAddress(sample), new CidrSet(values), values)
  const text =
    sample.type === 'bin'
      ? latin1(sample)
      : sample.type === 'str' || sample.type === 'meth'
        ? (sample as Sample<string, Phase>)
        : asText(sample)
  if (method === 'bin') return matchBinary(text, values.map(readHex))
  return matchText(text, method satisfies TextMode, values, { ignoreCase })
}

function readHex(word: string): string {
  if (/^(?:[0-9a-f]{2})*$/i.test(word)) return word
  throw new ExpressionError(`'${word}' is not a block of hexadecimal digits`, 'write two digits a byte')
}

const operators = ['eq', 'ge', 'gt', 'le', 'lt']

/** `3`, `1:5`, `:5`, `1:`, and operators that count for all numbers behind them. */
function readRanges(words: readonly string[]): readonly IntegerRange[] {
  const ranges: IntegerRange[] = []
  let operator = 'eq'
  let given = false
  for (const word of words) {
    if (operators.includes(word)) {
      operator = word
      given = true
    } else ranges.push(readRange(word, operator, given))
  }
  return ranges
}

function readRange(word: string, operator: string, given: boolean): IntegerRange {
  const [, low, colon, high] = /^([+-]?\d+(?:\.\d+)?)?(:)?([+-]?\d+(?:\.\d+)?)?$/.exec(word) ?? []
  const endless = Number.POSITIVE_INFINITY
  if (low === undefined && high === undefined) {
    if (word.includes(':')) throw new ExpressionError(`'${word}' is not a valid number range.`, "write '<min>:<max>'")
    const what = given ? 'neither a number nor a supported operator' : 'not a number'
    throw new ExpressionError(`'${word}' is ${what}.`, "operators are 'eq', 'ge', 'gt', 'le' and 'lt'")
  }
  if (colon !== undefined)
    return { min: low === undefined ? -endless : number(low), max: high === undefined ? endless : number(high) }
  const value = number(low ?? '0')
  if (operator === 'gt') return { min: value + 1, max: endless }
  if (operator === 'ge') return { min: value, max: endless }
  if (operator === 'lt') return { min: -endless, max: value - 1 }
  if (operator === 'le') return { min: -endless, max: value }
  return { min: value, max: value }
}

/** `3.1` is 3 in the upper and 1 in the lower half: versions of TLS are written so. */
function number(text: string): number {
  const [whole = '0', part] = text.split('.')
  return part === undefined ? Number(whole) : Number(whole) * 65_536 + Number(part)
}
