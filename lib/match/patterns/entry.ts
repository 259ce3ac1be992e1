/** One line of a set of patterns. */
import { OptionError } from '../../base/errors.js'
import type { Integer } from '../../base/int64.js'
import type { Ip } from '../../base/ip.js'

/** A pattern, with the value that a map has for it. */
export interface PatternEntry {
  /** Unique within its set; later ones are greater. */
  readonly id: number
  readonly pattern: string
  /** What a map gives for it; nothing in a set that is no map. Change it through the set only. */
  value: string | undefined
  /** The value as an integer or an address, where somebody asks for such. */
  integer: Integer | undefined
  address: Ip | undefined
}

/** The entries under one key: mostly one, more when a pattern was given several times. They are in order. */
export type Slot = PatternEntry | readonly PatternEntry[]

/** The entries with one more. */
export function withEntry(slot: Slot | undefined, entry: PatternEntry): Slot {
  if (slot === undefined) return entry
  const entries = 'id' in slot ? [slot, entry] : [...slot, entry]
  return entries.sort((a, b) => a.id - b.id)
}

/** The entries with one less; nothing when it was the last. */
export function withoutEntry(slot: Slot | undefined, entry: PatternEntry): Slot | undefined {
  if (slot === undefined || slot === entry) return undefined
  if ('id' in slot) return slot
  const left = slot.filter((one) => one !== entry)
  return left.length === 1 ? left[0] : left
}

/** The first of them: what a look-up finds. */
export function firstEntry(slot: Slot): PatternEntry {
  return 'id' in slot ? slot : (slot[0] as PatternEntry)
}

/** What is wrong with a pattern. */
export function patternFault(pattern: string, message: string): OptionError {
  return new OptionError('pattern', '', `'${pattern}' ${message}`)
}
