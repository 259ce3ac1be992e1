/** What stands between the nodes that count together: the store through which they tell each other what each of them has counted. */

/** What a node has counted for a key. The store keeps the bytes as they are. */
export interface SharedItem {
  /** As peers send keys. */
  readonly key: Uint8Array
  readonly value: Uint8Array
}

/** What a node takes to an exchange. */
export interface SharedTelling {
  /** What it has told before is void; all of it follows anew, in this exchange and the next ones. */
  readonly anew: boolean
  /** What has changed since the last exchange, each key once. */
  readonly changed: readonly SharedItem[]
  /** Keys that it had told of and has forgotten; one of them may have changed since, and be among the others as well. */
  readonly forgotten: readonly Uint8Array[]
}

/** What another node has told since the last exchange. */
export interface SharedNodeNews {
  /** One process of one node: after a restart it is another. */
  readonly id: string
  /** When it was there last, by the store's time. */
  readonly seen: number
  readonly changed: readonly SharedItem[]
  readonly forgotten: readonly Uint8Array[]
}

/** What a node brings from an exchange. */
export interface SharedHearing {
  /** The store's own time, the same for all nodes: milliseconds since any moment. */
  readonly time: number
  /** The store knows nothing more of what this node has told: tell it anew. */
  readonly lost: boolean
  /** More is waiting to be heard. */
  readonly more: boolean
  readonly nodes: readonly SharedNodeNews[]
}

/** Who takes part, and in what. */
export interface SharedPlace {
  readonly table: string
  /** What the table is made of. Only those of the same shape count together. */
  readonly shape: string
  /** This process's own id. */
  readonly node: string
  /** Milliseconds for which what a node has told is of use after its last word. */
  readonly keep: number
}

/** A node's place at a store, for one table. */
export interface SharedSeat {
  /** Tells and hears. Never called again before it has settled. Rejects when the store is away, or with a {@link SharedRefusal}. */
  exchange(telling: SharedTelling): Promise<SharedHearing>
  /** Lets go of everything; what was told stays. */
  leave(): Promise<void>
}

/**
 * A store that nodes count through: `redisStore()` of `fairlead/redis`, `memoryStore()` of `fairlead/testing`, or one of your own. It carries bytes; what they
 * mean, and when they are exchanged, is the balancer's business.
 */
export interface SharedStore {
  /** Milliseconds within which all nodes know what one has counted: they exchange twice in it. */
  readonly interval: number
  /** Milliseconds after which a node that is silent is taken for gone. */
  readonly gone: number
  /** Keys that are told in one exchange at most. */
  readonly batch: number
  join(place: SharedPlace): SharedSeat
}

/** The store is there, but this table may not take part: others of its name are made otherwise. */
export class SharedRefusal extends Error {
  override readonly name = 'SharedRefusal'
}
