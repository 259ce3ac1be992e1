/** What we say in a peers session behind its handshake → bytes. */
import { PeersDictionary } from './peers-dictionary.js'
import {
  ACKNOWLEDGED,
  CONTROL,
  type Control,
  controls,
  DEFINITION,
  type Definition,
  FAULT,
  type Fault,
  faults,
  INCREMENTAL,
  keyTypes,
  LONGEST_MESSAGE,
  TABLE,
  TIMED_INCREMENTAL,
  TIMED_UPDATE,
  UPDATE,
  type Values,
  wireTypes,
} from './peers-format.js'
import { putVarint, varintLength } from './peers-varint.js'

/** Bytes of a number at most. */
const LONGEST_NUMBER = 10
/** Bytes of a message beside its key and data at most. */
const FRAME = 32

/** An entry as it is told. */
export interface Update {
  readonly id: number
  readonly key: Uint8Array
  /** One for each element of the definition's fields, three of each rate. */
  readonly values: Values
  /** Milliseconds until it is forgotten; `undefined` leaves that to the receiver. */
  readonly expire?: number | undefined
}

/** One direction of a session: says things, then `take()`s the bytes. */
export class PeersWriter {
  readonly dictionary = new PeersDictionary()
  /** Where one message is put together. */
  readonly #scratch = Buffer.allocUnsafe(LONGEST_MESSAGE)
  #bytes = Buffer.allocUnsafe(LONGEST_MESSAGE)
  #length = 0
  #defined: Definition | undefined = undefined
  #lastUpdate = 0

  /** Bytes that wait to be taken. */
  get length(): number {
    return this.#length
  }

  /** What is spoken of at the moment. */
  get defined(): Definition | undefined {
    return this.#defined
  }

  /** The bytes of all that has been said; they are the caller's. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length)
    this.#length = 0
    // A few bytes that wait to be sent must not keep a whole buffer from being used again.
    if (taken.length <= LONGEST_MESSAGE / 2 && this.#bytes.length === LONGEST_MESSAGE) return Buffer.from(taken)
    this.#bytes = Buffer.allocUnsafe(LONGEST_MESSAGE)
    return taken
  }

  control(control: Control): void {
    this.#short(CONTROL, controls.indexOf(control))
  }

  complain(fault: Fault): void {
    this.#short(FAULT, faults.indexOf(fault))
  }

  /** What is said next is about this table; said only when it was about another one before. */
  define(definition: Definition): void {
    if (this.#defined === definition) return
    this.#defined = definition
    this.#lastUpdate = Number.NaN
    const name = Buffer.from(definition.name, 'latin1')
    let at = putVarint(this.#scratch, 0, definition.id)
    at = putVarint(this.#scratch, at, name.length)
    at += name.copy(this.#scratch, at)
    at = putVarint(this.#scratch, at, definition.keyType)
    at = putVarint(this.#scratch, at, definition.keyLength)
    at = putVarint(
      this.#scratch,
      at,
      definition.fields.reduce((bits, { number }) => bits + 2 ** number, 0),
    )
    at = putVarint(this.#scratch, at, definition.expire)
    for (const { number, elements, period } of definition.fields) {
      const { kind, array } = wireTypes[number]!
      if (kind !== 'rate' && !array) continue
      at = putVarint(this.#scratch, at, number)
      if (array) at = putVarint(this.#scratch, at, elements)
      if (kind === 'rate') at = putVarint(this.#scratch, at, period)
    }
    this.#message(DEFINITION, at)
  }

  /** An entry of the table that was defined last. @returns false when it is too long to be told */
  update(update: Update): boolean {
    const definition = this.#defined
    if (definition === undefined || !mayFit(update)) return false
    const { id, key, values, expire } = update
    const incremental = id === (this.#lastUpdate + 1) >>> 0
    let at = 0
    if (!incremental) at = this.#scratch.writeUInt32BE(id, at)
    if (expire !== undefined) at = this.#scratch.writeUInt32BE(Math.min(expire, 0xffff_ffff), at)
    if (definition.keyType === keyTypes.string) at = putVarint(this.#scratch, at, key.length)
    this.#scratch.set(key, at)
    at = this.#values(definition, values, at + key.length)
    this.#lastUpdate = id
    if (expire === undefined) this.#message(incremental ? INCREMENTAL : UPDATE, at)
    else this.#message(incremental ? TIMED_INCREMENTAL : TIMED_UPDATE, at)
    return true
  }

  /** We have got what the peer told of a table up to an update. @param table its number for it */
  acknowledge(table: number, update: number): void {
    this.#message(ACKNOWLEDGED, this.#scratch.writeUInt32BE(update, putVarint(this.#scratch, 0, table)))
  }

  #values({ fields }: Definition, values: Values, at: number): number {
    let next = 0
    for (const { number, elements } of fields) {
      const { kind } = wireTypes[number]!
      for (let count = elements * (kind === 'rate' ? 3 : 1); count > 0; count--) {
        const value = values[next++]
        if (kind === 'text') at = this.#text(value as string | undefined, at)
        else at = putVarint(this.#scratch, at, value as number)
      }
    }
    return at
  }

  /** What the receiver has been told before goes by its number. */
  #text(text: string | undefined, at: number): number {
    if (text === undefined) return putVarint(this.#scratch, at, 0)
    const known = this.dictionary.find(text)
    const number = known ?? this.dictionary.add(text)
    const own = varintLength(number)
    if (known !== undefined) return putVarint(this.#scratch, putVarint(this.#scratch, at, own), number)
    at = putVarint(this.#scratch, at, own + varintLength(text.length) + text.length)
    at = putVarint(this.#scratch, at, number)
    at = putVarint(this.#scratch, at, text.length)
    return at + this.#scratch.write(text, at, 'latin1')
  }

  #short(kind: number, type: number): void {
    this.#reserve(2)
    this.#bytes[this.#length++] = kind
    this.#bytes[this.#length++] = type
  }

  #message(type: number, length: number): void {
    this.#reserve(length + FRAME)
    this.#short(TABLE, type)
    this.#length = putVarint(this.#bytes, this.#length, length)
    this.#scratch.copy(this.#bytes, this.#length, 0, length)
    this.#length += length
  }

  #reserve(length: number): void {
    if (this.#length + length <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(this.#bytes.length * 2 + length)
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}

/** Counted generously. */
function mayFit({ key, values }: Update): boolean {
  let most = FRAME + key.length
  for (const value of values) most += LONGEST_NUMBER + (typeof value === 'string' ? value.length + LONGEST_NUMBER : 0)
  return most <= LONGEST_MESSAGE
}
