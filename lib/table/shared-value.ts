/** What one node has counted for one key, as the bytes that stores carry: when it was written, how long it stays, and each field's own part. */
import type { Field } from './field.js'
import type { Rows } from './rows.js'
import type { StickTable } from './stick-table.js'

const HEAD = 16
const LONGEST_AGE = 2 ** 32 - 1

/** Whether nodes count a field together: what marks a key (tags, servers) is each node's own. */
export function isCounted({ type }: Field): boolean {
  return type.counts !== undefined || type.name === 'conn_cur'
}

/** What those have in common who count together: keys and fields, each in their order. */
export function shapeOf({ key, keyLength, bytesFactor, fields }: StickTable): string {
  const keys = key === 'string' || key === 'binary' ? `${key}(${keyLength})` : key
  const counted = fields.filter(isCounted).map(({ type, period, length }) => {
    return type.name + (type.array ? `[${length}]` : '') + (type.kind === 'rate' ? `(${period})` : '')
  })
  return ['1', keys, ...counted, ...(bytesFactor === 1 ? [] : [`brates-factor ${bytesFactor}`])].join(' ')
}

/** When it was written, by the store's time, and for how many milliseconds it stays from then on. */
export interface SharedStamp {
  readonly time: number
  readonly expiresIn: number
}

/** Reads and writes the values of tables of one shape. */
export class SharedValues {
  readonly #fields: readonly Field[]
  readonly #counted: readonly number[]
  readonly #length: number

  constructor(fields: readonly Field[]) {
    this.#fields = fields
    this.#counted = fields.flatMap((field, index) => (isCounted(field) ? [index] : []))
    this.#length = this.#counted.reduce((sum, index) => sum + fields[index]!.length * width(fields[index]!), HEAD)
  }

  /** Nothing has been counted in a row. */
  isBlank(rows: Rows, row: number, now: number): boolean {
    return this.#counted.every((field) => {
      for (let element = 0; element < this.#fields[field]!.length; element++) {
        if (rows.estimate(row, field, now, element) !== 0) return false
      }
      return true
    })
  }

  write(rows: Rows, row: number, stamp: SharedStamp, now: number): Buffer {
    const bytes = Buffer.alloc(this.#length)
    bytes.writeDoubleBE(stamp.time, 0)
    bytes.writeDoubleBE(stamp.expiresIn, 8)
    let at = HEAD
    for (const field of this.#counted) {
      const { type, length } = this.#fields[field]!
      for (let element = 0; element < length; element++) {
        if (type.kind === 'rate') {
          const { age, present, before } = rows.rateState(row, field, now, element)
          bytes.writeUInt32BE(Math.min(Math.max(0, Math.round(age)), LONGEST_AGE), at)
          bytes.writeUInt32BE(present >>> 0, at + 4)
          bytes.writeUInt32BE(before >>> 0, at + 8)
        } else if (type.kind === 'wide') bytes.writeBigUInt64BE(rows.readWide(row, field), at)
        else bytes.writeUInt32BE(rows.own(row, field, now, element), at)
        at += width(this.#fields[field]!)
      }
    }
    return bytes
  }

  /** What a value says of its time; `undefined` when it is none of ours. */
  stamp(value: Uint8Array): SharedStamp | undefined {
    if (value.length !== this.#length) return undefined
    const bytes = bufferOf(value)
    const [time, expiresIn] = [bytes.readDoubleBE(0), bytes.readDoubleBE(8)]
    return Number.isFinite(time) && expiresIn > 0 ? { time, expiresIn } : undefined
  }

  /** Writes what a value says to a row. @param age milliseconds since it was written */
  read(value: Uint8Array, rows: Rows, row: number, age: number, now: number): void {
    const bytes = bufferOf(value)
    let at = HEAD
    for (const field of this.#counted) {
      const { type, length } = this.#fields[field]!
      for (let element = 0; element < length; element++) {
        if (type.kind === 'rate') {
          const began = Math.min(bytes.readUInt32BE(at) + age, LONGEST_AGE)
          const state = { age: began, present: bytes.readUInt32BE(at + 4), before: bytes.readUInt32BE(at + 8) }
          rows.setRate(row, field, state, now, element)
        } else {
          const number = type.kind === 'wide' ? bytes.readBigUInt64BE(at) : bytes.readUInt32BE(at)
          rows.write(row, field, number, now, element)
        }
        at += width(this.#fields[field]!)
      }
    }
  }
}

const width = ({ type: { kind } }: Field): number => (kind === 'rate' ? 12 : kind === 'wide' ? 8 : 4)

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
