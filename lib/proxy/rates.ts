/** How often clients come: what a proxy counts within the last second. */
import { RateCounter } from '../table/rate.js'

/** Both are counted by milliseconds of the engine's clock, with a period of 1000. */
export class Rates {
  /** Connections; at a backend, requests (in TCP mode, connections). */
  readonly sessions = new RateCounter()
  readonly requests = new RateCounter()
}
