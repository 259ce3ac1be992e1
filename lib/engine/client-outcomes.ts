/** How it is called when a client leaves, or keeps us waiting, depending on how far its request has got. */
import { type Outcome, outcomes } from '../base/errors.js'
import type { Stage, Transaction } from './transaction.js'

/** How it is called when the client leaves at a stage. */
export function goneAt(stage: Stage): Outcome {
  switch (stage) {
    case 'request':
      return outcomes.clientRequestAbort
    case 'queue':
      return outcomes.clientQueueAbort
    case 'connect':
      return outcomes.clientConnectAbort
    case 'body':
      return outcomes.clientBodyAbort
    case 'headers':
      return outcomes.clientHeadersAbort
    default:
      return outcomes.clientDataAbort
  }
}

/** How it is called when the client keeps us waiting at a stage. */
export function lateAt(stage: Stage): Outcome {
  switch (stage) {
    case 'request':
      return outcomes.clientRequestTimeout
    case 'body':
      return outcomes.clientBodyTimeout
    case 'headers':
      return outcomes.clientHeadersTimeout
    default:
      return outcomes.clientDataTimeout
  }
}

/** Whether a client that has said its last word is given up with it: it waits, and its backend says so. */
export function abandons({ backend, answered, stage }: Transaction): boolean {
  if (backend?.abortOnClose !== true || answered) return false
  return stage === 'queue' || stage === 'connect' || stage === 'headers'
}
