/** What every index of patterns does; which there is for each way to match stands in `methods.ts`. */
import type { PatternEntry } from './entry.js'

/** Finds the entry that a value matches. It follows its set: entries come and go while it is asked. */
export interface PatternIndex<T = never> {
  /** Reads an entry's pattern. Throws {@link OptionError} on one that is none of this kind, and is as it was. */
  add(entry: PatternEntry): void
  delete(entry: PatternEntry): void
  /** The entry that counts: the most specific network, the longest prefix, otherwise the first. */
  find(value: T): PatternEntry | undefined
}
