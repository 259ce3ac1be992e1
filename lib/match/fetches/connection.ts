/** Questions about the client's connection: its two ends, the listener that took it, its frontend's name. */
import type { Ip } from '../../base/ip.js'
import { AddressSample } from '../address-sample.js'
import { BytesSample } from '../bytes-sample.js'
import type { Context, ListenerView, SessionView } from '../context.js'
import { defineFetch, type FetchDefinition } from '../fetch.js'
import { FlagSample } from '../flag-sample.js'
import { NumberSample } from '../number-sample.js'
import type { AnyPhase, ClientPhase } from '../phase.js'
import { TextSample } from '../text-sample.js'
import { anyPhases, clientPhases } from './phases.js'

/** Whose addresses: those that rules may have changed, or the connection's own. */
type End = (context: Context) => SessionView

const present: End = ({ session }) => session
const own: End = (context) => (context.connection ?? context).session

function address(name: string, end: End, which: 'source' | 'destination'): AddressSample<AnyPhase> {
  return new AddressSample({ name, type: 'ip', phases: anyPhases, steady: true, ask: (context) => end(context)[which] })
}

function port(name: string, end: End, which: 'source' | 'destination'): NumberSample<AnyPhase> {
  return new NumberSample({
    name,
    type: 'int',
    phases: anyPhases,
    steady: true,
    // Port 0 is none: rules may have put it there.
    ask: (context) => {
      const view = end(context)
      return view[which] === undefined ? undefined : view[`${which}Port`] || undefined
    },
  })
}

/** Whether an address is this machine's own; a unix socket's ends are, too. */
function local(name: string, end: End, which: 'source' | 'destination'): FlagSample<AnyPhase> {
  const is = (context: Context, ip: Ip | undefined): boolean =>
    ip === undefined || context.process?.isLocal(ip) === true
  return new FlagSample({ name, type: 'bool', phases: anyPhases, ask: (context) => is(context, end(context)[which]) })
}

/** The client's address; absent for a unix socket. Rules may have changed it. HAProxy: `src`. */
export const src: AddressSample<AnyPhase> = address('src', present, 'source')
/** The client's port. HAProxy: `src_port`. */
export const srcPort: NumberSample<AnyPhase> = port('src_port', present, 'source')
/** The address that the client connected to. HAProxy: `dst`. */
export const dst: AddressSample<AnyPhase> = address('dst', present, 'destination')
/** The port that the client connected to. HAProxy: `dst_port`. */
export const dstPort: NumberSample<AnyPhase> = port('dst_port', present, 'destination')
/** Whether the client is on this machine. HAProxy: `src_is_local`. */
export const srcIsLocal: FlagSample<AnyPhase> = local('src_is_local', present, 'source')
/** Whether the address that the client connected to is this machine's own. HAProxy: `dst_is_local`. */
export const dstIsLocal: FlagSample<AnyPhase> = local('dst_is_local', present, 'destination')

/** The client's address as the connection has it, whatever rules of content and requests say. HAProxy: `fc_src`. */
export const connectionSrc: AddressSample<AnyPhase> = address('fc_src', own, 'source')
/** HAProxy: `fc_src_port`. */
export const connectionSrcPort: NumberSample<AnyPhase> = port('fc_src_port', own, 'source')
/** HAProxy: `fc_dst`. */
export const connectionDst: AddressSample<AnyPhase> = address('fc_dst', own, 'destination')
/** HAProxy: `fc_dst_port`. */
export const connectionDstPort: NumberSample<AnyPhase> = port('fc_dst_port', own, 'destination')
/** HAProxy: `fc_src_is_local`. */
export const connectionSrcIsLocal: FlagSample<AnyPhase> = local('fc_src_is_local', own, 'source')
/** HAProxy: `fc_dst_is_local`. */
export const connectionDstIsLocal: FlagSample<AnyPhase> = local('fc_dst_is_local', own, 'destination')

/** Whether the client came over TLS. HAProxy: `ssl_fc`. */
export const overTls: FlagSample<AnyPhase> = new FlagSample({
  name: 'ssl_fc',
  type: 'bool',
  phases: anyPhases,
  ask: ({ session }) => session.tls === true,
})

/** The name of the frontend that accepted the connection. HAProxy: `fe_name`. */
export const frontendName: TextSample<ClientPhase> = new TextSample({
  name: 'fe_name',
  type: 'str',
  phases: clientPhases,
  steady: true,
  ask: ({ session }) => session.frontend,
})

function ofListener(name: string, read: (listener: ListenerView) => number): NumberSample<ClientPhase> {
  return new NumberSample({
    name,
    type: 'int',
    phases: clientPhases,
    ask: ({ session: { listener } }) => (listener === undefined ? undefined : read(listener)),
  })
}

/** How many connections the listener has that took this one, itself included. HAProxy: `dst_conn`. */
export const listenerConnections: NumberSample<ClientPhase> = ofListener('dst_conn', ({ connections }) => connections)
/** The number of the listener that took the connection: the one it was given, or its place, from 1. HAProxy: `so_id`. */
export const listenerId: NumberSample<ClientPhase> = ofListener('so_id', ({ id }) => id)
/** The name of the listener that took the connection; absent when it has none. HAProxy: `so_name`. */
export const listenerName: TextSample<ClientPhase> = new TextSample({
  name: 'so_name',
  type: 'str',
  phases: clientPhases,
  ask: ({ session: { listener } }) => listener?.name,
})

/** When the connection was accepted is told by the record; here is what is the same for all that come by TCP and HTTP/1. */
const fixed = (name: string, value: number): FetchDefinition => {
  const sample = new NumberSample<AnyPhase>({ name, type: 'int', phases: anyPhases, ask: () => value })
  return defineFetch({ ...sample, make: () => sample })
}

const fixedText = (name: string, value: string | undefined): FetchDefinition => {
  const sample = new TextSample<AnyPhase>({ name, type: 'str', phases: anyPhases, ask: () => value })
  return defineFetch({ ...sample, make: () => sample })
}

const noProxyHeader = new FlagSample<AnyPhase>({
  name: 'fc_rcvd_proxy',
  type: 'bool',
  phases: anyPhases,
  ask: () => false,
})

/** What HAProxy asks of the kernel and Node does not tell. */
const ofKernel = (name: string): FetchDefinition => {
  const sample = new NumberSample<AnyPhase>({ name, type: 'int', phases: anyPhases, ask: () => undefined })
  return defineFetch({
    ...sample,
    arguments: [{ name: 'unit', type: 'enum', optional: true, oneOf: ['ms', 'us'] }],
    unavailable: 'Node does not tell what the kernel knows of a connection',
    make: () => sample,
  })
}

/** The first packet of a connection, which the kernel may keep. */
const savedSyn = (): FetchDefinition => {
  const name = 'fc_saved_syn'
  const sample = new BytesSample<AnyPhase>({ name, type: 'bin', phases: anyPhases, ask: () => undefined })
  const unavailable = 'Node does not tell what the kernel knows of a connection'
  return defineFetch({ ...sample, unavailable, make: () => sample })
}

const whole = [
  src,
  srcPort,
  dst,
  dstPort,
  srcIsLocal,
  dstIsLocal,
  connectionSrc,
  connectionSrcPort,
  connectionDst,
  connectionDstPort,
  connectionSrcIsLocal,
  connectionDstIsLocal,
  overTls,
  frontendName,
  listenerConnections,
  listenerId,
  listenerName,
] as const

/** The words of haproxy.cfg for these. */
export const connectionFetches: readonly FetchDefinition[] = [
  ...whole.map((sample) => defineFetch({ ...sample, make: () => sample })),
  fixed('fc_http_major', 1),
  // A connection that rules are asked about was accepted, and has not failed.
  fixed('fc_err', 0),
  fixedText('fc_err_str', 'Success'),
  fixedText('fc_err_name', ''),
  fixed('fc_glitches', 0),
  fixed('fc_nb_streams', 1),
  fixed('fc_settings_streams_limit', 1),
  defineFetch({ ...noProxyHeader, make: () => noProxyHeader }),
  fixedText('fc_pp_authority', undefined),
  fixedText('fc_pp_unique_id', undefined),
  savedSyn(),
  ...['fc_rtt', 'fc_rttvar', 'fc_unacked', 'fc_sacked', 'fc_retrans', 'fc_fackets', 'fc_lost', 'fc_reordering'].map(
    ofKernel,
  ),
]
