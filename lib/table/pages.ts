/** Where words of 32 bits are kept, so many for each row: in few pages, so that where a row is costs nothing to find out, and none takes long to make. */

/** Words of a page at most; of rows that are so long that few would fit, more. */
const WORDS = 2 ** 18
/** Rows of a page. */
const MOST_ROWS = 2 ** 19
const FEWEST_ROWS = 2 ** 8
/** Rows that the first page begins with. */
const FIRST = 16

/** Words of some rows, and the same as doubles. */
export class Page {
  words: Int32Array
  doubles: Float64Array

  constructor(length: number) {
    this.words = new Int32Array(length)
    this.doubles = new Float64Array(this.words.buffer)
  }

  /** Has room for so many words from now on. */
  grow(length: number): void {
    const larger = new Int32Array(length)
    larger.set(this.words)
    this.words = larger
    this.doubles = new Float64Array(larger.buffer)
  }
}

/** Rows are counted from 0, and words are 0 at first. What {@link words} gives is no longer it when a row was reached that was not there. */
export class Pages {
  /** Words of a row: an even number. */
  readonly stride: number
  readonly #most: number
  readonly #shift: number
  readonly #mask: number
  readonly #pages: Page[] = []
  #room = 0

  /** @param most rows that there will be */
  constructor(stride: number, most: number) {
    this.stride = stride
    this.#most = most
    const rows = Math.min(Math.max(WORDS / stride, FEWEST_ROWS), MOST_ROWS)
    this.#shift = 31 - Math.clz32(rows)
    this.#mask = (1 << this.#shift) - 1
  }

  /** Makes room up to a row that is there already, or the next one. */
  reach(row: number): void {
    if (row < this.#room) return
    const whole = this.#mask + 1
    // The first page begins small and doubles: most tables are.
    const size = row === 0 ? FIRST : row < whole ? 2 * row : whole
    const rows = Math.min(size, whole, this.#most - (row < whole ? 0 : row))
    const first = this.#pages[0]
    if (row < whole && first !== undefined) first.grow(rows * this.stride)
    else this.#pages.push(new Page(rows * this.stride))
    this.#room = (row < whole ? 0 : row) + rows
  }

  page(row: number): Page {
    return this.#pages[row >>> this.#shift]!
  }

  words(row: number): Int32Array {
    return this.#pages[row >>> this.#shift]!.words
  }

  doubles(row: number): Float64Array {
    return this.#pages[row >>> this.#shift]!.doubles
  }

  /** Where a row begins among its page's words. */
  at(row: number): number {
    return (row & this.#mask) * this.stride
  }

  /** Lets go of all pages. */
  clear(): void {
    this.#pages.length = 0
    this.#room = 0
  }
}
