/** HAProxy's conversions between types of samples, which it makes by itself where another type is wanted. */
import { Ip } from '../base/ip.js'
import type { Context } from './context.js'
import { valueText } from './format.js'
import type { Phase } from './phase.js'
import { type NotYet, notYet, Sample, type SampleType } from './sample.js'

/** The integer that a text begins with, as HAProxy reads it: digits after at most one sign, 0 when there are none. */
export function textInteger(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const digits = /^[+-]?\d+/.exec(text)
  return digits === null ? 0 : Number(digits[0])
}

/** Any sample as a text. */
export function asText<P extends Phase>(sample: Sample<unknown, P>): Sample<string, P> {
  return convert(sample, 'str', valueText)
}

/** Any sample as an integer: texts by what they begin with. An address has none. */
export function asInteger<P extends Phase>(sample: Sample<unknown, P>): Sample<number, P> {
  return convert(sample, 'int', (value) => {
    if (typeof value === 'number') return value
    if (typeof value === 'boolean') return value ? 1 : 0
    return typeof value === 'string' ? textInteger(value) : undefined
  })
}

/** Any sample as an address: texts that are one. A number has none. */
export function asAddress<P extends Phase>(sample: Sample<unknown, P>): Sample<Ip, P> {
  return convert(sample, 'ip', (value) => {
    if (typeof value === 'string') return Ip.parse(value)
    return typeof value === 'object' ? (value as Ip) : undefined
  })
}

/** Any sample as yes or no: numbers other than 0 are yes. */
export function asFlag<P extends Phase>(sample: Sample<unknown, P>): Sample<boolean, P> {
  const number = asInteger(sample)
  return convert(number, 'bool', (value) => value !== 0)
}

function convert<T, U, P extends Phase>(
  sample: Sample<T, P>,
  type: SampleType,
  to: (value: T) => U | undefined,
): Sample<U, P> {
  const { ask, all } = sample
  const one = (context: Context): U | undefined | NotYet => {
    const value: T | undefined | NotYet = ask(context)
    if (value === notYet) return notYet
    return value === undefined ? undefined : to(value as T)
  }
  return new Sample<U, P>({
    name: sample.name,
    type,
    phases: sample.phases,
    mayChange: sample.mayChange,
    ask: one,
    all: all === undefined ? undefined : (context) => convertAll(all, context, to),
  })
}

function convertAll<T, U>(
  all: (context: Context) => readonly T[] | NotYet,
  context: Context,
  to: (value: T) => U | undefined,
): readonly U[] | NotYet {
  const values = all(context)
  if (values === notYet) return notYet
  return values.map(to).filter((value) => value !== undefined)
}
