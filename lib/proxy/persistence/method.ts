/** A way to send a client's requests to the same server again: what it is as its user writes it, and what it is at work in one backend. */
import type { Context } from '../../match/context.js'
import type { Mode } from '../mode.js'
import type { Server } from '../server.js'
import type { Persisted } from './persisted.js'

/** What may send a request to a server, beside the algorithm. */
export type PersistedBy = 'use-server' | 'cookie' | 'rdp-cookie' | 'stick'

/** What a way knows of the backend that it works in. */
export interface PersistentPool {
  readonly name: string
  readonly mode: Mode
  /** In the order of their declaration. */
  readonly servers: readonly Server[]
  server(name: string): Server | undefined
}

/** One way, as it is given to backends; it holds nothing of any of them, so that several can have the same. */
export interface PersistenceMethod {
  readonly by: Exclude<PersistedBy, 'use-server'>
  /** As explanations call it: `cookie SRV`. */
  readonly name: string
  /**
   * Begins to work in a backend. Servers may not be there yet.
   * @throws {OptionError} when it cannot work there
   */
  join(pool: PersistentPool): Keeper
}

/** A way at work in one backend. */
export interface Keeper {
  readonly by: Exclude<PersistedBy, 'use-server'>
  readonly name: string
  /** Servers have come, gone or moved. */
  serversChanged?(): void
  /** A request comes to the backend; its own rules have not run yet. */
  enter?(context: Context, persisted: Persisted): void
  /**
   * Looks at a request, once, before a server is chosen, though it may be that one is chosen already (`persisted.server`); may change the request.
   * @returns whose it is, as long as {@link Persisted.takes} allows it; nobody's, when persistence is to be ignored (`persisted.ignored`)
   */
  choose(context: Context, persisted: Persisted): Server | undefined
  /** Why it did not send a request anywhere, where there is more to say than that there was nothing. */
  remark?(persisted: Persisted): string | undefined
  /** The server that it was given to could not be had: it goes elsewhere. */
  moved?(context: Context, persisted: Persisted): void
  /** A server has answered, and no rule has looked at the response yet. In TCP mode: the server is reached, or its first bytes have been looked at. */
  answered?(context: Context, persisted: Persisted): void
  /**
   * Looks at the response of a server, behind all rules but those for every answer; may change it. In TCP mode: the server is reached.
   * @param server may be another one than was chosen
   */
  answer?(context: Context, server: Server, persisted: Persisted): void
}
