/** A store in memory, for tests of tables that several nodes count in: what `redisStore()` is for nodes of one process. */
import type { Clock } from '../base/clock.js'
import { parseDuration } from '../base/duration.js'
import {
  type SharedHearing,
  type SharedItem,
  type SharedPlace,
  SharedRefusal,
  type SharedSeat,
  type SharedStore,
  type SharedTelling,
} from '../table/shared-store.js'

/** How often nodes exchange, and when one is taken for gone. */
export interface MemoryStoreOptions {
  /** Default 100ms. */
  readonly interval?: number | string
  /** Default 5s. */
  readonly gone?: number | string
  /** Keys that are told in one exchange at most. Default 1000. */
  readonly batch?: number
}

/** What one node has told. */
interface Told {
  readonly items: Map<string, SharedItem & { readonly change: number }>
  readonly forgotten: Map<string, number>
  seen: number
}

interface Table {
  readonly shape: string
  readonly nodes: Map<string, Told>
}

/**
 * A store that tables of balancers in one process count through, by the clock of the test.
 *
 * ```ts
 * const clock = new TestClock()
 * const store = memoryStore(clock)
 * const table = () => new StickTable('clients', { key: 'ip', size: 1000, store: { requests: rate('10s') }, shared: store })
 * ```
 */
export function memoryStore(clock: Clock, options: MemoryStoreOptions = {}): MemoryStore {
  return new MemoryStore(clock, options)
}

/** See {@link memoryStore}. */
export class MemoryStore implements SharedStore {
  readonly interval: number
  readonly gone: number
  readonly batch: number
  /** It can be reached. Say `false`, and exchanges fail. */
  up = true
  readonly #clock: Clock
  readonly #tables = new Map<string, Table>()
  #changes = 0

  constructor(clock: Clock, { interval = 100, gone = 5000, batch = 1000 }: MemoryStoreOptions) {
    this.#clock = clock
    this.interval = parseDuration(interval)
    this.gone = parseDuration(gone)
    this.batch = batch
  }

  /** Forgets everything, as one does that is started again without what it had. */
  clear(): void {
    this.#tables.clear()
  }

  join(place: SharedPlace): SharedSeat {
    const heard = new Map<string, number>()
    return {
      exchange: async (telling) => this.#exchange(place, telling, heard),
      leave: async () => {},
    }
  }

  #exchange(place: SharedPlace, telling: SharedTelling, heard: Map<string, number>): SharedHearing {
    if (!this.up) throw new Error('the store is away')
    const table = this.#tables.get(place.table) ?? { shape: place.shape, nodes: new Map<string, Told>() }
    if (table.shape !== place.shape)
      throw new SharedRefusal(`other nodes share '${place.table}' as '${table.shape}', this one has '${place.shape}'`)
    this.#tables.set(place.table, table)
    const time = this.#clock.wall()
    const known = table.nodes.has(place.node)
    const own = table.nodes.get(place.node) ?? { items: new Map(), forgotten: new Map(), seen: time }
    own.seen = time
    table.nodes.set(place.node, own)
    if (telling.anew) own.items.clear()
    for (const key of telling.forgotten) {
      own.items.delete(text(key))
      own.forgotten.set(text(key), ++this.#changes)
    }
    for (const item of telling.changed) own.items.set(text(item.key), { ...item, change: ++this.#changes })
    const nodes = [...table.nodes].filter(([id]) => id !== place.node).map(([id, told]) => news(id, told, heard))
    return { time, lost: !known && !telling.anew, more: false, nodes }
  }
}

function news(id: string, told: Told, heard: Map<string, number>) {
  const since = heard.get(id) ?? 0
  const changed = [...told.items.values()].filter(({ change }) => change > since)
  const gone = [...told.forgotten].filter(([key, change]) => change > since && !told.items.has(key))
  heard.set(id, Math.max(since, ...changed.map(({ change }) => change), ...gone.map(([, change]) => change)))
  return { id, seen: told.seen, changed, forgotten: gone.map(([key]) => Buffer.from(key, 'latin1')) }
}

const text = (key: Uint8Array): string => Buffer.from(key).toString('latin1')
