/** The health checks of one server: asked in its rhythm, taken in by the server, told when they say something new. */
import { parseServerAddress } from '../base/address.js'
import type { Backend } from '../proxy/backend.js'
import { type CheckResult, reasonOf } from '../proxy/check-result.js'
import type { HealthCheck } from '../proxy/health-check.js'
import type { Server } from '../proxy/server.js'
import type { Engine } from './engine.js'
import type { Target } from './network.js'
import { Probe } from './probe.js'
import { Rhythm } from './rhythm.js'
import { askedNothing, from, placeOf, targetOf } from './target.js'

/** Milliseconds between two checks, when nobody says anything else. */
const INTERVAL = 2_000

export class HealthWatch extends Rhythm {
  readonly #backend: Backend
  readonly #server: Server
  readonly #check: HealthCheck
  readonly #interval: number
  readonly #fast: number
  readonly #down: number
  #probe: Probe | undefined = undefined
  #askedAt = 0

  constructor(engine: Engine, backend: Backend, server: Server, check: HealthCheck) {
    super(engine)
    this.#backend = backend
    this.#server = server
    this.#check = check
    const { interval, fastInterval, downInterval } = server.timing
    this.#interval = interval ?? INTERVAL
    this.#fast = fastInterval ?? this.#interval
    this.#down = downInterval ?? this.#interval
  }

  /** When failures were seen elsewhere. */
  get fast(): number {
    return this.#fast
  }

  pause(): number {
    const { health } = this.#server
    return health.inTransition ? this.#fast : health.up ? this.#interval : this.#down
  }

  protected ask(): void {
    const server = this.#server
    if (server.ordered === 'maint' || server.unresolved || !server.checkEnabled) {
      this.later()
      return
    }
    this.#askedAt = this.engine.clock.now()
    const about = { backend: this.#backend, server, check: this.#check }
    const parts = { ...about, target: checkTarget(server), patience: this.#patience() }
    this.#probe = new Probe(this.engine, parts, (result) => {
      this.#probe = undefined
      this.heard(result, Math.round(this.engine.clock.now() - this.#askedAt))
      this.later()
    })
    server.checkUnderWay = true
    this.#probe.start()
  }

  /** Something was found out, by a check or by what traffic shows. */
  heard(result: CheckResult, duration: number): void {
    const server = this.#server
    server.checkUnderWay = false
    const last = server.lastCheck?.status
    const { score } = server.health
    server.take(result, duration, (counted) => {
      if (counted.status === last && server.health.score === score) return
      this.#tell(counted, duration)
    })
  }

  #tell(result: CheckResult, duration: number): void {
    const server = this.#server
    const { up, progress } = server.health
    const seen = { passed: result.passed, reason: reasonOf(result), result, duration }
    this.engine.tellCheck({ backend: this.#backend, server, ...seen, up, ...progress, agent: false })
  }

  protected drop(): void {
    this.#probe?.cancel()
    this.#probe = undefined
    this.#server.checkUnderWay = false
  }

  /** What is under way counts no more. */
  abandon(): void {
    if (this.#probe === undefined) return
    this.drop()
    this.later()
  }

  /** Manual, `timeout check`: with it, the connection has the connect time-out and the answer has this; without it, both share `inter`. */
  #patience(): { readonly connect: number; readonly answer: number | undefined } {
    const { check, connect } = this.#backend.timeouts
    const { timeout: own } = this.#server.timing
    const answer = own ?? check
    if (answer === undefined) return { connect: this.#interval, answer: undefined }
    return { connect: Math.min(connect, this.#interval, own ?? Number.POSITIVE_INFINITY), answer }
  }
}

/** Where a server's checks go. */
function checkTarget(server: Server): Target {
  const { checkAddress, checkPort } = server
  const own = targetOf(server, askedNothing)
  const place = checkAddress === undefined ? own : placeOf(parseServerAddress(checkAddress), undefined, 0)
  if (!('host' in place)) return place
  const port = checkPort ?? (place.port || ('port' in own ? own.port : 0))
  return from(server, { host: place.host, port })
}
