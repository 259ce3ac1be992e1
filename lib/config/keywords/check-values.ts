/** Values that several words of a check's lines take. */
import type { Line } from '../keyword.js'

/** HAProxy's messages for what is no pairs of digits. */
export function isHex(line: Line, digits: string, quoted = ` '${digits}'`): boolean {
  const odd = /[^0-9a-fA-F]/.exec(digits)?.[0]
  const why =
    digits.length % 2 !== 0
      ? 'an even number of hex digit is expected'
      : odd === undefined
        ? undefined
        : `an hex digit is expected (found '${odd}')`
  if (why === undefined) return true
  line.alert(`'${line.keyword}' :${quoted} invalid binary string (${why}).`)
  return false
}

/** Tells what is wrong with a regular expression. */
export function isRegex(line: Line, text: string): boolean {
  try {
    line.loading.compileRegex(text)
    return true
  } catch (error) {
    line.alert(`'${line.keyword}' : ${(error as Error).message}`)
    return false
  }
}
