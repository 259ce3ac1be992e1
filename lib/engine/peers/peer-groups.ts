/** All groups of peers of a balancer: they come and go with it. */
import type { Peer, Peers } from '../../proxy/peers.js'
import { type PeerEventName, PeersGroup } from './peers-group.js'
import type { Surroundings } from './surroundings.js'

/** Something has happened to a peer: a connection is there, or gone, or one side would not have it. */
export interface PeerNews {
  readonly peers: Peers
  readonly peer: Peer
  readonly what: PeerEventName
  /** Why, as one word or two. */
  readonly reason: string
}

/** The groups that run. */
export class PeerGroups {
  readonly #peers: readonly Peers[]
  readonly #surroundings: Surroundings
  readonly #tell: (news: PeerNews) => void
  #groups: readonly PeersGroup[] = []

  constructor(peers: readonly Peers[], surroundings: Surroundings, tell: (news: PeerNews) => void) {
    this.#peers = peers
    this.#surroundings = surroundings
    this.#tell = tell
  }

  /** Listens everywhere. Rejects when one place cannot be had, and listens nowhere then. */
  async listen(): Promise<void> {
    const groups = this.#peers
      .filter(({ disabled }) => !disabled)
      .map(
        (peers) =>
          new PeersGroup(peers, this.#surroundings, (peer, what, reason) => this.#tell({ peers, peer, what, reason })),
      )
    try {
      for (const group of groups) await group.listen()
    } catch (error) {
      for (const group of groups) group.stop()
      throw error
    }
    this.#groups = groups
  }

  /** Begins to call, tell and learn. @param succeeds predecessors are about to teach us */
  begin(succeeds: boolean): void {
    for (const group of this.#groups) group.begin(succeeds)
  }

  /** Listens no more, for a while. */
  async pause(): Promise<void> {
    await Promise.all(this.#groups.map((group) => group.pause()))
  }

  /** Listens again. Rejects when a place cannot be had. */
  async resume(): Promise<void> {
    await Promise.all(this.#groups.map((group) => group.resume()))
  }

  /** Lets go of all peers, and of what was listened at. */
  stop(): void {
    for (const group of this.#groups) group.stop()
  }

  /** Teaches those who come in our place. Resolves when it is done, or cannot be. */
  async handOver(): Promise<void> {
    await Promise.all(this.#groups.map((group) => group.handOver()))
  }

  /** Hands over no more. */
  cut(): void {
    for (const group of this.#groups) group.cut()
  }

  /** Nothing is left. */
  end(): void {
    for (const group of this.#groups) group.end()
    this.#groups = []
  }
}
