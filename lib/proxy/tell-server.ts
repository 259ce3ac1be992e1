/** What a server is told besides the request itself: the fields that a proxy adds on the way out, in HAProxy's order. */
import type { Context } from '../match/context.js'
import type { Backend } from './backend.js'
import { tellForwardedFor } from './forward-for.js'
import { tellForwarded } from './forwarded.js'
import type { Frontend } from './frontend.js'
import { tellOriginalTo } from './original-to.js'

/** @param server the name of the one that gets it; without one, it is not told its name */
export function tellServer(context: Context, frontend: Frontend, backend: Backend, server: string | undefined): void {
  if (frontend.uniqueId?.header !== undefined)
    context.request.headers.append(frontend.uniqueId.header, context.uniqueId ?? '')
  tellForwarded(context, backend.forwarded)
  tellForwardedFor(context, frontend.forwardFor, backend.forwardFor)
  tellOriginalTo(context, frontend.originalTo, backend.originalTo)
  if (backend.sendNameHeader !== undefined && server !== undefined)
    context.request.headers.set(backend.sendNameHeader, server)
}
