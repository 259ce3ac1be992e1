/** Questions about frontends: how busy they are, what they are called, how long they wait. */
import { defineFetch, type FetchDefinition } from '../../match/fetch.js'
import { clientPhases } from '../../match/fetches/phases.js'
import type { NumberSample } from '../../match/number-sample.js'
import type { ClientPhase } from '../../match/phase.js'
import { TextSample } from '../../match/text-sample.js'
import { Frontend } from '../frontend.js'
import { limitOf, numberFetch, numbersOf, type Reference, type Whom } from './common.js'

/** The frontend that took the connection. */
export const present: Whom<Frontend> = ({ frontend }) => (frontend instanceof Frontend ? frontend : undefined)

const number = numbersOf<Frontend, ClientPhase>(present, clientPhases)

/** How many connections a frontend has; without one, that of the connection. HAProxy: `fe_conn([frontend])`. */
export function frontendConnections(frontend?: Reference<Frontend>): NumberSample<ClientPhase> {
  return number('fe_conn', frontend, ({ counters }) => counters.current)
}

/** Requests that came to a frontend within the last second. HAProxy: `fe_req_rate([frontend])`. */
export function frontendRequestRate(frontend?: Reference<Frontend>): NumberSample<ClientPhase> {
  return number('fe_req_rate', frontend, ({ rates }, { now }) => rates.requests.read(now, 1000))
}

/** Connections that came to a frontend within the last second. HAProxy: `fe_sess_rate([frontend])`. */
export function frontendSessionRate(frontend?: Reference<Frontend>): NumberSample<ClientPhase> {
  return number('fe_sess_rate', frontend, ({ rates }, { now }) => rates.sessions.read(now, 1000))
}

/** The number of the frontend. HAProxy: `fe_id`. */
export const frontendId: NumberSample<ClientPhase> = number('fe_id', undefined, ({ id }) => id)

/** How long the frontend waits for a silent client, in milliseconds; 0 is without end. HAProxy: `fe_client_timeout`. */
export const frontendClientTimeout: NumberSample<ClientPhase> = number('fe_client_timeout', undefined, ({ timeouts }) =>
  limitOf(timeouts.client),
)

/** How long the frontend holds whoever a rule tarpits. HAProxy: `fe_tarpit_timeout`. */
export const frontendTarpitTimeout: NumberSample<ClientPhase> = number('fe_tarpit_timeout', undefined, ({ timeouts }) =>
  limitOf(timeouts.tarpit),
)

/** How long the connection's present client may be silent, in milliseconds: as rules have set it, or as its frontend says. HAProxy: `cur_client_timeout`. */
export const clientTimeout: NumberSample<ClientPhase> = number(
  'cur_client_timeout',
  undefined,
  ({ timeouts }, { orders }) => limitOf(orders?.timeouts?.get('client') ?? timeouts.client),
)

/** The frontend's default backend; absent when it has none. HAProxy: `fe_defbe`. */
export const frontendDefaultBackend: TextSample<ClientPhase> = new TextSample<ClientPhase>({
  name: 'fe_defbe',
  type: 'str',
  phases: clientPhases,
  ask: (context) => present(context)?.defaultBackend?.name,
})

const one = [{ name: 'frontend', type: 'frontend', optional: true }] as const

const asked = numberFetch<Frontend, ClientPhase>(clientPhases, one)

/** The words of haproxy.cfg for these. */
export const frontendFetches: readonly FetchDefinition[] = [
  asked('fe_conn', frontendConnections),
  asked('fe_req_rate', frontendRequestRate),
  asked('fe_sess_rate', frontendSessionRate),
  ...[frontendId, frontendClientTimeout, frontendTarpitTimeout, clientTimeout, frontendDefaultBackend].map((sample) =>
    defineFetch({ ...sample, make: () => sample }),
  ),
]
