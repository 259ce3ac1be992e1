/** A server: one place that a backend can send to, and its limits. How it stands is in `Standing`. */
import { z } from 'zod'
import type { Address } from '../base/address.js'
import { OptionError } from '../base/errors.js'
import { checkOptions, nameOption } from '../base/options.js'
import { type Counters, counters } from '../observe/counters.js'
import { StateTimes } from '../observe/state-times.js'
import { RateCounter } from '../table/rate.js'
import { type DecidedAgent, decideAgent } from './agent.js'
import { type Dialling, decideDialling, parseSource } from './dialling.js'
import type { HealthCheck } from './health-check.js'
import { decideNaming, type Naming } from './naming.js'
import { addressText, isRelative, type MoveOptions, movedTo, parseAddress } from './place.js'
import { Queue } from './queue.js'
import type { ServerChange } from './server-change.js'
import { type Load, type ServerLimitOptions, ServerLimits } from './server-limits.js'
import { type OnError, type ServerOptions, serverOptions } from './server-options.js'
import { type DecidedReuse, decideReuse } from './server-reuse.js'
import { Standing } from './standing.js'

/** What traffic shows of a server: a connect (layer 4), or an answer (layer 7). */
export interface Observed {
  readonly layer: 4 | 7
  readonly passed: boolean
  readonly status?: number | undefined
  /** What was wrong with an answer that did not pass: it did not come, was cut or broken on the way, came too late, or was none. */
  readonly fault?: 'closed' | 'broken' | 'late' | 'invalid' | undefined
  /** Milliseconds. */
  readonly took: number
}

/** What a server tells its backend. */
export interface ServerOwner extends Load {
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
  /** It is known where one of them is. */
  placed(): void
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
export class Server extends Standing {
  readonly name: string
  /** How its name becomes its address. */
  readonly naming: Naming
  readonly backup: boolean
  /** Stick tables do not remember who was sent to it. */
  readonly nonStick: boolean
  /** What persistence cookies call it, where it was said. */
  readonly cookie: string | undefined
  /** How its connections are kept and used again. */
  readonly reuse: DecidedReuse
  readonly #limits: ServerLimits
  /** Where checks went at first. */
  readonly initialCheckPlace: { readonly address: string | undefined; readonly port: number | undefined }
  #checkAddress: string | undefined
  #checkPort: number | undefined
  readonly counters: Counters = counters()
  /** Since when it is as it is, and how long it has been down, by milliseconds of the engine's clock. */
  readonly times = new StateTimes()
  /** What comes to it within the last second, by milliseconds of the engine's clock. */
  readonly rate = new RateCounter()
  /** Who waits for a place at this very server. */
  readonly queue = new Queue<Server | undefined>(this)
  /** Set by its backend: the explicit number, or its position from 1. */
  id: number
  #resolved: string | undefined = undefined
  /** Whom traffic to it is told to; nobody, as a rule. */
  observer: ((seen: Observed) => void) | undefined = undefined
  /** What of its traffic counts as checks do. */
  readonly observed: 'layer4' | 'layer7' | undefined
  readonly errorLimit: number
  readonly onError: OnError
  readonly onMarkedDown: 'shutdownSessions' | undefined
  readonly onMarkedUp: 'shutdownBackupSessions' | undefined
  #agent: DecidedAgent | undefined
  /** Its number was said, and not only counted. */
  readonly numbered: boolean
  /** How connections to it are made, beside where they go. */
  dialling: Dialling | undefined
  readonly #source: Dialling | undefined
  #address: string
  #parsed: Address
  #relative: boolean
  #fqdn: string | undefined
  #unresolved: boolean
  #owner: ServerOwner | undefined
  /** Its backend has let it go: who has tried it goes elsewhere. */
  #gone = false

  constructor(name: string, address: string, options: ServerOptions = {}) {
    const subject = `Server '${name}'`
    checkOptions(subject, nameOption, name)
    const checked = checkOptions(subject, serverOptions, options)
    super(checked)
    this.name = name
    this.#address = checkOptions(
      subject,
      z.string({ error: 'the address must be a string, as in 10.0.0.1:80' }),
      address,
    )
    this.#parsed = parseAddress(subject, 'address', address)
    this.#relative = isRelative(this.#parsed)
    this.naming = decideNaming(subject, this.#parsed, checked)
    const ofService = this.naming.service !== undefined
    this.#fqdn = this.#parsed.kind === 'name' && !ofService ? this.#parsed.name : undefined
    this.#unresolved = ofService
    this.reuse = decideReuse(checked)
    this.#limits = new ServerLimits(subject, checked as ServerLimitOptions)
    this.backup = checked.backup ?? false
    this.cookie = checked.cookie
    this.nonStick = checked.nonStick ?? false
    this.#checkAddress = checked.checkAddress
    if (checked.checkAddress !== undefined) parseAddress(subject, 'checkAddress', checked.checkAddress)
    this.#checkPort = checked.checkPort
    this.initialCheckPlace = { address: checked.checkAddress, port: checked.checkPort }
    this.id = checked.id ?? 0
    this.numbered = checked.id !== undefined
    this.#source = checked.source === undefined ? undefined : parseSource(subject, checked.source)
    this.dialling = this.#source
    this.observed = checked.observe
    this.errorLimit = checked.errorLimit ?? 10
    this.onError = checked.onError ?? 'failCheck'
    this.onMarkedDown = checked.onMarkedDown
    this.onMarkedUp = checked.onMarkedUp
    this.#agent = decideAgent(subject, checked.agent)
    if (options.track !== undefined) this.follow(options.track)
  }

  /** Where checks go, when not to its own address and port. */
  get checkAddress(): string | undefined {
    return this.#checkAddress
  }

  get checkPort(): number | undefined {
    return this.#checkPort
  }

  /**
   * Sends checks to another place from the next one on; a port of 0 is the server's own again. HAProxy: `set server check-addr`, `check-port`.
   * @throws {OptionError} on what is no address
   */
  changeCheck({ address, port }: { readonly address?: string; readonly port?: number }): void {
    if (address !== undefined) parseAddress(`Server '${this.name}'`, 'checkAddress', address)
    this.#checkAddress = address ?? this.#checkAddress
    if (port !== undefined) this.#checkPort = port === 0 ? undefined : port
  }

  get agent(): DecidedAgent | undefined {
    return this.#agent
  }

  /**
   * Asks its agent elsewhere, or otherwise, from the next time on. HAProxy: `set server agent-addr`, `agent-port`, `agent-send`.
   * @throws {OptionError} when it has none, or on what is no address
   */
  changeAgent(change: { readonly address?: string; readonly port?: number; readonly send?: string }): void {
    const subject = `Server '${this.name}'`
    if (this.#agent === undefined) throw new OptionError(subject, 'agent', 'has no agent')
    if (change.address !== undefined) parseAddress(subject, 'agent.address', change.address)
    this.#agent = { ...this.#agent, ...change }
  }

  protected tell(change: ServerChange): void {
    this.#owner?.changed(this, change)
  }

  /** The IP address that the system said for its name at the start; an address needs none. */
  get resolved(): string | undefined {
    return this.#resolved
  }

  set resolved(address: string | undefined) {
    this.#resolved = address
    this.#owner?.placed()
  }

  /** It is one of a backend's servers. */
  get attached(): boolean {
    return this.#owner !== undefined
  }

  /** As logs name it: with its backend. */
  get fullName(): string {
    return this.#owner === undefined ? this.name : `${this.#owner.name}/${this.name}`
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
  move(address: string, { port, reason, by }: MoveOptions = {}): boolean {
    const next = movedTo(`Server '${this.name}'`, this.#parsed, address, port)
    const text = addressText(next)
    // Who has its address back is told to be there, though it has not moved.
    if (text === this.#address && (by === undefined || !this.#unresolved)) return false
    this.#address = text
    this.#parsed = next
    this.#relative = isRelative(next)
    this.#owner?.changed(this, { what: 'address', reason, by })
    return true
  }

  /** The name that its address is found by, if it was written with one; it stays when the server moves. Of a service, the name of its place. */
  get fqdn(): string | undefined {
    return this.#fqdn
  }

  /**
   * Has its address found by another name from now on; where nobody looks names up for it, that changes nothing else. HAProxy: `set server fqdn`.
   * @throws {OptionError} when it is no name
   */
  rename(fqdn: string | undefined, reason?: string): void {
    const before = this.#fqdn
    if (before === fqdn) return
    if (fqdn !== undefined && parseAddress(`Server '${this.name}'`, 'rename()', `${fqdn}:1`).kind !== 'name')
      throw new OptionError(`Server '${this.name}'`, 'rename()', `'${fqdn}' is no name`)
    this.#fqdn = fqdn
    this.tell({ what: 'name', before, reason })
  }

  /** It has no address, since its name has none: it gets nothing until it has. HAProxy: `MAINT (resolution)`. */
  get unresolved(): boolean {
    return this.#unresolved
  }

  /** Whoever looks its name up says so. */
  markResolved(resolved: boolean, reason?: string): void {
    if (this.#unresolved === !resolved) return
    this.#unresolved = !resolved
    this.addressed(resolved)
    this.tell({ what: 'resolution', resolved, reason })
  }

  /** Requests (or connections) that it serves now. */
  get active(): number {
    return this.counters.current
  }

  /** Requests that wait for it. */
  get queued(): number {
    return this.queue.length
  }

  /** Whether new requests may come to it. */
  get inRotation(): boolean {
    return !this.#gone && this.ordered === 'ready' && !this.#unresolved && this.state === 'up' && !this.ejected
  }

  /** It can be reached by those who ask for it by name, though others may not come any more. */
  get reachable(): boolean {
    return this.ordered !== 'maint' && !this.#unresolved && this.up
  }

  /** Requests (or connections) at a time; `Infinity` is no limit. Who is there when it falls stays. */
  get maxConnections(): number {
    return this.#limits.most
  }

  set maxConnections(limit: number) {
    this.#limits.most = limit
    this.tell({ what: 'limits' })
  }

  /** The limit while its backend has little to do; 0 when the limit does not move. */
  get minConnections(): number {
    return this.#limits.least
  }

  set minConnections(limit: number) {
    this.#limits.least = limit
    this.tell({ what: 'limits' })
  }

  /** How many may wait for this very server; `Infinity` is no limit. */
  get maxQueue(): number {
    return this.#limits.queue
  }

  set maxQueue(limit: number) {
    this.#limits.queue = limit
    this.tell({ what: 'limits' })
  }

  /** Its limit as it is now, which may depend on how much its backend has to do. */
  get limit(): number {
    const limit = this.#limits.now(this.#owner)
    return this.warmth === 1 || limit === Number.POSITIVE_INFINITY
      ? limit
      : Math.max(1, Math.floor(limit * this.warmth))
  }

  /** {@link limit} changes with the load of its backend. */
  get limitMoves(): boolean {
    return this.#limits.moves
  }

  /** No place left. */
  get full(): boolean {
    return this.counters.current >= (this.#limits.moves || this.warmth < 1 ? this.limit : this.#limits.most)
  }

  /** No place left, and none in its queue where that has an end. */
  get crowded(): boolean {
    const { queue } = this.#limits
    return this.full && (queue === Number.POSITIVE_INFINITY || this.queue.length >= queue)
  }

  /** No place left, and its own queue has an end, which is reached: whoever must go here cannot. */
  get queueFull(): boolean {
    return this.full && this.queue.length >= this.maxQueue
  }

  /** The name of its backend, while it has one. */
  get backendName(): string {
    return this.#owner?.name ?? ''
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
    this.#gone = false
    this.dialling = decideDialling(this.#source ?? owner.source, owner.tcpKeepAlive)
    if (!this.numbered) this.id = position
    this.settleIn(owner)
  }

  /** @internal Its backend has let it go. */
  leave(): void {
    this.unfollow()
    this.settleIn(undefined)
    this.#owner = undefined
    this.#gone = true
  }
}
