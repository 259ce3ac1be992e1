/** Asks servers how they are, as their health checks say, and hands the answers to their health. What is asked is in `HealthCheck`, what it adds up to in `Health`. */

import { parseServerAddress } from '../base/address.js'
import type { Clock, Timer } from '../base/clock.js'
import { ResponseDecoder } from '../codec/response-decoder.js'
import { type CodecError, DATA, defaultLimits, END, ERROR, HEAD } from '../codec/step.js'
import { Headers } from '../message/headers.js'
import type { Backend } from '../proxy/backend.js'
import { Health } from '../proxy/health.js'
import { HealthCheck, type HttpCheckRequest, meets } from '../proxy/health-check.js'
import type { Server } from '../proxy/server.js'
import type { Engine } from './engine.js'
import type { Socket, Target } from './network.js'
import { askedNothing, from, placeOf, targetOf } from './target.js'

/** What one check found. `reason` is in HAProxy's words (manual, "Health check status"). */
export interface CheckResult {
  readonly passed: boolean
  readonly reason: string
}

/** Bytes of an answer that expectations look at. */
const MOST_BODY = 16_384

/** Watches the servers of one backend. */
export class Monitor {
  readonly #watches: Watch[]

  constructor(engine: Engine, backend: Backend) {
    const checked = backend.servers.filter((server) => checkOf(backend, server) !== undefined)
    this.#watches = checked.map(
      (server, index) =>
        new Watch(engine, backend, server, checkOf(backend, server) as HealthCheck, index / checked.length),
    )
  }

  start(): void {
    for (const watch of this.#watches) watch.start()
  }

  stop(): void {
    for (const watch of this.#watches) watch.stop()
  }
}

/** How a server is checked: as it says itself, as its backend says, or not at all. */
export function checkOf(backend: Backend, server: Server): HealthCheck | undefined {
  if (server.checkOption === false) return undefined
  if (server.checkOption instanceof HealthCheck) return server.checkOption
  if (server.checkOption === true) return backend.check ?? HealthCheck.tcp()
  return backend.check
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
    server.health = new Health(own.rise ?? check.timing.rise ?? 2, own.fall ?? check.timing.fall ?? 3)
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
    this.#probe = new Probe(this.#engine, this.#check, this.#target(), this.#patience(), (result) => {
      this.#probe = undefined
      this.#heard(result)
    })
    this.#probe.start()
  }

  #heard(result: CheckResult): void {
    const server = this.#server
    const before = server.health.progress
    const flipped = server.observe(result.passed)
    this.#compare(result, before)
    if (flipped) this.#engine.tellHealth({ backend: this.#backend, server, up: server.up, reason: result.reason })
    this.#later()
  }

  /** Tells of a result that is not as the last one, or has changed how the server stands. */
  #compare({ passed, reason }: CheckResult, before: Health['progress']): void {
    const { up, progress } = this.#server.health
    const same = reason === this.#reason && before.count === progress.count && before.of === progress.of
    this.#reason = reason
    if (same) return
    const duration = Math.round(this.#engine.clock.now() - this.#askedAt)
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
    const timeout = this.#check.timing.timeout ?? this.#backend.timeouts.check
    if (timeout === undefined) return { connect: this.#interval, answer: undefined }
    return { connect: Math.min(this.#backend.timeouts.connect, this.#interval), answer: timeout }
  }
}

/** One question to one server. */
class Probe {
  readonly #clock: Clock
  readonly #check: HealthCheck
  readonly #socket: Socket
  readonly #patience: { readonly connect: number; readonly answer: number | undefined }
  readonly #decoder = new ResponseDecoder(defaultLimits)
  #done: ((result: CheckResult) => void) | undefined
  #timer: Timer | undefined = undefined
  #connected = false
  #status = 0
  #headers = new Headers()
  #body = ''

  constructor(
    engine: Engine,
    check: HealthCheck,
    target: Target,
    patience: { readonly connect: number; readonly answer: number | undefined },
    done: (result: CheckResult) => void,
  ) {
    this.#clock = engine.clock
    this.#check = check
    this.#patience = patience
    this.#done = done
    this.#socket = engine.network.dial(target)
  }

  start(): void {
    const socket = this.#socket
    socket.on('error', (error: NodeJS.ErrnoException) => this.#broken(error))
    socket.on('close', () => this.#broken(undefined))
    socket.on('end', () => this.#ended())
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.once('connect', () => this.#onConnect())
    this.#timer = this.#clock.after(this.#patience.connect, () => this.#late())
  }

  cancel(): void {
    this.#done = undefined
    this.#timer?.cancel()
    this.#socket.destroy()
  }

  #onConnect(): void {
    this.#connected = true
    const { http } = this.#check
    if (http === undefined) {
      this.#say(true, 'L4OK')
      return
    }
    if (this.#patience.answer !== undefined) {
      this.#timer?.cancel()
      this.#timer = this.#clock.after(this.#patience.answer, () => this.#late())
    }
    this.#decoder.expect(http.method)
    this.#socket.write(checkText(http), 'latin1')
  }

  #read(chunk: Buffer): void {
    if (this.#done === undefined || this.#check.http === undefined) return
    this.#decoder.push(chunk)
    for (;;) {
      switch (this.#decoder.next()) {
        case HEAD:
          this.#status = this.#decoder.head.status
          this.#headers = this.#decoder.head.headers
          break
        case DATA:
          if (this.#body.length < MOST_BODY) this.#body += this.#decoder.data.toString('latin1')
          break
        case END:
          this.#judge()
          return
        case ERROR:
          this.#invalid(this.#decoder.error)
          return
        default:
          if (this.#body.length >= MOST_BODY) this.#judge()
          return
      }
    }
  }

  #ended(): void {
    if (this.#done === undefined || this.#check.http === undefined || !this.#connected) return
    if (this.#decoder.finish() === END) this.#judge()
    else if (this.#status !== 0) this.#judge()
    else this.#say(false, 'L7RSP')
  }

  #judge(): void {
    const { expect } = this.#check.http as HttpCheckRequest
    const answer = { status: this.#status, headers: this.#headers, body: this.#body }
    const missed = expect.find((each) => !meets(each, answer))
    if (missed === undefined) this.#say(true, `L7OK/${this.#status}`)
    else this.#say(false, 'status' in missed || 'rstatus' in missed ? `L7STS/${this.#status}` : `L7RSP/${this.#status}`)
  }

  #invalid(_error: CodecError | undefined): void {
    this.#say(false, 'L7RSP')
  }

  #broken(_error: NodeJS.ErrnoException | undefined): void {
    if (!this.#connected) this.#say(false, 'L4CON')
    else this.#say(false, 'L7RSP')
  }

  #late(): void {
    if (!this.#connected) this.#say(false, 'L4TOUT')
    else this.#say(false, 'L7TOUT')
  }

  #say(passed: boolean, reason: string): void {
    const done = this.#done
    if (done === undefined) return
    this.cancel()
    done({ passed, reason })
  }
}

/** The request of an HTTP check as HAProxy sends it. It always closes, which HTTP/1.0 need not say. */
function checkText(http: HttpCheckRequest): string {
  let text = `${http.method} ${http.path} HTTP/${http.version}\r\n`
  for (const [name, value] of http.headers) text += `${name.toLowerCase()}: ${value}\r\n`
  if (http.body !== '') text += `content-length: ${Buffer.byteLength(http.body, 'latin1')}\r\n`
  if (http.version === '1.1') text += 'connection: close\r\n'
  return `${text}\r\n${http.body}`
}
