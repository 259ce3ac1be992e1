/** The lists of checkpoints that the fetches of this room share. */
import type { Phase } from '../phase.js'

/** As long as the client's connection is known. */
export const anyPhases: readonly Phase[] = [
  'connection',
  'session',
  'content',
  'request',
  'responseContent',
  'response',
  'afterResponse',
  'log',
  'check',
]
/** As long as there is a client. */
export const clientPhases: readonly Phase[] = anyPhases.filter((phase) => phase !== 'check')
/** From the request's head on: we keep it. */
export const requestPhases: readonly Phase[] = ['request', 'response', 'afterResponse', 'log']
/** Where HAProxy still has the request's head. */
export const requestOnly: readonly Phase[] = ['request']
/** Once a response exists. */
export const responsePhases: readonly Phase[] = ['response', 'afterResponse', 'log', 'check']
/** Where HAProxy still has the response's head. */
export const responseOnly: readonly Phase[] = ['response', 'afterResponse', 'check']
