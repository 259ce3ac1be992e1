/** Stretches of a ring in which nobody may carry more, which a search for somebody who may passes over at once. */
import type { Candidate } from './algorithm.js'
import type { BitTree } from './bit-tree.js'

/** Places in a stretch, and stretches in a longer one: a power of two. */
const BITS = 5
const LENGTH = 1 << BITS
/** Spans of allowances for which notes are kept at a time, so that a load that goes up and down finds what it noted: a power of two. */
const SPANS = 8
const NONE = -1

/** What is asked of a ring. */
export interface Places<T> {
  readonly servers: readonly T[]
  /** Of each place, its server's index. */
  readonly owners: Uint32Array
  /** Places that are somebody's now. */
  readonly live: BitTree
}

/** What is asked of a bound on loads. Whom it allows goes by one number, which the loads of all make: 32 such numbers in a row are a span. */
export interface Bound<T> {
  readonly places: number
  /** Nobody who carries so much for its weight is allowed more. */
  readonly most: number
  /** Whether a server would be allowed more at each number of a span, the lowest in the lowest bit. */
  allowances(server: T, span: number): number
}

/** Stretches of the same length: what is known of each. */
class Level {
  /** How many they are. */
  readonly size: number
  /** Nobody there carries less for its weight. */
  readonly least: Float64Array
  /** Of each stretch, for each span: at which of its numbers somebody may be allowed more. */
  readonly allowances: Int32Array
  /** When that was noted. */
  readonly noted: Uint32Array

  constructor(size: number) {
    this.size = size
    this.least = new Float64Array(size)
    this.allowances = new Int32Array(size * SPANS)
    this.noted = new Uint32Array(size * SPANS)
  }
}

/**
 * The stretches of one layout of a ring. What a stretch carries is noted by a search that went through it in vain. When one of its servers carries less, that is added;
 * when one carries more, the note allows too much, until a search goes through it in vain again.
 */
export class Stretches<T extends Candidate> {
  readonly #places: Places<T>
  readonly #bound: Bound<T>
  readonly #levels: readonly Level[]
  /** Which spans the notes are for, and the notes of which time count. */
  readonly #spans = new Float64Array(SPANS).fill(NONE)
  readonly #since = new Uint32Array(SPANS).fill(1)
  /** Of each server, its place that was listed last, and of each place, the one that was listed before it: one in each stretch that has a note. */
  readonly #last: Int32Array
  readonly #before: Int32Array
  readonly #listed: Uint8Array
  /** What is looked for: where the notes of its span are, and the bit of its number. */
  #most = 0
  #span = 0
  #bit = 0
  /** What was counted of the stretch that is looked at. */
  #least = 0
  #all = 0
  /** Of each server, for each span: what it is allowed, and when that was noted. */
  readonly #allowed: Int32Array
  readonly #noted: Uint32Array

  constructor(places: Places<T>, bound: Bound<T>) {
    this.#places = places
    this.#bound = bound
    const { length } = places.owners
    const levels = [new Level(Math.ceil(length / LENGTH))]
    for (let { size } = levels[0]!; size > 1; size = levels.at(-1)!.size)
      levels.push(new Level(Math.ceil(size / LENGTH)))
    this.#levels = levels
    this.#last = new Int32Array(places.servers.length).fill(NONE)
    this.#before = new Int32Array(length)
    this.#listed = new Uint8Array(levels[0]!.size)
    this.#allowed = new Int32Array(places.servers.length * SPANS)
    this.#noted = new Uint32Array(places.servers.length * SPANS)
  }

  /** The first place from one on, around the ring, whose server is usable and may carry more; -1 without one. */
  find(from: number, usable: (server: T) => boolean): number {
    const { places, most } = this.#bound
    const span = Math.floor(places / 32)
    this.#most = most
    this.#bit = 1 << (places % 32)
    this.#span = span % SPANS
    if (this.#spans[this.#span] !== span) this.#renew(this.#span, span)
    const found = this.#between(from, this.#places.owners.length, usable)
    return found < 0 ? this.#between(0, from, usable) : found
  }

  #renew(at: number, span: number): void {
    this.#spans[at] = span
    this.#since[at]!++
  }

  #between(from: number, to: number, usable: (server: T) => boolean): number {
    let at = from
    while (at < to) {
      const next = this.#pass(at)
      if (next > at) {
        at = next
        continue
      }
      const end = Math.min((at | (LENGTH - 1)) + 1, to)
      const found = this.#search(at, end, usable)
      if (found >= 0) return found
      at = end
    }
    return NONE
  }

  /** Where the longest stretch around a place ends in which nobody may carry more; here when there is none. */
  #pass(at: number): number {
    const span = this.#span
    let next = at
    let stretch = at
    let length = 1
    for (const { least, allowances, noted } of this.#levels) {
      stretch >>>= BITS
      length *= LENGTH
      const note = stretch * SPANS + span
      const none = noted[note] === this.#since[span] && (allowances[note]! & this.#bit) === 0
      if (!none && least[stretch]! < this.#most) break
      next = (stretch + 1) * length
    }
    return next
  }

  /** The first place from one on, up to another one of the same stretch, that suits. Without one, notes what the whole stretch carries and may carry. */
  #search(from: number, to: number, usable: (server: T) => boolean): number {
    const { servers, owners } = this.#places
    this.#least = Number.POSITIVE_INFINITY
    this.#all = 0
    for (let at = from; at < to; at++)
      if ((this.#look(at) & this.#bit) !== 0 && usable(servers[owners[at]!]!)) return at
    const stretch = from >>> BITS
    const end = Math.min((stretch + 1) * LENGTH, owners.length)
    for (let at = stretch * LENGTH; at < from; at++) this.#look(at)
    for (let at = to; at < end; at++) this.#look(at)
    this.#list(stretch, end)
    this.#set(this.#levels[0]!, stretch, this.#least, this.#all)
    this.#sumUp(stretch)
    return NONE
  }

  /** What is allowed at a place, which is counted in. */
  #look(at: number): number {
    const { servers, owners, live } = this.#places
    if (!live.has(at)) return 0
    const owner = owners[at]!
    const allowances = this.#allowances(owner, this.#span)
    this.#least = Math.min(this.#least, carried(servers[owner]!))
    this.#all |= allowances
    return allowances
  }

  /** What a server is allowed in a span. */
  #allowances(server: number, span: number): number {
    const note = server * SPANS + span
    if (this.#noted[note] !== this.#since[span]) {
      this.#noted[note] = this.#since[span]!
      this.#allowed[note] = this.#bound.allowances(this.#places.servers[server]!, this.#spans[span]!)
    }
    return this.#allowed[note]!
  }

  #set(level: Level, stretch: number, least: number, allowances: number): void {
    const note = stretch * SPANS + this.#span
    level.least[stretch] = least
    level.allowances[note] = allowances
    level.noted[note] = this.#since[this.#span]!
  }

  /** Notes of the stretches around one what is known of those that they consist of. */
  #sumUp(from: number): void {
    const span = this.#span
    let stretch = from
    for (let index = 1; index < this.#levels.length; index++) {
      const { size, least, allowances, noted } = this.#levels[index - 1]!
      stretch >>>= BITS
      let lowest = Number.POSITIVE_INFINITY
      let all = 0
      const end = Math.min((stretch + 1) * LENGTH, size)
      for (let at = stretch * LENGTH; at < end; at++) {
        const note = at * SPANS + span
        lowest = Math.min(lowest, least[at]!)
        all |= noted[note] === this.#since[span] ? allowances[note]! : -1
      }
      this.#set(this.#levels[index]!, stretch, lowest, all)
    }
  }

  /** Lists a stretch with those who have places in it. */
  #list(stretch: number, end: number): void {
    if (this.#listed[stretch] === 1) return
    this.#listed[stretch] = 1
    for (let at = stretch * LENGTH; at < end; at++) {
      const owner = this.#places.owners[at]!
      const last = this.#last[owner]!
      if (last !== NONE && last >>> BITS === stretch) continue
      this.#before[at] = last
      this.#last[owner] = at
    }
  }

  /** A server carries more or less, or has come back. @param less whether it carries less than before */
  changed(server: number, less: boolean): void {
    this.#noted.fill(0, server * SPANS, (server + 1) * SPANS)
    if (!less) return
    for (let at = this.#last[server]!; at !== NONE; at = this.#before[at]!) this.#add(at, server)
  }

  /** Adds what one server carries and is allowed to the stretches around one of its places. */
  #add(place: number, server: number): void {
    const carries = carried(this.#places.servers[server]!)
    let stretch = place
    for (const level of this.#levels) {
      stretch >>>= BITS
      // The longer ones know of it.
      if (!this.#allow(level, stretch, server) && level.least[stretch]! <= carries) return
      level.least[stretch] = Math.min(level.least[stretch]!, carries)
    }
  }

  /** @returns whether that was not known of a stretch that has a note */
  #allow({ allowances, noted }: Level, stretch: number, server: number): boolean {
    let more = false
    for (let span = 0; span < SPANS; span++) {
      const note = stretch * SPANS + span
      if (noted[note] !== this.#since[span]) continue
      const all = allowances[note]! | this.#allowances(server, span)
      more ||= all !== allowances[note]
      allowances[note] = all
    }
    return more
  }

  /** The bound deals out otherwise: what was noted for its numbers counts no more. */
  rearrange(): void {
    for (let at = 0; at < SPANS; at++) this.#renew(at, NONE)
  }
}

const carried = ({ active, effectiveWeight }: Candidate): number => active / effectiveWeight
