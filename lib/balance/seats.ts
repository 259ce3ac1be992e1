/** Seats in a row around which turns go: those of full servers are passed over at once until their load changes. */
import type { Candidate } from './algorithm.js'
import { BitTree } from './bit-tree.js'

/** The row, of which somebody else knows whose each seat is. */
export class Seats<T extends Candidate> {
  readonly #servers: readonly T[]
  readonly #size: number
  readonly #ownerOf: (seat: number) => number
  /** Seats whose owners are there; without it, all are. */
  readonly #taken: BitTree | undefined
  #hidden: Hidden<T> | undefined

  /**
   * @param ownerOf the index of a seat's server
   * @param taken seats whose owners are there, when some may not be; not changed here
   */
  constructor(servers: readonly T[], size: number, ownerOf: (seat: number) => number, taken?: BitTree) {
    this.#servers = servers
    this.#size = size
    this.#ownerOf = ownerOf
    this.#taken = taken
  }

  /** The first seat whose server is usable, going around from one on; -1 when there is none. */
  usable(from: number, usable: (server: T) => boolean): number {
    const start = from < this.#size ? from : 0
    const found = this.#between(start, this.#size, usable)
    return found < 0 ? this.#between(0, start, usable) : found
  }

  #between(from: number, to: number, usable: (server: T) => boolean): number {
    for (let seat = this.#next(from); seat >= 0 && seat < to; seat = this.#next(seat + 1)) {
      const owner = this.#ownerOf(seat)
      const server = this.#servers[owner]!
      if (usable(server)) return seat
      if (server.full === true) this.#hide(seat, owner)
    }
    return -1
  }

  #next(seat: number): number {
    const open = this.#hidden === undefined ? this.#taken : this.#hidden.open
    return open === undefined ? seat : open.next(seat)
  }

  #hide(seat: number, owner: number): void {
    this.#hidden ??= new Hidden(this.#servers, this.#taken?.copy() ?? new BitTree(this.#size, true), this.#size)
    this.#hidden.hide(seat, owner)
  }

  /** To be called when a server's load, or limit, has changed. */
  loadChanged(server: T): void {
    if (this.#hidden !== undefined && server.full !== true) this.#hidden.show(server)
  }

  /** To be called before any of its seats is taken or left: turns come to all of them again, until it is found full. */
  show(server: T): void {
    this.#hidden?.show(server)
  }

  /** To be called when a seat was taken or left. */
  set(seat: number, taken: boolean): void {
    if (taken) this.#hidden?.open.add(seat)
    else this.#hidden?.open.remove(seat)
  }
}

const NONE = -1

/** Seats that turns do not come to, by whose they are. Made when somebody is found full for the first time. */
class Hidden<T> {
  /** Those that turns come to. */
  readonly open: BitTree
  readonly #indexes: ReadonlyMap<T, number>
  /** Of each server, the one that was hidden last, and of each seat, the one that was hidden before it. */
  readonly #last: Int32Array
  readonly #before: Int32Array

  constructor(servers: readonly T[], open: BitTree, size: number) {
    this.open = open
    this.#indexes = new Map(servers.map((server, index) => [server, index]))
    this.#last = new Int32Array(servers.length).fill(NONE)
    this.#before = new Int32Array(size)
  }

  hide(seat: number, owner: number): void {
    this.open.remove(seat)
    this.#before[seat] = this.#last[owner]!
    this.#last[owner] = seat
  }

  show(server: T): void {
    const owner = this.#indexes.get(server)
    if (owner === undefined) return
    for (let seat = this.#last[owner]!; seat !== NONE; seat = this.#before[seat]!) this.open.add(seat)
    this.#last[owner] = NONE
  }
}
