/** How a server stands with its backend, and the ways to change it: weight, orders, checks and agents, and the servers that follow another. */
import type { z } from 'zod'
import { OptionError } from '../base/errors.js'
import type { Counters } from '../observe/counters.js'
import type { AgentReply } from './agent-reply.js'
import { type CheckResult, type LastCheck, reasonOf } from './check-result.js'
import { Health } from './health.js'
import { type DecidedTiming, HealthCheck } from './health-check.js'
import type { Server } from './server.js'
import type { ServerChange, StandingBefore } from './server-change.js'
import type { ServerOptions, serverOptions } from './server-options.js'
import { type AdminState, type ObservedState, ServerState } from './server-state.js'
import { weightAt, weightFrom } from './server-weight.js'

/** What a standing depends on. */
interface Surroundings {
  readonly check: HealthCheck | undefined
  /** Weights may be anything; otherwise they are all or nothing. */
  readonly weighs: boolean
  /** Somebody runs it: time passes. */
  readonly attended: boolean
}

/** What {@link Server} has of it; a server is the place besides. */
export abstract class Standing {
  abstract readonly name: string
  abstract readonly counters: Counters
  readonly initialWeight: number
  /** How it begins, and begins anew after maintenance. */
  readonly initState: ServerOptions['initState']
  /** Milliseconds from going up to its full weight and limit. */
  readonly slowStart: number
  readonly checkTiming: DecidedTiming
  readonly checkOption: boolean | HealthCheck | undefined
  /** It was in maintenance from the start. */
  readonly disabledAtStart: boolean
  /** The server whose state counts for it. */
  tracked: Server | undefined = undefined
  /** A check has been asked and is not answered yet. */
  checkUnderWay = false
  readonly #state: ServerState
  readonly #followers = new Set<Standing>()
  #surroundings: Surroundings | undefined
  #weight: number
  #check: HealthCheck | undefined
  #checkEnabled = true
  #agentEnabled = true
  #ejected = false

  constructor(checked: z.infer<typeof serverOptions>) {
    this.#weight = checked.weight ?? 1
    this.initialWeight = this.#weight
    this.checkOption = checked.check
    this.checkTiming = (checked.checkTiming ?? {}) as DecidedTiming
    this.initState = checked.initState
    this.slowStart = checked.slowStart ?? 0
    this.#check = decideCheck(this.checkOption, undefined)
    this.disabledAtStart = checked.disabled === true
    const admin = checked.disabled === true ? 'maint' : checked.drain === true ? 'drain' : 'ready'
    this.#state = new ServerState(this.#newHealth(), admin)
  }

  /** Tells whoever it belongs to. */
  protected abstract tell(change: ServerChange): void

  #newHealth(): Health {
    const { rise, fall } = this.timing
    return new Health(rise ?? 2, fall ?? 3, this.initState)
  }

  /** Its backend takes it in, or lets it go. */
  protected settleIn(surroundings: Surroundings | undefined): void {
    this.#surroundings = surroundings
    // Nobody goes on with a slow start that was left behind.
    this.#state.warmth = 1
    if (surroundings === undefined) return
    this.#check = decideCheck(this.checkOption, surroundings.check)
    // Who left and comes back goes on following, or begins anew with those that follow it.
    if (this.tracked !== undefined) this.#catchUp(this.tracked, 'joined')
    else this.#renew('joined')
  }

  /** What happened to the one that it follows while it was away; those that follow it were away from that as well. */
  #catchUp(tracked: Server, reason: string): void {
    const before = this.#before()
    this.follow(tracked)
    const { ordered, observed: state } = this.#state
    if (ordered !== before.ordered) this.#lead({ what: 'admin', reason, before })
    else if (state !== before.state)
      this.#lead({ what: 'health', up: state !== 'down', state, before: before.state, reason })
  }

  #renew(reason: string): void {
    const before = this.#state.observed
    this.#state.renew(this.#newHealth())
    const { observed: state } = this.#state
    if (state !== before) this.#lead({ what: 'health', up: state !== 'down', state, before, reason })
  }

  /** How it is checked; not at all when it is not asked for, or when it tracks another. */
  get check(): HealthCheck | undefined {
    return this.tracked === undefined ? this.#check : undefined
  }

  /** The rhythm of its checks: its own, over its check's. */
  get timing(): DecidedTiming {
    return { ...this.#check?.timing, ...this.checkTiming }
  }

  /** Checks may be suspended while it runs; it stays as it was found last. */
  get checkEnabled(): boolean {
    return this.check !== undefined && this.#checkEnabled
  }

  set checkEnabled(enabled: boolean) {
    if (this.#checkEnabled === enabled) return
    this.#checkEnabled = enabled
    this.tell({ what: 'checks' })
  }

  /** Its agent may be left unasked while it runs. */
  get agentEnabled(): boolean {
    return this.#agentEnabled
  }

  set agentEnabled(enabled: boolean) {
    if (this.#agentEnabled === enabled) return
    this.#agentEnabled = enabled
    this.tell({ what: 'checks' })
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

  /** Up by its agent's word; up as long as that has said nothing. */
  get agentUp(): boolean {
    return this.#state.agentUp
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
    this.tell({ what: 'weight', reason })
  }

  /** What counts of its weight: all of it, but while it starts slowly. In sixteenths. */
  get effectiveWeight(): number {
    return this.#surroundings?.weighs === false ? this.#weight : weightAt(this.#weight, this.#state.warmth)
  }

  /** From 0, just up, to 1: how much of its weight and limit counts. See {@link ServerOptions.slowStart}. */
  get warmth(): number {
    return this.#state.warmth
  }

  set warmth(warmth: number) {
    if (warmth === this.#state.warmth) return
    this.#state.warmth = Math.min(Math.max(warmth, 0), 1)
    this.tell({ what: 'warmth' })
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
    const before = this.#before()
    this.#state.admin = state
    this.#ordered({ what: 'admin', reason, before })
  }

  #before(): StandingBefore {
    const { admin, inherited, ordered, observed } = this.#state
    return { admin, inherited, ordered, state: observed }
  }

  #ordered(change: ServerChange & { what: 'admin' }): void {
    const now = this.#state.ordered
    if (change.before.ordered === 'maint' && now !== 'maint') {
      if (this.tracked === undefined) this.#state.renew(this.#newHealth())
      this.#begin()
    } else if (now === 'maint' && change.before.ordered !== 'maint' && this.up) this.counters.wentDown++
    this.#share(change)
  }

  /** What was ordered of the one that it tracks. */
  get inherited(): AdminState {
    return this.#state.inherited
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

  /** It gets nothing new for a while, since its traffic was worse than that of others. See `outliers` of a backend. */
  get ejected(): boolean {
    return this.#ejected
  }

  /** @internal For whoever watches its traffic. */
  eject(ejected: boolean, reason: string): void {
    if (this.#ejected === ejected) return
    this.#ejected = ejected
    this.tell({ what: 'ejected', ejected, reason })
  }

  /** @internal What its last check found before this process began. */
  recallCheck(result: CheckResult): void {
    this.#state.lastCheck = { ...result, duration: -1 }
  }

  /** Takes a check's result in. @returns whether it turned the server up or down */
  observe(passed: boolean, reason = ''): boolean {
    return this.take({ passed, status: reason })
  }

  /** Takes all of a check's result in; `heard` learns of it before others learn of its consequences. @returns whether the server stands otherwise than before */
  take(given: CheckResult, duration = -1, heard?: (result: CheckResult) => void): boolean {
    const state = this.#state
    const before = state.observed
    const { score } = state.health
    const result = state.takeCheck(given)
    state.lastCheck = { ...result, duration }
    if (!result.passed && score > 0) this.counters.failedChecks++
    heard?.(result)
    return this.#settle(before, reasonOf(result), { check: state.lastCheck })
  }

  /** Takes in what its agent says of its being up or down. @returns whether the server stands otherwise than before */
  takeAgent({ result, up }: Pick<AgentReply, 'result' | 'up'>, duration = -1, heard?: () => void): boolean {
    const state = this.#state
    const before = state.observed
    state.lastAgentCheck = { ...result, duration }
    state.takeAgent({ up })
    heard?.()
    return this.#settle(before, reasonOf(result), { check: state.lastAgentCheck, agent: true })
  }

  /**
   * Orders what checks would have to find out: `up`, `stopping` (it finishes what it has) or `down`. The next checks go on from there.
   * @throws {OptionError} when it tracks another server
   */
  forceHealth(to: ObservedState, reason = 'changed by order'): void {
    if (this.tracked !== undefined)
      throw new OptionError(
        `Server '${this.name}'`,
        'forceHealth()',
        `follows '${this.tracked.name}': force that one's`,
      )
    const before = this.#state.observed
    this.#state.force(to)
    this.#settle(before, reason, {})
  }

  /** As {@link forceHealth}, for what its agent would have to say. */
  forceAgent(up: boolean, reason = 'changed by order'): void {
    const before = this.#state.observed
    this.#state.takeAgent({ up })
    this.#settle(before, reason, {})
  }

  #settle(before: ObservedState, reason: string, of: { check?: LastCheck; agent?: boolean; via?: boolean }): boolean {
    const state = this.#state.observed
    if (state === before) return false
    if (state === 'down') this.counters.wentDown++
    if (before === 'down') this.#begin()
    this.#share({ what: 'health', up: state !== 'down', state, before, reason, ...of })
    return true
  }

  /** Its name has an address again, which is as the end of maintenance, or has none any more. */
  protected addressed(resolved: boolean): void {
    if (this.ordered === 'maint') return
    if (resolved) {
      if (this.tracked === undefined) this.#renew('resolved')
      this.#begin()
    } else if (this.up) this.counters.wentDown++
  }

  /** It comes back: slowly, where that is asked for. */
  #begin(): void {
    this.#state.warmth = this.slowStart > 0 && this.#surroundings?.attended === true ? 0 : 1
  }

  /** Tells its backend, and those that follow it, the last one first. */
  #share(change: ServerChange & { what: 'health' | 'admin' }): void {
    this.tell(change)
    this.#lead(change)
  }

  #lead(change: ServerChange & { what: 'health' | 'admin' }): void {
    for (const follower of [...this.#followers].reverse()) follower.#follow(change, this.#state)
  }

  #follow(change: ServerChange & { what: 'health' | 'admin' }, of: ServerState): void {
    const state = this.#state
    const before = this.#before()
    state.inherited = of.ordered
    state.observed = of.observed
    if (change.what === 'admin') this.#ordered({ ...change, via: true, before })
    else this.#settle(before.state, change.reason, { via: true })
  }

  /**
   * Takes over the state of another server from now on, of any backend; see {@link ServerOptions.track}.
   * @throws {OptionError} when that one tracks this one, over others or not
   */
  follow(server: Server): void {
    const subject = `Server '${this.name}'`
    if (!(server instanceof Standing)) throw new OptionError(subject, 'track', 'must be a Server')
    for (let at: Standing | undefined = server; at !== undefined; at = at.tracked)
      if (at === this) throw new OptionError(subject, 'track', `'${server.name}' tracks this very server`)
    if (this.tracked !== undefined) this.tracked.#followers.delete(this)
    this.tracked = server
    server.#followers.add(this)
    this.#state.inherited = server.ordered
    this.#state.observed = server.state
  }

  /** Others take over its state. */
  get isTracked(): boolean {
    return this.#followers.size > 0
  }

  /** No longer told of the one that it follows. */
  protected unfollow(): void {
    if (this.tracked !== undefined) this.tracked.#followers.delete(this)
  }
}

/** How a server is checked: as it says itself, as its backend says, or not at all. */
function decideCheck(own: boolean | HealthCheck | undefined, common: HealthCheck | undefined): HealthCheck | undefined {
  if (own === false) return undefined
  if (own instanceof HealthCheck) return own
  return own === true ? (common ?? HealthCheck.tcp()) : common
}
