/** The fetches and converters that expressions may name: the lists of the rooms that own them, joined. */
import type { Sample } from '../index.js'
import type { DerivedMatch, FetchDefinition } from '../match/fetch.js'
import { connectionFetches } from '../match/fetches/connection.js'
import { constantFetches } from '../match/fetches/constant.js'
import { contentFetches } from '../match/fetches/content.js'
import { cookieFetches } from '../match/fetches/cookie.js'
import { headerFetches } from '../match/fetches/header-words.js'
import { messageFetches } from '../match/fetches/message.js'
import { urlParamFetches } from '../match/fetches/url-param.js'
import type { SampleType } from '../match/sample.js'

/** A word that names a fetch. */
export interface FetchWord {
  readonly definition: FetchDefinition
  /** Set for the words that only ACLs know. */
  readonly derived: DerivedMatch | undefined
}

/** A converter: makes a sample of another. */
export interface Converter {
  readonly name: string
  /** Of what it gives; nothing where that is what it was given. */
  readonly type: SampleType | undefined
  readonly make: (sample: Sample<unknown, never>, args: readonly string[]) => Sample<unknown, never>
}

/** What expressions may name. */
export interface Words {
  readonly fetches: ReadonlyMap<string, FetchWord>
  readonly converters: ReadonlyMap<string, Converter>
}

/** Joins lists of fetches. */
export function joinFetches(...lists: readonly (readonly FetchDefinition[])[]): ReadonlyMap<string, FetchWord> {
  const words = new Map<string, FetchWord>()
  for (const definition of lists.flat()) {
    for (const name of [definition.name, ...definition.aliases]) words.set(name, { definition, derived: undefined })
    for (const [name, derived] of definition.derivatives) words.set(name, { definition, derived })
  }
  return words
}

/** The words that need nothing of the configuration itself. */
export const commonFetches: readonly FetchDefinition[] = [
  ...connectionFetches,
  ...constantFetches,
  ...contentFetches,
  ...cookieFetches,
  ...headerFetches,
  ...messageFetches,
  ...urlParamFetches,
]
