/** Ranges of integers, as patterns write them: `5`, `1:10`, `:5`, `20:`, and the operators that stand before them in an ACL. Manual, chapter 7.1.2. */
import { type Integer, LARGEST_INT64, parseInteger, SMALLEST_INT64 } from '../../base/int64.js'
import { patternFault } from './entry.js'

/** A range of integers, both ends included. */
export interface IntegerRange {
  readonly min: Integer
  readonly max: Integer
}

const LEAST = SMALLEST_INT64
const MOST = LARGEST_INT64
const FORM = /^(\d*)([:-](-?\d+)?)?$/

/**
 * Reads a range. A sign stands for a colon, as in HAProxy: `-5` is all up to 5, and negative numbers can only end a range (`:-5`).
 * @throws {OptionError}
 */
export function readRange(pattern: string): IntegerRange {
  return readBounds(pattern, FORM, 'a number', bound)
}

const DOTTED_FORM = /^(\d*(?:\.\d+)?)([:-](\d+(?:\.\d+)?)?)?$/

/**
 * Reads a range of versions, `3.1:3.3`: two numbers that are the upper and the lower 16 bits.
 * @throws {OptionError}
 */
export function readDottedRange(pattern: string): IntegerRange {
  return readBounds(pattern, DOTTED_FORM, 'a dotted number', dottedBound)
}

function readBounds(
  pattern: string,
  form: RegExp,
  noun: string,
  read: (text: string) => Integer | undefined,
): IntegerRange {
  const [, low, separator, high] = form.exec(pattern) ?? []
  const range = low !== undefined && (low !== '' || high !== undefined)
  const min = low === undefined || low === '' ? LEAST : read(low)
  const max = separator === undefined ? min : high === undefined ? MOST : read(high)
  if (range && min !== undefined && max !== undefined && min <= max) return { min, max }
  if (/[:-]/.test(pattern)) throw patternFault(pattern, "is not a valid number range: write '<min>:<max>'")
  throw patternFault(pattern, `is not ${noun}: operators are eq, ge, gt, le and lt`)
}

function bound(text: string): Integer | undefined {
  if (text.length > 20) return undefined
  const value = parseInteger(text)
  // What does not fit was put at the edge.
  return value === undefined || BigInt(text) !== BigInt(value) ? undefined : value
}

function dottedBound(text: string): Integer | undefined {
  const [major = '', minor = '0'] = text.split('.')
  if (major === '' || Number(major) > 65_535 || Number(minor) > 65_535) return undefined
  return Number(major) * 65_536 + Number(minor)
}

const OPERATORS: ReadonlyMap<string, (pattern: string) => string> = new Map([
  ['eq', (pattern: string) => pattern],
  ['ge', (pattern: string) => `${pattern}:`],
  ['gt', (pattern: string) => `${next(pattern, 1)}:`],
  ['le', (pattern: string) => `:${pattern}`],
  ['lt', (pattern: string) => `:${next(pattern, -1)}`],
])

/** What {@link applyOperators} makes of an ACL's words. */
export interface RangeWords {
  readonly patterns: readonly string[]
  /** Words that HAProxy reads otherwise than people mean them, and how it reads them. */
  readonly odd: readonly (readonly [word: string, meaning: string])[]
}

/** Makes ranges of numbers with operators before them: each counts for all numbers behind it, and for no range. */
export function applyOperators(words: readonly string[], dotted = false): RangeWords {
  let operator = 'eq'
  const patterns: string[] = []
  const odd: [string, string][] = []
  for (const word of words) {
    if (word === 'ne') odd.push([word, 'eq'])
    const number = operator === 'eq' ? undefined : operand(word, dotted)
    if (word === 'ne' || OPERATORS.has(word)) operator = word === 'ne' ? 'eq' : word
    else if (number !== undefined) {
      if (number !== word) odd.push([`${operator} ${word}`, `${operator} ${number}`])
      patterns.push(OPERATORS.get(operator)?.(number) ?? number)
    } else {
      if (/^-\d/.test(word)) odd.push([word, `:${word.slice(1)}`])
      else if (operator !== 'eq' && /^[\d.]*[:-]/.test(word)) odd.push([`${operator} ${word}`, word])
      patterns.push(word)
    }
  }
  return { patterns, odd }
}

/** The number that an operator takes a word for: of whole ones what stands before a dot, as in HAProxy. Nothing where it is none, or does not fit. */
function operand(word: string, dotted: boolean): string | undefined {
  const [, number] = (dotted ? /^(\d+(?:\.\d+)?)$/ : /^(\d+)(?:\.[^:-]*)?$/).exec(word) ?? []
  return number === undefined || (dotted ? dottedBound(number) : bound(number)) === undefined ? undefined : number
}

/** A number one up or down, dotted ones in their lower part. */
function next(pattern: string, step: 1 | -1): string {
  const [major = '', minor] = pattern.split('.')
  if (minor === undefined) return String(BigInt(major) + BigInt(step))
  const value = Number(major) * 65_536 + Number(minor) + step
  return `${Math.floor(value / 65_536)}.${value % 65_536}`
}

/** A range as one would write it. */
export function rangeText({ min, max }: IntegerRange): string {
  if (min === max) return String(min)
  return `${min === LEAST ? '' : min}:${max === MOST ? '' : max}`
}
