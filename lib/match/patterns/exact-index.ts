/** Patterns that a value must equal: texts, and bytes written in hexadecimal digits. One look-up in a hash table. */
import { foldCase } from '../fold.js'
import { firstEntry, type PatternEntry, patternFault, type Slot, withEntry, withoutEntry } from './entry.js'
import type { PatternIndex } from './pattern-index.js'

/** Texts: HAProxy's `str`. */
export class ExactIndex implements PatternIndex<string> {
  readonly #slots = new Map<string, Slot>()
  /** How many patterns have each length: a text of another needs no look-up. */
  readonly #lengths: number[] = []
  readonly #ignoreCase: boolean

  constructor(ignoreCase: boolean) {
    this.#ignoreCase = ignoreCase
  }

  add(entry: PatternEntry): void {
    const key = this.read(entry.pattern)
    this.#slots.set(key, withEntry(this.#slots.get(key), entry))
    this.#lengths[key.length] = (this.#lengths[key.length] ?? 0) + 1
  }

  delete(entry: PatternEntry): void {
    const key = this.read(entry.pattern)
    this.#lengths[key.length] = (this.#lengths[key.length] ?? 0) - 1
    const left = withoutEntry(this.#slots.get(key), entry)
    if (left === undefined) this.#slots.delete(key)
    else this.#slots.set(key, left)
  }

  find(value: string): PatternEntry | undefined {
    if (!((this.#lengths[value.length] ?? 0) > 0)) return undefined
    const slot = this.#slots.get(this.#ignoreCase ? foldCase(value) : value)
    return slot === undefined ? undefined : firstEntry(slot)
  }

  /** A pattern as the value that it matches. */
  protected read(pattern: string): string {
    return this.#ignoreCase ? foldCase(pattern) : pattern
  }
}

/** Bytes: HAProxy's `bin`. They are asked for as a text of one character each. */
export class BytesIndex extends ExactIndex {
  constructor() {
    super(false)
  }

  protected override read(pattern: string): string {
    const odd = /[^0-9A-Fa-f]/.exec(pattern)?.[0]
    if (odd !== undefined) throw patternFault(pattern, `is no series of hex digits: it has '${odd}'`)
    if (pattern.length % 2 !== 0)
      throw patternFault(pattern, 'is no series of bytes: an even number of hex digits is expected')
    return Buffer.from(pattern, 'hex').toString('latin1')
  }
}
