/** Looks names up for rules, through the name servers of a `Resolvers`: one question at a time for one name, and answers that are good for a while. */
import { LRUCache } from 'lru-cache'
import type { Clock } from '../base/clock.js'
import { Ip } from '../base/ip.js'
import type { Resolvers } from '../match/resolvers.js'
import type { Network } from './network.js'

/** How many names are remembered: clients choose them. */
const MOST_NAMES = 10_000

interface Answer {
  readonly until: number
  readonly ip: Ip
}

/** The names of one engine. */
export class NameLookup {
  readonly #clock: Clock
  readonly #network: Network
  readonly #known = new LRUCache<string, Answer>({ max: MOST_NAMES })
  readonly #asked = new Map<string, Promise<Ip | undefined>>()

  constructor(clock: Clock, network: Network) {
    this.#clock = clock
    this.#network = network
  }

  /** The address of a name; `undefined` when it has none, or nobody says so in time. Never rejects. */
  find(resolvers: Resolvers, name: string, prefer: 4 | 6): Promise<Ip | undefined> {
    const key = `${resolvers.name} ${prefer} ${name.toLowerCase()}`
    const known = this.#known.get(key)
    if (known !== undefined && known.until > this.#clock.now()) return Promise.resolve(known.ip)
    const asked = this.#asked.get(key) ?? this.#ask(key, resolvers, name, prefer)
    this.#asked.set(key, asked)
    return asked
  }

  async #ask(key: string, resolvers: Resolvers, name: string, prefer: 4 | 6): Promise<Ip | undefined> {
    try {
      const text = await this.#either(resolvers, name, prefer)
      const ip = text === undefined ? undefined : Ip.parse(text)
      if (ip !== undefined) this.#known.set(key, { ip, until: this.#clock.now() + resolvers.holdValid })
      return ip
    } finally {
      this.#asked.delete(key)
    }
  }

  async #either(resolvers: Resolvers, name: string, prefer: 4 | 6): Promise<string | undefined> {
    for (const family of prefer === 6 ? ([6, 4] as const) : ([4, 6] as const)) {
      try {
        return await this.#network.resolve(name, family, resolvers)
      } catch {
        // The other family may have one.
      }
    }
    return undefined
  }
}
