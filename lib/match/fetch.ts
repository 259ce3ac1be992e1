/**
 * How a haproxy.cfg reaches a sample: its name there, its arguments, where HAProxy lets it stand. Every room that owns questions
 * exports a list of these; the loader's expression parser joins the lists.
 */
import { OptionError } from '../base/errors.js'
import type { Phase } from './phase.js'
import type { Sample, SampleType } from './sample.js'
import type { TextMode } from './text-pattern.js'

/** One argument of a fetch. */
export interface FetchArgument {
  readonly name: string
  readonly type: 'string' | 'integer' | 'table'
  readonly optional?: boolean | undefined
}

/** An argument's value: the text as it stands in the file, a number, or nothing. */
export type FetchValue = string | number | undefined

/** What the loader finds for a fetch by name: a table of the file, the one of the proxy at hand without a name; undefined when there is none. */
export interface FetchLinks {
  readonly table: (name: string | undefined) => unknown
}

/** For fetches that need nothing found. */
export const noLinks: FetchLinks = { table: () => undefined }

/** A derivative's way to match: what the suffix of `path_beg` stands for. */
export type DerivedMatch = TextMode | 'len'

/** One fetch keyword. */
export interface FetchDefinition {
  /** The name that the manual prefers. */
  readonly name: string
  /** Other words for the same question. */
  readonly aliases: readonly string[]
  readonly arguments: readonly FetchArgument[]
  readonly type: SampleType
  /** Where the question can be answered. */
  readonly phases: readonly Phase[]
  /** Where HAProxy answers it, when that is less: a request is gone by the time of its response. */
  readonly strictPhases?: readonly Phase[] | undefined
  /** The words that are this fetch with a way to match, as `path_beg`: only ACLs know them. */
  readonly derivatives: ReadonlyMap<string, DerivedMatch>
  /** The way to match that an ACL takes when it is named without `-m`; without one, `-m` is required unless the type has its own. */
  readonly match?: TextMode | undefined
  readonly make: (values: readonly FetchValue[], links: FetchLinks) => Sample<unknown, never>
}

/** What `defineFetch` fills in. */
export interface FetchOutline extends Partial<FetchDefinition> {
  readonly name: string
  readonly type: SampleType
  readonly phases: readonly Phase[]
  readonly make: (values: readonly FetchValue[], links: FetchLinks) => Sample<unknown, never>
  /** The names that take `_beg`, `_dir`, `_dom`, `_end`, `_len`, `_reg` and `_sub` in ACLs. */
  readonly derive?: readonly string[] | undefined
}

const SUFFIXES: readonly DerivedMatch[] = ['beg', 'dir', 'dom', 'end', 'len', 'reg', 'sub']

/** Completes an outline. */
export function defineFetch(outline: FetchOutline): FetchDefinition {
  const derivatives = new Map<string, DerivedMatch>(outline.derivatives)
  for (const name of outline.derive ?? []) for (const suffix of SUFFIXES) derivatives.set(`${name}_${suffix}`, suffix)
  const { name, type, phases, make, strictPhases } = outline
  return {
    name,
    type,
    phases,
    make,
    strictPhases,
    derivatives,
    aliases: outline.aliases ?? [],
    arguments: outline.arguments ?? [],
    match: outline.match ?? (derivatives.size > 0 ? 'str' : undefined),
  }
}

/**
 * Makes the sample of a fetch from the words between its parentheses. Throws {@link OptionError} when there are too many or too
 * few, or one is of the wrong type.
 */
export function makeFetch(
  definition: FetchDefinition,
  words: readonly string[],
  links: FetchLinks = noLinks,
): Sample<unknown, never> {
  const wanted = definition.arguments
  if (words.length > wanted.length) {
    const allowed = wanted.length === 0 ? 'no argument' : `at most ${wanted.length}`
    throw new OptionError(`fetch '${definition.name}'`, '', `${words.length} arguments, ${allowed} expected`)
  }
  const values = wanted.map((argument, index) => readArgument(definition.name, argument, words[index]))
  return definition.make(values, links)
}

function readArgument(fetch: string, argument: FetchArgument, word: string | undefined): FetchValue {
  if (word === undefined || word === '') {
    if (argument.optional === true) return undefined
    throw new OptionError(`fetch '${fetch}'`, argument.name, 'is missing')
  }
  if (argument.type !== 'integer') return word
  if (!/^[+-]?\d+$/.test(word)) throw new OptionError(`fetch '${fetch}'`, argument.name, `'${word}' is not an integer`)
  return Number(word)
}
