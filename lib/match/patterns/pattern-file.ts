/** Files of patterns: what their lines hold. Manual, chapters 7.1 (`-f`) and 7.3.1 (`map`). */

/** A line that holds a pattern. */
export interface PatternLine {
  /** From 1 on. */
  readonly line: number
  readonly pattern: string
  /** What a map gives for it; nothing in a file that is no map. */
  readonly value: string | undefined
}

/**
 * The lines of a file, without empty ones and comments. Blanks in front do not count. In a map the first word is the pattern and the rest, without
 * blanks at its end, the value; in a list the whole line is the pattern.
 */
export function readPatternFile(text: string, map: boolean): readonly PatternLine[] {
  const lines: PatternLine[] = []
  for (const [index, whole] of text.split('\n').entries()) {
    if (whole.startsWith('#')) continue
    const content = whole.replace(/^[ \t]+/, '').replace(/\r+$/, '')
    if (content === '') continue
    if (!map) lines.push({ line: index + 1, pattern: content, value: undefined })
    else lines.push({ line: index + 1, ...keyAndValue(content) })
  }
  return lines
}

function keyAndValue(content: string): { readonly pattern: string; readonly value: string } {
  const end = content.search(/[ \t]/)
  if (end < 0) return { pattern: content, value: '' }
  let last = content.length
  while (last > end && (content[last - 1] === ' ' || content[last - 1] === '\t')) last--
  let first = end
  while (first < last && (content[first] === ' ' || content[first] === '\t')) first++
  return { pattern: content.slice(0, end), value: content.slice(first, last) }
}
