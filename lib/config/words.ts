/** The fetches and converters that expressions may name: the lists of the rooms that own them, joined. */
import type { ConverterDefinition } from '../match/converter.js'
import { integerConverters } from '../match/converters/integer.js'
import { textConverters } from '../match/converters/text.js'
import type { DerivedMatch, FetchDefinition } from '../match/fetch.js'
import { connectionFetches } from '../match/fetches/connection.js'
import { constantFetches } from '../match/fetches/constant.js'
import { contentFetches } from '../match/fetches/content.js'
import { cookieFetches } from '../match/fetches/cookie.js'
import { headerFetches } from '../match/fetches/header-words.js'
import { messageFetches } from '../match/fetches/message.js'
import { urlParamFetches } from '../match/fetches/url-param.js'

/** A word that names a fetch. */
export interface FetchWord {
  readonly definition: FetchDefinition
  /** Set for the words that only ACLs know. */
  readonly derived: DerivedMatch | undefined
}

/** What expressions may name. */
export interface Words {
  readonly fetches: ReadonlyMap<string, FetchWord>
  readonly converters: ReadonlyMap<string, ConverterDefinition>
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

/** Joins lists of converters. */
export function joinConverters(
  ...lists: readonly (readonly ConverterDefinition[])[]
): ReadonlyMap<string, ConverterDefinition> {
  const words = new Map<string, ConverterDefinition>()
  for (const definition of lists.flat())
    for (const name of [definition.name, ...definition.aliases]) words.set(name, definition)
  return words
}

/** All converters that are not another room's. */
export const commonConverters: readonly ConverterDefinition[] = [...integerConverters, ...textConverters]
