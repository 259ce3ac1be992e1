/** What all algorithms that hash a key share: the way from a hash to a server, and the turns that requests without a key take. */
import type { Context } from '../match/context.js'
import type { Algorithm, Candidate, Picker } from './algorithm.js'
import type { HashType } from './hash-type.js'
import { LoadBound } from './load-bound.js'
import { Ring } from './ring.js'
import { Seats } from './seats.js'
import { SlotMap } from './slot-map.js'

/** What {@link HashOf} answers when a request has no key. */
export const NO_KEY = -1

/** The hash of a request's key, before avalanche: an unsigned 32-bit number, or {@link NO_KEY}. */
export type HashOf = (context: Context) => number

/** An algorithm that sends equal keys to the same server. */
export function keyed(name: string, needs: Algorithm['needs'], type: HashType, hashOf: HashOf): Algorithm {
  return {
    name,
    needs,
    skipsFull: false,
    dynamic: type.consistent,
    picker: (pool, _random, previous) =>
      type.consistent ? new RingPicker(pool, type, hashOf, previous) : new MapPicker(pool, type, hashOf, previous),
  }
}

/**
 * Map-based. A key's server is the only one for it: when it was tried in vain there is no other.
 * Requests without a key take the slots in turn.
 */
class MapPicker<T extends Candidate> implements Picker<T> {
  readonly #slots: SlotMap<T>
  readonly #seats: Seats<T>
  readonly #type: HashType
  readonly #hashOf: HashOf
  readonly #place: Placing<T> = new Placing<T>()
  #turn = 0

  constructor(pool: readonly T[], type: HashType, hashOf: HashOf, previous: Picker<T> | undefined) {
    const slots = new SlotMap(pool)
    this.#slots = slots
    this.#seats = new Seats(slots.servers, slots.size, (slot) => slots.ownerOf(slot))
    this.#type = type
    this.#hashOf = hashOf
    if (previous instanceof MapPicker) this.#turn = (previous as MapPicker<T>).#turn
  }

  pick(context: Context, usable: (server: T) => boolean): T | undefined {
    const slots = this.#slots
    if (slots.size === 0) return undefined
    const hash = this.#hashOf(context)
    if (hash !== NO_KEY) {
      const server = slots.at(this.#type.finish(hash) % slots.size)
      return usable(server) ? server : undefined
    }
    this.#place.usable = usable
    const at = this.#seats.usable(this.#turn, this.#place.free)
    if (at < 0) return undefined
    this.#turn = at + 1
    return slots.at(at)
  }

  loadChanged(server: T): void {
    this.#seats.loadChanged(server)
  }
}

/**
 * Consistent. When a key's server was tried in vain or carries too much, the key goes to the next one around the ring.
 * Requests without a key walk around the ring, one place each.
 */
class RingPicker<T extends Candidate> implements Picker<T> {
  readonly #ring: Ring<T>
  readonly #type: HashType
  readonly #hashOf: HashOf
  readonly #bound: LoadBound<T>
  readonly #place: Placing<T> = new Placing<T>()
  /** The hash from which on the next request without a key looks. */
  #turn = 0

  constructor(pool: readonly T[], type: HashType, hashOf: HashOf, previous: Picker<T> | undefined) {
    this.#ring = new Ring(pool)
    this.#type = type
    this.#hashOf = hashOf
    this.#bound = new LoadBound(pool, type.balanceFactor)
    if (previous instanceof RingPicker) this.#turn = (previous as RingPicker<T>).#turn
  }

  pick(context: Context, usable: (server: T) => boolean): T | undefined {
    const ring = this.#ring
    ring.settle()
    if (ring.size === 0) return undefined
    const hash = this.#hashOf(context)
    if (hash !== NO_KEY) return this.#keyed(ring.nearest(this.#type.finish(hash)), usable)
    this.#place.usable = usable
    const at = ring.turn(this.#turn, this.#place.free)
    if (at < 0) return undefined
    this.#turn = (ring.place(at) + 1) >>> 0
    return ring.at(at)
  }

  #keyed(nearest: number, usable: (server: T) => boolean): T | undefined {
    const { affinity } = this.#type
    if (affinity !== 'always') {
      this.#place.usable = usable
      const { free, roomy } = this.#place
      const at = this.#from(nearest, affinity === 'maxConnections' ? free : roomy)
      if (at >= 0) return this.#ring.at(at)
      if (affinity === 'maxConnections') return this.#ring.lastBefore(nearest, usable)
    }
    const at = this.#from(nearest, usable)
    return at < 0 ? undefined : this.#ring.at(at)
  }

  #from(nearest: number, usable: (server: T) => boolean): number {
    return this.#bound.bounds ? this.#ring.within(this.#bound, nearest, usable) : this.#ring.usable(nearest, usable)
  }

  loadChanged(server: T): void {
    if (this.#bound.bounds) this.#ring.carries(server, this.#bound.loadChanged(server))
    this.#ring.loadChanged(server)
  }

  change(server: T, present: boolean): boolean {
    return this.#bound.change(server, present) && this.#ring.change(server, present)
  }
}

/** What may take a request where full servers are passed over, made once for a picker, so that a pick makes no closure. */
class Placing<T extends Candidate> {
  usable: (server: T) => boolean = () => false
  /** Turns without a key, and keys that do not wait, pass over full servers. */
  readonly free = (server: T): boolean => this.usable(server) && server.full !== true
  /** Keys that do wait pass over those where nobody else may. */
  readonly roomy = (server: T): boolean => this.usable(server) && server.queueFull !== true
}
