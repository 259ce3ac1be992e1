/** A backend: a pool of servers, the algorithm that picks among them, its queue, and its own rules. It opens no socket. */
import { z } from 'zod'
import type { Algorithm, Picker } from '../balance/algorithm.js'
import { roundRobin } from '../balance/round-robin.js'
import { OptionError } from '../base/errors.js'
import { checkOptions, instanceOption, integerOption, nameOption } from '../base/options.js'
import { type Random, systemRandom } from '../base/random.js'
import type { Condition } from '../match/condition.js'
import type { Context } from '../match/context.js'
import { begin, type Counters, counters } from '../observe/counters.js'
import { awaitBody } from '../rules/actions/wait-for-body.js'
import { decideErrorPages, type ErrorPages, type Pages } from '../rules/error-pages.js'
import type { Rule } from '../rules/rule.js'
import { RuleSet, rulesOption } from '../rules/rule-set.js'
import type { Verdict } from '../rules/verdict.js'
import {
  type Decision,
  type Explainer,
  explained,
  explainerOf,
  type ForwardDecision,
  type RouteOptions,
  settle,
} from './decision.js'
import { type Dialling, decideKeepAlive, parseSource, tcpKeepAliveOption } from './dialling.js'
import { decideForwardFor, type ForwardFor, type ForwardForOptions, forwardForOptions } from './forward-for.js'
import { decideForwarded, type Forwarded } from './forwarded.js'
import type { Frontend } from './frontend.js'
import { type HeaderNames, restrictNames } from './header-names.js'
import { HealthCheck } from './health-check.js'
import { type BackendHttpOptions, backendHttpShape, decideHeaderCase } from './http-options.js'
import { type ConnectionMode, checkModeOfRules, connectionModeOption, type Mode, modeOption } from './mode.js'
import { decideOriginalTo, type OriginalTo } from './original-to.js'
import { Queue, type Rank } from './queue.js'
import { Rates } from './rates.js'
import { Server, type ServerOwner } from './server.js'
import type { ServerRoute } from './server-route.js'
import {
  type DecidedServerTimeouts,
  decideServerTimeouts,
  type ServerTimeouts,
  serverTimeoutOptions,
} from './timeouts.js'

/**
 * Which idle server connections a request may take. `never`: none but its own client's. `safe`: a client's first request takes a fresh one.
 * `aggressive`: a first request takes one that has proved to be reusable. `always`: any. Manual, `http-reuse`.
 */
export type Reuse = 'never' | 'safe' | 'aggressive' | 'always'

/** What a backend is made of. */
export interface BackendOptions extends BackendHttpOptions {
  readonly servers?: readonly Server[]
  /** Which server takes a request. Default {@link roundRobin}. */
  readonly balance?: Algorithm
  readonly mode?: Mode
  /** How its servers are checked, unless they say otherwise. Default: they are not, and count as up. */
  readonly check?: HealthCheck
  readonly tcpRequestContent?: readonly Rule<'content'>[]
  /** How long content rules may wait for bytes that decide them. Default 0: they see what is there. */
  readonly inspectDelay?: number | string
  /** On what servers send, before anything of it is passed on. */
  readonly tcpResponseContent?: readonly Rule<'responseContent'>[]
  /** As {@link inspectDelay}, for what servers send. Default 0. */
  readonly responseInspectDelay?: number | string
  /** As a frontend's, for the backend's own rules. */
  readonly bufferRequest?: boolean
  readonly httpRequest?: readonly Rule<'request'>[]
  readonly httpResponse?: readonly Rule<'response'>[]
  readonly httpAfterResponse?: readonly Rule<'afterResponse'>[]
  readonly timeouts?: ServerTimeouts
  /** The address of ours that connections to servers, checks included, come from; default: the system chooses. HAProxy: `source`. */
  readonly source?: string
  /** The kernel asks silent servers whether they are still there; a time is the silence before its first question. HAProxy: `option srvtcpka`. */
  readonly tcpKeepAlive?: boolean | number | string
  /** Further tries when a connection cannot be had. Default 3. Manual, `retries`. */
  readonly retries?: number
  /**
   * Whether tries go to other servers: after every so many of them, `true` or -1 for the last one only, `false` for never. Default 1: each
   * goes elsewhere. (A haproxy.cfg without `option redispatch` stays with its server.)
   */
  readonly redispatch?: boolean | number
  /** Default `safe`. */
  readonly reuse?: Reuse
  /** Idle connections kept to each server. Default 1000. */
  readonly maxIdleConnections?: number
  /** How long a server connection may stand idle. Default 5s. Manual, `pool-purge-delay`. */
  readonly idleTimeout?: number | string
  readonly connectionMode?: ConnectionMode
  /** The number that rules and statistics know it by. Default: its place among the balancer's proxies, from 1. Manual, `id`. */
  readonly id?: number
  readonly forwardFor?: boolean | ForwardForOptions
  /** When only backups are left, use all of them and not the first one only. Default: no. Manual, `option allbackups`. */
  readonly allBackups?: boolean
  /** Pages in place of the frontend's and the built-in ones. Manual, `errorfile`, `errorloc`, `http-error`. */
  readonly errorPages?: ErrorPages | Pages
}

const isAlgorithm = (given: unknown): boolean =>
  typeof given === 'object' && given !== null && typeof (given as Algorithm).picker === 'function'

const backendOptions = z.strictObject({
  ...backendHttpShape,
  id: integerOption(1, 2 ** 31 - 1).optional(),
  servers: z.array(instanceOption(Server, 'must be a Server')).optional(),
  balance: z
    .custom<Algorithm>(isAlgorithm, { error: 'must be an algorithm, as roundRobin() or leastConn() give it' })
    .optional(),
  mode: modeOption.optional(),
  check: instanceOption(HealthCheck, 'must be a HealthCheck, as HealthCheck.http() gives it').optional(),
  tcpRequestContent: rulesOption('content').optional(),
  inspectDelay: serverTimeoutOptions.shape.connect,
  tcpResponseContent: rulesOption('responseContent').optional(),
  responseInspectDelay: serverTimeoutOptions.shape.connect,
  bufferRequest: z.boolean().optional(),
  httpRequest: rulesOption('request').optional(),
  httpResponse: rulesOption('response').optional(),
  httpAfterResponse: rulesOption('afterResponse').optional(),
  timeouts: serverTimeoutOptions.optional(),
  source: z.string().optional(),
  tcpKeepAlive: tcpKeepAliveOption.optional(),
  retries: integerOption(0, 100).optional(),
  redispatch: z.union([z.boolean(), integerOption(-100, 100)]).optional(),
  reuse: z
    .enum(['never', 'safe', 'aggressive', 'always'], { error: "must be 'never', 'safe', 'aggressive' or 'always'" })
    .optional(),
  maxIdleConnections: integerOption(0, 2 ** 31 - 1).optional(),
  idleTimeout: serverTimeoutOptions.shape.connect,
  connectionMode: connectionModeOption.optional(),
  forwardFor: z.union([z.boolean(), forwardForOptions]).optional(),
  allBackups: z.boolean().optional(),
  errorPages: z.unknown().optional(),
})

/** Somebody who waits in a queue is called with a server whose place is reserved, or with `undefined`: look for one anew. */
export type Turn = (server: Server | undefined) => void

/**
 * A pool of servers. Manual, chapter 4 (`backend`).
 *
 * ```ts
 * new Backend('api', { balance: leastConn(), servers: [new Server('api1', '10.0.1.1:80')] })
 * ```
 *
 * @throws {OptionError} that names the option that is wrong
 */
export class Backend implements ServerOwner {
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
  readonly retries: number
  /** Every so many tries go elsewhere; 0 for never, negative counts from the last. */
  readonly redispatch: number
  readonly reuse: Reuse
  readonly maxIdleConnections: number
  /** Milliseconds. */
  readonly idleTimeout: number
  readonly connectionMode: ConnectionMode
  readonly forwardFor: ForwardFor | undefined
  readonly allBackups: boolean
  readonly originalTo: OriginalTo | undefined
  readonly forwarded: Forwarded | undefined
  readonly headerNames: HeaderNames
  /** The names of fields that servers get in another case than the lower. */
  readonly headerCase: ReadonlyMap<string, string> | undefined
  readonly pretendKeepAlive: boolean
  readonly sendNameHeader: string | undefined
  readonly useServers: readonly ServerRoute<'request'>[]
  readonly forcePersist: readonly Condition<'request'>[]
  readonly errorPages: ErrorPages | undefined
  readonly counters: Counters = counters()
  readonly rates = new Rates()
  /** The number that rules and statistics know it by: the one that it was given, or its place among the balancer's proxies, from 1. */
  id: number
  /** Who waits for a place at any server. */
  readonly queue = new Queue<Server | undefined>()
  /** @internal The decision to forward here, made once. */
  readonly forwarding: ForwardDecision = { kind: 'forward', backend: this }
  #servers: readonly Server[]
  #rotation: readonly Server[] = []
  #picker: Picker<Server> | undefined
  #random: Random = systemRandom
  #avoid: Server | undefined
  readonly #usable = (server: Server): boolean => server !== this.#avoid && !server.full
  readonly #usableFull = (server: Server): boolean => server !== this.#avoid

  constructor(name: string, options: BackendOptions = {}) {
    const subject = `Backend '${name}'`
    this.name = checkOptions(subject, nameOption, name)
    const checked = checkOptions(subject, backendOptions, options)
    this.id = checked.id ?? 0
    this.mode = checked.mode ?? 'http'
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
    this.retries = checked.retries ?? 3
    this.redispatch = decideRedispatch(checked.redispatch)
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
    this.sendNameHeader = checked.sendNameHeader
    this.useServers = checked.useServers ?? []
    this.forcePersist = checked.forcePersist ?? []
    this.errorPages = decideErrorPages(subject, options.errorPages)
    this.#servers = checked.servers ?? []
    this.#servers.forEach((server, index) => {
      if (this.#servers.findIndex((other) => other.name === server.name) !== index)
        throw new OptionError(subject, `servers[${index}]`, `there is another server '${server.name}'`)
      server.adopt(this, index + 1)
    })
    this.#rebuild()
  }

  get servers(): readonly Server[] {
    return this.#servers
  }

  /** The server of that name. */
  server(name: string): Server | undefined {
    return this.#servers.find((server) => server.name === name)
  }

  /** The servers that new requests may come to: those that are up and ready, or the backups when there are none. */
  get rotation(): readonly Server[] {
    return this.#rotation
  }

  /**
   * Decides by the backend's own rules what to do with a request that a frontend sent here. Opens no socket; {@link Decision} is `forward` when
   * the rules let it go on.
   */
  route(context: Context, options: RouteOptions = {}): Decision | Promise<Decision> {
    context.backend = this
    context.backendPages = this.errorPages
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
    return explained(settle(verdict) ?? this.#restricted(context) ?? this.forwarding, explainer)
  }

  #restricted(context: Context): Decision | undefined {
    return this.headerNames === 'preserve' ? undefined : restrictNames(context, this.headerNames)
  }

  /**
   * Picks a server for a request; changes nothing but the algorithm's own turn.
   * @param avoid a server that was tried in vain
   * @returns `undefined` when none in rotation has a place
   */
  pick(context: Context, avoid?: Server): Server | undefined {
    this.#avoid = avoid
    return this.#picker?.pick(context, this.balance.skipsFull ? this.#usable : this.#usableFull)
  }

  /** Whom {@link pick} would choose now, while nobody's turn is taken; where chance decides, one of those that it could be. */
  preview(context: Context): Server | undefined {
    this.#avoid = undefined
    const picker = this.balance.picker(this.#rotation, systemRandom, this.#picker)
    return picker.pick(context, this.balance.skipsFull ? this.#usable : this.#usableFull)
  }

  /**
   * Finds a place for a request: a server with its place taken, a queue to wait in, or nothing at all.
   * @param avoid a server that was tried in vain; it is taken all the same when it is the only one
   */
  seek(context: Context, avoid?: Server): Server | Queue<Server | undefined> | undefined {
    const ordered = this.useServers.length > 0 && avoid === undefined ? this.ordered(context) : undefined
    if (ordered !== undefined) return ordered.full ? ordered.queue : this.take(ordered)
    if (this.#rotation.length === 0) return undefined
    const server = this.pick(context, avoid) ?? (avoid === undefined ? undefined : this.pick(context))
    if (server === undefined) return this.#anyUsable() ? this.queue : undefined
    if (server.full || server.queue.length > 0) return server.full ? server.queue : this.take(server)
    return this.take(server)
  }

  /** The server that {@link useServers} say, as long as it is up, or taken all the same. */
  ordered(context: Context): Server | undefined {
    for (const route of this.useServers) {
      const name = route.nameFor(context)
      if (name === undefined) continue
      const server = this.server(name)
      const forced = this.forcePersist.some((condition) => condition.test(context) === true)
      return server?.reachable === true || forced ? server : undefined
    }
    return undefined
  }

  #anyUsable(): boolean {
    return this.#rotation.some((server) => server.weight > 0)
  }

  /** Takes a place at a server. Each place taken must be given back with {@link release}. */
  take(server: Server): Server {
    begin(server.counters)
    this.#picker?.loadChanged(server)
    return server
  }

  /** Gives a place back; whoever has waited longest for it gets it. */
  release(server: Server): void {
    server.counters.current--
    this.#picker?.loadChanged(server)
    this.#wake(server)
  }

  /** Takes a place in a queue: at its end, unless its rank says otherwise. */
  wait(queue: Queue<Server | undefined>, turn: Turn, rank?: Rank | undefined): { leave(): void } {
    const waiter = queue.join(turn, rank)
    const of = this.counters
    of.queued++
    if (of.queued > of.highestQueued) of.highestQueued = of.queued
    let waiting = true
    const left = (): void => {
      if (waiting) of.queued--
      waiting = false
    }
    this.#leaving.set(waiter, left)
    return {
      leave: () => {
        waiter.leave()
        left()
      },
    }
  }

  readonly #leaving = new WeakMap<object, () => void>()

  #wake(server: Server): void {
    while (!server.full && server.inRotation) {
      const waiter = server.queue.shift() ?? (this.#rotation.includes(server) ? this.queue.shift() : undefined)
      if (waiter === undefined) return
      this.#leaving.get(waiter)?.()
      waiter.turn(this.take(server))
    }
  }

  /** @internal A server's state or weight changed: a new snapshot, and those who wait for what is gone look for something else. */
  changed(server: Server): void {
    this.#rebuild()
    if (!server.inRotation) this.#scatter(server.queue)
    if (this.#rotation.length === 0) this.#scatter(this.queue)
    for (const each of this.#rotation) this.#wake(each)
  }

  #scatter(queue: Queue<Server | undefined>): void {
    const waiting = queue.length
    for (let count = 0; count < waiting; count++) {
      const waiter = queue.shift()
      if (waiter === undefined) return
      this.#leaving.get(waiter)?.()
      waiter.turn(undefined)
    }
  }

  #rebuild(): void {
    const ready = this.#servers.filter((server) => server.inRotation)
    const regular = ready.filter((server) => !server.backup && server.weight > 0)
    const backups = ready.filter((server) => server.backup && server.weight > 0)
    if (regular.length > 0) this.#rotation = regular
    else this.#rotation = this.allBackups ? backups : backups.slice(0, 1)
    this.#picker = this.balance.picker(this.#rotation, this.#random, this.#picker)
  }

  /** @internal Its balancer lends it its source of chance. */
  useRandom(random: Random): void {
    this.#random = random
    this.#rebuild()
  }
}

/** How long the frontend waits for a whole request. */
function patienceOf({ frontend }: Context): number {
  return (frontend as Partial<Frontend> | undefined)?.timeouts?.httpRequest ?? Number.POSITIVE_INFINITY
}

function decideRedispatch(given: boolean | number | undefined): number {
  if (given === undefined) return 1
  if (given === true) return -1
  return given === false ? 0 : given
}
