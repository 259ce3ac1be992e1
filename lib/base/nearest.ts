/** The known word that is nearest to one that nobody knows, for "did you mean". */

/** Edits (insert, delete, replace, swap of neighbours) that lead from one word to the other. */
export function editDistance(from: string, to: string): number {
  let older: number[] = []
  let above = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      let edits = Math.min(above[column]! + 1, current[column - 1]! + 1, above[column - 1]! + (same ? 0 : 1))
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      if (swapped) edits = Math.min(edits, older[column - 2]! + 1)
      current.push(edits)
    }
    older = above
    above = current
  }
  return above[to.length]!
}

/**
 * The nearest of the known words, or `undefined` when none is near enough to be meant: about one edit for three letters.
 * Case does not count, and `-` and `_` are the same.
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const meant = plain(word)
  let best: string | undefined
  let least = Math.floor(word.length / 3) + 1
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= least) continue
    const edits = editDistance(meant, plain(candidate))
    if (edits >= least) continue
    least = edits
    best = candidate
  }
  return best
}

function plain(word: string): string {
  return word.toLowerCase().replaceAll('_', '-')
}
