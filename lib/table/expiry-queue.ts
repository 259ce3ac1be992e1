/**
 * In which order rows are forgotten: a ring of short spans of time, each with a list of the rows that expire within it, in the order in which they came.
 * Every step takes the same time, whatever expires when. The lists have pages of their own: neighbours
 * in a list are anywhere, and less memory is nearer.
 */
import type { Rows } from './rows.js'

/** Spans in the ring. */
const SPANS = 256
/** Rows that are compared where their order is not known. */
const FEW = 8
/** Where the links of a row stand: those that point to the end, and to the beginning. */
const LATER = 0
const EARLIER = 1
const SHIFT = 10
const MASK = (1 << SHIFT) - 1
/** The list of what is over, behind those of the ring. */
const DUE = SPANS

/**
 * The order is exact to 1/254 of the longest time that a row stays, and where nothing expires; within a span, rows stand as they came, since moving one costs
 * more than all else that is done with it. Links are rows counted from 1; a negative one is the end of the list with the number ~link; 0 is a row in no list.
 */
export class ExpiryQueue {
  readonly #rows: Rows
  /** Milliseconds of a span; Infinity where nothing expires. */
  readonly #grain: number
  readonly #heads = new Int32Array(SPANS + 1)
  readonly #tails = new Int32Array(SPANS + 1)
  /** Spans in which rows have stayed where they were, though they expire later than that says. */
  readonly #stirred = new Uint8Array(SPANS)
  /** Two links a row. */
  readonly #links: Int32Array[] = []
  /** Spans are counted from the beginning of time. Those before this one are over. */
  #passed = 0
  /** No span before this one has rows. */
  #first = 0

  /** @param expire the longest time that a row stays */
  constructor(rows: Rows, expire: number) {
    this.#rows = rows
    this.#grain = expire === Number.POSITIVE_INFINITY ? expire : Math.max(1, Math.ceil(expire / (SPANS - 2)))
  }

  /** Puts a row at the place of its expiry, from where it may have been before. It must not be later than `now` and the longest time. */
  place(row: number, expires: number, now: number): void {
    const span = this.#spanOf(expires)
    if (span >= this.#passed + SPANS) this.#pass(now)
    const list = span < this.#passed ? DUE : span % SPANS
    const link = this.#page(row)[(row & MASK) * 2 + LATER]!
    if (link === ~list) return
    if (link !== 0) this.remove(row)
    if (span < this.#first) this.#first = Math.max(span, this.#passed)
    this.#append(row, list)
  }

  has(row: number): boolean {
    return this.#page(row)[(row & MASK) * 2 + LATER] !== 0
  }

  /** Its expiry has changed from another one: within a span, it stays where it is. */
  move(row: number, before: number, expires: number, now: number): void {
    const span = this.#spanOf(expires)
    if (this.#grain === Number.POSITIVE_INFINITY || span !== this.#spanOf(before) || span < this.#passed) {
      this.place(row, expires, now)
    } else this.#stirred[span % SPANS] = 1
  }

  /** Takes a row out, if it is in. */
  remove(row: number): void {
    const words = this.#page(row)
    const at = (row & MASK) * 2
    const later = words[at + LATER]!
    const earlier = words[at + EARLIER]!
    if (later === 0) return
    if (later > 0) this.#link(later, EARLIER, earlier)
    else this.#tails[~later] = Math.max(earlier, 0)
    if (earlier > 0) this.#link(earlier, LATER, later)
    else this.#heads[~earlier] = Math.max(later, 0)
    words[at + LATER] = 0
    words[at + EARLIER] = 0
  }

  /** The row that expires first; -1 when none is in. */
  get oldest(): number {
    const due = this.#heads[DUE]!
    if (due !== 0) return due - 1
    const end = this.#passed + SPANS
    for (let span = Math.max(this.#first, this.#passed); span < end; span++) {
      const head = this.#heads[span % SPANS]!
      if (head === 0) continue
      this.#first = span
      return this.#stirred[span % SPANS] === 0 ? head - 1 : this.#firstOf(head)
    }
    this.#first = end
    return -1
  }

  /** The one of the first few of a list that expires first. */
  #firstOf(head: number): number {
    let first = head - 1
    let link = head
    for (let i = 1; i < FEW; i++) {
      const row = link - 1
      link = this.#page(row)[(row & MASK) * 2 + LATER]!
      if (link <= 0) break
      if (this.#rows.expires(link - 1) < this.#rows.expires(first)) first = link - 1
    }
    return first
  }

  /** A row that is over at `now`; -1 when there is none. */
  due(now: number): number {
    this.#pass(now)
    const row = this.oldest
    return row !== -1 && this.#rows.expires(row) <= now ? row : -1
  }

  /** All rows, those first that expire first. They may be removed while they are looked at, one that was given is. */
  *[Symbol.iterator](): Generator<number> {
    yield* this.#list(DUE)
    for (let span = this.#passed; span < this.#passed + SPANS; span++) yield* this.#list(span % SPANS)
  }

  *#list(list: number): Generator<number> {
    let link = this.#heads[list]!
    while (link > 0) {
      const row = link - 1
      link = this.#page(row)[(row & MASK) * 2 + LATER]!
      yield row
    }
  }

  #spanOf(expires: number): number {
    return this.#grain === Number.POSITIVE_INFINITY ? 0 : Math.floor(expires / this.#grain)
  }

  /** Moves the lists of spans that are over behind those that were so before. */
  #pass(now: number): void {
    const present = this.#spanOf(now)
    if (this.#grain === Number.POSITIVE_INFINITY || present <= this.#passed) return
    const end = Math.min(present, this.#passed + SPANS)
    for (let span = Math.max(this.#first, this.#passed); span < end; span++) this.#moveToDue(span % SPANS)
    this.#passed = present
    this.#first = Math.max(this.#first, present)
  }

  #moveToDue(list: number): void {
    this.#stirred[list] = 0
    const head = this.#heads[list]!
    if (head === 0) return
    const tail = this.#tails[list]!
    const last = this.#tails[DUE]!
    this.#link(head, EARLIER, last === 0 ? ~DUE : last)
    if (last === 0) this.#heads[DUE] = head
    else this.#link(last, LATER, head)
    this.#link(tail, LATER, ~DUE)
    this.#tails[DUE] = tail
    this.#heads[list] = 0
    this.#tails[list] = 0
  }

  #append(row: number, list: number): void {
    const words = this.#page(row)
    const at = (row & MASK) * 2
    const last = this.#tails[list]!
    words[at + LATER] = ~list
    words[at + EARLIER] = last === 0 ? ~list : last
    if (last === 0) this.#heads[list] = row + 1
    else this.#link(last, LATER, row + 1)
    this.#tails[list] = row + 1
  }

  /** Writes a link of the row that another link points to. */
  #link(link: number, side: number, value: number): void {
    const row = link - 1
    this.#page(row)[(row & MASK) * 2 + side] = value
  }

  #page(row: number): Int32Array {
    const page = row >>> SHIFT
    while (this.#links.length <= page) this.#links.push(new Int32Array(2 << SHIFT))
    return this.#links[page]!
  }

  /** Forgets which rows are in, and lets go of what it has grown to. */
  reset(): void {
    this.#links.length = 0
    this.#heads.fill(0)
    this.#tails.fill(0)
  }
}
