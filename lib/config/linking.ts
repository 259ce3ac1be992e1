/** What the makers of frontends and backends share while a configuration becomes objects. */
import type { Backend } from '../index.js'
import type { Diagnostics } from './diagnostic.js'
import type { Linker } from './linker.js'
import type { LoggerMaker } from './log-link.js'
import type { Drafts } from './parser.js'
import type { ProxyDraft } from './proxy-draft.js'

export interface Linking {
  readonly drafts: Drafts
  readonly diagnostics: Diagnostics
  readonly loggers: LoggerMaker
  readonly ids: ReadonlyMap<ProxyDraft, number>
  /** Those that have been made so far, by name. */
  readonly backends: ReadonlyMap<string, Backend>
  linker(draft: ProxyDraft): Linker
  /** What a constructor refuses is told as a fault of the section; nothing is made then. */
  guard<T>(draft: ProxyDraft, make: () => T): T | undefined
}
