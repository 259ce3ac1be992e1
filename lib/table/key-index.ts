/**
 * Which row has which key: a hash table that grows by one bucket a key, so that no growth takes long (W. Litwin, "Linear hashing", 1980). The chains
 * run through the rows themselves.
 */
import type { TableKey } from './key.js'
import { Pages } from './pages.js'
import { HASH, NEXT, type Rows } from './rows.js'

const FIRST = 16

/** Finds rows by key. Rows in chains are counted from 1. */
export class KeyIndex {
  readonly #rows: Rows
  readonly #keyWords: number
  /** One word a bucket: the first row of its chain. */
  readonly #heads = new Pages(1, 2 ** 31)
  #buckets = FIRST
  /** The power of two up to which buckets have been split already. */
  #level = FIRST
  #size = 0

  constructor(rows: Rows, keyWords: number) {
    this.#rows = rows
    this.#keyWords = keyWords
    this.#heads.reach(0)
  }

  get size(): number {
    return this.#size
  }

  /** The row that has the key; -1 when none has. */
  find(key: TableKey): number {
    const bucket = this.#bucketOf(key.hash)
    const rows = this.#rows
    const { hash } = key
    let row = this.#heads.words(bucket)[this.#heads.at(bucket)]! - 1
    while (row !== -1) {
      const words = rows.words(row)
      const at = rows.at(row)
      if (words[at + HASH] === hash && this.#has(row, key)) return row
      row = words[at + NEXT]! - 1
    }
    return -1
  }

  /** Puts a row in that has a key which no other has. */
  add(row: number, key: TableKey): void {
    const rows = this.#rows
    rows.words(row)[rows.at(row) + HASH] = key.hash
    if (this.#keyWords === 0) rows.setKeyText(row, ownCopy(key.text))
    else {
      rows.setKeyWord(row, 0, key.a)
      if (this.#keyWords === 4) {
        rows.setKeyWord(row, 1, key.b)
        rows.setKeyWord(row, 2, key.c)
        rows.setKeyWord(row, 3, key.d)
      }
    }
    this.#link(row, key.hash)
    // Half full at most: each row that is looked at and is not the one costs as much as all the rest.
    if (++this.#size * 2 > this.#buckets) this.#split()
    if (this.#size * 2 > this.#buckets) this.#split()
  }

  /** Takes a row out that is in. */
  remove(row: number): void {
    const rows = this.#rows
    const words = rows.words(row)
    const at = rows.at(row)
    const bucket = this.#bucketOf(words[at + HASH]!)
    const next = words[at + NEXT]!
    const heads = this.#heads.words(bucket)
    const head = this.#heads.at(bucket)
    let before = heads[head]! - 1
    if (before === row) heads[head] = next
    else {
      while (rows.words(before)[rows.at(before) + NEXT]! - 1 !== row)
        before = rows.words(before)[rows.at(before) + NEXT]! - 1
      rows.words(before)[rows.at(before) + NEXT] = next
    }
    this.#size--
  }

  /** For when nothing is in. */
  reset(): void {
    this.#heads.clear()
    this.#heads.reach(0)
    this.#buckets = FIRST
    this.#level = FIRST
    this.#size = 0
  }

  #bucketOf(hash: number): number {
    const bucket = hash & (2 * this.#level - 1)
    return bucket < this.#buckets ? bucket : bucket & (this.#level - 1)
  }

  #link(row: number, hash: number): void {
    const bucket = this.#bucketOf(hash)
    const heads = this.#heads.words(bucket)
    const head = this.#heads.at(bucket)
    this.#rows.words(row)[this.#rows.at(row) + NEXT] = heads[head]!
    heads[head] = row + 1
  }

  /** One bucket more: what of the one that it stands behind belongs into it moves over. */
  #split(): void {
    const from = this.#buckets - this.#level
    this.#heads.reach(this.#buckets++)
    const heads = this.#heads.words(from)
    const head = this.#heads.at(from)
    let row = heads[head]! - 1
    heads[head] = 0
    while (row !== -1) {
      const words = this.#rows.words(row)
      const at = this.#rows.at(row)
      const next = words[at + NEXT]! - 1
      this.#link(row, words[at + HASH]!)
      row = next
    }
    if (this.#buckets === 2 * this.#level) this.#level = this.#buckets
  }

  #has(row: number, key: TableKey): boolean {
    const rows = this.#rows
    if (this.#keyWords === 0) return rows.keyText(row) === key.text
    if (rows.keyWord(row, 0) !== key.a) return false
    if (this.#keyWords === 1) return true
    return rows.keyWord(row, 1) === key.b && rows.keyWord(row, 2) === key.c && rows.keyWord(row, 3) === key.d
  }
}

/** A part of a text would keep all of it in memory: the head of a request for one of its fields. */
function ownCopy(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}
