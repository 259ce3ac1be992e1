/** Watches the servers of one backend, those that join while it runs included. What goes on around one server is in `ServerWatch`. */
import type { Backend } from '../proxy/backend.js'
import type { Server } from '../proxy/server.js'
import type { ServerChange } from '../proxy/server-change.js'
import type { Engine } from './engine.js'
import { ServerWatch } from './server-watch.js'

/** Watches the servers of one backend. */
export class Monitor {
  readonly #engine: Engine
  readonly #backend: Backend
  readonly #watches = new Map<Server, ServerWatch>()

  constructor(engine: Engine, backend: Backend) {
    this.#engine = engine
    this.#backend = backend
  }

  start(): void {
    this.#engine.monitors.set(this.#backend, this)
    for (const server of this.#backend.servers) this.#begin(server)
    this.#backend.outliers?.attend(this.#engine.clock)
  }

  stop(): void {
    this.#engine.monitors.delete(this.#backend)
    for (const watch of this.#watches.values()) watch.stop()
    this.#watches.clear()
    this.#backend.outliers?.leave()
  }

  /** One of the servers is not as it was. */
  changed(server: Server, change: ServerChange): void {
    if (change.what === 'added') this.#begin(server)
    else if (change.what === 'removed') this.#end(server)
    else this.#watches.get(server)?.changed(change)
  }

  #begin(server: Server): void {
    const watch = new ServerWatch(this.#engine, this.#backend, server)
    this.#watches.set(server, watch)
    watch.start()
  }

  #end(server: Server): void {
    this.#watches.get(server)?.stop()
    this.#watches.delete(server)
    this.#backend.outliers?.forget(server)
  }
}
