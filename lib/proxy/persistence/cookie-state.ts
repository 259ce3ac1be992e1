/** What is known of the persistence cookie of one request, and what has become of it; log lines show it as HAProxy's do (manual, 8.5). */

import type { Context } from '../../match/context.js'

/**
 * What the client's cookies said: none, an invalid one, one of a server that is down, a valid one, one too long unused, one too old, or one that did not matter.
 */
export type CookieTold = 'N' | 'I' | 'D' | 'V' | 'E' | 'O' | 'U'

/** What the response does: nothing, inserts, updates, passes the server's on, rewrites it, or deletes it. */
export type CookieDone = 'N' | 'I' | 'U' | 'P' | 'R' | 'D'

export class CookieState {
  told: CookieTold = 'N'
  done: CookieDone = 'N'
  /** Seconds since 1970 when it was given last; 0 when it does not say. */
  lastSeen = 0
  /** The same of the first time. */
  firstSeen = 0
}

/** Seconds since 1970: all that cookies know of time, so that any proxy's clock will do. */
export function secondsNow({ clock, wall }: Context): number {
  return Math.floor((clock?.wall() ?? wall) / 1000)
}
