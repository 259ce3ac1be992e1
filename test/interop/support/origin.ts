/** A server under a test's control: it records the exact bytes of each connection and answers by script. */

import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import type { Bell } from './bell.js'
import { requestAt } from './message.js'
import { Wire } from './wire.js'

/**
 * - `head`: waits for a request head; `request`: for a whole request. `any`: for one byte at least. `end`: for the peer's FIN.
 * - `reply`: sends the entry that belongs to the so-and-so-manieth request of this origin (the last one repeats).
 * - `answer`: waits for a request and sends what stands beside the first of these texts that it contains; `''` fits all.
 * - `gate`: waits until the client's script opens it.
 * - `loop`: from the top.
 */
export type OriginStep =
  | 'head'
  | 'request'
  | 'any'
  | 'end'
  | 'fin'
  | 'rst'
  | 'loop'
  | { readonly send: string }
  | { readonly reply: readonly string[] }
  | { readonly answer: readonly (readonly [contains: string, response: string])[] }
  | { readonly gate: string }
  | { readonly until: string }

/** The steps of the first connection, of the second, …; the last entry serves all that follow. */
export type OriginScript = readonly (readonly OriginStep[])[]

const PATIENCE = 15_000

export class Origin {
  readonly connections: Wire[] = []
  readonly #server: Server
  readonly #script: OriginScript
  readonly #bell: Bell
  readonly #gates: ReadonlySet<string>
  #requests = 0

  constructor(script: OriginScript, bell: Bell, gates: ReadonlySet<string>) {
    this.#script = script
    this.#bell = bell
    this.#gates = gates
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      const wire = new Wire(socket, bell)
      this.connections.push(wire)
      const steps = this.#script[Math.min(this.connections.length, this.#script.length) - 1] ?? []
      bell.ring()
      void this.#play(wire, steps)
    })
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Everything received, over all connections. */
  get received(): string {
    return this.connections.map((wire) => wire.received).join('\n')
  }

  async listen(port = 0): Promise<void> {
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  async close(): Promise<void> {
    for (const wire of this.connections) wire.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #play(wire: Wire, steps: readonly OriginStep[]): Promise<void> {
    for (let at = 0; at < steps.length; at++) {
      const step = steps[at]!
      if (step === 'loop') {
        at = -1
        continue
      }
      if (!(await this.#step(wire, step))) return
    }
  }

  async #step(wire: Wire, step: Exclude<OriginStep, 'loop'>): Promise<boolean> {
    const until = (ready: () => boolean) =>
      this.#bell.wait(() => ready() || wire.state === 'reset', PATIENCE).then(() => ready())
    if (step === 'head') return until(() => requestAt(wire.received, wire.consumed) !== undefined)
    if (step === 'request') return this.#request(wire, until)
    if (step === 'any') return until(() => wire.rest !== '')
    if (step === 'end') return until(() => wire.state === 'finished')
    if (step === 'fin') wire.finish()
    else if (step === 'rst') wire.reset()
    else if ('send' in step) wire.send(step.send)
    else if ('gate' in step) return until(() => this.#gates.has(step.gate))
    else if ('until' in step) return until(() => wire.rest.includes(step.until))
    else {
      const from = wire.consumed
      if (!(await this.#request(wire, until))) return false
      if ('answer' in step) {
        const request = wire.received.slice(from, wire.consumed)
        wire.send(step.answer.find(([part]) => request.includes(part))?.[1] ?? '')
        return true
      }
      wire.send(step.reply[Math.min(this.#requests, step.reply.length) - 1] ?? '')
    }
    return true
  }

  async #request(wire: Wire, until: (ready: () => boolean) => Promise<boolean>): Promise<boolean> {
    const whole = () => requestAt(wire.received, wire.consumed)?.end
    if (!(await until(() => whole() !== undefined))) return false
    wire.consumed = whole()!
    this.#requests++
    return true
  }
}
