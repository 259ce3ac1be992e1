/** In which order entries were last changed here: what those ask who pass changes on to others. */

/** Entries of a segment. */
const LENGTH = 1024
/** One with fewer left joins the next, where there is room. */
const FEW = LENGTH / 4
const SHIFT = 10
const MASK = LENGTH - 1

/** A stretch of the log: numbers that grow, and the rows that had them. Those that have another number by now are passed over. */
class Segment {
  readonly numbers = new Float64Array(LENGTH)
  readonly rows = new Int32Array(LENGTH)
  used = 0
  live = 0
}

/**
 * Every row has the number of its last change; numbers only grow, so that whoever lags, however far, misses nothing. What nobody has read since its last change
 * keeps its place. It takes as much room as there are rows in it, whatever has changed how often.
 */
export class UpdateLog {
  readonly #segments: Segment[] = []
  /** The number of each row, by pages; 0 for none. */
  readonly #numbers: Float64Array[] = []
  readonly #listeners = new Set<() => void>()
  #last = 0
  #read = 0

  /** The number of the latest change; 0 before the first. */
  get last(): number {
    return this.#last
  }

  /** The number of a row's last change; -1 when it has had none. */
  idOf(row: number): number {
    const number = this.#numberOf(row)
    return number === 0 ? -1 : number
  }

  /** The row whose last change came first after that with a number, which counts as read then; -1 when there is none. */
  after(number: number): number {
    const segments = this.#segments
    for (let at = Math.max(0, this.#segmentOf(number)); at < segments.length; at++) {
      const { numbers, rows, used } = segments[at]!
      for (let i = numbers[0]! > number ? 0 : firstAfter(numbers, used, number); i < used; i++) {
        const row = rows[i]!
        if (this.#numberOf(row) !== numbers[i]) continue
        if (numbers[i]! > this.#read) this.#read = numbers[i]!
        return row
      }
    }
    return -1
  }

  /** Somebody reads all rows without asking in which order they changed: what changes from now on gets a new number, whatever it had. */
  readAll(): void {
    this.#read = this.#last
  }

  /**
   * Has somebody told of the first change that nobody has read yet, and of those behind it; what changes again before it is read is not told of again.
   * @returns what ends it
   */
  listen(changed: () => void): () => void {
    this.#listeners.add(changed)
    return () => void this.#listeners.delete(changed)
  }

  /** A row has changed. */
  mark(row: number): void {
    const before = this.#numberOf(row)
    if (before > this.#read) return
    this.drop(row)
    const number = ++this.#last
    this.#page(row)[row & MASK] = number
    let segment = this.#segments.at(-1)
    if (segment === undefined || segment.used === LENGTH) {
      segment = new Segment()
      this.#segments.push(segment)
    }
    segment.numbers[segment.used] = number
    segment.rows[segment.used++] = row
    segment.live++
    for (const changed of this.#listeners) changed()
  }

  /** A row is no more. */
  drop(row: number): void {
    const number = this.#numberOf(row)
    if (number === 0) return
    this.#numbers[row >>> SHIFT]![row & MASK] = 0
    this.#leave(number)
  }

  #numberOf(row: number): number {
    return this.#numbers[row >>> SHIFT]?.[row & MASK] ?? 0
  }

  #page(row: number): Float64Array {
    const page = row >>> SHIFT
    while (this.#numbers.length <= page) this.#numbers.push(new Float64Array(LENGTH))
    return this.#numbers[page]!
  }

  /** The last segment that does not begin behind a number; -1 when all do. */
  #segmentOf(number: number): number {
    let low = 0
    let high = this.#segments.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#segments[middle]!.numbers[0]! <= number) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  #leave(number: number): void {
    const at = this.#segmentOf(number)
    const segment = this.#segments[at]!
    segment.live--
    // The last one is still written to.
    if (segment.live > FEW || at === this.#segments.length - 1) return
    if (segment.live === 0) this.#segments.splice(at, 1)
    else this.#join(at)
  }

  #join(at: number): void {
    const [first, second] = [this.#segments[at]!, this.#segments[at + 1]!]
    if (first.live + second.live > LENGTH / 2) return
    const joined = new Segment()
    for (const { numbers, rows, used } of [first, second]) {
      for (let i = 0; i < used; i++) {
        const row = rows[i]!
        if (this.#numberOf(row) !== numbers[i]) continue
        joined.numbers[joined.used] = numbers[i]!
        joined.rows[joined.used++] = row
      }
    }
    joined.live = joined.used
    if (joined.live === 0) this.#segments.splice(at, 2)
    else this.#segments.splice(at, 2, joined)
  }
}

function firstAfter(numbers: Float64Array, used: number, number: number): number {
  let low = 0
  let high = used
  while (low < high) {
    const middle = (low + high) >>> 1
    if (numbers[middle]! <= number) low = middle + 1
    else high = middle
  }
  return low
}
