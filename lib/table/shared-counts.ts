/** One table of several nodes: what this node has counted is its rows', what the others have is kept beside them, and questions get the sum. */
import { systemRandom } from '../base/random.js'
import type { TableKey } from './key.js'
import type { Others, Rows } from './rows.js'
import { SharedNode } from './shared-node.js'
import type { SharedHearing, SharedItem, SharedNodeNews, SharedStore, SharedTelling } from './shared-store.js'
import { isCounted, SharedValues, shapeOf } from './shared-value.js'
import type { StickTable } from './stick-table.js'

/** Other nodes and earlier lives of theirs that are remembered; those gone longest make room. */
const MOST_NODES = 64
/** What a node has counted is of use for as long as keys stay, and where they stay for ever, for a day after its last word. */
const LONGEST_KEPT = 24 * 3600 * 1000
/** Keys that are over and go with each exchange, of each node. */
const SWEPT = 2000
/** Rows that are looked at in one exchange at most, for each that is told. */
const LOOKED = 10
const ROWS_PER_PAGE = 1024
const DONE = Number.POSITIVE_INFINITY

/** How it goes with the others. Counts are of this process. */
export interface SharedStanding {
  /** `idle`: nobody has tried yet; `alone`: the store is away; `refused`: others have a table of that name that is made otherwise. */
  readonly state: 'idle' | 'joined' | 'alone' | 'refused'
  /** Why it is not joined. */
  readonly reason: string
  /** Other nodes that are there. */
  readonly nodes: number
  /** Exchanges that went well, and those that did not. */
  readonly exchanges: number
  readonly failures: number
  /** How often it has lost the store, or been refused, after it had joined. */
  readonly losses: number
  /** Keys that were told, and heard of. */
  readonly told: number
  readonly heard: number
  /** What was heard and could not be read. */
  readonly strange: number
}

/** Times are milliseconds of the clock of whoever has the exchanges made. */
export class SharedCounts {
  readonly store: SharedStore
  /** This process, among those that count together. */
  readonly node: string
  readonly shape: string
  readonly keep: number
  /** Somebody makes the exchanges. */
  taken = false
  #state: SharedStanding['state'] = 'idle'
  #reason = ''
  readonly #figures = { exchanges: 0, failures: 0, losses: 0, told: 0, heard: 0, strange: 0 }
  readonly #table: StickTable
  readonly #values: SharedValues
  readonly #counted: readonly boolean[]
  readonly #nodes = new Map<string, SharedNode>()
  /** Which rows the store has heard of, by pages. */
  readonly #told: Uint8Array[] = []
  #forgotten: Uint8Array[] = []
  /** The store's time is ahead of the clock by so much. */
  #ahead = 0
  #latest = 0
  #anew = true
  /** Up to this row it has gone through all of them. */
  #reached = -1
  /** The last change that was told. */
  #position = 0
  /** When it last went through all rows. */
  #passed = 0
  #full = false

  constructor(table: StickTable, store: SharedStore) {
    this.#table = table
    this.store = store
    this.node = [0, 1, 2, 3].map(() => secretWord().toString(16).padStart(8, '0')).join('')
    this.shape = shapeOf(table)
    this.keep = Math.min(table.expire, LONGEST_KEPT) + store.gone
    this.#values = new SharedValues(table.fields)
    this.#counted = table.fields.map(isCounted)
    table.watchUpdates()
  }

  /** How it goes with the others. */
  get standing(): SharedStanding {
    const nodes = [...this.#nodes.values()].filter((node) => this.#isThere(node, this.#latest)).length
    return { state: this.#state, reason: this.#reason, nodes, ...this.#figures }
  }

  /** Has rows of this table's fields say the sum. @param keyOf the key of a row */
  joinTo(rows: Rows, keyOf: (row: number) => TableKey): Others {
    return { read: (row, field, now, element) => this.#sum(rows, row, keyOf, field, now, element) }
  }

  #sum(rows: Rows, row: number, keyOf: (row: number) => TableKey, field: number, now: number, element: number): number {
    if (this.#nodes.size === 0 || this.#counted[field] !== true) return rows.own(row, field, now, element)
    const key = keyOf(row)
    const here = field === rows.concurrent
    let sum = rows.estimate(row, field, now, element)
    for (const node of this.#nodes.values()) {
      if (here && !this.#isThere(node, now)) continue
      const theirs = node.find(key, now)
      if (theirs !== -1) sum += node.rows.estimate(theirs, field, now, element)
    }
    return Math.floor(sum)
  }

  #isThere(node: SharedNode, now: number): boolean {
    return now - node.seen <= this.store.gone
  }

  /** An entry is no more. */
  lost(row: number): void {
    const page = this.#told[Math.floor(row / ROWS_PER_PAGE)]
    if (page === undefined || page[row % ROWS_PER_PAGE] === 0) return
    page[row % ROWS_PER_PAGE] = 0
    this.#forgotten.push(this.#table.keyBytes(row))
    // Too many to tell one by one: what is left is told instead.
    if (this.#forgotten.length > LOOKED * this.store.batch) this.#tellAnew()
  }

  #tellAnew(): void {
    this.#anew = true
    this.#forgotten = []
    for (const page of this.#told) page.fill(0)
  }

  /** What is to be told now. */
  tell(now: number): SharedTelling {
    if (this.#anew) {
      // Whether anybody listens is not known yet, nor the store's time.
      this.#anew = false
      this.#full = true
      this.#reached = -1
      this.#passed = now
      return { anew: true, changed: [], forgotten: [] }
    }
    // What is in use stays here without being touched; with the others, it must be told again.
    if (now - this.#passed > this.#table.expire / 2) {
      this.#passed = now
      if (this.#reached === DONE) this.#reached = -1
    }
    const { batch } = this.store
    const log = this.#table.watchUpdates()
    const changed: SharedItem[] = []
    this.#tellAll(now, changed)
    for (let looked = 0; changed.length < batch && looked < LOOKED * batch; looked++) {
      const row = log.after(this.#position)
      if (row === -1) break
      this.#position = log.idOf(row)
      this.#tellRow(row, now, changed)
    }
    this.#figures.told += changed.length
    const forgotten = this.#forgotten.splice(0, batch).filter((key) => !this.#isTold(key, now))
    return { anew: false, changed, forgotten }
  }

  /** It has come again since, and been told. */
  #isTold(bytes: Uint8Array, now: number): boolean {
    const key = this.#table.keyOfBytes(bytes)
    const row = key === undefined ? -1 : this.#table.find(key, now)
    return row !== -1 && this.#told[Math.floor(row / ROWS_PER_PAGE)]?.[row % ROWS_PER_PAGE] === 1
  }

  /** Goes on through all rows, where it has to: of those that were told already, only what is in use is told again. */
  #tellAll(now: number, changed: SharedItem[]): void {
    const { batch } = this.store
    for (let looked = 0; this.#reached !== DONE && changed.length < batch && looked < LOOKED * batch; looked++) {
      const row = this.#reached + 1
      const isThere = this.#table.generation(row) !== 0
      if (isThere && (this.#full || this.#table.users(row) > 0)) this.#tellRow(row, now, changed)
      this.#reached = row >= this.#table.rows.used ? DONE : row
    }
    if (this.#reached === DONE) this.#full = false
  }

  #tellRow(row: number, now: number, changed: SharedItem[]): void {
    const { rows } = this.#table
    const page = Math.floor(row / ROWS_PER_PAGE)
    while (this.#told.length <= page) this.#told.push(new Uint8Array(ROWS_PER_PAGE))
    const told = this.#told[page]!
    if (told[row % ROWS_PER_PAGE] === 0 && this.#values.isBlank(rows, row, now)) return
    // What is in use stays, however long ago it was touched.
    const expiresIn = this.#table.users(row) > 0 ? this.#table.expire : this.#table.expiresIn(row, now)
    if (expiresIn <= 0) return
    told[row % ROWS_PER_PAGE] = 1
    const value = this.#values.write(rows, row, { time: now + this.#ahead, expiresIn }, now)
    changed.push({ key: this.#table.keyBytes(row), value })
  }

  /** Takes what an exchange has brought. @returns whether this node has joined the others by it */
  hear(hearing: SharedHearing, now: number): boolean {
    const joined = this.#state !== 'joined'
    this.#state = 'joined'
    this.#reason = ''
    this.#figures.exchanges++
    this.#ahead = hearing.time - now
    this.#latest = now
    if (hearing.lost) this.#tellAnew()
    for (const news of hearing.nodes) this.#hearNode(news, hearing.time, now)
    for (const [id, node] of this.#nodes) {
      node.sweep(now, SWEPT)
      const gone = now - node.seen
      if (gone > this.keep || (gone > this.store.gone && node.size === 0)) this.#nodes.delete(id)
    }
    return joined
  }

  #hearNode(news: SharedNodeNews, time: number, now: number): void {
    if (news.id === this.node) return
    const seen = now - Math.max(0, time - news.seen)
    let node = this.#nodes.get(news.id)
    if (node === undefined) {
      node = new SharedNode(this.#table, seen)
      this.#nodes.set(news.id, node)
      if (this.#nodes.size > MOST_NODES) this.#dropOne()
    }
    node.seen = Math.max(node.seen, seen)
    for (const bytes of news.forgotten) {
      const key = this.#table.keyOfBytes(bytes)
      if (key !== undefined) node.forget(key)
    }
    for (const { key, value } of news.changed) this.#hearItem(node, key, value, time, now)
  }

  #dropOne(): void {
    const [longest] = [...this.#nodes].sort(([, a], [, b]) => a.seen - b.seen)
    if (longest !== undefined) this.#nodes.delete(longest[0])
  }

  #hearItem(node: SharedNode, bytes: Uint8Array, value: Uint8Array, time: number, now: number): void {
    const table = this.#table
    const key = table.keyOfBytes(bytes)
    const stamp = this.#values.stamp(value)
    if (key === undefined || stamp === undefined) {
      this.#figures.strange++
      return
    }
    this.#figures.heard++
    const age = Math.max(0, time - stamp.time)
    const expiresIn = Math.min(stamp.expiresIn - age, table.expire)
    if (expiresIn <= 0) return
    this.#values.read(value, node.rows, node.open(key, now + expiresIn, now), age, now)
    // Who asks for the key must find it here, too, for as long as it stays there.
    const known = table.find(key, now)
    const row = known === -1 ? table.open(key, now) : known
    if (row !== -1 && (known === -1 || table.expiresIn(row, now) < expiresIn)) table.expireIn(row, expiresIn, now)
  }

  /** An exchange has failed. @returns whether this node has just lost the others */
  fail(reason: string, refused: boolean, now: number): boolean {
    const state = refused ? 'refused' : 'alone'
    const lost = this.#state !== state
    if (this.#state === 'joined') this.#figures.losses++
    this.#state = state
    this.#reason = reason
    this.#figures.failures++
    this.#latest = now
    // What has reached the store, nobody knows.
    this.#tellAnew()
    return lost
  }
}

const secretWord = (): number => Math.floor((systemRandom.secret?.() ?? systemRandom.next()) * 2 ** 32)
