/** Where a text begins and ends when certain characters count for nothing there. */

/** How many of the characters it begins with. */
export function leading(value: string, characters: string): number {
  let at = 0
  while (at < value.length && characters.includes(value[at]!)) at++
  return at
}

/** Where those that it ends with begin. */
export function trailing(value: string, characters: string): number {
  let at = value.length
  while (at > 0 && characters.includes(value[at - 1]!)) at--
  return at
}

/** Without blanks and tabs at its ends. */
export function withoutBlanks(value: string): string {
  return value.slice(leading(value, ' \t'), Math.max(leading(value, ' \t'), trailing(value, ' \t')))
}
