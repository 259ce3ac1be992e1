/** A check that is a function of the host app. */
import type { Duplex } from 'node:stream'
import { parseServerAddress } from '../base/address.js'
import type { Timer } from '../base/clock.js'
import type { CheckFinding, CheckPlace, CustomCheck } from '../proxy/checks/custom-check.js'
import { type CheckStatus, passes, tellsCode } from '../proxy/checks/status.js'
import type { Engine } from './engine.js'
import type { Socket, Target } from './network.js'
import type { Inquirer, ProbeDone, ProbeParts } from './probe.js'
import { from, placeOf } from './target.js'

/** One call. */
export class CustomProbe implements Inquirer {
  readonly #engine: Engine
  readonly #parts: ProbeParts
  readonly #check: CustomCheck
  readonly #controller = new AbortController()
  readonly #sockets: Socket[] = []
  #done: ProbeDone | undefined
  #timer: Timer | undefined

  constructor(engine: Engine, parts: ProbeParts, check: CustomCheck, done: ProbeDone) {
    this.#engine = engine
    this.#parts = parts
    this.#check = check
    this.#done = done
  }

  start(): void {
    const { connect, answer } = this.#parts.patience
    this.#timer = this.#engine.clock.after(answer ?? connect, () => this.#say({ passed: false, status: 'L7TOUT' }))
    this.#ask().then(
      (found) => this.#say(typeof found === 'object' ? found : { passed: found !== false }),
      (error: unknown) => this.#say({ passed: false, info: error instanceof Error ? error.message : String(error) }),
    )
  }

  cancel(): void {
    this.#done = undefined
    this.#timer?.cancel()
    this.#controller.abort()
    for (const socket of this.#sockets) socket.destroy()
  }

  async #ask(): Promise<CheckFinding | boolean | undefined> {
    const { backend, server } = this.#parts
    const { signal } = this.#controller
    return this.#check.ask({ backend, server, signal, dial: (place) => this.#dial(place) })
  }

  #dial(place: CheckPlace = {}): Promise<Duplex> {
    const dialled = new Promise<Duplex>((resolve, reject) => {
      this.#controller.signal.throwIfAborted()
      const socket = this.#engine.network.dial(this.#placeOf(place))
      this.#sockets.push(socket)
      socket.on('error', reject)
      socket.once('close', () => reject(new Error('the check is over')))
      socket.once('connect', () => resolve(socket))
    })
    // The check may be over, with nobody waiting for this any more.
    dialled.catch(() => {})
    return dialled
  }

  #placeOf({ address, port }: CheckPlace): Target {
    const { target, server } = this.#parts
    const place = address === undefined ? target : from(server, placeOf(parseServerAddress(address), undefined, 0))
    if (!('host' in place)) return place
    return { ...place, port: port ?? (place.port || ('host' in target ? target.port : 0)) }
  }

  #say({ passed, status, code, info }: CheckFinding): void {
    const done = this.#done
    if (done === undefined) return
    this.cancel()
    const said: CheckStatus = status !== undefined && passes(status) === passed ? status : passed ? 'L7OK' : 'L7RSP'
    done({
      passed,
      ...(said === 'L7OKC' && { stopping: true }),
      status: said,
      ...(code !== undefined && tellsCode(said) && { code }),
      description: info ?? '',
    })
  }
}
