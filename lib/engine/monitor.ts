/** Asks servers how they are, as their health checks say, and hands the answers to their health. What is asked is in `HealthCheck`, what it adds up to in `Health`. */

import { parseServerAddress } from '../base/address.js'
import type { Timer } from '../base/clock.js'
import type { Backend } from '../proxy/backend.js'
import { type CheckResult, reasonOf } from '../proxy/check-result.js'
import type { Health } from '../proxy/health.js'
import type { HealthCheck } from '../proxy/health-check.js'
import type { Server } from '../proxy/server.js'
import type { Engine } from './engine.js'
import type { Target } from './network.js'
import { Probe } from './probe.js'
import { askedNothing, from, placeOf, targetOf } from './target.js'

/** Watches the servers of one backend. */
export class Monitor {
  readonly #watches: Watch[]

  constructor(engine: Engine, backend: Backend) {
    const checked = backend.servers.filter((server) => server.check !== undefined)
    this.#watches = checked.map(
      (server, index) => new Watch(engine, backend, server, server.check as HealthCheck, index / checked.length),
    )
  }

  start(): void {
    for (const watch of this.#watches) watch.start()
  }

  stop(): void {
    for (const watch of this.#watches) watch.stop()
  }
}

/** One server and its rhythm. */
class Watch {
  readonly #engine: Engine
  readonly #backend: Backend
  readonly #server: Server
  readonly #check: HealthCheck
  readonly #offset: number
  readonly #interval: number
  readonly #fast: number
  readonly #down: number
  #timer: Timer | undefined = undefined
  #probe: Probe | undefined = undefined
  #running = false
  /** What the last check saw. */
  #reason: string | undefined = undefined
  #askedAt = 0

  constructor(engine: Engine, backend: Backend, server: Server, check: HealthCheck, offset: number) {
    this.#engine = engine
    this.#backend = backend
    this.#server = server
    this.#check = check
    this.#offset = offset
    const own = server.checkTiming
    this.#interval = own.interval ?? check.timing.interval ?? 2_000
    this.#fast = own.fastInterval ?? check.timing.fastInterval ?? this.#interval
    this.#down = own.downInterval ?? check.timing.downInterval ?? this.#interval
  }

  start(): void {
    this.#running = true
    // The servers of a backend are asked one after the other, and not all at the same moment.
    this.#timer = this.#engine.clock.after(this.#interval * this.#offset, this.#ask)
  }

  stop(): void {
    this.#running = false
    this.#timer?.cancel()
    this.#probe?.cancel()
    this.#probe = undefined
  }

  readonly #ask = (): void => {
    if (!this.#running) return
    if (this.#server.admin === 'maint') {
      this.#later()
      return
    }
    this.#askedAt = this.#engine.clock.now()
    const about = { backend: this.#backend, server: this.#server, check: this.#check }
    const parts = { ...about, target: this.#target(), patience: this.#patience() }
    this.#probe = new Probe(this.#engine, parts, (result) => {
      this.#probe = undefined
      this.#heard(result)
    })
    this.#probe.start()
  }

  #heard(result: CheckResult): void {
    const server = this.#server
    const before = server.health.progress
    const duration = Math.round(this.#engine.clock.now() - this.#askedAt)
    const flipped = server.take(result, duration)
    this.#compare(result, before, duration)
    if (flipped) this.#engine.tellHealth({ backend: this.#backend, server, up: server.up, reason: reasonOf(result) })
    this.#later()
  }

  /** Tells of a result that is not as the last one, or has changed how the server stands. */
  #compare(result: CheckResult, before: Health['progress'], duration: number): void {
    const { up, progress } = this.#server.health
    const { passed } = result
    const reason = reasonOf(result)
    const same = reason === this.#reason && before.count === progress.count && before.of === progress.of
    this.#reason = reason
    if (same) return
    this.#engine.tellCheck({ backend: this.#backend, server: this.#server, passed, reason, duration, up, ...progress })
  }

  #later(): void {
    if (!this.#running) return
    const { health } = this.#server
    const pause = health.inTransition ? this.#fast : health.up ? this.#interval : this.#down
    this.#timer = this.#engine.clock.after(pause, this.#ask)
  }

  #target(): Target {
    const { checkAddress, checkPort } = this.#server
    const place =
      checkAddress === undefined
        ? targetOf(this.#server, askedNothing)
        : placeOf(parseServerAddress(checkAddress), undefined, 0)
    if (!('host' in place)) return place
    const own = targetOf(this.#server, askedNothing)
    const port = checkPort ?? (place.port || ('port' in own ? own.port : 0))
    return from(this.#server, { host: place.host, port })
  }

  /** Manual, `timeout check`: with it, the connection has the connect time-out and the answer has this; without it, both share `inter`. */
  #patience(): { readonly connect: number; readonly answer: number | undefined } {
    const { check, connect } = this.#backend.timeouts
    const { timeout: own } = this.#check.timing
    const answer = own ?? check
    if (answer === undefined) return { connect: this.#interval, answer: undefined }
    return { connect: Math.min(connect, this.#interval, own ?? Number.POSITIVE_INFINITY), answer }
  }
}
