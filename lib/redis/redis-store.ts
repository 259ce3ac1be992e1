/** `redisStore()`: tables of several nodes count together through Redis or Valkey. */
import { z } from 'zod'
import { OptionError } from '../base/errors.js'
import { checkOptions, durationOption, integerOption } from '../base/options.js'
import type { SharedPlace, SharedSeat, SharedStore } from '../table/shared-store.js'
import { loadRedis, RedisLink, type RedisPackage } from './link.js'
import { RedisSeat } from './seat.js'

/** Where Redis is, and how often nodes exchange. */
export interface RedisStoreOptions {
  /** `redis://[[user]:password@]host[:port][/database]`, or `rediss://` for TLS. */
  readonly url: string
  /**
   * Within this time all nodes know what one has counted (10 ms to 1 minute); each of them exchanges twice in it. What comes in less time, nodes let through side by
   * side. Default 100ms.
   */
  readonly interval?: number | string
  /** A node that has been silent for so long is taken for gone: who is connected to it counts no more. At least 10 intervals. Default 5s. */
  readonly gone?: number | string
  /** What keys in Redis begin with; nodes that count together have the same. Default `fairlead`. */
  readonly namespace?: string
  /** Keys of a table that a node tells of in one exchange (1 to 10000); the rest wait for the next. Default 500: some milliseconds of work at the most. */
  readonly batch?: number
  /** More options for `createClient()` of the package `redis`, such as `socket` for TLS. */
  readonly client?: Readonly<Record<string, unknown>>
}

const schema = z.strictObject({
  url: z.string({ error: "must be text, as in 'redis://127.0.0.1:6379'" }),
  interval: durationOption.optional(),
  gone: durationOption.optional(),
  namespace: z
    .string()
    .regex(/^[^{}\s]+$/, { error: "must be text without blanks and braces, as in 'fairlead'" })
    .optional(),
  batch: integerOption(1, 10_000).optional(),
  client: z.record(z.string(), z.unknown()).optional(),
})

/**
 * The store for {@link StickTableOptions.shared}: nodes that name the same Redis (or Valkey), the same namespace and a table of the same name count in it together. Each keeps
 * what it has counted apart and reads the sum, so that decisions never wait for Redis; without it, nodes go on alone and join again.
 *
 * ```ts
 * const shared = redisStore({ url: 'redis://10.0.0.5:6379' })
 * const clients = new StickTable('clients', { key: 'ip', size: '100k', expire: '10m', store: { requests: rate('10s') }, shared })
 * ```
 *
 * Needs the package `redis` (`npm install redis`). Whoever can write to that Redis can change what is counted: keep it to yourself.
 * @throws {OptionError} that names the option that is wrong, and when the package is missing
 */
export function redisStore(options: RedisStoreOptions): RedisStore {
  return new RedisStore(options, loadRedis())
}

const SILENCE = 2000

/** See {@link redisStore}. One connection serves all tables; it is there while a balancer runs that uses one of them. */
export class RedisStore implements SharedStore {
  readonly interval: number
  readonly gone: number
  readonly batch: number
  readonly #package: RedisPackage
  readonly #url: string
  readonly #namespace: string
  readonly #client: Readonly<Record<string, unknown>>
  #link: RedisLink | undefined = undefined
  #seats = 0

  constructor(options: RedisStoreOptions, redis: RedisPackage) {
    const { url, interval, gone, namespace, batch, client } = checkOptions('redisStore()', schema, options)
    this.#url = checkUrl(url)
    this.interval = interval ?? 100
    if (!(this.interval >= 10 && this.interval <= 60_000)) {
      throw new OptionError('redisStore()', 'interval', `must be from 10 ms to 1 minute, but is ${this.interval} ms`)
    }
    this.gone = gone ?? Math.max(5000, 10 * this.interval)
    if (!(this.gone >= 10 * this.interval && this.gone <= 24 * 3600_000)) {
      throw new OptionError('redisStore()', 'gone', `must be from 10 intervals to 1 day, but is ${this.gone} ms`)
    }
    this.batch = batch ?? 500
    this.#namespace = namespace ?? 'fairlead'
    this.#client = client ?? {}
    this.#package = redis
  }

  join(place: SharedPlace): SharedSeat {
    const silence = Math.max(SILENCE, 4 * this.interval)
    this.#link ??= new RedisLink(this.#package, { url: this.#url, silence, client: this.#client })
    this.#seats++
    return new RedisSeat(this.#link, { place, namespace: this.#namespace, gone: this.gone, left: () => this.#leave() })
  }

  #leave(): void {
    if (--this.#seats > 0) return
    this.#link?.close()
    this.#link = undefined
  }
}

function checkUrl(url: string): string {
  if (URL.canParse(url) && /^rediss?:$/.test(new URL(url).protocol)) return url
  throw new OptionError('redisStore()', 'url', "must be as 'redis://127.0.0.1:6379'")
}
