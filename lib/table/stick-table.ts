/** A stick table: what is remembered of addresses, users, sessions … between transactions, in memory, with a bound and an expiry. */
import { OptionError } from '../base/errors.js'
import { checkOptions, nameOption } from '../base/options.js'
import { systemRandom } from '../base/random.js'
import { SipHash } from '../base/sip-hash.js'
import type { Context } from '../match/context.js'
import { NumberSample } from '../match/number-sample.js'
import { type AnyPhase, phases as everyPhase, type Phase } from '../match/phase.js'
import { notYet, type Sample } from '../match/sample.js'
import type { Counted } from './data-type.js'
import { ExpiryQueue } from './expiry-queue.js'
import { type Field, fieldOf } from './field.js'
import { KeyMaker, type KeyType, keyWords, TableKey } from './key.js'
import { KeyIndex } from './key-index.js'
import type { RateState } from './rate-cell.js'
import { HASH, Rows, USERS } from './rows.js'
import { checkTable, type StickTableOptions } from './table-options.js'
import { TrackedEntry } from './tracked-entry.js'

export type { StickTableOptions } from './table-options.js'

/** What a table remembers of one key, as plain data. */
export interface TableRecord<F extends string> {
  readonly key: string
  /** Milliseconds until it is forgotten; Infinity when never. */
  readonly expiresIn: number
  /** How many connections and requests track it now. */
  readonly users: number
  readonly values: Readonly<Record<F, number>>
}

/** How many that are over are forgotten for each that is new. */
const SWEPT_PER_ENTRY = 2

/**
 * A memory with a key for each client, or whatever else a sample gives. Rules `track` a key; questions look things up. HAProxy: `stick-table`.
 *
 * ```ts
 * const clients = new StickTable('clients', { key: 'ip', size: 100_000, expire: '10m', store: { requests: rate('10s') } })
 * ```
 *
 * An entry is known by the number of its row, which stands for that key until {@link generation} changes.
 */
export class StickTable<in out F extends string = string> {
  readonly name: string
  readonly key: KeyType
  /** Bytes of a `string` at most, of a `binary` always. */
  readonly keyLength: number
  /** How many keys there can be. */
  readonly capacity: number
  /** Milliseconds; Infinity when keys are not forgotten. */
  readonly expire: number
  readonly noPurge: boolean
  readonly serverKey: 'name' | 'address'
  readonly bytesFactor: number
  readonly receiveOnly: boolean
  readonly #keys: KeyMaker
  #names: readonly F[]
  #rows: Rows
  #index: KeyIndex
  #queue: ExpiryQueue
  #writeTo: StickTable | undefined = undefined
  #latest = 0

  constructor(name: string, options: StickTableOptions<F>) {
    const subject = `StickTable '${name}'`
    this.name = checkOptions(subject, nameOption, name)
    const checked = checkTable(subject, options)
    this.key = checked.key
    this.keyLength = checked.keyLength
    this.capacity = checked.capacity
    this.expire = checked.expire
    this.noPurge = checked.noPurge
    this.serverKey = checked.serverKey
    this.bytesFactor = checked.bytesFactor
    this.receiveOnly = checked.receiveOnly
    this.#keys = new KeyMaker(this.key, this.keyLength, new SipHash(secretWord(), secretWord()))
    const store = Object.entries(options.store ?? {}) as [F, Field][]
    this.#names = store.map(([field]) => field)
    this.#rows = this.#emptyRows(store.map(([, field]) => field))
    this.#index = new KeyIndex(this.#rows, keyWords(this.key))
    this.#queue = new ExpiryQueue(this.#rows, this.expire)
    if (options.writeTo !== undefined) this.copyTo(options.writeTo)
  }

  /** What is stored, in the order in which it was given. */
  get fields(): readonly Field[] {
    return this.#rows.fields
  }

  /** The names of the fields. */
  get names(): readonly F[] {
    return this.#names
  }

  /** Where entries live; only `table/` looks inside. */
  get rows(): Rows {
    return this.#rows
  }

  /** The table that the servers and tags which peers teach this one are copied to. */
  get writeTo(): StickTable | undefined {
    return this.#writeTo
  }

  /** Has what peers teach written to another table, too. @throws {OptionError} when its keys are of another kind, or it is this one. HAProxy: `write-to` */
  copyTo(table: StickTable): void {
    const subject = `StickTable '${this.name}'`
    if ((table as unknown) === this) throw new OptionError(subject, 'writeTo', 'cannot be the table itself')
    if (table.key !== this.key || table.keyLength !== this.keyLength) {
      throw new OptionError(subject, 'writeTo', `'${table.name}' has keys of another type or length`)
    }
    this.#writeTo = table
  }

  /** Has the server that a key was sent to remembered, for whoever needs it to: before the first key comes. Nothing changes when it is stored already. */
  alsoStore(type: 'server_id' | 'server_key'): void {
    if (this.field(type) !== -1) return
    if (this.size > 0) throw new OptionError(`StickTable '${this.name}'`, 'store', `has keys, but lacks ${type}`)
    this.#names = [...this.#names, type as F]
    this.#rows = this.#emptyRows([...this.fields, fieldOf(type)])
    this.#index = new KeyIndex(this.#rows, keyWords(this.key))
    this.#queue = new ExpiryQueue(this.#rows, this.expire)
  }

  #emptyRows(fields: readonly Field[]): Rows {
    return new Rows(fields, keyWords(this.key), this.capacity, this.bytesFactor)
  }

  /** How many keys there are. */
  get size(): number {
    return this.#index.size
  }

  /** The number of the first field of a data type by HAProxy's name; -1 when it is not stored. */
  field(type: string): number {
    return this.#rows.field(type)
  }

  /** A sample's value as a key of this table; `undefined` when it cannot be one. The key may be kept. */
  keyOf(value: unknown): TableKey | undefined {
    return this.#keys.of(value)
  }

  /** The key that peers send as these bytes; `undefined` when their number is wrong. */
  keyOfBytes(bytes: Uint8Array): TableKey | undefined {
    return this.#keys.ofBytes(bytes)
  }

  /** The row of a key; -1 when it is not known, or over. Does not keep it from being forgotten. */
  find(key: TableKey, now: number): number {
    if (now > this.#latest) this.#latest = now
    const row = this.#index.find(key)
    return row === -1 || this.#isOver(row, now) ? -1 : row
  }

  /** The row of a key, made when it is not known; -1 when there is no room. A new one stays for the table's time, one that is known as long as before. */
  open(key: TableKey, now: number): number {
    if (now > this.#latest) this.#latest = now
    const row = this.#index.find(key)
    if (row !== -1) {
      if (!this.#isOver(row, now)) return row
      this.#forget(row)
    }
    this.sweep(now, SWEPT_PER_ENTRY)
    if (this.size >= this.capacity && (this.noPurge || !this.#makeRoom())) return -1
    const made = this.#rows.take()
    this.#index.add(made, key)
    this.#stay(made, now + this.expire)
    return made
  }

  /** What a field says; of an array, one element of it. Rates as HAProxy's formula has them; 0 for texts and elements beyond the end. */
  read(row: number, field: number, now: number, element = 0): number {
    return this.#rows.read(row, field, now, element)
  }

  /** All bits of a field of 64 bits. */
  readWide(row: number, field: number): bigint {
    return this.#rows.readWide(row, field)
  }

  /** A rate as what it is made of. */
  readRate(row: number, field: number, now: number, element = 0): RateState {
    return this.#rows.rateState(row, field, now, element)
  }

  readText(row: number, field: number): string | undefined {
    return this.#rows.readText(row, field)
  }

  /** Sets a field, or an element of an array. Numbers keep their lower 32 or 64 bits; a rate counts as if so many had happened now. */
  write(row: number, field: number, value: number | bigint, now: number, element = 0): void {
    this.#rows.write(row, field, value, now, element)
  }

  writeRate(row: number, field: number, state: RateState, now: number, element = 0): void {
    this.#rows.setRate(row, field, state, now, element)
  }

  writeText(row: number, field: number, text: string | undefined): void {
    this.#rows.writeText(row, field, text)
  }

  /** Adds to a counter or a rate; answers what it says then. */
  add(row: number, field: number, amount: number, now: number, element = 0): number {
    this.#rows.add(row, field, amount, now, element)
    return this.#rows.read(row, field, now, element)
  }

  /** Counts something at every field that counts it by itself. */
  count(row: number, what: Counted, amount: number, now: number): void {
    this.#rows.count(row, what, amount, now)
  }

  /** The entry was used here: it stays for the table's time from now on. */
  touch(row: number, now: number): void {
    if (now > this.#latest) this.#latest = now
    this.#stay(row, now + this.expire)
  }

  /** One more uses the entry: until it is released, it is not forgotten. */
  hold(row: number): void {
    this.#rows.words(row)[this.#rows.at(row) + USERS]!++
  }

  /** One less uses it. */
  release(row: number, now: number): void {
    const words = this.#rows.words(row)
    const at = this.#rows.at(row) + USERS
    words[at]!--
    if (words[at] === 0) this.#queue.place(row, this.#rows.expires(row), now)
  }

  /** How many use an entry. */
  users(row: number): number {
    return this.#rows.users(row)
  }

  /** Forgets an entry, unless somebody uses it. */
  remove(row: number): boolean {
    if (this.#rows.users(row) > 0) return false
    this.#forget(row)
    return true
  }

  /** Changes when a row is given to another key, so that a number that was kept can be checked; 0 when it has none. */
  generation(row: number): number {
    return row < this.#rows.used ? this.#rows.generation(row) : 0
  }

  /** The key of a row, to be looked up. */
  keyAt(row: number): TableKey {
    const rows = this.#rows
    const hash = rows.words(row)[rows.at(row) + HASH]! >>> 0
    const words = keyWords(this.key)
    if (words === 0) return new TableKey(hash, 0, 0, 0, 0, rows.keyText(row))
    if (words === 1) return new TableKey(hash, rows.keyWord(row, 0), 0, 0, 0, '')
    return new TableKey(
      hash,
      rows.keyWord(row, 0),
      rows.keyWord(row, 1),
      rows.keyWord(row, 2),
      rows.keyWord(row, 3),
      '',
    )
  }

  /** The key of a row, for people. */
  keyText(row: number): string {
    return this.#keys.textOf(this.keyAt(row))
  }

  /** The key of a row, as peers send it. */
  keyBytes(row: number): Uint8Array {
    return this.#keys.bytes(this.keyAt(row))
  }

  /** Milliseconds until an entry is forgotten; Infinity when never. */
  expiresIn(row: number, now: number): number {
    return Math.max(0, this.#rows.expires(row) - now)
  }

  /** Lets an entry stay for another time than the table's, at most as long as that. */
  expireIn(row: number, milliseconds: number, now: number): void {
    this.#stay(row, now + Math.min(milliseconds, this.expire))
  }

  /** Forgets up to `most` entries that are over. When the next is: a time of the clock, which may have passed; Infinity when none will be. */
  sweep(now: number, most: number): number {
    for (let looked = 0; looked < most; looked++) {
      const row = this.#queue.due(now)
      if (row === -1) break
      // One in use comes back when it is released.
      if (this.#rows.users(row) > 0) this.#queue.remove(row)
      else this.#forget(row)
    }
    const next = this.#queue.oldest
    return next === -1 ? Number.POSITIVE_INFINITY : this.#rows.expires(next)
  }

  /**
   * Holds on to the key of a value in one of the context's slots until the context is released, and counts. The first to take a
   * slot keeps it. Answers whether the slot is this one's now.
   */
  track(context: Context, value: unknown, slot = 0): boolean {
    if (context.trackedAt(slot) !== undefined) return false
    const key = this.#keys.of(value)
    if (key === undefined) return false
    const { now } = context
    const held = context.rehearsal ? this.#rehearse(key, now) : this.#hold(key, now)
    if (held === undefined) return false
    if ((context.request as unknown) !== undefined) held.request(now)
    const tracked = (context.tracked ??= [])
    tracked[slot] = held
    return true
  }

  #hold(key: TableKey, now: number): TrackedEntry | undefined {
    const row = this.open(key, now)
    if (row === -1) return undefined
    this.touch(row, now)
    return new TrackedEntry(this as unknown as StickTable, this.#rows, row, this.#keys.textOf(key), now)
  }

  /** As {@link track}, on a copy of what is remembered. */
  #rehearse(key: TableKey, now: number): TrackedEntry {
    const copy = new Rows(this.fields, keyWords(this.key), 1, this.bytesFactor)
    const target = copy.take()
    const row = this.find(key, now)
    if (row !== -1) this.#rows.copyValues(row, copy, target)
    return new TrackedEntry(this as unknown as StickTable, copy, target, this.#keys.textOf(key), now)
  }

  /**
   * What a field says of the key that a sample gives: 0 when the key is not known. Does not count, and does not keep the key
   * from being forgotten. HAProxy: `src_http_req_rate(table)` and the like.
   */
  lookup<P extends Phase>(field: F, sample: Sample<unknown, P>): NumberSample<P> {
    const index = this.#indexOf(field)
    return new NumberSample<P>({
      name: `${sample.name},table_${this.fields[index]!.type.name}(${this.name})`,
      type: 'int',
      phases: sample.phases,
      ask: (context) => {
        const value = sample.ask(context)
        if (value === undefined || value === notYet) return value
        const key = this.#keys.of(value)
        if (key === undefined) return 0
        const row = this.find(key, context.now)
        return row === -1 ? 0 : this.#rows.read(row, index, context.now, 0)
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
        const ours = held instanceof TrackedEntry && held.table === (this as unknown as StickTable)
        return ours ? held.read(index, context.now) : undefined
      },
    })
  }

  /**
   * What a data type says of the key that is tracked in a slot, whichever table it is of; absent when nothing is tracked or the table
   * does not store it. HAProxy: `sc_http_req_rate(slot)` without a table's name.
   */
  static trackedAnywhere(type: string, slot = 0): NumberSample<AnyPhase> {
    return new NumberSample<AnyPhase>({
      name: `sc_${type}(${slot})`,
      type: 'int',
      phases: trackedPhases,
      ask: (context) => {
        const held = context.trackedAt(slot)
        if (!(held instanceof TrackedEntry)) return undefined
        const index = held.table.field(type)
        return index === -1 ? undefined : held.read(index, context.now)
      },
    })
  }

  /** What is remembered of a key, which may be a sample's value or its text. `now` is by default the latest time that the table has seen. */
  get(value: unknown, now: number = this.#latest): TableRecord<F> | undefined {
    const key = this.#keys.of(value)
    const row = key === undefined ? -1 : this.find(key, now)
    return row === -1 ? undefined : this.record(row, now)
  }

  /** Everything that is remembered, the key that was tracked longest ago first. */
  records(now: number = this.#latest): TableRecord<F>[] {
    const resting = [...this.#queue]
    const queued = new Set(resting)
    const kept: number[] = []
    for (let row = 0; row < this.#rows.used; row++)
      if (this.#rows.generation(row) !== 0 && !queued.has(row)) kept.push(row)
    return [...kept, ...resting].filter((row) => !this.#isOver(row, now)).map((row) => this.record(row, now))
  }

  /** One entry as plain data. */
  record(row: number, now: number = this.#latest): TableRecord<F> {
    const values = Object.create(null) as Record<F, number>
    this.names.forEach((name, index) => {
      values[name] = this.#rows.read(row, index, now, 0)
    })
    return { key: this.keyText(row), expiresIn: this.#rows.expires(row) - now, users: this.#rows.users(row), values }
  }

  /** Forgets a key, or all of them. What is tracked at this moment stays. Answers how many were forgotten. */
  clear(value?: unknown): number {
    if (value !== undefined) {
      const key = this.#keys.of(value)
      const row = key === undefined ? -1 : this.#index.find(key)
      return row !== -1 && this.remove(row) ? 1 : 0
    }
    let forgotten = 0
    for (const row of this.#queue) if (this.remove(row)) forgotten++
    return forgotten
  }

  #indexOf(field: F): number {
    const index = this.names.indexOf(field)
    if (index === -1) {
      const known = this.names.length === 0 ? 'it stores nothing' : `it stores ${this.names.join(', ')}`
      throw new OptionError(`StickTable '${this.name}'`, '', `has no field '${field}': ${known}`)
    }
    return index
  }

  #isOver(row: number, now: number): boolean {
    return now >= this.#rows.expires(row) && this.#rows.users(row) === 0
  }

  #stay(row: number, expires: number): void {
    this.#rows.setExpires(row, expires)
    this.#queue.place(row, expires, this.#latest)
  }

  #makeRoom(): boolean {
    for (let row = this.#queue.oldest; row !== -1; row = this.#queue.oldest) {
      if (this.#rows.users(row) === 0) {
        this.#forget(row)
        return true
      }
      this.#queue.remove(row)
    }
    return false
  }

  #forget(row: number): void {
    this.#queue.remove(row)
    this.#index.remove(row)
    this.#rows.give(row)
  }
}

const trackedPhases = everyPhase.filter((phase) => phase !== 'check')

const secretWord = (): number => Math.floor((systemRandom.secret?.() ?? systemRandom.next()) * 2 ** 32)
