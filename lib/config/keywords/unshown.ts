/** Keywords that only say something to whoever looks at the statistics page or keeps statistics in files: they are read, and the reader is told that nobody shows them yet. */
import type { Line } from '../keyword.js'

/** Says that a keyword is understood but has nowhere to appear, until there are a statistics page and stats files. */
export function shownByNobody(line: Line, word: string = line.keyword): void {
  line.warning(
    `'${word}' has no effect yet: the statistics page and stats files, which would show it, are not supported yet.`,
  )
}
