/** The frontends and backends that run: each comes and goes as a whole, or not at all. What they are called and numbered is the balancer's business. */
import type { Logger } from '../observe/logger.js'
import type { Backend } from '../proxy/backend.js'
import type { Frontend } from '../proxy/frontend.js'
import type { Leaving } from '../proxy/leaving.js'
import type { Engine } from './engine.js'
import { Entrance } from './entrance.js'
import { findFirstAddress } from './first-address.js'
import { Monitor } from './monitor.js'
import { beginTimes } from './tally.js'

export class Proxies {
  readonly #engine: Engine
  readonly #entrances = new Map<Frontend, Entrance>()
  readonly #monitors = new Map<Backend, Monitor>()
  #stopped = false

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** Begins the first of them. */
  async start(frontends: readonly Frontend[], backends: readonly Backend[]): Promise<void> {
    this.#stopped = false
    await this.begin(frontends, backends)
  }

  /** Begins all of them: rejects when one thing cannot be had, and then everything has been taken back. */
  async begin(frontends: readonly Frontend[], backends: readonly Backend[]): Promise<void> {
    const undo: (() => void | Promise<void>)[] = []
    try {
      await Promise.all(backends.map((backend) => this.#resolve(backend)))
      for (const frontend of frontends) {
        const entrance = new Entrance(this.#engine, frontend)
        frontend.attach(entrance)
        undo.push(() => this.#discard(entrance))
        this.#engine.entrances.add(entrance)
        await entrance.listen()
        this.#entrances.set(frontend, entrance)
      }
      for (const logger of frontends.flatMap(({ loggers }) => loggers)) {
        logger.open?.()
        undo.push(() => logger.close?.())
      }
      if (this.#stopped) throw new Error('the balancer has been stopped meanwhile')
    } catch (error) {
      for (const step of undo.reverse()) await step()
      throw error
    }
    for (const backend of backends) this.#watch(backend)
  }

  #watch(backend: Backend): void {
    backend.useRandom(this.#engine.random)
    backend.attach(this.#engine)
    this.#engine.backends.add(backend)
    beginTimes(backend, this.#engine.clock.now())
    const monitor = new Monitor(this.#engine, backend)
    this.#monitors.set(backend, monitor)
    if (!backend.disabled) monitor.start()
    this.#engine.names.begin(backend)
  }

  async #discard(entrance: Entrance): Promise<void> {
    await entrance.closeListeners()
    entrance.stop()
    entrance.kill()
    this.#release(entrance)
  }

  #release(entrance: Entrance): void {
    const { frontend } = entrance
    frontend.attach(undefined)
    this.#engine.entrances.delete(entrance)
    if (this.#entrances.get(frontend) === entrance) this.#entrances.delete(frontend)
  }

  /** Closes a frontend: nobody new comes in, and those who are there have so many milliseconds for what is under way. */
  endFrontend(frontend: Frontend, patience: number): Leaving | undefined {
    const entrance = this.#entrances.get(frontend)
    if (entrance === undefined) return undefined
    void entrance.closeListeners()
    entrance.stop()
    const leaving = this.#engine.depart(
      () => frontend.counters.current,
      () => entrance.kill(),
      patience,
    )
    void leaving.gone.then(() => {
      // The balancer may have been stopped meanwhile, which has let go of it already.
      if (this.#entrances.get(frontend) !== entrance) return
      this.#release(entrance)
      void closeLoggers(frontend.loggers)
    })
    return leaving
  }

  /** Lets go of a backend, whose requests have so many milliseconds. */
  endBackend(backend: Backend, patience: number): Leaving | undefined {
    if (!this.#monitors.has(backend)) return undefined
    this.#unwatch(backend)
    const leaving = this.#engine.depart(
      () => backend.counters.current,
      () => this.#engine.shutdownBackend(backend),
      patience,
    )
    void leaving.gone.then(() => {
      if (!this.#engine.backends.has(backend)) this.#forget(backend)
    })
    return leaving
  }

  #unwatch(backend: Backend): void {
    this.#monitors.get(backend)?.stop()
    this.#monitors.delete(backend)
    this.#engine.names.end(backend)
    this.#engine.backends.delete(backend)
  }

  #forget(backend: Backend): void {
    backend.attach(undefined)
    this.#engine.forget(backend)
  }

  /** Nobody new comes in anywhere; what is under way goes on. @param spread of {@link Entrance.stop} */
  stop(spread: number): void {
    this.#stopped = true
    for (const entrance of this.#engine.entrances) void entrance.closeListeners()
    for (const entrance of [...this.#engine.entrances]) entrance.stop(spread)
  }

  /** Ends what is left. */
  kill(): void {
    for (const entrance of [...this.#engine.entrances]) entrance.kill()
  }

  /** Everybody has gone: lets go of all of them. Resolves when their loggers have written what they held. */
  async end(): Promise<void> {
    for (const backend of [...this.#monitors.keys()]) {
      this.#unwatch(backend)
      this.#forget(backend)
    }
    const entrances = [...this.#engine.entrances]
    for (const entrance of entrances) this.#release(entrance)
    await closeLoggers(new Set(entrances.flatMap(({ frontend }) => frontend.loggers)))
  }

  async #resolve(backend: Backend): Promise<void> {
    await Promise.all(backend.servers.map((server) => findFirstAddress(this.#engine.network, server)))
  }
}

/** A logger that cannot write its last lines has told so, and keeps nobody from going. */
async function closeLoggers(loggers: Iterable<Logger>): Promise<void> {
  await Promise.allSettled([...loggers].map(async (logger) => logger.close?.()))
}
