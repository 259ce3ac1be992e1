/** Runs the source of a backend's servers, and makes the backend's list what it says. */
import type { Clock, Timer } from '../base/clock.js'
import { OptionError } from '../base/errors.js'
import type { Random } from '../base/random.js'
import type { Backend } from '../proxy/backend.js'
import type { DiscoveredServer, Discovery } from '../proxy/discovery.js'
import { Server } from '../proxy/server.js'

const FIRST_PAUSE = 1_000
const LONGEST_PAUSE = 30_000

/** What it works with. */
export interface Surroundings {
  readonly clock: Clock
  readonly random: Random
  complain(error: unknown, about: string): void
}

/** See the head of the file. */
export class Discovering {
  readonly #surroundings: Surroundings
  readonly #backend: Backend
  readonly #discovery: Discovery
  readonly #abort = new AbortController()
  /** What was said of each server that is there, by name. */
  readonly #said = new Map<string, DiscoveredServer>()
  #pause = FIRST_PAUSE
  #timer: Timer | undefined

  constructor(surroundings: Surroundings, backend: Backend, discovery: Discovery) {
    this.#surroundings = surroundings
    this.#backend = backend
    this.#discovery = discovery
  }

  start(): void {
    void this.#run()
  }

  stop(): void {
    this.#abort.abort()
    this.#timer?.cancel()
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort
    try {
      for await (const list of this.#discovery.source({ signal })) {
        if (signal.aborted) return
        this.#take(list)
        this.#pause = FIRST_PAUSE
      }
    } catch (error) {
      if (signal.aborted) return
      this.#surroundings.complain(error, `backend '${this.#backend.name}': discover()`)
      this.#later()
    }
  }

  #later(): void {
    const { clock, random } = this.#surroundings
    const pause = this.#pause * (0.75 + random.next() / 2)
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE)
    this.#timer = clock.after(pause, () => void this.#run())
  }

  /** Makes the list what it was said to be: all of it, or nothing when something of it is wrong. */
  #take(list: readonly DiscoveredServer[]): void {
    const made = this.#make(list)
    const names = new Set(list.map(({ name }) => name))
    for (const name of [...this.#said.keys()]) if (!names.has(name)) this.#remove(name)
    for (const said of list) {
      const server = made.get(said.name)
      if (server !== undefined) {
        this.#remove(said.name)
        this.#backend.servers.add(server)
      } else this.#change(said)
      this.#said.set(said.name, said)
    }
  }

  /** The servers that are new, or too different from those of their names. @throws {OptionError} when one is wrong */
  #make(list: readonly DiscoveredServer[]): ReadonlyMap<string, Server> {
    const subject = `backend '${this.#backend.name}': discover()`
    if (!Array.isArray(list)) throw new OptionError(subject, '', 'must yield lists of servers')
    const made = new Map<string, Server>()
    const names = new Set<string>()
    for (const said of list) {
      if (typeof said !== 'object' || said === null) throw new OptionError(subject, '', 'must yield lists of servers')
      const { name, address, ...options } = said
      if (names.has(name)) throw new OptionError(subject, '', `has said '${name}' twice`)
      names.add(name)
      const fresh = new Server(name, address, options)
      if (!this.#said.has(name) && this.#backend.server(name) !== undefined)
        throw new OptionError(subject, '', `'${name}' is the name of a server that is there already`)
      if (this.#isOther(said, fresh)) made.set(name, fresh)
    }
    return made
  }

  /** Whether a server has to be made anew. */
  #isOther(said: DiscoveredServer, fresh: Server): boolean {
    const known = this.#said.get(said.name)
    const server = this.#backend.server(said.name)
    if (known === undefined || server === undefined) return true
    const movable = known.address === said.address || (fresh.parsed.kind === 'ip' && server.parsed.kind === 'ip')
    return !movable || !sameOptions(known, said)
  }

  #change(said: DiscoveredServer): void {
    const server = this.#backend.server(said.name)
    const known = this.#said.get(said.name)
    if (server === undefined || known === undefined) return
    const { parsed } = new Server(said.name, said.address)
    if (known.address !== said.address && parsed.kind === 'ip') server.move(parsed.ip, { port: parsed.port })
    if (known.weight !== said.weight) server.weight = said.weight ?? 1
  }

  #remove(name: string): void {
    if (this.#said.delete(name)) this.#backend.servers.remove(name)
  }
}

/** All but what can be changed in place. */
function sameOptions(one: DiscoveredServer, other: DiscoveredServer): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof DiscoveredServer>
  for (const key of keys) if (key !== 'address' && key !== 'weight' && one[key] !== other[key]) return false
  return true
}
