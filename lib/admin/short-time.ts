/** Spans of time as `show sess` has them: the two greatest units, the second one only where it is not 0. */

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const

/** `1m29s`, `2h`, `0s`. @param milliseconds what has begun of a second does not count */
export function shortTime(milliseconds: number): string {
  const seconds = Math.max(Math.floor(milliseconds / 1000), 0)
  const at = UNITS.findIndex(([, length]) => seconds >= length)
  if (at === -1) return '0s'
  const [unit, length] = UNITS[at] as (typeof UNITS)[number]
  const [lesser, part] = UNITS[at + 1] ?? ['', seconds + 1]
  const rest = Math.floor((seconds % length) / part)
  return `${Math.floor(seconds / length)}${unit}${rest === 0 ? '' : `${rest}${lesser}`}`
}
