/** Dates in persistence cookies, as HAProxy writes them: seconds since 1970 in fours, as five digits of base64, the highest first. */

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const LENGTH = 5

/** What a date is written as. Its last two bits are lost. */
export function writeCookieDate(seconds: number): string {
  const fours = Math.floor(seconds / 4)
  let text = ''
  for (let shift = 6 * (LENGTH - 1); shift >= 0; shift -= 6) text += DIGITS[Math.floor(fours / 2 ** shift) % 64]
  return text
}

/** The date that a text begins with, whatever follows; 0 when that is none, and nothing when the text is too short for one. */
export function readCookieDate(text: string): number | undefined {
  if (text.length < LENGTH) return undefined
  let fours = 0
  for (let at = 0; at < LENGTH; at++) {
    const digit = DIGITS.indexOf(text[at] as string)
    if (digit === -1) return 0
    fours = fours * 64 + digit
  }
  return fours * 4
}
