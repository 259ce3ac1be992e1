/** Which server of a backend would take a request now, and why the others would not: for explanations. */
import type { Context } from '../match/context.js'
import type { Backend } from './backend.js'
import type { ExplainedServer } from './explanation.js'
import { persistedOf } from './persistence/persisted.js'
import type { Server } from './server.js'

/** Asks the algorithm without taking anybody's turn. */
export function chooseServer(backend: Backend, context: Context): ExplainedServer {
  const { rotation, servers, balance } = backend
  const out = servers
    .filter((server) => !rotation.includes(server) || server.full)
    .map((server) => ({ name: server.name, why: whyOut(server) }))
  if (servers.length === 0) return { why: 'the backend has none', out }
  const assigned = backend.assigned(context)
  if (assigned !== undefined) {
    const by = persistedOf(context)?.why ?? 'use-server'
    return { name: assigned.name, address: assigned.address, why: waiting(by, assigned), out }
  }
  if (rotation.length === 0) return { why: 'none is in rotation', out }
  const chosen = backend.preview(context)
  if (chosen === undefined) return { why: 'all are full: it would wait in the queue of the backend', out }
  const { name, address } = chosen
  const among = rotation.length === 1 ? 'the only one in rotation' : `${balance.name}, one of ${rotation.length}`
  const remarks = (backend.persistence?.remarks(context) ?? []).map((remark) => `; ${remark}`).join('')
  return { name, address, why: `${waiting(among, chosen)}${remarks}`, out }
}

const waiting = (why: string, { full }: Server): string => (full ? `${why}, in whose queue it would wait` : why)

function whyOut(server: Server): string {
  if (server.admin === 'maint') return 'in maintenance'
  if (server.admin === 'drain') return 'drained'
  if (!server.up) return 'down'
  if (server.weight === 0) return 'its weight is 0'
  if (server.full) return `full, with ${server.active} of ${server.maxConnections}`
  return server.backup ? 'a backup' : 'not in rotation'
}
