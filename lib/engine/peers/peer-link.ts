/** What is between us and one peer: at most one connection, made by either side, and made again when it is gone. */
import type { NameAddress } from '../../base/address.js'
import type { Timer } from '../../base/clock.js'
import {
  BAD_VERSION,
  LOCAL_UNKNOWN,
  PROTOCOL_ERROR,
  REMOTE_UNKNOWN,
  SUCCEEDED,
  TRY_AGAIN,
} from '../../codec/peers-format.js'
import type { Peer } from '../../proxy/peers.js'
import type { PeerStanding, PeerStatus } from '../../proxy/peers-standing.js'
import type { Socket, Target } from '../network.js'
import { placeOf } from '../target.js'
import { sayHello } from './handshakes.js'
import type { LinkTable } from './link-table.js'
import { type Ending, PeerSession, type SessionOwner } from './peer-session.js'
import type { Surroundings } from './surroundings.js'
import type { Wanted } from './telling.js'
import { toldAs } from './update-number.js'

/** Milliseconds between two attempts, and for one to succeed. */
const RECONNECT = 5000
/** After a connection that was good: somewhere between these, so that both sides do not call at once. */
const SOONEST = 50
const SPREAD = 2000

const statuses: ReadonlyMap<number, PeerStatus> = new Map([
  [SUCCEEDED, 'ESTA'],
  [TRY_AGAIN, 'RETR'],
  [PROTOCOL_ERROR, 'PROT'],
  [BAD_VERSION, 'VERS'],
  [REMOTE_UNKNOWN, 'NAME'],
  [LOCAL_UNKNOWN, 'UNKN'],
])

/** The group that a peer belongs to. */
export interface LinkOwner {
  readonly name: string
  /** What we are called. */
  readonly local: string
  readonly knowsAll: boolean
  established(link: PeerLink): void
  lost(link: PeerLink, why: Ending): void
  refused(link: PeerLink, status: PeerStatus): void
  lessonOver(link: PeerLink, complete: boolean): void
  taught(link: PeerLink): void
}

/** One peer. */
export class PeerLink implements SessionOwner {
  readonly peer: Peer
  readonly tables: readonly LinkTable[]
  readonly wanted: Wanted
  session: PeerSession | undefined = undefined
  status: PeerStatus = 'NONE'
  readonly #group: LinkOwner
  readonly #surroundings: Surroundings
  /** A connection that is being made. */
  #calling: Socket | undefined = undefined
  #again: Timer | undefined = undefined
  #againAt = Number.POSITIVE_INFINITY
  #handshakeAt: number | undefined = undefined
  #stopped = false
  #heartbeatsSent = 0
  #heartbeatsReceived = 0
  #silences = 0
  #connections = 0
  #protocolErrors = 0
  #collisions = 0

  constructor(group: LinkOwner, peer: Peer, tables: readonly LinkTable[], wanted: Wanted, surroundings: Surroundings) {
    this.#group = group
    this.peer = peer
    this.tables = tables
    this.wanted = wanted
    this.#surroundings = surroundings
  }

  get knowsAll(): boolean {
    return this.#group.knowsAll
  }

  /** Connects to the peer, and goes on to try. */
  call(): void {
    const { parsed } = this.peer
    if (this.#stopped || this.session !== undefined || parsed === undefined) return
    this.#drop()
    this.#later(RECONNECT)
    this.#connections++
    this.status = 'CONN'
    this.#handshakeAt = this.#surroundings.clock.now()
    if (parsed.kind === 'name') this.#lookUp(parsed)
    else this.#dial(placeOf(parsed, undefined, 0))
  }

  #lookUp(parsed: NameAddress): void {
    const attempt = this.#connections
    this.#surroundings.network.resolve(parsed.name, parsed.family).then(
      (address) => {
        if (attempt === this.#connections && this.session === undefined && !this.#stopped)
          this.#dial(placeOf(parsed, address, 0))
      },
      () => {},
    )
  }

  #dial(target: Target): void {
    const socket = this.#surroundings.network.dial(target)
    this.#calling = socket
    socket.on('error', ignore)
    socket.once('close', () => this.#notReached(socket))
    const hello = { called: this.peer.name, caller: this.#group.local, pid: this.#surroundings.pid }
    sayHello(socket, hello, (status, rest) => this.#answered(socket, status, rest))
  }

  #notReached(socket: Socket): void {
    if (this.#calling === socket) this.#calling = undefined
  }

  #answered(socket: Socket, status: number, rest: Uint8Array): void {
    if (this.#calling !== socket) return
    this.#calling = undefined
    this.#handshakeAt = this.#surroundings.clock.now()
    this.status = statuses.get(status) ?? 'PROT'
    if (this.status === 'ESTA') {
      this.#begin(socket, false, rest)
      return
    }
    if (!statuses.has(status)) this.#protocolErrors++
    socket.destroy()
    this.#group.refused(this, this.status)
  }

  /** The peer has called us: its connection takes the place of ours. */
  welcome(socket: Socket, rest: Uint8Array): void {
    if (this.session !== undefined || this.#calling !== undefined) this.#collisions++
    this.#drop()
    this.session?.close('unwanted')
    this.#connections++
    this.#handshakeAt = this.#surroundings.clock.now()
    this.status = 'ESTA'
    this.#begin(socket, true, rest)
  }

  #begin(socket: Socket, incoming: boolean, rest: Uint8Array): void {
    this.#forgetTimer()
    socket.on('error', ignore)
    const session = new PeerSession(this, socket, incoming, this.#surroundings)
    this.session = session
    session.start(rest)
    if (this.session === session) this.#group.established(this)
  }

  lessonOver(complete: boolean): void {
    this.#group.lessonOver(this, complete)
  }

  taught(): void {
    this.#group.taught(this)
  }

  /** For its session. */
  over(why: Ending): void {
    const { session } = this
    if (session === undefined) return
    this.session = undefined
    this.#heartbeatsSent += session.heartbeatsSent
    this.#heartbeatsReceived += session.heartbeatsReceived
    if (why === 'silent') this.#silences++
    if (why === 'broken') this.#protocolErrors++
    if (!this.#stopped && why !== 'unwanted' && !this.peer.local)
      this.#later(SOONEST + Math.floor(this.#surroundings.random.next() * SPREAD))
    this.#group.lost(this, why)
  }

  /** Something has changed here. */
  changed(): void {
    this.session?.tell()
  }

  /** Lets go of the peer. */
  stop(): void {
    this.#stopped = true
    this.#forgetTimer()
    this.#drop()
    this.session?.close('unwanted')
  }

  /** @param teachingUs it is telling us all that it knows */
  standing(now: number, teachingUs: boolean): PeerStanding {
    const { session, peer } = this
    const heartbeatIn = session?.heartbeatIn
    return {
      name: peer.name,
      local: peer.local,
      address: peer.address,
      status: this.status,
      active: session !== undefined || this.#calling !== undefined,
      established: session !== undefined,
      incoming: session?.incoming ?? false,
      from: session?.incoming === true ? placeText(session.socket.remoteAddress, session.socket.remotePort) : undefined,
      at: session?.incoming === true ? placeText(session.socket.localAddress, session.socket.localPort) : undefined,
      lastHandshake: this.#handshakeAt === undefined ? undefined : now - this.#handshakeAt,
      reconnectIn: this.#againAt === Number.POSITIVE_INFINITY ? undefined : Math.max(0, this.#againAt - now),
      heartbeatIn,
      confirmations: session?.confirmations ?? 0,
      teachingUs,
      taught: session?.teaching ?? false,
      heartbeatsSent: this.#heartbeatsSent + (session?.heartbeatsSent ?? 0),
      heartbeatsReceived: this.#heartbeatsReceived + (session?.heartbeatsReceived ?? 0),
      silences: this.#silences,
      connections: this.#connections,
      protocolErrors: this.#protocolErrors,
      collisions: this.#collisions,
      tables: this.tables.map((table) => ({
        table: table.shared.table.name,
        name: table.shared.definition.name,
        localId: table.shared.definition.id,
        remoteId: table.remoteId,
        remoteData: table.remoteData,
        acknowledged: toldAs(table.acknowledged),
        pushed: toldAs(table.pushed),
        received: table.received,
      })),
      heardOf: session?.heardOf?.shared.table.name,
      toldOf: this.tables.find(({ shared }) => shared.definition === session?.writer.defined)?.shared.table.name,
      sentTexts: session?.writer.dictionary.texts ?? [],
      receivedTexts: session?.decoder.dictionary ?? [],
    }
  }

  #later(delay: number): void {
    this.#forgetTimer()
    this.#againAt = this.#surroundings.clock.now() + delay
    this.#again = this.#surroundings.clock.after(delay, () => this.call())
  }

  #forgetTimer(): void {
    this.#again?.cancel()
    this.#again = undefined
    this.#againAt = Number.POSITIVE_INFINITY
  }

  #drop(): void {
    const socket = this.#calling
    this.#calling = undefined
    socket?.destroy()
  }
}

/** A unix socket's other end has no place. */
const placeText = (address: string | undefined, port: number | undefined): string =>
  address === undefined ? 'unix:0' : `${address}:${port ?? 0}`

const ignore = (): void => {}
