/** The servers of one backend with one name: which of its addresses each of them has. */
import type { Ip } from '../base/ip.js'
import type { NameServer } from '../match/name-server.js'
import type { HoldStatus } from '../match/resolvers.js'
import type { Backend } from '../proxy/backend.js'
import type { Server } from '../proxy/server.js'
import type { Found } from './name-records.js'
import type { Follower } from './resolution.js'

/** Why a name has no address any more, as HAProxy says it. */
export const reasons: Readonly<Record<HoldStatus, string>> = {
  nx: 'DNS NX status',
  refused: 'DNS refused status',
  timeout: 'DNS timeout status',
  other: 'unspecified DNS error',
}
/** The blank at its end is HAProxy's. */
const NO_ADDRESS = 'No IP for server '

/** Follows a name for one server. */
export class AddressFollower implements Follower {
  readonly #backend: Backend
  readonly #server: Server
  /** Of the service that it is one of. */
  readonly #port: number | undefined
  readonly #source: string

  constructor(backend: Backend, server: Server, source: string, port?: number) {
    this.#backend = backend
    this.#server = server
    this.#source = source
    this.#port = port
  }

  found(records: readonly Found[], by: NameServer | undefined): boolean {
    const ips = records.flatMap((record) => (record.kind === 'address' ? [record.ip] : []))
    const ip = this.#choose(ips)
    if (ip === undefined) {
      this.#server.markResolved(false, NO_ADDRESS)
      return false
    }
    const said = by === undefined ? 'DNS cache' : `${this.#source}/${by.name}`
    return place(this.#server, ip, { by: said, port: this.#port })
  }

  lost(status: HoldStatus): void {
    this.#server.markResolved(false, reasons[status])
  }

  /** Its own address as long as there is that; otherwise the best of those that no other server of the name has. */
  #choose(ips: readonly Ip[]): Ip | undefined {
    const { naming } = this.#server
    const taken = naming.allowDuplicateIp ? new Set<string>() : this.#taken()
    const free = ips.filter((ip) => !taken.has(ip.toString()))
    const own = addressOf(this.#server)
    return free.find((ip) => ip.toString() === own) ?? best(free, this.#server)
  }

  #taken(): ReadonlySet<string> {
    const { fqdn, parsed } = this.#server
    const port = this.#port ?? ('port' in parsed ? parsed.port : 0)
    const addresses = new Set<string>()
    for (const other of this.#backend.servers) {
      if (other === this.#server || other.fqdn !== fqdn) continue
      // The servers of a service may share an address: their ports tell them apart.
      if (other.naming.service !== undefined && 'port' in other.parsed && other.parsed.port !== port) continue
      const address = addressOf(other)
      if (address !== undefined) addresses.add(address)
    }
    return addresses
  }
}

/** The address that a server is at; nothing when its name has none. */
export function addressOf({ unresolved, parsed, resolved }: Server): string | undefined {
  if (unresolved) return undefined
  return parsed.kind === 'ip' ? parsed.ip : resolved
}

/** The first of a preferred network and family. */
export function best(ips: readonly Ip[], { naming }: Server): Ip | undefined {
  const near = ips.filter((ip) => naming.networks.some((network) => network.has(ip)))
  const choice = near.length > 0 ? near : ips
  return choice.find(({ family }) => family === naming.prefer) ?? choice[0]
}

/** How a server comes to an address. */
export interface Placing {
  /** Who says it. */
  readonly by: string
  /** Default: its own. */
  readonly port?: number | undefined
  /** Gives it the name that the address is of. */
  readonly rename?: () => void
}

/** Moves a server to an address, and lets it take requests again. @returns whether it is another one */
export function place(server: Server, ip: Ip, { by, port, rename }: Placing): boolean {
  const text = ip.toString()
  const before = addressOf(server)
  server.move(text, { port, by: before === text ? undefined : { source: by, before } })
  rename?.()
  server.markResolved(true, by)
  return before !== text
}
