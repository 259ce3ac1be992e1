/** Everything that goes on around one server while it runs: its checks, its agent, its slow start, and what its traffic shows. */
import { Analysis } from '../proxy/analysis.js'
import type { Backend } from '../proxy/backend.js'
import type { Observed, Server } from '../proxy/server.js'
import type { ServerChange } from '../proxy/server-change.js'
import { AgentWatch } from './agent-watch.js'
import type { Engine } from './engine.js'
import { HealthWatch } from './health-watch.js'
import { WarmUp } from './warm-up.js'

export class ServerWatch {
  readonly #engine: Engine
  readonly #backend: Backend
  readonly #server: Server
  readonly #health: HealthWatch | undefined
  readonly #agent: AgentWatch | undefined
  readonly #warmUp: WarmUp | undefined
  readonly #analysis: Analysis | undefined

  constructor(engine: Engine, backend: Backend, server: Server) {
    this.#engine = engine
    this.#backend = backend
    this.#server = server
    const { check, agent, observed, slowStart, errorLimit } = server
    this.#health = check === undefined ? undefined : new HealthWatch(engine, backend, server, check)
    this.#agent = agent === undefined ? undefined : new AgentWatch(engine, backend, server)
    this.#warmUp = slowStart > 0 ? new WarmUp(engine.clock, server) : undefined
    if (observed !== undefined && check !== undefined)
      this.#analysis = new Analysis(observed === 'layer4' ? 4 : 7, errorLimit)
  }

  start(): void {
    if (this.#health !== undefined) this.#engine.rota.join(this.#health)
    if (this.#agent !== undefined) this.#engine.rota.join(this.#agent)
    if (this.#analysis !== undefined || this.#backend.outliers !== undefined) this.#server.observer = this.#observe
  }

  stop(): void {
    for (const rhythm of [this.#health, this.#agent]) {
      if (rhythm === undefined) continue
      this.#engine.rota.leave(rhythm)
      rhythm.stop()
    }
    this.#warmUp?.stop()
    this.#server.observer = undefined
  }

  /** The server stands otherwise than before. */
  changed(change: ServerChange): void {
    const { ordered, warmth } = this.#server
    if (change.what === 'health' || change.what === 'admin') {
      if (ordered === 'maint') this.#health?.abandon()
      if (warmth === 0) this.#warmUp?.start()
      this.#carryOut(change)
    } else if (change.what === 'address') this.#health?.abandon()
    else if (change.what === 'resolution' && warmth === 0) this.#warmUp?.start()
  }

  /** Manual, `on-marked-down`, `on-marked-up`. */
  #carryOut(change: ServerChange & { what: 'health' | 'admin' }): void {
    const server = this.#server
    const before = change.what === 'health' ? change.before : change.before.state
    const wasThere = before !== 'down' && (change.what === 'health' || change.before.ordered !== 'maint')
    const isThere = server.up && server.ordered !== 'maint'
    if (wasThere && !isThere && server.onMarkedDown !== undefined) this.#engine.shutdownSessions(server, 'down')
    if (!isThere || wasThere || server.onMarkedUp === undefined || server.backup || server.effectiveWeight === 0) return
    for (const backup of this.#backend.servers) if (backup.backup) this.#engine.shutdownSessions(backup, 'up')
  }

  readonly #observe = (seen: Observed): void => {
    this.#backend.outliers?.take(this.#server, seen)
    const found = this.#analysis?.take(seen)
    if (found === undefined) return
    this.#server.counters.failedAnalyses++
    const { onError, health } = this.#server
    const watch = this.#health as HealthWatch
    if (onError === 'suddenDeath') health.weaken(1)
    else if (onError === 'markDown') health.weaken(0)
    if (onError !== 'fastInterval') watch.heard({ passed: false, status: 'HANA', description: found }, -1)
    watch.hurry(watch.fast)
  }
}
