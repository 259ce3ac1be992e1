/** Questions about backends: how busy they are, how many of their servers can be used, what they are called, how long they wait. */
import { defineFetch, type FetchDefinition } from '../../match/fetch.js'
import { anyPhases } from '../../match/fetches/phases.js'
import type { NumberSample } from '../../match/number-sample.js'
import type { AnyPhase } from '../../match/phase.js'
import { TextSample } from '../../match/text-sample.js'
import { Backend } from '../backend.js'
import { limitOf, numberFetch, numbersOf, type Reference, type Whom } from './common.js'

/** The backend in charge, once one is. */
export const present: Whom<Backend> = ({ backend }) => (backend instanceof Backend ? backend : undefined)

const number = numbersOf<Backend, AnyPhase>(present, anyPhases)

/** All who wait: for a server of the backend, and for its servers by name. */
function waiting({ queue, servers }: Backend): number {
  return servers.reduce((sum, server) => sum + server.queued, queue.length)
}

/** How many servers of a backend can be used; without one, of that in charge. HAProxy: `nbsrv([backend])`. */
export function usableServers(backend?: Reference<Backend>): NumberSample<AnyPhase> {
  return number('nbsrv', backend, ({ rotation }) => rotation.length)
}

/** How many requests (in TCP mode, connections) a backend has. HAProxy: `be_conn([backend])`. */
export function backendConnections(backend?: Reference<Backend>): NumberSample<AnyPhase> {
  return number('be_conn', backend, ({ counters }) => counters.current)
}

/** How many more the servers of a backend that can be used may take now; -1 when one of them has no limit. HAProxy: `be_conn_free([backend])`. */
export function backendFree(backend?: Reference<Backend>): NumberSample<AnyPhase> {
  return number('be_conn_free', backend, ({ rotation }) => {
    let free = 0
    for (const { maxConnections, active } of rotation) {
      if (maxConnections === Number.POSITIVE_INFINITY) return -1
      free += Math.max(0, maxConnections - active)
    }
    return free
  })
}

/**
 * How many more the servers of a backend that can be used may take and hold in their queues; -1 when one of them has no limit, as it is where
 * queues are as long as they get. HAProxy: `connslots([backend])`.
 */
export function backendSlots(backend?: Reference<Backend>): NumberSample<AnyPhase> {
  return number('connslots', backend, ({ rotation }) => (rotation.length === 0 ? 0 : -1))
}

/** How many wait in the queues of a backend and its servers. HAProxy: `queue([backend])`. */
export function backendQueue(backend?: Reference<Backend>): NumberSample<AnyPhase> {
  return number('queue', backend, waiting)
}

/** The same for each server that can be used, rounded up; twice as many as wait, when there is none. HAProxy: `avg_queue([backend])`. */
export function averageQueue(backend?: Reference<Backend>): NumberSample<AnyPhase> {
  return number('avg_queue', backend, (of) =>
    of.rotation.length === 0 ? waiting(of) * 2 : Math.ceil(waiting(of) / of.rotation.length),
  )
}

/** Requests (in TCP mode, connections) that came to a backend within the last second. HAProxy: `be_sess_rate([backend])`. */
export function backendSessionRate(backend?: Reference<Backend>): NumberSample<AnyPhase> {
  return number('be_sess_rate', backend, ({ rates }, { now }) => rates.sessions.read(now, 1000))
}

/** The name of the backend in charge. HAProxy: `be_name`. */
export const backendName: TextSample<AnyPhase> = new TextSample<AnyPhase>({
  name: 'be_name',
  type: 'str',
  phases: anyPhases,
  ask: (context) => present(context)?.name,
})

/** The number of the backend in charge. HAProxy: `be_id`. */
export const backendId: NumberSample<AnyPhase> = number('be_id', undefined, ({ id }) => id)

const limit = (
  fetch: string,
  read: (timeouts: Backend['timeouts'], order: (name: string) => number | undefined) => number | undefined,
): NumberSample<AnyPhase> =>
  number(fetch, undefined, ({ timeouts }, { orders }) => limitOf(read(timeouts, (name) => orders?.timeouts?.get(name))))

/** How long a server may be silent, in milliseconds; 0 is without end. HAProxy: `be_server_timeout`. */
export const backendServerTimeout: NumberSample<AnyPhase> = limit('be_server_timeout', ({ server }) => server)
/** How long both ends of a tunnel may be silent; 0 is none. HAProxy: `be_tunnel_timeout`. */
export const backendTunnelTimeout: NumberSample<AnyPhase> = limit('be_tunnel_timeout', ({ tunnel }) => tunnel)
/** HAProxy: `be_connect_timeout`. */
export const backendConnectTimeout: NumberSample<AnyPhase> = limit('be_connect_timeout', ({ connect }) => connect)
/** HAProxy: `be_queue_timeout`. */
export const backendQueueTimeout: NumberSample<AnyPhase> = limit('be_queue_timeout', ({ queue }) => queue)
/** HAProxy: `be_tarpit_timeout`. */
export const backendTarpitTimeout: NumberSample<AnyPhase> = limit('be_tarpit_timeout', ({ tarpit }) => tarpit)

/** What holds for this transaction: rules may have ordered it. Before there is a server, only what they have ordered is known. */
const current = (fetch: string, order: 'server' | 'tunnel'): NumberSample<AnyPhase> =>
  number(fetch, undefined, ({ timeouts }, { orders, server }) =>
    limitOf(orders?.timeouts?.get(order) ?? (server === undefined ? 0 : timeouts[order])),
  )

/** How long this transaction's server may be silent. HAProxy: `cur_server_timeout`. */
export const serverTimeout: NumberSample<AnyPhase> = current('cur_server_timeout', 'server')
/** HAProxy: `cur_tunnel_timeout`. */
export const tunnelTimeout: NumberSample<AnyPhase> = current('cur_tunnel_timeout', 'tunnel')
/** HAProxy: `cur_connect_timeout`. */
export const connectTimeout: NumberSample<AnyPhase> = limit(
  'cur_connect_timeout',
  ({ connect }, order) => order('connect') ?? connect,
)
/** HAProxy: `cur_queue_timeout`. */
export const queueTimeout: NumberSample<AnyPhase> = limit(
  'cur_queue_timeout',
  ({ queue }, order) => order('queue') ?? queue,
)
/** HAProxy: `cur_tarpit_timeout`. */
export const tarpitTimeout: NumberSample<AnyPhase> = limit(
  'cur_tarpit_timeout',
  ({ tarpit }, order) => order('tarpit') ?? tarpit,
)

/** How often a connection is tried again. HAProxy: `be_max_retries`. */
export const backendRetries: NumberSample<AnyPhase> = number('be_max_retries', undefined, ({ retries }) => retries)
/** The same with what rules have ordered for this transaction. HAProxy: `cur_max_retries`. */
export const retries: NumberSample<AnyPhase> = number(
  'cur_max_retries',
  undefined,
  (backend, { orders }) => orders?.retries ?? backend.retries,
)

const one = [{ name: 'backend', type: 'backend', optional: true }] as const

const asked = numberFetch<Backend, AnyPhase>(anyPhases, one)

/** A connection's own rules come before any backend. */
const entered = anyPhases.filter((phase) => phase !== 'connection' && phase !== 'session')

const inCharge = [
  backendName,
  backendId,
  backendServerTimeout,
  backendTunnelTimeout,
  backendConnectTimeout,
  backendQueueTimeout,
  backendTarpitTimeout,
  backendRetries,
  serverTimeout,
  tunnelTimeout,
  connectTimeout,
  queueTimeout,
  tarpitTimeout,
  retries,
] as const

/** The words of haproxy.cfg for these. */
export const backendFetches: readonly FetchDefinition[] = [
  asked('nbsrv', usableServers),
  asked('be_conn', backendConnections),
  asked('be_conn_free', backendFree),
  asked('connslots', backendSlots),
  asked('queue', backendQueue),
  asked('avg_queue', averageQueue),
  asked('be_sess_rate', backendSessionRate),
  ...inCharge.map((sample) => defineFetch({ ...sample, strictPhases: entered, backendOnly: true, make: () => sample })),
]
