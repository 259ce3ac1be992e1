/** Consistent hashing: a ring on which each server stands at many places, so that a change of members moves few keys. */
import { avalanche } from '../base/hash.js'
import type { Candidate } from './algorithm.js'

/** Places of a server on the ring for each unit of its weight. */
const PLACES = 16
/** Places that are numbered for one server, whether it has them or not. */
const PLACES_PER_ID = 256 * PLACES
/** Servers that a ring can hold: their index shares a double's 53 bits with a place of 32. */
const MOST_SERVERS = 2 ** 20

/** The ring of one pool. Places go by the servers' ids only, as HAProxy's do. */
export class Ring<T extends Candidate> {
  readonly #servers: T[]
  #places: Uint32Array
  #owners: Uint32Array

  constructor(pool: readonly T[]) {
    const servers = pool.filter((server) => server.effectiveWeight > 0)
    if (servers.length > MOST_SERVERS) throw new RangeError(`a hash ring holds at most ${MOST_SERVERS} servers`)
    const size = servers.reduce((sum, server) => sum + placesOf(server), 0)
    const sorted = new Float64Array(size)
    let count = 0
    for (const [index, server] of servers.entries()) count = lay(sorted, count, server, index)
    sorted.sort()
    this.#servers = servers
    this.#places = Uint32Array.from(sorted, (packed) => Math.floor(packed / MOST_SERVERS))
    this.#owners = Uint32Array.from(sorted, (packed) => packed % MOST_SERVERS)
  }

  /** One server came, left or has another weight: its places are put in and taken out in one walk around the ring. */
  change(server: T, present: boolean): boolean {
    let index = this.#servers.indexOf(server)
    if (index < 0) {
      if (this.#servers.length === MOST_SERVERS) return false
      index = this.#servers.push(server) - 1
    }
    const own = new Float64Array(present ? placesOf(server) : 0)
    if (present) lay(own, 0, server, index)
    own.sort()
    this.#merge(own, index)
    return true
  }

  #merge(own: Float64Array, index: number): void {
    const before = this.#places
    const owners = this.#owners
    let others = 0
    for (let at = 0; at < owners.length; at++) if (owners[at] !== index) others++
    const places = new Uint32Array(others + own.length)
    const owning = new Uint32Array(places.length)
    let at = 0
    let next = 0
    for (let to = 0; to < places.length; to++) {
      while (at < before.length && owners[at] === index) at++
      const packed = at < before.length ? before[at]! * MOST_SERVERS + owners[at]! : Number.POSITIVE_INFINITY
      if (next < own.length && own[next]! < packed) {
        places[to] = Math.floor(own[next++]! / MOST_SERVERS)
        owning[to] = index
      } else {
        places[to] = before[at]!
        owning[to] = owners[at++]!
      }
    }
    this.#places = places
    this.#owners = owning
  }

  get size(): number {
    return this.#places.length
  }

  /** Who stands at a place, counted around the ring. */
  at(index: number): T {
    return this.#servers[this.#owners[index]!]!
  }

  /** The index of the place nearest to a hash, on either side; on a tie the one before it. -1 on an empty ring. */
  nearest(hash: number): number {
    const places = this.#places
    const size = places.length
    if (size === 0) return -1
    const next = this.from(hash)
    const before = next === 0 ? size - 1 : next - 1
    return (places[next]! - hash) >>> 0 < (hash - places[before]!) >>> 0 ? next : before
  }

  /** The index of the first place at or after a hash. */
  from(hash: number): number {
    const places = this.#places
    let low = 0
    let high = places.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (places[middle]! < hash) low = middle + 1
      else high = middle
    }
    return low === places.length ? 0 : low
  }

  /** The hash that an index stands at. */
  place(index: number): number {
    return this.#places[index]!
  }

  /** The first index whose server is usable, going around from an index on; -1 when there is none. */
  usable(from: number, usable: (server: T) => boolean): number {
    const size = this.#owners.length
    let index = from
    let asked = -1
    for (let tries = 0; tries < size; tries++) {
      const owner = this.#owners[index]!
      if (owner !== asked && usable(this.#servers[owner]!)) return index
      asked = owner
      if (++index === size) index = 0
    }
    return -1
  }
}

const placesOf = ({ effectiveWeight }: Candidate): number => Math.ceil(effectiveWeight * PLACES)

/** Writes the places of a server down, each with its index. @returns where the next one's begin */
function lay(into: Float64Array, from: number, server: Candidate, index: number): number {
  const base = Math.imul(server.id, PLACES_PER_ID)
  const places = placesOf(server)
  for (let i = 0; i < places; i++) into[from + i] = avalanche(base + i) * MOST_SERVERS + index
  return from + places
}
