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
    const server = this.#server
    const text = addressOf(server)
    const own = ips.find((ip) => ip.toString() === text)
    if (server.naming.allowDuplicateIp) return own ?? best(ips, server)
    const { before, all } = this.#taken()
    if (own !== undefined && !before.has(own.toString())) return own
    const free = ips.filter((ip) => !all.has(ip.toString()))
    return best(free, server)
  }

  /** The addresses of the other servers of the name, and of those of them that stand before this one: two at one address, and the first stays. */
  #taken(): { readonly before: ReadonlySet<string>; readonly all: ReadonlySet<string> } {
    const before = new Set<string>()
    const all = new Set<string>()
    let passed = false
    for (const other of this.#backend.servers) {
      if (other === this.#server) passed = true
      const address = other === this.#server || !this.#rivals(other) ? undefined : addressOf(other)
      if (address === undefined) continue
      all.add(address)
      if (!passed && !other.naming.allowDuplicateIp) before.add(address)
    }
    return { before, all }
  }

  /** The servers of a service may share an address: their ports tell them apart. */
  #rivals({ fqdn, naming, parsed }: Server): boolean {
    if (fqdn === undefined || fqdn.toLowerCase() !== this.#server.fqdn?.toLowerCase()) return false
    const own = this.#server.parsed
    const port = this.#port ?? ('port' in own ? own.port : 0)
    return naming.service === undefined || !('port' in parsed) || parsed.port === port
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
