/** Lengths of time as people write them (manual, "Time format") to and from milliseconds. Nothing here waits. */

const UNITS: ReadonlyMap<string, number> = new Map([
  ['us', 0.001],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
])

/** The longest time that is accepted: 2³¹ - 1 milliseconds, about 24.8 days, as in HAProxy. */
export const LONGEST_DURATION = 2 ** 31 - 1

/**
 * Milliseconds of a time such as `'2s'`, `'500ms'`, `'1d'` or a number, whose unit is milliseconds.
 * Microseconds are rounded up, so that what is above zero stays above it.
 * @throws {RangeError} that says what is wrong and what is allowed
 */
export function parseDuration(given: string | number, defaultUnit: 'ms' | 's' = 'ms'): number {
  const text = String(given)
  const match = /^(\d+)([a-zA-Z]*)$/.exec(text)
  if (match === null)
    throw new RangeError(`'${text}' is not a time: write a whole number and us, ms, s, m, h or d, as in '2s'`)
  const [, digits = '', unit = ''] = match
  const factor = UNITS.get(unit === '' ? defaultUnit : unit)
  if (factor === undefined) throw new RangeError(`'${text}' has an unknown unit '${unit}': use us, ms, s, m, h or d`)
  const milliseconds = Math.ceil(unit === 'us' ? Number(digits) / 1000 : Number(digits) * factor)
  if (milliseconds > LONGEST_DURATION)
    throw new RangeError(`'${text}' is too long: at most ${LONGEST_DURATION} ms, which is about 24.8 days`)
  return milliseconds
}

/** A time in the largest unit that shows it exactly, as in `'90s'`; {@link parseDuration} reads it back. */
export function formatDuration(milliseconds: number): string {
  for (const [unit, factor] of [...UNITS].reverse()) {
    if (milliseconds !== 0 && milliseconds % factor === 0) return `${milliseconds / factor}${unit}`
  }
  return `${milliseconds}ms`
}
