/** `balance static-rr`: each server in turn, by weight, in the fixed order of a map. The dynamic form is `round-robin`. */
import type { Context } from '../match/context.js'
import type { Algorithm, Candidate, Picker } from './algorithm.js'
import { Seats } from './seats.js'
import { SlotMap } from './slot-map.js'

/** Each server in turns, laid out once for a pool; a pick costs nothing but the next slot. Manual, `balance static-rr`. */
export function staticRoundRobin(): Algorithm {
  return {
    name: 'static-rr',
    needs: 'nothing',
    skipsFull: true,
    dynamic: false,
    picker: (pool, _random, previous) => new SlotPicker(pool, previous),
  }
}

class SlotPicker<T extends Candidate> implements Picker<T> {
  readonly #slots: SlotMap<T>
  readonly #seats: Seats<T>
  #turn = 0

  constructor(pool: readonly T[], previous: Picker<T> | undefined) {
    const slots = new SlotMap(pool)
    this.#slots = slots
    this.#seats = new Seats(slots.servers, slots.size, (slot) => slots.ownerOf(slot))
    if (previous instanceof SlotPicker) this.#turn = (previous as SlotPicker<T>).#turn
  }

  pick(_context: Context, usable: (server: T) => boolean): T | undefined {
    const at = this.#seats.usable(this.#turn, usable)
    if (at < 0) return undefined
    this.#turn = at + 1
    return this.#slots.at(at)
  }

  loadChanged(server: T): void {
    this.#seats.loadChanged(server)
  }
}
