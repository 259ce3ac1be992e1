/** What traffic shows of servers, told to those who look on: nobody, as a rule, which costs one question. */
import { type Outcome, outcomes } from '../base/errors.js'
import type { Observed, Server } from '../proxy/server.js'

/** A connect has succeeded or failed. @param took milliseconds */
export function observeConnect({ observer }: Server, passed: boolean, took: number): void {
  observer?.({ layer: 4, passed, took })
}

/** The head of an answer has come. */
export function observeAnswer({ observer }: Server, status: number, took: number): void {
  observer?.({ layer: 7, passed: true, status, took })
}

const faults: ReadonlyMap<Outcome, Observed['fault']> = new Map<Outcome, Observed['fault']>([
  [outcomes.serverHeadersBad, 'invalid'],
  [outcomes.serverHeadersAbort, 'closed'],
  [outcomes.serverHeadersTimeout, 'late'],
])

/** A transaction has failed at its server, perhaps without an answer. */
export function observeFailure({ observer }: Server, outcome: Outcome, cause: unknown, took: number): void {
  if (observer === undefined || !faults.has(outcome)) return
  const broken =
    outcome === outcomes.serverHeadersAbort && (cause as NodeJS.ErrnoException | undefined)?.code !== undefined
  observer({ layer: 7, passed: false, fault: broken ? 'broken' : faults.get(outcome), took })
}
