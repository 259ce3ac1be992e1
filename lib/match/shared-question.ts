/** A question that several conditions ask. */
import type { Holds, Match } from './condition.js'
import type { Context } from './context.js'
import { Look } from './look.js'
import { PatternGroup } from './patterns/pattern-group.js'
import type { PatternSource } from './patterns/pattern-source.js'
import { type NotYet, notYet, type Sample } from './sample.js'
import type { Turn } from './turn.js'

/** A sample that is asked once a turn. */
export class SharedQuestion {
  /** It may have several answers at once. */
  readonly several: boolean
  readonly #ask: (context: Context) => unknown
  readonly #turn: Turn
  /** The looks that answer for the comparisons with these. */
  readonly #looks: ReadonlyMap<PatternSource, Look>
  #askedAt = -1
  #answer: unknown

  /** @param matches the comparisons that ask it */
  constructor({ ask, all }: Sample<unknown, never>, matches: readonly Match[], turn: Turn) {
    this.several = all !== undefined
    this.#ask = all ?? ask
    this.#turn = turn
    const sources = new Set(matches.map(({ source }) => source).filter((source) => source !== undefined))
    const looks = new Map<PatternSource, Look>()
    for (const group of groupsOf(sources)) {
      const look = new Look(this, group, turn)
      for (const source of group) looks.set(source, look)
    }
    this.#looks = looks
  }

  /** All looks at its answers. */
  get looks(): Iterable<Look> {
    return new Set(this.#looks.values())
  }

  /** The one that answers for this comparison when it finds nothing. */
  lookFor({ source }: Match): Look | undefined {
    return source === undefined ? undefined : this.#looks.get(source)
  }

  /** The value of this turn, or the values. */
  answer(context: Context): unknown {
    if (this.#askedAt !== this.#turn.number) {
      this.#answer = this.#ask(context)
      this.#askedAt = this.#turn.number
    }
    return this.#answer
  }

  /** How a comparison that asks it is answered. */
  holds(match: Match): Holds {
    const compare = this.several ? this.#someHolds(match.holds) : this.#oneHolds(match.holds)
    const look = this.lookFor(match)
    return look === undefined ? compare : (context) => (look.missed(context) ? false : compare(context))
  }

  #oneHolds(holds: (value: unknown) => boolean): Holds {
    return (context) => {
      const value = this.answer(context)
      return value === notYet ? notYet : value !== undefined && holds(value)
    }
  }

  #someHolds(holds: (value: unknown) => boolean): Holds {
    return (context) => {
      const values = this.answer(context) as readonly unknown[] | NotYet
      if (values === notYet) return notYet
      for (let index = 0; index < values.length; index++) if (holds(values[index])) return true
      return false
    }
  }
}

/** The sources of patterns, those together that can be looked into in one go. */
function groupsOf(sources: Iterable<PatternSource>): Iterable<readonly PatternSource[]> {
  const groups = new Map<string, PatternSource[]>()
  for (const source of sources) {
    const key = PatternGroup.keyOf(source)
    if (key === undefined) continue
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [source])
    else group.push(source)
  }
  return groups.values()
}
