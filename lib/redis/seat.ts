/**
 * One table's place in Redis. Each process has a hash there of all that it has counted, for those who come later, and writes what has changed to a stream
 * that all read. Everything has an end: hashes expire some time after their process's last word, the stream is cut.
 */
import { createHash } from 'node:crypto'
import {
  type SharedHearing,
  type SharedItem,
  type SharedNodeNews,
  type SharedPlace,
  SharedRefusal,
  type SharedSeat,
  type SharedTelling,
} from '../table/shared-store.js'
import { packBatch, unpackBatch } from './batch.js'
import type { Command, RedisLink, Reply, Word } from './link.js'

/** Entries of the stream that are kept, about; who has missed some reads the hash of whoever wrote them. */
const STREAM_LENGTH = '512'
/** Entries that are read in one exchange. */
const READ_AT_A_TIME = 32
/** Keys of a hash that are read in one exchange, about. */
const SCANNED_AT_A_TIME = '500'
/** In a hash: the number of the last telling, and each key behind a letter of its own. */
const MARK = 'n'
const KEY = Buffer.from('k')
/** A node speaks so many times before others take it for gone. */
const BEATS = 4

/** News of one node, as they are gathered: of each key the last. */
class Gathered {
  seen: number
  readonly #items = new Map<string, SharedItem>()

  constructor(seen: number) {
    this.seen = seen
  }

  /** @param value without one, the key is forgotten */
  take(key: Uint8Array, value: Uint8Array): void {
    this.#items.set(Buffer.from(key).toString('latin1'), { key, value })
  }

  news(id: string): SharedNodeNews {
    const items = [...this.#items.values()]
    const changed = items.filter(({ value }) => value.length > 0)
    const forgotten = items.filter(({ value }) => value.length === 0).map(({ key }) => key)
    return { id, seen: this.seen, changed, forgotten }
  }
}

const NOTHING = new Uint8Array()

export interface SeatOptions {
  readonly place: SharedPlace
  readonly namespace: string
  /** Milliseconds after which a silent node is gone. */
  readonly gone: number
  readonly left: () => void
}

/** What it has told has numbers that grow; a gap in the numbers of another means that something was missed. */
export class RedisSeat implements SharedSeat {
  readonly #link: RedisLink
  readonly #place: SharedPlace
  readonly #gone: number
  readonly #left: () => void
  readonly #shape: string
  readonly #stream: string
  readonly #nodes: string
  readonly #prefix: string
  #joined = false
  #number = 0
  /** The last entry of the stream that was read. */
  #read = '0-0'
  /** By Redis's time, in milliseconds: now, and when it has written to the stream last. */
  #time = 0
  #spoke = Number.NEGATIVE_INFINITY
  /** The number of what each other node has told last; 0 when it is not known. */
  readonly #heard = new Map<string, number>()
  /** Nodes whose hash is still to be read, and how far it was. */
  readonly #unread = new Map<string, Word>()

  constructor(link: RedisLink, { place, namespace, gone, left }: SeatOptions) {
    this.#link = link
    this.#place = place
    this.#gone = gone
    this.#left = left
    // The braces keep all of a table in one slot of a cluster.
    const base = `${namespace}:{${place.table}}`
    const version = createHash('sha256').update(place.shape).digest('hex').slice(0, 12)
    this.#shape = `${base}:shape`
    this.#stream = `${base}:${version}:stream`
    this.#nodes = `${base}:${version}:nodes`
    this.#prefix = `${base}:${version}:node:`
  }

  async exchange(telling: SharedTelling): Promise<SharedHearing> {
    try {
      if (!this.#joined) await this.#join()
      return await this.#exchange(telling)
    } catch (error) {
      this.#joined = false
      throw error
    }
  }

  async leave(): Promise<void> {
    this.#left()
  }

  async #join(): Promise<void> {
    const { shape, node } = this.#place
    const replies = await this.#link.ask([
      ['SET', this.#shape, shape, 'NX', 'PX', this.#most(4 * this.#gone)],
      ['GET', this.#shape],
      ['TIME'],
    ])
    this.#accept(replies[1])
    this.#time = timeOf(replies[2])
    const [, nodes, last] = await this.#link.ask([
      ['ZREMRANGEBYSCORE', this.#nodes, '-inf', String(this.#time - 2 * this.#place.keep)],
      ['ZRANGE', this.#nodes, '0', '-1'],
      ['XREVRANGE', this.#stream, '+', '-', 'COUNT', '1'],
    ])
    this.#read = text(list(list(last)[0])[0]) || '0-0'
    this.#heard.clear()
    this.#unread.clear()
    for (const id of list(nodes).map(text)) if (id !== node) this.#unread.set(id, '0')
    this.#joined = true
  }

  #accept(reply: Reply | undefined): void {
    const { table, shape } = this.#place
    const theirs = text(reply)
    if (theirs === shape) return
    throw new SharedRefusal(`other nodes share '${table}' as '${theirs}', this one has '${shape}'`)
  }

  async #exchange(telling: SharedTelling): Promise<SharedHearing> {
    const known = String(this.#number)
    const [unread] = this.#unread
    const commands = [
      ['TIME'],
      ['GET', this.#shape],
      ['HGET', this.#own, MARK],
      ['XREAD', 'COUNT', String(READ_AT_A_TIME), 'STREAMS', this.#stream, this.#read],
      unread === undefined ? ['PING'] : ['HSCAN', `${this.#prefix}${unread[0]}`, unread[1], 'COUNT', SCANNED_AT_A_TIME],
      unread === undefined ? ['PING'] : ['ZSCORE', this.#nodes, unread[0]],
      ...this.#tell(telling),
    ] satisfies Command[]
    const [time, shape, mark, stream, scanned, score] = await this.#link.ask(commands)
    this.#time = timeOf(time)
    const lost = shape === null || (!telling.anew && text(mark) !== known)
    if (shape === null) this.#joined = false
    else this.#accept(shape)
    const news = new Map<string, Gathered>()
    if (unread !== undefined) this.#takeHash(unread[0], scanned, Number(text(score)), news)
    const entries = list(list(list(stream)[0])[1])
    for (const entry of entries) this.#takeEntry(list(entry), news)
    const more = entries.length >= READ_AT_A_TIME || this.#unread.size > 0
    const nodes = [...news].map(([id, gathered]) => gathered.news(id))
    return { time: this.#time, lost, more, nodes }
  }

  get #own(): string {
    return this.#prefix + this.#place.node
  }

  #tell(telling: SharedTelling): Command[] {
    const { changed, forgotten, anew } = telling
    const quiet = !anew && changed.length === 0 && forgotten.length === 0
    if (quiet && this.#time - this.#spoke < this.#gone / BEATS) return []
    this.#spoke = this.#time
    const number = String(++this.#number)
    const keep = this.#most(this.#place.keep)
    const own = this.#own
    const removed: Command[] = forgotten.length === 0 ? [] : [['HDEL', own, ...forgotten.map(fieldOf)]]
    const fields = changed.flatMap(({ key, value }) => [fieldOf(key), Buffer.from(value)])
    const entry = ['n', this.#place.node, 's', number, 'b', packBatch(telling)]
    return [
      ...(anew ? [['DEL', own]] : removed),
      ['HSET', own, MARK, number, ...fields],
      ['PEXPIRE', own, keep],
      ['ZADD', this.#nodes, String(this.#time), this.#place.node],
      ['PEXPIRE', this.#nodes, keep],
      ['XADD', this.#stream, 'MAXLEN', '~', STREAM_LENGTH, '*', ...entry],
      ['PEXPIRE', this.#stream, keep],
      ['PEXPIRE', this.#shape, this.#most(4 * this.#gone)],
    ]
  }

  #most(milliseconds: number): string {
    return String(Math.ceil(milliseconds))
  }

  #takeHash(id: string, reply: Reply | undefined, score: number, news: Map<string, Gathered>): void {
    const [cursor, fields] = list(reply)
    if (text(cursor) === '0') this.#unread.delete(id)
    else this.#unread.set(id, cursor as Buffer)
    const gathered = gather(news, id, Number.isFinite(score) ? score : this.#time - this.#gone - 1)
    const words = list(fields)
    for (let at = 0; at + 1 < words.length; at += 2) {
      const [key, value] = [words[at] as Buffer, words[at + 1] as Buffer]
      if (key[0] === KEY[0]) gathered.take(key.subarray(1), value)
    }
  }

  #takeEntry([id, fields]: readonly Reply[], news: Map<string, Gathered>): void {
    this.#read = text(id)
    const [, node, , number, , bytes] = list(fields)
    if (node === undefined || !Buffer.isBuffer(bytes)) return
    const name = text(node)
    if (name === this.#place.node) return
    const told = Number(text(number))
    const before = this.#heard.get(name)
    this.#heard.set(name, told)
    // Who is new may have told of more before, and who has told what was not read here has.
    if (before === undefined ? told > 1 : told !== before + 1) this.#unread.set(name, '0')
    const gathered = gather(news, name, Number(this.#read.split('-')[0]))
    const { changed, forgotten } = unpackBatch(bytes)
    for (const key of forgotten) gathered.take(key, NOTHING)
    for (const { key, value } of changed) gathered.take(key, value)
  }
}

function gather(news: Map<string, Gathered>, id: string, seen: number): Gathered {
  let gathered = news.get(id)
  if (gathered === undefined) {
    gathered = new Gathered(seen)
    news.set(id, gathered)
  }
  gathered.seen = Math.max(gathered.seen, seen)
  return gathered
}

const fieldOf = (key: Uint8Array): Buffer => Buffer.concat([KEY, key])

const list = (reply: Reply | undefined): readonly Reply[] => (Array.isArray(reply) ? reply : [])

const text = (reply: Reply | undefined): string =>
  Buffer.isBuffer(reply)
    ? reply.toString('latin1')
    : typeof reply === 'string' || typeof reply === 'number'
      ? String(reply)
      : ''

/** Seconds and microseconds. */
function timeOf(reply: Reply | undefined): number {
  const [seconds, micros] = list(reply).map((part) => Number(text(part)))
  return (seconds ?? 0) * 1000 + (micros ?? 0) / 1000
}
