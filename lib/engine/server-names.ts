/** The names of servers that are looked up while they run: who follows which, from the moment that a server joins until it leaves. */
import type { Resolvers } from '../match/resolvers.js'
import type { Backend } from '../proxy/backend.js'
import type { Server } from '../proxy/server.js'
import type { ServerChange } from '../proxy/server-change.js'
import { AddressFollower } from './address-follower.js'
import { Discovering } from './discovering.js'
import { findFirstAddress } from './first-address.js'
import type { NameWorld, Sought } from './name-inquiry.js'
import { type Follower, Resolution } from './resolution.js'
import { ServiceFollower } from './service-follower.js'

/** What the engine gives of itself. */
export interface World extends NameWorld {
  complain(error: unknown, about: string): void
}

/** How a server follows its name. */
interface Following {
  readonly resolution: Resolution
  readonly stop: () => void
}

/** See the head of the file. */
export class ServerNames {
  readonly #world: World
  readonly #sources = new Map<Backend, Discovering>()
  readonly #resolutions = new Map<string, Resolution>()
  readonly #followings = new Map<Server, Following>()
  readonly #services = new Map<Backend, Map<string, ServiceFollower>>()

  constructor(world: World) {
    this.#world = world
  }

  /** Follows the names of a backend's servers from now on, and runs the source that says them. */
  begin(backend: Backend): void {
    for (const server of backend.servers) this.#join(backend, server)
    if (backend.discovery === undefined || this.#sources.has(backend)) return
    const source = new Discovering(this.#world, backend, backend.discovery)
    this.#sources.set(backend, source)
    source.start()
  }

  /** Nobody runs the backend any more. */
  end(backend: Backend): void {
    this.#sources.get(backend)?.stop()
    this.#sources.delete(backend)
    for (const server of backend.servers) this.#leave(server)
    this.#services.delete(backend)
  }

  /** Something about a server of a running backend is different. */
  changed(backend: Backend, server: Server, { what }: ServerChange): void {
    if (what === 'added') {
      this.#join(backend, server)
      if (server.parsed.kind === 'name' && server.resolved === undefined) void this.#findFirst(server)
    } else if (what === 'removed') this.#leave(server)
    else if (what === 'name' && server.naming.service === undefined) {
      this.#leave(server)
      this.#join(backend, server)
    }
  }

  async #findFirst(server: Server): Promise<void> {
    try {
      await findFirstAddress(this.#world.network, server)
    } catch (error) {
      server.markResolved(false)
      this.#world.complain(error, `server '${server.name}'`)
    }
  }

  /** A server is there. */
  #join(backend: Backend, server: Server): void {
    const { resolvers, service } = server.naming
    if (resolvers === undefined || this.#followings.has(server)) return
    if (service !== undefined) this.#followService(backend, server, resolvers, service)
    else if (server.fqdn !== undefined) this.#followName(backend, server, resolvers, server.fqdn)
  }

  /** A server is there no more, or under another name. */
  #leave(server: Server): void {
    this.#followings.get(server)?.stop()
    this.#followings.delete(server)
  }

  /** A server could not be reached: perhaps it is somewhere else. */
  doubt(server: Server): void {
    this.#followings.get(server)?.resolution.hurry()
  }

  #followName(backend: Backend, server: Server, resolvers: Resolvers, name: string): void {
    const resolution = this.#resolution(resolvers, name, { kind: 'address', prefer: server.naming.prefer })
    const follower = new AddressFollower(backend, server, resolvers.name)
    this.#followings.set(server, { resolution, stop: () => this.#unfollow(resolution, follower) })
    resolution.follow(follower)
  }

  #followService(backend: Backend, server: Server, resolvers: Resolvers, name: string): void {
    const resolution = this.#resolution(resolvers, name, { kind: 'service' })
    const services = this.#services.get(backend) ?? new Map<string, ServiceFollower>()
    this.#services.set(backend, services)
    const key = `${resolvers.name} ${name.toLowerCase()}`
    const service =
      services.get(key) ??
      new ServiceFollower(backend, resolvers, (by, target, prefer, follower) => {
        const addresses = this.#resolution(by, target, { kind: 'address', prefer })
        addresses.follow(follower)
        return () => this.#unfollow(addresses, follower)
      })
    services.set(key, service)
    service.add(server)
    const stop = (): void => {
      service.remove(server)
      if (service.size > 0) return
      services.delete(key)
      this.#unfollow(resolution, service)
    }
    this.#followings.set(server, { resolution, stop })
    resolution.follow(service)
  }

  #unfollow(resolution: Resolution, follower: Follower): void {
    resolution.leave(follower)
    if (resolution.followed) return
    for (const [key, one] of this.#resolutions) if (one === resolution) this.#resolutions.delete(key)
  }

  /** One look-up for all who ask the same. */
  #resolution(resolvers: Resolvers, name: string, sought: Sought): Resolution {
    const kind = sought.kind === 'service' ? 'SRV' : String(sought.prefer)
    const key = `${resolvers.name} ${kind} ${name.toLowerCase().replace(/\.$/, '')}`
    let resolution = this.#resolutions.get(key)
    if (resolution === undefined || resolution.resolvers !== resolvers) {
      resolution = new Resolution(this.#world, resolvers, name, sought)
      this.#resolutions.set(key, resolution)
    }
    return resolution
  }
}
