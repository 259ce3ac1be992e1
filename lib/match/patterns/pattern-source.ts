/** Where a condition's patterns are from, for those who put the patterns of several conditions together. */
import type { MatchOptions, PatternMethod } from './methods.js'

/** Counts the changes of sets of patterns. */
export interface Changes {
  count: number
}

/** Patterns that are hardly ever changed, and how values are compared with them. */
export interface PatternSource {
  readonly use: MatchOptions & { readonly method: PatternMethod }
  /** As they were written. */
  readonly patterns: () => readonly string[]
  /** Goes up when they change, and maybe when others do; nothing when they never change. */
  readonly changes: Changes | undefined
}
