/** A backend: a pool of servers, the algorithm that picks among them, its queue, and its own rules. It opens no socket. */
import type { Algorithm } from '../balance/algorithm.js'
import { roundRobin } from '../balance/round-robin.js'
import { OptionError } from '../base/errors.js'
import { checkOptions, nameOption } from '../base/options.js'
import type { Random } from '../base/random.js'
import type { Context } from '../match/context.js'
import { type Counters, counters } from '../observe/counters.js'
import type { InvalidMessage } from '../observe/invalid-message.js'
import { StateTimes } from '../observe/state-times.js'
import { awaitBody } from '../rules/actions/wait-for-body.js'
import { decideErrorPages, type ErrorPages, type Pages } from '../rules/error-pages.js'
import { RuleSet } from '../rules/rule-set.js'
import type { Verdict } from '../rules/verdict.js'
import { type BackendOptions, backendOptions, decideRedispatch, fullOption, type Reuse } from './backend-options.js'
import {
  type Decision,
  type Explainer,
  explained,
  explainerOf,
  type ForwardDecision,
  type RouteOptions,
  settle,
} from './decision.js'
import { type Dialling, decideKeepAlive, parseSource } from './dialling.js'
import { Discovery } from './discovery.js'
import { decideForwardFor, type ForwardFor } from './forward-for.js'
import { decideForwarded, type Forwarded } from './forwarded.js'
import type { Frontend } from './frontend.js'
import { type HeaderNames, restrictNames } from './header-names.js'
import type { HealthCheck } from './health-check.js'
import { decideHeaderCase } from './http-options.js'
import { type Leaving, leftAlready } from './leaving.js'
import { type ConnectionMode, checkModeOfRules, type Mode } from './mode.js'
import { decideOriginalTo, type OriginalTo } from './original-to.js'
import { Outliers } from './outliers.js'
import { decidePersistence, type PersistenceOptions } from './persistence/options.js'
import { persistedOf } from './persistence/persisted.js'
import type { Persistence } from './persistence/persistence.js'
import type { Queue, Rank } from './queue.js'
import { Rates } from './rates.js'
import { RetryPolicy } from './retry-policy.js'
import type { Server, ServerOwner } from './server.js'
import type { BackendHost, ServerChange } from './server-change.js'
import { ServerList, type ServerListOwner } from './server-list.js'
import { type Place, ServerPool, type Turn } from './server-pool.js'
import type { ServerRoute } from './server-route.js'
import { type DecidedServerTimeouts, decideServerTimeouts } from './timeouts.js'

/**
 * A pool of servers. Manual, chapter 4 (`backend`).
 *
 * ```ts
 * new Backend('api', { balance: leastConn(), servers: [new Server('api1', '10.0.1.1:80')] })
 * ```
 *
 * @throws {OptionError} that names the option that is wrong
 */
export class Backend implements ServerOwner, ServerListOwner {
  readonly name: string
  readonly mode: Mode
  readonly balance: Algorithm
  readonly check: HealthCheck | undefined
  readonly tcpRequestContent: RuleSet<'content'>
  /** Milliseconds. */
  readonly inspectDelay: number
  readonly tcpResponseContent: RuleSet<'responseContent'>
  /** Milliseconds. */
  readonly responseInspectDelay: number
  readonly bufferRequest: boolean
  readonly httpRequest: RuleSet<'request'>
  readonly httpResponse: RuleSet<'response'>
  readonly httpAfterResponse: RuleSet<'afterResponse'>
  readonly timeouts: DecidedServerTimeouts
  readonly source: Dialling | undefined
  /** Milliseconds; 0 is the system's own time. */
  readonly tcpKeepAlive: number | undefined
  readonly noLinger: boolean
  readonly independentStreams: boolean
  readonly retries: number
  /** What is tried again, beside connects that fail. */
  readonly retry: RetryPolicy
  /** Every so many tries go elsewhere; 0 for never, negative counts from the last. */
  readonly redispatch: number
  readonly abortOnClose: boolean
  readonly preferLastServer: boolean
  readonly #maxKeepAliveQueue: number
  readonly reuse: Reuse
  readonly maxIdleConnections: number
  /** Milliseconds. */
  readonly idleTimeout: number
  readonly connectionMode: ConnectionMode
  readonly forwardFor: ForwardFor | undefined
  readonly allBackups: boolean
  /** Percent of the regular servers' weight that has to be up. */
  readonly panicThreshold: number
  /** Who looks at its servers' traffic, if anybody. */
  readonly outliers: Outliers | undefined
  readonly originalTo: OriginalTo | undefined
  readonly forwarded: Forwarded | undefined
  readonly headerNames: HeaderNames
  /** The names of fields that servers get in another case than the lower. */
  readonly headerCase: ReadonlyMap<string, string> | undefined
  readonly pretendKeepAlive: boolean
  readonly checkCache: boolean
  readonly dropTrailers: boolean
  readonly sendNameHeader: string | undefined
  readonly useServers: readonly ServerRoute<'request'>[]
  /** What sends a client's requests to the same server again; nothing, as a rule. */
  readonly persistence: Persistence | undefined
  readonly counters: Counters = counters()
  /** @internal The last response of its servers that broke HTTP's rules. */
  lastInvalid: InvalidMessage | undefined
  /** Since when it is up or down, and how long it has been down, by milliseconds of the engine's clock. */
  readonly times = new StateTimes()
  readonly rates = new Rates()
  /** The number that rules and statistics know it by: the one that it was given, or its place among the balancer's proxies, from 1. */
  id: number
  /** Its number was said, and not only counted. */
  readonly numbered: boolean
  /** @internal What {@link fullConnections} is when nobody has said: a tenth of what its frontends take. */
  usualFullConnections = 200
  /** @internal The decision to forward here, made once. */
  readonly forwarding: ForwardDecision = { kind: 'forward', backend: this }
  /** Where its servers come from while it runs, when they are not written down. */
  readonly discovery: Discovery | undefined
  /** Its servers are not checked, and nobody is sent here who is not forced to be. */
  readonly disabled: boolean
  readonly #pool: ServerPool
  #servers: ServerList
  #fullConnections: number | undefined
  #errorPages: ErrorPages | undefined
  #host: BackendHost | undefined
  #published: boolean
  /** What was sent to a server by more than the algorithm is never sent elsewhere. */
  readonly #keepsAssigned: boolean

  constructor(name: string, options: BackendOptions = {}) {
    const subject = `Backend '${name}'`
    this.name = checkOptions(subject, nameOption, name)
    const checked = checkOptions(subject, backendOptions, options)
    this.id = checked.id ?? 0
    this.numbered = checked.id !== undefined
    this.mode = checked.mode ?? 'http'
    this.#published = checked.published ?? true
    this.disabled = checked.disabled ?? false
    this.balance = checked.balance ?? roundRobin()
    this.check = checked.check
    this.tcpRequestContent = new RuleSet('tcp-request content', 'content', checked.tcpRequestContent)
    this.inspectDelay = checked.inspectDelay ?? 0
    this.tcpResponseContent = new RuleSet('tcp-response content', 'responseContent', checked.tcpResponseContent)
    this.responseInspectDelay = checked.responseInspectDelay ?? 0
    this.bufferRequest = checked.bufferRequest ?? false
    this.httpRequest = new RuleSet('http-request', 'request', checked.httpRequest)
    this.httpResponse = new RuleSet('http-response', 'response', checked.httpResponse)
    this.httpAfterResponse = new RuleSet('http-after-response', 'afterResponse', checked.httpAfterResponse)
    const { httpRequest, httpResponse, httpAfterResponse } = this
    checkModeOfRules(subject, this.mode, { httpRequest, httpResponse, httpAfterResponse })
    this.timeouts = decideServerTimeouts(checked.timeouts)
    this.source = checked.source === undefined ? undefined : parseSource(subject, checked.source)
    this.tcpKeepAlive = decideKeepAlive(checked.tcpKeepAlive)
    this.noLinger = checked.noLinger ?? false
    this.independentStreams = checked.independentStreams ?? false
    this.retries = checked.retries ?? 3
    if (this.mode === 'tcp' && checked.retryOn !== undefined)
      throw new OptionError(subject, 'retryOn', "works with mode 'http' only: bytes that are passed on are not kept")
    this.retry = new RetryPolicy(checked)
    this.redispatch = decideRedispatch(checked.redispatch)
    this.#keepsAssigned = checked.redispatch === 'unassigned'
    this.abortOnClose = checked.abortOnClose ?? this.mode === 'http'
    this.preferLastServer = checked.preferLastServer ?? false
    this.#maxKeepAliveQueue = checked.maxKeepAliveQueue ?? Number.POSITIVE_INFINITY
    this.reuse = checked.reuse ?? 'safe'
    this.maxIdleConnections = checked.maxIdleConnections ?? 1000
    this.idleTimeout = checked.idleTimeout ?? 5_000
    this.connectionMode = checked.connectionMode ?? 'keepAlive'
    this.forwardFor = decideForwardFor(subject, checked.forwardFor)
    this.allBackups = checked.allBackups ?? false
    this.originalTo = decideOriginalTo(subject, checked.originalTo)
    this.forwarded = decideForwarded(subject, checked.forwarded)
    this.headerNames = checked.headerNames ?? 'preserve'
    this.headerCase = decideHeaderCase(subject, checked.headerCase)
    this.pretendKeepAlive = checked.pretendKeepAlive ?? false
    this.checkCache = checked.checkCache ?? false
    this.dropTrailers = checked.dropTrailers ?? false
    this.sendNameHeader = checked.sendNameHeader
    this.useServers = checked.useServers ?? []
    this.persistence = decidePersistence(checked as PersistenceOptions, this)
    this.#errorPages = decideErrorPages(subject, options.errorPages)
    const { balance, allBackups } = this
    this.panicThreshold = checked.panicThreshold ?? 0
    const { panicThreshold } = this
    if (checked.outliers !== undefined)
      this.outliers = new Outliers(subject, checked.outliers, this.mode, () => this.#servers)
    this.#fullConnections = checked.fullConnections
    this.#pool = new ServerPool({ balance, allBackups, panicThreshold, counters: this.counters, backend: this })
    this.discovery = checked.servers instanceof Discovery ? checked.servers : undefined
    this.#servers = this.#adopt(
      checked.servers === undefined || checked.servers instanceof Discovery ? [] : checked.servers,
    )
    this.#pool.update(this.#servers)
  }

  /** Its servers, in order; `add` and `remove` change the backend while it runs. */
  get servers(): ServerList {
    return this.#servers
  }

  /** Routes and default backends lead here; otherwise they pass over it, unless they are forced to switch. */
  get published(): boolean {
    return this.#published
  }

  /** Lets routes and default backends lead here, at once. HAProxy 3.5: `publish backend`. */
  publish(): void {
    this.#published = true
  }

  /** Lets routes and default backends pass over it, at once; what is under way goes on, and its servers are checked as before. HAProxy 3.5: `unpublish backend`. */
  unpublish(): void {
    this.#published = false
  }

  /** Weights may be anything while it runs; otherwise they are all or nothing. */
  get weighs(): boolean {
    return this.balance.dynamic
  }

  /** Somebody runs it: time passes. */
  get attended(): boolean {
    return this.#host !== undefined
  }

  /** Pages in place of the frontend's and the built-in ones; may be changed while it runs. */
  get errorPages(): ErrorPages | undefined {
    return this.#errorPages
  }

  set errorPages(pages: ErrorPages | Pages | undefined) {
    this.#errorPages = decideErrorPages(`Backend '${this.name}'`, pages)
  }

  /** The server of that name. */
  server(name: string): Server | undefined {
    return this.#servers.named(name)
  }

  /** The servers that new requests may come to: those that are up and ready, or the backups when there are none. */
  get rotation(): readonly Server[] {
    return this.#pool.rotation
  }

  /** So little of its weight is up that servers are used that are not. See {@link BackendOptions.panicThreshold}. */
  get panicking(): boolean {
    return this.#pool.panicking
  }

  /** Requests that it has now, those that wait included. */
  get load(): number {
    return this.counters.current
  }

  /** With so many requests its servers may be full; what {@link Server.minConnections} are measured by. */
  get fullConnections(): number {
    return this.#fullConnections ?? this.usualFullConnections
  }

  /** @throws {OptionError} when it is no integer from 1 on */
  set fullConnections(given: number) {
    const options = { fullConnections: given }
    this.#fullConnections = checkOptions(`Backend '${this.name}'`, fullOption, options).fullConnections
    this.#pool.remeasure()
  }

  /** Who waits for a place at any server. */
  get queue(): Queue<Server | undefined> {
    return this.#pool.queue
  }

  /**
   * Decides by the backend's own rules what to do with a request that a frontend sent here. Opens no socket; {@link Decision} is `forward` when
   * the rules let it go on.
   */
  route(context: Context, options: RouteOptions = {}): Decision | Promise<Decision> {
    context.backend = this
    context.backendPages = this.errorPages
    if (this.persistence !== undefined) this.persistence.enter(context)
    const explainer = explainerOf(options)
    const content = this.tcpRequestContent.run(context, explainer)
    if (content instanceof Promise) return content.then((settled) => this.#afterContent(settled, context, explainer))
    return this.#afterContent(content, context, explainer)
  }

  #afterContent(verdict: Verdict, context: Context, explainer: Explainer | undefined): Decision | Promise<Decision> {
    const decision = settle(verdict)
    if (decision !== undefined) return explained(decision, explainer)
    // A tcp frontend's bytes have no request to ask.
    if (this.mode !== 'http' || context.request === undefined) return explained(this.forwarding, explainer)
    if (!this.bufferRequest && !this.#looksInto(context)) return this.#runRules(context, explainer)
    const held = awaitBody(context, patienceOf(context))
    if (held instanceof Promise) return held.then((late) => this.#afterBody(late, context, explainer))
    return this.#afterBody(held, context, explainer)
  }

  /** Some algorithms go by what clients post. */
  #looksInto({ request }: Context): boolean {
    return this.balance.needs === 'body' && request.method === 'POST'
  }

  #afterBody(late: Verdict, context: Context, explainer: Explainer | undefined): Decision | Promise<Decision> {
    const decision = settle(late)
    return decision === undefined ? this.#runRules(context, explainer) : explained(decision, explainer)
  }

  #runRules(context: Context, explainer: Explainer | undefined): Decision | Promise<Decision> {
    const next = this.httpRequest.run(context, explainer)
    if (next instanceof Promise) return next.then((settled) => this.#afterRules(settled, context, explainer))
    return this.#afterRules(next, context, explainer)
  }

  #afterRules(verdict: Verdict, context: Context, explainer: Explainer | undefined): Decision {
    const decision = settle(verdict)
    if (decision !== undefined && this.persistence !== undefined) this.persistence.refused(context, decision, this)
    return explained(decision ?? this.#restricted(context) ?? this.forwarding, explainer)
  }

  #restricted(context: Context): Decision | undefined {
    return this.headerNames === 'preserve' ? undefined : restrictNames(context, this.headerNames)
  }

  /**
   * Picks a server for a request; changes nothing but the algorithm's own turn.
   * @param tried servers that were tried in vain
   * @returns `undefined` when none in rotation has a place
   */
  pick(context: Context, tried?: readonly Server[]): Server | undefined {
    return this.#pool.pick(context, tried)
  }

  /** Whom {@link pick} would choose now, while nobody's turn is taken; where chance decides, one of those that it could be. */
  preview(context: Context): Server | undefined {
    return this.#pool.preview(context)
  }

  /**
   * Finds a place for a request: a server with its place taken, a queue to wait in, or nothing at all.
   * @param tried servers that were tried in vain, in order; when there are no others they are taken all the same, the last one last
   */
  seek(context: Context, tried?: readonly Server[]): Place {
    const assigned = tried === undefined ? this.assigned(context) : undefined
    if (assigned !== undefined) return this.#pool.enter(assigned)
    const place = this.#pool.seek(context, tried)
    if (tried !== undefined) this.persistence?.moved(context, place)
    return place
  }

  /** The server that a request is to go to, whatever the algorithm would say: by {@link useServers}, or by persistence. */
  assigned(context: Context): Server | undefined {
    const ordered = this.useServers.length > 0 ? this.#ordered(context) : undefined
    return this.persistence === undefined ? ordered : this.persistence.assign(context, ordered)
  }

  /** Whether a request may be sent elsewhere, when the server that it is to go to cannot be had. */
  mayRedispatch(context: Context): boolean {
    const persisted = persistedOf(context)
    if (this.redispatch === 0 || persisted?.forced === true) return false
    if (!this.#keepsAssigned) return true
    if (persisted !== undefined) return persisted.server === undefined
    return this.useServers.length === 0 || this.#ordered(context) === undefined
  }

  /** A request is with the server that {@link assigned} gave it, and that one may have it still: it stays there as long as it can. */
  isAssigned(context: Context, server: Server): boolean {
    const persisted = persistedOf(context)
    if (persisted !== undefined) return persisted.server === server && persisted.takes(server)
    return this.useServers.length > 0 && this.#ordered(context) === server
  }

  /** A request was given to a server by more than the algorithm, whatever has become of that since. */
  wasAssigned(context: Context, server: Server): boolean {
    const persisted = persistedOf(context)
    return persisted === undefined ? this.isAssigned(context, server) : persisted.server === server
  }

  /** A place at this very server, or its queue. */
  enter(server: Server): Place {
    return this.#pool.enter(server)
  }

  /** The server that {@link useServers} say, as long as it is up, or taken all the same. */
  #ordered(context: Context): Server | undefined {
    for (const route of this.useServers) {
      const name = route.nameFor(context)
      if (name === undefined) continue
      const server = this.server(name)
      if (server === undefined) return undefined
      if (server.reachable || this.persistence?.enter(context).takes(server) === true) return server
    }
    return undefined
  }

  /** Whether new requests may come to a server: it is in {@link rotation}. */
  uses(server: Server): boolean {
    return this.#pool.has(server)
  }

  /** Whether a client may wait for the server that its last request went to. */
  waitsForLast({ maxQueue, queue }: Server): boolean {
    return queue.length < Math.min(this.#maxKeepAliveQueue, maxQueue)
  }

  /** Takes a place at a server. Each place taken must be given back with {@link release}. */
  take(server: Server): Server {
    return this.#pool.take(server)
  }

  /** Gives a place back; whoever has waited longest for it gets it. */
  release(server: Server): void {
    this.#pool.release(server)
  }

  /** Takes a place in a queue: at its end, unless its rank says otherwise. */
  wait(queue: Queue<Server | undefined>, turn: Turn, rank?: Rank | undefined): { leave(): void } {
    return this.#pool.wait(queue, turn, rank)
  }

  /** @internal It is known where one of its servers is. */
  placed(): void {
    this.persistence?.serversChanged()
  }

  /** @internal A server's state, weight or place changed: a new snapshot, and those who wait for what is gone look for something else. */
  changed(server: Server, change: ServerChange): void {
    const { panicking } = this.#pool
    if (change.what === 'added' || change.what === 'removed' || change.what === 'address')
      this.persistence?.serversChanged()
    const requeued = this.#pool.update(this.#servers, server, change.what !== 'removed')
    this.#host?.serverChanged(
      this,
      server,
      change.what === 'health' || change.what === 'admin' ? { ...change, requeued } : change,
    )
    if (panicking !== this.#pool.panicking) this.#host?.panicChanged(this)
  }

  /** @internal For {@link ServerList.add}. */
  addServer(server: Server): void {
    if (this.server(server.name) !== undefined) this.#refuse('servers.add()', server)
    const ids = new Set(this.#servers.map(({ id }) => id))
    if (server.numbered && ids.has(server.id))
      throw new OptionError(`Backend '${this.name}'`, 'servers.add()', `there is another server of the id ${server.id}`)
    let free = 1
    while (ids.has(free)) free++
    server.adopt(this, free)
    this.#servers = new ServerList(this, [...this.#servers, server])
    this.changed(server, { what: 'added' })
  }

  /** @internal For {@link ServerList.remove}. */
  removeServer(server: Server, patience: number): Leaving {
    this.#servers = new ServerList(
      this,
      this.#servers.filter((one) => one !== server),
    )
    server.leave()
    this.changed(server, { what: 'removed' })
    return this.#host?.serverLeft(server, patience) ?? leftAlready()
  }

  #adopt(servers: readonly Server[]): ServerList {
    const names = new Set<string>()
    for (const [index, server] of servers.entries()) {
      if (names.has(server.name)) this.#refuse(`servers[${index}]`, server)
      names.add(server.name)
      server.adopt(this, index + 1)
    }
    return new ServerList(this, servers)
  }

  #refuse(path: string, { name }: Server): never {
    throw new OptionError(`Backend '${this.name}'`, path, `there is another server '${name}'`)
  }

  /** @internal Its balancer lends it its source of chance. */
  useRandom(random: Random): void {
    this.#pool.useRandom(random)
  }

  /** @internal Whoever runs it hears of its servers from now on. */
  attach(host: BackendHost | undefined): void {
    this.#host = host
  }
}

/** How long the frontend waits for a whole request. */
function patienceOf({ frontend }: Context): number {
  return (frontend as Partial<Frontend> | undefined)?.timeouts?.httpRequest ?? Number.POSITIVE_INFINITY
}
