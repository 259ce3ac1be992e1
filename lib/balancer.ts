/** The composition root: owns clock, network and proxies, and starts and stops them as one. */
import { EventEmitter } from 'eventemitter3'
import { systemClock } from './base/clock.js'
import { OptionError } from './base/errors.js'
import { systemRandom } from './base/random.js'
import { defaultLimits } from './codec/step.js'
import {
  type BalancerEvents,
  type BalancerOptions,
  checkBalancerOptions,
  type StartOptions,
  type StopOptions,
  spreadOf,
} from './engine/balancer-options.js'
import { Engine } from './engine/engine.js'
import { type BackendStats, backendStats, type FrontendStats, frontendStats } from './engine/figures.js'
import { systemNetwork } from './engine/network.js'
import { PeerGroups } from './engine/peers/peer-groups.js'
import type { ProcessOptions } from './engine/process-view.js'
import { Proxies } from './engine/proxies.js'
import { ProxyList } from './engine/proxy-list.js'
import { Ring } from './engine/ring.js'
import { restoreSnapshot, type Snapshot, takeSnapshot } from './engine/snapshot.js'
import type { EventSink } from './match/event-sink.js'
import type { Resolvers } from './match/resolvers.js'
import { type StatusSet, usualErrors, usualFailures } from './message/status-set.js'
import type { Backend } from './proxy/backend.js'
import type { Explanation } from './proxy/explanation.js'
import { Frontend } from './proxy/frontend.js'
import { usualFullConnections } from './proxy/full-connections.js'
import { explainInquiry, type Inquiry } from './proxy/inquiry.js'
import { type LeaveOptions, type Leaving, leftAlready, patienceOf } from './proxy/leaving.js'
import type { Peers } from './proxy/peers.js'
import { numberProxies } from './proxy/proxy-numbers.js'
import type { Server } from './proxy/server.js'
import type { SharedStanding } from './table/shared-counts.js'
import type { StickTable } from './table/stick-table.js'

/** Numbers of one proxy or server. */
export interface BalancerStats {
  /** Client connections now. */
  readonly connections: number
  /** Requests (in TCP mode, connections) under way. */
  readonly underWay: number
  /** Server connections that stand idle. */
  readonly idleConnections: number
  readonly frontends: Readonly<Record<string, FrontendStats>>
  readonly backends: Readonly<Record<string, BackendStats>>
  /** How it goes with the tables that several nodes count in, by name. */
  readonly shared: Readonly<Record<string, SharedStanding>>
}

const REWRITE_ROOM = 1024

function statuses(option: string, usual: StatusSet, change: string | undefined): StatusSet {
  if (change === undefined) return usual
  try {
    return usual.change(change)
  } catch (error) {
    throw new OptionError('Balancer', option, (error as Error).message)
  }
}

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
  readonly #engine: Engine
  readonly #proxies: Proxies
  readonly #resolvers: readonly Resolvers[]
  readonly #sinks: readonly EventSink[]
  readonly #tables: readonly StickTable[]
  /** Groups of processes that tell each other what stick tables remember. */
  readonly peers: readonly Peers[]
  readonly #peerGroups: PeerGroups
  #frontends: ProxyList<Frontend>
  #backends: ProxyList<Backend>
  /** What is being added and has not begun yet; its names are taken. */
  readonly #joining = new Set<Frontend | Backend>()
  #state: State = 'idle'
  /** Frontends that listen no more until {@link resume}. */
  #paused: readonly Frontend[] = []
  #stopped: Promise<void> | undefined = undefined
  /** Settles when the present start is over, however it ends. */
  #starting: Promise<void> | undefined = undefined

  constructor(options: BalancerOptions) {
    super()
    const checked = checkBalancerOptions(options)
    this.#frontends = this.#frontendList(unique('frontends', checked.frontends))
    this.#backends = this.#backendList(unique('backends', allBackends(checked.frontends, checked.backends ?? [])))
    numberProxies([...this.frontends, ...this.backends])
    const most = checked.maxConnections || Number.POSITIVE_INFINITY
    for (const backend of this.backends)
      backend.usualFullConnections = usualFullConnections(backend, this.frontends, most)
    const bufferSize = checked.bufferSize ?? defaultLimits.maxHead + REWRITE_ROOM
    this.#engine = new Engine({
      clock: checked.clock ?? systemClock,
      random: checked.random ?? systemRandom,
      network: checked.network ?? systemNetwork,
      limits: {
        ...defaultLimits,
        maxHead: bufferSize - Math.min(checked.rewriteRoom ?? REWRITE_ROOM, bufferSize / 2),
        maxFields: checked.maxHeaders ?? defaultLimits.maxFields,
      },
      maxConnections: checked.maxConnections || Number.POSITIVE_INFINITY,
      maxConnectionRate: checked.maxConnectionRate || undefined,
      maxSessionRate: checked.maxSessionRate || undefined,
      bufferSize,
      countedStatuses: {
        errors: statuses('errorCodes', usualErrors, checked.errorCodes),
        failures: statuses('failureCodes', usualFailures, checked.failureCodes),
      },
      process: checked.process as ProcessOptions | undefined,
      spread: { jitter: checked.checks?.jitter ?? 0, within: checked.checks?.within },
      listeners: {
        record: (record) => void this.emit('record', record),
        health: (change) => void this.emit('health', change),
        check: (report) => void this.emit('check', report),
        server: (news) => void this.emit('server', news),
        panic: (news) => void this.emit('panic', news),
        seen: (seen) => void this.emit('seen', seen),
        peer: (news) => void this.emit('peer', news),
        shared: (news) => void this.emit('shared', news),
        error: (error, about) => void this.emit('fault', error, about),
      },
    })
    this.#proxies = new Proxies(this.#engine)
    this.#resolvers = checked.resolvers ?? []
    this.#sinks = checked.sinks ?? []
    this.#tables = checked.tables ?? []
    this.peers = unique('peers', checked.peers ?? [])
    const both = this.#peerTables().find(({ shared }) => shared !== undefined)
    if (both !== undefined)
      throw new OptionError(
        'Balancer',
        'peers',
        `table '${both.name}' is shared through a store: peers cannot teach it, too`,
      )
    const { clock, random, network } = this.#engine
    const surroundings = { clock, random, network, pid: this.#engine.process.pid }
    this.#peerGroups = new PeerGroups(this.peers, surroundings, (news) => this.#engine.tellPeer(news))
  }

  /** Where clients come in; `add` and `remove` change it while it runs. */
  get frontends(): ProxyList<Frontend> {
    return this.#frontends
  }

  /** Where requests go to, those of the frontends included; `add` and `remove` change it while it runs. */
  get backends(): ProxyList<Backend> {
    return this.#backends
  }

  #frontendList(frontends: readonly Frontend[]): ProxyList<Frontend> {
    return new ProxyList(
      { join: (one) => this.#join(one, [one]), part: (one, patience) => this.#partFrontend(one, patience) },
      frontends,
    )
  }

  #backendList(backends: readonly Backend[]): ProxyList<Backend> {
    return new ProxyList(
      { join: (one) => this.#join(one, []), part: (one, patience) => this.#partBackend(one, patience) },
      backends,
    )
  }

  /** The lists of name servers that it was told of, and that its servers ask; each of their name servers has counted what came of it. */
  get resolvers(): readonly Resolvers[] {
    const asked = this.backends.flatMap(({ servers }) => servers.flatMap(({ naming }) => naming.resolvers ?? []))
    return [...new Set([...this.#resolvers, ...asked])]
  }

  /** The stick tables that it knows: those that it was told of, and those that have been tracked at or have remembered a server. */
  get tables(): readonly StickTable[] {
    return [...new Set([...this.#tables, ...this.#peerTables(), ...this.#engine.tables.tables])]
  }

  /** Where expressions show what they see: its own ring, `buf0`, and those that it was told of. */
  get sinks(): readonly EventSink[] {
    return [this.#engine.events, ...this.#sinks]
  }

  #peerTables(): readonly StickTable[] {
    return this.peers.flatMap(({ tables }) => tables.map(({ table }) => table as StickTable))
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
  async start({ succeeds = false }: StartOptions = {}): Promise<void> {
    if (this.#state !== 'idle') throw new Error(`the balancer is ${this.#state} already`)
    this.#state = 'starting'
    this.#engine.process.begin(this.#engine.clock.wall())
    const started = this.#begin(succeeds)
    const over = (): void => {
      this.#starting = undefined
    }
    this.#starting = started.then(over, over)
    await started
  }

  async #begin(succeeds: boolean): Promise<void> {
    try {
      await this.#peerGroups.listen()
      await this.#proxies.start(this.frontends, this.backends)
    } catch (error) {
      this.#peerGroups.stop()
      this.#peerGroups.end()
      this.#state = 'idle'
      throw error
    }
    for (const table of this.tables) this.#engine.tables.adopt(table)
    this.#engine.sharing.begin()
    this.#peerGroups.begin(succeeds)
    this.#state = 'running'
  }

  async #join(one: Frontend | Backend, frontends: readonly Frontend[]): Promise<void> {
    const coming = one instanceof Frontend ? one.backends() : [one]
    const backends = coming.filter((backend) => !this.#backends.includes(backend))
    this.#checkNames(frontends, backends)
    const joining = [...frontends, ...backends]
    numberProxies(joining, [...this.#frontends, ...this.#backends, ...this.#joining])
    if (this.#state !== 'idle') {
      if (this.#state !== 'running') throw new Error(`the balancer is ${this.#state}: nothing can be added now`)
      for (const each of joining) this.#joining.add(each)
      try {
        await this.#proxies.begin(frontends, backends)
      } finally {
        for (const each of joining) this.#joining.delete(each)
      }
    }
    this.#frontends = this.#frontendList([...this.#frontends, ...frontends])
    this.#backends = this.#backendList([...this.#backends, ...backends])
  }

  #checkNames(frontends: readonly Frontend[], backends: readonly Backend[]): void {
    const joining = [...this.#joining]
    const kinds = [
      ['frontends', frontends, [...this.#frontends, ...joining.filter((one) => one instanceof Frontend)]],
      ['backends', backends, [...this.#backends, ...joining.filter((one) => !(one instanceof Frontend))]],
    ] as const
    for (const [option, coming, there] of kinds)
      for (const { name } of coming)
        if (there.some((other) => other.name === name))
          throw new OptionError('Balancer', `${option}.add()`, `there is another one called '${name}'`)
  }

  #partFrontend(frontend: Frontend, patience: number): Leaving {
    this.#frontends = this.#frontendList(this.#frontends.filter((one) => one !== frontend))
    return this.#proxies.endFrontend(frontend, patience) ?? leftAlready()
  }

  #partBackend(backend: Backend, patience: number): Leaving {
    const user = this.#frontends.find((frontend) => frontend.backends().includes(backend))
    if (user !== undefined)
      throw new OptionError(
        'Balancer',
        'backends.remove()',
        `the frontend '${user.name}' sends to '${backend.name}': replace its routes first`,
      )
    this.#backends = this.#backendList(this.#backends.filter((one) => one !== backend))
    return this.#proxies.endBackend(backend, patience) ?? leftAlready()
  }

  /**
   * Listens nowhere, for frontends or peers, until {@link resume}, so that another process can listen in this one's place; whoever is there stays. Resolves when all
   * places are free. Does nothing unless it runs. HAProxy: SIGTTOU.
   */
  async pause(): Promise<void> {
    if (this.#state !== 'running') return
    const listening = this.frontends.filter(({ halted }) => halted === undefined)
    this.#paused = [...this.#paused, ...listening]
    await Promise.all([...listening.map((frontend) => frontend.pause()), this.#peerGroups.pause()])
  }

  /** Listens again where {@link pause} has stopped it. Rejects when a place cannot be had any more; the others are had then. HAProxy: SIGTTIN. */
  async resume(): Promise<void> {
    if (this.#state !== 'running') return
    const paused = this.#paused
    const resumed = await Promise.allSettled([
      ...paused.map((frontend) => frontend.resume()),
      this.#peerGroups.resume(),
    ])
    this.#paused = this.#paused.filter(({ halted }) => halted === 'paused')
    const failed = resumed.find((one) => one.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }

  /**
   * Stops listening, lets what is under way finish if asked to, and lets go of everything. Resolves when nothing is left; may be called
   * again, with less patience.
   */
  async stop(options: StopOptions = {}): Promise<void> {
    const patience = patienceOf('stop()', { drain: options.drain ?? false })
    const spread = spreadOf(options.spread ?? 0)
    // Who stops what is about to start wants it stopped.
    if (this.#starting !== undefined) await this.#starting
    if (this.#state === 'idle') return
    const first = this.#state === 'running'
    this.#state = 'stopping'
    this.#engine.process.stopping = true
    if (first) {
      this.#proxies.stop(spread)
      this.#peerGroups.stop()
      const handedOver = options.handOver === true ? this.#peerGroups.handOver() : undefined
      this.#stopped = this.#left(handedOver)
    }
    if (patience === 0) this.#kill(options.handOver === true)
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
      frontends: Object.fromEntries(
        this.frontends.map((frontend) => [frontend.name, frontendStats(this.#engine, frontend)]),
      ),
      backends: Object.fromEntries(this.backends.map((backend) => [backend.name, backendStats(this.#engine, backend)])),
      shared: Object.fromEntries(
        this.tables.flatMap(({ name, shared }) => (shared === undefined ? [] : [[name, shared.standing]])),
      ),
    }
  }

  /**
   * What another balancer may go on with: counters, and for each server what was ordered and observed of it, its weight, limit and address. Plain
   * data, for JSON. Stick tables are not part of it.
   */
  snapshot(): Snapshot {
    return takeSnapshot({ frontends: this.frontends, backends: this.backends, now: this.#engine.clock.now() })
  }

  /**
   * Goes on from a {@link snapshot}, before the start or while it runs: proxies and servers of the same names take over what was; checks go on from
   * there. A weight that was written otherwise since is left as it is.
   * @throws {OptionError} on what is no snapshot
   */
  restore(snapshot: Snapshot): void {
    restoreSnapshot({ frontends: this.frontends, backends: this.backends, now: this.#engine.clock.now() }, snapshot)
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

  /**
   * Orders a server to finish what it has and to take nothing new: `drain`, and the promise that it is done.
   * @returns how many are left, and when they have gone; {@link LeaveOptions.drain} says how long they may take
   */
  drain(server: Server, options: LeaveOptions = {}): Leaving {
    const patience = patienceOf('drain()', options)
    if (server.admin === 'ready') server.admin = 'drain'
    return this.#engine.serverLeft(server, patience)
  }

  /** @internal What runs: for `lib/admin`. */
  get engine(): Engine {
    return this.#engine
  }

  /** Stops at once: for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  #kill(handsOver = false): void {
    this.#proxies.kill()
    if (!handsOver) this.#peerGroups.cut()
  }

  /** Waits until the last client is gone, then lets go of the rest. */
  async #left(handedOver: Promise<void> | undefined): Promise<void> {
    while (this.#engine.sessions > 0)
      await new Promise<void>((resolve) => {
        this.#engine.onEmpty = resolve
      })
    await handedOver
    const logged = this.#proxies.end()
    this.#peerGroups.end()
    await logged
    for (const sink of this.#sinks) if (sink instanceof Ring) sink.close()
    await this.#engine.sharing.stop()
    this.#engine.tables.stop()
    this.#engine.clearPools()
    this.#state = 'idle'
  }
}

function allBackends(frontends: readonly Frontend[], extra: readonly Backend[]): readonly Backend[] {
  return [...new Set([...frontends.flatMap((frontend) => frontend.backends()), ...extra])]
}

function unique<T extends { readonly name: string }>(option: string, given: readonly T[]): readonly T[] {
  given.forEach((one, index) => {
    if (given.findIndex((other) => other.name === one.name) !== index)
      throw new OptionError('Balancer', `${option}[${index}]`, `there is another one called '${one.name}'`)
  })
  return [...given]
}
