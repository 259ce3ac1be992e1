/** The composition root: owns clock, network and proxies, and starts and stops them as one. */
import { EventEmitter } from 'eventemitter3'
import { z } from 'zod'
import { type Clock, systemClock } from './base/clock.js'
import { OptionError } from './base/errors.js'
import { checkOptions, durationOption, instanceOption, integerOption } from './base/options.js'
import { type Random, systemRandom } from './base/random.js'
import { defaultLimits } from './codec/step.js'
import { type CheckReport, Engine, type HealthChange, type PanicNews, type ServerNews } from './engine/engine.js'
import { Entrance } from './engine/entrance.js'
import { Monitor } from './engine/monitor.js'
import { type Network, systemNetwork } from './engine/network.js'
import { type ProcessOptions, processOptions } from './engine/process-view.js'
import type { Counters } from './observe/counters.js'
import type { Logger } from './observe/logger.js'
import type { TransactionRecord } from './observe/record.js'
import type { Backend } from './proxy/backend.js'
import type { Explanation } from './proxy/explanation.js'
import { Frontend } from './proxy/frontend.js'
import { explainInquiry, type Inquiry } from './proxy/inquiry.js'
import type { Server } from './proxy/server.js'

/** How the checks of all servers are spread over time. */
export interface CheckSpread {
  /** Percent that each interval is longer or shorter, by chance, 0 to 50. Default 0. Manual, `spread-checks`. */
  readonly jitter?: number
  /**
   * The time within which all of them begin. Default: the shortest interval of those that begin together. Manual, `max-spread-checks`.
   */
  readonly within?: number | string
}

/** What a balancer is made of. */
export interface BalancerOptions {
  readonly frontends: readonly Frontend[]
  /** Backends that no route names and that are to be checked all the same. Those of the frontends come by themselves. */
  readonly backends?: readonly Backend[]
  /** Client connections at a time over all frontends; more wait. Default: no limit. Manual, `maxconn` of `global`. */
  readonly maxConnections?: number
  /** Bytes of a request's or response's head, plus the room to rewrite in. Default 16384. Manual, `tune.bufsize`. */
  readonly bufferSize?: number
  /** How much of the buffer is kept for what rules add. At most half of it, default 1024. Manual, `tune.maxrewrite`. */
  readonly rewriteRoom?: number
  /** Header fields of a request or response. Default 101. Manual, `tune.http.maxhdr`. */
  readonly maxHeaders?: number
  /** What rules see of the process: its name, the variables of scope `proc` that are there from the start, the room that variables have. */
  readonly process?: ProcessOptions
  /** How checks are kept from coming all at once. */
  readonly checks?: CheckSpread
  /** Time, chance and network, for tests. Default: the system's. */
  readonly clock?: Clock
  readonly random?: Random
  readonly network?: Network
}

/** What happens, for whoever listens with `balancer.on()`. */
export interface BalancerEvents {
  /** A transaction is over. */
  record: (record: TransactionRecord) => void
  /** A server went up or down. */
  health: (change: HealthChange) => void
  /** A check of a server has seen something else than the one before it, or has brought it nearer to a change. */
  check: (report: CheckReport) => void
  /** A server was ordered into another state, changed or moved, has joined or left; its health, too. */
  server: (news: ServerNews) => void
  /** A backend has begun to use servers that are not up, or need not any more. See {@link BackendOptions.panicThreshold}. */
  panic: (news: PanicNews) => void
  /** A rule, a logger or a listener of yours threw; `about` says where. The request that it concerns was answered with 500. */
  fault: (error: unknown, about: string) => void
}

/** How to stop. */
export interface StopOptions {
  /**
   * `true`: what is under way may finish, however long it takes. A time: at most so long, then it is cut. Default `false`: everything is
   * cut at once.
   */
  readonly drain?: boolean | number | string
}

/** Numbers of one proxy or server. */
export interface BalancerStats {
  /** Client connections now. */
  readonly connections: number
  /** Requests (in TCP mode, connections) under way. */
  readonly underWay: number
  /** Server connections that stand idle. */
  readonly idleConnections: number
  readonly frontends: Readonly<Record<string, Counters>>
  readonly backends: Readonly<Record<string, BackendStats>>
}

export interface BackendStats extends Counters {
  readonly servers: Readonly<Record<string, ServerStats>>
}

export interface ServerStats extends Counters {
  readonly up: boolean
  readonly admin: string
  readonly weight: number
}

const isPart = (method: string) => (given: unknown) =>
  typeof given === 'object' && given !== null && typeof (given as Record<string, unknown>)[method] === 'function'

const shape = {
  frontends: z.array(instanceOption(Frontend, 'must be a Frontend'), { error: 'must be a list of Frontends' }),
  backends: z.array(z.custom<Backend>(isPart('seek'), { error: 'must be a Backend' })).optional(),
  maxConnections: integerOption(0, 2 ** 31 - 1).optional(),
  bufferSize: integerOption(2048, 2 ** 24).optional(),
  rewriteRoom: integerOption(0, 2 ** 24).optional(),
  maxHeaders: integerOption(1, 32767).optional(),
  process: processOptions.optional(),
  checks: z
    .strictObject({ jitter: integerOption(0, 50, 'a percentage').optional(), within: durationOption.optional() })
    .optional(),
  clock: z.custom<Clock>(isPart('after'), { error: 'must be a Clock' }).optional(),
  random: z.custom<Random>(isPart('next'), { error: 'must be a Random' }).optional(),
  network: z.custom<Network>(isPart('dial'), { error: 'must be a Network' }).optional(),
}
/** An object of a class of its own, as `loadConfig()` gives it, may hold more than a balancer asks for. */
const configured = z.looseObject(shape)
const balancerOptions = z.strictObject(shape, { error: notOptions })

function notOptions(issue: { readonly code?: string | undefined }): string | undefined {
  return issue.code === 'invalid_type' ? 'must be given options, with a list of frontends' : undefined
}

const REWRITE_ROOM = 1024

type State = 'idle' | 'starting' | 'running' | 'stopping'

/**
 * Runs frontends and backends.
 *
 * ```ts
 * await using balancer = new Balancer({ frontends: [site()] })
 * balancer.on('health', ({ server, up, reason }) => console.warn(server.name, up ? 'UP' : 'DOWN', reason))
 * await balancer.start()
 * ```
 *
 * @throws {OptionError} that names the option that is wrong
 */
export class Balancer extends EventEmitter<BalancerEvents> implements AsyncDisposable {
  readonly frontends: readonly Frontend[]
  readonly backends: readonly Backend[]
  readonly #engine: Engine
  readonly #random: Random
  #entrances: readonly Entrance[] = []
  #monitors: readonly Monitor[] = []
  #state: State = 'idle'
  #stopped: Promise<void> | undefined = undefined
  /** Settles when the present start is over, however it ends. */
  #starting: Promise<void> | undefined = undefined

  constructor(options: BalancerOptions) {
    super()
    const checked = checkOptions('Balancer', isPlain(options) ? balancerOptions : configured, options)
    this.frontends = unique('frontends', checked.frontends)
    this.backends = unique('backends', allBackends(checked.frontends, checked.backends ?? []))
    number([...this.frontends, ...this.backends])
    this.#random = checked.random ?? systemRandom
    const bufferSize = checked.bufferSize ?? defaultLimits.maxHead + REWRITE_ROOM
    this.#engine = new Engine({
      clock: checked.clock ?? systemClock,
      random: this.#random,
      network: checked.network ?? systemNetwork,
      limits: {
        ...defaultLimits,
        maxHead: bufferSize - Math.min(checked.rewriteRoom ?? REWRITE_ROOM, bufferSize / 2),
        maxFields: checked.maxHeaders ?? defaultLimits.maxFields,
      },
      maxConnections: checked.maxConnections || Number.POSITIVE_INFINITY,
      bufferSize,
      process: checked.process as ProcessOptions | undefined,
      spread: { jitter: checked.checks?.jitter ?? 0, within: checked.checks?.within },
      listeners: {
        record: (record) => void this.emit('record', record),
        health: (change) => void this.emit('health', change),
        check: (report) => void this.emit('check', report),
        server: (news) => void this.emit('server', news),
        panic: (news) => void this.emit('panic', news),
        error: (error, about) => void this.emit('fault', error, about),
      },
    })
  }

  /** The frontend of that name. */
  frontend(name: string): Frontend | undefined {
    return this.frontends.find((frontend) => frontend.name === name)
  }

  /** The backend of that name. */
  backend(name: string): Backend | undefined {
    return this.backends.find((backend) => backend.name === name)
  }

  /**
   * Resolves server names, listens, and begins to check. All or nothing: when one thing cannot be had, everything is taken back, and the
   * promise rejects with what it was.
   */
  async start(): Promise<void> {
    if (this.#state !== 'idle') throw new Error(`the balancer is ${this.#state} already`)
    this.#state = 'starting'
    this.#engine.process.begin(this.#engine.clock.wall())
    const started = this.#begin()
    const over = (): void => {
      this.#starting = undefined
    }
    this.#starting = started.then(over, over)
    await started
  }

  async #begin(): Promise<void> {
    const entrances: Entrance[] = []
    const attached: Frontend[] = []
    const opened: Logger[] = []
    try {
      await Promise.all(this.backends.map((backend) => this.#resolve(backend)))
      for (const frontend of this.frontends) entrances.push(new Entrance(this.#engine, frontend))
      for (const entrance of entrances) {
        entrance.frontend.attach(entrance)
        attached.push(entrance.frontend)
        await entrance.listen()
      }
      for (const logger of this.frontends.flatMap((frontend) => frontend.loggers)) {
        logger.open?.()
        opened.push(logger)
      }
    } catch (error) {
      await Promise.all(entrances.map((entrance) => entrance.closeListeners()))
      for (const entrance of entrances) {
        entrance.stop()
        entrance.kill()
      }
      for (const logger of opened) logger.close?.()
      for (const frontend of attached) frontend.attach(undefined)
      this.#state = 'idle'
      throw error
    }
    this.#entrances = entrances
    for (const entrance of entrances) this.#engine.entrances.add(entrance)
    for (const backend of this.backends) {
      backend.useRandom(this.#random)
      backend.attach(this.#engine)
    }
    this.#monitors = this.backends.map((backend) => new Monitor(this.#engine, backend))
    for (const monitor of this.#monitors) monitor.start()
    this.#state = 'running'
  }

  /**
   * Stops listening, lets what is under way finish if asked to, and lets go of everything. Resolves when nothing is left; may be called
   * again, with less patience.
   */
  async stop(options: StopOptions = {}): Promise<void> {
    const patience = drainTime(options.drain)
    // Who stops what is about to start wants it stopped.
    if (this.#starting !== undefined) await this.#starting
    if (this.#state === 'idle') return
    const first = this.#state === 'running'
    this.#state = 'stopping'
    this.#engine.process.stopping = true
    if (first) {
      for (const entrance of this.#entrances) void entrance.closeListeners()
      for (const entrance of this.#entrances) entrance.stop()
      this.#stopped = this.#left()
    }
    if (patience === 0) this.#kill()
    else if (patience !== Number.POSITIVE_INFINITY) {
      const timer = this.#engine.clock.after(patience, () => this.#kill())
      await this.#stopped
      timer.cancel()
      return
    }
    await this.#stopped
  }

  /** Numbers as they are now: plain data. */
  stats(): BalancerStats {
    return {
      connections: this.#engine.sessions,
      underWay: this.#engine.underWay,
      idleConnections: this.#engine.idleConnections,
      frontends: Object.fromEntries(this.frontends.map(({ name, counters }) => [name, copy(counters)])),
      backends: Object.fromEntries(this.backends.map((backend) => [backend.name, backendStats(backend)])),
    }
  }

  /**
   * How a request would go, as things are: every rule that would be looked at and what it saw, the backend, the server, what that would get, or
   * what the client would. Nothing is counted, tracked, queued or connected to, and the balancer need not run; see `explain()`.
   *
   * ```ts
   * console.log(String(await balancer.explain('https://api.example.com/x', { src: '10.1.2.3' })))
   * ```
   *
   * Rejects with {@link OptionError} on what is no URL or address, and when it is not clear which frontend would take it.
   */
  explain(url: string, inquiry: Inquiry = {}): Promise<Explanation> {
    const { clock, limits, process, bufferSize } = this.#engine
    const asked = { frontends: this.frontends, clock, process, bufferSize, bodySize: limits.maxHead }
    return explainInquiry(asked, url, inquiry)
  }

  /**
   * Ends the requests and connections that a server has now; their records say `K`. Those that wait for it, and what comes later, go on.
   * HAProxy: `shutdown sessions server`.
   * @returns how many there were
   */
  shutdownSessions(server: Server): number {
    return this.#engine.shutdownSessions(server, 'killed')
  }

  /** @internal What runs: for `lib/admin`. */
  get engine(): Engine {
    return this.#engine
  }

  /** Stops at once: for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  #kill(): void {
    for (const entrance of this.#entrances) entrance.kill()
  }

  /** Waits until the last client is gone, then lets go of the rest. */
  async #left(): Promise<void> {
    while (this.#engine.sessions > 0)
      await new Promise<void>((resolve) => {
        this.#engine.onEmpty = resolve
      })
    for (const monitor of this.#monitors) monitor.stop()
    this.#monitors = []
    for (const backend of this.backends) backend.attach(undefined)
    this.#engine.clearPools()
    for (const frontend of this.frontends) {
      frontend.attach(undefined)
      for (const logger of frontend.loggers) logger.close?.()
    }
    this.#entrances = []
    this.#engine.entrances.clear()
    this.#state = 'idle'
  }

  async #resolve(backend: Backend): Promise<void> {
    await Promise.all(
      backend.servers.map(async (server) => {
        const { parsed } = server
        if (parsed.kind !== 'name') return
        try {
          server.resolved = await this.#engine.network.resolve(parsed.name, parsed.family)
        } catch (error) {
          const reason = (error as Error).message
          throw new OptionError(`Server '${server.name}'`, 'address', `cannot resolve '${parsed.name}': ${reason}`)
        }
      }),
    )
  }
}

function isPlain(options: unknown): boolean {
  if (typeof options !== 'object' || options === null) return true
  const prototype: unknown = Object.getPrototypeOf(options)
  return prototype === Object.prototype || prototype === null
}

function allBackends(frontends: readonly Frontend[], extra: readonly Backend[]): readonly Backend[] {
  return [...new Set([...frontends.flatMap((frontend) => frontend.backends()), ...extra])]
}

/** Those that were not given a number get the next one that is free. */
function number(proxies: readonly { id: number }[]): void {
  const taken = new Set(proxies.map(({ id }) => id))
  let next = 1
  for (const proxy of proxies) {
    if (proxy.id !== 0) continue
    while (taken.has(next)) next++
    proxy.id = next
    taken.add(next)
  }
}

function unique<T extends { readonly name: string }>(option: string, given: readonly T[]): readonly T[] {
  given.forEach((one, index) => {
    if (given.findIndex((other) => other.name === one.name) !== index)
      throw new OptionError('Balancer', `${option}[${index}]`, `there is another one called '${one.name}'`)
  })
  return [...given]
}

function drainTime(drain: StopOptions['drain']): number {
  if (drain === undefined || drain === false) return 0
  if (drain === true) return Number.POSITIVE_INFINITY
  return checkOptions('stop()', z.object({ drain: durationOption }), { drain }).drain
}

const copy = (counters: Counters): Counters => ({ ...counters, responses: [...counters.responses] })

function backendStats(backend: Backend): BackendStats {
  const servers = backend.servers.map((server): [string, ServerStats] => [
    server.name,
    { ...copy(server.counters), up: server.up, admin: server.admin, weight: server.weight },
  ])
  return { ...copy(backend.counters), servers: Object.fromEntries(servers) }
}
