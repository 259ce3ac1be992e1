/** What rules have ordered of the engine, looked up where it is carried out; it goes before what a proxy says. */
import type { Context } from '../match/context.js'
import type { Backend } from '../proxy/backend.js'
import type { Frontend } from '../proxy/frontend.js'
import type { TunnelTimeouts } from './tunnel.js'

/** The time-outs that a rule may set. */
export type OrderedTimeout = 'client' | 'server' | 'tunnel' | 'connect' | 'queue' | 'tarpit'

/** The time that a rule has set, in milliseconds. */
export function orderedTimeout(context: Context | undefined, name: OrderedTimeout): number | undefined {
  return context?.orders?.timeouts?.get(name)
}

/** The times of a tunnel between the two. */
export function tunnelTimeouts(context: Context, frontend: Frontend, backend: Backend): TunnelTimeouts {
  return {
    client: orderedTimeout(context, 'client') ?? frontend.timeouts.client,
    server: orderedTimeout(context, 'server') ?? backend.timeouts.server,
    tunnel: orderedTimeout(context, 'tunnel') ?? backend.timeouts.tunnel,
    clientFin: frontend.timeouts.clientFin,
    serverFin: backend.timeouts.serverFin,
    clientIndependent: frontend.independentStreams,
    serverIndependent: backend.independentStreams,
  }
}
