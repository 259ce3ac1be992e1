/**
 * How a haproxy.cfg reaches a sample: its name there, its arguments, where HAProxy lets it stand. Every room that owns questions
 * exports a list of these; the loader's expression parser joins the lists.
 */
import { type ArgumentDefinition, type ArgumentValue, readArguments } from './argument.js'
import { type Links, noLinks } from './links.js'
import type { TextMode } from './patterns/methods.js'
import type { Phase } from './phase.js'
import type { Sample } from './sample.js'
import type { StaticType } from './value.js'

/** A derivative's way to match: what the suffix of `path_beg` stands for. */
export type DerivedMatch = TextMode | 'len' | 'bin' | 'dotted'

/** One fetch keyword. */
export interface FetchDefinition {
  /** The name that the manual prefers. */
  readonly name: string
  /** Other words for the same question. */
  readonly aliases: readonly string[]
  readonly arguments: readonly ArgumentDefinition[]
  readonly type: StaticType
  /** Where the question can be answered. */
  readonly phases: readonly Phase[]
  /** Where HAProxy answers it, when that is less: a request is gone by the time of its response. */
  readonly strictPhases?: readonly Phase[] | undefined
  /** The words that are this fetch with a way to match, as `path_beg`: only ACLs know them. */
  readonly derivatives: ReadonlyMap<string, DerivedMatch>
  /** The way to match that an ACL takes when it is named without `-m`; without one, `-m` is required unless the type has its own. */
  readonly match?: DerivedMatch | undefined
  /** HAProxy knows a backend only once its rules run: in those of a frontend it cannot be asked before the response. */
  readonly backendOnly?: boolean | undefined
  /** Why it never has a value here, though HAProxy gives one: told where a configuration names it. */
  readonly unavailable?: string | undefined
  /** It asks nothing of any traffic, and so can be asked while a configuration is loaded. */
  readonly standalone?: boolean | undefined
  readonly make: (values: readonly ArgumentValue[], links: Links) => Sample<unknown, never>
}

/** What `defineFetch` fills in. */
export interface FetchOutline extends Partial<FetchDefinition> {
  readonly name: string
  readonly type: StaticType
  readonly phases: readonly Phase[]
  readonly make: (values: readonly ArgumentValue[], links: Links) => Sample<unknown, never>
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
    standalone: outline.standalone,
    unavailable: outline.unavailable,
    backendOnly: outline.backendOnly,
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
  links: Links = noLinks,
): Sample<unknown, never> {
  const { name, arguments: wanted, make } = definition
  return make(readArguments(`fetch '${name}'`, wanted, words, links), links)
}
