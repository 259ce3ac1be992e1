/** The end of a process: it teaches the one that has come in its place all that it knows. */
import type { Timer } from '../../base/clock.js'
import type { Peer } from '../../proxy/peers.js'
import type { LinkTable } from './link-table.js'
import { type LinkOwner, PeerLink } from './peer-link.js'
import type { Surroundings } from './surroundings.js'

/** Milliseconds for the successor to listen, and between two attempts to reach it. */
const PATIENCE = 2000
const RETRY = 100
/** Connections that may break before it is taught: then it has to learn from others. */
const MOST_LOSSES = 3

/** What is handed over, and to whom. */
export interface Legacy {
  /** Ourselves: the successor has our name and place. */
  readonly peer: Peer
  readonly tables: readonly LinkTable[]
  readonly knowsAll: boolean
}

/** One attempt after the other, until it is done or nobody comes. */
export class HandOver implements LinkOwner {
  readonly name: string
  readonly local: string
  readonly knowsAll: boolean
  /** Resolves when nothing more is to be done. */
  readonly done: Promise<void>
  readonly #surroundings: Surroundings
  readonly #legacy: Legacy
  readonly #until: number
  #link: PeerLink | undefined = undefined
  #timer: Timer | undefined = undefined
  #losses = 0
  #resolve: () => void = () => {}

  constructor(legacy: Legacy, surroundings: Surroundings) {
    this.#legacy = legacy
    this.name = legacy.peer.name
    this.local = legacy.peer.name
    this.knowsAll = legacy.knowsAll
    this.#surroundings = surroundings
    this.#until = surroundings.clock.now() + PATIENCE
    this.done = new Promise((resolve) => {
      this.#resolve = resolve
    })
    this.#try()
  }

  #try(): void {
    this.#link?.stop()
    this.#link = undefined
    if (this.#surroundings.clock.now() >= this.#until || this.#losses >= MOST_LOSSES) {
      this.#over()
      return
    }
    this.#link = new PeerLink(this, this.#legacy.peer, this.#legacy.tables, () => true, this.#surroundings)
    this.#link.call()
    this.#timer = this.#surroundings.clock.after(RETRY, () => this.#look())
  }

  /** A connection that is there is given its time. */
  #look(): void {
    if (this.#link?.session === undefined) this.#try()
  }

  established(link: PeerLink): void {
    this.#timer?.cancel()
    link.session?.teach()
  }

  lost(): void {
    this.#losses++
    this.#timer?.cancel()
    this.#timer = this.#surroundings.clock.after(RETRY, () => this.#try())
  }

  refused(): void {}

  lessonOver(): void {}

  taught(): void {
    this.#over()
  }

  cut(): void {
    this.#over()
  }

  #over(): void {
    this.#timer?.cancel()
    this.#losses = MOST_LOSSES
    this.#resolve()
    this.#link?.stop()
    this.#timer?.cancel()
  }
}
