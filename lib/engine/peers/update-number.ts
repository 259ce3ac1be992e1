/** Numbers of updates: 32 bits, and after the last comes the first. */

/** Whether one comes after another. */
export function comesAfter(one: number, other: number): boolean {
  return one !== other && (one - other) >>> 0 < 2 ** 31
}
