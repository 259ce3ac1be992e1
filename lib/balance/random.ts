/** `balance random`: the less loaded of a few servers that are drawn by weight. */

import { z } from 'zod'
import { checkOptions, integerOption } from '../base/options.js'
import type { Random } from '../base/random.js'
import type { Context } from '../match/context.js'
import type { Algorithm, Candidate, Picker } from './algorithm.js'
import { balanceFactorOption } from './hash-type.js'
import { LoadBound } from './load-bound.js'
import { WeightTree } from './weight-tree.js'

/** How `random` chooses. */
export interface RandomOptions {
  /** Per cent of the average load, above 100, beyond which a server is passed over; 0 (default) is no bound. */
  readonly balanceFactor?: number
}

const drawsOption = z.strictObject({ draws: integerOption(1, 2 ** 31 - 1, 'a whole number') })
const randomOptions = z.strictObject({ balanceFactor: balanceFactorOption.optional() })

/**
 * Draws servers by weight and takes the one that carries least for its weight. Manual, `balance random`.
 * @param draws how many are compared; 1 takes whom chance names. Default 2.
 */
export function random(draws = 2, options: RandomOptions = {}): Algorithm {
  checkOptions('balance random', drawsOption, { draws })
  const { balanceFactor = 0 } = checkOptions('balance random', randomOptions, options)
  return {
    name: draws === 2 ? 'random' : `random(${draws})`,
    needs: 'nothing',
    skipsFull: true,
    dynamic: true,
    picker: (pool, chance) => new RandomPicker(pool, chance, draws, balanceFactor),
  }
}

class RandomPicker<T extends Candidate> implements Picker<T> {
  readonly #servers: T[] = []
  /** Of each of them, what counts now: 0 when it is full or has left. */
  readonly #weights: number[] = []
  readonly #places = new Map<T, number>()
  readonly #tree: WeightTree
  readonly #chance: Random
  readonly #draws: number
  readonly #bound: LoadBound<T>
  /** So often another one is drawn since one was over the bound. */
  readonly #patience: number
  readonly #refused: number[] = []

  constructor(pool: readonly T[], chance: Random, draws: number, balanceFactor: number) {
    this.#tree = new WeightTree(pool.length)
    for (const server of pool) if (server.effectiveWeight > 0) this.#join(server)
    this.#chance = chance
    this.#draws = draws
    this.#bound = new LoadBound(pool, balanceFactor)
    this.#patience = patienceOf(balanceFactor)
  }

  #join(server: T): void {
    const weight = server.full === true ? 0 : server.effectiveWeight
    this.#places.set(server, this.#servers.push(server) - 1)
    this.#weights.push(weight)
    this.#tree.append(weight)
  }

  pick(_context: Context, usable: (server: T) => boolean): T | undefined {
    let best: T | undefined
    const draws = Math.min(this.#draws, this.#places.size)
    for (let draw = 0; draw < draws; draw++) {
      const drawn = this.#drawUsable(usable)
      if (drawn === undefined) return undefined
      if (best === undefined || carriesLess(drawn, best)) best = drawn
    }
    return best
  }

  loadChanged(server: T): void {
    this.#bound.loadChanged(server)
    const place = this.#places.get(server)
    if (place !== undefined) this.#weigh(place, server.full === true ? 0 : server.effectiveWeight)
  }

  #weigh(place: number, weight: number): void {
    const before = this.#weights[place]!
    if (weight === before) return
    this.#tree.add(place, weight - before)
    this.#weights[place] = weight
  }

  change(server: T, present: boolean): boolean {
    // Places of those who left are taken out by the next picker that is made.
    if (this.#servers.length > 2 * this.#places.size + 16 || !this.#bound.change(server, present)) return false
    const place = this.#places.get(server)
    if (place === undefined) {
      if (present) this.#join(server)
      return true
    }
    this.#weigh(place, present && server.full !== true ? server.effectiveWeight : 0)
    if (!present) this.#places.delete(server)
    return true
  }

  /** A server by its weight, of those that can take a request; the load bound gives way when nobody keeps it. */
  #drawUsable(usable: (server: T) => boolean): T | undefined {
    const refused = this.#refused
    let overloaded: T | undefined
    let drawn: T | undefined
    let patience = this.#patience
    while (drawn === undefined && patience > 0 && this.#tree.total > 0) {
      const place = this.#tree.find(this.#chance.next() * this.#tree.total)
      const server = this.#servers[place]!
      if (usable(server)) {
        if (this.#bound.allows(server)) drawn = server
        else {
          overloaded ??= server
          patience--
        }
      }
      if (drawn === undefined) {
        refused.push(place)
        this.#tree.add(place, -this.#weights[place]!)
      }
    }
    for (let place = refused.pop(); place !== undefined; place = refused.pop())
      if (this.#servers[place]!.full === true) this.#weights[place] = 0
      else this.#tree.add(place, this.#weights[place]!)
    return drawn ?? overloaded
  }
}

/** Enough draws to find somebody who keeps the bound, of whom there is one share in `factor / (factor - 100)` at least. */
function patienceOf(factor: number): number {
  return factor === 0 ? 1 : 16 * Math.ceil(factor / (factor - 100))
}

function carriesLess(a: Candidate, b: Candidate): boolean {
  return (a.active + a.queued) * b.effectiveWeight < (b.active + b.queued) * a.effectiveWeight
}
