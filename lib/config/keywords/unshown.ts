/** Keywords that only say something to whoever looks at statistics: they are read, and the reader is told that nobody shows them yet. */
import type { Line } from '../keyword.js'

/** Says that a keyword is understood but has nowhere to appear, until there are statistics and a runtime API. */
export function shownByNobody(line: Line, word: string = line.keyword): void {
  line.warning(
    `'${word}' has no effect yet: statistics and the runtime API, which would show it, are not supported yet.`,
  )
}
