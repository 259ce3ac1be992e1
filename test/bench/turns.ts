/** How long turns of the event loop are, on a machine that others use as well: the same work is done several times, turn by turn. */
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Milliseconds of each turn of one round. */
export type Turns = number[]

/**
 * Does one turn's work. The main thread cannot have worked for longer than has passed, nor than all threads have had of processors. The smaller of both is counted: the
 * first grows while others use the machine, the second by threads that compile or collect garbage at the same time.
 */
export function take(turns: Turns, work: () => void): void {
  const [start, before] = [performance.now(), processors()]
  work()
  const used = processors() - before
  turns.push(Math.min(performance.now() - start, used))
}

/** Milliseconds of processor time that this process has had, in all of its threads. */
function processors(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** The longest turn of a round. */
export function longest(turns: Turns): number {
  return turns.reduce((most, each) => Math.max(most, each), 0)
}

/** The longest of what takes long in every round at the same turn: work of its own; garbage is collected, and others use the machine, now here and now there. */
export function longestAlways(rounds: readonly Turns[]): number {
  const [first = [], ...others] = rounds
  return first.reduce((most, each, at) => {
    return Math.max(
      most,
      others.reduce((least, other) => Math.min(least, other[at] ?? 0), each),
    )
  }, 0)
}

/** Bytes in use; what is no longer needed would count as well. */
export async function memory(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  // What arrays lie in is given back behind the first.
  for (let i = 0; i < 3; i++) {
    collect()
    await turn()
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** The one in the middle. */
export function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!
}
