/** What a stick table holds of one key; which keys there are, and for how long, is the table's own business. */
import type { Tracked } from '../match/context.js'
import type { Counted, Field } from './field.js'
import { RateCounter } from './rate.js'

/** One key's memory. */
export class Entry {
  readonly key: string
  /** When it is forgotten, unless it is tracked again; milliseconds of the clock. */
  expires = Number.POSITIVE_INFINITY
  /** How many track it at this moment. One in use is not forgotten. */
  users = 0
  readonly #fields: readonly Field[]
  readonly #cells: (RateCounter | number)[]

  constructor(key: string, fields: readonly Field[]) {
    this.key = key
    this.#fields = fields
    this.#cells = fields.map((field) => (field.kind === 'rate' ? new RateCounter() : 0))
  }

  /** The same memory, which can be counted at on its own. */
  copy(): Entry {
    const copy = new Entry(this.key, this.#fields)
    copy.expires = this.expires
    copy.users = this.users
    this.#cells.forEach((cell, index) => {
      copy.#cells[index] = typeof cell === 'number' ? cell : cell.copy()
    })
    return copy
  }

  /** Counts something at every field that counts it. */
  count(what: Counted, now: number): void {
    const fields = this.#fields
    for (let index = 0; index < fields.length; index++) {
      const field = fields[index]!
      if (field.of !== what || field.kind === 'concurrent') continue
      const cell = this.#cells[index]!
      if (typeof cell === 'number') this.#cells[index] = cell + 1
      else cell.add(1, now, field.period)
    }
  }

  /** The number of the first field of a kind; -1 without one. */
  find(kind: Field['kind'], of: Counted): number {
    return this.#fields.findIndex((field) => field.kind === kind && field.of === of)
  }

  /** The value of the field with this number. */
  read(index: number, now: number): number {
    const field = this.#fields[index]!
    if (field.kind === 'concurrent') return this.users
    const cell = this.#cells[index]!
    return typeof cell === 'number' ? cell : cell.read(now, field.period)
  }
}

/** An entry that a connection or a request holds on to. */
export class TrackedEntry implements Tracked {
  readonly entry: Entry
  readonly #touch: (entry: Entry, now: number) => void
  #held = true

  constructor(entry: Entry, touch: (entry: Entry, now: number) => void) {
    this.entry = entry
    this.#touch = touch
    entry.users++
  }

  get key(): string {
    return this.entry.key
  }

  request(now: number): void {
    if (!this.#held) return
    this.entry.count('requests', now)
    this.#touch(this.entry, now)
  }

  release(now: number): void {
    if (!this.#held) return
    this.#held = false
    this.entry.users--
    this.#touch(this.entry, now)
  }
}
