/** Patterns of several sources that are looked for in one go: when none of them is found, no source has one that is. */
import { makeIndex, type PatternMethod } from './methods.js'
import { hostOf } from './network-pattern.js'
import type { PatternIndex } from './pattern-index.js'
import type { Changes, PatternSource } from './pattern-source.js'

/** A source of more patterns than this is asked alone: they would take as much memory again. */
const MOST = 1000

/** What a group looks for on behalf of a source. */
interface Sought {
  readonly method: PatternMethod
  readonly patterns: readonly string[]
}

export class PatternGroup {
  readonly #sources: readonly PatternSource[]
  readonly #changes: readonly Changes[]
  #index: PatternIndex<unknown> | undefined
  #seen: number

  /** All sources must have the same {@link keyOf}. */
  constructor(sources: readonly PatternSource[]) {
    this.#sources = sources
    this.#changes = [...new Set(sources.map(({ changes }) => changes))].filter((changes) => changes !== undefined)
    this.#index = indexOf(sources)
    this.#seen = this.#count()
  }

  /** The same for all sources that can be in one group; nothing for one that is better asked alone. */
  static keyOf(source: PatternSource): string | undefined {
    const sought = soughtFor(source)
    const { ignoreCase = false, plain = false } = source.use
    return sought === undefined ? undefined : `${sought.method} ${ignoreCase} ${plain}`
  }

  /** Whether one of the patterns may match, as they are now; `false` is certain. */
  has(value: unknown): boolean {
    const count = this.#count()
    if (count !== this.#seen) {
      this.#seen = count
      this.#index = indexOf(this.#sources)
    }
    return this.#index === undefined || this.#index.find(value) !== undefined
  }

  #count(): number {
    let count = 0
    for (const changes of this.#changes) count += changes.count
    return count
  }
}

function soughtFor(source: PatternSource): Sought | undefined {
  const { method } = source.use
  const patterns = source.patterns()
  if (patterns.length > MOST) return undefined
  if (method === 'reg') return beginnings(patterns)
  // What a name stands for may be another address by now.
  if (method === 'ip' && patterns.some((pattern) => hostOf(pattern) !== undefined)) return undefined
  return { method, patterns }
}

/**
 * What texts begin with that expressions match. The expressions themselves are asked one by one: a costly one may stand behind a condition that
 * keeps it from most requests.
 */
function beginnings(expressions: readonly string[]): Sought | undefined {
  const patterns: string[] = []
  for (const expression of expressions) {
    // Plain characters; one that may be left away is none of them, and an alternative could begin otherwise.
    const text = /^\^([\w/-]+)(?![*?{+])/.exec(expression)?.[1]
    if (text === undefined || expression.includes('|')) return undefined
    patterns.push(text)
  }
  return { method: 'beg', patterns }
}

/** All that is looked for; nothing when that cannot be put together any more. */
function indexOf(sources: readonly PatternSource[]): PatternIndex<unknown> | undefined {
  const sought = sources.map(soughtFor)
  const [first] = sought
  if (first === undefined || sought.includes(undefined)) return undefined
  const index = makeIndex(first.method, { ...sources[0]?.use, resolve: undefined })
  const patterns = new Set(sought.flatMap((one) => one?.patterns ?? []))
  let id = 0
  for (const pattern of patterns)
    index.add({ id: id++, pattern, value: undefined, integer: undefined, address: undefined })
  return index
}
