/** The servers of a backend as its users see them: a list that stands still, with the ways to a next one. */
import type { Server } from './server.js'

/** Who keeps the list. */
export interface ServerListOwner {
  addServer(server: Server): void
  removeServer(server: Server): void
}

/**
 * The servers of a backend, in order. A change gives the backend another list, and whoever looks at this one sees what was.
 *
 * ```ts
 * backend.servers.add(new Server('api3', '10.0.1.3:80'))
 * backend.servers.remove('api1')
 * ```
 */
export class ServerList extends Array<Server> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }

  readonly #owner: ServerListOwner

  constructor(owner: ServerListOwner, servers: readonly Server[]) {
    super(...(servers.length === 1 ? [] : servers))
    if (servers.length === 1) this.push(servers[0] as Server)
    this.#owner = owner
    Object.freeze(this)
  }

  /** The server of that name. */
  named(name: string): Server | undefined {
    return this.find((server) => server.name === name)
  }

  /** Takes a server in, behind the others; it takes requests from now on. @throws {OptionError} when there is one of that name or id */
  add(server: Server): void {
    this.#owner.addServer(server)
  }

  /**
   * Takes a server out, for good: it gets nothing new, and those who wait for it look for another. What it serves now is finished.
   * @returns the server, if there was one
   */
  remove(which: Server | string): Server | undefined {
    const server = typeof which === 'string' ? this.named(which) : this.find((one) => one === which)
    if (server !== undefined) this.#owner.removeServer(server)
    return server
  }
}
