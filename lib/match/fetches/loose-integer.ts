/** The integer of `hdr_val`, `cook_val` and `urlp_val`: HAProxy reads it in its own way there, unlike everywhere else. */

/**
 * Digits after at most one minus, up to the first character above `9`, in 32 bits that overflow; characters below `0` count as negative digits. An
 * attacker can choose what comes of it: compare such values with ranges that leave no way around.
 */
export function looseInteger(text: string): number {
  const negative = text.charCodeAt(0) === 0x2d
  let value = 0
  for (let at = negative ? 1 : 0; at < text.length; at++) {
    // Bytes have a sign there, too.
    const digit = ((text.charCodeAt(at) << 24) >> 24) - 0x30
    if (digit > 9) break
    value = (Math.imul(value, 10) + (negative ? -digit : digit)) | 0
  }
  return value
}
