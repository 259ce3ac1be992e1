/** A stick table: what is remembered of addresses, users, sessions … between transactions, in memory, with a bound and an expiry. */
import { z } from 'zod'
import { OptionError } from '../base/errors.js'
import { checkOptions, durationOption, nameOption } from '../base/options.js'
import { parseSize } from '../base/size.js'
import type { Context } from '../match/context.js'
import { NumberSample } from '../match/number-sample.js'
import { type AnyPhase, phases as everyPhase, type Phase } from '../match/phase.js'
import { notYet, type Sample } from '../match/sample.js'
import { Entry, TrackedEntry } from './entry.js'
import type { Counted, Field } from './field.js'
import { type KeyMaker, type KeyType, keyMaker } from './key.js'

/** What a table is made of. `F` are the names of what it stores. */
export interface StickTableOptions<F extends string> {
  /** What the keys are. `ip` takes addresses of both families, `ipv4` (HAProxy's `type ip`) only IPv4. */
  readonly key: KeyType
  /** Bytes of a `string` key that count; longer ones are cut. Default 32. */
  readonly keyLength?: number | undefined
  /** How many keys at most, as a number or `'100k'`. When it is full, the one that was tracked longest ago makes room. */
  readonly size: number | string
  /** A key that is not tracked for this long is forgotten. Default: never. */
  readonly expire?: number | string | undefined
  /** What is remembered of each key, by a name of your choice. */
  readonly store?: Readonly<Record<F, Field>> | undefined
}

/** What a table remembers of one key, as plain data. */
export interface TableRecord<F extends string> {
  readonly key: string
  /** Milliseconds until it is forgotten; Infinity when never. */
  readonly expiresIn: number
  /** How many connections and requests track it now. */
  readonly users: number
  readonly values: Readonly<Record<F, number>>
}

const isField = (given: unknown): boolean =>
  typeof given === 'object' && given !== null && typeof (given as Field).period === 'number'

const schema = z.strictObject({
  key: z.enum(['ip', 'ipv4', 'integer', 'string'], { error: "must be 'ip', 'ipv4', 'integer' or 'string'" }),
  keyLength: z.int({ error: 'must be a whole number of bytes, at least 1' }).min(1).optional(),
  size: z.union([z.number(), z.string()], { error: "must be a number of keys, or text as in '100k'" }),
  expire: durationOption.optional(),
  store: z
    .record(z.string(), z.custom<Field>(isField, { error: 'must be rate(), counter() or concurrent()' }))
    .optional(),
})

/**
 * A memory with a key for each client, or whatever else a sample gives. Rules `track` a key; questions look things up. HAProxy: `stick-table`.
 *
 * ```ts
 * const clients = new StickTable('clients', { key: 'ip', size: 100_000, expire: '10m', store: { requests: rate('10s') } })
 * ```
 */
export class StickTable<in out F extends string = string> {
  readonly name: string
  readonly key: KeyType
  /** How many keys there can be. */
  readonly capacity: number
  /** Milliseconds; Infinity when keys are not forgotten. */
  readonly expire: number
  readonly #names: readonly F[]
  readonly #fields: readonly Field[]
  readonly #makeKey: KeyMaker
  readonly #entries = new Map<string, Entry>()
  readonly #touch = (entry: Entry, now: number): void => this.#refresh(entry, now)
  /** Copies that stand for entries in decisions that are not carried out. */
  readonly #rehearsed = new WeakSet<Entry>()
  #latest = 0

  constructor(name: string, options: StickTableOptions<F>) {
    const subject = `StickTable '${name}'`
    this.name = checkOptions(subject, nameOption, name)
    const checked = checkOptions(subject, schema, options)
    this.key = checked.key
    this.capacity = readSize(subject, checked.size)
    this.expire = checked.expire ?? Number.POSITIVE_INFINITY
    const store = Object.entries(options.store ?? {}) as [F, Field][]
    this.#names = store.map(([field]) => field)
    this.#fields = store.map(([, field]) => field)
    this.#makeKey = keyMaker(checked.key, checked.keyLength ?? 32)
  }

  /** How many keys there are. */
  get size(): number {
    return this.#entries.size
  }

  /**
   * Holds on to the key of a value in one of the context's slots until the context is released, and counts. The first to take a
   * slot keeps it. Answers whether the slot is this one's now.
   */
  track(context: Context, value: unknown, slot = 0): boolean {
    if (context.trackedAt(slot) !== undefined) return false
    const key = this.#makeKey(value)
    if (key === undefined) return false
    if (context.rehearsal) return this.#rehearse(context, key, slot)
    const entry = this.#find(key, context.now) ?? this.#create(key, context.now)
    if (entry === undefined) return false
    entry.count('connections', context.now)
    if ((context.request as unknown) !== undefined) entry.count('requests', context.now)
    this.#refresh(entry, context.now)
    const tracked = (context.tracked ??= [])
    tracked[slot] = new TrackedEntry(entry, this.#touch)
    return true
  }

  /**
   * What a field says of the key that a sample gives: 0 when the key is not known. Does not count, and does not keep the key
   * from being forgotten. HAProxy: `src_http_req_rate(table)` and the like.
   */
  lookup<P extends Phase>(field: F, sample: Sample<unknown, P>): NumberSample<P> {
    const index = this.#indexOf(field)
    return new NumberSample<P>({
      name: `${sample.name},${this.#word(field)}(${this.name})`,
      type: 'int',
      phases: sample.phases,
      ask: (context) => {
        const value = sample.ask(context)
        if (value === undefined || value === notYet) return value
        const key = this.#makeKey(value)
        return key === undefined ? 0 : (this.#find(key, context.now)?.read(index, context.now) ?? 0)
      },
    })
  }

  /**
   * What a field says of the key that is tracked in a slot; absent when none of this table is. HAProxy: `sc_http_req_rate(slot,table)` and
   * the like.
   */
  tracked(field: F, slot = 0): NumberSample<AnyPhase> {
    const index = this.#indexOf(field)
    return new NumberSample<AnyPhase>({
      name: `sc_${field}(${slot},${this.name})`,
      type: 'int',
      phases: trackedPhases,
      ask: (context) => {
        const held = context.trackedAt(slot)
        if (!(held instanceof TrackedEntry) || !this.#knows(held.entry)) return undefined
        return held.entry.read(index, context.now)
      },
    })
  }

  /**
   * What a kind of field says of the key that is tracked in a slot, whichever table it is of; absent when nothing is tracked or the table
   * does not store it. HAProxy: `sc_http_req_rate(slot)` without a table's name.
   */
  static trackedAnywhere(word: string, kind: Field['kind'], of: Counted, slot = 0): NumberSample<AnyPhase> {
    return new NumberSample<AnyPhase>({
      name: `sc_${word}(${slot})`,
      type: 'int',
      phases: trackedPhases,
      ask: (context) => {
        const held = context.trackedAt(slot)
        if (!(held instanceof TrackedEntry)) return undefined
        const index = held.entry.find(kind, of)
        return index === -1 ? undefined : held.entry.read(index, context.now)
      },
    })
  }

  /** The name of the first field of a kind, for whoever knows HAProxy's names only. */
  fieldOf(kind: Field['kind'], of: Counted): F | undefined {
    return this.#names[this.#fields.findIndex((field) => field.kind === kind && field.of === of)]
  }

  /** What is remembered of a key, which may be a sample's value or its text. `now` is by default the latest time that the table has seen. */
  get(value: unknown, now: number = this.#latest): TableRecord<F> | undefined {
    const key = this.#makeKey(value)
    const entry = key === undefined ? undefined : this.#find(key, now)
    return entry === undefined ? undefined : this.#record(entry, now)
  }

  /** Everything that is remembered, the key that was tracked longest ago first. */
  records(now: number = this.#latest): TableRecord<F>[] {
    return [...this.#entries.values()]
      .filter((entry) => !this.#isOver(entry, now))
      .map((entry) => this.#record(entry, now))
  }

  /** Forgets a key, or all of them. What is tracked at this moment stays. Answers how many were forgotten. */
  clear(value?: unknown): number {
    const key = value === undefined ? undefined : this.#makeKey(value)
    let forgotten = 0
    for (const entry of this.#entries.values()) {
      if (entry.users > 0 || (value !== undefined && entry.key !== key)) continue
      this.#entries.delete(entry.key)
      forgotten++
    }
    return forgotten
  }

  /** As {@link track}, on a copy of what is remembered. */
  #rehearse(context: Context, key: string, slot: number): boolean {
    const entry = this.#find(key, context.now)?.copy() ?? new Entry(key, this.#fields)
    entry.count('connections', context.now)
    if ((context.request as unknown) !== undefined) entry.count('requests', context.now)
    this.#rehearsed.add(entry)
    const tracked = (context.tracked ??= [])
    tracked[slot] = new TrackedEntry(entry, () => {})
    return true
  }

  #indexOf(field: F): number {
    const index = this.#names.indexOf(field)
    if (index === -1) {
      const known = this.#names.length === 0 ? 'it stores nothing' : `it stores ${this.#names.join(', ')}`
      throw new OptionError(`StickTable '${this.name}'`, '', `has no field '${field}': ${known}`)
    }
    return index
  }

  #word(field: F): string {
    const { kind, of } = this.#fields[this.#indexOf(field)]!
    return `table_${of === 'requests' ? 'http_req' : 'conn'}_${kind === 'rate' ? 'rate' : kind === 'counter' ? 'cnt' : 'cur'}`
  }

  #find(key: string, now: number): Entry | undefined {
    if (now > this.#latest) this.#latest = now
    const entry = this.#entries.get(key)
    if (entry === undefined || !this.#isOver(entry, now)) return entry
    this.#entries.delete(key)
    return undefined
  }

  /** One in use is never over, nor makes it room: when all are in use, a new key is not tracked. */
  #create(key: string, now: number): Entry | undefined {
    this.#forgetExpired(now)
    if (this.#entries.size >= this.capacity && !this.#makeRoom()) return undefined
    const entry = new Entry(key, this.#fields)
    this.#entries.set(key, entry)
    return entry
  }

  #forgetExpired(now: number): void {
    for (const entry of this.#entries.values()) {
      if (entry.users > 0) continue
      if (!this.#isOver(entry, now)) return
      this.#entries.delete(entry.key)
    }
  }

  #makeRoom(): boolean {
    for (const entry of this.#entries.values()) {
      if (entry.users > 0) continue
      return this.#entries.delete(entry.key)
    }
    return false
  }

  /** Moves an entry behind all others, so that the order of the map is the order of expiry. */
  #refresh(entry: Entry, now: number): void {
    if (!this.#owns(entry)) return
    entry.expires = now + this.expire
    this.#entries.delete(entry.key)
    this.#entries.set(entry.key, entry)
  }

  #owns(entry: Entry): boolean {
    return this.#entries.get(entry.key) === entry
  }

  #knows(entry: Entry): boolean {
    return this.#owns(entry) || this.#rehearsed.has(entry)
  }

  #isOver(entry: Entry, now: number): boolean {
    return entry.users === 0 && now >= entry.expires
  }

  #record(entry: Entry, now: number): TableRecord<F> {
    const values = Object.create(null) as Record<F, number>
    this.#names.forEach((name, index) => {
      values[name] = entry.read(index, now)
    })
    return { key: entry.key, expiresIn: entry.expires - now, users: entry.users, values }
  }
}

const trackedPhases = everyPhase.filter((phase) => phase !== 'check')

function readSize(subject: string, size: number | string): number {
  const capacity = typeof size === 'number' ? size : parseSize(size)
  if (Number.isInteger(capacity) && capacity > 0) return capacity
  throw new OptionError(subject, 'size', `must be a whole number of keys, at least 1, but is ${size}`)
}
