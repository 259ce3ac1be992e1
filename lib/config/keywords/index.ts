/** All keywords that are built, one family a file. */
import type { ProcessKeyword, ProxyKeyword } from '../keyword.js'
import { keywordTable } from '../keyword-table.js'
import type { SectionKeyword } from '../section-keyword.js'
import { balanceKeywords } from './balance.js'
import { bindKeywords } from './bind.js'
import { captureKeywords } from './captures.js'
import { checkStepKeywords } from './check-steps.js'
import { environmentKeywords } from './environment.js'
import { errorPageKeywords, httpErrorsSection } from './error-pages.js'
import { filterKeywords } from './filters.js'
import { globalKeywords } from './global.js'
import { healthKeywords } from './health.js'
import { healthcheckSection } from './healthcheck.js'
import { httpOptionKeywords, httpProcessKeywords } from './http-options.js'
import { idleKeywords } from './idle.js'
import { logKeywords } from './log.js'
import { logOptionKeywords } from './log-options.js'
import { logProfileSection, ringSection } from './log-sections.js'
import { optionKeywords } from './options.js'
import { peersSection } from './peers.js'
import { persistenceKeywords } from './persistence.js'
import { protocolCheckKeywords } from './protocol-checks.js'
import { proxySettingKeywords } from './proxy.js'
import { refusedKeywords } from './refused.js'
import { resolversSection } from './resolvers.js'
import { retryKeywords } from './retries.js'
import { ruleKeywords } from './rules.js'
import { serverKeywords } from './server.js'
import { stateProcessKeywords, stateProxyKeywords } from './server-state.js'
import { socketKeywords } from './sockets.js'
import { statsSocketKeywords } from './stats-socket.js'
import { stickKeywords } from './stick.js'
import { tableKeywords } from './stick-table.js'
import { timeoutKeywords } from './timeouts.js'
import { tuneKeywords } from './tune.js'
import { userListSection } from './userlist.js'
import { variableKeywords } from './variables.js'

/** Keywords of `global`. */
export const processKeywords: ReadonlyMap<string, ProcessKeyword> = keywordTable(
  globalKeywords,
  stateProcessKeywords,
  environmentKeywords,
  statsSocketKeywords,
  tuneKeywords,
  idleKeywords,
  refusedKeywords,
  variableKeywords,
  httpProcessKeywords,
)

/** Keywords of the proxy sections. */
export const proxyKeywords: ReadonlyMap<string, ProxyKeyword> = keywordTable(
  proxySettingKeywords,
  bindKeywords,
  captureKeywords,
  serverKeywords,
  balanceKeywords,
  timeoutKeywords,
  optionKeywords,
  retryKeywords,
  stateProxyKeywords,
  healthKeywords,
  checkStepKeywords,
  protocolCheckKeywords,
  ruleKeywords,
  tableKeywords,
  socketKeywords,
  filterKeywords,
  logKeywords,
  logOptionKeywords,
  errorPageKeywords,
  httpOptionKeywords,
  persistenceKeywords,
  stickKeywords,
)

/** The sections that describe neither the process nor a proxy. */
export const sectionKeywords: ReadonlyMap<string, SectionKeyword> = keywordTable([
  resolversSection,
  userListSection,
  httpErrorsSection,
  healthcheckSection,
  ringSection,
  logProfileSection,
  peersSection,
])
