/** Which servers of a backend have which cookie value: their own, or one made of their place and a key that several proxies share. */
import { Ip } from '../../base/ip.js'
import { xxh64 } from '../../base/xxhash.js'
import type { Server } from '../server.js'
import type { PersistentPool } from './method.js'

const nobody: readonly Server[] = []

export class CookieValues {
  readonly #pool: PersistentPool
  #dynamic: boolean
  #key: string | undefined
  /** By value, those of a value in the order of their declaration; made when somebody asks. */
  #servers: Map<string, Server[]> | undefined = undefined
  #values: Map<Server, string> | undefined = undefined

  constructor(pool: PersistentPool, dynamic: boolean, key: string | undefined) {
    this.#pool = pool
    this.#dynamic = dynamic
    this.#key = key
  }

  /** Whether servers without a value of their own get one. */
  get dynamic(): boolean {
    return this.#dynamic
  }

  set dynamic(dynamic: boolean) {
    this.#dynamic = dynamic
    this.forget()
  }

  /** The key that such values are made with; without one, there are none. */
  get key(): string | undefined {
    return this.#key
  }

  set key(key: string | undefined) {
    this.#key = key
    this.forget()
  }

  /** Servers have come, gone or moved. */
  forget(): void {
    this.#servers = undefined
    this.#values = undefined
  }

  /** The servers of a value, in order. */
  serversOf(value: string): readonly Server[] {
    if (this.#servers === undefined) this.#collect()
    return this.#servers?.get(value) ?? nobody
  }

  /** The value of a server, if it has one. */
  valueOf(server: Server): string | undefined {
    if (this.#values === undefined) this.#collect()
    return this.#values?.get(server)
  }

  #collect(): void {
    const servers = new Map<string, Server[]>()
    const values = new Map<Server, string>()
    for (const server of this.#pool.servers) {
      const value =
        server.cookie ?? (this.#dynamic && this.#key !== undefined ? placeValue(server, this.#key) : undefined)
      if (value === undefined) continue
      values.set(server, value)
      const same = servers.get(value)
      if (same === undefined) servers.set(value, [server])
      else same.push(server)
    }
    this.#servers = servers
    this.#values = values
  }
}

/** As HAProxy makes it: XXH64 of the key, the address and the port in four bytes, the highest first. Only IP addresses have one. */
function placeValue({ parsed, resolved }: Server, key: string): string | undefined {
  if (parsed.kind !== 'ip' && parsed.kind !== 'name') return undefined
  const ip = Ip.parse(parsed.kind === 'ip' ? parsed.ip : (resolved ?? ''))
  if (ip === undefined) return undefined
  const port = Buffer.alloc(4)
  port.writeUInt32BE(parsed.port)
  return xxh64(Buffer.concat([Buffer.from(key, 'latin1'), ip.bytes, port]))
    .toString(16)
    .padStart(16, '0')
}
