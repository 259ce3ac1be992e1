/** `balance random`: the less loaded of a few servers that are drawn by weight. */

import { z } from 'zod'
import { checkOptions, integerOption } from '../base/options.js'
import type { Random } from '../base/random.js'
import type { Context } from '../match/context.js'
import type { Algorithm, Candidate, Picker } from './algorithm.js'
import { balanceFactorOption } from './hash-type.js'
import { LoadBound } from './load-bound.js'

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
  readonly #servers: readonly T[]
  /** Sums of the weights up to and with each server. */
  readonly #sums: Float64Array
  readonly #chance: Random
  readonly #draws: number
  readonly #bound: LoadBound<T>

  constructor(pool: readonly T[], chance: Random, draws: number, balanceFactor: number) {
    this.#servers = pool.filter((server) => server.effectiveWeight > 0)
    this.#sums = new Float64Array(this.#servers.length)
    let sum = 0
    for (const [index, server] of this.#servers.entries()) this.#sums[index] = sum += server.effectiveWeight
    this.#chance = chance
    this.#draws = Math.min(draws, this.#servers.length)
    this.#bound = new LoadBound(pool, balanceFactor)
  }

  pick(_context: Context, usable: (server: T) => boolean): T | undefined {
    let best: T | undefined
    for (let draw = 0; draw < this.#draws; draw++) {
      const drawn = this.#usableFrom(this.#draw(), usable)
      if (drawn === undefined) return undefined
      if (best === undefined || carriesLess(drawn, best)) best = drawn
    }
    return best
  }

  loadChanged(server: T): void {
    this.#bound.loadChanged(server)
  }

  #draw(): number {
    const sums = this.#sums
    const mark = this.#chance.next() * sums[sums.length - 1]!
    let low = 0
    let high = sums.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (sums[middle]! > mark) high = middle
      else low = middle + 1
    }
    return low
  }

  /** The drawn server, or the next after it that can take a request; the load bound gives way when nobody else can. */
  #usableFrom(from: number, usable: (server: T) => boolean): T | undefined {
    const servers = this.#servers
    let overloaded: T | undefined
    for (let tries = 0, at = from; tries < servers.length; tries++, at++) {
      if (at === servers.length) at = 0
      const server = servers[at]!
      if (!usable(server)) continue
      if (this.#bound.allows(server)) return server
      overloaded ??= server
    }
    return overloaded
  }
}

function carriesLess(a: Candidate, b: Candidate): boolean {
  return (a.active + a.queued) * b.effectiveWeight < (b.active + b.queued) * a.effectiveWeight
}
