/** A server: one place that a backend can send to, its limits, and the two axes of its state: what was observed and what was ordered. */
import { z } from 'zod'
import type { Address } from '../base/address.js'
import { OptionError } from '../base/errors.js'
import { checkOptions, nameOption } from '../base/options.js'
import { type Counters, counters } from '../observe/counters.js'
import { RateCounter } from '../table/rate.js'
import { type DecidedAgent, decideAgent } from './agent.js'
import { type CheckResult, type LastCheck, reasonOf } from './check-result.js'
import { type Dialling, decideDialling, parseSource } from './dialling.js'
import { Health } from './health.js'
import { type DecidedTiming, HealthCheck } from './health-check.js'
import { addressText, isRelative, type MoveOptions, movedTo, parseAddress } from './place.js'
import { Queue } from './queue.js'
import type { ServerChange } from './server-change.js'
import { type OnError, type ServerOptions, serverOptions } from './server-options.js'
import { type AdminState, type ObservedState, ServerState } from './server-state.js'
import { weightAt, weightFrom } from './server-weight.js'

/** What traffic shows of a server: a connect (layer 4), or an answer (layer 7). */
export interface Observed {
  readonly layer: 4 | 7
  readonly passed: boolean
  readonly status?: number | undefined
  /** Milliseconds. */
  readonly took: number
}

/** What a server tells its backend. */
export interface ServerOwner {
  readonly name: string
  /** Where connections to its servers come from, and how long a silent one is left in peace. */
  readonly source: Dialling | undefined
  readonly tcpKeepAlive: number | undefined
  /** How its servers are checked unless they say otherwise. */
  readonly check: HealthCheck | undefined
  /** Weights may be anything while it runs; otherwise they are all or nothing. */
  readonly weighs: boolean
  /** Somebody runs it: time passes. */
  readonly attended: boolean
  /** Something changed that decides which servers are in rotation. */
  changed(server: Server, change: ServerChange): void
}

/**
 * One place that a backend can send to. Manual, chapter 5.2.
 *
 * ```ts
 * new Server('api2', '10.0.1.2:80', { weight: 2, maxConnections: 200 })
 * ```
 *
 * @throws {OptionError} that names the option that is wrong
 */
export class Server {
  readonly name: string
  /** The name that its address is found by, if it was written with one; it stays when the server moves. */
  readonly fqdn: string | undefined
  readonly backup: boolean
  readonly maxConnections: number
  readonly checkOption: boolean | HealthCheck | undefined
  readonly checkTiming: DecidedTiming
  readonly checkAddress: string | undefined
  readonly checkPort: number | undefined
  readonly counters: Counters = counters()
  /** What comes to it within the last second, by milliseconds of the engine's clock. */
  readonly rate = new RateCounter()
  /** Who waits for a place at this very server. */
  readonly queue = new Queue<Server | undefined>()
  /** Set by its backend: the explicit number, or its position from 1. */
  id: number
  /** The IP address that the system said for its name at the start; an address needs none. */
  resolved: string | undefined = undefined
  /** Whom traffic to it is told to; nobody, as a rule. */
  observer: ((seen: Observed) => void) | undefined = undefined
  /** What of its traffic counts as checks do. */
  readonly observed: 'layer4' | 'layer7' | undefined
  readonly errorLimit: number
  readonly onError: OnError
  readonly onMarkedDown: 'shutdownSessions' | undefined
  readonly onMarkedUp: 'shutdownBackupSessions' | undefined
  /** Milliseconds. */
  readonly slowStart: number
  readonly agent: DecidedAgent | undefined
  readonly initState: ServerOptions['initState']
  /** The server whose state counts for it. */
  tracked: Server | undefined = undefined
  /** How connections to it are made, beside where they go. */
  dialling: Dialling | undefined
  readonly #source: Dialling | undefined
  #weight: number
  readonly initialWeight: number
  readonly #state: ServerState
  #check: HealthCheck | undefined
  readonly #followers = new Set<Server>()
  #address: string
  #parsed: Address
  #relative: boolean
  #unresolved = false
  #owner: ServerOwner | undefined

  constructor(name: string, address: string, options: ServerOptions = {}) {
    const subject = `Server '${name}'`
    this.name = checkOptions(subject, nameOption, name)
    this.#address = checkOptions(
      subject,
      z.string({ error: 'the address must be a string, as in 10.0.0.1:80' }),
      address,
    )
    this.#parsed = parseAddress(subject, 'address', address)
    this.#relative = isRelative(this.#parsed)
    this.fqdn = this.#parsed.kind === 'name' ? this.#parsed.name : undefined
    const checked = checkOptions(subject, serverOptions, options)
    this.#weight = checked.weight ?? 1
    this.initialWeight = this.#weight
    this.maxConnections = checked.maxConnections || Number.POSITIVE_INFINITY
    this.backup = checked.backup ?? false
    this.checkOption = checked.check
    this.checkTiming = (checked.checkTiming ?? {}) as DecidedTiming
    this.checkAddress = checked.checkAddress
    if (checked.checkAddress !== undefined) parseAddress(subject, 'checkAddress', checked.checkAddress)
    this.checkPort = checked.checkPort
    this.id = checked.id ?? 0
    this.#source = checked.source === undefined ? undefined : parseSource(subject, checked.source)
    this.dialling = this.#source
    this.initState = checked.initState
    this.observed = checked.observe
    this.errorLimit = checked.errorLimit ?? 10
    this.onError = checked.onError ?? 'failCheck'
    this.onMarkedDown = checked.onMarkedDown
    this.onMarkedUp = checked.onMarkedUp
    this.slowStart = checked.slowStart ?? 0
    this.agent = decideAgent(subject, checked.agent)
    this.#check = decideCheck(this.checkOption, undefined)
    const admin = checked.disabled === true ? 'maint' : checked.drain === true ? 'drain' : 'ready'
    this.#state = new ServerState(this.#newHealth(), admin)
    if (options.track !== undefined) this.follow(options.track)
  }

  #newHealth(): Health {
    const { rise, fall } = this.timing
    return new Health(rise ?? 2, fall ?? 3, this.initState)
  }

  /** How it is checked; not at all when it is not asked for, or when it tracks another. */
  get check(): HealthCheck | undefined {
    return this.tracked === undefined ? this.#check : undefined
  }

  /** The rhythm of its checks: its own, over its check's. */
  get timing(): DecidedTiming {
    return { ...this.#check?.timing, ...this.checkTiming }
  }

  /** The rise/fall machine of its checks. */
  get health(): Health {
    return this.#state.health
  }

  /** What its last check found, if there was one. */
  get lastCheck(): LastCheck | undefined {
    return this.#state.lastCheck
  }

  /** What its agent said last. */
  get lastAgentCheck(): LastCheck | undefined {
    return this.#state.lastAgentCheck
  }

  /** Where it is, as it was written or as it was moved to. */
  get address(): string {
    return this.#address
  }

  get parsed(): Address {
    return this.#parsed
  }

  /** Its address or port is the one that the client connected to. */
  get relative(): boolean {
    return this.#relative
  }

  /**
   * Sends what is new to another place from now on: an IP address, or another path. What it serves now is finished where it is. A port that is
   * not given stays as it is. A name that is looked up while it runs moves it again with the next answer that says something else.
   * @returns whether anything is different
   * @throws {OptionError} when it is no such address
   */
  move(address: string, { port, reason }: MoveOptions = {}): boolean {
    const next = movedTo(`Server '${this.name}'`, this.#parsed, address, port)
    const text = addressText(next)
    if (text === this.#address) return false
    this.#address = text
    this.#parsed = next
    this.#relative = isRelative(next)
    this.#owner?.changed(this, { what: 'address', reason })
    return true
  }

  /** It has no address, since its name has none: it gets nothing until it has. HAProxy: `MAINT (resolution)`. */
  get unresolved(): boolean {
    return this.#unresolved
  }

  /** Whoever looks its name up says so. */
  markResolved(resolved: boolean, reason?: string): void {
    if (this.#unresolved === !resolved) return
    this.#unresolved = !resolved
    this.#owner?.changed(this, { what: 'admin', reason })
  }

  /** Requests (or connections) that it serves now. */
  get active(): number {
    return this.counters.current
  }

  /** Requests that wait for it. */
  get queued(): number {
    return this.queue.length
  }

  get weight(): number {
    return this.#weight
  }

  /** 0 to 256; takes effect at the next pick. */
  set weight(weight: number) {
    this.setWeight(weight)
  }

  /**
   * Orders another weight: 0 to 256, or a percentage of the initial one, as in `'50%'`.
   * @throws {OptionError} when it is neither
   */
  setWeight(order: number | string, reason?: string): void {
    const weight = weightFrom(`Server '${this.name}'`, order, this.initialWeight)
    if (weight === this.#weight) return
    this.#weight = weight
    this.#owner?.changed(this, { what: 'weight', reason })
  }

  /** What counts of its weight: all of it, but while it starts slowly. In sixteenths. */
  get effectiveWeight(): number {
    return this.#owner?.weighs === false ? this.#weight : weightAt(this.#weight, this.#state.warmth)
  }

  /** From 0, just up, to 1: how much of its weight and limit counts. See {@link ServerOptions.slowStart}. */
  get warmth(): number {
    return this.#state.warmth
  }

  set warmth(warmth: number) {
    this.#state.warmth = Math.min(Math.max(warmth, 0), 1)
    this.#owner?.changed(this, { what: 'warmth' })
  }

  get admin(): AdminState {
    return this.#state.admin
  }

  /** Orders it into a state. What it serves now is finished in each of them. */
  set admin(state: AdminState) {
    this.order(state)
  }

  /** As setting {@link admin}, with a reason for whoever is told of it. */
  order(state: AdminState, reason?: string): void {
    if (state === this.#state.admin) return
    const before = this.#state.ordered
    this.#state.admin = state
    if (before === 'maint' && this.#state.ordered !== 'maint') this.#begin()
    this.#changed({ what: 'admin', reason })
  }

  /** What was ordered, of it or of the one that it tracks. */
  get ordered(): AdminState {
    return this.#state.ordered
  }

  /** What was observed: by checks, by its agent, or of the one that it tracks. */
  get state(): ObservedState {
    return this.#state.observed
  }

  /** Observed up; says nothing of what was ordered. */
  get up(): boolean {
    return this.#state.observed !== 'down'
  }

  /** Whether new requests may come to it. */
  get inRotation(): boolean {
    return this.#state.ordered === 'ready' && !this.#unresolved && this.#state.observed === 'up'
  }

  /** It can be reached by those who ask for it by name, though others may not come any more. */
  get reachable(): boolean {
    return this.#state.ordered !== 'maint' && !this.#unresolved && this.up
  }

  /** No place left. */
  get full(): boolean {
    return this.counters.current >= this.maxConnections
  }

  /** Takes a check's result in. @returns whether it turned the server up or down */
  observe(passed: boolean, reason = ''): boolean {
    return this.take({ passed, status: reason })
  }

  /** Takes all of a check's result in. @returns whether the server stands otherwise than before */
  take(result: CheckResult, duration = -1): boolean {
    const state = this.#state
    const before = state.observed
    state.health.observe(result.passed)
    state.stopping = result.stopping === true && state.health.up
    state.lastCheck = { ...result, duration }
    if (!result.passed) this.counters.failedChecks++
    return this.#settle(before, reasonOf(result), { check: state.lastCheck })
  }

  /** Takes in what its agent says of its being up or down; nothing of it says nothing. @returns whether the server stands otherwise than before */
  takeAgent(result: CheckResult, up: boolean | undefined, duration = -1): boolean {
    const state = this.#state
    const before = state.observed
    state.lastAgentCheck = { ...result, duration }
    if (up !== undefined) state.agentUp = up
    return this.#settle(before, reasonOf(result), { check: state.lastAgentCheck, agent: true })
  }

  /** Orders what checks would have to find out: `up`, `stopping` (it finishes what it has) or `down`. The next checks go on from there. */
  forceHealth(to: ObservedState, reason = 'forced'): void {
    const before = this.#state.observed
    this.#state.force(to)
    this.#settle(before, reason, {})
  }

  #settle(before: ObservedState, reason: string, of: { check?: LastCheck; agent?: boolean }): boolean {
    const state = this.#state.observed
    if (state === before) return false
    if (state === 'down') this.counters.wentDown++
    if (before === 'down') this.#begin()
    this.#changed({ what: 'health', up: state !== 'down', state, before, reason, ...of })
    return true
  }

  /** It comes back: slowly, where that is asked for. */
  #begin(): void {
    this.#state.warmth = this.slowStart > 0 && this.#owner?.attended === true ? 0 : 1
  }

  /** Tells its backend, and those that follow it. */
  #changed(change: ServerChange): void {
    this.#owner?.changed(this, change)
    for (const follower of this.#followers) follower.#followed(change)
  }

  #followed(change: ServerChange): void {
    if (change.what === 'health' && change.before === 'down') this.#begin()
    if (change.what === 'health' && change.state === 'down') this.counters.wentDown++
    this.#changed({ ...change, via: true } as ServerChange)
  }

  /**
   * Takes over the state of another server from now on, of any backend; see {@link ServerOptions.track}.
   * @throws {OptionError} when that one tracks this one, over others or not
   */
  follow(server: Server): void {
    const subject = `Server '${this.name}'`
    if (!(server instanceof Server)) throw new OptionError(subject, 'track', 'must be a Server')
    for (let at: Server | undefined = server; at !== undefined; at = at.tracked)
      if (at === this) throw new OptionError(subject, 'track', `'${server.name}' tracks this very server`)
    if (this.tracked !== undefined) this.tracked.#followers.delete(this)
    this.tracked = server
    this.#state.tracked = server.#state
    server.#followers.add(this)
  }

  /** @internal Its backend takes it in. */
  adopt(owner: ServerOwner, position: number): void {
    if (this.#owner !== undefined && this.#owner !== owner)
      throw new OptionError(
        `Server '${this.name}'`,
        '',
        `already belongs to backend '${this.#owner.name}': make another Server for '${owner.name}'`,
      )
    this.#owner = owner
    this.dialling = decideDialling(this.#source ?? owner.source, owner.tcpKeepAlive)
    if (this.id === 0) this.id = position
    this.#check = decideCheck(this.checkOption, owner.check)
    this.#state.health = this.#newHealth()
  }

  /** @internal Its backend has let it go. */
  leave(): void {
    this.#owner = undefined
  }
}

/** How a server is checked: as it says itself, as its backend says, or not at all. */
function decideCheck(own: boolean | HealthCheck | undefined, common: HealthCheck | undefined): HealthCheck | undefined {
  if (own === false) return undefined
  if (own instanceof HealthCheck) return own
  return own === true ? (common ?? HealthCheck.tcp()) : common
}
