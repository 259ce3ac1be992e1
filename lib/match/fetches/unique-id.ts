/** The question for a transaction's own id. */
import { defineFetch, type FetchDefinition } from '../fetch.js'
import { type AnyPhase, phases as everyPhase } from '../phase.js'
import { TextSample } from '../text-sample.js'

/** The transaction's own id, as its frontend makes it; absent when it makes none. HAProxy: `unique-id`. */
export const uniqueId: TextSample<AnyPhase | 'check'> = new TextSample<AnyPhase | 'check'>({
  name: 'unique-id',
  type: 'str',
  phases: everyPhase,
  ask: (context) => context.uniqueId,
})

/** The word of haproxy.cfg for it. */
export const uniqueIdFetches: readonly FetchDefinition[] = [defineFetch({ ...uniqueId, make: () => uniqueId })]
