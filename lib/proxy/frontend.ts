/** A frontend: where clients come in, the rules that they pass, and the routes that say which backend takes them. It opens no socket. */
import { z } from 'zod'
import { OptionError } from '../base/errors.js'
import { checkOptions, integerOption, nameOption } from '../base/options.js'
import type { CaptureLayout } from '../match/captures.js'
import type { Context } from '../match/context.js'
import type { Phase } from '../match/phase.js'
import { type Counters, counters } from '../observe/counters.js'
import type { InvalidMessage } from '../observe/invalid-message.js'
import type { Logger } from '../observe/logger.js'
import { awaitBody } from '../rules/actions/wait-for-body.js'
import { decideErrorPages, type ErrorPages, type Pages } from '../rules/error-pages.js'
import type { Rule } from '../rules/rule.js'
import { RuleSet, rulesOption } from '../rules/rule-set.js'
import type { Verdict } from '../rules/verdict.js'
import type { Backend } from './backend.js'
import { type Bind, BindList, type BindListOwner, type BindOptions, bindOption, decideBinds } from './bind.js'
import { type Decision, type Explainer, explained, explainerOf, type RouteOptions, settle } from './decision.js'
import { decideKeepAlive, tcpKeepAliveOption } from './dialling.js'
import { decideForwardFor, type ForwardFor, type ForwardForOptions, forwardForOptions } from './forward-for.js'
import { type HeaderNames, restrictNames } from './header-names.js'
import { decideHeaderCase, type FrontendHttpOptions, frontendHttpShape } from './http-options.js'
import { type Leaving, leftAlready } from './leaving.js'
import { type ConnectionMode, checkModeOfRules, connectionModeOption, type Mode, modeOption } from './mode.js'
import { type MonitorOptions, monitored } from './monitor-uri.js'
import { decideOriginalTo, type OriginalTo } from './original-to.js'
import { Rates } from './rates.js'
import { type Route, routesOption } from './route.js'
import { checkModes, Switch, type SwitchOptions, switchShape } from './switch.js'
import {
  type ClientTimeouts,
  clientTimeoutOptions,
  type DecidedClientTimeouts,
  decideClientTimeouts,
} from './timeouts.js'
import { decideUniqueId, type UniqueId, type UniqueIdOptions, uniqueIdOptions } from './unique-id.js'

/** What a frontend is made of. */
export interface FrontendOptions extends FrontendHttpOptions, SwitchOptions {
  /** Where to listen. Without one, only {@link Frontend.accept} brings clients. */
  readonly bind?: string | BindOptions | readonly (string | BindOptions)[]
  /** `http` (default) understands requests; `tcp` passes bytes. */
  readonly mode?: Mode
  /** For each connection, before anything is read. */
  readonly tcpRequestConnection?: readonly Rule<'connection'>[]
  /** For each connection once it is set up, before its first request or bytes. */
  readonly tcpRequestSession?: readonly Rule<'session'>[]
  /** On the first bytes, while {@link inspectDelay} lasts. */
  readonly tcpRequestContent?: readonly Rule<'content'>[]
  /** How long content rules may wait for bytes that decide them. Default 0: they see what is there. */
  readonly inspectDelay?: number | string
  /**
   * Waits for a request's body, as far as it is held, before its rules are asked; at most for the time-out `httpRequest`, then the client gets
   * 408. Default: no. Manual, `option http-buffer-request`.
   */
  readonly bufferRequest?: boolean
  readonly httpRequest?: readonly Rule<'request'>[]
  readonly httpResponse?: readonly Rule<'response'>[]
  /** On every answer, ours included. */
  readonly httpAfterResponse?: readonly Rule<'afterResponse'>[]
  readonly timeouts?: ClientTimeouts
  /** The kernel asks silent clients whether they are still there; a time is the silence before its first question. HAProxy: `option clitcpka`. */
  readonly tcpKeepAlive?: boolean | number | string
  /**
   * Connections of clients end by a reset: the system forgets them at once, and with them what has not gone out: answers may be cut. A last resort: `clientFin`
   * does better. Default: no. Manual, `option nolinger`.
   */
  readonly noLinger?: boolean
  /**
   * Of bytes that are passed on as they are (TCP mode, upgraded connections): a client that only takes what it is sent counts as silent. Default: taking is a sign of
   * life as well. Manual, `option independent-streams`.
   */
  readonly independentStreams?: boolean
  /** Connections at a time; more wait in the kernel's backlog. Default: no limit but the balancer's. */
  readonly maxConnections?: number
  /** Idle server connections that are kept for one client alone, where its backends do not share theirs. Default 5. Manual, `max-session-srv-conns`. */
  readonly maxOwnConnections?: number
  /** Connections in each second; more wait in the backlog. Default, and 0: no limit. Manual, `rate-limit sessions`. */
  readonly maxSessionRate?: number
  /** What happens to connections after a response. Default `keepAlive`. */
  readonly connectionMode?: ConnectionMode
  /** What is kept of messages for logs and rules. Manual, `capture`, `declare capture`. Default: nothing. */
  readonly captures?: Partial<CaptureLayout>
  /** The id of each transaction. Default: none. */
  readonly uniqueId?: UniqueIdOptions
  /** The number that rules and statistics know it by. Default: its place among the balancer's proxies, from 1. Manual, `id`. */
  readonly id?: number
  /** Adds the client's address as `X-Forwarded-For`. Default: no. */
  readonly forwardFor?: boolean | ForwardForOptions
  /** Counts for each of its listeners, too. Manual, `option socket-stats`. Default: no. */
  readonly socketStats?: boolean
  /**
   * Counts the bytes of what lasts long every 5 seconds, in statistics and at what is tracked, instead of all at its end. Manual, `option contstats`. Default: no.
   */
  readonly continuousStats?: boolean
  /** Connections that close without a byte leave no record. Manual, `option dontlognull`. Default: no. */
  readonly ignoreEmptyConnections?: boolean
  /** Pages in place of the built-in ones. Manual, `errorfile`, `errorloc`, `http-error`. */
  readonly errorPages?: ErrorPages | Pages
  /** Who is told of each transaction; see `syslog()` and `stdoutLog()`. Default: nobody. */
  readonly loggers?: readonly Logger[]
}

/** What the engine lends to a frontend that has been started. */
export interface FrontendHost {
  address(): FrontendAddress | undefined
  addresses(): readonly FrontendAddress[]
  listeners(): readonly ListenerStanding[]
  /** Listens no more for a while, or again. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** It may be that more may come in. */
  limitsChanged(): void
  accept(socket: unknown, head?: Uint8Array): void
  /** Listens at further places: at all of them, or it rejects and listens at none. */
  open(binds: readonly Bind[]): Promise<void>
  /** Listens at a place no more. */
  close(bind: Bind, patience: number): Leaving
  /** Whether a backend runs beside it. */
  serves(backend: Backend): boolean
}

/** How one listener of a started frontend stands. */
export interface ListenerStanding extends FrontendAddress {
  readonly name: string | undefined
  readonly id: number
  /** Connections that it takes at a time, where it has a limit of its own. */
  readonly maxConnections: number | undefined
  /** What came in there alone; see {@link FrontendOptions.socketStats}. */
  readonly counters: Readonly<Counters> | undefined
}

/** Where a started frontend listens. */
export interface FrontendAddress {
  /** IP address, or the path of a unix socket. */
  readonly address: string
  /** 0 for a unix socket. */
  readonly port: number
}

const isLogger = (given: unknown): boolean =>
  typeof given === 'object' && given !== null && typeof (given as Logger).transaction === 'function'

const slots = z.array(z.strictObject({ header: z.string().optional(), length: integerOption(0, 2 ** 31 - 1) }))

const frontendOptions = z.strictObject({
  captures: z
    .strictObject({
      request: slots.optional(),
      response: slots.optional(),
      cookie: z.strictObject({ name: z.string(), length: integerOption(0, 2 ** 31 - 1) }).optional(),
    })
    .optional(),
  uniqueId: uniqueIdOptions.optional(),
  ...frontendHttpShape,
  id: integerOption(1, 2 ** 31 - 1).optional(),
  bind: bindOption.optional(),
  mode: modeOption.optional(),
  tcpRequestConnection: rulesOption('connection').optional(),
  tcpRequestSession: rulesOption('session').optional(),
  tcpRequestContent: rulesOption('content').optional(),
  inspectDelay: clientTimeoutOptions.shape.client,
  bufferRequest: z.boolean().optional(),
  httpRequest: rulesOption('request').optional(),
  httpResponse: rulesOption('response').optional(),
  httpAfterResponse: rulesOption('afterResponse').optional(),
  ...switchShape,
  timeouts: clientTimeoutOptions.optional(),
  tcpKeepAlive: tcpKeepAliveOption.optional(),
  noLinger: z.boolean({ error: 'must be true or false' }).optional(),
  independentStreams: z.boolean({ error: 'must be true or false' }).optional(),
  maxConnections: integerOption(0, 2 ** 31 - 1).optional(),
  maxOwnConnections: integerOption(0, 2 ** 31 - 1).optional(),
  maxSessionRate: integerOption(0, 2 ** 31 - 1, 'a whole number (0 is no limit)').optional(),
  connectionMode: connectionModeOption.optional(),
  forwardFor: z.union([z.boolean(), forwardForOptions]).optional(),
  socketStats: z.boolean({ error: 'must be true or false' }).optional(),
  continuousStats: z.boolean({ error: 'must be true or false' }).optional(),
  ignoreEmptyConnections: z.boolean().optional(),
  errorPages: z.unknown().optional(),
  loggers: z.array(z.custom<Logger>(isLogger, { error: 'must be a logger, as syslog() gives it' })).optional(),
})

/**
 * Where clients come in. Manual, chapter 4 (`frontend`).
 *
 * ```ts
 * new Frontend('edge', { bind: ':8080', routes: [useBackend(api).if(path.startsWith('/api/'))], defaultBackend: web })
 * ```
 *
 * @throws {OptionError} that names the option that is wrong
 */
export class Frontend implements BindListOwner {
  readonly name: string
  readonly mode: Mode
  readonly tcpRequestConnection: RuleSet<'connection'>
  readonly tcpRequestSession: RuleSet<'session'>
  readonly tcpRequestContent: RuleSet<'content'>
  /** Milliseconds. */
  readonly inspectDelay: number
  readonly bufferRequest: boolean
  readonly httpRequest: RuleSet<'request'>
  readonly httpResponse: RuleSet<'response'>
  readonly httpAfterResponse: RuleSet<'afterResponse'>
  readonly timeouts: DecidedClientTimeouts
  /** Milliseconds; 0 is the system's own time. */
  readonly tcpKeepAlive: number | undefined
  readonly noLinger: boolean
  readonly independentStreams: boolean
  readonly connectionMode: ConnectionMode
  readonly forwardFor: ForwardFor | undefined
  readonly socketStats: boolean
  readonly continuousStats: boolean
  readonly ignoreEmptyConnections: boolean
  readonly originalTo: OriginalTo | undefined
  readonly headerNames: HeaderNames
  /** The names of fields that clients get in another case than the lower. */
  readonly headerCase: ReadonlyMap<string, string> | undefined
  readonly monitor: MonitorOptions | undefined
  readonly ignoreProbes: boolean
  readonly useProxyHeader: boolean
  readonly dropTrailers: boolean
  readonly idleCloseOnResponse: boolean
  readonly loggers: readonly Logger[]
  /** Those of them that want to know of a transaction before its end; nearly always none. */
  readonly stepLoggers: readonly Logger[]
  /** A logger shows our own address towards servers. */
  readonly wantsLocalAddress: boolean
  /** Transactions that have been told to the loggers. */
  logged = 0
  readonly counters: Counters = counters()
  /** @internal The last request that broke HTTP's rules. */
  lastInvalid: InvalidMessage | undefined
  readonly rates = new Rates()
  readonly captures: CaptureLayout | undefined
  readonly uniqueId: UniqueId | undefined
  /** The number that rules and statistics know it by: the one that it was given, or its place among the balancer's proxies, from 1. */
  id: number
  readonly #switch: Switch
  #binds: BindList
  #errorPages: ErrorPages | undefined
  #host: FrontendHost | undefined
  /** Connections in each second; `Infinity` is no limit. May be changed while it runs. */
  maxSessionRate: number
  readonly maxOwnConnections: number
  #maxConnections: number
  #halted: 'paused' | 'stopped' | undefined = undefined

  constructor(name: string, options: FrontendOptions = {}) {
    const subject = `Frontend '${name}'`
    this.name = checkOptions(subject, nameOption, name)
    const checked = checkOptions(subject, frontendOptions, options)
    this.id = checked.id ?? 0
    const { request = [], response = [], cookie } = checked.captures ?? {}
    this.captures = checked.captures === undefined ? undefined : { request, response, cookie }
    this.uniqueId = decideUniqueId(subject, checked.uniqueId)
    this.mode = checked.mode ?? 'http'
    this.#binds = new BindList(this, decideBinds(subject, checked.bind))
    this.tcpRequestConnection = new RuleSet('tcp-request connection', 'connection', checked.tcpRequestConnection)
    this.tcpRequestSession = new RuleSet('tcp-request session', 'session', checked.tcpRequestSession)
    this.tcpRequestContent = new RuleSet('tcp-request content', 'content', checked.tcpRequestContent)
    this.inspectDelay = checked.inspectDelay ?? 0
    this.bufferRequest = checked.bufferRequest ?? false
    this.httpRequest = new RuleSet('http-request', 'request', checked.httpRequest)
    this.httpResponse = new RuleSet('http-response', 'response', checked.httpResponse)
    this.httpAfterResponse = new RuleSet('http-after-response', 'afterResponse', checked.httpAfterResponse)
    const { httpRequest, httpResponse, httpAfterResponse } = this
    checkModeOfRules(subject, this.mode, { httpRequest, httpResponse, httpAfterResponse })
    this.#switch = new Switch(subject, this.mode, checked as SwitchOptions)
    this.timeouts = decideClientTimeouts(checked.timeouts)
    this.tcpKeepAlive = decideKeepAlive(checked.tcpKeepAlive)
    this.noLinger = checked.noLinger ?? false
    this.independentStreams = checked.independentStreams ?? false
    this.#maxConnections = checked.maxConnections ?? Number.POSITIVE_INFINITY
    this.maxOwnConnections = checked.maxOwnConnections ?? 5
    this.maxSessionRate = checked.maxSessionRate || Number.POSITIVE_INFINITY
    this.connectionMode = checked.connectionMode ?? 'keepAlive'
    this.forwardFor = decideForwardFor(subject, checked.forwardFor)
    this.socketStats = checked.socketStats ?? false
    this.continuousStats = checked.continuousStats ?? false
    this.ignoreEmptyConnections = checked.ignoreEmptyConnections ?? false
    this.originalTo = decideOriginalTo(subject, checked.originalTo)
    this.headerNames = checked.headerNames ?? 'preserve'
    this.headerCase = decideHeaderCase(subject, checked.headerCase)
    this.monitor = checked.monitor as MonitorOptions | undefined
    this.ignoreProbes = checked.ignoreProbes ?? false
    this.useProxyHeader = checked.useProxyHeader ?? false
    this.dropTrailers = checked.dropTrailers ?? false
    this.idleCloseOnResponse = checked.idleCloseOnResponse ?? false
    this.#errorPages = decideErrorPages(subject, options.errorPages)
    this.loggers = checked.loggers ?? []
    this.stepLoggers = this.loggers.filter(({ steps = [] }) => steps.length > 0)
    this.wantsLocalAddress = this.loggers.some((logger) => logger.wantsLocalAddress === true)
  }

  get routes(): readonly Route<'request'>[] {
    return this.#switch.routes
  }

  /**
   * Takes all of these routes in place of the present ones; what runs keeps what it began with.
   * @throws {OptionError} when one of them leads to a backend that its balancer does not run: add that first
   */
  replaceRoutes(...routes: readonly Route<'request'>[]): void {
    const checked = checkOptions(`Frontend '${this.name}'`, routesOption, routes)
    for (const { destination } of checked) for (const backend of destination.backends) this.#checkServed(backend)
    this.#switch.take(checked)
  }

  /** Takes what no route takes. Another one must be run by the same balancer, when that runs: {@link OptionError} otherwise. */
  get defaultBackend(): Backend | undefined {
    return this.#switch.defaultBackend
  }

  set defaultBackend(backend: Backend | undefined) {
    if (backend !== undefined) this.#checkServed(backend)
    this.#switch.defaultBackend = backend
  }

  #checkServed(backend: Backend): void {
    const subject = `Frontend '${this.name}'`
    checkModes(subject, this.mode, backend)
    if (this.#host?.serves(backend) === false)
      throw new OptionError(subject, 'routes', `the balancer does not run '${backend.name}': backends.add() it first`)
  }

  /** Pages in place of the built-in ones; may be changed while it runs. */
  get errorPages(): ErrorPages | undefined {
    return this.#errorPages
  }

  set errorPages(pages: ErrorPages | Pages | undefined) {
    this.#errorPages = decideErrorPages(`Frontend '${this.name}'`, pages)
  }

  /** Where it listens, in order; `add` and `remove` change it while it runs. */
  get binds(): BindList {
    return this.#binds
  }

  /** @internal For {@link BindList.add}. */
  async addBinds(binds: readonly Bind[]): Promise<void> {
    await this.#host?.open(binds)
    this.#binds = new BindList(this, [...this.#binds, ...binds])
  }

  /** @internal For {@link BindList.remove}. */
  removeBind(bind: Bind, patience: number): Leaving {
    this.#binds = new BindList(
      this,
      this.#binds.filter((one) => one !== bind),
    )
    return this.#host?.close(bind, patience) ?? leftAlready()
  }

  /** Every backend that it can send to, each once. */
  backends(): readonly Backend[] {
    return this.#switch.backends()
  }

  /** What `tcp-request connection` rules say of a new connection: nothing, or that it is closed at once. */
  admit(context: Context, options: RouteOptions = {}): Decision | undefined | Promise<Decision | undefined> {
    return pass(this.tcpRequestConnection, context, options)
  }

  /** What `tcp-request session` rules say of a connection that has been set up: nothing, or that it is closed. */
  open(context: Context, options: RouteOptions = {}): Decision | undefined | Promise<Decision | undefined> {
    return pass(this.tcpRequestSession, context, options)
  }

  /**
   * Decides what to do with a request (in TCP mode: with a connection's first bytes). Opens no socket and reads no clock; what it changes
   * is the context that it was given. The backend's own rules come with {@link Backend.route}.
   */
  route(context: Context, options: RouteOptions = {}): Decision | Promise<Decision> {
    context.pages = this.errorPages
    const explainer = explainerOf(options)
    const verdict = this.tcpRequestContent.run(context, explainer)
    if (verdict instanceof Promise) return verdict.then((settled) => this.#afterContent(settled, context, explainer))
    return this.#afterContent(verdict, context, explainer)
  }

  #afterContent(verdict: Verdict, context: Context, explainer: Explainer | undefined): Decision | Promise<Decision> {
    const decision = settle(verdict)
    if (decision !== undefined) return explained(unseen(decision), explainer)
    if (this.mode !== 'http') return this.#switch.choose(context, explainer)
    if (this.useProxyHeader) context.forProxy = /^[^/*]/.test(context.request.target)
    if (this.monitor !== undefined) {
      const answer = monitored(context, this.monitor)
      if (answer !== undefined) return explained(answer, explainer)
    }
    if (!this.bufferRequest) return this.#runRules(context, explainer)
    const held = awaitBody(context, this.timeouts.httpRequest)
    if (held instanceof Promise) return held.then((late) => this.#afterBody(late, context, explainer))
    return this.#afterBody(held, context, explainer)
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
    const decision = settle(verdict) ?? this.#restricted(context)
    return decision === undefined ? this.#switch.choose(context, explainer) : explained(decision, explainer)
  }

  #restricted(context: Context): Decision | undefined {
    return this.headerNames === 'preserve' ? undefined : restrictNames(context, this.headerNames)
  }

  /**
   * Where it listens, once its balancer has been started: the port that was given for port 0.
   * @throws {Error} before the start and after the stop
   */
  address(): FrontendAddress {
    const address = this.#host?.address()
    if (address === undefined) throw new Error(`Frontend '${this.name}' does not listen: start its balancer first`)
    return address
  }

  /** All places where it listens; none before the start. */
  addresses(): readonly FrontendAddress[] {
    return this.#host?.addresses() ?? []
  }

  /** Connections at a time; may be changed while it runs. Who is there stays. */
  get maxConnections(): number {
    return this.#maxConnections
  }

  set maxConnections(most: number) {
    this.#maxConnections = most
    this.#host?.limitsChanged()
  }

  /** Nobody new comes in: for a while, or for good. */
  get halted(): 'paused' | 'stopped' | undefined {
    return this.#halted
  }

  /** Closes its listeners until {@link resume}; those who are there stay. HAProxy: `disable frontend`. */
  async pause(): Promise<void> {
    if (this.#halted !== undefined) return
    this.#halted = 'paused'
    await this.#host?.pause()
  }

  /** Listens again. Rejects when a place cannot be had any more. HAProxy: `enable frontend`. */
  async resume(): Promise<void> {
    if (this.#halted !== 'paused') return
    await this.#host?.resume()
    this.#halted = undefined
  }

  /** Closes its listeners for good; those who are there stay. HAProxy: `shutdown frontend`. */
  async shutDown(): Promise<void> {
    if (this.#halted === 'stopped') return
    const listens = this.#halted === undefined
    this.#halted = 'stopped'
    if (listens) await this.#host?.pause()
  }

  /** The same places with their names and numbers, and with what came in there; none before the start. */
  listeners(): readonly ListenerStanding[] {
    return this.#host?.listeners() ?? []
  }

  /**
   * Takes over a connection that somebody else accepted: a host app that owns the listener hands its sockets in here.
   * @param socket a `net.Socket` (or anything of its shape) that nobody else reads from
   * @param head bytes that were read from it already
   * @throws {Error} when the balancer of this frontend is not running
   */
  accept(socket: unknown, head?: Uint8Array): void {
    if (this.#host === undefined)
      throw new Error(`Frontend '${this.name}' takes no connections: start its balancer first`)
    this.#host.accept(socket, head)
  }

  /** @internal The engine comes and goes. */
  attach(host: FrontendHost | undefined): void {
    if (host !== undefined && this.#host !== undefined)
      throw new Error(`Frontend '${this.name}' belongs to a balancer that is running already`)
    this.#host = host
  }
}

const unseen = (decision: Decision): Decision => (decision.kind === 'reject' ? { ...decision, unseen: true } : decision)

function pass<P extends Phase>(
  rules: RuleSet<P>,
  context: Context,
  options: RouteOptions,
): Decision | undefined | Promise<Decision | undefined> {
  if (rules.length === 0) return undefined
  const explainer = explainerOf(options)
  const verdict = rules.run(context, explainer)
  const conclude = (settled: Verdict): Decision | undefined => {
    const decision = settle(settled)
    return decision === undefined ? undefined : explained(decision, explainer)
  }
  return verdict instanceof Promise ? verdict.then(conclude) : conclude(verdict)
}
