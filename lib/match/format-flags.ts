/** The flags of a format's items, as in `%{+Q,-X}`: what they are, and how they are read and written. Manual, chapter 8.2.6. */

/** How an item is printed. */
export interface FormatFlags {
  /** `Q`: between double quotes, if it is a text. */
  readonly quote: boolean
  /** `X`: addresses, ports and some numbers in hexadecimal. */
  readonly hex: boolean
  /** `E`: `"`, `\` and `]` with a backslash in front, for structured data of RFC 5424. */
  readonly escape: boolean
  /** As a JSON or a CBOR value; for the whole format, its named items as one object. */
  readonly encoding: 'json' | 'cbor' | undefined
  /** `bin`: CBOR as bytes, not as hexadecimal digits. */
  readonly binary: boolean
}

export const noFlags: FormatFlags = { quote: false, hex: false, escape: false, encoding: undefined, binary: false }

function changed(flags: FormatFlags, name: string, on: boolean): FormatFlags | undefined {
  switch (name) {
    case 'Q':
      return { ...flags, quote: on }
    case 'X':
      return { ...flags, hex: on }
    case 'E':
      return { ...flags, escape: on }
    case 'json':
    case 'cbor':
      return { ...flags, encoding: on ? name : flags.encoding === name ? undefined : flags.encoding }
    case 'bin':
      return { ...flags, binary: on }
    default:
      return undefined
  }
}

/**
 * Reads what stands between braces.
 * @param before the flags that hold without it
 * @param unknown told of each word that is none: HAProxy passes over those, and over flags without a sign
 */
export function readFlags(text: string, before: FormatFlags, unknown: (word: string) => void): FormatFlags {
  let flags = before
  for (const word of text.split(',')) {
    if (word === '') continue
    const sign = word[0]
    const next = sign === '+' || sign === '-' ? changed(flags, word.slice(1), sign === '+') : undefined
    if (next === undefined) unknown(word)
    else flags = next
  }
  return flags
}

/** The words that lead from one set of flags to another: `+Q,-X`; empty when they are the same. */
export function flagWords(from: FormatFlags, to: FormatFlags): string {
  const words: string[] = []
  if (from.quote !== to.quote) words.push(to.quote ? '+Q' : '-Q')
  if (from.hex !== to.hex) words.push(to.hex ? '+X' : '-X')
  if (from.escape !== to.escape) words.push(to.escape ? '+E' : '-E')
  if (from.encoding !== to.encoding) words.push(to.encoding === undefined ? `-${from.encoding}` : `+${to.encoding}`)
  if (from.binary !== to.binary) words.push(to.binary ? '+bin' : '-bin')
  return words.join(',')
}
