/**
 * The ways in which a sample's value is compared with patterns (manual, chapter 7.1). The fluent forms stand beside each type
 * of sample; the loader of haproxy.cfg calls these directly.
 */
import type { CidrSet } from '../base/cidr.js'
import type { Integer } from '../base/int64.js'
import type { Ip } from '../base/ip.js'
import { Condition, type Holds, type Trace } from './condition.js'
import type { Context } from './context.js'
import { askedWith, makeIndex, type PatternMethod, type TextMode } from './patterns/methods.js'
import type { PatternIndex } from './patterns/pattern-index.js'
import type { PatternSource } from './patterns/pattern-source.js'
import type { Phase } from './phase.js'
import { compileRegex } from './regex.js'
import { type NotYet, notYet, type Sample } from './sample.js'
import type { StaticType } from './value.js'

/** How texts are compared. */
export interface TextOptions {
  /** HAProxy's `-i`: ASCII letters of either case are the same. */
  readonly ignoreCase?: boolean | undefined
}

/** A range of integers, both ends included. */
export interface IntegerRange {
  readonly min: number
  readonly max: number
}

/**
 * A condition on one sample: it holds when one of the values does. An absent sample has none. Other rooms make conditions
 * of their own kinds with this.
 */
export function matchValue<T, P extends Phase>(
  sample: Sample<T, P>,
  text: string,
  holds: (value: T) => boolean,
  source?: PatternSource | undefined,
): Condition<P> {
  const test = sample.all === undefined ? holdsOfOne(sample, holds) : holdsOfSome(sample, holds)
  return new Condition<P>(
    text,
    sample.phases,
    (context, trace) => {
      const answer = test(context)
      if (trace !== undefined) tell(trace, text, sample, context, answer, holds)
      return answer
    },
    test,
    { kind: 'match', sample, holds: holds as (value: unknown) => boolean, source },
  )
}

function holdsOfOne<T>({ ask, mayChange }: Sample<T, never>, holds: (value: T) => boolean): Holds {
  if (mayChange === undefined)
    return (context) => {
      const value = ask(context)
      return value === notYet ? notYet : value !== undefined && holds(value)
    }
  return (context) => {
    const value = ask(context)
    if (value === notYet) return notYet
    return (value !== undefined && holds(value)) || (mayChange(context) ? notYet : false)
  }
}

function holdsOfSome<T>({ all, mayChange }: Sample<T, never>, holds: (value: T) => boolean): Holds {
  return (context) => {
    const values = (all as NonNullable<typeof all>)(context)
    if (values === notYet) return notYet
    for (let index = 0; index < values.length; index++) if (holds(values[index] as T)) return true
    return mayChange?.(context) === true ? notYet : false
  }
}

function tell<T, P extends Phase>(
  trace: Trace,
  condition: string,
  sample: Sample<T, P>,
  context: Context,
  answer: boolean | NotYet,
  holds: (value: T) => boolean,
): void {
  const values = sample.all?.(context)
  const seen =
    values === undefined || values === notYet
      ? sample.ask(context)
      : answer === true
        ? values.find(holds)
        : values.length > 1
          ? values
          : values[0]
  if (answer === notYet) trace.saw({ condition, answer: 'not yet' })
  else if (seen === undefined || seen === notYet) trace.saw({ condition, answer })
  else trace.saw({ condition, saw: seen, answer })
}

/** Holds when the sample has a value: HAProxy's `-m found`. */
export function matchFound<P extends Phase>(sample: Sample<unknown, P>): Condition<P> {
  return matchValue(sample, `${sample.name} -m found`, () => true)
}

/**
 * Compares texts: HAProxy's `-m str|beg|end|sub|dir|dom|reg`. Throws {@link OptionError} on an expression that cannot be compiled.
 */
export function matchText<P extends Phase>(
  sample: Sample<string, P>,
  mode: TextMode,
  patterns: readonly (string | RegExp)[],
  options: TextOptions = {},
): Condition<P> {
  const ignoreCase = options.ignoreCase === true
  const texts = patterns.map(sourceOf)
  const holds = mode === 'reg' ? regexTest(patterns, ignoreCase) : textTest(mode, texts, ignoreCase)
  const flags = `-m ${mode}${ignoreCase ? ' -i' : ''}`
  const text = [sample.name, flags, ...patterns.map(quotePattern)].join(' ')
  const use = { method: mode, ignoreCase }
  // An expression may have flags of its own.
  if (patterns.some((pattern) => typeof pattern !== 'string')) return matchValue(sample, text, holds)
  return matchValue(sample, text, holds, { use, changes: undefined, patterns: () => texts })
}

const sourceOf = (pattern: string | RegExp): string => (typeof pattern === 'string' ? pattern : pattern.source)

function regexTest(patterns: readonly (string | RegExp)[], ignoreCase: boolean): (value: string) => boolean {
  const expressions = patterns.map((pattern) => compileRegex(pattern, { ignoreCase, captures: false }).regExp)
  const [only] = expressions
  if (only !== undefined && expressions.length === 1) return (value) => only.test(value)
  return (value) => expressions.some((expression) => expression.test(value))
}

function textTest(
  mode: Exclude<TextMode, 'reg'>,
  patterns: readonly string[],
  ignoreCase: boolean,
): (value: string) => boolean {
  const [only] = patterns
  if (only !== undefined && patterns.length === 1 && !ignoreCase) {
    if (mode === 'str') return (value) => value === only
    if (mode === 'beg') return (value) => value.startsWith(only)
  }
  const index = makeIndex(mode, { ignoreCase })
  for (const [id, pattern] of patterns.entries())
    index.add({ id, pattern, value: undefined, integer: undefined, address: undefined })
  return (value) => index.find(value) !== undefined
}

/** Something that finds entries, and may find others the next time. */
export interface Finder {
  readonly use: { readonly method: PatternMethod }
  readonly index: PatternIndex<unknown>
  readonly source: PatternSource | undefined
}

/**
 * Compares with sets of patterns that may change: it holds when one of them has an entry. All of them are asked in the same way.
 * @param text the condition in words
 */
export function matchEntries<P extends Phase>(
  sample: Sample<unknown, P>,
  text: string,
  finders: readonly Finder[],
): Condition<P> {
  const [first] = finders
  if (first === undefined) return matchValue(sample, text, () => false)
  const { method } = first.use
  const has =
    finders.length === 1
      ? (value: unknown) => first.index.find(value) !== undefined
      : (value: unknown) => finders.some(({ index }) => index.find(value) !== undefined)
  if (asksItself(method, sample.type))
    return matchValue(sample, text, has, finders.length === 1 ? first.source : undefined)
  const asked = askedWith(method)
  return matchValue(sample, text, (value) => {
    const key = asked(value)
    return key !== undefined && has(key)
  })
}

/** Whether values of a type are what an index is asked with, as they are. */
function asksItself(method: PatternMethod, type: StaticType): boolean {
  if (method === 'ip' || method === 'int' || method === 'dotted') return type === (method === 'ip' ? 'ip' : 'int')
  return method !== 'len' && method !== 'bin' && (type === 'str' || type === 'meth')
}

/** Compares the number of bytes: HAProxy's `-m len`. */
export function matchLength<P extends Phase>(sample: Sample<string, P>, ranges: readonly IntegerRange[]): Condition<P> {
  const holds = within(ranges)
  return matchValue(sample, `${sample.name} -m len ${rangeText(ranges)}`, (value) => holds(value.length))
}

/** Compares bytes with patterns in hexadecimal digits: HAProxy's `-m bin`. */
export function matchBinary<P extends Phase>(sample: Sample<string, P>, patterns: readonly string[]): Condition<P> {
  const bytes = new Set(patterns.map((pattern) => Buffer.from(pattern, 'hex').toString('latin1')))
  return matchValue(sample, `${sample.name} -m bin ${patterns.join(' ')}`, (value) => bytes.has(value))
}

/** Compares integers with ranges: HAProxy's `-m int`, with `ge 5` given as `{ min: 5, max: Infinity }`. */
export function matchInteger<P extends Phase>(
  sample: Sample<Integer, P>,
  ranges: readonly IntegerRange[],
): Condition<P> {
  return matchValue(sample, `${sample.name} ${rangeText(ranges)}`, within(ranges))
}

/** Compares addresses with networks: HAProxy's `-m ip`. `shown` is how they were written. */
export function matchAddress<P extends Phase>(
  sample: Sample<Ip, P>,
  networks: CidrSet,
  shown: readonly string[],
): Condition<P> {
  return matchValue(sample, [sample.name, ...shown].join(' '), (value) => networks.has(value))
}

/** Holds when the value is true: HAProxy's `-m bool`. */
export function matchBool<P extends Phase>(sample: Sample<boolean, P>): Condition<P> {
  return matchValue(sample, sample.name, (value) => value)
}

function within(ranges: readonly IntegerRange[]): (value: Integer) => boolean {
  const only = ranges[0]
  if (only !== undefined && ranges.length === 1) {
    const { min, max } = only
    return (value) => value >= min && value <= max
  }
  if (ranges.every(({ min, max }) => min === max)) {
    const values = new Set<Integer>(ranges.map(({ min }) => min))
    return (value) => values.has(value)
  }
  return (value) => ranges.some(({ min, max }) => value >= min && value <= max)
}

function rangeText(ranges: readonly IntegerRange[]): string {
  return ranges
    .map(({ min, max }) => {
      if (min === max) return String(min)
      if (max === Number.POSITIVE_INFINITY) return `ge ${min}`
      return min === Number.NEGATIVE_INFINITY ? `le ${max}` : `${min}:${max}`
    })
    .join(' ')
}

/** A pattern as a haproxy.cfg would write it. */
export function quotePattern(pattern: string | RegExp): string {
  const text = typeof pattern === 'string' ? pattern : pattern.source
  return text === '' || /[\s"'#\\]/.test(text) ? `'${text}'` : text
}
