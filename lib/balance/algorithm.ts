/** The contract of balancing algorithms: which server of those in rotation takes a request. Who is in rotation, queues and retries are the caller's. */
import type { Random } from '../base/random.js'
import type { Context } from '../match/context.js'

/** What algorithms read of a server; `Server` of the proxy room satisfies it. */
export interface Candidate {
  /** HAProxy's `id`: consistent hashing places servers by it, `first` goes by it. Unique within a backend. */
  readonly id: number
  readonly name: string
  /** 0 to 256 as it is now, in sixteenths while a server starts slowly; read when a picker is made. 0 is never picked. */
  readonly effectiveWeight: number
  /** Requests (in TCP mode, connections) that it serves now. */
  readonly active: number
  /** Requests that wait for it. */
  readonly queued: number
  /** No place left. Left out where servers have no limit. */
  readonly full?: boolean
  /** No place left, and none in its own queue where that has an end. Left out where servers have no limit. */
  readonly crowded?: boolean
  /** No place left, and its own queue has an end, which is reached. Left out where servers have no limit. */
  readonly queueFull?: boolean
}

/**
 * What is asked of algorithms.
 *
 * An algorithm is a plain description that can be shared by any number of backends. All state is in the {@link Picker}
 * that it makes for one pool.
 */
export interface Algorithm {
  /** As `balance` writes it in a haproxy.cfg, for example `uri` or `hdr(host)`. */
  readonly name: string
  /**
   * What has to be there before a pick: nothing, the request's head (`context.request`), the head and as much of a body
   * as fits the buffer (in `context.input`), or a connection's first bytes (in `context.input`).
   */
  readonly needs: 'nothing' | 'request' | 'body' | 'content'
  /**
   * Whether a server without a free place is passed over. Where it is not (hashing on a key), the request
   * waits in the queue of the server that its key leads to, and `usable` must speak of servers tried already only.
   */
  readonly skipsFull: boolean
  /** Whether a full server is chosen as long as there is room in its own queue, where that has an end. Default: no. */
  readonly fillsQueues?: boolean
  /** Whether a weight may change at run time; where not (static-rr, map-based hashing), only 0 and the initial weight make sense. */
  readonly dynamic: boolean
  /**
   * Makes the picker of one pool. A change of members or weights takes a new one.
   * @param pool the servers in rotation, in the order of their declaration; the array is not changed afterwards
   * @param random chance as an input
   * @param previous the picker of the same backend's pool before the change, so that rotations go on where they were
   */
  picker<T extends Candidate>(pool: readonly T[], random: Random, previous?: Picker<T>): Picker<T>
}

/** An algorithm at work on one pool. Picking allocates nothing. */
export interface Picker<T extends Candidate> {
  /**
   * The server that takes this request, or `undefined` when none is usable. A picker may leave out of its search whoever was full when it was last
   * told of its load, so that full servers cost nothing.
   * @param usable has the last word on each server: has a place left (see {@link Algorithm.skipsFull}), not tried yet
   */
  pick(context: Context, usable: (server: T) => boolean): T | undefined
  /** To be called after each change of a server's `active` or `queued`, and when it is full no more for another reason; an unknown server is ignored. */
  loadChanged(server: T): void
  /**
   * Goes on with a pool in which one server is different: it came (and stands behind the others), it left, or its weight changed.
   * @param present whether it is in the pool
   * @returns `false` when another picker has to be made for that; so does one without this method
   */
  change?(server: T, present: boolean): boolean
}
