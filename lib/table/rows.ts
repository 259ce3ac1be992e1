/**
 * Where entries live: rows of words, all words of one entry side by side, those by which it is found and forgotten among them: whoever has come that far has
 * the rest at hand. Which key is in which row, and how long it stays, is the business of those who link them.
 */
import type { Counted, DataKind } from './data-type.js'
import { Dictionary } from './dictionary.js'
import type { Field } from './field.js'
import { Pages } from './pages.js'
import { addRate, estimateRate, RATE_WORDS, type RateState, rateState, readRate, setRate } from './rate-cell.js'

/** Where things stand in a row, in words of 32 bits. */
export const HASH = 0
export const NEXT = 1
/** In doubles. */
export const EXPIRES = 1
export const USERS = 4
export const GENERATION = 5
/** Its neighbours in the order of expiry. */
export const LATER = 6
export const EARLIER = 7
const KEY = 8

/** Texts of a page. */
const SHIFT = 10
const MASK = (1 << SHIFT) - 1

/** Whoever knows what other nodes have counted for the key of a row, and adds it up. */
export interface Others {
  read(row: number, field: number, now: number, element: number): number
}

const wordsOf = ({ type, length }: Field): number =>
  length * (type.kind === 'rate' ? RATE_WORDS : type.kind === 'wide' ? 2 : 1)

/** Where a field stands in a row, with what of it must be known to count. */
interface Slot {
  readonly kind: DataKind
  readonly offset: number
  readonly period: number
}

function countingSlots(fields: readonly Field[], slots: readonly Slot[]): ReadonlyMap<Counted, readonly Slot[]> {
  const lists = new Map<Counted, Slot[]>()
  fields.forEach(({ type: { counts } }, index) => {
    if (counts === undefined || counts === 'general') return
    const list = lists.get(counts)
    if (list === undefined) lists.set(counts, [slots[index]!])
    else list.push(slots[index]!)
  })
  return lists
}

/** A row's number is for whoever took it, until it is given back. */
export class Rows {
  readonly fields: readonly Field[]
  readonly texts = new Dictionary()
  /** The field that says how many are there now; -1 without one. HAProxy: `conn_cur`. */
  readonly concurrent: number
  /** Others who count as well. */
  others: Others | undefined = undefined
  readonly #keyWords: number
  readonly #slots: readonly Slot[]
  readonly #bytesFactor: number
  /** The fields that count something, by what it is. */
  readonly #counting: ReadonlyMap<Counted, readonly Slot[]>
  readonly #pages: Pages
  /** Those keys that are none of numbers. */
  readonly #keys: (string | undefined)[][] = []
  #used = 0
  #free = -1
  #generation = 0

  /**
   * @param keyWords words that a key takes; 0 for texts
   * @param most rows that there will be
   * @param bytesFactor bytes that a rate of bytes counts as one
   */
  constructor(fields: readonly Field[], keyWords: number, most: number, bytesFactor = 1) {
    this.fields = fields
    this.#bytesFactor = bytesFactor
    this.concurrent = this.field('conn_cur')
    this.#keyWords = keyWords
    let at = KEY + keyWords
    this.#slots = fields.map((field) => {
      const offset = at
      at += wordsOf(field)
      return { kind: field.type.kind, offset, period: field.period }
    })
    this.#counting = countingSlots(fields, this.#slots)
    this.#pages = new Pages(at + (at & 1), most)
  }

  /** Gives no row a generation that it had among others. */
  follow(others: Rows): void {
    this.#generation = others.#generation
  }

  /** Rows that have ever been taken since the last {@link reset}: their numbers are smaller. */
  get used(): number {
    return this.#used
  }

  /** A row that nobody has, with nothing in it. */
  take(): number {
    let row = this.#free
    if (row === -1) {
      row = this.#used++
      this.#pages.reach(row)
    } else this.#clean(row)
    const words = this.words(row)
    const at = this.at(row)
    this.#generation = (this.#generation + 1) | 0 || 1
    words[at + GENERATION] = this.#generation
    return row
  }

  #clean(row: number): void {
    const words = this.words(row)
    const at = this.at(row)
    this.#free = words[at + NEXT]! - 1
    for (let end = at + this.#pages.stride, word = at; word < end; word++) words[word] = 0
  }

  /** Gives it back. */
  give(row: number): void {
    for (let field = 0; field < this.fields.length; field++) {
      if (this.fields[field]!.type.kind === 'text') this.writeText(row, field, undefined)
    }
    const words = this.words(row)
    const at = this.at(row)
    words[at + GENERATION] = 0
    words[at + NEXT] = this.#free + 1
    if (this.#keyWords === 0) this.#keys[row >>> SHIFT]![row & MASK] = undefined
    this.#free = row
  }

  /** Takes back all rows, and lets go of their pages. */
  reset(): void {
    this.#pages.clear()
    this.#keys.length = 0
    this.texts.clear()
    this.#used = 0
    this.#free = -1
  }

  /** The words of a row, and of others: until another row is taken. */
  words(row: number): Int32Array {
    return this.#pages.words(row)
  }

  /** The same as doubles. */
  doubles(row: number): Float64Array {
    return this.#pages.doubles(row)
  }

  /** Where a row begins among its words. */
  at(row: number): number {
    return this.#pages.at(row)
  }

  /** 0 when nobody has the row. */
  generation(row: number): number {
    return this.words(row)[this.at(row) + GENERATION]!
  }

  users(row: number): number {
    return this.words(row)[this.at(row) + USERS]!
  }

  expires(row: number): number {
    return this.doubles(row)[(this.at(row) >>> 1) + EXPIRES]!
  }

  setExpires(row: number, expires: number): void {
    this.doubles(row)[(this.at(row) >>> 1) + EXPIRES] = expires
  }

  /** A word of a key. */
  keyWord(row: number, index: number): number {
    return this.words(row)[this.at(row) + KEY + index]!
  }

  setKeyWord(row: number, index: number, word: number): void {
    this.words(row)[this.at(row) + KEY + index] = word
  }

  keyText(row: number): string {
    return this.#keys[row >>> SHIFT]?.[row & MASK] ?? ''
  }

  setKeyText(row: number, text: string): void {
    const page = row >>> SHIFT
    while (this.#keys.length <= page) this.#keys.push(new Array<string | undefined>(MASK + 1).fill(undefined))
    this.#keys[page]![row & MASK] = text
  }

  #place(row: number, field: number, element: number, width: number): number {
    return this.at(row) + this.#slots[field]!.offset + element * width
  }

  /** What a field says: with what others have counted, where they count together. */
  read(row: number, field: number, now: number, element: number): number {
    return this.others === undefined ? this.own(row, field, now, element) : this.others.read(row, field, now, element)
  }

  /** As {@link own}, with the fraction of a rate. */
  estimate(row: number, field: number, now: number, element: number): number {
    const { type, period, length } = this.fields[field]!
    if (type.kind !== 'rate' || element >= length) return this.own(row, field, now, element)
    return estimateRate(this.words(row), this.#place(row, field, element, RATE_WORDS), now, period)
  }

  /** What this node has counted. */
  own(row: number, field: number, now: number, element: number): number {
    const { type, period, length } = this.fields[field]!
    if (element >= length || type.kind === 'text') return 0
    const words = this.words(row)
    switch (type.kind) {
      case 'rate':
        return readRate(words, this.#place(row, field, element, RATE_WORDS), now, period)
      case 'wide': {
        const at = this.#place(row, field, element, 2)
        return (words[at + 1]! >>> 0) * 2 ** 32 + (words[at]! >>> 0)
      }
      case 'signed':
        return words[this.#place(row, field, element, 1)]!
      default:
        return words[this.#place(row, field, element, 1)]! >>> 0
    }
  }

  /** All 64 bits of what has so many. */
  readWide(row: number, field: number): bigint {
    const words = this.words(row)
    const at = this.#place(row, field, 0, 2)
    return (BigInt(words[at + 1]! >>> 0) << 32n) | BigInt(words[at]! >>> 0)
  }

  /** Of a rate: it is counted anew, as if all of it had happened now. */
  write(row: number, field: number, value: number | bigint, now: number, element: number): void {
    const { type, length } = this.fields[field]!
    if (element >= length || type.kind === 'text') return
    const words = this.words(row)
    if (type.kind === 'rate') {
      const at = this.#place(row, field, element, RATE_WORDS)
      setRate(words, at, { age: 0, present: Number(value), before: 0 }, now)
      return
    }
    if (type.kind !== 'wide') {
      words[this.#place(row, field, element, 1)] = Number(value)
      return
    }
    const at = this.#place(row, field, element, 2)
    const wide = BigInt.asUintN(64, BigInt(value))
    words[at] = Number(wide & 0xffffffffn)
    words[at + 1] = Number(wide >> 32n)
  }

  /** Of whole amounts below 2³². */
  add(row: number, field: number, amount: number, now: number, element: number): void {
    const { type, length } = this.fields[field]!
    if (element >= length) return
    const width = type.kind === 'rate' ? RATE_WORDS : 1
    addAt(this.words(row), this.#place(row, field, element, width), amount, now, this.#slots[field]!)
  }

  /** Adds to every field that counts this by itself; `false` when there is none. */
  count(row: number, what: Counted, amount: number, now: number): boolean {
    const counting = this.#counting.get(what)
    if (counting === undefined) return false
    const blocks = what === 'bytesIn' || what === 'bytesOut' ? Math.ceil(amount / this.#bytesFactor) : amount
    const words = this.words(row)
    const at = this.at(row)
    for (let i = 0; i < counting.length; i++) {
      const slot = counting[i]!
      addAt(words, at + slot.offset, slot.kind === 'rate' ? blocks : amount, now, slot)
    }
    return true
  }

  /** The number of the first field of a data type, by HAProxy's name; -1 without one. */
  field(type: string): number {
    return this.fields.findIndex((field) => field.type.name === type)
  }

  rateState(row: number, field: number, now: number, element: number): RateState {
    return rateState(this.words(row), this.#place(row, field, element, RATE_WORDS), now)
  }

  setRate(row: number, field: number, state: RateState, now: number, element: number): void {
    setRate(this.words(row), this.#place(row, field, element, RATE_WORDS), state, now)
  }

  readText(row: number, field: number): string | undefined {
    return this.texts.text(this.words(row)[this.#place(row, field, 0, 1)]!)
  }

  writeText(row: number, field: number, text: string | undefined): void {
    const words = this.words(row)
    const at = this.#place(row, field, 0, 1)
    const before = words[at]!
    words[at] = text === undefined ? 0 : this.texts.take(text)
    this.texts.give(before)
  }

  /** Copies all that is remembered, but no key, expiry or use, to a row of others with the same fields. */
  copyValues(row: number, to: Rows, target: number): void {
    const from = this.at(row) + KEY + this.#keyWords
    const words = to.words(target)
    words.set(this.words(row).subarray(from, this.at(row) + this.#pages.stride), to.at(target) + KEY + to.#keyWords)
    this.fields.forEach(({ type }, field) => {
      if (type.kind !== 'text') return
      words[to.#place(target, field, 0, 1)] = 0
      to.writeText(target, field, this.readText(row, field))
    })
  }
}

function addAt(words: Int32Array, at: number, amount: number, now: number, { kind, period }: Slot): void {
  if (kind === 'rate') addRate(words, at, amount, now, period)
  else if (kind === 'wide') {
    const low = (words[at]! >>> 0) + amount
    words[at] = low
    words[at + 1] = words[at + 1]! + Math.floor(low / 2 ** 32)
  } else if (kind !== 'text') words[at] = words[at]! + amount
}
