/** `silentDrop`: ends a connection without a word and at once. */
import { outcomes } from '../../base/errors.js'
import { Rule } from '../rule.js'
import type { Reject } from '../verdict.js'

type DropPhase = 'connection' | 'session' | 'content' | 'request' | 'responseContent' | 'response'

const dropped: Reject = { kind: 'reject', outcome: outcomes.proxyRequestDenied, atOnce: true }

/**
 * Gives the client's connection up at once: nothing that was to be sent goes out, and nothing is waited for. HAProxy hides this from the client by
 * telling the kernel to send nothing, which Node cannot: the client sees that the connection is closed. HAProxy: `silent-drop`.
 */
export function silentDrop(): Rule<DropPhase> {
  const phases: readonly DropPhase[] = ['connection', 'session', 'content', 'request', 'responseContent', 'response']
  return new Rule('silent-drop', phases, () => dropped)
}
