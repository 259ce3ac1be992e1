/** A stick table: what is remembered of addresses, users, sessions … between transactions, in memory, with a bound and an expiry. */
import { EventEmitter } from 'eventemitter3'
import { OptionError } from '../base/errors.js'
import { checkOptions } from '../base/options.js'
import type { Context } from '../match/context.js'
import type { NumberSample } from '../match/number-sample.js'
import type { AnyPhase, Phase } from '../match/phase.js'
import type { Sample } from '../match/sample.js'
import { Entries, type Loss } from './entries.js'
import type { Field } from './field.js'
import { keyWords, type TableKey } from './key.js'
import { Rows } from './rows.js'
import { SharedCounts } from './shared-counts.js'
import { checkTable, type StickTableOptions, tableName } from './table-options.js'
import { type TableRecord, tableRecord } from './table-record.js'
import { lookupSample, trackedSample } from './table-samples.js'
import { mergeTableSnapshot, type TableSnapshot, takeTableSnapshot } from './table-snapshot.js'
import { TrackedEntry } from './tracked-entry.js'

export type { StickTableOptions } from './table-options.js'
export type { TableRecord } from './table-record.js'

/** Any stick table, whatever its fields are called: what can be had without their names. */
export type AnyStickTable = Omit<
  StickTable,
  'on' | 'off' | 'lookup' | 'tracked' | 'get' | 'record' | 'records' | typeof Symbol.iterator
>

/** What happens in a table, for whoever listens with {@link StickTable.on}. */
export interface TableEvents<F extends string> {
  /** An entry was made or used here, and counted. */
  update: (record: TableRecord<F>) => void
  /** An entry is forgotten: its time was over. */
  expire: (record: TableRecord<F>) => void
  /** An entry is forgotten: another needed the room. */
  evict: (record: TableRecord<F>) => void
  /** A listener threw. */
  fault: (error: unknown) => void
}

/** Whoever has it swept of what is over, as time goes by. */
export interface TableKeeper {
  /** It has something now that will be over. */
  wake(table: StickTable): void
}

/**
 * A memory with a key for each client, or whatever else a sample gives. Rules `track` a key; questions look things up. HAProxy: `stick-table`.
 *
 * ```ts
 * const clients = new StickTable('clients', { key: 'ip', size: 100_000, expire: '10m', store: { requests: rate('10s') } })
 * ```
 *
 * An entry is known by the number of its row, which stands for that key until {@link generation} changes; keys come from {@link keyOf}. Times are milliseconds
 * of one clock, which the caller brings.
 */
export class StickTable<F extends string = string> extends Entries {
  readonly name: string
  /** How it remembers servers: by name, or by address and port. HAProxy: `srvkey`. */
  readonly serverKey: 'name' | 'address'
  /** It is only taught by peers, and learns what is each node's own as well. HAProxy: `recv-only`. */
  readonly receiveOnly: boolean
  #names: readonly F[]
  #writeTo: StickTable | undefined = undefined
  #events: EventEmitter<TableEvents<string>> | undefined = undefined
  #keeper: TableKeeper | undefined = undefined
  /** How it counts together with other nodes, where it does. */
  readonly shared: SharedCounts | undefined

  /** @throws {OptionError} that names the option and what is wrong with it */
  constructor(name: string, options: StickTableOptions<F>) {
    const subject = `StickTable '${name}'`
    const checked = checkTable(subject, options)
    const store = Object.entries(options.store ?? {}) as [F, Field][]
    super(
      checked,
      store.map(([, field]) => field),
    )
    this.name = checkOptions(subject, tableName, name)
    this.serverKey = checked.serverKey
    this.receiveOnly = checked.receiveOnly
    this.#names = store.map(([field]) => field)
    if (options.writeTo !== undefined) this.copyTo(options.writeTo)
    this.shared = options.shared === undefined ? undefined : new SharedCounts(this, options.shared)
    this.#joinOthers()
  }

  #joinOthers(): void {
    const { rows } = this
    rows.others = this.shared?.joinTo(rows, (row) => this.keyAt(row))
  }

  /** The names of the fields. */
  get names(): readonly F[] {
    return this.#names
  }

  /** The table that the servers and tags which peers teach this one are copied to. */
  get writeTo(): StickTable | undefined {
    return this.#writeTo
  }

  /**
   * Has the servers and tags that peers teach written to another table, too. HAProxy: `write-to`.
   * @throws {OptionError} when its keys are of another kind, or it is this one
   */
  copyTo(table: AnyStickTable): void {
    const subject = `StickTable '${this.name}'`
    if ((table as unknown) === this) throw new OptionError(subject, 'writeTo', 'cannot be the table itself')
    if (table.key !== this.key || table.keyLength !== this.keyLength) {
      throw new OptionError(subject, 'writeTo', `'${table.name}' has keys of another type or length`)
    }
    this.#writeTo = table as StickTable
  }

  /**
   * Has the server that a key was sent to remembered as well, for whoever needs it to: before the first key comes. Nothing changes when it is
   * stored already. @throws {OptionError} when there are keys
   */
  alsoStore(type: 'server_id' | 'server_key'): void {
    if (this.field(type) !== -1) return
    if (this.size > 0) throw new OptionError(`StickTable '${this.name}'`, 'store', `has keys, but lacks ${type}`)
    this.#names = [...this.#names, type as F]
    this.addField(type)
    this.#joinOthers()
  }

  /** Listens. Records are made only while somebody does; what a listener throws goes to those of `fault`. */
  on<E extends keyof TableEvents<F>>(event: E, listener: TableEvents<F>[E]): this {
    this.#events ??= new EventEmitter<TableEvents<string>>()
    this.#events.on(event, listener as never)
    return this
  }

  /** Listens no more. */
  off<E extends keyof TableEvents<F>>(event: E, listener: TableEvents<F>[E]): this {
    this.#events?.off(event, listener as never)
    return this
  }

  #tell(event: 'update' | Loss, row: number, now: number): void {
    const events = this.#events
    if (events === undefined || event === 'remove' || events.listenerCount(event) === 0) return
    try {
      events.emit(event, this.record(row, now))
    } catch (error) {
      events.emit('fault', error)
    }
  }

  protected override get heeded(): boolean {
    return this.shared !== undefined
  }

  protected override lost(row: number, why: Loss): void {
    this.shared?.lost(row)
    if (this.#events !== undefined) this.#tell(why, row, this.latest)
  }

  protected override used(row: number, now: number): void {
    if (this.#events !== undefined) this.#tell('update', row, now)
  }

  protected override begun(): void {
    this.#keeper?.wake(this)
  }

  /** Whoever sweeps it; nobody by default, and then what is over makes room when new keys come. A table in several hands has the last one. */
  get keeper(): TableKeeper | undefined {
    return this.#keeper
  }

  set keeper(keeper: TableKeeper | undefined) {
    this.#keeper = keeper
    if (this.size > 0) this.begun()
  }

  /**
   * Takes what a peer knows of a key: `apply` writes it to the row. It is no change of ours, so that it is not passed on; it stays for the time that the peer says, at
   * most for the table's. Answers the row; -1 when there is no room.
   */
  learn(key: TableKey, expiresIn: number, apply: (row: number) => void, now: number): number {
    const row = this.open(key, now)
    if (row === -1) return -1
    apply(row)
    this.expireIn(row, expiresIn, now)
    if (this.#writeTo !== undefined) this.#copy(row, this.#writeTo, now)
    return row
  }

  /** Whether peers teach this field: who is connected elsewhere is not connected here. */
  learns(field: number): boolean {
    return this.receiveOnly || this.fields[field]?.type.name !== 'conn_cur'
  }

  #copy(row: number, target: StickTable, now: number): void {
    const copied = target.keyOfBytes(this.keyBytes(row))
    const to = copied === undefined ? -1 : target.open(copied, now)
    if (to === -1) return
    this.fields.forEach(({ type, length }, field) => {
      const other = target.field(type.name)
      if (other === -1 || !/^(?:server_id|server_key|gpt0?)$/.test(type.name)) return
      if (type.kind === 'text') target.writeText(to, other, this.readText(row, field))
      else for (let i = 0; i < length; i++) target.write(to, other, this.read(row, field, now, i), now, i)
    })
    target.touch(to, now)
  }

  /**
   * Holds on to the key of a value in one of the context's slots until the context is released, and counts. The first to take a
   * slot keeps it. Answers whether the slot is this one's now.
   */
  track(context: Context, value: unknown, slot = 0): boolean {
    if (context.trackedAt(slot) !== undefined) return false
    const key = this.keyOf(value)
    if (key === undefined) return false
    const { now, process } = context
    if (this.#keeper === undefined) process?.tables?.adopt(this)
    const held = context.rehearsal ? this.#rehearse(key, now) : this.#hold(key, now)
    if (held === undefined) return false
    if ((context.request as unknown) !== undefined) held.rows.count(held.row, 'requests', 1, now)
    held.used(now)
    if (context.tracked === undefined && slot === 0) context.tracked = [held]
    else (context.tracked ??= [])[slot] = held
    return true
  }

  #hold(key: TableKey, now: number): TrackedEntry | undefined {
    const row = this.open(key, now)
    return row === -1 ? undefined : new TrackedEntry(this, this.rows, row, key, now)
  }

  /** As {@link track}, on a copy of what is remembered. */
  #rehearse(key: TableKey, now: number): TrackedEntry {
    const copy = new Rows(this.fields, keyWords(this.key), 1, this.bytesFactor)
    copy.others = this.shared?.joinTo(copy, () => key)
    const target = copy.take()
    const row = this.find(key, now)
    if (row !== -1) this.rows.copyValues(row, copy, target)
    return new TrackedEntry(this, copy, target, key, now)
  }

  /**
   * What a field says of the key that a sample gives: 0 when the key is not known. Does not count, and does not keep the key
   * from being forgotten. HAProxy: `src_http_req_rate(table)` and the like.
   * @param element which one of an array, from 0 on
   */
  lookup<P extends Phase>(field: F, sample: Sample<unknown, P>, element = 0): NumberSample<P> {
    return lookupSample(this, this.#indexOf(field, element), sample, element)
  }

  /**
   * What a field says of the key that is tracked in a slot; absent when none of this table is. HAProxy: `sc_http_req_rate(slot,table)` and
   * the like.
   * @param element which one of an array, from 0 on
   */
  tracked(field: F, slot = 0, element = 0): NumberSample<AnyPhase> {
    return trackedSample(this, this.#indexOf(field, element), slot, element)
  }

  /** What is remembered of a key, which may be a sample's value or its text. `now` is by default the latest time that the table has seen. */
  get(value: unknown, now: number = this.latest): TableRecord<F> | undefined {
    const key = this.keyOf(value)
    const row = key === undefined ? -1 : this.find(key, now)
    return row === -1 ? undefined : this.record(row, now)
  }

  /** Everything that is remembered, the key that was tracked longest ago first. A list of all: for many keys, go through the table itself. */
  records(now: number = this.latest): TableRecord<F>[] {
    return this.inOrder()
      .filter((row) => !this.isOver(row, now))
      .map((row) => this.record(row, now))
  }

  /** Goes through what is remembered in no order, one at a time; what comes and goes meanwhile may or may not be seen. */
  *[Symbol.iterator](): Generator<TableRecord<F>, void> {
    for (let row = this.nextRow(-1); row !== -1; row = this.nextRow(row)) {
      if (!this.isOver(row, this.latest)) yield this.record(row)
    }
  }

  /** One entry as plain data. */
  record(row: number, now: number = this.latest): TableRecord<F> {
    return tableRecord(this, row, now)
  }

  /** Forgets a key, or all of them. What is tracked at this moment stays. Answers how many were forgotten. */
  clear(value?: unknown): number {
    if (value === undefined) return this.removeAll()
    const key = this.keyOf(value)
    const row = key === undefined ? -1 : this.find(key, Number.NEGATIVE_INFINITY)
    return row !== -1 && this.remove(row) ? 1 : 0
  }

  /** All that is remembered, as plain data for JSON. */
  snapshot(now: number = this.latest): TableSnapshot {
    return takeTableSnapshot(this, now)
  }

  /**
   * Adds what another table remembered, field by field where name, type, period and length are the same. Counters and rates are added up, so that a snapshot is to be merged
   * once; servers and tags are those of the entry that was used last; `conn_cur` stays as it is here. An entry stays as long as the longer of the two. Answers how many
   * entries were taken. @param age milliseconds since the snapshot was taken @throws {OptionError} when its keys are of another type
   */
  merge(snapshot: TableSnapshot, now: number = this.latest, age = 0): number {
    return mergeTableSnapshot(this, snapshot, now, age)
  }

  #indexOf(field: F, element: number): number {
    const index = this.names.indexOf(field)
    if (index === -1) {
      const known = this.names.length === 0 ? 'it stores nothing' : `it stores ${this.names.join(', ')}`
      throw new OptionError(`StickTable '${this.name}'`, '', `has no field '${field}': ${known}`)
    }
    const { length } = this.fields[index]!
    if (!(Number.isInteger(element) && element >= 0 && element < length)) {
      const subject = `StickTable '${this.name}', field '${field}'`
      throw new OptionError(subject, 'element', `must be from 0 to ${length - 1}, but is ${element}`)
    }
    return index
  }
}
