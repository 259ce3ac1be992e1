/** `balance first`: the first server that has a place left. */
import type { Algorithm } from './algorithm.js'
import { OrderedPicker } from './ordered.js'

/**
 * The server with the lowest id that has a place left, so that the last ones can be switched off; weights do not
 * count (but 0). Makes sense with `maxConnections` only. Manual, `balance first`.
 */
export function first(): Algorithm {
  return {
    name: 'first',
    needs: 'nothing',
    skipsFull: true,
    dynamic: true,
    picker: (pool) =>
      new OrderedPicker(
        pool,
        (server) => server.id,
        undefined,
        (server) => server.full === true,
      ),
  }
}
