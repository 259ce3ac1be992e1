/** Tells operators what changes while the process serves: on stderr as HAProxy does, and to the `log` targets of backends and of `global`. */
import type { Balancer } from '../balancer.js'
import type { Config } from '../config/index.js'
import type { CheckReport, HealthChange } from '../engine/engine.js'
import { modeLog } from '../observe/log-format.js'
import { checkLine, serverText } from '../observe/log-notice.js'
import type { Logger } from '../observe/logger.js'
import type { Level } from '../observe/syslog.js'
import type { Backend } from '../proxy/backend.js'
import type { Report } from './report.js'

/** Listens to a balancer. */
export class Announcer {
  readonly #report: Report
  readonly #loggers: readonly Logger[]
  readonly #changeLoggers: Config['changeLoggers']
  readonly #listens: ReadonlySet<string>
  readonly #checksLogged: ReadonlySet<string>

  constructor(config: Config, report: Report) {
    this.#report = report
    this.#loggers = config.processLoggers
    this.#changeLoggers = config.changeLoggers
    this.#checksLogged = config.checksLogged
    this.#listens = new Set(config.frontends.map(({ name }) => name))
  }

  /** Follows what happens in the balancer. `show` is told of each transaction (`-d`). */
  follow(balancer: Balancer, show: ((text: string) => void) | undefined): void {
    balancer.on('check', (report) => this.#check(report))
    balancer.on('health', (change) => this.#health(change))
    balancer.on('fault', (error, about) => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
      this.#warn('err', `${about} : ${text}`)
    })
    if (show === undefined) return
    const format = modeLog()
    balancer.on('record', (record) => show(`${format(record)}\n`))
  }

  /** Each proxy, as a soft stop tells of it. */
  stopped(balancer: Balancer): void {
    const { frontends, backends } = balancer.stats()
    for (const name of new Set([...Object.keys(frontends), ...Object.keys(backends)])) {
      const counts = `FE: ${frontends[name]?.total ?? 0}, BE: ${backends[name]?.total ?? 0}`
      this.#warn('warning', `Proxy ${name} stopped (cumulated conns: ${counts}).`)
    }
  }

  /** SIGHUP: how the servers are. */
  describe(balancer: Balancer): void {
    this.#warn('warning', 'SIGHUP received, dumping servers states.')
    for (const backend of balancer.backends) {
      for (const { name, up, counters } of backend.servers) {
        const counts = `Conn: ${counters.current} act, ${counters.queued} pend, ${counters.total} tot.`
        this.#warn('notice', `SIGHUP: Server ${backend.name}/${name} is ${up ? 'UP' : 'DOWN'}. ${counts}`)
      }
    }
  }

  close(): void {
    for (const logger of new Set([...this.#loggers, ...[...this.#changeLoggers.values()].flat()])) logger.close?.()
  }

  #check({ backend, server, ...found }: CheckReport): void {
    if (!this.#checksLogged.has(backend.name)) return
    const text = checkLine({ backend: backend.name, server: server.name, ...found })
    this.#report.warning(text)
    this.#tell(backend, 'notice', text)
  }

  #health({ backend, server, up, reason }: HealthChange): void {
    const rotating = backend.servers.filter((one) => one.inRotation)
    const backups = rotating.filter((one) => one.backup).length
    const text = serverText({
      backend: backend.name,
      server: server.name,
      up,
      reason: this.#checksLogged.has(backend.name) ? undefined : reason,
      active: rotating.length - backups,
      backups,
      current: server.counters.current,
      queued: server.counters.queued + backend.counters.queued,
    })
    this.#report.warning(text)
    this.#tell(backend, up ? 'notice' : 'alert', text)
    if (!up && rotating.length === 0) this.#nobodyLeft(backend)
  }

  #nobodyLeft(backend: Backend): void {
    const { name } = backend
    const kind = this.#listens.has(name) ? 'proxy' : 'backend'
    this.#report.alert(`${kind} '${name}' has no server available!`)
    this.#tell(backend, 'emerg', `${kind} ${name} has no server available!`)
  }

  /** A backend's own log lines are told of its servers. */
  #tell({ name }: Backend, level: Level, text: string): void {
    for (const logger of this.#changeLoggers.get(name) ?? []) logger.notice(level, text)
  }

  #warn(level: Level, text: string): void {
    this.#report.warning(text)
    this.#log(level, text)
  }

  #log(level: Level, text: string): void {
    for (const logger of this.#loggers) logger.notice(level, text)
  }
}
