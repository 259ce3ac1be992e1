/** A set of statuses as HAProxy writes it: ranges that make it anew, join it or leave it. Manual 3.5, `http-err-codes`. */

const FIRST = 100
const LAST = 599
const rangePattern = /^(\d{3})(?:-(\d{3}))?$/

/** Which statuses count as something. */
export class StatusSet {
  readonly #has: Uint8Array

  private constructor(has: Uint8Array) {
    this.#has = has
  }

  /** None of them. */
  static readonly empty: StatusSet = new StatusSet(new Uint8Array(LAST + 1))

  has(status: number): boolean {
    return this.#has[status] === 1
  }

  /**
   * This one, changed: `400-499` and `401,404-410` are what it is then, `+500` joins, `-404,410` leave; several, with blanks between, in their order.
   * @throws {Error} that says what is wrong
   */
  change(text: string): StatusSet {
    const words = text.split(' ').filter((word) => word !== '')
    if (words.length === 0) throw new Error('it names no status')
    const has = Uint8Array.from(this.#has)
    for (const word of words) {
      const sign = word[0] === '+' || word[0] === '-' ? word[0] : ''
      if (sign === '') has.fill(0)
      for (const range of word.slice(sign.length).split(',')) {
        const [first, last] = readRange(range)
        has.fill(sign === '-' ? 0 : 1, first, last + 1)
      }
    }
    return new StatusSet(has)
  }
}

function readRange(range: string): readonly [first: number, last: number] {
  const match = rangePattern.exec(range)
  const first = Number(match?.[1])
  const last = Number(match?.[2] ?? match?.[1])
  if (first >= FIRST && last <= LAST && first <= last) return [first, last]
  throw new Error(`'${range}' is neither a status from ${FIRST} to ${LAST} nor a range of them`)
}

/** What counts as a client's error: `http_err_cnt`, `http_err_rate`. Manual, `http-err-codes`. */
export const usualErrors: StatusSet = StatusSet.empty.change('400-499')
/** What counts as a server's failure: `http_fail_cnt`, `http_fail_rate`. Manual, `http-fail-codes`. */
export const usualFailures: StatusSet = StatusSet.empty.change('500-599 -501,505')
