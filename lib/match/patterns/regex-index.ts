/** Patterns that are regular expressions: HAProxy's `reg`, asked one after the other, and `regm`, which wants to know what matched. */
import { compileRegex, type Regex, type RegexCompiler, type RegexMatch } from '../regex.js'
import type { PatternEntry } from './entry.js'
import type { PatternIndex } from './pattern-index.js'

interface Item {
  readonly entry: PatternEntry
  readonly regex: Regex
}

/** How expressions are compiled. */
export interface RegexIndexOptions {
  readonly ignoreCase: boolean
  /** Whether groups capture: for `regm` only. */
  readonly captures: boolean
  /** Makes the expression of a pattern. Default {@link compileRegex}. */
  readonly compile?: RegexCompiler | undefined
}

export class RegexIndex implements PatternIndex<string> {
  readonly #options: RegexIndexOptions
  readonly #items: Item[] = []

  constructor(options: RegexIndexOptions) {
    this.#options = options
  }

  add(entry: PatternEntry): void {
    const { ignoreCase, captures, compile = compileRegex } = this.#options
    this.#items.push({ entry, regex: compile(entry.pattern, { ignoreCase, captures }) })
  }

  delete(entry: PatternEntry): void {
    const index = this.#items.findIndex((item) => item.entry === entry)
    if (index >= 0) this.#items.splice(index, 1)
  }

  find(value: string): PatternEntry | undefined {
    for (const { entry, regex } of this.#items) if (regex.regExp.test(value)) return entry
    return undefined
  }

  /** The first expression that matches, with what it matched. */
  match(value: string): { readonly entry: PatternEntry; readonly match: RegexMatch } | undefined {
    for (const { entry, regex } of this.#items) {
      const match = regex.exec(value)
      if (match !== undefined) return { entry, match }
    }
    return undefined
  }
}
