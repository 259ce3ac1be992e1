/** Tells operators what changes while the process serves: on stderr as HAProxy does, and to the `log` targets of backends and of `global`. */
import type { Balancer } from '../balancer.js'
import { outcomes } from '../base/errors.js'
import type { Config } from '../config/index.js'
import type { CheckReport, PanicNews, ServerNews } from '../engine/engine.js'
import type { PeerNews } from '../engine/peers/peer-groups.js'
import { modeLog } from '../observe/log-format.js'
import { checkLine, reasonText } from '../observe/log-notice.js'
import type { Logger } from '../observe/logger.js'
import type { TransactionRecord } from '../observe/record.js'
import {
  adminNotices,
  ejectedNotice,
  healthNotices,
  movedNotice,
  type Notice,
  renamedNotice,
  resolvedNotices,
  type ServerNotice,
  unresolvedNotice,
  warmNotice,
} from '../observe/server-notice.js'
import type { Level } from '../observe/syslog.js'
import type { Backend } from '../proxy/backend.js'
import type { Server } from '../proxy/server.js'
import type { ServerChange } from '../proxy/server-change.js'
import type { Report } from './report.js'

/** Changes that leave nobody without a server. */
const QUIET: ReadonlySet<ServerChange['what']> = new Set(['added', 'removed', 'address', 'name'])

const peerWords = { established: 'is connected', lost: 'is not connected any more', refused: 'has refused us' } as const

/** Listens to a balancer. */
export class Announcer {
  readonly #report: Report
  readonly #loggers: readonly Logger[]
  readonly #changeLoggers: Config['changeLoggers']
  readonly #peerLoggers: Config['peerLoggers']
  readonly #listens: ReadonlySet<string>
  readonly #checksLogged: ReadonlySet<string>
  /** Those that have been told to have no server; who had none from the start is not told of. */
  readonly #empty = new Set<Backend>()

  constructor(config: Config, report: Report) {
    this.#report = report
    this.#loggers = config.processLoggers
    this.#changeLoggers = config.changeLoggers
    this.#peerLoggers = config.peerLoggers
    this.#checksLogged = config.checksLogged
    this.#listens = new Set(config.frontends.map(({ name }) => name))
  }

  /** Follows what happens in the balancer. `show` is told of each transaction (`-d`). */
  follow(balancer: Balancer, show: ((text: string) => void) | undefined): void {
    balancer.on('check', (report) => this.#check(report))
    balancer.on('server', (news) => this.#server(news))
    balancer.on('panic', (news) => this.#panic(news))
    balancer.on('peer', (news) => this.#peer(news))
    balancer.on('fault', (error, about) => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
      this.#warn('err', `${about} : ${text}`)
    })
    if (balancer.backends.some(({ checkCache }) => checkCache)) balancer.on('record', (record) => this.#blocked(record))
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

  /** SIGTTOU, SIGTTIN: who does not listen for a while, and does again. */
  paused(balancer: Balancer, what: 'Paused' | 'Resumed'): void {
    for (const { name, binds } of balancer.frontends)
      if (binds.length > 0) this.#warn('warning', `${what} frontend ${name}.`)
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

  /** Resolves when the last lines have been written. */
  async close(): Promise<void> {
    const others = [...this.#changeLoggers.values(), ...this.#peerLoggers.values()].flat()
    await Promise.allSettled([...new Set([...this.#loggers, ...others])].map(async (logger) => logger.close?.()))
  }

  /** Somebody has to mend the application that sets such cookies. On stderr each of them would be too much. */
  #blocked({ code, backend, server }: TransactionRecord): void {
    if (code !== outcomes.proxyResponseCacheable.code) return
    const text = `Blocking cacheable cookie in response from instance ${backend}, server ${server}.`
    for (const logger of this.#changeLoggers.get(backend) ?? []) logger.notice('alert', text)
  }

  /** HAProxy says nothing of its peers. */
  #peer({ peers, peer, what, reason }: PeerNews): void {
    const text = `Peer ${peers.name}/${peer.name} ${peerWords[what]} (${reason}).`
    const level = what === 'established' ? 'notice' : 'warning'
    for (const logger of this.#peerLoggers.get(peers.name) ?? []) logger.notice(level, text)
  }

  #check({ backend, server, result, duration, ...found }: CheckReport): void {
    if (!this.#checksLogged.has(backend.name)) return
    const { status, code, description } = result
    this.#say(backend, {
      level: 'notice',
      text: checkLine({
        ...found,
        server: server.fullName,
        backup: server.backup,
        status,
        code,
        description,
        duration,
      }),
    })
  }

  #server({ backend, server, change }: ServerNews): void {
    for (const notice of this.#noticesOf(backend, server, change)) this.#say(backend, notice)
    const usable = backend.rotation.length > 0
    if (usable) this.#empty.delete(backend)
    else if (!this.#empty.has(backend) && !QUIET.has(change.what)) this.#nobodyLeft(backend)
  }

  #noticesOf(backend: Backend, server: Server, change: ServerChange): readonly Notice[] {
    switch (change.what) {
      case 'health':
        return healthNotices(this.#standing(backend, server, change))
      case 'admin':
        return adminNotices(this.#standing(backend, server, change))
      case 'resolution': {
        const standing = this.#standing(backend, server, change)
        if (change.resolved) return resolvedNotices(standing, server.fqdn ?? server.name, change.reason)
        return server.ordered === 'maint' ? [] : [unresolvedNotice(standing)]
      }
      case 'address':
        return change.by === undefined ? [] : [movedNotice(server.fullName, change.by, server.parsed)]
      case 'name':
        return server.naming.service === undefined || server.fqdn === undefined
          ? []
          : [renamedNotice(server.fullName, change, server.fqdn)]
      case 'ejected':
        return [ejectedNotice(this.#standing(backend, server, change), change.ejected)]
      case 'warmth':
        return server.warmth === 1 ? [warmNotice(this.#standing(backend, server, change))] : []
      default:
        return []
    }
  }

  #standing(backend: Backend, server: Server, change: ServerChange): ServerNotice {
    const { admin, inherited, ordered, state, tracked } = server
    const now = { admin, inherited, ordered, state }
    const serving = backend.servers.filter((one) => one.inRotation && one.weight > 0)
    const backups = serving.filter((one) => one.backup).length
    return {
      server: server.fullName,
      backup: server.backup,
      tracked: tracked?.fullName,
      ...now,
      before:
        change.what === 'admin' ? change.before : { ...now, state: change.what === 'health' ? change.before : state },
      via: change.what === 'health' && change.via === true,
      because: this.#because(backend, change),
      active: serving.length - backups,
      backups,
      current: server.counters.current,
      requeued: change.what === 'health' || change.what === 'admin' ? (change.requeued ?? 0) : 0,
      queued: server.queued,
    }
  }

  /** What a check has found is not told twice. */
  #because(backend: Backend, change: ServerChange): string {
    switch (change.what) {
      case 'health':
        if (change.via === true) return ''
        if (change.check === undefined) return `, ${change.reason}`
        return this.#checksLogged.has(backend.name) ? '' : reasonText(change.check)
      case 'admin':
      case 'resolution':
        return change.reason === undefined ? '' : ` (${change.reason})`
      case 'ejected':
        return `, ${change.reason}`
      default:
        return ''
    }
  }

  #panic({ backend, panicking, reason }: PanicNews): void {
    const text = panicking ? 'uses servers that are not up' : 'uses servers that are up only'
    this.#say(backend, { level: panicking ? 'alert' : 'notice', text: `backend ${backend.name} ${text}: ${reason}.` })
  }

  #say(backend: Backend, { level, text }: Notice): void {
    this.#report.warning(text)
    this.#tell(backend, level, text)
  }

  #nobodyLeft(backend: Backend): void {
    this.#empty.add(backend)
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
