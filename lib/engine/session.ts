/** What every client connection has, whatever is spoken on it: its addresses, its own context, and the place that it takes. */
import { Ip } from '../base/ip.js'
import { Context, type SessionView } from '../match/context.js'
import type { Engine } from './engine.js'
import type { Entrance } from './entrance.js'
import type { Listener } from './listener.js'
import type { Socket } from './network.js'
import { partByReset } from './parting.js'

/** One client connection. */
export class Session implements SessionView {
  readonly engine: Engine
  readonly entrance: Entrance
  readonly socket: Socket
  /** When it was accepted, by the engine's clock and by the calendar. */
  readonly acceptedAt: number
  readonly acceptedOn: number
  readonly sourcePort: number
  readonly destinationPort: number
  readonly listener: Listener | undefined
  readonly clientAddress: string
  readonly destinationAddress: string
  /** What the connection's own rules work on; tracking in it lasts as long as the connection. */
  readonly context: Context
  readonly #local: string | undefined
  #source: Ip | undefined | null = null
  #destination: Ip | undefined | null = null

  constructor(engine: Engine, entrance: Entrance, socket: Socket, listener: Listener | undefined) {
    this.listener = listener
    this.engine = engine
    this.entrance = entrance
    this.socket = socket
    this.acceptedAt = engine.clock.now()
    this.acceptedOn = engine.clock.wall()
    this.clientAddress = plainAddress(socket.remoteAddress)
    this.destinationAddress = plainAddress(socket.localAddress)
    this.sourcePort = socket.remotePort ?? 0
    this.#local = socket.localAddress
    this.destinationPort = socket.localPort ?? 0
    this.context = new Context(this, this.acceptedAt, this.acceptedOn)
    this.context.clock = engine.clock
    this.context.process = engine.process
    this.context.frontend = entrance.frontend
  }

  get frontend(): string {
    return this.entrance.frontend.name
  }

  get source(): Ip | undefined {
    if (this.#source === null) this.#source = Ip.fromSocket(this.socket.remoteAddress) ?? Ip.parse(this.clientAddress)
    return this.#source
  }

  get destination(): Ip | undefined {
    if (this.#destination === null) this.#destination = Ip.fromSocket(this.#local)
    return this.#destination
  }

  /** Closes it, whatever is under way. */
  part(): void {
    if (this.entrance.frontend.noLinger) partByReset(this.socket)
    else this.socket.destroy()
  }

  /** A context for one request of this connection. */
  requestContext(now: number, wall: number): Context {
    const context = new Context(this.context.session, now, wall)
    context.clock = this.engine.clock
    context.bufferSize = this.engine.bufferSize
    context.process = this.engine.process
    context.frontend = this.entrance.frontend
    context.identify = this.entrance.frontend.uniqueId?.make
    context.connection = this.context
    context.beginRequest()
    return context
  }
}

/** An IPv4 client of a listener for both families is shown as such; a unix socket's client has no address. */
function plainAddress(address: string | undefined): string {
  if (address === undefined) return ''
  return address.startsWith('::ffff:') ? address.slice(7) : address
}
