/** All keywords that are built, one family a file. */
import type { ProcessKeyword, ProxyKeyword } from '../keyword.js'
import { keywordTable } from '../keyword-table.js'
import { environmentKeywords } from './environment.js'
import { globalKeywords } from './global.js'
import { statsSocketKeywords } from './stats-socket.js'
import { tuneKeywords } from './tune.js'

/** Keywords of `global`. */
export const processKeywords: ReadonlyMap<string, ProcessKeyword> = keywordTable(
  globalKeywords,
  environmentKeywords,
  statsSocketKeywords,
  tuneKeywords,
)

/** Keywords of the proxy sections. */
export const proxyKeywords: ReadonlyMap<string, ProxyKeyword> = keywordTable<ProxyKeyword>()
