/** The entries of a set at one version: those that are asked, or those that are prepared to take their place at once. */
import { OptionError } from '../../base/errors.js'
import type { Integer } from '../../base/int64.js'
import { parseInteger } from '../../base/int64.js'
import { Ip } from '../../base/ip.js'
import { type PatternEntry, type Slot, withEntry, withoutEntry } from './entry.js'
import { type MatchOptions, makeIndex, type PatternMethod } from './methods.js'
import type { PatternIndex } from './pattern-index.js'

/** One way in which a set is asked. */
export interface Use extends MatchOptions {
  readonly method: PatternMethod
}

/** What values have to be, for those who ask for it. */
export type ValueType = 'int' | 'ip'

export class Generation {
  /** By id, in order. */
  readonly entries = new Map<number, PatternEntry>()
  readonly #byPattern = new Map<string, Slot>()
  readonly #indexes = new Map<Use, PatternIndex<unknown>>()
  readonly #valueTypes: ReadonlySet<ValueType>

  constructor(uses: Iterable<Use>, valueTypes: ReadonlySet<ValueType>) {
    this.#valueTypes = valueTypes
    for (const use of uses) this.#indexes.set(use, makeIndex(use.method, use))
  }

  /** The index of a use, which is made when it is the first to ask. Throws {@link OptionError} when a pattern is none of its kind. */
  index(use: Use, located: (entry: PatternEntry, error: OptionError) => OptionError): PatternIndex<unknown> {
    const known = this.#indexes.get(use)
    if (known !== undefined) return known
    const index = makeIndex(use.method, use)
    for (const entry of this.entries.values()) {
      try {
        index.add(entry)
      } catch (error) {
        throw error instanceof OptionError ? located(entry, error) : error
      }
    }
    this.#indexes.set(use, index)
    return index
  }

  /** The entries that were written so. */
  written(pattern: string): readonly PatternEntry[] {
    const slot = this.#byPattern.get(pattern)
    if (slot === undefined) return []
    return 'id' in slot ? [slot] : slot
  }

  /** All or nothing: when one index cannot read the pattern, none has it. */
  add(id: number, pattern: string, value: string | undefined): PatternEntry {
    const entry: PatternEntry = { id, pattern, value: undefined, integer: undefined, address: undefined }
    if (value !== undefined) setValue(entry, value, this.#valueTypes)
    const done: PatternIndex<unknown>[] = []
    try {
      for (const index of this.#indexes.values()) {
        index.add(entry)
        done.push(index)
      }
    } catch (error) {
      for (const index of done) index.delete(entry)
      throw error
    }
    this.entries.set(id, entry)
    this.#byPattern.set(pattern, withEntry(this.#byPattern.get(pattern), entry))
    return entry
  }

  delete(entry: PatternEntry): void {
    for (const index of this.#indexes.values()) index.delete(entry)
    this.entries.delete(entry.id)
    const left = withoutEntry(this.#byPattern.get(entry.pattern), entry)
    if (left === undefined) this.#byPattern.delete(entry.pattern)
    else this.#byPattern.set(entry.pattern, left)
  }
}

/** Changes an entry's value. Throws {@link OptionError} when it is not of a type that somebody asks for, and leaves it as it is. */
export function setValue(entry: PatternEntry, value: string, types: ReadonlySet<ValueType>): void {
  const integer = types.has('int') ? readInteger(value) : undefined
  const address = types.has('ip') ? readAddress(value) : undefined
  entry.value = value
  entry.integer = integer
  entry.address = address
}

/** A value as an integer; an empty one is 0, as in HAProxy. */
function readInteger(value: string): Integer {
  const integer = value === '' ? 0 : parseInteger(value)
  if (integer === undefined) throw new OptionError('value', '', `'${value}' is not an integer`)
  return integer
}

function readAddress(value: string): Ip {
  const address = Ip.parse(value)
  if (address === undefined) throw new OptionError('value', '', `'${value}' is not an IP address`)
  return address
}
