/** A server: one place that a backend can send to, its limits, and the two axes of its state: what was observed and what was ordered. */
import { z } from 'zod'
import type { Address } from '../base/address.js'
import { OptionError } from '../base/errors.js'
import { checkOptions, instanceOption, integerOption, nameOption } from '../base/options.js'
import { type Counters, counters } from '../observe/counters.js'
import { RateCounter } from '../table/rate.js'
import { type Dialling, decideDialling, parseSource } from './dialling.js'
import { Health } from './health.js'
import { type CheckTiming, type DecidedTiming, HealthCheck, timingOptions } from './health-check.js'
import { addressText, isRelative, type MoveOptions, movedTo, parseAddress } from './place.js'
import { Queue } from './queue.js'
import type { ServerChange } from './server-change.js'

/** What a server can be told. */
export interface ServerOptions {
  /** Share of the load relative to the others, 0 to 256; 0 gets nothing new. Default 1. */
  readonly weight?: number
  /** Requests (in TCP mode, connections) at a time; more wait in a queue, first in, first out. Default: no limit. HAProxy's `maxconn`. */
  readonly maxConnections?: number
  /** Used only when no other server is up. Default: no. */
  readonly backup?: boolean
  /** Starts in maintenance. Default: no. */
  readonly disabled?: boolean
  /** Starts drained: it finishes what it has and gets nothing new. Default: no. */
  readonly drain?: boolean
  /**
   * Whether it is checked, and how when not as its backend says. Default: when the backend has a check. `true` where the backend has none
   * asks for a connection.
   */
  readonly check?: boolean | HealthCheck
  /** This server's own rhythm, over the check's. */
  readonly checkTiming?: CheckTiming
  /** Where checks go, when not to the server's own address and port. */
  readonly checkAddress?: string
  readonly checkPort?: number
  /** The number that consistent hashing places it by. Default: its position, from 1. */
  readonly id?: number
  /** The address of ours that connections to it come from, as in `10.0.0.9`, perhaps with a port. Default: its backend's. HAProxy: `source`. */
  readonly source?: string
}

const serverOptions = z.strictObject({
  weight: integerOption(0, 256).optional(),
  maxConnections: integerOption(0, 2 ** 31 - 1, 'a whole number (0 is no limit)').optional(),
  backup: z.boolean({ error: 'must be true or false' }).optional(),
  disabled: z.boolean({ error: 'must be true or false' }).optional(),
  drain: z.boolean({ error: 'must be true or false' }).optional(),
  check: z
    .union([z.boolean(), instanceOption(HealthCheck, 'must be a HealthCheck')], {
      error: 'must be true, false or a HealthCheck',
    })
    .optional(),
  checkTiming: z.strictObject(timingOptions).optional(),
  checkAddress: z.string().optional(),
  checkPort: integerOption(1, 65535, 'a port').optional(),
  id: integerOption(1, 2 ** 31 - 1).optional(),
  source: z.string().optional(),
})

/** What was ordered: `ready` takes new requests, `drain` finishes what it has, `maint` is out of use and is not checked. */
export type AdminState = 'ready' | 'drain' | 'maint'

/** What a server tells its backend. */
export interface ServerOwner {
  readonly name: string
  /** Where connections to its servers come from, and how long a silent one is left in peace. */
  readonly source: Dialling | undefined
  readonly tcpKeepAlive: number | undefined
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
  /** The rise/fall machine of its checks; replaced when a check's timing is known. */
  health: Health
  /** How connections to it are made, beside where they go. */
  dialling: Dialling | undefined
  readonly #source: Dialling | undefined
  #weight: number
  readonly initialWeight: number
  #admin: AdminState
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
    this.#admin = checked.disabled === true ? 'maint' : checked.drain === true ? 'drain' : 'ready'
    this.checkOption = checked.check
    this.checkTiming = (checked.checkTiming ?? {}) as DecidedTiming
    this.checkAddress = checked.checkAddress
    if (checked.checkAddress !== undefined) parseAddress(subject, 'checkAddress', checked.checkAddress)
    this.checkPort = checked.checkPort
    this.id = checked.id ?? 0
    this.#source = checked.source === undefined ? undefined : parseSource(subject, checked.source)
    this.dialling = this.#source
    this.health = new Health(this.checkTiming.rise ?? 2, this.checkTiming.fall ?? 3)
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
    this.#weight = checkOptions(`Server '${this.name}'`, z.object({ weight: integerOption(0, 256) }), { weight }).weight
    this.#owner?.changed(this, { what: 'weight' })
  }

  get admin(): AdminState {
    return this.#admin
  }

  /** Orders it into a state. What it serves now is finished in each of them. */
  set admin(state: AdminState) {
    if (state === this.#admin) return
    this.#admin = state
    this.#owner?.changed(this, { what: 'admin' })
  }

  /** Observed up; says nothing of what was ordered. */
  get up(): boolean {
    return this.health.up
  }

  /** Whether new requests may come to it. */
  get inRotation(): boolean {
    return this.#admin === 'ready' && !this.#unresolved && this.health.up
  }

  /** It can be reached by those who ask for it by name, though others may not come any more. */
  get reachable(): boolean {
    return this.#admin !== 'maint' && !this.#unresolved && this.health.up
  }

  /** No place left. */
  get full(): boolean {
    return this.counters.current >= this.maxConnections
  }

  /** Takes a check's result in. @returns whether it turned the server up or down */
  observe(passed: boolean, reason = ''): boolean {
    const flipped = this.health.observe(passed)
    if (!passed) this.counters.failedChecks++
    if (flipped) {
      if (!this.health.up) this.counters.wentDown++
      this.#owner?.changed(this, { what: 'health', up: this.health.up, reason })
    }
    return flipped
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
  }

  /** @internal Its backend has let it go. */
  leave(): void {
    this.#owner = undefined
  }
}
