/** A network in memory: listeners, dials and names as the engine asks for them. Nothing leaves the process. */
import { parseServerAddress } from '../base/address.js'
import type { Datagrams, Listening, Network, Peer, Socket, Target } from '../engine/network.js'
import { placeOf } from '../engine/target.js'
import type { Bind } from '../proxy/bind.js'
import { MemoryNames } from './memory-names.js'
import { MemorySocket, networkError, type Place } from './memory-socket.js'

/** Turns of the event loop without anything happening, after which nothing more is expected to happen by itself. */
const QUIET_TURNS = 10
const FIRST_FREE_PORT = 32_768
/** Where servers see us come from. */
const OWN_ADDRESS = '198.51.100.2'
const NAME_SERVER = '198.51.100.53'

/** What becomes of a dial: refused, never answered, or served. */
export type Reached = 'refuse' | 'unreachable' | ((socket: MemorySocket) => void)

/** Says who is at a place. */
export type Lookup = (target: Target) => Reached

/** What networks that are joined have in common: who listens where, and what is under way. */
class Wires {
  readonly listeners = new Map<string, (socket: Socket) => void>()
  freePort = FIRST_FREE_PORT
  dialled = FIRST_FREE_PORT
  activity = 0
  underWay = 0
}

/** A {@link Network} whose connections are pairs of streams. */
export class MemoryNetwork implements Network {
  readonly #lookup: Lookup
  readonly #wires: Wires
  readonly #names = new Map<string, string>()

  /** @param beside another one, to whose listeners this one leads, and the other way round */
  constructor(lookup: Lookup, beside?: MemoryNetwork) {
    this.#lookup = lookup
    this.#wires = beside === undefined ? new Wires() : beside.#wires
  }

  async listen(bind: Bind, connected: (socket: Socket) => void): Promise<Listening> {
    const { address, port } = this.#placeOf(bind)
    const key = keyOf(address, port)
    const { listeners } = this.#wires
    if (listeners.has(key)) throw networkError('EADDRINUSE', 'listen', key)
    listeners.set(key, connected)
    return {
      address,
      port,
      close: async () => {
        if (listeners.get(key) === connected) listeners.delete(key)
      },
    }
  }

  /** Has somebody take what connects to a place, by its text. */
  serve(place: string, connected: (socket: MemorySocket) => void): void {
    this.#wires.listeners.set(placeKey(place), connected as (socket: Socket) => void)
  }

  /**
   * Connects to whoever listens at a place, by its text.
   * @throws {Error} `ECONNREFUSED` when nobody does
   */
  reach(place: string): MemorySocket {
    const accept = this.#wires.listeners.get(placeKey(place))
    if (accept === undefined) throw networkError('ECONNREFUSED', 'connect', place)
    return this.meet(accept, { address: OWN_ADDRESS, port: this.#wires.dialled++ }, UNNAMED)
  }

  dial(target: Target): Socket {
    const remote = 'path' in target ? UNNAMED : { address: target.host, port: target.port }
    const local =
      'path' in target ? UNNAMED : { address: target.localAddress ?? OWN_ADDRESS, port: this.#wires.dialled++ }
    const socket = new MemorySocket(this.later, local, remote)
    const reached = this.#reach(target)
    socket.connecting = true
    if (reached === 'unreachable') return socket
    this.later(() => {
      if (socket.destroyed) return
      socket.connecting = false
      if (reached === 'refuse') {
        socket.destroy(networkError('ECONNREFUSED', 'connect', describe(target)))
        return
      }
      const other = new MemorySocket(this.later, remote, local)
      MemorySocket.join(socket, other)
      other.on('error', ignore)
      reached(other)
      socket.emit('connect')
    })
    return socket
  }

  /** Whoever stands for a server, or listens there. */
  #reach(target: Target): Reached {
    const reached = this.#lookup(target)
    if (reached !== 'refuse') return reached
    const { listeners } = this.#wires
    if ('path' in target) return listeners.get(target.path) ?? reached
    return listeners.get(keyOf(target.host, target.port)) ?? reached
  }

  /** What the name servers say, every one of them. */
  readonly names = new MemoryNames((name, family) => this.#addressOf(name, family))

  async resolve(name: string, family: 4 | 6 | undefined): Promise<string> {
    return this.#addressOf(name, family)
  }

  /** Whoever is sent a datagram is a name server. */
  datagrams(_peer: Peer, heard: (bytes: Buffer) => void): Datagrams {
    let closed = false
    const send = (bytes: Uint8Array): void =>
      this.later(() => {
        const answer = this.names.answer(bytes)
        if (answer !== undefined && !closed) this.later(() => (closed ? undefined : heard(answer)))
      })
    const close = (): void => {
      closed = true
    }
    return { send, close }
  }

  nameservers(): readonly string[] {
    return [NAME_SERVER]
  }

  /** Every name has an address of its own, from the networks that are kept for tests (RFC 2544, RFC 3849). */
  #addressOf(name: string, family: 4 | 6 | undefined): string {
    const key = `${family === 6 ? 6 : 4} ${name}`
    let address = this.#names.get(key)
    if (address === undefined) {
      const number = this.#names.size + 1
      address = family === 6 ? `2001:db8::${number.toString(16)}` : `198.18.${number >> 8}.${number & 255}`
      this.#names.set(key, address)
    }
    return address
  }

  /**
   * Connects a client to whoever listens at a place.
   * @throws {Error} `ECONNREFUSED` when nobody does
   */
  connect(listener: { readonly address: string; readonly port: number }, client: Place, asked: Place): MemorySocket {
    const accept = this.#wires.listeners.get(keyOf(listener.address, listener.port))
    if (accept === undefined) throw networkError('ECONNREFUSED', 'connect', keyOf(listener.address, listener.port))
    return this.meet(accept, client, asked)
  }

  /** Connects a client to whoever takes the other end. */
  meet(accept: (socket: MemorySocket) => void, client: Place, asked: Place): MemorySocket {
    const near = new MemorySocket(this.later, client, asked)
    const far = new MemorySocket(this.later, asked, client)
    MemorySocket.join(near, far)
    this.later(() => accept(far))
    return near
  }

  /** Runs something in a later turn, in order. */
  readonly later = (deliver: () => void): void => {
    this.#wires.underWay++
    setImmediate(() => {
      this.#wires.underWay--
      this.#wires.activity++
      deliver()
    })
  }

  /** Waits until nothing moves any more without time moving on. */
  readonly settle = async (): Promise<void> => {
    for (let quiet = 0; quiet < QUIET_TURNS; ) {
      const before = this.#wires.activity
      await new Promise<void>((resolve) => setImmediate(resolve))
      quiet = this.#wires.activity === before && this.#wires.underWay === 0 ? quiet + 1 : 0
    }
  }

  #placeOf({ address, parsed }: Bind): { address: string; port: number } {
    switch (parsed.kind) {
      case 'ip':
        return { address: parsed.ip, port: parsed.port === 0 ? this.#wires.freePort++ : parsed.port }
      case 'name':
        return { address: parsed.name, port: parsed.port === 0 ? this.#wires.freePort++ : parsed.port }
      default:
        return { address, port: 0 }
    }
  }
}

const UNNAMED: Place = { address: undefined, port: undefined }
const ignore = (): void => {}
const keyOf = (address: string, port: number): string => (port === 0 ? address : `${address}:${port}`)

function placeKey(place: string): string {
  const target = placeOf(parseServerAddress(place), undefined, 0)
  return 'path' in target ? target.path : keyOf(target.host, target.port)
}

const describe = (target: Target): string => ('path' in target ? target.path : keyOf(target.host, target.port))
