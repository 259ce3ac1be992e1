/** Integers of 64 bits with a sign, as HAProxy's are: plain numbers as long as those are exact, bigints beyond. */

/** A whole number; a bigint only where a number would not be exact. */
export type Integer = number | bigint

export const LARGEST_INT64 = 2n ** 63n - 1n
export const SMALLEST_INT64 = -(2n ** 63n)

/** The plain form: a number where it is exact. The value must fit 64 bits. */
export function integerOf(value: bigint): Integer {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** What leaves 64 bits stays at their edge. */
export function saturated(value: bigint): Integer {
  if (value > LARGEST_INT64) return LARGEST_INT64
  return value < SMALLEST_INT64 ? SMALLEST_INT64 : integerOf(value)
}

/** What leaves 64 bits loses its upper ones, as in C. */
export function wrapped(value: bigint): Integer {
  return integerOf(BigInt.asIntN(64, value))
}

/** The sum, at the edge when it leaves 64 bits. */
export function add(a: Integer, b: Integer): Integer {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (Number.isSafeInteger(sum)) return sum
  }
  return saturated(BigInt(a) + BigInt(b))
}

/** The difference, at the edge when it leaves 64 bits. */
export function subtract(a: Integer, b: Integer): Integer {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b
    if (Number.isSafeInteger(difference)) return difference
  }
  return saturated(BigInt(a) - BigInt(b))
}

/** The product, at the edge when it leaves 64 bits. */
export function multiply(a: Integer, b: Integer): Integer {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b
    if (Number.isSafeInteger(product)) return product === 0 ? 0 : product
  }
  return saturated(BigInt(a) * BigInt(b))
}

/** Reads digits after at most one sign; `undefined` when `text` is anything else. What does not fit stays at the edge. */
export function parseInteger(text: string): Integer | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined
  if (text.length < 16) return Number(text) + 0
  return saturated(BigInt(text.startsWith('+') ? text.slice(1) : text))
}
