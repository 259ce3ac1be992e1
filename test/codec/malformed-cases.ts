/**
 * What attackers and broken peers send, as data: the bytes, and what becomes of them. Used by the unit tests here and by
 * tests that send the same bytes through sockets.
 */
import { fields, hopByHop } from './malformed-fields.js'
import { framing } from './malformed-framing.js'
import { responses } from './malformed-responses.js'
import type { Row } from './malformed-rows.js'
import { targets } from './malformed-targets.js'

/** One case. A request case is all that a client sends; a response case is all that a server answers to a GET before it closes. */
export interface MalformedCase {
  readonly name: string
  readonly list: 'framing' | 'fields' | 'hop-by-hop' | 'target' | 'response'
  readonly side: 'request' | 'response'
  /** latin1, one character a byte. */
  readonly bytes: string
  /** `refuse`: an error, nothing or no more is passed on. `accept`: passed on as it is. `normalise`: passed on in a clearer form. */
  readonly verdict: 'refuse' | 'accept' | 'normalise'
  /** Whether HAProxy 2.6 passes it on, as probed through a socket. */
  readonly haproxy: 'refuse' | 'accept'
}

const all = (list: MalformedCase['list'], rows: readonly Row[]): MalformedCase[] =>
  rows.map(([name, verdict, haproxy, bytes]) => {
    return { name, list, side: list === 'response' ? 'response' : 'request', bytes, verdict, haproxy }
  })

/** Every case. */
export const malformedCases: readonly MalformedCase[] = [
  ...all('framing', framing),
  ...all('fields', fields),
  ...all('hop-by-hop', hopByHop),
  ...all('target', targets),
  ...all('response', responses),
]
