/** What a haproxy.cfg may say, as tables: which words the loader knows is handed to it. How lists of fetches and converters are joined is here, too. */
import type { Alias } from '../match/alias.js'
import type { ConverterDefinition } from '../match/converter.js'
import { matchConverters } from '../match/converters/index.js'
import { mapConverters } from '../match/converters/map.js'
import type { DerivedMatch, FetchDefinition } from '../match/fetch.js'
import { aclFetches } from '../match/fetches/acl.js'
import { authFetches } from '../match/fetches/auth.js'
import { bodyFetches } from '../match/fetches/body.js'
import { captureFetches } from '../match/fetches/captures.js'
import { chanceFetches } from '../match/fetches/chance.js'
import { connectionFetches } from '../match/fetches/connection.js'
import { constantFetches } from '../match/fetches/constant.js'
import { contentFetches } from '../match/fetches/content.js'
import { cookieFetches } from '../match/fetches/cookie.js'
import { decisionFetches } from '../match/fetches/decision.js'
import { distccFetches } from '../match/fetches/distcc.js'
import { headerListFetches } from '../match/fetches/header-list.js'
import { headerFetches } from '../match/fetches/header-words.js'
import { messageFetches } from '../match/fetches/message.js'
import { processFetches } from '../match/fetches/process.js'
import { rdpFetches } from '../match/fetches/rdp.js'
import { timeFetches } from '../match/fetches/time.js'
import { uniqueIdFetches } from '../match/fetches/unique-id.js'
import { upstreamFetches } from '../match/fetches/upstream.js'
import { urlFetches } from '../match/fetches/url.js'
import { urlParamFetches } from '../match/fetches/url-param.js'
import { variableFetches } from '../match/fetches/variable.js'
import type { ActionKeyword } from './action.js'
import type { ProcessKeyword, ProxyKeyword } from './keyword.js'
import type { MatchMethod } from './patterns.js'
import type { SectionKeyword } from './section-keyword.js'

/** A word that names a fetch. */
export interface FetchWord {
  readonly definition: FetchDefinition
  /** Set for the words that only ACLs know. */
  readonly derived: DerivedMatch | undefined
}

/** Everything that lines may name. */
export interface Words {
  readonly fetches: ReadonlyMap<string, FetchWord>
  readonly converters: ReadonlyMap<string, ConverterDefinition>
  /** By their letters behind the percent sign. */
  readonly aliases: ReadonlyMap<string, Alias>
  /** Of `-m`. */
  readonly matchMethods: ReadonlySet<MatchMethod>
  /** What may stand in front of patterns: `-i`. */
  readonly flags: ReadonlySet<string>
  readonly actions: ReadonlyMap<string, ActionKeyword>
  readonly processKeywords: ReadonlyMap<string, ProcessKeyword>
  readonly proxyKeywords: ReadonlyMap<string, ProxyKeyword>
  /** The sections that describe neither the process nor a proxy. */
  readonly sections: ReadonlyMap<string, SectionKeyword>
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
  ...authFetches,
  ...bodyFetches,
  ...captureFetches,
  ...chanceFetches,
  ...aclFetches,
  ...connectionFetches,
  ...constantFetches,
  ...contentFetches,
  ...cookieFetches,
  ...decisionFetches,
  ...distccFetches,
  ...headerFetches,
  ...headerListFetches,
  ...messageFetches,
  ...processFetches,
  ...rdpFetches,
  ...timeFetches,
  ...uniqueIdFetches,
  ...upstreamFetches,
  ...urlFetches,
  ...urlParamFetches,
  ...variableFetches,
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
export const commonConverters: readonly ConverterDefinition[] = [...mapConverters, ...matchConverters]
