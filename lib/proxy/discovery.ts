/** Servers that somebody else knows of: a source that says, again and again, which there are. It runs nothing; the engine does. */
import { OptionError } from '../base/errors.js'
import type { ServerOptions } from './server-options.js'

/** One server as a source says it: its name, where it is, and what else is said of servers. */
export interface DiscoveredServer extends Omit<ServerOptions, 'id'> {
  readonly name: string
  /** As in `10.0.0.1:80`. */
  readonly address: string
}

/** What a source is told. */
export interface DiscoveryCall {
  /** Aborted when nobody wants to know any more. */
  readonly signal: AbortSignal
}

/** Yields the whole list each time that it has changed. */
export type DiscoverySource = (call: DiscoveryCall) => AsyncIterable<readonly DiscoveredServer[]>

/** A backend's servers from a source; see {@link discover}. */
export class Discovery {
  readonly source: DiscoverySource

  constructor(source: DiscoverySource) {
    this.source = source
  }
}

/**
 * Takes a backend's servers from a source that is asked while the balancer runs. Each list is the whole of it: servers are known by their names,
 * what is new joins, what is there no more leaves and finishes what it serves, an address or a weight that is another is changed in place, and anything else
 * makes a new server of it. What the source throws, and lists that are none, are told as `fault`, and change nothing; the source is then called
 * again, after a second at first and up to 30 seconds later. A source that ends has said all that it had to say.
 *
 * ```ts
 * new Backend('api', {
 *   servers: discover(async function* ({ signal }) {
 *     for await (const instances of consul.watch('api', { signal }))
 *       yield instances.map(({ id, ip, port }) => ({ name: id, address: `${ip}:${port}` }))
 *   }),
 * })
 * ```
 *
 * @throws {OptionError} when it is no function
 */
export function discover(source: DiscoverySource): Discovery {
  if (typeof source !== 'function') throw new OptionError('discover()', '', 'must be given an async generator function')
  return new Discovery(source)
}
