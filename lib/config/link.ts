/**
 * Drafts → objects: resolves the names that sections have for each other, and makes tables, servers, backends and frontends with
 * their public constructors. What is wrong beyond a single line is told here.
 */

import {
  type Algorithm,
  all,
  Backend,
  type BackendOptions,
  type BindOptions,
  type ClientTimeouts,
  type Condition,
  ErrorPages,
  type EventSink,
  Format,
  Frontend,
  frontendName,
  type HealthCheck,
  type Logger,
  not,
  type Page,
  type Peers,
  type Phase,
  type Resolvers,
  type Route,
  Rule,
  reject,
  Server,
  type ServerTimeouts,
  type StickTable,
  srcPort,
  useBackend,
} from '../index.js'
import { didYouMean } from './advice.js'
import { makeAlgorithm } from './balance-link.js'
import { keptOptions } from './capture-link.js'
import { makeCheck } from './check-link.js'
import type { Diagnostics, Place } from './diagnostic.js'
import { backendHttp, frontendHttp } from './http-link.js'
import { Linker } from './linker.js'
import { LoggerMaker } from './log-link.js'
import { namingOptions } from './naming-link.js'
import type { Drafts } from './parser.js'
import type { PatternReferences } from './pattern-references.js'
import { linkPeers, linkPeerTables, makePeerTables } from './peers-link.js'
import { backendPersistence, checkDynamicCookies } from './persistence-link.js'
import { linkPresets } from './preset-link.js'
import {
  type BindDraft,
  isBackend,
  isFrontend,
  type KeepAliveDraft,
  type ProxyDraft,
  type Reference,
  type RuleSetName,
  type ServerDraft,
  type TimeoutName,
} from './proxy-draft.js'
import { idOption, numberProxies } from './proxy-ids.js'
import type { ProxiesByName } from './proxy-links.js'
import { allResolvers } from './resolvers-link.js'
import { forbiddenCharacter } from './sections.js'
import { checkServerHealth, linkTracking, poolNameOf, serverOptions } from './server-link.js'
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

/** The rules that frontends and backends have alike. */
interface RuleSets {
  readonly tcpRequestContent: readonly Rule<'content'>[]
  readonly httpRequest: readonly Rule<'request'>[]
  readonly httpResponse: readonly Rule<'response'>[]
  readonly httpAfterResponse: readonly Rule<'afterResponse'>[]
}

const noRules: RuleSets = { tcpRequestContent: [], httpRequest: [], httpResponse: [], httpAfterResponse: [] }

class ConfigLinker {
  readonly #drafts: Drafts
  readonly #words: Words
  readonly #diagnostics: Diagnostics
  readonly #environment: Readonly<Record<string, string>>
  readonly #loggers: LoggerMaker
  readonly #tables = new Map<string, StickTable>()
  readonly #backends = new Map<string, Backend>()
  readonly #frontends = new Map<string, Frontend>()
  readonly #proxies: ProxiesByName
  readonly #ids: ReadonlyMap<ProxyDraft, number>
  readonly #linkers = new Map<ProxyDraft, Linker>()

  constructor(drafts: Drafts, words: Words, environment: Readonly<Record<string, string>>, diagnostics: Diagnostics) {
    this.#environment = environment
    this.#proxies = { drafts: drafts.proxies, frontends: this.#frontends, backends: this.#backends }
    this.#drafts = drafts
    this.#ids = numberProxies(drafts)
    this.#words = words
    this.#diagnostics = diagnostics
    this.#loggers = new LoggerMaker(drafts.process, drafts.things, diagnostics)
  }

  link(): Linked {
    this.#drafts.things.families = this.#drafts.process.settings.families
    makeUserLists(this.#drafts.things.users.values(), this.#diagnostics)
    // A section whose name cannot be used has been told of; whoever refers to it finds it all the same.
    const proxies = this.#drafts.proxies.filter(({ name }) => name !== '' && forbiddenCharacter(name) === undefined)
    const sections = this.#drafts.things.peers
    makePeerTables(sections.values(), this.#tables)
    for (const draft of proxies) {
      if (draft.table !== undefined) this.#keep(this.#tables, draft, makeTable(draft.name, draft.table))
    }
    for (const { name, table: draft } of proxies) {
      const table = this.#tables.get(name)
      if (draft !== undefined && table !== undefined) linkWriteTo(table, draft, this.#tables, this.#diagnostics)
    }
    linkPeerTables(sections.values(), this.#tables, this.#diagnostics)
    const tabled = proxies.flatMap(({ name, table: draft }) => (draft === undefined ? [] : [{ name, draft }]))
    const peers = linkPeers(sections, tabled, this.#tables, this.#loggers, this.#diagnostics)
    for (const draft of proxies) {
      this.#warn(draft)
      this.#linker(draft).checkAcls(draft.acls.values())
      if (isBackend(draft))
        this.#keep(
          this.#backends,
          draft,
          this.#guard(draft, () => this.#makeBackend(draft)),
        )
    }
    linkTracking({ drafts: proxies, backends: this.#backends, diagnostics: this.#diagnostics })
    const frontends = proxies
      .filter((draft) => isFrontend(draft) && !draft.settings.disabled)
      .map((draft) => {
        const made = this.#guard(draft, () => this.#makeFrontend(draft))
        this.#keep(this.#frontends, draft, made)
        return made
      })
    this.#drafts.patterns.check(this.#diagnostics)
    return {
      frontends: frontends.filter((frontend) => frontend !== undefined),
      backends: [...this.#backends.values()],
      serverStateFiles: serverStateFiles(this.#drafts.process, proxies, [...this.#backends.values()]),
      processLoggers: this.#loggers.ofProcess(),
      checksLogged: new Set(
        proxies
          .filter((draft) => isBackend(draft) && draft.settings.log.switches.has('log-health-checks'))
          .map(({ name }) => name),
      ),
      changeLoggers: new Map(proxies.filter(isBackend).map((draft) => [draft.name, this.#loggers.ofChanges(draft)])),
      tables: [...this.#tables.values()],
      patterns: this.#drafts.patterns,
      resolvers: allResolvers(this.#drafts.things),
      sinks: allSinks(this.#drafts.things),
      peers: peers.peers,
      peerLoggers: peers.loggers,
      variables: linkPresets(
        this.#drafts.process,
        this.#environment,
        new Linker(
          '',
          this.#tables,
          this.#words,
          this.#diagnostics,
          this.#drafts.patterns,
          this.#drafts.things,
          this.#proxies,
          undefined,
        ),
        this.#diagnostics,
      ),
      environment: this.#environment,
    }
  }

  #keep<T>(into: Map<string, T>, { name }: ProxyDraft, made: T | undefined): void {
    if (made !== undefined && !into.has(name)) into.set(name, made)
  }

  /** What a constructor refuses is a fault of the section. */
  #guard<T>(draft: ProxyDraft, make: () => T): T | undefined {
    try {
      return make()
    } catch (error) {
      this.#diagnostics.alert(draft, (error as Error).message)
      return undefined
    }
  }

  #warn(draft: ProxyDraft): void {
    const { kind, name, settings } = draft
    const needed: readonly TimeoutName[] = [
      ...(isFrontend(draft) ? (['client'] as const) : []),
      ...(isBackend(draft) ? (['connect', 'server'] as const) : []),
    ]
    const used = draft.binds.length + draft.servers.length > 0
    const missing = needed.filter((timeout) => !((settings.timeouts[timeout] ?? 0) > 0))
    if (used && missing.length > 0) {
      const list = missing.map((timeout) => `'${timeout}'`).join(', ')
      this.#diagnostics.warning(
        draft,
        `missing timeouts for ${kind} '${name}': without ${list}, a peer that stays silent is waited for without end.`,
        `add ${missing.map((timeout) => `'timeout ${timeout} <time>'`).join(', ')}`,
      )
    }
    if (
      isBackend(draft) &&
      settings.serverState === 'global' &&
      this.#drafts.process.settings.serverStateFile === undefined
    )
      this.#diagnostics.warning(
        draft,
        `${kind} '${name}' is to load the states of servers from the 'server-state-file' of 'global', which is not set.`,
        "write 'server-state-file <file>' into 'global'",
      )
    if (settings.mode === 'http') return
    if (isFrontend(draft) && settings.http.monitorUri !== undefined)
      this.#diagnostics.warning(
        draft,
        `'monitor-uri' ignored for ${kind} '${name}' as it requires HTTP mode.`,
        "write 'mode http'",
      )
    if (isBackend(draft) && settings.switches['prefer-last-server'] === true)
      this.#diagnostics.warning(
        draft,
        `'option prefer-last-server' ignored for ${kind} '${name}' as it requires HTTP mode.`,
        "write 'mode http'",
      )
    for (const set of ['http-request', 'http-response', 'http-after-response'] as const) {
      if ((draft.rules.get(set)?.length ?? 0) === 0) continue
      this.#diagnostics.warning(
        draft,
        `'${set}' rules ignored for ${kind} '${name}' as they require HTTP mode.`,
        "write 'mode http'",
      )
    }
    if (draft.redirects.length > 0) {
      this.#diagnostics.warning(
        draft,
        `'redirect' rules ignored for ${kind} '${name}' as they require HTTP mode.`,
        "write 'mode http'",
      )
    }
  }

  #linker(draft: ProxyDraft): Linker {
    let linker = this.#linkers.get(draft)
    if (linker === undefined) {
      linker = new Linker(
        draft.name,
        this.#tables,
        this.#words,
        this.#diagnostics,
        this.#drafts.patterns,
        this.#drafts.things,
        this.#proxies,
        draft,
      )
      this.#linkers.set(draft, linker)
    }
    return linker
  }

  #rules<P extends Phase>(draft: ProxyDraft, set: RuleSetName, linker: Linker): readonly Rule<P>[] {
    const redirects = set === 'http-request' ? draft.redirects : []
    const made = [...(draft.rules.get(set) ?? []), ...redirects].map((rule) => rule(linker))
    // Where each rule may stand has been checked as it was made.
    return made.filter((rule) => rule !== undefined) as unknown as readonly Rule<P>[]
  }

  #ruleSets(draft: ProxyDraft, linker: Linker): RuleSets {
    const sets: RuleSets = {
      tcpRequestContent: this.#rules<'content'>(draft, 'tcp-request content', linker),
      httpRequest: this.#rules<'request'>(draft, 'http-request', linker),
      httpResponse: this.#rules<'response'>(draft, 'http-response', linker),
      httpAfterResponse: this.#rules<'afterResponse'>(draft, 'http-after-response', linker),
    }
    // That the others mean nothing in TCP mode has been told where they stand.
    return draft.settings.mode === 'tcp' ? { ...noRules, tcpRequestContent: sets.tcpRequestContent } : sets
  }

  #makeBackend(draft: ProxyDraft): Backend {
    const { settings } = draft
    const linker = this.#linker(draft)
    const check = makeCheck(draft, linker, this.#drafts.process.settings)
    const balance = makeAlgorithm(draft, linker)
    const servers = draft.servers.map((server) =>
      this.#guard(draft, () => {
        const naming = namingOptions(server, draft, linker)
        const poolName = poolNameOf(server, linker)
        return new Server(server.name, server.address, {
          ...serverOptions(server, settings.mode),
          ...this.#ownCheck(server, linker),
          ...naming,
          ...(poolName === undefined ? {} : { poolName }),
        })
      }),
    )
    this.#checkServers(draft)
    checkServerHealth(draft, this.#diagnostics)
    const options: BackendOptions = {
      mode: settings.mode,
      published: !draft.unpublished,
      disabled: settings.disabled,
      servers: servers.filter((server) => server !== undefined),
      check,
      ...(balance === undefined ? {} : { balance }),
      ...(draft.kind === 'listen' ? this.#foreignRules(draft, linker) : this.#ruleSets(draft, linker)),
      ...(draft.kind === 'backend' && draft.inspectDelay !== undefined ? { inspectDelay: draft.inspectDelay } : {}),
      tcpResponseContent: this.#rules<'responseContent'>(draft, 'tcp-response content', linker),
      ...(draft.responseInspectDelay === undefined ? {} : { responseInspectDelay: draft.responseInspectDelay }),
      timeouts: serverTimeouts(settings.timeouts),
      ...(settings.source === undefined ? {} : { source: settings.source }),
      tcpKeepAlive: keepAlive(settings.serverKeepAlive),
      noLinger: settings.switches.nolinger ?? false,
      redispatch: settings.redispatch ?? silentRedispatch(balance),
      connectionMode: settings.connectionMode ?? 'keepAlive',
      forwardFor: settings.forwardFor ?? false,
      ...errorPages(draft, linker),
      ...backendHttp(draft, linker, this.#drafts.process),
      ...backendPersistence(draft, linker, this.#diagnostics),
      allBackups: settings.switches.allbackups ?? false,
      ...(settings.switches.abortonclose === undefined ? {} : { abortOnClose: settings.switches.abortonclose }),
      preferLastServer: settings.switches['prefer-last-server'] ?? false,
      ...((settings.maxKeepAliveQueue ?? -1) < 0 ? {} : { maxKeepAliveQueue: settings.maxKeepAliveQueue as number }),
      ...(settings.fullConnections ? { fullConnections: settings.fullConnections } : {}),
      ...(settings.retries === undefined ? {} : { retries: settings.retries }),
      ...(settings.retryOn === undefined || settings.mode === 'tcp' ? {} : { retryOn: settings.retryOn }),
      ...(settings.httpReuse === undefined ? {} : { reuse: settings.httpReuse }),
      ...idOption(draft.id),
    }
    const backend = new Backend(draft.name, options)
    backend.id = this.#ids.get(draft) ?? backend.id
    checkDynamicCookies(draft, backend, this.#diagnostics)
    return backend
  }

  /** The check of a `healthcheck` section, for a server that names one. */
  #ownCheck({ settings, file, line }: ServerDraft, linker: Linker): { readonly check?: HealthCheck } {
    const { check, healthcheck } = settings
    const draft = healthcheck === undefined ? undefined : linker.healthCheck(healthcheck, { file, line })
    return draft === undefined || check !== true
      ? {}
      : { check: makeCheck(draft, linker, this.#drafts.process.settings) }
  }

  #checkServers(draft: ProxyDraft): void {
    for (const server of draft.servers) {
      const { settings, name } = server
      const bare = !/:\d|@|^\//.test(server.address) && !/:\d+$/.test(server.address)
      if (settings.check === true && settings.checkPort === undefined && bare) {
        this.#diagnostics.alert(
          server,
          `'server ${draft.name}/${name}' has neither service port nor check port.`,
          "write the port behind the address, or 'port <port>'",
        )
      }
      const twin = draft.servers.find((other) => other !== server && other.id !== undefined && other.id === server.id)
      if (twin !== undefined && twin.line < server.line) {
        this.#diagnostics.alert(
          server,
          `'server ${draft.name}/${name}' : custom id ${server.id} is already used by server '${twin.name}' at ${twin.file}:${twin.line}.`,
        )
      }
    }
  }

  /**
   * A listen's rules stand in its frontend. Its backend has them, too, for requests that come from other frontends: for its own they
   * must not run twice.
   */
  #foreignRules(draft: ProxyDraft, linker: Linker): Partial<RuleSets> {
    const others = this.#drafts.proxies.filter((other) => other !== draft)
    const used = others.some(
      ({ routes, settings }) =>
        settings.defaultBackend?.name === draft.name ||
        routes.some((route) => route.name === draft.name || isDynamic(route)),
    )
    if (!used) return {}
    const foreign = not(frontendName.is(draft.name)) as unknown as Condition<Phase>
    const guarded = <P extends Phase>(rules: readonly Rule<P>[]): readonly Rule<P>[] =>
      rules.map((rule) => {
        const condition = rule.condition === undefined ? foreign : all<P>(foreign, rule.condition)
        return new Rule<P>(rule.name, rule.phases, rule.action, condition, rule.where)
      })
    const sets = this.#ruleSets(draft, linker)
    return {
      tcpRequestContent: guarded(sets.tcpRequestContent),
      httpRequest: guarded(sets.httpRequest),
      httpResponse: guarded(sets.httpResponse),
      httpAfterResponse: guarded(sets.httpAfterResponse),
    }
  }

  #makeFrontend(draft: ProxyDraft): Frontend {
    const { settings } = draft
    const linker = this.#linker(draft)
    const own = draft.kind === 'listen' ? this.#backends.get(draft.name) : undefined
    const fallback =
      settings.defaultBackend === undefined ? own : this.#find(draft, settings.defaultBackend, 'default_backend')
    const force = { phases: routePhases(draft), name: 'force-be-switch rule' }
    const forced = draft.forceSwitch.map((condition) => linker.condition(condition, force))
    return new Frontend(draft.name, {
      bind: draft.binds.map((bind) => bindOptions(bind, settings.backlog)),
      mode: settings.mode,
      ...idOption(this.#ids.get(draft)),
      tcpRequestConnection: [
        ...(this.#drafts.process.settings.rejectPrivilegedPorts === true
          ? [reject().if(srcPort.between(1, 1023))]
          : []),
        ...this.#rules<'connection'>(draft, 'tcp-request connection', linker),
      ],
      tcpRequestSession: this.#rules<'session'>(draft, 'tcp-request session', linker),
      ...this.#ruleSets(draft, linker),
      ...(draft.inspectDelay === undefined ? {} : { inspectDelay: draft.inspectDelay }),
      routes: this.#routes(draft, linker),
      ...(fallback === undefined ? {} : { defaultBackend: fallback }),
      ...(own === undefined ? {} : { ownBackend: own }),
      forceBackendSwitch: forced.filter((condition) => condition !== undefined) as readonly Condition<'request'>[],
      timeouts: clientTimeouts(settings.timeouts),
      ...(settings.maxSessionRate === undefined ? {} : { maxSessionRate: settings.maxSessionRate }),
      ...(settings.maxOwnConnections === undefined ? {} : { maxOwnConnections: settings.maxOwnConnections }),
      tcpKeepAlive: keepAlive(settings.clientKeepAlive),
      noLinger: settings.switches.nolinger ?? false,
      connectionMode: settings.connectionMode ?? 'keepAlive',
      forwardFor: settings.forwardFor ?? false,
      ...errorPages(draft, linker),
      ...frontendHttp(draft, linker, this.#drafts.process),
      ignoreEmptyConnections: settings.switches.dontlognull ?? false,
      ...(settings.switches['socket-stats'] === true ? { socketStats: true } : {}),
      ...(settings.maxConnections === undefined || settings.maxConnections === 0
        ? {}
        : { maxConnections: settings.maxConnections }),
      ...keptOptions(draft, linker, this.#drafts.process.settings),
      loggers: this.#loggers.of(draft, linker),
    })
  }

  #routes(draft: ProxyDraft, linker: Linker): readonly Route<'request'>[] {
    const routes: Route<'request'>[] = []
    for (const { condition, ...reference } of draft.routes) {
      const unconditional = this.#route(draft, reference, linker)
      const made = condition && linker.condition(condition, { phases: routePhases(draft), name: 'use_backend rule' })
      if (unconditional === undefined || (condition !== undefined && made === undefined)) continue
      const route = unconditional.at(`${reference.file}:${reference.line}`)
      routes.push(made === undefined ? route : route.if(made as Condition<'request'>))
    }
    return routes
  }

  #route(draft: ProxyDraft, reference: Reference, linker: Linker): Route<'request'> | undefined {
    if (!isDynamic(reference)) {
      const backend = this.#find(draft, reference, 'use_backend')
      return backend && useBackend(backend)
    }
    const name = linker.format(reference.name, reference, { phases: routePhases(draft), name: 'use_backend rule' })
    if (!(name instanceof Format)) return undefined
    const among = [...this.#backends.values()].filter(({ mode }) => draft.settings.mode === 'tcp' || mode === 'http')
    return useBackend(name as Format<'request'>, among)
  }

  #find(from: ProxyDraft, reference: Reference, word: string): Backend | undefined {
    const { proxies } = this.#drafts
    const target = proxies.find((draft) => draft.name === reference.name && isBackend(draft))
    if (target === undefined) {
      const names = proxies.filter(isBackend).map((draft) => draft.name)
      this.#diagnostics.alert(
        reference,
        `Proxy '${from.name}': unable to find required ${word}: '${reference.name}'.`,
        didYouMean(reference.name, names),
      )
      return undefined
    }
    if (from.settings.mode === 'http' && target.settings.mode === 'tcp') {
      const message = `${word} '${target.name}' is in TCP mode, and ${from.kind} '${from.name}' in HTTP mode, so they cannot work together.`
      this.#diagnostics.alert(
        reference,
        message,
        `write 'mode http' at ${target.file}:${target.line}, or 'mode tcp' at ${from.file}:${from.line}`,
      )
      return undefined
    }
    return this.#backends.get(reference.name)
  }
}

/** The name is asked for each time, and may be any backend's. */
const isDynamic = ({ name }: Reference): boolean => name.includes('%[')

/** In TCP mode there are only the first bytes to ask. */
const routePhases = ({ settings }: ProxyDraft): readonly Phase[] =>
  settings.mode === 'tcp' ? ['content', 'request'] : ['request', 'content']

/** Of lines that speak of the same status, the last one counts. */
function errorPages({ settings }: ProxyDraft, linker: Linker): { readonly errorPages?: ErrorPages } {
  const pages = new Map<number, Page>()
  for (const [status, page] of settings.pages.flatMap((make) => make(linker))) {
    if (page === undefined) pages.delete(status)
    else pages.set(status, page)
  }
  return pages.size === 0 ? {} : { errorPages: new ErrorPages(pages) }
}

/** HAProxy waits without end for what has no timeout, and 0 is none. */
const endless = (time: number | undefined): number =>
  time === undefined || time === 0 ? Number.POSITIVE_INFINITY : time

/** Without a time of its own, the system's. */
const keepAlive = (given: KeepAliveDraft | undefined): boolean | number => given?.on === true && (given.idle ?? true)

function serverTimeouts(given: Partial<Record<TimeoutName, number>>): ServerTimeouts {
  const optional = {
    tunnel: given.tunnel,
    serverFin: given['server-fin'],
    check: given.check,
    tarpit: given.tarpit ?? given.connect,
  }
  return {
    connect: endless(given.connect),
    server: endless(given.server),
    queue: endless(given.queue ?? given.connect),
    ...Object.fromEntries(Object.entries(optional).filter(([, time]) => time !== undefined && time > 0)),
  }
}

function clientTimeouts(given: Partial<Record<TimeoutName, number>>): ClientTimeouts {
  const httpRequest = given['http-request'] ?? given.client
  const optional = { clientFin: given['client-fin'], tarpit: given.tarpit ?? given.connect }
  return {
    client: endless(given.client),
    httpRequest: endless(httpRequest),
    httpKeepAlive: endless(given['http-keep-alive'] ?? httpRequest),
    ...Object.fromEntries(Object.entries(optional).filter(([, time]) => time !== undefined && time > 0)),
  }
}

function bindOptions(
  { file: _file, line: _line, ...bind }: BindDraft & Place,
  backlog: number | undefined,
): BindOptions {
  // 0 is HAProxy's word for "no limit of its own".
  const limits = { maxConnections: bind.maxConnections || undefined, backlog: (bind.backlog ?? backlog) || undefined }
  const given = Object.entries({ ...bind, ...limits }).filter(([, value]) => value !== undefined)
  return { address: bind.address, ...Object.fromEntries(given) }
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

/**
 * What a backend does that says nothing of `option redispatch`. HAProxy stays with a server that refuses and answers 503 until its checks
 * have seen it, so that what goes by a key does not wander. Where neither key, cookie nor rule decides, there is nothing to keep: the next server takes it.
 */
function silentRedispatch(balance: Algorithm | undefined): 'unassigned' | false {
  return balance === undefined || balance.skipsFull ? 'unassigned' : false
}
