/** Which of a test's servers a dial means. Servers are known by name, and the network only knows places. */
import { OptionError } from '../base/errors.js'
import type { Target } from '../engine/network.js'
import { placeOf } from '../engine/target.js'
import type { Backend } from '../proxy/backend.js'
import type { Server } from '../proxy/server.js'
import type { Reached } from './memory-network.js'
import type { MemorySocket } from './memory-socket.js'
import type { Handler, Origin } from './reply.js'
import { TestOrigin } from './test-origin.js'

/** What stands for each server, by its name or, where two backends have one of that name, by `backend/server`. */
export type Origins = Readonly<Record<string, Origin>>

interface Entry {
  readonly backend: Backend
  readonly server: Server
}

/** What stands for a name, and when it was given. */
interface Given {
  readonly origin: Origin
  readonly turn: number
}

const fullName = ({ backend, server }: Entry): string => `${backend.name}/${server.name}`

/** The servers of a test. */
export class OriginTable {
  readonly #backends: () => readonly Backend[]
  /** By the names that they were given by. */
  readonly #origins = new Map<string, Given>()
  #turns = 0
  readonly #failed: (error: unknown) => void

  /**
   * @param backends those that there are at the moment
   * @param failed told of what a handler throws
   * @throws {OptionError} when a name is no server's
   */
  constructor(backends: () => readonly Backend[], origins: Origins, failed: (error: unknown) => void) {
    this.#failed = failed
    this.#backends = backends
    // The longer names count more.
    const byLength = Object.entries(origins).sort(([a], [b]) => Number(a.includes('/')) - Number(b.includes('/')))
    for (const [name, origin] of byLength) this.set(name, origin)
  }

  /** The servers that there are at the moment, and of which something is true. */
  #entries(is: (entry: Entry) => boolean): Entry[] {
    const found: Entry[] = []
    for (const backend of this.#backends()) {
      for (const server of backend.servers) {
        const entry = { backend, server }
        if (is(entry)) found.push(entry)
      }
    }
    return found
  }

  /**
   * Puts something else in a server's place, from the next connection on.
   * @throws {OptionError} when the name is no server's
   */
  set(name: string, origin: Origin): void {
    const isMeant = (entry: Entry): boolean =>
      entry.server.name === name || (name.endsWith(entry.server.name) && fullName(entry) === name)
    if (this.#entries(isMeant).length === 0) {
      const known = this.#entries(() => true)
        .map(fullName)
        .join(', ')
      throw new OptionError('inMemory()', name, `there is no server of that name; there are ${known}`)
    }
    this.#origins.set(name, { origin, turn: this.#turns++ })
  }

  /** Who is at a place. A server that the test says nothing of refuses. */
  readonly lookup = (target: Target): Reached => {
    const found = this.#at(target)
    const origin = found && this.#originOf(found)
    if (found === undefined || origin === undefined) return 'refuse'
    if (typeof origin !== 'function') {
      if (origin.kind === 'refuse' || origin.kind === 'unreachable') return origin.kind
      if (origin.kind === 'tcp') return (socket) => origin.serve(socket, found.server.name)
    }
    const handler: Handler = typeof origin === 'function' ? origin : () => origin
    return (socket: MemorySocket) => void new TestOrigin(socket, found.server.name, handler, this.#failed)
  }

  /** Several servers may share a place (two pools with the same machines): the first that the test speaks of is meant. */
  #at(target: Target): Entry | undefined {
    const here = this.#entries(({ server }) => isAt(server, target))
    return here.find((entry) => this.#originOf(entry) !== undefined) ?? here[0]
  }

  /** What was given last, be it by the one name or by the other. */
  #originOf(entry: Entry): Origin | undefined {
    const byName = this.#origins.get(entry.server.name)
    const byFullName = this.#origins.get(fullName(entry))
    return (byName?.turn ?? -1) > (byFullName?.turn ?? -1) ? byName?.origin : byFullName?.origin
  }
}

function isAt(server: Server, target: Target): boolean {
  const place = placeOf(server.parsed, server.resolved, 0)
  if ('path' in target) return 'path' in place && place.path === target.path
  if (!('host' in place)) return false
  const { parsed, checkAddress, checkPort } = server
  if (checkPort === target.port && (checkAddress ?? place.host) === target.host) return true
  // An address that follows the client's is any address.
  const anywhere = 'any' in parsed && parsed.any
  if (!anywhere && place.host !== target.host && checkAddress !== target.host) return false
  // A port that follows the client's is any port.
  const follows = 'portOffset' in parsed && parsed.portOffset !== undefined
  return follows || place.port === 0 || place.port === target.port
}
