/** `balance leastconn`: the server that carries least for its weight. */
import type { Algorithm, Candidate } from './algorithm.js'
import { OrderedPicker } from './ordered.js'

/** The server with the fewest requests, running and waiting, for its weight; equals take turns. Manual, `balance leastconn`. */
export function leastConn(): Algorithm {
  return {
    name: 'leastconn',
    needs: 'nothing',
    skipsFull: true,
    dynamic: true,
    picker: (pool, _random, previous) => new OrderedPicker(pool, loadOf, previous),
  }
}

/** Load for weight in 256ths, as coarse as HAProxy's, so that its ties are ours. */
function loadOf(server: Candidate): number {
  return Math.floor(((server.active + server.queued) * 256) / server.weight)
}
