/** What persistence knows of one request (in TCP mode: of one connection) in one backend. */
import type { Context } from '../../match/context.js'
import type { Server } from '../server.js'
import type { CookieState } from './cookie-state.js'
import type { PersistedBy } from './method.js'
import type { StickState } from './stick-state.js'

export class Persisted {
  /** Whose persistence this is; in another backend a request begins anew. */
  readonly owner: object
  /** It goes to its server whatever that one's state, and nowhere else. HAProxy: `force-persist`. */
  readonly forced: boolean
  /** What the client says of servers does not count. HAProxy: `ignore-persist`. */
  readonly ignored: boolean
  /** Servers that are down are taken as well. HAProxy: `option persist`. */
  readonly #persistent: boolean
  /** Every way has looked at the request. */
  asked = false
  /** Whom it was given to before the algorithm was asked. */
  server: Server | undefined = undefined
  /** What gave it. */
  by: PersistedBy | undefined = undefined
  /** The same in words. */
  why = ''
  /** What is known of its cookies, where the backend has one for persistence. */
  cookie: CookieState | undefined = undefined
  /** What stick tables will know it by. */
  stick: StickState | undefined = undefined

  constructor(owner: object, persistent: boolean, forced: boolean, ignored: boolean) {
    this.owner = owner
    this.#persistent = persistent
    this.forced = forced
    this.ignored = ignored
  }

  /** Whether a server may have this request, though it is drained, down or in maintenance. */
  takes(server: Server): boolean {
    return server.reachable || this.forced || this.#persistent
  }

  /** The first one to give it to a server counts. */
  give(server: Server, by: PersistedBy, why: string): void {
    if (this.server !== undefined) return
    this.server = server
    this.by = by
    this.why = why
  }
}

/** What a context's backend has noted, when it has persistence and the request has come that far. */
export function persistedOf(context: Context): Persisted | undefined {
  return context.persisted as Persisted | undefined
}
