/** The numbers and times that actions take: fixed ones, and ones that are asked for each time. */
import { castInteger } from '../../match/cast.js'
import type { Context } from '../../match/context.js'
import type { Phase } from '../../match/phase.js'
import { Sample } from '../../match/sample.js'

/** A number, or a question that has one for an answer. */
export type Numeric<P extends Phase> = number | Sample<unknown, P>

/** How a number is had, the checkpoints at which it can be, and its name. */
export interface Reading {
  readonly read: (context: Context) => number | undefined
  readonly phases: readonly Phase[] | undefined
  readonly text: string
}

/** How a number is had; a question without an answer has none. */
export function numberOf(given: Numeric<never>): Reading {
  if (!(given instanceof Sample)) return { read: () => given, phases: undefined, text: String(given) }
  const { ask, phases, name } = given
  const read = (context: Context): number | undefined => {
    const value = castInteger(ask(context))
    return value === undefined ? undefined : Number(value)
  }
  return { read, phases, text: name }
}

/** Of the checkpoints of an action, those at which a reading can be made. */
export const sharedPhases = (own: readonly Phase[], { phases }: Reading): readonly Phase[] =>
  phases === undefined ? own : own.filter((phase) => phases.includes(phase))
