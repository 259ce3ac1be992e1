/** Patterns that are ranges of integers: HAProxy's `int`, and `len` for the lengths of texts. */
import type { Integer } from '../../base/int64.js'
import { firstEntry, type PatternEntry, type Slot, withEntry, withoutEntry } from './entry.js'
import type { IntegerRange } from './integer-range.js'
import type { PatternIndex } from './pattern-index.js'
import { earlier } from './text-trie.js'

interface Item extends IntegerRange {
  readonly entry: PatternEntry
}

/** Where another entry begins to count. */
interface Step {
  readonly from: Integer
  readonly entry: PatternEntry | undefined
}

/** How many look-ups scan the ranges after a change before it is worth sorting them anew. */
const SCANS = 16

/** Single numbers stand in a hash table, ranges in a sorted list of the places where the answer changes. */
export class RangeIndex implements PatternIndex<Integer> {
  readonly #read: (pattern: string) => IntegerRange
  readonly #single = new Map<Integer, Slot>()
  readonly #ranges: Item[] = []
  #steps: readonly Step[] | undefined
  #scans = 0

  constructor(read: (pattern: string) => IntegerRange) {
    this.#read = read
  }

  add(entry: PatternEntry): void {
    const { min, max } = this.#read(entry.pattern)
    if (min === max) {
      this.#single.set(min, withEntry(this.#single.get(min), entry))
      return
    }
    this.#ranges.push({ min, max, entry })
    this.#changed()
  }

  delete(entry: PatternEntry): void {
    const { min, max } = this.#read(entry.pattern)
    if (min === max) {
      const left = withoutEntry(this.#single.get(min), entry)
      if (left === undefined) this.#single.delete(min)
      else this.#single.set(min, left)
      return
    }
    const index = this.#ranges.findIndex((item) => item.entry === entry)
    if (index >= 0) this.#ranges.splice(index, 1)
    this.#changed()
  }

  find(value: Integer): PatternEntry | undefined {
    const slot = this.#single.size === 0 ? undefined : this.#single.get(value)
    const single = slot === undefined ? undefined : firstEntry(slot)
    return this.#ranges.length === 0 ? single : earlier(single, this.#findRange(value))
  }

  #changed(): void {
    this.#steps = undefined
    this.#scans = 0
  }

  #findRange(value: Integer): PatternEntry | undefined {
    if (this.#ranges.length <= 8 || this.#scans++ < SCANS) return this.#scan(value)
    const steps = (this.#steps ??= stepsOf(this.#ranges))
    let low = 0
    let high = steps.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((steps[middle] as Step).from <= value) low = middle + 1
      else high = middle
    }
    return low === 0 ? undefined : (steps[low - 1] as Step).entry
  }

  #scan(value: Integer): PatternEntry | undefined {
    let found: PatternEntry | undefined
    for (const { min, max, entry } of this.#ranges) if (value >= min && value <= max) found = earlier(found, entry)
    return found
  }
}

/** The places at which the answer changes, in order: a sweep that keeps the ranges that are open, the earliest on top. */
function stepsOf(ranges: readonly Item[]): readonly Step[] {
  const starts = [...ranges].sort((a, b) => (a.min < b.min ? -1 : a.min > b.min ? 1 : 0))
  const places = [...new Set(ranges.flatMap(({ min, max }) => [BigInt(min), BigInt(max) + 1n]))]
  places.sort((a, b) => (a < b ? -1 : 1))
  const open = new EarliestFirst()
  const steps: Step[] = []
  let at = 0
  for (const from of places) {
    for (; at < starts.length && (starts[at] as Item).min <= from; at++) open.push(starts[at] as Item)
    const entry = open.first(from)?.entry
    if (steps.at(-1)?.entry !== entry || steps.length === 0) steps.push({ from, entry })
  }
  return steps
}

/** A heap of ranges by the age of their entries; those that have ended are dropped when they come to the top. */
class EarliestFirst {
  readonly #heap: Item[] = []

  push(item: Item): void {
    const heap = this.#heap
    let at = heap.push(item) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      if ((heap[above] as Item).entry.id <= item.entry.id) break
      heap[at] = heap[above] as Item
      at = above
    }
    heap[at] = item
  }

  /** The earliest that is still open at a place. */
  first(place: Integer): Item | undefined {
    while (this.#heap.length > 0 && (this.#heap[0] as Item).max < place) this.#drop()
    return this.#heap[0]
  }

  #drop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= heap.length) break
      if (below + 1 < heap.length && (heap[below + 1] as Item).entry.id < (heap[below] as Item).entry.id) below++
      if ((heap[below] as Item).entry.id >= last.entry.id) break
      heap[at] = heap[below] as Item
      at = below
    }
    heap[at] = last
  }
}
