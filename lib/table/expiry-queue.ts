/**
 * In which order rows are forgotten: a ring of short spans of time, each with a list of rows that expire within it, or later: what is used again stays in its list until
 * that one's turn comes, so that using it costs nothing here. Every step takes the same time, whatever expires when. The lists run through the rows themselves.
 */
import { EARLIER, LATER, type Rows } from './rows.js'

/** Spans in the ring. */
const SPANS = 256
/** Rows that are compared where their order is not known. */
const FEW = 8
/** Rows that were used again and are put to their place at most, before one that is good enough is taken. */
const MOVED = 64
/** The list of what is over, behind those of the ring. */
const DUE = SPANS

/** What a look at the front of the queue has found, where that is no row: none that is over; one that has been used again, and has its place now. */
export const NONE = -1
export const USED = -2

/** The span in which the first row is, where there is none. */
const NEVER = Number.POSITIVE_INFINITY

/**
 * The order is exact to 1/254 of the longest time that a row stays, and where nothing expires; within a span, rows stand as they came, since moving one costs
 * more than all else that is done with it. Where more than a few at the front were used again, it is the one of them that was used longest ago. Links are rows counted
 * from 1; a negative one is the end of the list with the number ~link; 0 is a row in no list.
 */
export class ExpiryQueue {
  readonly #rows: Rows
  /** Milliseconds of a span; Infinity where nothing expires. */
  readonly #grain: number
  readonly #endless: boolean
  readonly #heads = new Int32Array(SPANS + 1)
  readonly #tails = new Int32Array(SPANS + 1)
  /** Spans are counted from the beginning of time. Those before this one are over. */
  #passed = 0
  /** No span before this one has rows. */
  #first = 0

  /** @param expire the longest time that a row stays */
  constructor(rows: Rows, expire: number) {
    this.#rows = rows
    this.#endless = expire === Number.POSITIVE_INFINITY
    this.#grain = this.#endless ? expire : Math.max(1, Math.ceil(expire / (SPANS - 2)))
  }

  /** Puts a row at the place of its expiry, from where it may have been before. It must not be later than `now` and the longest time. */
  place(row: number, expires: number, now: number): void {
    const span = this.#spanOf(expires)
    if (span >= this.#passed + SPANS) this.#pass(now)
    const list = span < this.#passed ? DUE : span % SPANS
    const link = this.#rows.words(row)[this.#rows.at(row) + LATER]!
    if (link === ~list) return
    if (link !== 0) this.remove(row)
    if (span < this.#first) this.#first = Math.max(span, this.#passed)
    this.#append(row, list)
  }

  has(row: number): boolean {
    return this.#rows.words(row)[this.#rows.at(row) + LATER] !== 0
  }

  /** Takes a row out, if it is in. */
  remove(row: number): void {
    const words = this.#rows.words(row)
    const at = this.#rows.at(row)
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
  oldest(now: number): number {
    this.#pass(now)
    let oldest = NONE
    for (let moved = 0; moved < MOVED; moved++) {
      const span = this.#front()
      if (span === NEVER) return NONE
      const head = this.#headOf(span)
      if (!this.#isUsed(head, span)) return this.#endless ? head : this.#firstOf(head)
      this.place(head, this.#rows.expires(head), now)
      if (oldest === NONE || this.#rows.expires(head) < this.#rows.expires(oldest)) oldest = head
    }
    return oldest
  }

  /** Looks at the front: a row that is over at `now`, {@link NONE}, or {@link USED}. */
  look(now: number): number {
    this.#pass(now)
    const span = this.#front()
    if (span === NEVER || this.#endless || span > this.#spanOf(now)) return NONE
    const head = this.#headOf(span)
    if (this.#isUsed(head, span)) {
      this.place(head, this.#rows.expires(head), now)
      return USED
    }
    const row = span < this.#passed ? head : this.#firstOf(head)
    return this.#rows.expires(row) <= now ? row : NONE
  }

  /** When to look again: not later than the next row is over; Infinity when none is in. */
  get next(): number {
    const span = this.#front()
    if (span === NEVER) return Number.POSITIVE_INFINITY
    const head = this.#headOf(span)
    return this.#isUsed(head, span) ? span * this.#grain : this.#rows.expires(this.#firstOf(head))
  }

  /** The first span that has rows; one that is over for what is due. */
  #front(): number {
    if (this.#heads[DUE] !== 0) return this.#passed - 1
    const end = this.#passed + SPANS
    for (let span = Math.max(this.#first, this.#passed); span < end; span++) {
      if (this.#heads[span % SPANS] === 0) continue
      this.#first = span
      return span
    }
    this.#first = end
    return NEVER
  }

  #headOf(span: number): number {
    return this.#heads[span < this.#passed ? DUE : span % SPANS]! - 1
  }

  /** It belongs behind the span in whose list it stands. */
  #isUsed(row: number, span: number): boolean {
    return !this.#endless && this.#spanOf(this.#rows.expires(row)) > span
  }

  /** The one of the first few of a list that expires first. */
  #firstOf(head: number): number {
    let first = head
    let row = head
    for (let i = 1; i < FEW; i++) {
      const link = this.#rows.words(row)[this.#rows.at(row) + LATER]!
      if (link <= 0) break
      row = link - 1
      if (this.#rows.expires(row) < this.#rows.expires(first)) first = row
    }
    return first
  }

  /** All rows, those first that expire first, but for those that were used again. They may be removed while they are looked at, one that was given is. */
  *[Symbol.iterator](): Generator<number> {
    yield* this.#list(DUE)
    for (let span = this.#passed; span < this.#passed + SPANS; span++) yield* this.#list(span % SPANS)
  }

  *#list(list: number): Generator<number> {
    let link = this.#heads[list]!
    while (link > 0) {
      const row = link - 1
      link = this.#rows.words(row)[this.#rows.at(row) + LATER]!
      yield row
    }
  }

  #spanOf(expires: number): number {
    return this.#endless ? 0 : Math.floor(expires / this.#grain)
  }

  /** Moves the lists of spans that are over behind those that were so before. */
  #pass(now: number): void {
    const present = this.#spanOf(now)
    if (this.#endless || present <= this.#passed) return
    const end = Math.min(present, this.#passed + SPANS)
    for (let span = Math.max(this.#first, this.#passed); span < end; span++) this.#moveToDue(span % SPANS)
    this.#passed = present
    this.#first = Math.max(this.#first, present)
  }

  #moveToDue(list: number): void {
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
    const words = this.#rows.words(row)
    const at = this.#rows.at(row)
    const last = this.#tails[list]!
    words[at + LATER] = ~list
    words[at + EARLIER] = last === 0 ? ~list : last
    if (last === 0) this.#heads[list] = row + 1
    else this.#link(last, LATER, row + 1)
    this.#tails[list] = row + 1
  }

  /** Writes a link of the row that another link points to. */
  #link(link: number, side: number, value: number): void {
    this.#rows.words(link - 1)[this.#rows.at(link - 1) + side] = value
  }

  /** Forgets which rows are in. */
  reset(): void {
    this.#heads.fill(0)
    this.#tails.fill(0)
  }
}
