/** Map-based hashing: an array in which each server stands as often as it weighs, indexed by a hash. */
import type { Candidate } from './algorithm.js'
import { Heap, type HeapItem } from './heap.js'

/** A server that slots are given to. */
interface Claim extends HeapItem {
  readonly index: number
  /** Slots that it has a right to by now, less those that it has got. */
  credit: number
}

/**
 * Lays a pool out, spread evenly, in HAProxy's order: of `total` slots a server of weight w gains the right to one
 * each total/w slots, and a slot goes to the first server of those with the most unused rights.
 */
export function slotMap<T extends Candidate>(pool: readonly T[]): readonly T[] {
  const servers = pool.filter((server) => server.effectiveWeight > 0)
  const divisor = servers.reduce((common, server) => commonDivisor(common, server.effectiveWeight), 0)
  const weights = servers.map((server) => server.effectiveWeight / divisor)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const rights = rightsBySlot(weights, total)
  const claims = servers.map((_, index): Claim => ({ index, credit: 0, place: -1 }))
  const heap = new Heap<Claim>((a, b) => (a.credit !== b.credit ? a.credit > b.credit : a.index < b.index))
  for (const claim of claims) heap.add(claim)
  const slots: T[] = []
  for (let slot = 0; slot < total; slot++) {
    for (let at = rights.first[slot]!; at >= 0; at = rights.next[at]!) {
      const claim = claims[rights.owner[at]!]!
      claim.credit++
      heap.moved(claim)
    }
    const best = heap.first!
    slots.push(servers[best.index]!)
    best.credit--
    heap.moved(best)
  }
  return slots
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

/** The next usable server of a map, from a slot on; -1 when there is none. */
export function usableSlot<T>(slots: readonly T[], from: number, usable: (server: T) => boolean): number {
  let at = from
  for (let tries = 0; tries < slots.length; tries++) {
    if (at >= slots.length) at = 0
    if (usable(slots[at]!)) return at
    at++
  }
  return -1
}
