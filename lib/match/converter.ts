/** How a converter makes one sample of another: `req.hdr(host),lower`. Which converters there are stands in `converters/`. */

import { OptionError } from '../base/errors.js'
import { type ArgumentDefinition, type ArgumentValue, readArguments } from './argument.js'
import { callText } from './call-text.js'
import { cast, castable } from './cast.js'
import type { Context } from './context.js'
import { type Links, noLinks } from './links.js'
import { phases as everyPhase, type Phase } from './phase.js'
import { type NotYet, notYet, Sample } from './sample.js'
import type { StaticType, Value, ValueOf } from './value.js'

/** Changes one value; `undefined` when there is none to give, which ends the expression without a value. */
export type Conversion<T = never> = (value: T, context: Context) => Value | undefined | NotYet

/** One converter keyword (manual, chapter 7.3.1). */
export interface ConverterDefinition {
  readonly name: string
  readonly aliases: readonly string[]
  readonly arguments: readonly ArgumentDefinition[]
  /** What it takes: other types are cast to it before, `any` takes all as they come. */
  readonly from: StaticType
  /** What it gives; `same` gives the type that it was given. */
  readonly type: StaticType | 'same'
  /** The checkpoints at which it can stand. */
  readonly phases: readonly Phase[]
  /** What it gives depends on nothing but the value and the arguments: that of a steady sample is steady. */
  readonly steady?: boolean | undefined
  /** Reads the arguments once; `given` is the type of the sample. Throws {@link OptionError} on those that do not fit. */
  readonly prepare: (values: readonly ArgumentValue[], links: Links, given: StaticType) => Conversion
}

/** What {@link defineConverter} fills in. */
export interface ConverterOutline<F extends StaticType> {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly arguments?: readonly ArgumentDefinition[]
  readonly from: F
  readonly type: StaticType | 'same'
  /** Default: everywhere. */
  readonly phases?: readonly Phase[]
  /** Default: no. */
  readonly steady?: boolean
  readonly prepare: (values: readonly ArgumentValue[], links: Links, given: StaticType) => Conversion<ValueOf[F]>
}

/** Completes an outline. */
export function defineConverter<F extends StaticType>(outline: ConverterOutline<F>): ConverterDefinition {
  const { aliases = [], arguments: wanted = [], phases = everyPhase } = outline
  return { ...outline, aliases, arguments: wanted, phases }
}

/**
 * Makes the converted sample; `words` are what stands between the parentheses.
 * @throws {OptionError} on words that do not fit, and on a sample whose type cannot become what the converter takes
 */
export function makeConverter(
  definition: ConverterDefinition,
  sample: Sample<unknown, never>,
  words: readonly string[],
  links: Links = noLinks,
): Sample<unknown, never> {
  const { name, from, type } = definition
  const subject = `converter '${name}'`
  if (!castable(sample.type, from))
    throw new OptionError(subject, '', `cannot be applied to '${sample.name}': it takes ${from}, not ${sample.type}`)
  const change = definition.prepare(
    readArguments(subject, definition.arguments, words, links),
    links,
    sample.type,
  ) as Conversion<unknown>
  const same = from === 'any' || sample.type === from || (from === 'str' && sample.type === 'meth')
  const convert: Conversion<unknown> = same
    ? change
    : (value, context) => {
        const given = cast(value, from)
        return given === undefined ? undefined : change(given, context)
      }
  const { ask, all, mayChange } = sample
  return new Sample<unknown, never>({
    name: `${sample.name},${callText(name, words)}`,
    type: type === 'same' ? sample.type : type,
    phases: sample.phases.filter((phase) => definition.phases.includes(phase)),
    mayChange,
    steady: sample.steady && definition.steady === true,
    ask: (context) => {
      const value = ask(context)
      if (value === notYet) return notYet
      return value === undefined ? undefined : convert(value, context)
    },
    all: all === undefined ? undefined : (context) => convertAll(all(context), convert, context),
  })
}

function convertAll(
  values: readonly unknown[] | NotYet,
  convert: Conversion<unknown>,
  context: Context,
): readonly unknown[] | NotYet {
  if (values === notYet) return notYet
  return values.map((value) => convert(value, context)).filter((value) => value !== undefined && value !== notYet)
}
