/** `balance leastconn`: the server that carries least for its weight. */
import type { Algorithm, Candidate } from './algorithm.js'
import { OrderedPicker } from './ordered.js'

/** The server with the fewest requests, running and waiting, for its weight; equals take turns. Manual, `balance leastconn`. */
export function leastConn(): Algorithm {
  return {
    name: 'leastconn',
    needs: 'nothing',
    skipsFull: true,
    fillsQueues: true,
    dynamic: true,
    picker: (pool, _random, previous) =>
      new OrderedPicker(pool, loadOf, previous, (server) => (server.crowded ?? server.full) === true),
  }
}

/** What one more request would make of it, for its weight, in 256ths; but all idle servers are equals, as with HAProxy. */
function loadOf(server: Candidate): number {
  const load = server.active + server.queued
  return load === 0 ? 0 : Math.floor(((load + 1) * 256) / server.effectiveWeight)
}
