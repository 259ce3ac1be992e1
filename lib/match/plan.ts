/**
 * Conditions that are asked one after the other: what several of them ask is asked once, and their patterns are looked for in one go. The answers
 * are those of the conditions themselves.
 */
import { type Condition, decidedBy, type Holds, type Match, oppositeOf } from './condition.js'
import type { Context } from './context.js'
import { Gates, setOf } from './gates.js'
import type { Look } from './look.js'
import type { Sample } from './sample.js'
import { SharedQuestion } from './shared-question.js'
import type { Turn } from './turn.js'

/** A condition, or the lack of one. */
type Asked = Condition<never> | undefined

/** What several conditions ask, by what it is. */
type Shared = ReadonlyMap<string, SharedQuestion>

/** The conditions of a list of rules or routes. */
export class Plan {
  readonly #turn: Turn
  readonly #gates: Gates
  readonly #holds: readonly (Holds | undefined)[]

  private constructor(conditions: readonly Asked[], shared: Shared, turn: Turn) {
    this.#turn = turn
    const looks = [...shared.values()].flatMap((question) => [...question.looks])
    this.#gates = new Gates(conditions, looks, (match) => barOf(match, shared, looks), turn)
    this.#holds = conditions.map((condition) => condition && plannedHolds(condition, shared, turn))
  }

  /** The plan for these; nothing when no two of them ask the same. */
  static of(conditions: readonly Asked[]): Plan | undefined {
    const turn: Turn = { number: 0 }
    const shared = questionsOf(conditions, turn)
    return shared.size === 0 ? undefined : new Plan(conditions, shared, turn)
  }

  /** What was seen counts no more: for whoever begins to ask of a context, and after whatever can change it. */
  forget(): void {
    this.#turn.number++
  }

  /** The first place of the list from this one on whose condition may hold: those before it do not. Behind the last one when there is none. */
  next(from: number, context: Context): number {
    return this.#gates.next(from, context)
  }

  /** Whether the condition at a place of the list holds, where {@link next} has not passed it over; without one, it does. */
  holds(index: number, context: Context): ReturnType<Holds> {
    const holds = this.#holds[index]
    return holds === undefined ? true : holds(context)
  }
}

function questionsOf(conditions: readonly Asked[], turn: Turn): Shared {
  const matches = new Map<string, Match[]>()
  for (const match of conditions.flatMap(matchesOf)) {
    const key = keyOf(match.sample)
    if (key === undefined) continue
    const known = matches.get(key)
    if (known === undefined) matches.set(key, [match])
    else known.push(match)
  }
  const questions = new Map<string, SharedQuestion>()
  for (const [key, same] of matches) {
    const [first] = same
    if (first !== undefined && same.length > 1) questions.set(key, new SharedQuestion(first.sample, same, turn))
  }
  return questions
}

/** What a sample asks, when it can be asked for many at once. */
function keyOf({ steady, mayChange, type, name }: Sample<unknown, never>): string | undefined {
  return steady && mayChange === undefined ? `${type} ${name}` : undefined
}

/** Every comparison that a condition may make. */
function matchesOf(condition: Asked): readonly Match[] {
  const parts = condition?.parts
  if (parts === undefined) return []
  switch (parts.kind) {
    case 'match':
      return [parts]
    case 'not':
      return matchesOf(parts.condition)
    default:
      return parts.conditions.flatMap(matchesOf)
  }
}

/** The look that a comparison stands behind, as the gates want it. */
function barOf(match: Match, shared: Shared, looks: readonly Look[]): number | undefined {
  const key = keyOf(match.sample)
  if (key === undefined) return undefined
  const look = shared.get(key)?.lookFor(match)
  return look === undefined ? 0 : setOf(looks.indexOf(look))
}

function plannedHolds({ parts, holds }: Condition<never>, shared: Shared, turn: Turn): Holds {
  if (parts === undefined) return forgetting(holds, turn)
  switch (parts.kind) {
    case 'any':
    case 'all': {
      const inner = parts.conditions.map((part) => plannedHolds(part, shared, turn))
      return decidedBy(inner, parts.kind === 'any')
    }
    case 'not':
      return oppositeOf(plannedHolds(parts.condition, shared, turn))
    default: {
      const key = keyOf(parts.sample)
      return key === undefined ? forgetting(holds, turn) : (shared.get(key)?.holds(parts) ?? holds)
    }
  }
}

/** What is not known to be steady may do anything: change its context, or ask this very plan about another. */
function forgetting(holds: Holds, turn: Turn): Holds {
  return (context) => {
    const answer = holds(context)
    turn.number++
    return answer
  }
}
