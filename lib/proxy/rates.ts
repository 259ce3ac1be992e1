/** How often clients come: what a proxy counts within the last second. */
import { RateCounter } from '../table/rate.js'

/** All are counted by milliseconds of the engine's clock, with a period of 1000. */
export class Rates {
  /** Connections of a frontend, those included that its rules refuse at once. */
  readonly connections = new RateCounter()
  /** Connections that are served; at a backend, requests (in TCP mode, connections). */
  readonly sessions = new RateCounter()
  readonly requests = new RateCounter()
  /** Bytes to clients. */
  readonly bytesOut = new RateCounter()
}
