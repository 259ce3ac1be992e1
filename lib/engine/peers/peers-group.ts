/** A group of peers that runs: who is called, who may call, and from whom everything is learned at the start. */
import type { Timer } from '../../base/clock.js'
import { OptionError } from '../../base/errors.js'
import { xxh64 } from '../../base/xxhash.js'
import type { Peer, Peers } from '../../proxy/peers.js'
import type { PeerStatus, PeersHost, PeersStanding } from '../../proxy/peers-standing.js'
import type { Listening, Socket } from '../network.js'
import { HandOver } from './hand-over.js'
import { hearHello } from './handshakes.js'
import { LinkTable } from './link-table.js'
import { type LinkOwner, PeerLink } from './peer-link.js'
import type { Ending } from './peer-session.js'
import { SharedTable } from './shared-table.js'
import type { Surroundings } from './surroundings.js'
import type { Wanted } from './telling.js'
import { toldAs } from './update-number.js'

/** Milliseconds that a predecessor, and then any of the others, is waited for to teach us. */
const PATIENCE = 5000
/** Those who have connected and not said who they are yet; more are sent away. */
const MOST_STRANGERS = 64

/** What has happened to a peer. */
export type PeerEventName = 'established' | 'lost' | 'refused'

/** Who is told of it. */
export type Tell = (peer: Peer, what: PeerEventName, reason: string) => void

/** One group. */
export class PeersGroup implements LinkOwner, PeersHost {
  readonly peers: Peers
  readonly #surroundings: Surroundings
  readonly #tell: Tell
  readonly #tables: readonly SharedTable[]
  readonly #links: ReadonlyMap<string, PeerLink>
  readonly #strangers = new Set<Socket>()
  readonly #deaf: (() => void)[] = []
  #listening: Listening | undefined = undefined
  #learning: 'local' | 'remote' | 'done' = 'remote'
  /** Who has been asked, and who need not be asked again. */
  #teacher: PeerLink | undefined = undefined
  readonly #knowLess = new Set<PeerLink>()
  #giveUp: Timer | undefined = undefined
  #giveUpAt = Number.POSITIVE_INFINITY
  /** Before that, the start may still fail. */
  #begun = false
  #stopped = false
  #handOver: HandOver | undefined = undefined

  constructor(peers: Peers, surroundings: Surroundings, tell: Tell) {
    this.peers = peers
    this.#surroundings = surroundings
    this.#tell = tell
    this.#tables = peers.tables.map((table, index) => new SharedTable(table, index + 1))
    this.#links = new Map(peers.peers.map((peer) => [peer.name, this.#link(peer)]))
  }

  get name(): string {
    return this.peers.name
  }

  get local(): string {
    return this.peers.local
  }

  /** What we know is all that there is, as far as anybody can say. */
  get knowsAll(): boolean {
    return this.#learning === 'done'
  }

  #link(peer: Peer): PeerLink {
    const tables = this.#tables.map((shared) => new LinkTable(shared))
    return new PeerLink(this, peer, tables, this.#wantedBy(peer), this.#surroundings)
  }

  #wantedBy({ shard, local }: Peer): Wanted {
    const { shards } = this.peers
    if (shard === 0 || local || shards === 0) return () => true
    return (key) => shardOf(key, shards) === shard
  }

  /** Listens. Rejects when the place cannot be had. */
  async listen(): Promise<void> {
    const { bind } = this.peers
    if (bind === undefined) return
    try {
      this.#listening = await this.#surroundings.network.listen(bind, (socket) => this.#connected(socket))
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      const busy = code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be listened at: ${message}`
      throw new OptionError(`Peers '${this.name}'`, 'bind', `'${bind.address}' ${busy}`)
    }
  }

  /** The place where it listens, and the port that it got. */
  get place(): { readonly address: string; readonly port: number } | undefined {
    return this.#listening
  }

  /** Begins to call, tell and learn. @param succeeds a predecessor is about to teach us */
  begin(succeeds: boolean): void {
    this.#begun = true
    this.peers.attach(this)
    for (const { log } of this.#tables) this.#deaf.push(log.listen(() => this.#changed()))
    this.#learning = succeeds && this.#listening !== undefined ? 'local' : 'remote'
    this.#wait()
    for (const link of this.#links.values()) if (!link.peer.local) link.call()
  }

  #changed(): void {
    for (const link of this.#links.values()) link.changed()
  }

  #connected(socket: Socket): void {
    socket.on('error', ignore)
    if (!this.#begun || this.#stopped || this.#strangers.size >= MOST_STRANGERS) {
      socket.destroy()
      return
    }
    this.#strangers.add(socket)
    const forget = (): void => void this.#strangers.delete(socket)
    socket.once('close', forget)
    const known = (caller: string): boolean => this.#links.has(caller)
    hearHello(socket, this.local, this.#surroundings, known, (caller, rest) => {
      forget()
      this.#links.get(caller)?.welcome(socket, rest)
    })
  }

  established(link: PeerLink): void {
    this.#tell(link.peer, 'established', link.session?.incoming === true ? 'it has connected' : 'connected')
    if (this.#learning === 'remote' && this.#teacher === undefined) this.#learnFrom(link)
  }

  refused(link: PeerLink, status: PeerStatus): void {
    this.#tell(link.peer, 'refused', status)
  }

  lost(link: PeerLink, why: Ending): void {
    this.#tell(link.peer, 'lost', why)
    if (this.#stopped) return
    if (this.#learning === 'local' && link.peer.local) this.#wait()
    else if (this.#teacher === link) this.#learnFromAnother()
  }

  lessonOver(link: PeerLink, complete: boolean): void {
    if (this.#learning === 'done') return
    if (complete && (link === this.#teacher || link.peer.local)) this.#learned()
    else if (this.#learning === 'local' && link.peer.local) this.#wait()
    else if (link === this.#teacher) {
      this.#knowLess.add(link)
      this.#learnFromAnother()
    }
  }

  taught(): void {}

  #learnFrom(link: PeerLink): void {
    if (link.peer.local || link.session === undefined || this.#knowLess.has(link)) return
    this.#teacher = link
    this.#cancelWait()
    link.session.ask()
  }

  #learnFromAnother(): void {
    this.#teacher = undefined
    const able = [...this.#links.values()].filter(
      (link) => link.session !== undefined && !link.peer.local && !this.#knowLess.has(link),
    )
    this.#wait()
    const chosen = able[Math.floor(this.#surroundings.random.next() * able.length)]
    if (chosen !== undefined) this.#learnFrom(chosen)
  }

  #wait(): void {
    this.#cancelWait()
    this.#giveUpAt = this.#surroundings.clock.now() + PATIENCE
    this.#giveUp = this.#surroundings.clock.after(PATIENCE, () => this.#nobodyCame())
  }

  #cancelWait(): void {
    this.#giveUp?.cancel()
    this.#giveUp = undefined
    this.#giveUpAt = Number.POSITIVE_INFINITY
  }

  #nobodyCame(): void {
    if (this.#learning === 'remote') this.#learned()
    // A predecessor that is teaching us at this moment has all the time that it needs.
    else if (this.#links.get(this.local)?.session !== undefined) this.#wait()
    else {
      this.#learning = 'remote'
      this.#learnFromAnother()
    }
  }

  #learned(): void {
    this.#learning = 'done'
    this.#teacher = undefined
    this.#cancelWait()
  }

  /** Listens no more, for a while: those who are connected stay. */
  async pause(): Promise<void> {
    const listening = this.#listening
    this.#listening = undefined
    await listening?.close()
  }

  /** Listens again. Rejects when the place cannot be had. */
  async resume(): Promise<void> {
    if (this.#listening === undefined && !this.#stopped) await this.listen()
  }

  /** Takes nobody in any more, and lets go of all. */
  stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#cancelWait()
    for (const deaf of this.#deaf) deaf()
    void this.#listening?.close()
    for (const socket of this.#strangers) socket.destroy()
    for (const link of this.#links.values()) link.stop()
  }

  /** Teaches whoever listens in our place next. Resolves when that is done, or when nobody does. */
  async handOver(): Promise<void> {
    const { bind, peers } = this.peers
    const self = peers.find(({ local }) => local)
    if (bind === undefined || self === undefined) return
    const tables = this.#tables.map((shared) => new LinkTable(shared))
    this.#handOver = new HandOver(
      { peer: { ...self, parsed: bind.parsed }, tables, knowsAll: this.knowsAll },
      this.#surroundings,
    )
    await this.#handOver.done
  }

  /** Gives up what goes on of that. */
  cut(): void {
    this.#handOver?.cut()
  }

  /** Nothing of it is left. */
  end(): void {
    this.peers.attach(undefined)
  }

  standing(): PeersStanding {
    const now = this.#surroundings.clock.now()
    return {
      learning: this.#learning,
      giveUpIn: this.#giveUpAt === Number.POSITIVE_INFINITY ? undefined : Math.max(0, this.#giveUpAt - now),
      peers: [...this.#links.values()].map((link) => link.standing(now, link === this.#teacher)),
      tables: this.#tables.map(({ table, log }) => ({ table: table.name, localUpdate: toldAs(log.last) })),
    }
  }
}

/** The share of the keys that a key belongs to, from 1 on: the same in all processes. */
function shardOf(key: Uint8Array, shards: number): number {
  return Number(xxh64(Buffer.from(key), 0n) % BigInt(shards)) + 1
}

const ignore = (): void => {}
