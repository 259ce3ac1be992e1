/** How a converter makes one sample of another: `req.hdr(host),lower`. Which converters there are stands in `converters/`. */
import { OptionError } from '../base/errors.js'
import { asInteger, asText } from './cast.js'
import { type NotYet, notYet, Sample, type SampleType } from './sample.js'

/** One converter keyword (manual, chapter 7.3.1). */
export interface ConverterDefinition {
  readonly name: string
  /** The type of what it gives. */
  readonly type: SampleType
  /** Makes the converted sample; `words` are what stands between the parentheses. Throws {@link OptionError} on words that do not fit. */
  readonly make: (sample: Sample<unknown, never>, words: readonly string[]) => Sample<unknown, never>
}

type Change<T, U> = (value: T) => U | undefined

/** A converter of texts. `prepare` reads the words once. */
export function textConverter<U>(
  name: string,
  type: SampleType,
  most: number,
  prepare: (words: readonly string[]) => Change<string, U>,
): ConverterDefinition {
  return {
    name,
    type,
    make: (sample, words) =>
      converted(asText(sample), type, label(sample, name, words), prepare(checked(name, words, most))),
  }
}

/** A converter of integers. */
export function integerConverter<U>(
  name: string,
  type: SampleType,
  most: number,
  prepare: (words: readonly string[]) => Change<number, U>,
): ConverterDefinition {
  return {
    name,
    type,
    make: (sample, words) =>
      converted(asInteger(sample), type, label(sample, name, words), prepare(checked(name, words, most))),
  }
}

/** An argument that is an integer. */
export function integerWord(name: string, word: string | undefined): number {
  if (word !== undefined && /^[+-]?\d+$/.test(word)) return Number(word)
  const problem =
    word === undefined ? 'needs an integer' : `'${word}' is not an integer (variables are not supported yet)`
  throw new OptionError(`converter '${name}'`, '', problem)
}

function checked(name: string, words: readonly string[], most: number): readonly string[] {
  if (words.length <= most) return words
  const allowed = most === 0 ? 'no argument' : `at most ${most}`
  throw new OptionError(`converter '${name}'`, '', `${words.length} arguments, ${allowed} expected`)
}

function label(sample: Sample<unknown, never>, name: string, words: readonly string[]): string {
  return words.length === 0 ? `${sample.name},${name}` : `${sample.name},${name}(${words.join(',')})`
}

function converted<T, U>(
  sample: Sample<T, never>,
  type: SampleType,
  name: string,
  change: Change<T, U>,
): Sample<U, never> {
  const { ask, all, phases, mayChange } = sample
  return new Sample<U, never>({
    name,
    type,
    phases,
    mayChange,
    ask: (context) => {
      const value: T | undefined | NotYet = ask(context)
      if (value === notYet) return notYet
      return value === undefined ? undefined : change(value as T)
    },
    all: all === undefined ? undefined : (context) => changeAll(all(context), change),
  })
}

function changeAll<T, U>(values: readonly T[] | NotYet, change: Change<T, U>): readonly U[] | NotYet {
  return values === notYet ? notYet : values.map(change).filter((value) => value !== undefined)
}
