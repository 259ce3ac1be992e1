/** `balance roundrobin`: each server in turn, by weight, smoothly, in HAProxy's order. The rigid form is `static-round-robin`. */
import type { Context } from '../match/context.js'
import type { Algorithm, Candidate, Picker } from './algorithm.js'
import { Heap, type HeapItem } from './heap.js'

/** Each server in turns, according to its weight; weights may change at any time. Manual, `balance roundrobin`. */
export function roundRobin(): Algorithm {
  return {
    name: 'roundrobin',
    needs: 'nothing',
    skipsFull: true,
    dynamic: true,
    picker: (pool, _random, previous) => new RoundRobinPicker(pool, previous),
  }
}

/** Parts of one unit of weight; a round is as many times longer. */
const SCALE = 16
/** Positions are measured anew when a round has become so much longer or shorter: one part of it. */
const DRIFT = 64

/** A server's place in the rotation. */
class Turn<T> implements HeapItem {
  place = -1
  readonly server: T
  weight: number
  /** The position of the round at which it is due, and what its fraction has come to, in parts of `weight`. */
  due = 0
  rest = 0
  /** Order among equals. */
  order = 0
  /** In no heap, since the round of that number. */
  aside = false
  round = 0
  waiting: Heap<Turn<T>>

  constructor(server: T, weight: number, waiting: Heap<Turn<T>>) {
    this.server = server
    this.weight = weight * SCALE
    this.waiting = waiting
  }
}

const dueFirst = <T>(a: Turn<T>, b: Turn<T>): boolean => {
  if (a.due !== b.due) return a.due < b.due
  const order = a.rest - a.weight - (b.rest - b.weight)
  return order !== 0 ? order < 0 : a.order < b.order
}

const heaviestFirst = <T>(a: Turn<T>, b: Turn<T>): boolean =>
  a.weight !== b.weight ? a.weight > b.weight : a.order < b.order

/**
 * A round has sixteen times as many positions as the weights sum up to. A server of weight w is due every total/w positions from its
 * first turn on; positions at which none is due go to those that had no turn in this round yet, the heaviest first.
 */
class RoundRobinPicker<T extends Candidate> implements Picker<T> {
  #total = 0
  /** How long a round was when its positions were measured. */
  #measure = 0
  #count = 0
  readonly #turnOf = new Map<T, Turn<T>>()
  /** Those that are full: they keep their turns, and come back when they are no more. */
  #aside = 0
  #round = 0
  #position = 0
  #order = 0
  /** Had a turn in this round and will have another. */
  readonly #due = new Heap<Turn<T>>(dueFirst)
  /** Had none in this round yet, and those that have had all. */
  #fresh = new Heap<Turn<T>>(heaviestFirst)
  #later = new Heap<Turn<T>>(heaviestFirst)
  readonly #skipped: Turn<T>[] = []

  constructor(pool: readonly T[], previous: Picker<T> | undefined) {
    const before = previous instanceof RoundRobinPicker ? (previous as RoundRobinPicker<T>) : undefined
    const weighing = pool.filter((server) => server.effectiveWeight > 0)
    for (const server of weighing) this.#total += server.effectiveWeight * SCALE
    this.#measure = this.#total
    this.#count = weighing.length
    if (before !== undefined) this.#position = Math.round((before.#position * this.#total) / before.#measure)
    for (const server of weighing) this.#adopt(server, before)
  }

  pick(_context: Context, usable: (server: T) => boolean): T | undefined {
    let chosen: T | undefined
    for (let tries = this.#count - this.#aside; tries > 0; tries--) {
      const turn = this.#take()
      if (usable(turn.server)) {
        chosen = turn.server
        this.#advance(turn)
        break
      }
      // Its limit fell with the load of others, which nobody was told of.
      if (turn.server.full === true) this.#putAside(turn)
      else this.#skipped.push(turn)
    }
    while (this.#skipped.length > 0) {
      const turn = this.#skipped.pop()!
      turn.waiting.add(turn)
    }
    if (chosen !== undefined) this.#position++
    return chosen
  }

  loadChanged(server: T): void {
    const full = server.full === true
    if (!full && this.#aside === 0) return
    const turn = this.#turnOf.get(server)
    if (turn === undefined || turn.aside === full) return
    if (!full) this.#takeBack(turn)
    else {
      turn.waiting.remove(turn)
      this.#putAside(turn)
    }
  }

  change(server: T, present: boolean): boolean {
    const turn = this.#turnOf.get(server)
    if (turn === undefined) {
      if (present) this.#join(new Turn(server, server.effectiveWeight, this.#fresh))
      return true
    }
    if (turn.aside) this.#takeBack(turn)
    turn.waiting.remove(turn)
    this.#total -= turn.weight
    if (!present) {
      this.#turnOf.delete(server)
      this.#count--
      this.#stretch()
      return true
    }
    const ratio = turn.weight / (server.effectiveWeight * SCALE)
    turn.weight = server.effectiveWeight * SCALE
    turn.rest = Math.min(turn.rest, turn.weight - 1)
    this.#total += turn.weight
    this.#stretch()
    if (turn.waiting !== this.#fresh) {
      turn.due = this.#position + Math.round((turn.due - this.#position) * ratio)
      turn.waiting = turn.due < this.#total ? this.#due : this.#later
    }
    turn.waiting.add(turn)
    return true
  }

  /** A round has become longer or shorter: everybody is as far in it as before. */
  #stretch(): void {
    if (Math.abs(this.#total - this.#measure) * DRIFT <= this.#measure) return
    const factor = this.#total / this.#measure
    this.#measure = this.#total
    this.#position = Math.round(this.#position * factor)
    for (const turn of this.#turnOf.values()) turn.due = Math.round(turn.due * factor)
    this.#due.reorder()
  }

  #join(turn: Turn<T>): void {
    turn.order = this.#order++
    this.#turnOf.set(turn.server, turn)
    this.#total += turn.weight
    this.#count++
    this.#stretch()
    turn.waiting.add(turn)
  }

  #putAside(turn: Turn<T>): void {
    turn.aside = true
    turn.round = this.#round
    this.#aside++
  }

  /** To where it was, or, when a round has ended meanwhile, among those that had no turn in this one. */
  #takeBack(turn: Turn<T>): void {
    turn.aside = false
    this.#aside--
    if (turn.round !== this.#round) turn.waiting = this.#fresh
    turn.waiting.add(turn)
  }

  /** Takes the next one in order out of the rotation. */
  #take(): Turn<T> {
    if (this.#position >= this.#total || this.#due.size + this.#fresh.size === 0) this.#nextRound()
    const first = this.#due.first
    if (first !== undefined && (first.due <= this.#position || this.#fresh.size === 0)) return this.#due.take()!
    const turn = this.#fresh.take()!
    turn.due = this.#position
    turn.rest = 0
    return turn
  }

  /** Puts the chosen one where its next turn is. */
  #advance(turn: Turn<T>): void {
    turn.order = this.#order++
    turn.due += Math.floor(this.#total / turn.weight)
    turn.rest += this.#total % turn.weight
    if (turn.rest >= turn.weight) {
      turn.rest -= turn.weight
      turn.due++
    }
    turn.waiting = turn.due < this.#total ? this.#due : this.#later
    turn.waiting.add(turn)
  }

  /** Who was passed over in this round is not owed its turns in the next. */
  #nextRound(): void {
    this.#position = 0
    this.#round++
    const fresh = this.#later
    for (const passed of [this.#due, this.#fresh])
      for (let turn = passed.take(); turn !== undefined; turn = passed.take()) {
        turn.waiting = fresh
        fresh.add(turn)
      }
    this.#later = this.#fresh
    this.#fresh = fresh
    for (const turn of this.#skipped) turn.waiting = fresh
  }

  /** Takes a server in, as far from its next turn as it was before when it was in the rotation. */
  #adopt(server: T, previous: RoundRobinPicker<T> | undefined): void {
    const turn = new Turn(server, server.effectiveWeight, this.#fresh)
    turn.order = this.#order++
    const before = previous === undefined ? undefined : previous.#turnOf.get(server)
    if (before !== undefined && previous !== undefined && !previous.#isFresh(before)) {
      const scale = (this.#total / previous.#measure) * (before.weight / turn.weight)
      turn.due = this.#position + Math.round((before.due - previous.#position) * scale)
      turn.rest = Math.min(before.rest, turn.weight - 1)
      turn.waiting = turn.due < this.#total ? this.#due : this.#later
    }
    this.#turnOf.set(server, turn)
    if (server.full === true) this.#putAside(turn)
    else turn.waiting.add(turn)
  }

  #isFresh(turn: Turn<T>): boolean {
    return turn.waiting === this.#fresh || (turn.aside && turn.round !== this.#round)
  }
}
