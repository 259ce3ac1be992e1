/** Bytes as characters, in the ways that the converter `json` can be told to read them. */

/** `ascii` takes each byte for a character; `utf8` may have an `s` (faults are left out) and a `p` (too long forms are taken). */
export type InputEncoding = 'ascii' | 'utf8' | 'utf8s' | 'utf8p' | 'utf8ps'

export const encodings: readonly InputEncoding[] = ['ascii', 'utf8', 'utf8s', 'utf8p', 'utf8ps']

/** The characters' numbers, none beyond 65535; nothing on a fault that is not to be left out. */
export function charactersOf(text: string, encoding: InputEncoding): readonly number[] | undefined {
  const codes: number[] = []
  if (encoding === 'ascii') {
    for (let at = 0; at < text.length; at++) codes.push(text.charCodeAt(at))
    return codes
  }
  const silent = encoding.endsWith('s')
  for (let at = 0; at < text.length; ) {
    const { code, length, long } = readCharacter(text, at)
    at += length
    if (code >= 0 && (!long || encoding.includes('p'))) codes.push(code)
    else if (!silent) return undefined
  }
  return codes
}

/** One character, -1 for what is none; `long` when fewer bytes would have done. */
function readCharacter(
  text: string,
  at: number,
): { readonly code: number; readonly length: number; readonly long: boolean } {
  const first = text.charCodeAt(at)
  if (first < 0x80) return { code: first, length: 1, long: false }
  const wanted =
    first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : first < 0xfc ? 5 : first < 0xfe ? 6 : 0
  let code = wanted === 0 ? 0 : first & (0x7f >> wanted)
  let length = 1
  for (; length < wanted; length++) {
    const next = text.charCodeAt(at + length)
    if (!(next >= 0x80 && next < 0xc0)) return { code: -1, length, long: false }
    code = code * 64 + (next & 0x3f)
  }
  if (wanted === 0 || code > 0xffff || (code >= 0xd800 && code < 0xe000) || code === 0xfffe || code === 0xffff)
    return { code: -1, length, long: false }
  const least = wanted === 2 ? 0x80 : wanted === 3 ? 0x800 : 0x10000
  return { code, length, long: code < least }
}
