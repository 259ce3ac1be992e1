/** Looks names up for rules, through the name servers of a `Resolvers`: one look-up at a time for one name, and answers that are good for a while. */
import { LRUCache } from 'lru-cache'
import type { Ip } from '../base/ip.js'
import { isName } from '../codec/dns-message.js'
import type { Resolvers } from '../match/resolvers.js'
import { NameInquiry, type NameWorld, type Outcome } from './name-inquiry.js'

/** How many names are remembered: clients choose them. */
const MOST_NAMES = 10_000

interface Answer {
  readonly until: number
  readonly ip: Ip
}

/** The names of one engine. */
export class NameLookup {
  readonly #world: NameWorld
  readonly #known = new LRUCache<string, Answer>({ max: MOST_NAMES })
  readonly #asked = new Map<string, Promise<Ip | undefined>>()

  constructor(world: NameWorld) {
    this.#world = world
  }

  /** The address of a name; `undefined` when it has none, or nobody says so in time. Never rejects. */
  find(resolvers: Resolvers, name: string, prefer: 4 | 6): Promise<Ip | undefined> {
    if (!isName(name)) return Promise.resolve(undefined)
    const key = `${resolvers.name} ${prefer} ${name.toLowerCase()}`
    const known = this.#known.get(key)
    if (known !== undefined && known.until > this.#world.clock.now()) return Promise.resolve(known.ip)
    const asked = this.#asked.get(key) ?? this.#ask(key, resolvers, name, prefer)
    this.#asked.set(key, asked)
    return asked
  }

  #ask(key: string, resolvers: Resolvers, name: string, prefer: 4 | 6): Promise<Ip | undefined> {
    return new Promise((resolve) => {
      const ended = (outcome: Outcome): void => {
        this.#asked.delete(key)
        const found = outcome.kind === 'found' ? outcome.records : []
        const ips = found.flatMap((record) => (record.kind === 'address' ? [record.ip] : []))
        const ip = ips.find(({ family }) => family === prefer) ?? ips[0]
        if (ip !== undefined) this.#known.set(key, { ip, until: this.#world.clock.now() + resolvers.hold.valid })
        resolve(ip)
      }
      new NameInquiry(this.#world, resolvers, name, { kind: 'address', prefer }, ended).start()
    })
  }
}
