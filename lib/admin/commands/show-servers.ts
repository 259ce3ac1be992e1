/** `show servers state` and `show servers conn`: how each server stands, and its connections. Manual of management, 9.3. */
import type { Backend } from '../../proxy/backend.js'
import type { Server } from '../../proxy/server.js'
import { type Command, type CommandCall, CommandError, type Stream } from '../command.js'
import { named } from '../lookup.js'
import { placeOf, STATE_COLUMNS, STATE_VERSION, stateLine } from '../server-state.js'

const CONNECTION_COLUMNS =
  '# bkname/svname bkid/svid addr port - purge_delay used_cur used_max need_est unsafe_nb safe_nb idle_lim idle_cur idle_per_thr[1]\n'

function backendsOf({ balancer, args: [name] }: CommandCall): readonly Backend[] {
  if (name === undefined) return [...balancer.backends].sort((one, other) => one.id - other.id)
  const backend = named(balancer.backends, name)
  if (backend === undefined) throw new CommandError("Can't find backend.\n")
  return [backend]
}

function showState(call: CommandCall): Stream {
  return stateLines(backendsOf(call), call.balancer.engine.clock.now())
}

/** All of it, piece by piece: what a state file holds. */
export function* stateLines(backends: readonly Backend[], now: number): Generator<string> {
  yield `${STATE_VERSION}\n# ${STATE_COLUMNS.join(' ')}\n`
  for (const backend of backends) for (const server of backend.servers) yield `${stateLine(backend, server, now)}\n`
}

function showConnections(call: CommandCall): Stream {
  return connectionLines(call, backendsOf(call))
}

function* connectionLines({ balancer }: CommandCall, backends: readonly Backend[]): Generator<string> {
  yield CONNECTION_COLUMNS
  for (const backend of backends)
    for (const server of backend.servers) {
      const idle = balancer.engine.idleConnectionsOf(server)
      yield `${connectionLine(backend, server, idle)}\n`
    }
}

function connectionLine(
  backend: Backend,
  server: Server,
  idle: { readonly all: number; readonly safe: number },
): string {
  const { host, port } = placeOf(server)
  const { current, highest } = server.counters
  const limit = backend.maxIdleConnections
  const figures = [
    backend.idleTimeout,
    current,
    highest,
    highest,
    idle.all - idle.safe,
    idle.safe,
    limit,
    idle.all,
    idle.all,
  ]
  return `${backend.name}/${server.name} ${backend.id}/${server.id} ${host} ${port} - ${figures.join(' ')}`
}

export const serverViews: readonly Command[] = [
  {
    words: ['show', 'servers', 'state'],
    usage: 'show servers state [<backend>]          : dump volatile server information (all or for a single backend)',
    level: 'user',
    run: showState,
  },
  {
    words: ['show', 'servers', 'conn'],
    usage: 'show servers conn [<backend>]           : dump server connections status (all or for a single backend)',
    level: 'user',
    run: showConnections,
  },
]
