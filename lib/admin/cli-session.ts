/** One connection to the runtime API: its lines are carried out one after the other, and answered as fast as they are read. */
import type { Clock, Timer } from '../base/clock.js'
import type { Socket } from '../engine/network.js'
import type { CommandState } from './command.js'
import { CommandInput, type Given, type InputLimits } from './command-input.js'
import { interpret, type Surroundings } from './interpreter.js'
import type { OperatorView } from './session-view.js'
import { shortUptime, uptimeOf } from './uptime.js'

/** Characters that are put together before they are written. */
const PIECE = 16_384

export interface SessionParts {
  readonly socket: Socket
  readonly clock: Clock
  /** Its place in the order of all that comes to the process. */
  readonly number: number
  /** Which of the API's places it came to, from 1. */
  readonly place: number
  readonly limits: InputLimits
  readonly state: CommandState
  readonly surroundings: Surroundings
  /** Called once, when the connection is gone. */
  readonly left: () => void
}

export class CliSession implements OperatorView {
  readonly began: number
  readonly #parts: SessionParts
  readonly #input: CommandInput
  #timer: Timer | undefined = undefined
  #busy = false
  /** Ends an answer that goes on as things happen. */
  #following: AbortController | undefined = undefined
  #ended = false
  #closed = false
  /** Wakes whoever waits for the client to read. */
  #written: (() => void) | undefined = undefined

  constructor(parts: SessionParts) {
    this.#parts = parts
    this.began = parts.clock.now()
    this.#input = new CommandInput(parts.limits)
  }

  get number(): number {
    return this.#parts.number
  }

  get place(): number {
    return this.#parts.place
  }

  get source(): string | undefined {
    const { remoteAddress, remotePort } = this.#parts.socket
    return remoteAddress === undefined ? undefined : `${remoteAddress}:${remotePort}`
  }

  get destination(): string | undefined {
    const { localAddress, localPort } = this.#parts.socket
    return localAddress === undefined ? undefined : `${localAddress}:${localPort}`
  }

  start(): void {
    const { socket } = this.#parts
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.on('end', () => {
      this.#ended = true
      this.#following?.abort()
      if (!this.#busy) this.#close()
    })
    socket.on('error', () => this.kill())
    socket.on('close', () => this.#gone())
    this.#awaitClient()
    socket.resume()
  }

  kill(): void {
    this.#parts.socket.destroy()
    this.#gone()
  }

  #gone(): void {
    if (this.#closed) return
    this.#closed = true
    this.#timer?.cancel()
    this.#following?.abort()
    this.#wake()
    this.#parts.left()
  }

  #wake(): void {
    const written = this.#written
    this.#written = undefined
    this.#timer?.cancel()
    written?.()
  }

  /** From now on the client has so much time to say or to read something. */
  #awaitClient(): void {
    const { clock, state } = this.#parts
    this.#timer?.cancel()
    this.#timer = state.timeout === Number.POSITIVE_INFINITY ? undefined : clock.after(state.timeout, () => this.kill())
  }

  #take(chunk: Buffer): void {
    // Whatever is said ends what goes on, and is not looked at.
    this.#following?.abort()
    if (this.#busy || this.#closed) return
    this.#busy = true
    this.#timer?.cancel()
    this.#parts.socket.pause()
    this.#input.push(chunk.toString('latin1'))
    this.#work().then(
      () => this.#rest(),
      // A line that is too long: nothing that could be answered.
      () => this.kill(),
    )
  }

  /** What has come is done. */
  #rest(): void {
    if (this.#closed) return
    this.#busy = false
    if (this.#ended || (this.#input.empty && this.#parts.state.mode === 'single')) {
      this.#close()
      return
    }
    this.#awaitClient()
    this.#parts.socket.resume()
  }

  async #work(): Promise<void> {
    const { state } = this.#parts
    while (!this.#closed) {
      const given = this.#input.next()
      if (given === undefined) return
      if (given === 'more') {
        if (state.mode === 'prompt') await this.#write('+ ')
        continue
      }
      if (given.words[0] === 'quit') {
        this.#close()
        return
      }
      await this.#answer(given)
      if (state.mode === 'prompt') await this.#write(this.#prompt())
      // Alone, a line is answered and that is all; what came with it is answered as well.
      if (state.mode === 'single' && this.#input.empty) return
    }
  }

  async #answer(given: Given): Promise<void> {
    const { state, surroundings } = this.#parts
    let piece = ''
    for await (const text of interpret(given, state, surroundings, () => this.#follow())) {
      piece += text
      if (piece.length < PIECE && this.#following === undefined) continue
      await this.#write(piece)
      if (this.#closed) return
      piece = ''
    }
    if (this.#following !== undefined) this.#parts.socket.pause()
    this.#following = undefined
    await this.#write(piece)
  }

  /** From now on anything that is said is an order to stop; there may be something already. */
  #follow(): AbortSignal {
    this.#following = new AbortController()
    if (!this.#input.empty || this.#ended) this.#following.abort()
    this.#input.clear()
    this.#parts.socket.resume()
    return this.#following.signal
  }

  /** Resolves when it has gone out, so that nobody else has to wait for a long answer, or when the client is gone. */
  #write(text: string): Promise<void> | undefined {
    const { socket } = this.#parts
    if (this.#closed || socket.destroyed || text === '') return undefined
    this.#awaitClient()
    return new Promise((resolve) => {
      this.#written = resolve
      socket.write(text, 'latin1', () => this.#wake())
    })
  }

  #prompt(): string {
    const { state, surroundings } = this.#parts
    if (!state.timed) return '> '
    return `[${shortUptime(uptimeOf(surroundings.balancer))}]> `
  }

  #close(): void {
    if (this.#closed) return
    const { socket } = this.#parts
    this.#awaitClient()
    this.#busy = true
    // What is still unread would reset the connection, and with it our last words.
    socket.end(() => socket.destroy())
    socket.resume()
  }
}
