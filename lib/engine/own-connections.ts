/** The server connections of one client, which nobody else may use: `http-reuse never`. One a server. */
import type { Server } from '../proxy/server.js'
import type { IdleOwner, ServerConnection } from './server-connection.js'

/** Idle connections that belong to one client and end with it. */
export class OwnConnections implements IdleOwner {
  /** Made when the first one is kept: most clients never need it. */
  #connections: Map<Server, ServerConnection> | undefined = undefined
  readonly #most: number
  /** The server that the client's last request went to. */
  last: Server | undefined = undefined

  /** @param most how many are kept; the oldest goes when one more comes */
  constructor(most: number) {
    this.#most = most
  }

  /** Keeps a connection for this client's next request. */
  keep(connection: ServerConnection): void {
    this.#connections ??= new Map()
    this.#connections.get(connection.server)?.destroy()
    if (this.#most === 0) {
      connection.destroy()
      return
    }
    for (const [server, oldest] of this.#connections) {
      if (this.#connections.size < this.#most || server === connection.server) break
      this.#connections.delete(server)
      oldest.owner = undefined
      oldest.destroy()
    }
    this.#connections.set(connection.server, connection)
    connection.owner = this
  }

  /** The one to this server, if it can still be used. */
  take(server: Server): ServerConnection | undefined {
    const connection = this.#connections?.get(server)
    if (connection === undefined) return undefined
    this.#connections?.delete(server)
    connection.owner = undefined
    return connection.reusable ? connection : undefined
  }

  /** Whether there is one to this server. */
  has(server: Server): boolean {
    return this.#connections?.has(server) === true
  }

  /** Forgets one that has gone by itself. */
  remove(connection: ServerConnection): void {
    if (this.#connections?.get(connection.server) === connection) this.#connections.delete(connection.server)
  }

  /** Closes all of them. */
  clear(): void {
    const connections = this.#connections
    this.#connections = undefined
    if (connections !== undefined) for (const connection of connections.values()) connection.destroy()
  }
}
