/** Questions about what was captured of a transaction's messages. */
import { defineFetch, type FetchDefinition } from '../fetch.js'
import type { AnyPhase, Phase } from '../phase.js'
import { TextSample } from '../text-sample.js'
import { anyPhases, clientPhases } from './phases.js'

/** What a slot of the request holds; absent when it holds nothing. HAProxy: `capture.req.hdr(slot)`. */
export function requestCapture(slot: number): TextSample<AnyPhase> {
  return new TextSample<AnyPhase>({
    name: `capture.req.hdr(${slot})`,
    type: 'str',
    phases: anyPhases,
    ask: ({ captures }) => captures?.request[slot],
  })
}

/** What a slot of the response holds. HAProxy: `capture.res.hdr(slot)`. */
export function responseCapture(slot: number): TextSample<AnyPhase> {
  return new TextSample<AnyPhase>({
    name: `capture.res.hdr(${slot})`,
    type: 'str',
    phases: anyPhases,
    ask: ({ captures }) => captures?.response[slot],
  })
}

const requesting: readonly Phase[] = clientPhases.filter((phase) => phase !== 'connection' && phase !== 'session')
const responding: readonly Phase[] = ['responseContent', 'response', 'afterResponse', 'log']
const slot = [{ name: 'slot', type: 'integer' }] as const

/** The words of haproxy.cfg for these. */
export const captureFetches: readonly FetchDefinition[] = [
  defineFetch({
    name: 'capture.req.hdr',
    type: 'str',
    phases: anyPhases,
    strictPhases: requesting,
    arguments: slot,
    make: ([number]) => requestCapture(number as number),
  }),
  defineFetch({
    name: 'capture.res.hdr',
    type: 'str',
    phases: anyPhases,
    strictPhases: responding,
    arguments: slot,
    make: ([number]) => responseCapture(number as number),
  }),
]
