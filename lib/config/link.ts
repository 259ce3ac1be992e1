/**
 * Drafts → objects: resolves the names that sections have for each other, and makes tables, servers, backends and frontends with
 * their public constructors. What is wrong beyond a single line is told here.
 */

import type { Backend, EventSink, Frontend, Logger, Peers, Resolvers, StickTable } from '../index.js'
import { makeBackend } from './backend-link.js'
import type { Diagnostics } from './diagnostic.js'
import { makeFrontend } from './frontend-link.js'
import { Linker } from './linker.js'
import type { Linking } from './linking.js'
import { LoggerMaker } from './log-link.js'
import type { Drafts } from './parser.js'
import type { PatternReferences } from './pattern-references.js'
import { type LinkedPeers, linkPeers, linkPeerTables, makePeerTables } from './peers-link.js'
import { linkPresets } from './preset-link.js'
import { isBackend, isFrontend, type ProxyDraft } from './proxy-draft.js'
import { numberProxies } from './proxy-ids.js'
import type { ProxiesByName } from './proxy-links.js'
import { warnOf } from './proxy-warnings.js'
import { allResolvers } from './resolvers-link.js'
import { forbiddenCharacter } from './sections.js'
import { linkTracking } from './server-link.js'
import { allSinks } from './sinks.js'
import { type ServerStateFile, serverStateFiles } from './state-files.js'
import { linkWriteTo, makeTable } from './table-link.js'
import { makeUserLists } from './users-link.js'
import type { Words } from './words.js'

/** The objects of a configuration, in the order of the files. */
export interface Linked {
  readonly frontends: readonly Frontend[]
  readonly backends: readonly Backend[]
  /** Who is told of the changes of a backend's servers, by the backend's name. */
  readonly changeLoggers: ReadonlyMap<string, readonly Logger[]>
  /** The files of server states. */
  readonly serverStateFiles: readonly ServerStateFile[]
  /** The backends whose checks are told, too. */
  readonly checksLogged: ReadonlySet<string>
  /** Who is told of the process. */
  readonly processLoggers: readonly Logger[]
  readonly tables: readonly StickTable[]
  readonly patterns: PatternReferences
  readonly resolvers: readonly Resolvers[]
  /** Where expressions show what they see. */
  readonly sinks: readonly EventSink[]
  readonly peers: readonly Peers[]
  /** Who is told of what happens to peers, by the section's name. */
  readonly peerLoggers: ReadonlyMap<string, readonly Logger[]>
  /** The variables that the process has from the start. */
  readonly variables: ReadonlyMap<string, unknown> | undefined
  readonly environment: Readonly<Record<string, string>>
}

class ConfigLinker implements Linking {
  readonly drafts: Drafts
  readonly diagnostics: Diagnostics
  readonly loggers: LoggerMaker
  readonly ids: ReadonlyMap<ProxyDraft, number>
  readonly backends = new Map<string, Backend>()
  readonly #words: Words
  readonly #environment: Readonly<Record<string, string>>
  readonly #tables = new Map<string, StickTable>()
  readonly #frontends = new Map<string, Frontend>()
  readonly #proxies: ProxiesByName
  readonly #linkers = new Map<ProxyDraft, Linker>()

  constructor(drafts: Drafts, words: Words, environment: Readonly<Record<string, string>>, diagnostics: Diagnostics) {
    this.drafts = drafts
    this.diagnostics = diagnostics
    this.loggers = new LoggerMaker(drafts.process, drafts.things, diagnostics)
    this.ids = numberProxies(drafts)
    this.#words = words
    this.#environment = environment
    this.#proxies = { drafts: drafts.proxies, frontends: this.#frontends, backends: this.backends }
  }

  link(): Linked {
    const { drafts, diagnostics, loggers } = this
    drafts.things.families = drafts.process.settings.families
    makeUserLists(drafts.things.users.values(), diagnostics)
    // A section whose name cannot be used has been told of; whoever refers to it finds it all the same.
    const proxies = drafts.proxies.filter(({ name }) => name !== '' && forbiddenCharacter(name) === undefined)
    const { peers, loggers: peerLoggers } = this.#makeTables(proxies)
    this.#makeBackends(proxies)
    const frontends = this.#makeFrontends(proxies)
    const backends = [...this.backends.values()]
    drafts.patterns.check(diagnostics)
    return {
      frontends,
      backends,
      serverStateFiles: serverStateFiles(drafts.process, proxies, backends),
      processLoggers: loggers.ofProcess(),
      checksLogged: new Set(
        proxies
          .filter((draft) => isBackend(draft) && draft.settings.log.switches.has('log-health-checks'))
          .map(({ name }) => name),
      ),
      changeLoggers: new Map(proxies.filter(isBackend).map((draft) => [draft.name, loggers.ofChanges(draft)])),
      tables: [...this.#tables.values()],
      patterns: drafts.patterns,
      resolvers: allResolvers(drafts.things),
      sinks: allSinks(drafts.things),
      peers,
      peerLoggers,
      variables: linkPresets(drafts.process, this.#environment, this.#makeLinker('', undefined), diagnostics),
      environment: this.#environment,
    }
  }

  linker(draft: ProxyDraft): Linker {
    const known = this.#linkers.get(draft)
    if (known !== undefined) return known
    const linker = this.#makeLinker(draft.name, draft)
    this.#linkers.set(draft, linker)
    return linker
  }

  guard<T>(draft: ProxyDraft, make: () => T): T | undefined {
    try {
      return make()
    } catch (error) {
      this.diagnostics.alert(draft, (error as Error).message)
      return undefined
    }
  }

  /** All tables, and the peers that share them. */
  #makeTables(proxies: readonly ProxyDraft[]): LinkedPeers {
    const { diagnostics } = this
    const sections = this.drafts.things.peers
    makePeerTables(sections.values(), this.#tables)
    const tabled = proxies.flatMap(({ name, table: draft }) => (draft === undefined ? [] : [{ name, draft }]))
    for (const { name, draft } of tabled) keep(this.#tables, name, makeTable(name, draft))
    for (const { name, draft } of tabled) {
      const table = this.#tables.get(name)
      if (table !== undefined) linkWriteTo(table, draft, this.#tables, diagnostics)
    }
    linkPeerTables(sections.values(), this.#tables, diagnostics)
    return linkPeers(sections, tabled, this.#tables, this.loggers, diagnostics)
  }

  #makeBackends(proxies: readonly ProxyDraft[]): void {
    const { diagnostics } = this
    for (const draft of proxies) {
      warnOf(draft, this.drafts.process, diagnostics)
      this.linker(draft).checkAcls(draft.acls.values())
      for (const { check } of draft.bandwidths.values()) check?.(this.linker(draft))
      if (!isBackend(draft)) continue
      const made = this.guard(draft, () => makeBackend(draft, this))
      keep(this.backends, draft.name, made)
    }
    linkTracking({ drafts: proxies, backends: this.backends, diagnostics })
  }

  #makeFrontends(proxies: readonly ProxyDraft[]): readonly Frontend[] {
    return proxies.flatMap((draft) => {
      if (!isFrontend(draft) || draft.settings.disabled) return []
      const made = this.guard(draft, () => makeFrontend(draft, this))
      keep(this.#frontends, draft.name, made)
      return made === undefined ? [] : [made]
    })
  }

  #makeLinker(name: string, draft: ProxyDraft | undefined): Linker {
    const { patterns, things } = this.drafts
    return new Linker(name, this.#tables, this.#words, this.diagnostics, patterns, things, this.#proxies, draft)
  }
}

/** Of two with the same name the first one stays. */
function keep<T>(into: Map<string, T>, name: string, made: T | undefined): void {
  if (made !== undefined && !into.has(name)) into.set(name, made)
}

/** Makes the objects, and tells whatever keeps them from being made. */
export function link(
  drafts: Drafts,
  words: Words,
  environment: Readonly<Record<string, string>>,
  diagnostics: Diagnostics,
): Linked {
  return new ConfigLinker(drafts, words, environment, diagnostics).link()
}
