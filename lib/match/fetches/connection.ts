/** Questions about the client's connection, and those that need nothing at all. */
import { AddressSample } from '../address-sample.js'
import { defineFetch, type FetchDefinition } from '../fetch.js'
import { NumberSample } from '../number-sample.js'
import type { AnyPhase } from '../phase.js'
import { TextSample } from '../text-sample.js'
import { anyPhases } from './phases.js'

/** The client's address; absent for a unix socket. HAProxy: `src`. */
export const src: AddressSample<AnyPhase> = new AddressSample({
  name: 'src',
  type: 'ip',
  phases: anyPhases,
  ask: ({ session }) => session.source,
})

/** The client's port. HAProxy: `src_port`. */
export const srcPort: NumberSample<AnyPhase> = new NumberSample({
  name: 'src_port',
  type: 'int',
  phases: anyPhases,
  ask: ({ session }) => (session.source === undefined ? undefined : session.sourcePort),
})

/** The address that the client connected to. HAProxy: `dst`. */
export const dst: AddressSample<AnyPhase> = new AddressSample({
  name: 'dst',
  type: 'ip',
  phases: anyPhases,
  ask: ({ session }) => session.destination,
})

/** The port that the client connected to. HAProxy: `dst_port`. */
export const dstPort: NumberSample<AnyPhase> = new NumberSample({
  name: 'dst_port',
  type: 'int',
  phases: anyPhases,
  ask: ({ session }) => (session.destination === undefined ? undefined : session.destinationPort),
})

/** The name of the frontend that accepted the connection. HAProxy: `fe_name`. */
export const frontendName: TextSample<AnyPhase> = new TextSample({
  name: 'fe_name',
  type: 'str',
  phases: anyPhases,
  ask: ({ session }) => session.frontend,
})

const anywhere = { phases: anyPhases } as const

/** The words of haproxy.cfg for these. */
export const connectionFetches: readonly FetchDefinition[] = [
  defineFetch({ ...anywhere, name: 'src', type: 'ip', make: () => src }),
  defineFetch({ ...anywhere, name: 'src_port', type: 'int', make: () => srcPort }),
  defineFetch({ ...anywhere, name: 'dst', type: 'ip', make: () => dst }),
  defineFetch({ ...anywhere, name: 'dst_port', type: 'int', make: () => dstPort }),
  defineFetch({ ...anywhere, name: 'fe_name', type: 'str', make: () => frontendName }),
]
