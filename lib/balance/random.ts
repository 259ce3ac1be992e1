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
  /** Of each of them, what counts; 0 when it has left. */
  readonly #weights: number[] = []
  readonly #places = new Map<T, number>()
  readonly #tree: WeightTree
  readonly #chance: Random
  readonly #draws: number
  readonly #bound: LoadBound<T>
  readonly #bounded: boolean

  constructor(pool: readonly T[], chance: Random, draws: number, balanceFactor: number) {
    this.#tree = new WeightTree(pool.length)
    for (const server of pool) if (server.effectiveWeight > 0) this.#join(server)
    this.#chance = chance
    this.#draws = draws
    this.#bound = new LoadBound(pool, balanceFactor)
    this.#bounded = balanceFactor > 0
  }

  #join(server: T): void {
    this.#places.set(server, this.#servers.push(server) - 1)
    this.#weights.push(server.effectiveWeight)
    this.#tree.append(server.effectiveWeight)
  }

  pick(_context: Context, usable: (server: T) => boolean): T | undefined {
    let best: T | undefined
    const draws = Math.min(this.#draws, this.#places.size)
    for (let draw = 0; draw < draws; draw++) {
      const drawn = this.#usableFrom(this.#draw(), usable)
      if (drawn === undefined) return undefined
      if (best === undefined || carriesLess(drawn, best)) best = drawn
    }
    return best
  }

  loadChanged(server: T): void {
    this.#bound.loadChanged(server)
  }

  change(server: T, present: boolean): boolean {
    // Places of those who left are taken out by the next picker that is made.
    if (this.#bounded || this.#servers.length > 2 * this.#places.size + 16) return false
    const place = this.#places.get(server)
    if (place === undefined) {
      if (present) this.#join(server)
      return true
    }
    const weight = present ? server.effectiveWeight : 0
    this.#tree.add(place, weight - this.#weights[place]!)
    this.#weights[place] = weight
    if (!present) this.#places.delete(server)
    return true
  }

  #draw(): number {
    return this.#tree.find(this.#chance.next() * this.#tree.total)
  }

  /** The drawn server, or the next after it that can take a request; the load bound gives way when nobody else can. */
  #usableFrom(from: number, usable: (server: T) => boolean): T | undefined {
    const servers = this.#servers
    let overloaded: T | undefined
    for (let tries = 0, at = from; tries < servers.length; tries++, at++) {
      if (at === servers.length) at = 0
      const server = servers[at]!
      if (this.#weights[at] === 0 || !usable(server)) continue
      if (this.#bound.allows(server)) return server
      overloaded ??= server
    }
    return overloaded
  }
}

function carriesLess(a: Candidate, b: Candidate): boolean {
  return (a.active + a.queued) * b.effectiveWeight < (b.active + b.queued) * a.effectiveWeight
}
