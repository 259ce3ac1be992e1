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

/** A server's place in the rotation. */
class Turn<T> implements HeapItem {
  place = -1
  readonly server: T
  readonly weight: number
  /** The position of the round at which it is due, and what its fraction has come to, in parts of `weight`. */
  due = 0
  rest = 0
  /** Order among equals. */
  order = 0
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
  readonly #total: number
  readonly #count: number
  #position = 0
  #order = 0
  /** Had a turn in this round and will have another. */
  readonly #due = new Heap<Turn<T>>(dueFirst)
  /** Had none in this round yet, and those that have had all. */
  #fresh = new Heap<Turn<T>>(heaviestFirst)
  #later = new Heap<Turn<T>>(heaviestFirst)
  readonly #skipped: Turn<T>[] = []

  constructor(pool: readonly T[], previous: Picker<T> | undefined) {
    const turns = previous instanceof RoundRobinPicker ? (previous as RoundRobinPicker<T>).#turns() : undefined
    let total = 0
    let count = 0
    for (const server of pool) {
      if (server.effectiveWeight <= 0) continue
      total += server.effectiveWeight * SCALE
      count++
      this.#adopt(server, turns?.get(server), previous as RoundRobinPicker<T>)
    }
    this.#total = total
    this.#count = count
    if (previous instanceof RoundRobinPicker) this.#position = (previous as RoundRobinPicker<T>).#position
  }

  pick(_context: Context, usable: (server: T) => boolean): T | undefined {
    let chosen: T | undefined
    for (let tries = 0; tries < this.#count; tries++) {
      const turn = this.#take()
      if (usable(turn.server)) {
        chosen = turn.server
        this.#advance(turn)
        break
      }
      this.#skipped.push(turn)
    }
    while (this.#skipped.length > 0) {
      const turn = this.#skipped.pop()!
      turn.waiting.add(turn)
    }
    if (chosen !== undefined) this.#position++
    return chosen
  }

  loadChanged(): void {}

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
    for (let turn = this.#due.take(); turn !== undefined; turn = this.#due.take()) this.#later.add(turn)
    for (let turn = this.#fresh.take(); turn !== undefined; turn = this.#fresh.take()) this.#later.add(turn)
    const fresh = this.#later
    this.#later = this.#fresh
    this.#fresh = fresh
    for (const turn of fresh.items) turn.waiting = fresh
    for (const turn of this.#skipped) turn.waiting = fresh
  }

  #turns(): Map<T, Turn<T>> {
    const turns = new Map<T, Turn<T>>()
    for (const heap of [this.#due, this.#fresh, this.#later])
      for (const turn of heap.items) turns.set(turn.server, turn)
    return turns
  }

  /** Takes a server in, where it was in the rotation before when it was in it. */
  #adopt(server: T, before: Turn<T> | undefined, previous: RoundRobinPicker<T>): void {
    let heap = this.#fresh
    if (before === undefined) heap = this.#fresh
    else if (before.waiting === previous.#due) heap = this.#due
    else if (before.waiting === previous.#later) heap = this.#later
    const turn = new Turn(server, server.effectiveWeight, heap)
    turn.order = this.#order++
    if (before !== undefined) {
      turn.due = before.due
      turn.rest = Math.min(before.rest, turn.weight - 1)
    }
    heap.add(turn)
  }
}
