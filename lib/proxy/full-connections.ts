/** How many connections a backend has when it is full, where nobody says. */
import type { Backend } from './backend.js'
import type { Frontend } from './frontend.js'

/** What HAProxy takes of a frontend that has no limit. */
const UNLIMITED = 2000

/** A tenth of what the frontends of a backend take. Manual, `fullconn`. */
export function usualFullConnections(backend: Backend, frontends: readonly Frontend[], most: number): number {
  let sum = 0
  for (const frontend of frontends) {
    if (!frontend.backends().includes(backend)) continue
    const limit = Math.min(frontend.maxConnections, most)
    sum += limit === Number.POSITIVE_INFINITY ? UNLIMITED : limit
  }
  return Math.max(1, Math.ceil((sum || UNLIMITED) / 10))
}
