/**
 * What lets most conditions of a list be passed over: the looks that found nothing, as bits of a number, and for each condition those of which it is
 * enough that one found nothing. A request that nothing applies to touches a few numbers in place of all conditions.
 */
import type { Condition, Match } from './condition.js'
import type { Context } from './context.js'
import type { Look } from './look.js'
import type { Turn } from './turn.js'

/** A condition fails when of each of these sets of looks one found nothing. A set of none is never met. */
type Gate = readonly number[]

/** What a comparison stands behind: one look or none, as a set; `undefined` when it must not be left out unnoticed. */
export type Bar = (match: Match) => number | undefined

/** As many looks as fit into a number; further ones bar nobody. */
const LOOKS = 30

/** Gates of more sets than this are not worth their while. */
const SETS = 16

const open: Gate = [0]

export class Gates {
  readonly #looks: readonly Look[]
  readonly #turn: Turn
  /** The sets of all gates, one after the other, and where those of each begin. */
  readonly #sets: Int32Array
  readonly #starts: Int32Array
  #seenAt = -1
  #looked = 0
  #missed = 0

  constructor(conditions: readonly (Condition<never> | undefined)[], looks: readonly Look[], bar: Bar, turn: Turn) {
    this.#looks = looks
    this.#turn = turn
    const gates = conditions.map((condition) => (condition === undefined ? open : gateOf(condition, bar)))
    const sets = gates.map((gate) => (gate.includes(0) ? [] : gate))
    this.#sets = Int32Array.from(sets.flat())
    let start = 0
    this.#starts = Int32Array.of(0, ...sets.map(({ length }) => (start += length)))
  }

  /** The first place from this one on whose condition is not known to fail; behind the last one when there is none. */
  next(from: number, context: Context): number {
    if (this.#seenAt !== this.#turn.number) {
      this.#seenAt = this.#turn.number
      this.#looked = 0
      this.#missed = 0
    }
    const sets = this.#sets
    const starts = this.#starts
    const count = starts.length - 1
    let at = starts[from] as number
    for (let index = from; index < count; index++) {
      const end = starts[index + 1] as number
      if (at === end) return index
      while (at < end && this.#missedOneOf(sets[at] as number, context)) at++
      if (at < end) return index
    }
    return count
  }

  #missedOneOf(set: number, context: Context): boolean {
    while ((set & this.#missed) === 0) {
      const left = set & ~this.#looked
      if (left === 0) return false
      const next = left & -left
      if (this.#looks[31 - Math.clz32(next)]?.missed(context) === true) this.#missed |= next
      this.#looked |= next
    }
    return true
  }
}

/** The look at a place of the list, as a set of one. */
export const setOf = (index: number): number => (index >= 0 && index < LOOKS ? 1 << index : 0)

function gateOf({ parts }: Condition<never>, bar: Bar): Gate {
  switch (parts?.kind) {
    case 'match':
      return [bar(parts) ?? 0]
    case 'any': {
      const sets = new Set(parts.conditions.flatMap((part) => gateOf(part, bar)))
      return sets.size > SETS ? open : [...sets]
    }
    case 'all': {
      let gate = open
      for (const part of parts.conditions) {
        gate = either(gate, gateOf(part, bar))
        // What stands behind it is not asked before it.
        if (!mayBeLeftOut(part, bar)) break
      }
      return gate
    }
    default:
      return open
  }
}

/** The gate that is closed when one of the two is. */
function either(one: Gate, other: Gate): Gate {
  if (one.includes(0)) return other
  if (other.includes(0) || one.length * other.length > SETS) return one
  return one.flatMap((set) => other.map((more) => set | more))
}

function mayBeLeftOut({ parts }: Condition<never>, bar: Bar): boolean {
  if (parts === undefined) return false
  switch (parts.kind) {
    case 'match':
      return bar(parts) !== undefined
    case 'not':
      return mayBeLeftOut(parts.condition, bar)
    default:
      return parts.conditions.every((part) => mayBeLeftOut(part, bar))
  }
}
