/**
 * The ways in which a sample's value is compared with patterns (manual, chapter 7.1). The fluent forms stand beside each type
 * of sample; the loader of haproxy.cfg calls these directly.
 */
import type { CidrSet } from '../base/cidr.js'
import type { Integer } from '../base/int64.js'
import type { Ip } from '../base/ip.js'
import { Condition, type Trace } from './condition.js'
import type { Context } from './context.js'
import type { Phase } from './phase.js'
import { type NotYet, notYet, type Sample } from './sample.js'
import { compileText, foldCase, type TextMode } from './text-pattern.js'

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
): Condition<P> {
  const { ask, all, mayChange } = sample
  const unsure = (context: Context): boolean | NotYet => (mayChange?.(context) === true ? notYet : false)
  const one = (context: Context): boolean | NotYet => {
    const value = ask(context)
    if (value === notYet) return notYet
    return (value !== undefined && holds(value)) || unsure(context)
  }
  const several = (context: Context): boolean | NotYet => {
    const values = (all as NonNullable<typeof all>)(context)
    if (values === notYet) return notYet
    for (const value of values) if (holds(value)) return true
    return unsure(context)
  }
  const test = all === undefined ? one : several
  return new Condition<P>(text, sample.phases, (context, trace) => {
    const answer = test(context)
    if (trace !== undefined) tell(trace, text, sample, context, answer, holds)
    return answer
  })
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
 * Compares texts: HAProxy's `-m str|beg|end|sub|dir|dom|reg`. Patterns of `reg` are regular expressions in latin1. Throws
 * {@link OptionError} on an expression that cannot be compiled.
 */
export function matchText<P extends Phase>(
  sample: Sample<string, P>,
  mode: TextMode,
  patterns: readonly (string | RegExp)[],
  options: TextOptions = {},
): Condition<P> {
  const ignoreCase = options.ignoreCase === true
  const holds = compileText(mode, patterns, ignoreCase)
  const flags = `-m ${mode}${ignoreCase ? ' -i' : ''}`
  return matchValue(sample, [sample.name, flags, ...patterns.map(quote)].join(' '), holds)
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

function quote(pattern: string | RegExp): string {
  const text = typeof pattern === 'string' ? pattern : pattern.source
  return text === '' || /[\s"'#\\]/.test(text) ? `'${text}'` : text
}

export { foldCase, type TextMode }
