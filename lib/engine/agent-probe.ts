/** One question to a server's agent: a connection, what is to be sent, and one line of an answer. What the line says is not known here. */
import type { Timer } from '../base/clock.js'
import type { CheckResult } from '../proxy/check-result.js'
import { errorText } from './check-errors.js'
import type { Engine } from './engine.js'
import type { Socket, Target } from './network.js'

/** What is asked, and for how long: milliseconds to connect, and from then on to answer; without the latter, both share the former. */
export interface AgentQuestion {
  readonly target: Target
  readonly send: string
  readonly connect: number
  readonly answer: number | undefined
}

/** Bytes of a line; what is behind is not read. */
const MOST = 1024

export class AgentProbe {
  readonly #engine: Engine
  readonly #question: AgentQuestion
  readonly #socket: Socket
  #done: ((heard: string | CheckResult) => void) | undefined
  #timer: Timer | undefined = undefined
  #connected = false
  #text = ''

  /** @param done told once: the line, or why there is none */
  constructor(engine: Engine, question: AgentQuestion, done: (heard: string | CheckResult) => void) {
    this.#engine = engine
    this.#question = question
    this.#done = done
    this.#socket = engine.network.dial(question.target)
  }

  start(): void {
    const socket = this.#socket
    socket.on('error', (error: Error) => this.#broken(error))
    socket.on('close', () => this.#ended())
    socket.on('end', () => this.#ended())
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.once('connect', () => this.#onConnect())
    this.#wait(this.#question.connect)
  }

  cancel(): void {
    this.#done = undefined
    this.#timer?.cancel()
    this.#socket.destroy()
  }

  #wait(patience: number): void {
    this.#timer?.cancel()
    this.#timer = this.#engine.clock.after(patience, () =>
      this.#say({ passed: false, status: this.#connected ? 'L7TOUT' : 'L4TOUT' }),
    )
  }

  #onConnect(): void {
    this.#connected = true
    const { send, answer } = this.#question
    if (answer !== undefined) this.#wait(answer)
    if (send !== '') this.#socket.write(send, 'latin1')
  }

  #read(chunk: Buffer): void {
    this.#text += chunk.toString('latin1', 0, MOST)
    const end = this.#text.search(/[\r\n]/)
    if (end >= 0) this.#say(this.#text.slice(0, end))
    else if (this.#text.length >= MOST) this.#say(this.#text.slice(0, MOST))
  }

  #ended(): void {
    if (!this.#connected) this.#say({ passed: false, status: 'L4CON' })
    else if (this.#text !== '') this.#say(this.#text)
    else this.#say({ passed: false, status: 'L7RSP', description: 'TCPCHK got an empty response at step 2' })
  }

  #broken(error: Error): void {
    this.#say({ passed: false, status: this.#connected ? 'SOCKERR' : 'L4CON', description: errorText(error) })
  }

  #say(heard: string | CheckResult): void {
    const done = this.#done
    if (done === undefined) return
    this.cancel()
    done(heard)
  }
}
