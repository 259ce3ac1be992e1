/** Sizes as people write them (`100k`, `10m`, `1g`) to and from numbers. Whether they count bytes or entries is the option's to say. */

const FACTORS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['k', 1024],
  ['m', 1024 ** 2],
  ['g', 1024 ** 3],
])

/** The largest size that is accepted: 2³² - 1, as in HAProxy. */
export const LARGEST_SIZE = 2 ** 32 - 1

/**
 * The number that a size such as `'100k'` stands for; k, m and g are powers of 1024, in either case.
 * @throws {RangeError} that says what is wrong and what is allowed
 */
export function parseSize(given: string | number): number {
  const text = String(given)
  const match = /^(\d+)([a-zA-Z]*)$/.exec(text)
  if (match === null)
    throw new RangeError(`'${text}' is not a size: write a whole number and nothing, k, m or g, as in '100k'`)
  const [, digits = '', unit = ''] = match
  const factor = FACTORS.get(unit.toLowerCase())
  if (factor === undefined) throw new RangeError(`'${text}' has an unknown unit '${unit}': use k, m, g, or none`)
  const size = Number(digits) * factor
  if (size > LARGEST_SIZE) throw new RangeError(`'${text}' is too large: at most ${LARGEST_SIZE}`)
  return size
}

/** A size in the largest unit that shows it exactly, as in `'16k'`. */
export function formatSize(size: number): string {
  for (const [unit, factor] of [...FACTORS].reverse()) {
    if (size !== 0 && size % factor === 0) return `${size / factor}${unit}`
  }
  return String(size)
}
