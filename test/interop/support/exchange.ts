/**
 * One exchange: what clients send and servers answer, step by step, and everything that both sides then saw,
 * as text that can be compared between two proxies.
 */

import { once } from 'node:events'
import { connect } from 'node:net'
import { Bell } from './bell.js'
import { brief, responseAt, showRequests, showResponse, visible } from './message.js'
import { Origin, type OriginScript } from './origin.js'
import { Wire } from './wire.js'

/**
 * - `response`: waits for a final response (interim ones before it are recorded too); `{ response: 'HEAD' }` tells the method.
 * - `everything`: reads whatever comes until the proxy closes or falls silent.
 * - `close`: waits until the proxy closes. `open?`: is the connection still open a moment later?
 * - `use`: the client connection that the following steps are about (made when first named; the first is `a`).
 * - `seen`: waits until a server has received that text. `open`: opens a gate for a server's script.
 * - `pause`: milliseconds; only where time itself is the matter.
 */
export type ClientStep =
  | 'response'
  | 'everything'
  | 'close'
  | 'open?'
  | 'fin'
  | 'rst'
  | { readonly send: string }
  | { readonly response: string }
  | { readonly until: string }
  | { readonly seen: string }
  | { readonly connections: number }
  | { readonly open: string }
  | { readonly use: string; readonly from?: string }
  | { readonly pause: number }

export interface Exchange {
  readonly name: string
  readonly client: readonly ClientStep[]
  /** By the name that the configuration's template uses: `{s1}`. One that answers nothing is a script of no steps. */
  readonly origins: Readonly<Record<string, OriginScript>>
  /** A text in every request that is a health check: how many of them come is chance, so they are shown once. */
  readonly checks?: string
  /** The address that the client comes from. */
  readonly from?: string
}

/** Where an exchange happens: ports of one proxy, and the servers that are its own. */
export interface Stage {
  readonly port: number
  readonly bell: Bell
  readonly gates: Set<string>
  readonly origins: ReadonlyMap<string, Origin>
}

const PATIENCE = 12_000
/** How long a connection must stay before it counts as kept open. */
const KEPT = 400

export async function openStage(exchange: Exchange, port: number): Promise<Stage> {
  const bell = new Bell()
  const gates = new Set<string>()
  const origins = new Map<string, Origin>()
  for (const [name, script] of Object.entries(exchange.origins)) {
    const origin = new Origin(script, bell, gates)
    await origin.listen()
    origins.set(name, origin)
  }
  return { port, bell, gates, origins }
}

export async function closeStage(stage: Stage): Promise<void> {
  await Promise.all([...stage.origins.values()].map((origin) => origin.close()))
  stage.bell.silence()
}

class Client {
  readonly #stage: Stage
  readonly #exchange: Exchange
  readonly #wires = new Map<string, Wire>()
  readonly seen: string[] = []
  #name = 'a'

  constructor(exchange: Exchange, stage: Stage) {
    this.#exchange = exchange
    this.#stage = stage
  }

  async play(): Promise<void> {
    for (const step of this.#exchange.client) if (!(await this.#step(step))) break
    for (const [name, wire] of this.#wires) {
      if (wire.rest !== '') this.#note(name, `[unread] ${brief(wire.rest)}`)
      wire.destroy()
    }
  }

  #note(name: string, text: string): void {
    this.seen.push(this.#wires.size > 1 ? `client ${name}: ${text}` : text)
  }

  async #wire(from?: string): Promise<Wire> {
    const present = this.#wires.get(this.#name)
    if (present) return present
    const localAddress = from ?? this.#exchange.from
    const socket = connect({
      port: this.#stage.port,
      host: '127.0.0.1',
      allowHalfOpen: true,
      ...(localAddress === undefined ? {} : { localAddress }),
    })
    const wire = new Wire(socket, this.#stage.bell)
    this.#wires.set(this.#name, wire)
    // A proxy that rejects may reset before we know of the connection; the steps that follow see a closed one.
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => undefined)
    return wire
  }

  #origins(): Origin[] {
    return [...this.#stage.origins.values()]
  }

  async #step(step: ClientStep): Promise<boolean> {
    if (typeof step === 'object' && 'use' in step) {
      this.#name = step.use
      await this.#wire(step.from)
      return true
    }
    const wire = await this.#wire()
    if (step === 'response') return this.#response(wire, 'GET')
    if (step === 'everything') return this.#everything(wire)
    if (step === 'close') return this.#close(wire)
    if (step === 'open?') return this.#isOpen(wire)
    if (step === 'fin') wire.finish()
    else if (step === 'rst') wire.reset()
    else if ('send' in step) wire.send(step.send)
    else if ('response' in step) return this.#response(wire, step.response)
    else if ('until' in step) return this.#until(wire, step.until)
    else if ('open' in step) {
      this.#stage.gates.add(step.open)
      this.#stage.bell.ring()
    } else if ('pause' in step) await new Promise((resolve) => setTimeout(resolve, step.pause))
    else if ('seen' in step) {
      return this.#await(`a server to see '${visible(step.seen)}'`, () =>
        this.#origins().some((origin) => origin.received.includes(step.seen)),
      )
    } else if ('connections' in step) {
      return this.#await(`${step.connections} server connections`, () => {
        return this.#origins().reduce((sum, origin) => sum + origin.connections.length, 0) >= step.connections
      })
    }
    return true
  }

  async #await(what: string, ready: () => boolean): Promise<boolean> {
    if (await this.#stage.bell.wait(ready, PATIENCE)) return true
    this.#note(this.#name, `[gave up waiting for ${what}]`)
    return false
  }

  async #response(wire: Wire, method: string): Promise<boolean> {
    for (;;) {
      const at = wire.consumed
      const whole = () => responseAt(wire.received, at, method, wire.state !== 'open')
      await this.#stage.bell.wait(() => whole()?.end !== undefined || wire.state !== 'open', PATIENCE)
      const message = whole()
      if (message?.end === undefined) {
        const why = wire.state === 'open' ? 'no whole response in time' : 'closed before a whole response'
        this.#note(this.#name, `[${why}] ${message ? showResponse(wire.received, at, message) : brief(wire.rest)}`)
        wire.consumed = wire.received.length
        return false
      }
      this.#note(this.#name, showResponse(wire.received, at, message))
      wire.consumed = message.end
      if (!/^HTTP\/1\.[01] 1(?!01)/.test(wire.received.slice(at, message.head))) return true
    }
  }

  async #everything(wire: Wire): Promise<boolean> {
    const { bell } = this.#stage
    await bell.wait(() => wire.received !== '' || wire.state !== 'open', PATIENCE)
    for (let had = -1; had !== wire.received.length && wire.state === 'open'; ) {
      had = wire.received.length
      await bell.wait(() => wire.state !== 'open' || wire.received.length !== had, KEPT)
    }
    while (wire.rest !== '') {
      const message = responseAt(wire.received, wire.consumed, 'GET', wire.state !== 'open')
      if (message === undefined) this.#note(this.#name, `[bytes] ${brief(wire.rest)}`)
      else this.#note(this.#name, showResponse(wire.received, wire.consumed, message))
      wire.consumed = message?.end ?? wire.received.length
    }
    this.#note(this.#name, wire.state === 'open' ? '[open]' : '[closed]')
    return true
  }

  async #until(wire: Wire, text: string): Promise<boolean> {
    const found = await this.#await(`'${visible(text)}'`, () => wire.rest.includes(text) || wire.state !== 'open')
    if (!found) return false
    const end = wire.rest.includes(text)
      ? wire.received.indexOf(text, wire.consumed) + text.length
      : wire.received.length
    this.#note(this.#name, `[bytes] ${brief(wire.received.slice(wire.consumed, end))}`)
    wire.consumed = end
    return true
  }

  async #close(wire: Wire): Promise<boolean> {
    const closed = await this.#stage.bell.wait(() => wire.state !== 'open', PATIENCE)
    if (wire.rest !== '') this.#note(this.#name, `[bytes] ${brief(wire.rest)}`)
    wire.consumed = wire.received.length
    this.#note(this.#name, closed ? '[closed]' : '[not closed in time]')
    return closed
  }

  async #isOpen(wire: Wire): Promise<boolean> {
    const closed = await this.#stage.bell.wait(() => wire.state !== 'open', KEPT)
    this.#note(this.#name, closed ? '[closed]' : '[open]')
    return true
  }
}

/** Plays the exchange; gives what the clients and the servers saw. */
export async function play(exchange: Exchange, stage: Stage): Promise<string[]> {
  const client = new Client(exchange, stage)
  await client.play()
  const wires = [...stage.origins.values()].flatMap((origin) => origin.connections)
  // Connections that the proxy means to close are closed by now or in a moment; idle ones stay in its pool.
  await stage.bell.wait(() => wires.every((wire) => wire.state !== 'open'), 150)
  return [...client.seen, ...showOrigins(stage, exchange.checks)]
}

function showOrigins(stage: Stage, checks: string | undefined): string[] {
  const shown: string[] = []
  for (const [name, origin] of stage.origins) {
    const used = origin.connections.filter((wire) => wire.received !== '')
    const isCheck = (wire: Wire) => checks !== undefined && wire.received.includes(checks)
    const probes = new Set(used.filter(isCheck).map((wire) => showRequests(wire.received).join('\n')))
    for (const probe of [...probes].sort()) shown.push(`server ${name}, check:`, probe.replace(/^/gm, '  '))
    used
      .filter((wire) => !isCheck(wire))
      .forEach((wire, index) => {
        shown.push(`server ${name}, connection ${index + 1}:`)
        for (const request of showRequests(wire.received)) shown.push(request.replace(/^/gm, '  '))
      })
  }
  return shown
}
