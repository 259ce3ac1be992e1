/** Everything that a haproxy.cfg may say here: the tables of all rooms, joined. */
import { transactionConverters } from '../observe/converters.js'
import { requestLineFetches } from '../observe/fetches/request-line.js'
import { transactionFetches } from '../observe/fetches/transaction.js'
import { logVariables } from '../observe/log-variables.js'
import { proxyConverters } from '../proxy/converters.js'
import { backendFetches } from '../proxy/fetches/backend.js'
import { clientHelloFetches } from '../proxy/fetches/client-hello.js'
import { frontendFetches } from '../proxy/fetches/frontend.js'
import { serverFetches } from '../proxy/fetches/server.js'
import { serverHelloFetches } from '../proxy/fetches/server-hello.js'
import { tableConverters } from '../table/converters.js'
import { tableFetches } from '../table/fetches.js'
import { processKeywords, proxyKeywords, sectionKeywords } from './keywords/index.js'
import { actions } from './keywords/rules.js'
import { matchMethods, patternFlags } from './patterns.js'
import { commonConverters, commonFetches, joinConverters, joinFetches, type Words } from './words.js'

export const configWords: Words = {
  fetches: joinFetches(
    commonFetches,
    clientHelloFetches,
    backendFetches,
    frontendFetches,
    serverFetches,
    serverHelloFetches,
    requestLineFetches,
    transactionFetches,
    tableFetches,
  ),
  converters: joinConverters(commonConverters, proxyConverters, tableConverters, transactionConverters),
  aliases: logVariables(),
  matchMethods: new Set(matchMethods),
  flags: new Set(patternFlags),
  actions,
  processKeywords,
  proxyKeywords,
  sections: sectionKeywords,
}
