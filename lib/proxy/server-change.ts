/** What happened to a server: the news that its backend passes on to whoever runs it. Who hears it acts on it (closes connections, begins to check) or tells of it. */
import type { Backend } from './backend.js'
import type { Server } from './server.js'

/** What is different now. */
export type ServerChange =
  /** It was observed to go up or down. */
  | { readonly what: 'health'; readonly up: boolean; readonly reason: string }
  /** It was ordered into another state. */
  | { readonly what: 'admin'; readonly reason?: string | undefined }
  /** Its weight, its limits or its address were changed. */
  | { readonly what: 'weight' | 'limits' | 'address'; readonly reason?: string | undefined }
  /** It joined its backend, or left it for good. */
  | { readonly what: 'added' | 'removed' }

/** Whoever runs a backend: it has the connections, the timers and the listeners. */
export interface BackendHost {
  serverChanged(backend: Backend, server: Server, change: ServerChange): void
}
