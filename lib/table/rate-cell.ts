/**
 * HAProxy's sliding rate in three words of a row: when the present window began (milliseconds, 32 bits), what it has counted, and what the one
 * before it had counted. The same estimate as an object of its own lives in `rate`.
 */

/** Words that a rate takes. */
export const RATE_WORDS = 3

/** A decision may be made by a time that is a little older than the last one that was counted at. */
const LATEST_PAST = 2 ** 32 - 2 ** 22

/** A rate as others may know it: how long ago its window began, what that has counted, and the one before it. */
export interface RateState {
  readonly age: number
  readonly present: number
  readonly before: number
}

function elapsedSince(start: number, now: number): number {
  const elapsed = ((now | 0) - start) >>> 0
  return elapsed > LATEST_PAST ? 0 : elapsed
}

/** Counts. Times are milliseconds of one clock, and so is the period; counts keep their lower 32 bits. */
export function addRate(words: Int32Array, at: number, amount: number, now: number, period: number): void {
  const present = words[at + 1]!
  if ((words[at]! | present | words[at + 2]!) === 0) words[at] = now | 0
  const elapsed = elapsedSince(words[at]!, now)
  if (elapsed < period) {
    words[at + 1] = present + amount
    return
  }
  const next = elapsed < 2 * period
  words[at + 2] = next ? present : 0
  words[at] = next ? words[at]! + period : now
  words[at + 1] = amount
}

/** What happened within the last period, rounded down; a single event of the window before counts until its window ends. */
export function readRate(words: Int32Array, at: number, now: number, period: number): number {
  return Math.floor(estimateRate(words, at, now, period))
}

/** The same, not rounded: what several have counted is rounded once it is added up. */
export function estimateRate(words: Int32Array, at: number, now: number, period: number): number {
  const counted = words[at + 1]! >>> 0
  const elapsed = elapsedSince(words[at]!, now)
  if (elapsed >= 2 * period) return 0
  const late = elapsed >= period
  const present = late ? 0 : counted
  const before = late ? counted : words[at + 2]! >>> 0
  if (present === 0 && before <= 1) return before
  const left = period - (late ? elapsed - period : elapsed)
  return present + (before * left) / period
}

/** What it is made of, for whoever keeps or sends it. */
export function rateState(words: Int32Array, at: number, now: number): RateState {
  return { age: elapsedSince(words[at]!, now), present: words[at + 1]! >>> 0, before: words[at + 2]! >>> 0 }
}

/** Makes it what somebody else knows. */
export function setRate(words: Int32Array, at: number, { age, present, before }: RateState, now: number): void {
  words[at] = (now | 0) - age
  words[at + 1] = present
  words[at + 2] = before
}
