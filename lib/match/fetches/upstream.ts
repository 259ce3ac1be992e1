/** Questions about the connection to the server. */
import { Ip } from '../../base/ip.js'
import { AddressSample } from '../address-sample.js'
import { defineFetch, type FetchDefinition } from '../fetch.js'
import { FlagSample } from '../flag-sample.js'
import { NumberSample } from '../number-sample.js'
import type { Phase, ResponsePhase } from '../phase.js'
import { TextSample } from '../text-sample.js'

/** Where a server connection exists, or has. */
export type UpstreamPhase = ResponsePhase | 'responseContent'

const phases: readonly Phase[] = ['responseContent', 'response', 'afterResponse', 'log']

/** The server's address, as the connection has it. HAProxy: `bc_dst`. */
export const upstreamDst: AddressSample<UpstreamPhase> = new AddressSample({
  name: 'bc_dst',
  type: 'ip',
  phases,
  ask: ({ upstream }) => Ip.fromSocket(upstream?.remoteAddress),
})

/** The server's port. HAProxy: `bc_dst_port`. */
export const upstreamDstPort: NumberSample<UpstreamPhase> = new NumberSample({
  name: 'bc_dst_port',
  type: 'int',
  phases,
  ask: ({ upstream }) => upstream?.remotePort,
})

/** Our own address towards the server. HAProxy: `bc_src`. */
export const upstreamSrc: AddressSample<UpstreamPhase> = new AddressSample({
  name: 'bc_src',
  type: 'ip',
  phases,
  ask: ({ upstream }) => Ip.fromSocket(upstream?.localAddress),
})

/** Our own port towards the server. HAProxy: `bc_src_port`. */
export const upstreamSrcPort: NumberSample<UpstreamPhase> = new NumberSample({
  name: 'bc_src_port',
  type: 'int',
  phases,
  ask: ({ upstream }) => upstream?.localPort,
})

/** What is the same for all server connections over TCP and HTTP/1; absent while there is none. */
const fixed = (name: string, value: number): FetchDefinition => {
  const sample = new NumberSample<UpstreamPhase>({
    name,
    type: 'int',
    phases,
    ask: ({ upstream }) => (upstream === undefined ? undefined : value),
  })
  return defineFetch({ ...sample, make: () => sample })
}

const fixedText = (name: string, value: string): FetchDefinition => {
  const sample = new TextSample<UpstreamPhase>({
    name,
    type: 'str',
    phases,
    ask: ({ upstream }) => (upstream === undefined ? undefined : value),
  })
  return defineFetch({ ...sample, make: () => sample })
}

const ofKernel = (name: string): FetchDefinition => {
  const sample = new NumberSample<UpstreamPhase>({ name, type: 'int', phases, ask: () => undefined })
  return defineFetch({
    ...sample,
    arguments: [{ name: 'unit', type: 'enum', optional: true, oneOf: ['ms', 'us'] }],
    unavailable: 'Node does not tell what the kernel knows of a connection',
    make: () => sample,
  })
}

/** HAProxy's inner state, for its developers. */
const debugText = (name: string): FetchDefinition => {
  const sample = new TextSample<UpstreamPhase>({ name, type: 'str', phases, ask: () => undefined })
  return defineFetch({
    ...sample,
    arguments: [{ name: 'bitmap', type: 'integer', optional: true }],
    unavailable: "it shows HAProxy's inner state",
    make: () => sample,
  })
}

/** Only HTTP/2 has such codes. */
const resetCode = (name: string): FetchDefinition => {
  const sample = new NumberSample<UpstreamPhase>({ name, type: 'int', phases, ask: () => undefined })
  return defineFetch({ ...sample, make: () => sample })
}

const notAborted = new FlagSample<UpstreamPhase>({
  name: 'bs.aborted',
  type: 'bool',
  phases,
  ask: ({ upstream }) => (upstream === undefined ? undefined : false),
})

/** The words of haproxy.cfg for these. */
export const upstreamFetches: readonly FetchDefinition[] = [
  ...[upstreamDst, upstreamDstPort, upstreamSrc, upstreamSrcPort, notAborted].map((sample) =>
    defineFetch({ ...sample, make: () => sample }),
  ),
  fixed('bc_http_major', 1),
  // A connection that answers has not failed.
  fixed('bc_err', 0),
  fixedText('bc_err_str', 'Success'),
  fixedText('bc_err_name', ''),
  fixed('bc_glitches', 0),
  fixed('bc_nb_streams', 1),
  fixed('bc_settings_streams_limit', 1),
  fixed('bs.id', 1),
  debugText('bs.debug_str'),
  resetCode('bs.rst_code'),
  ...['bc_rtt', 'bc_rttvar'].map(ofKernel),
]
