/** A table as peers are told of it: its definition, its entries as values, and what becomes of a peer's. */
import type { UpdateEvent } from '../../codec/peers-decoder.js'
import { type Definition, keyTypes, type Values, wireTypes } from '../../codec/peers-format.js'
import type { PeerTable, SharedStickTable } from '../../proxy/peers.js'
import type { UpdateLog } from '../../table/update-log.js'

/** One kind of data that a peer tells: where it goes here, and how many of it there are there. */
interface Part {
  /** -1: it is passed over. */
  readonly field: number
  readonly elements: number
  readonly kind: 'number' | 'rate' | 'text'
}

/** How what a peer tells of a table becomes ours. */
export interface Lesson {
  readonly definition: Definition
  readonly parts: readonly Part[]
}

/** One of the tables that a group of peers shares. */
export class SharedTable {
  readonly table: SharedStickTable
  readonly definition: Definition
  /** What has been changed here. */
  readonly log: UpdateLog
  /** Our fields in the order of their numbers. */
  readonly #order: readonly number[]

  /** @param id our number for it among peers */
  constructor({ table, name }: PeerTable, id: number) {
    this.table = table
    this.log = table.watchUpdates()
    const { fields, key, keyLength } = table
    this.#order = fields.map((_, index) => index).sort((a, b) => fields[a]!.type.number - fields[b]!.type.number)
    this.definition = {
      id,
      name,
      keyType: key === 'ip' ? keyTypes.ipv6 : keyTypes[key],
      keyLength: wireLength(table, keyLength),
      fields: this.#order.map((index) => {
        const { type, length, period } = fields[index]!
        return { number: type.number, elements: length, period }
      }),
      expire: table.expire === Number.POSITIVE_INFINITY ? 0 : table.expire,
    }
  }

  /** All that an entry holds. */
  values(row: number, now: number): Values {
    const { table } = this
    const values: (number | string | undefined)[] = []
    for (const field of this.#order) {
      const { type, length } = table.fields[field]!
      for (let element = 0; element < length; element++) {
        if (type.kind === 'text') values.push(table.readText(row, field))
        else if (type.kind === 'rate') {
          const { age, present, before } = table.readRate(row, field, now, element)
          values.push(age, present, before)
        } else values.push(Math.max(0, table.read(row, field, now, element)))
      }
    }
    return values
  }

  /** Milliseconds that an entry has left, as they are told; 0 where entries are not forgotten. */
  expiresIn(row: number, now: number): number {
    const { table } = this
    if (table.expire === Number.POSITIVE_INFINITY) return 0
    return Math.ceil(table.users(row) > 0 ? table.expire : table.expiresIn(row, now))
  }

  /** How a peer's table of this name becomes ours; undefined when its keys are others. */
  lesson(definition: Definition): Lesson | undefined {
    const { keyType, keyLength } = this.definition
    if (definition.keyType !== keyType || definition.keyLength !== keyLength) return undefined
    const { table } = this
    const parts = definition.fields.map(({ number, elements }): Part => {
      const field = table.fields.findIndex(({ type }) => type.number === number)
      return { field: table.learns(field) ? field : -1, elements, kind: wireTypes[number]!.kind }
    })
    return { definition, parts }
  }

  /** Takes over what a peer knows of a key. */
  learn(lesson: Lesson, { key: bytes, values, expire }: UpdateEvent, now: number): void {
    const { table } = this
    const key = table.keyOfBytes(bytes)
    if (key === undefined) return
    // A peer that forgets nothing does not say when.
    const stays = expire === undefined || lesson.definition.expire === 0 ? table.expire : Math.min(expire, table.expire)
    table.learn(key, stays, (row) => this.#write(row, lesson.parts, values, now), now)
  }

  #write(row: number, parts: readonly Part[], values: Values, now: number): void {
    const { table } = this
    let at = 0
    for (const { field, elements, kind } of parts) {
      const known = field === -1 ? 0 : table.fields[field]!.length
      for (let element = 0; element < elements; element++) {
        const value = values[at++]
        if (kind === 'rate') {
          const state = { age: value as number, present: values[at++] as number, before: values[at++] as number }
          if (element < known) table.writeRate(row, field, state, now, element)
        } else if (element >= known) continue
        else if (kind === 'text') table.writeText(row, field, shortEnough(value as string | undefined))
        else table.write(row, field, value as number, now, element)
      }
    }
  }
}

/** Names of servers are short: what is longer would only take memory, once for each entry. */
const LONGEST_TEXT = 1024

const shortEnough = (text: string | undefined): string | undefined =>
  text !== undefined && text.length <= LONGEST_TEXT ? text : undefined

/** HAProxy counts the zero behind a text. */
function wireLength({ key }: SharedStickTable, length: number): number {
  switch (key) {
    case 'integer':
    case 'ipv4':
      return 4
    case 'ip':
    case 'ipv6':
      return 16
    case 'string':
      return length + 1
    case 'binary':
      return length
  }
}
