/** Where sets of patterns are used, and the numbers that the runtime API knows them by: as HAProxy counts them, in the order of the files. */
import type { ListedPatterns } from '../admin/pattern-list.js'
import type { PatternSet } from '../match/patterns/pattern-set.js'
import type { Place } from './diagnostic.js'

/** One set. */
interface Used {
  readonly set: PatternSet
  /** Where it was named first. */
  readonly place: Place
  description: string
}

export class PatternUses {
  readonly #all = new Map<PatternSet, Used>()
  readonly #files: string[] = []

  /** A file, by an ACL or by a map. */
  file(set: PatternSet, as: 'acl' | 'map', place: Place): void {
    const by = `by ${as} at file '${place.file}' line ${place.line}`
    const known = this.#all.get(set)
    if (known === undefined)
      this.#note({ set, place, description: `pattern loaded from file '${set.name}' used ${by}` })
    else known.description += `, ${by}`
  }

  /** The patterns of a line. @param word the question, as it was written */
  line(set: PatternSet, word: string, place: Place): void {
    this.#note({ set, place, description: `acl '${word}' file '${place.file}' line ${place.line}` })
  }

  #note(used: Used): void {
    this.#all.set(used.set, used)
    if (!this.#files.includes(used.place.file)) this.#files.push(used.place.file)
  }

  /** @param said the numbers that were written */
  list(said: ReadonlyMap<number, PatternSet>): readonly ListedPatterns[] {
    const numbers = new Map(Array.from(said, ([id, set]) => [set, id]))
    const files = new Map(this.#files.map((file, index) => [file, index]))
    const rank = ({ place }: Used): number => files.get(place.file) ?? 0
    let next = 0
    const free = (): number => {
      while (said.has(next)) next++
      return next++
    }
    return [...this.#all.values()]
      .sort((one, other) => rank(one) - rank(other) || one.place.line - other.place.line)
      .map((used) => ({ id: numbers.get(used.set) ?? free(), set: used.set, description: used.description }))
      .sort((one, other) => one.id - other.id)
  }
}
