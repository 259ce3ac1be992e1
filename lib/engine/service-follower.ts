/** The servers of one backend that share a service (SRV): each is one of its places as long as there is that, and out of use otherwise. */
import type { NameServer } from '../match/name-server.js'
import type { HoldStatus, Resolvers } from '../match/resolvers.js'
import type { Backend } from '../proxy/backend.js'
import type { Server } from '../proxy/server.js'
import { AddressFollower, addressOf, best, place } from './address-follower.js'
import { type Found, keyOf, type ServiceFound } from './name-records.js'
import type { Follower } from './resolution.js'

/** Follows the name of a place. @returns ends that */
export type FollowAddress = (resolvers: Resolvers, name: string, prefer: 4 | 6, follower: Follower) => () => void

/** A server that is one of the places. */
interface Claim {
  found: ServiceFound
  /** Looks up the place's address where the answer did not bring it. */
  leave: (() => void) | undefined
}

/** Weights of answers go to 65535, those of servers to 256. */
export const weightOf = (weight: number): number => Math.ceil(weight / 256)

/** See the head of the file. */
export class ServiceFollower implements Follower {
  readonly #backend: Backend
  readonly #resolvers: Resolvers
  readonly #followAddress: FollowAddress
  readonly #claims = new Map<Server, Claim>()
  /** Who waits for a place, the longest first. */
  readonly #free: Server[] = []

  constructor(backend: Backend, resolvers: Resolvers, followAddress: FollowAddress) {
    this.#backend = backend
    this.#resolvers = resolvers
    this.#followAddress = followAddress
  }

  get size(): number {
    return this.#claims.size + this.#free.length
  }

  add(server: Server): void {
    this.#free.push(server)
  }

  remove(server: Server): void {
    this.#forget(server)
    const index = this.#free.indexOf(server)
    if (index >= 0) this.#free.splice(index, 1)
  }

  found(records: readonly Found[], _by: NameServer | undefined): boolean {
    const places = new Map<string, ServiceFound>()
    for (const record of records) if (record.kind === 'service') places.set(keyOf(record), record)
    for (const [server, claim] of [...this.#claims]) {
      const key = keyOf(claim.found)
      const found = places.get(key)
      if (found === undefined) this.#release(server)
      else this.#update(server, claim, found)
      places.delete(key)
    }
    let changed = false
    for (const found of places.values()) {
      const server = this.#free.shift()
      if (server === undefined) break
      this.#claim(server, found)
      changed = true
    }
    return changed
  }

  lost(_status: HoldStatus): void {
    for (const server of [...this.#claims.keys()]) this.#release(server)
  }

  stop(): void {
    for (const server of [...this.#claims.keys()]) this.#forget(server)
  }

  #claim(server: Server, found: ServiceFound): void {
    const claim: Claim = { found, leave: undefined }
    this.#claims.set(server, claim)
    this.#update(server, claim, found)
  }

  #update(server: Server, claim: Claim, found: ServiceFound): void {
    claim.found = found
    if (!server.naming.ignoreServiceWeight) server.weight = weightOf(found.weight)
    const rename = (): void => server.rename(found.target, "'SRV record'")
    const current = found.ips.find((ip) => ip.toString() === addressOf(server))
    const ip = current ?? best(found.ips, server)
    if (ip === undefined) {
      rename()
      this.#lookUp(server, claim)
      return
    }
    claim.leave?.()
    claim.leave = undefined
    place(server, ip, { by: 'DNS additional record', port: found.port, rename })
  }

  #lookUp(server: Server, claim: Claim): void {
    if (claim.leave !== undefined) return
    const { target, port } = claim.found
    const follower = new AddressFollower(this.#backend, server, this.#resolvers.name, port)
    claim.leave = this.#followAddress(this.#resolvers, target, server.naming.prefer, follower)
  }

  #release(server: Server): void {
    this.#forget(server)
    server.markResolved(false, 'entry removed from SRV record')
    server.rename(undefined)
    this.#free.push(server)
  }

  #forget(server: Server): void {
    this.#claims.get(server)?.leave?.()
    this.#claims.delete(server)
  }
}
