/** Questions about servers: how busy they are, what they weigh, whether they are up, what the one that answers is called. */
import { callText } from '../../match/call-text.js'
import { defineFetch, type FetchDefinition } from '../../match/fetch.js'
import { anyPhases } from '../../match/fetches/phases.js'
import { FlagSample } from '../../match/flag-sample.js'
import type { NumberSample } from '../../match/number-sample.js'
import type { AnyPhase, Phase } from '../../match/phase.js'
import { TextSample } from '../../match/text-sample.js'
import { Server } from '../server.js'
import { numberFetch, numbersOf, type Reference, type Whom, whom } from './common.js'

/** The server that the request went to, once it has. */
const present: Whom<Server> = ({ server }) => (server instanceof Server ? server : undefined)

type Asked = Reference<Server>

const number = numbersOf<Server, AnyPhase>(present, anyPhases)

/** How many requests (in TCP mode, connections) a server has. HAProxy: `srv_conn([backend/]server)`. */
export function serverConnections(server: Asked): NumberSample<AnyPhase> {
  return number('srv_conn', server, ({ active }) => active)
}

/** How many more a server may take; -1 when it has no limit. HAProxy: `srv_conn_free([backend/]server)`. */
export function serverFree(server: Asked): NumberSample<AnyPhase> {
  return number('srv_conn_free', server, ({ maxConnections, active }) =>
    maxConnections === Number.POSITIVE_INFINITY ? -1 : Math.max(0, maxConnections - active),
  )
}

/** How many wait for a server. HAProxy: `srv_queue([backend/]server)`. */
export function serverQueue(server: Asked): NumberSample<AnyPhase> {
  return number('srv_queue', server, ({ queued }) => queued)
}

/** Requests (in TCP mode, connections) that went to a server within the last second. HAProxy: `srv_sess_rate([backend/]server)`. */
export function serverSessionRate(server: Asked): NumberSample<AnyPhase> {
  return number('srv_sess_rate', server, ({ rate }, { now }) => rate.read(now, 1000))
}

/** A server's present weight. HAProxy: `srv_weight([backend/]server)` and `srv_uweight`. */
export function serverWeight(server: Asked): NumberSample<AnyPhase> {
  return number('srv_weight', server, ({ weight }) => weight)
}

/** The weight that a server began with. HAProxy: `srv_iweight([backend/]server)`. */
export function serverInitialWeight(server: Asked): NumberSample<AnyPhase> {
  return number('srv_iweight', server, ({ initialWeight }) => initialWeight)
}

/** Whether a server is up and not in maintenance. HAProxy: `srv_is_up([backend/]server)`. */
export function serverIsUp(server: Asked): FlagSample<AnyPhase> {
  const find = whom(server, present)
  return new FlagSample<AnyPhase>({
    name: callText('srv_is_up', [server.name]),
    type: 'bool',
    phases: anyPhases,
    ask: (context) => {
      const found = find(context)
      return found === undefined ? undefined : found.up && found.admin !== 'maint'
    },
  })
}

/** The name of the server that the request went to. HAProxy: `srv_name`. */
export const serverName: TextSample<AnyPhase> = new TextSample<AnyPhase>({
  name: 'srv_name',
  type: 'str',
  phases: anyPhases,
  ask: (context) => present(context)?.name,
})

/** Its number: the one that it was given, or its place in its backend, from 1. HAProxy: `srv_id`. */
export const serverId: NumberSample<AnyPhase> = number('srv_id', undefined, ({ id }) => id)

const one = [{ name: 'server', type: 'server' }] as const
const responding: readonly Phase[] = ['responseContent', 'response', 'afterResponse', 'log', 'check']

const asked = numberFetch<Server, AnyPhase>(anyPhases, one)

/** The words of haproxy.cfg for these. */
export const serverFetches: readonly FetchDefinition[] = [
  asked('srv_conn', serverConnections),
  asked('srv_conn_free', serverFree),
  asked('srv_queue', serverQueue),
  asked('srv_sess_rate', serverSessionRate),
  asked('srv_weight', serverWeight),
  asked('srv_uweight', serverWeight),
  asked('srv_iweight', serverInitialWeight),
  defineFetch({
    name: 'srv_is_up',
    type: 'bool',
    phases: anyPhases,
    arguments: one,
    make: ([server]) => serverIsUp(server as Asked),
  }),
  defineFetch({ ...serverName, strictPhases: responding, make: () => serverName }),
  defineFetch({ ...serverId, strictPhases: responding, make: () => serverId }),
]
