/** Everything that a haproxy.cfg may say here: the tables of all rooms, joined. */
import { clientHelloFetches } from '../proxy/fetches/client-hello.js'
import { tableFetches } from '../table/fetches.js'
import { aliases } from './aliases.js'
import { processKeywords, proxyKeywords } from './keywords/index.js'
import { actions } from './keywords/rules.js'
import { matchMethods, patternFlags } from './patterns.js'
import { commonConverters, commonFetches, joinConverters, joinFetches, type Words } from './words.js'

export const configWords: Words = {
  fetches: joinFetches(commonFetches, clientHelloFetches, tableFetches),
  converters: joinConverters(commonConverters),
  aliases,
  matchMethods: new Set(matchMethods),
  flags: new Set(patternFlags),
  actions,
  processKeywords,
  proxyKeywords,
}
