/** Fills indexes in tests of them. */
import type { PatternEntry } from '../../../lib/match/patterns/entry.js'
import type { PatternIndex } from '../../../lib/match/patterns/pattern-index.js'

export function entryOf(id: number, pattern: string): PatternEntry {
  return { id, pattern, value: undefined, integer: undefined, address: undefined }
}

/** Adds patterns in order, and gives their entries. */
export function fill(index: PatternIndex<never>, patterns: Iterable<string>): PatternEntry[] {
  const entries = [...patterns].map((pattern, id) => entryOf(id, pattern))
  for (const entry of entries) index.add(entry)
  return entries
}

/** Numbers that look like chance and are the same in every run. */
export function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8) % below
  }
}
