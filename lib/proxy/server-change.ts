/** What happened to a server: the news that its backend passes on to whoever runs it. Who hears it acts on it (closes connections, begins to check) or tells of it. */
import type { Backend } from './backend.js'
import type { LastCheck } from './check-result.js'
import type { Leaving } from './leaving.js'
import type { Server } from './server.js'
import type { AdminState, ObservedState } from './server-state.js'

/** How a server stood before: its own orders, those of the one that it tracks, those that counted, and what was observed. */
export interface StandingBefore {
  readonly admin: AdminState
  readonly inherited: AdminState
  readonly ordered: AdminState
  readonly state: ObservedState
}

/** What is different now. */
export type ServerChange =
  /** It was observed to go up or down, or says that it wants no more. */
  | {
      readonly what: 'health'
      /** It can be reached: it is up or stopping. */
      readonly up: boolean
      readonly state: ObservedState
      readonly before: ObservedState
      /** What the last check saw, in HAProxy's words: `L4CON`, `L7STS/503` … */
      readonly reason: string
      /** The check that made the difference. */
      readonly check?: LastCheck
      /** It was its agent that made the difference. */
      readonly agent?: boolean
      /** It was the server that it tracks. */
      readonly via?: boolean
      /** Requests that waited for it and look for another, or waited for any and found a place now. */
      readonly requeued?: number
    }
  /** It was ordered into another state, or the one that it tracks was. */
  | {
      readonly what: 'admin'
      readonly reason?: string | undefined
      readonly before: StandingBefore
      readonly via?: boolean
      readonly requeued?: number
    }
  /** Its name has an address, or none any more. */
  | { readonly what: 'resolution'; readonly resolved: boolean; readonly reason?: string | undefined }
  /** Its checks or its agent were suspended, or go on. */
  | { readonly what: 'checks' }
  /** It gets nothing new for a while, or is tried again: its traffic was worse than that of others. */
  | { readonly what: 'ejected'; readonly ejected: boolean; readonly reason: string }
  /** Its weight, its limits or its address were changed; or as much of its weight counts as before, since it starts slowly. */
  | { readonly what: 'weight' | 'limits' | 'warmth'; readonly reason?: string | undefined }
  | {
      readonly what: 'address'
      readonly reason?: string | undefined
      /** Who said so when its name was looked up, and the IP address until then. */
      readonly by?: { readonly source: string; readonly before: string | undefined } | undefined
    }
  /** Its address is found by another name. */
  | { readonly what: 'name'; readonly before: string | undefined; readonly reason?: string | undefined }
  /** It joined its backend, or left it for good. */
  | { readonly what: 'added' | 'removed' }

/** Whoever runs a backend: it has the connections, the timers and the listeners. */
export interface BackendHost {
  serverChanged(backend: Backend, server: Server, change: ServerChange): void
  /** It has begun to use servers that are not up, or need not any more. */
  panicChanged(backend: Backend): void
  /** A server was taken out, and has so many milliseconds for what it serves. */
  serverLeft(server: Server, patience: number): Leaving
}
