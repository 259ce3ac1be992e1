/** The servers of a backend as its users see them: a list that stands still, with the ways to a next one. */
import { NamedList } from '../base/named-list.js'
import { type LeaveOptions, type Leaving, patienceOf } from './leaving.js'
import type { Server } from './server.js'

/** Who keeps the list. */
export interface ServerListOwner {
  addServer(server: Server): void
  removeServer(server: Server, patience: number): Leaving
}

/**
 * The servers of a backend, in order. A change gives the backend another list, and whoever looks at this one sees what was.
 *
 * ```ts
 * backend.servers.add(new Server('api3', '10.0.1.3:80'))
 * const leaving = backend.servers.remove('api1', { drain: '30s' })
 * console.log(leaving?.left, 'requests are left')
 * await leaving?.gone
 * ```
 */
export class ServerList extends NamedList<Server> {
  readonly #owner: ServerListOwner

  constructor(owner: ServerListOwner, servers: readonly Server[]) {
    super(servers)
    this.#owner = owner
    Object.freeze(this)
  }

  /** Takes a server in, behind the others; it takes requests from now on. @throws {OptionError} when there is one of that name or id */
  add(server: Server): void {
    this.#owner.addServer(server)
  }

  /**
   * Takes a server out, for good: it gets nothing new, and those who wait for it look for another. What it serves now is finished, unless
   * {@link LeaveOptions.drain} says otherwise.
   * @returns what it still has to do; nothing when there is no such server
   */
  remove(which: Server | string, options: LeaveOptions = {}): Leaving | undefined {
    const patience = patienceOf('servers.remove()', options)
    const server = this.meant(which)
    return server === undefined ? undefined : this.#owner.removeServer(server, patience)
  }
}
