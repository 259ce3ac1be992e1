/** How code reaches the converters of haproxy.cfg: by the same names and words, so that a sample is named and does what it would there. */

import { OptionError } from '../base/errors.js'
import { asAddress, asBytes, asFlag, asInteger, asText } from './cast.js'
import { type ConverterDefinition, makeConverter } from './converter.js'
import { matchConverters } from './converters/index.js'
import { type Links, noLinks } from './links.js'
import type { Phase } from './phase.js'
import type { Sample, SampleDefinition } from './sample.js'
import type { ValueOf } from './value.js'

/** A word between the parentheses; one that is left away at the end may be missing. */
export type Word = string | number | undefined

const definitions: ReadonlyMap<string, ConverterDefinition> = new Map(matchConverters.map((each) => [each.name, each]))

/** In code, a key comes as the text of its PEM file. */
const links: Links = { ...noLinks, readFile: (text) => text }

/** A sample behind a converter. */
export function convertBy<P extends Phase>(
  sample: Sample<unknown, P>,
  name: string,
  words: readonly Word[] = [],
): Sample<unknown, P> {
  const definition = definitions.get(name)
  if (definition === undefined) throw new OptionError(`converter '${name}'`, '', 'is not known')
  const last = words.findLastIndex((word) => word !== undefined)
  const given = words.slice(0, last + 1).map((word) => String(word ?? ''))
  return makeConverter(definition, sample as Sample<unknown, never>, given, links) as Sample<unknown, P>
}

const casts = {
  str: asText,
  meth: asText,
  int: asInteger,
  bool: asFlag,
  ip: asAddress,
  bin: asBytes,
} as const

/** What a typed sample is made of: the converted sample, cast where it may be of several types. */
export function typedAs<T extends keyof typeof casts, P extends Phase>(
  type: T,
  sample: Sample<unknown, P>,
): SampleDefinition<ValueOf[T]> {
  const fitting = sample.type === type ? sample : casts[type](sample)
  return fitting as unknown as SampleDefinition<ValueOf[T]>
}
