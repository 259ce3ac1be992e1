/** How alike words are: for guessing which command was meant. */
import type { Command } from './command.js'

/** So many guesses are told. */
const GUESSES = 5

/** The commands that are most like these words, best first in the order of the table. */
export function mostAlike(commands: readonly Command[], words: readonly string[]): readonly Command[] {
  const asked = words.slice(0, 8).map((word) => word.slice(0, 40))
  const ranked = commands
    .map((command) => ({ command, distance: distanceOf(command.words, asked) }))
    .sort((one, other) => one.distance - other.distance)
    .slice(0, GUESSES)
  const kept = new Set(ranked.map(({ command }) => command))
  return commands.filter((command) => kept.has(command))
}

function distanceOf(words: readonly string[], asked: readonly string[]): number {
  let sum = 0
  for (let at = 0; at < Math.max(words.length, asked.length); at++) sum += edits(words[at] ?? '', asked[at] ?? '')
  return sum
}

/** How many letters must be put in, left out or replaced. */
function edits(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let at = 1; at <= one.length; at++) {
    const next = [at]
    for (let to = 1; to <= other.length; to++) {
      const replaced = (row[to - 1] as number) + (one[at - 1] === other[to - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[to] as number) + 1, (next[to - 1] as number) + 1))
    }
    row = next
  }
  return row[other.length] as number
}
