/** One check of one server: connects, asks what the check says, and judges the answer. When to ask, and what results add up to, is not known here. */
import type { Clock, Timer } from '../base/clock.js'
import { ResponseDecoder } from '../codec/response-decoder.js'
import { type CodecError, DATA, defaultLimits, END, ERROR, HEAD } from '../codec/step.js'
import { Headers } from '../message/headers.js'
import { type HealthCheck, type HttpCheckRequest, meets } from '../proxy/health-check.js'
import type { Engine } from './engine.js'
import type { Socket, Target } from './network.js'

/** What one check found. `reason` is in HAProxy's words (manual, "Health check status"). */
export interface CheckResult {
  readonly passed: boolean
  readonly reason: string
}

/** Bytes of an answer that expectations look at. */
const MOST_BODY = 16_384

/** One question to one server. */
export class Probe {
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
