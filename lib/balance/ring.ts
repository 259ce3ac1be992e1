/** Consistent hashing: a ring on which each server stands at many places, so that a change of members moves few keys. */
import { avalanche } from '../base/hash.js'
import type { Candidate } from './algorithm.js'
import { BitTree } from './bit-tree.js'
import { Seats } from './seats.js'
import { type Bound, Stretches } from './stretches.js'

/** Places of a server on the ring for each unit of its weight. */
const PLACES = 16
/** Places that are numbered for one server, whether it has them or not. */
const PLACES_PER_ID = 256 * PLACES

/**
 * The ring of one pool. Places go by the servers' ids only, as HAProxy's do. Who leaves keeps its places laid out, so that it comes back at no cost;
 * who is new, or heavier than before, is laid out when the ring is asked next.
 */
export class Ring<T extends Candidate> {
  readonly #servers: T[] = []
  readonly #indexes = new Map<T, number>()
  /** Of each server, the id by which its places go. */
  readonly #ids: number[] = []
  /** Of each server, how many places are laid out, and how many of these are its own now. */
  readonly #laid: number[] = []
  readonly #own: number[] = []
  readonly #growing = new Set<number>()
  #places = new Uint32Array(0)
  #owners = new Uint32Array(0)
  /** Places that are somebody's now. */
  #live = new BitTree(0, false)
  #seats = new Seats<T>(this.#servers, 0, () => 0, this.#live)
  /** Made when somebody asks whom a bound allows more. */
  #stretches: Stretches<T> | undefined
  #size = 0

  constructor(pool: readonly T[]) {
    for (const server of pool) if (server.effectiveWeight > 0) this.change(server, true)
    this.#layOut()
  }

  /** One server came, left or has another weight. @returns `false` when few are left of those who are laid out, and for one that has another id now */
  change(server: T, present: boolean): boolean {
    let index = this.#indexes.get(server)
    if (index === undefined) {
      if (!present) return true
      index = this.#servers.push(server) - 1
      this.#indexes.set(server, index)
      this.#ids.push(server.id)
      this.#laid.push(0)
      this.#own.push(0)
    } else if (present && server.id !== this.#ids[index]) return false
    const before = this.#own[index]!
    const own = present ? placesOf(server) : 0
    const laid = this.#laid[index]!
    if (own > laid) this.#growing.add(index)
    else this.#growing.delete(index)
    this.#turn(index, Math.min(before, laid), Math.min(own, laid))
    this.#size += own - before
    this.#own[index] = own
    return this.#size * 4 >= this.#places.length
  }

  /** Places that are laid out become a server's own, or are no more. */
  #turn(index: number, before: number, own: number): void {
    this.#seats.show(this.#servers[index]!)
    this.#stretches?.rearrange()
    this.#stretches?.changed(index, true)
    for (let number = Math.min(own, before); number < Math.max(own, before); number++) {
      const at = this.#find(index, number)
      if (own > before) this.#live.add(at)
      else this.#live.remove(at)
      this.#seats.set(at, own > before)
    }
  }

  /** Where a place of a server was laid out. */
  #find(index: number, number: number): number {
    let at = this.#from(placeOf(this.#ids[index]!, number))
    while (this.#owners[at] !== index) at++
    return at
  }

  /** Lays out those who have not enough places. To be called before the ring is asked. */
  settle(): void {
    if (this.#growing.size > 0) this.#layOut()
  }

  #layOut(): void {
    const places: number[] = []
    const owners: number[] = []
    for (const index of this.#growing) {
      const room = roomFor(this.#own[index]!, this.#laid[index]!)
      for (let number = this.#laid[index]!; number < room; number++) {
        places.push(placeOf(this.#ids[index]!, number))
        owners.push(index)
      }
      this.#laid[index] = room
    }
    this.#growing.clear()
    this.#insert(Uint32Array.from(places), Uint32Array.from(owners))
    this.#live = new BitTree(this.#places.length, true)
    for (const [index, own] of this.#own.entries())
      for (let number = own; number < this.#laid[index]!; number++) this.#live.remove(this.#find(index, number))
    const all = this.#owners
    this.#seats = new Seats(this.#servers, all.length, (at) => all[at]!, this.#live)
    this.#stretches = undefined
  }

  /** Puts places in among those that are there, behind their equals. */
  #insert(added: Uint32Array, addedOwners: Uint32Array): void {
    const places = new Uint32Array(this.#places.length + added.length)
    const owners = new Uint32Array(places.length)
    let to = 0
    let from = 0
    const copy = (end: number): void => {
      places.set(this.#places.subarray(from, end), to)
      owners.set(this.#owners.subarray(from, end), to)
      to += end - from
      from = end
    }
    for (const index of sorted(added)) {
      const place = added[index]!
      if (from < this.#places.length && this.#places[from]! <= place)
        copy(place === 0xffffffff ? this.#places.length : this.#from(place + 1))
      places[to] = place
      owners[to++] = addedOwners[index]!
    }
    copy(this.#places.length)
    this.#places = places
    this.#owners = owners
  }

  loadChanged(server: T): void {
    this.#seats.loadChanged(server)
  }

  /** A server carries less than before, or more: for bounds. */
  carries(server: T, less: boolean): void {
    const index = this.#stretches === undefined ? undefined : this.#indexes.get(server)
    if (index !== undefined) this.#stretches?.changed(index, less)
  }

  /** Places that are somebody's. */
  get size(): number {
    return this.#size
  }

  /** Who stands at a place, counted around the ring. */
  at(index: number): T {
    return this.#servers[this.#owners[index]!]!
  }

  /** The index of the place nearest to a hash, on either side; on a tie the one before it. -1 on an empty ring. */
  nearest(hash: number): number {
    if (this.#size === 0) return -1
    const places = this.#places
    const at = this.#from(hash)
    const next = this.#next(at)
    let before = this.#live.last(at - 1)
    if (before < 0) before = this.#live.last(places.length - 1)
    return (places[next]! - hash) >>> 0 < (hash - places[before]!) >>> 0 ? next : before
  }

  /** The index of the first place at or after a hash of a server that can be used, and is not known to be full; -1 without one. */
  turn(hash: number, usable: (server: T) => boolean): number {
    return this.#seats.usable(this.#from(hash), usable)
  }

  /** The hash that an index stands at. */
  place(index: number): number {
    return this.#places[index]!
  }

  /** The first index whose server is usable, going around from an index on; -1 when there is none. */
  usable(from: number, usable: (server: T) => boolean): number {
    let index = from
    let asked = -1
    for (let tries = this.#size; tries > 0; tries--) {
      const owner = this.#owners[index]!
      if (owner !== asked && usable(this.#servers[owner]!)) return index
      asked = owner
      index = this.#next(index + 1)
    }
    return -1
  }

  /** As {@link usable}, among those whom a bound allows more; stretches without anybody like that are passed over at once. */
  within(bound: Bound<T>, from: number, usable: (server: T) => boolean): number {
    this.#stretches ??= new Stretches({ servers: this.#servers, owners: this.#owners, live: this.#live }, bound)
    return this.#stretches.find(from, usable)
  }

  /** The last server that is met going around from an index on, of those that are usable. */
  lastBefore(from: number, usable: (server: T) => boolean): T | undefined {
    let last: T | undefined
    this.usable(from, (server) => {
      if (usable(server)) last = server
      return false
    })
    return last
  }

  /** The first place from an index on that is somebody's, going around. */
  #next(from: number): number {
    const next = this.#live.next(from)
    return next < 0 ? this.#live.next(0) : next
  }

  /** The index of the first place laid out at or after a hash; behind the last one when there is none. */
  #from(hash: number): number {
    const places = this.#places
    let low = 0
    let high = places.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (places[middle]! < hash) low = middle + 1
      else high = middle
    }
    return low
  }
}

const placesOf = ({ effectiveWeight }: Candidate): number => Math.ceil(effectiveWeight * PLACES)

const placeOf = (id: number, number: number): number => avalanche(Math.imul(id, PLACES_PER_ID) + number)

/** A server that grows has room for more than it needs, so that one that starts slowly is not laid out at each step. */
function roomFor(own: number, laid: number): number {
  return laid === 0 ? own : Math.min(PLACES_PER_ID, 2 ** Math.ceil(Math.log2(own)))
}

/** The order of numbers, equal ones as they stand: by eleven of their bits at a time, from the lowest on. */
function sorted(numbers: Uint32Array): Uint32Array {
  let order = new Uint32Array(numbers.length)
  for (let at = 0; at < order.length; at++) order[at] = at
  let next = new Uint32Array(numbers.length)
  for (let shift = 0; shift < 32; shift += 11) {
    const from = new Uint32Array(2048 + 1)
    for (let at = 0; at < numbers.length; at++) from[((numbers[at]! >>> shift) & 2047) + 1]!++
    for (let digit = 1; digit < from.length; digit++) from[digit]! += from[digit - 1]!
    for (let at = 0; at < order.length; at++) {
      const index = order[at]!
      next[from[(numbers[index]! >>> shift) & 2047]!++] = index
    }
    const done = next
    next = order
    order = done
  }
  return order
}
