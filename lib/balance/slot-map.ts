/** Map-based hashing: a row of slots in which each server stands as often as it weighs, indexed by a hash. */
import type { Candidate } from './algorithm.js'
import { BitTree } from './bit-tree.js'

/** A pool, laid out. */
export class SlotMap<T extends Candidate> {
  /** Those who have a slot. */
  readonly servers: readonly T[]
  /** Of each slot, the server's index; left out where each has one, in order. */
  readonly #owners: Uint32Array | undefined
  readonly size: number

  /**
   * Lays a pool out, spread evenly, in HAProxy's order: of `total` slots a server of weight w gains the right to one
   * each total/w slots, and a slot goes to the first server of those with the most unused rights.
   */
  constructor(pool: readonly T[]) {
    this.servers = pool.filter((server) => server.effectiveWeight > 0)
    this.#owners = layOut(this.servers)
    this.size = this.#owners?.length ?? this.servers.length
  }

  at(slot: number): T {
    return this.servers[this.ownerOf(slot)]!
  }

  /** The index of the server that has a slot. */
  ownerOf(slot: number): number {
    return this.#owners === undefined ? slot : this.#owners[slot]!
  }
}

/** Equal weights give each server one slot, since none has a right to one before the last. */
function layOut(servers: readonly Candidate[]): Uint32Array | undefined {
  const first = servers[0]?.effectiveWeight
  if (servers.every((server) => server.effectiveWeight === first)) return undefined
  const divisor = servers.reduce((common, server) => commonDivisor(common, server.effectiveWeight), 0)
  const weights = servers.map((server) => server.effectiveWeight / divisor)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const rights = rightsBySlot(weights, total)
  const claims = new Claims(servers.length)
  const owners = new Uint32Array(total)
  for (let slot = 0; slot < total; slot++) {
    for (let at = rights.first[slot]!; at >= 0; at = rights.next[at]!) claims.gain(rights.owner[at]!)
    owners[slot] = claims.spend()
  }
  return owners
}

/** Of each server, the rights to slots that it has by now, less the slots that it has got. */
class Claims {
  readonly #count: number
  readonly #credits: Int32Array
  /** Who has how much, from -1 on: whoever has the most has none at least, so that nobody owes more than one. */
  readonly #holders: BitTree[]
  #most = 1

  constructor(count: number) {
    this.#count = count
    this.#credits = new Int32Array(count).fill(1)
    this.#holders = [new BitTree(count, false), new BitTree(count, true)]
  }

  gain(index: number): void {
    this.#move(index, 1)
  }

  /** The first of those who have the most, who has one less now. */
  spend(): number {
    let index = this.#holders[this.#most]!.next(0)
    while (index < 0) index = this.#holders[--this.#most]!.next(0)
    this.#move(index, -1)
    return index
  }

  #move(index: number, by: number): void {
    const credit = this.#credits[index]!
    this.#holders[credit]!.remove(index)
    this.#credits[index] = credit + by
    if (credit + by === this.#holders.length) this.#holders.push(new BitTree(this.#count, false))
    this.#holders[credit + by]!.add(index)
    if (credit + by > this.#most) this.#most = credit + by
  }
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b)
}

/** For each slot, a list of the servers that gain a right there. */
function rightsBySlot(weights: readonly number[], total: number) {
  const first = new Int32Array(total).fill(-1)
  const next = new Int32Array(total)
  const owner = new Int32Array(total)
  let count = 0
  for (const [index, weight] of weights.entries()) {
    for (let right = 1; right <= weight; right++) {
      const slot = Math.ceil((right * total) / weight) - 1
      owner[count] = index
      next[count] = first[slot]!
      first[slot] = count++
    }
  }
  return { first, next, owner }
}
