/**
 * The entries of a table: which key is in which row, how long it stays, and who makes room when there is none. What is remembered of them, and what
 * for, is the business of whoever extends it.
 */
import { systemRandom } from '../base/random.js'
import { SipHash } from '../base/sip-hash.js'
import { ExpiryQueue, NONE, USED } from './expiry-queue.js'
import { type Field, fieldOf } from './field.js'
import { KeyMaker, type KeyType, keyWords, TableKey } from './key.js'
import { KeyIndex } from './key-index.js'
import { EXPIRES, HASH, Rows, USERS } from './rows.js'
import type { CheckedOptions } from './table-options.js'
import { UpdateLog } from './update-log.js'
import { Values } from './values.js'

/** How many that are over are forgotten for each that is new. */
const SWEPT_PER_ENTRY = 2

/** Rows of an empty table that keep their memory. */
const KEPT = 1024

/** Why an entry is no more: its time was over, another needed the room, somebody said so. */
export type Loss = 'expire' | 'evict' | 'remove'

/** An entry is known by the number of its row, which stands for that key until {@link generation} changes. */
export class Entries extends Values {
  readonly key: KeyType
  /** Bytes of a `string` at most, of a `binary` always. */
  readonly keyLength: number
  /** How many keys there can be. */
  readonly capacity: number
  /** Milliseconds; Infinity when keys are not forgotten. */
  readonly expire: number
  readonly noPurge: boolean
  readonly bytesFactor: number
  readonly #keys: KeyMaker
  #rows: Rows
  #index: KeyIndex
  #queue: ExpiryQueue
  #updates: UpdateLog | undefined = undefined
  #latest = 0
  /** Entries that somebody uses. */
  #inUse = 0
  /** Nothing in it will be over, as far as it knows. */
  #asleep = true

  constructor(options: CheckedOptions, fields: readonly Field[]) {
    super()
    this.key = options.key
    this.keyLength = options.keyLength
    this.capacity = options.capacity
    this.expire = options.expire
    this.noPurge = options.noPurge
    this.bytesFactor = options.bytesFactor
    this.#keys = new KeyMaker(this.key, this.keyLength, new SipHash(secretWord(), secretWord()))
    this.#rows = new Rows(fields, keyWords(this.key), this.capacity, this.bytesFactor)
    this.#index = new KeyIndex(this.#rows, keyWords(this.key))
    this.#queue = new ExpiryQueue(this.#rows, this.expire)
  }

  /** Where entries live; only `table/` looks inside. */
  override get rows(): Rows {
    return this.#rows
  }

  /** How many keys there are. */
  get size(): number {
    return this.#index.size
  }

  /** The latest time that it has heard of; milliseconds of the clock. */
  get latest(): number {
    return this.#latest
  }

  /** The rows in the order of their last local change, once {@link watchUpdates} was called. */
  get updates(): UpdateLog | undefined {
    return this.#updates
  }

  /** Has local changes written down from now on, for whoever passes them on. */
  watchUpdates(): UpdateLog {
    return (this.#updates ??= new UpdateLog())
  }

  /** One more field, while there is no key yet. */
  protected addField(type: string): void {
    const rows = new Rows([...this.fields, fieldOf(type)], keyWords(this.key), this.capacity, this.bytesFactor)
    rows.follow(this.#rows)
    this.#rows = rows
    this.#index = new KeyIndex(this.#rows, keyWords(this.key))
    this.#queue = new ExpiryQueue(this.#rows, this.expire)
  }

  /** Whether {@link lost} must be told of each entry that somebody has forgotten. */
  protected get heeded(): boolean {
    return false
  }

  /** Told of an entry that is about to be no more. */
  protected lost(_row: number, _why: Loss): void {}

  /** Told of an entry that was used here. */
  protected used(_row: number, _now: number): void {}

  /** Told when there is something again that will be over. */
  protected begun(): void {}

  /** A sample's value as a key of this table; `undefined` when it cannot be one. The key may be kept. */
  keyOf(value: unknown): TableKey | undefined {
    return this.#keys.of(value)
  }

  /** The key that {@link keyText} shows as this text. */
  keyOfText(text: string): TableKey | undefined {
    return this.#keys.of(this.key === 'binary' ? Buffer.from(text, 'hex') : text)
  }

  /** The key that peers send as these bytes; `undefined` when their number is wrong. */
  keyOfBytes(bytes: Uint8Array): TableKey | undefined {
    return this.#keys.ofBytes(bytes)
  }

  /** The row of a key; -1 when it is not known, or over. Does not keep it from being forgotten. */
  find(key: TableKey, now: number): number {
    if (now > this.#latest) this.#latest = now
    const row = this.#seek(key)
    return row === -1 || this.isOver(row, now) ? -1 : row
  }

  /**
   * The row of a key, made when it is not known; -1 when there is no room. A new one stays for the table's time, one that is known as long
   * as before.
   */
  open(key: TableKey, now: number): number {
    if (now > this.#latest) this.#latest = now
    const row = this.#seek(key)
    return row === -1 || this.isOver(row, now) ? this.#make(row, key, now) : row
  }

  #make(over: number, key: TableKey, now: number): number {
    if (over !== -1) this.#forget(over, 'expire')
    this.#clean(now, SWEPT_PER_ENTRY)
    if (this.size >= this.capacity && !this.#makeRoom(now)) return -1
    const made = this.#rows.take()
    this.#index.add(made, key)
    key.row = made
    key.generation = this.#rows.generation(made)
    this.#place(made, now + this.expire, this.#latest)
    return made
  }

  /** As long as its row is the key's, nobody has to look for it. */
  #seek(key: TableKey): number {
    const known = key.row
    if (known !== -1 && this.generation(known) === key.generation) return known
    const row = this.#index.find(key)
    if (row !== -1) {
      key.row = row
      key.generation = this.#rows.generation(row)
    }
    return row
  }

  /** The entry was used here: it stays for the table's time from now on, and whoever passes changes on learns of it. */
  touch(row: number, now: number): void {
    if (now > this.#latest) this.#latest = now
    this.#stay(row, now + this.expire)
    this.#updates?.mark(row)
    this.used(row, now)
  }

  /** Lets an entry stay for another time than the table's, at most as long as that. */
  expireIn(row: number, milliseconds: number, now: number): void {
    if (now > this.#latest) this.#latest = now
    this.#stay(row, now + Math.min(milliseconds, this.expire))
  }

  /** One more uses the entry: until it is released, it is not forgotten. */
  hold(row: number): void {
    const words = this.#rows.words(row)
    if (words[this.#rows.at(row) + USERS]!++ === 0) this.#inUse++
  }

  /** One less uses it. */
  release(row: number, now: number): void {
    const words = this.#rows.words(row)
    const at = this.#rows.at(row) + USERS
    words[at]!--
    if (words[at] !== 0) return
    this.#inUse--
    if (!this.#queue.has(row)) this.#place(row, this.#rows.expires(row), now)
  }

  /** How many use an entry. */
  users(row: number): number {
    return this.#rows.users(row)
  }

  /** Forgets an entry, unless somebody uses it. */
  remove(row: number): boolean {
    if (this.#rows.users(row) > 0) return false
    this.#forget(row, 'remove')
    return true
  }

  /** Forgets all entries that nobody uses. Answers how many there were. */
  protected removeAll(): number {
    if (this.#inUse === 0 && this.#updates === undefined && !this.heeded) return this.#empty()
    let forgotten = 0
    for (const row of this.#queue) if (this.remove(row)) forgotten++
    return forgotten
  }

  /** Changes when a row is given to another key, so that a number that was kept can be checked; 0 when it has none. */
  generation(row: number): number {
    return row < this.#rows.used ? this.#rows.generation(row) : 0
  }

  /** The next row that has a key, by number; the first after -1, and -1 behind the last. For whoever goes through all of them a few at a time. */
  nextRow(row: number): number {
    const { used } = this.#rows
    for (let next = row + 1; next < used; next++) if (this.#rows.generation(next) !== 0) return next
    return -1
  }

  /** All rows, those first that were used longest ago; of those in use, some may stand before them. */
  protected inOrder(): number[] {
    const resting = [...this.#queue]
    const queued = new Set(resting)
    const kept: number[] = []
    for (let row = this.nextRow(-1); row !== -1; row = this.nextRow(row)) if (!queued.has(row)) kept.push(row)
    if (this.expire !== Number.POSITIVE_INFINITY) resting.sort((a, b) => this.#rows.expires(a) - this.#rows.expires(b))
    return [...kept, ...resting]
  }

  /** The key of a row, to be looked up. */
  keyAt(row: number): TableKey {
    const rows = this.#rows
    const hash = rows.words(row)[rows.at(row) + HASH]!
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

  /** A key as people read it. */
  textOf(key: TableKey): string {
    return this.#keys.textOf(key)
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

  /** Its time is over, and nobody uses it. */
  protected isOver(row: number, now: number): boolean {
    return now >= this.#rows.expires(row) && this.#rows.users(row) === 0
  }

  /**
   * Forgets up to `most` entries that are over. When the next is: a time of the clock, which may have passed; Infinity when
   * none will be.
   */
  sweep(now: number, most: number): number {
    if (now > this.#latest) this.#latest = now
    this.#clean(now, most)
    const { next } = this.#queue
    if (next === Number.POSITIVE_INFINITY) this.#asleep = true
    return next
  }

  #clean(now: number, most: number): void {
    for (let looked = 0; looked < most; looked++) {
      const row = this.#queue.look(now)
      if (row === NONE) return
      if (row === USED) continue
      // One in use comes back when it is released.
      if (this.#rows.users(row) > 0) this.#queue.remove(row)
      else this.#forget(row, 'expire')
    }
  }

  /** What stays longer is found where it was, and has its place when that one's turn comes. */
  #stay(row: number, expires: number): void {
    const doubles = this.#rows.doubles(row)
    const at = (this.#rows.at(row) >>> 1) + EXPIRES
    const before = doubles[at]!
    if (expires > before) doubles[at] = expires
    else if (expires < before || expires === Number.POSITIVE_INFINITY) this.#place(row, expires, this.#latest)
    this.#stir()
  }

  #place(row: number, expires: number, now: number): void {
    this.#rows.setExpires(row, expires)
    this.#queue.place(row, expires, now)
    this.#stir()
  }

  /** There is something again that will be over. */
  #stir(): void {
    if (!this.#asleep) return
    this.#asleep = false
    this.begun()
  }

  /** The oldest goes, or the first that is over where others may not; one in use comes back when it is released. */
  #makeRoom(now: number): boolean {
    while (true) {
      const row = this.#queue.oldest(now)
      if (row === NONE) return false
      const over = this.#rows.expires(row) <= now
      if (!over && this.noPurge) return false
      if (this.#rows.users(row) === 0) {
        this.#forget(row, over ? 'expire' : 'evict')
        return true
      }
      this.#queue.remove(row)
    }
  }

  /** All at once: a million entries take no longer than one. */
  #empty(): number {
    const { size } = this
    this.#index.reset()
    this.#rows.reset()
    this.#queue.reset()
    this.#asleep = true
    return size
  }

  #forget(row: number, why: Loss): void {
    this.lost(row, why)
    this.#updates?.drop(row)
    this.#queue.remove(row)
    this.#index.remove(row)
    this.#rows.give(row)
    if (this.size > 0) return
    this.#asleep = true
    if (this.#rows.used > KEPT) this.#empty()
  }
}

const secretWord = (): number => Math.floor((systemRandom.secret?.() ?? systemRandom.next()) * 2 ** 32)
