/** What one other node has counted, key by key, as far as it has told: as many keys as the table has room for, each for as long as the node said. */
import { ExpiryQueue, NONE, USED } from './expiry-queue.js'
import { keyWords, type TableKey } from './key.js'
import { KeyIndex } from './key-index.js'
import { Rows } from './rows.js'
import type { StickTable } from './stick-table.js'

/** Keys are those of the table that it is beside. */
export class SharedNode {
  readonly rows: Rows
  /** When it was there last; milliseconds of the clock. */
  seen: number
  readonly #index: KeyIndex
  readonly #queue: ExpiryQueue
  readonly #capacity: number

  constructor(table: StickTable, seen: number) {
    const words = keyWords(table.key)
    this.rows = new Rows(table.fields, words, table.capacity, table.bytesFactor)
    this.seen = seen
    this.#index = new KeyIndex(this.rows, words)
    this.#queue = new ExpiryQueue(this.rows, table.expire)
    this.#capacity = table.capacity
  }

  get size(): number {
    return this.#index.size
  }

  /** The row of a key; -1 when the node has not counted for it, or that is over. */
  find(key: TableKey, now: number): number {
    const row = this.#index.find(key)
    return row === -1 || now >= this.rows.expires(row) ? -1 : row
  }

  /** The row of a key that it tells of. The oldest makes room. */
  open(key: TableKey, expires: number, now: number): number {
    const known = this.#index.find(key)
    if (known === -1 && this.size >= this.#capacity) this.#remove(this.#queue.oldest(now))
    const row = known === -1 ? this.rows.take() : known
    if (known === -1) this.#index.add(row, key)
    const earlier = known === -1 || expires < this.rows.expires(row)
    this.rows.setExpires(row, expires)
    if (earlier) this.#queue.place(row, expires, now)
    return row
  }

  forget(key: TableKey): void {
    const row = this.#index.find(key)
    if (row !== -1) this.#remove(row)
  }

  /** Forgets up to `most` keys that are over. */
  sweep(now: number, most: number): void {
    for (let looked = 0; looked < most; looked++) {
      const row = this.#queue.look(now)
      if (row === NONE) return
      if (row !== USED) this.#remove(row)
    }
  }

  #remove(row: number): void {
    this.#queue.remove(row)
    this.#index.remove(row)
    this.rows.give(row)
  }
}
