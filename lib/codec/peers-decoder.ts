/** Bytes of a peers session behind its handshake → what the peer says. Nothing is known of tables here but what their definitions say. */
import {
  ACKNOWLEDGED,
  CONTROL,
  type Control,
  controls,
  DEFINITION,
  type Definition,
  DICTIONARY_SIZE,
  FAULT,
  type Fault,
  faults,
  INCREMENTAL,
  keyTypes,
  LONGEST_MESSAGE,
  MOST_ELEMENTS,
  RESERVED,
  SWITCH,
  TABLE,
  TIMED_INCREMENTAL,
  TIMED_UPDATE,
  UPDATE,
  type Values,
  type WireField,
  type WireType,
  wireTypes,
} from './peers-format.js'
import { FieldReader } from './peers-varint.js'

/** What a peer says. */
export type PeerEvent =
  | { readonly type: 'control'; readonly control: Control }
  /** It complains, and hangs up. */
  | { readonly type: 'complaint'; readonly fault: Fault }
  /** What follows is about this table. */
  | { readonly type: 'definition'; readonly definition: Definition }
  | UpdateEvent
  /** It has got our updates up to this one; `table` is our number for the table. */
  | { readonly type: 'acknowledged'; readonly table: number; readonly update: number }
  /** It broke the rules: nothing comes any more. */
  | { readonly type: 'broken'; readonly fault: Fault; readonly reason: string }

/** An entry of the table that was defined last. */
export interface UpdateEvent {
  readonly type: 'update'
  readonly definition: Definition
  /** The sender's number for the update. */
  readonly id: number
  /** A view on the message: good until the next {@link PeersDecoder.feed}. */
  readonly key: Uint8Array
  /** Milliseconds until it is forgotten, when it says so. */
  readonly expire: number | undefined
  readonly values: Values
}

/** What is known of a table that the peer has defined. */
interface Known {
  readonly definition: Definition
  /** What its data is made of is understood. */
  readonly readable: boolean
  lastUpdate: number
}

/** Definitions that a session may hold at a time. */
const MOST_DEFINITIONS = 1024
/** Bytes of a number at most. */
const LONGEST_LENGTH = 10

const EMPTY = Buffer.alloc(0)

/**
 * One direction of a session: `feed()` bytes, then take what `next()` gives until there is nothing more.
 * @param knows whether somebody cares for the table of that name: definitions of others are not kept
 */
export class PeersDecoder {
  readonly #knows: (name: string) => boolean
  readonly #fields = new FieldReader()
  readonly #tables = new Map<number, Known>()
  readonly #dictionary = new Array<string | undefined>(DICTIONARY_SIZE)
  #bytes: Buffer = EMPTY
  #at = 0
  #current: Known | undefined = undefined
  #broken = false

  constructor(knows: (name: string) => boolean) {
    this.#knows = knows
  }

  /** Texts that the peer has given numbers to, by number. */
  get dictionary(): readonly (string | undefined)[] {
    return this.#dictionary
  }

  /** How many tables' definitions are kept. */
  get definitions(): number {
    return this.#tables.size
  }

  /** Bytes that wait for the rest of their message. */
  get held(): number {
    return this.#bytes.length - this.#at
  }

  /** Takes further bytes. What is kept of them is less than one message. */
  feed(chunk: Uint8Array): void {
    const view = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    this.#bytes = this.#at === this.#bytes.length ? view : Buffer.concat([this.#bytes.subarray(this.#at), view])
    this.#at = 0
  }

  /** What is kept may outlive the buffer that it came in: copies it. */
  keep(): void {
    this.#bytes = this.#at === this.#bytes.length ? EMPTY : Buffer.from(this.#bytes.subarray(this.#at))
    this.#at = 0
  }

  /** What the peer says next; undefined when that needs more bytes. */
  next(): PeerEvent | undefined {
    while (!this.#broken) {
      const before = this.#at
      const event = this.#message()
      if (event !== undefined || this.#at === before) return event
    }
    return undefined
  }

  /** Takes one whole message, if there is one; it need not say anything. */
  #message(): PeerEvent | undefined {
    const bytes = this.#bytes
    if (this.#at + 2 > bytes.length) return undefined
    const kind = bytes[this.#at] as number
    const type = bytes[this.#at + 1] as number
    if (type < UPDATE) {
      this.#at += 2
      return this.#short(kind, type)
    }
    const reader = this.#fields
    const open = Math.min(bytes.length - this.#at - 2, LONGEST_LENGTH)
    reader.reset(bytes, this.#at + 2, this.#at + 2 + open)
    const length = reader.varint()
    if (reader.broken) return open < LONGEST_LENGTH ? undefined : this.#break('protocol', 'a length without an end')
    const head = 2 + open - reader.left
    if (head + length > LONGEST_MESSAGE) return this.#break('size', `a message of ${length} bytes`)
    if (this.#at + head + length > bytes.length) return undefined
    reader.reset(bytes, this.#at + head, this.#at + head + length)
    this.#at += head + length
    if (kind === RESERVED) return this.#break('protocol', 'a message of class 255')
    return kind === TABLE ? this.#tableMessage(type) : undefined
  }

  /** What has no length. Types that nobody knows are passed over, as HAProxy does. */
  #short(kind: number, type: number): PeerEvent | undefined {
    if (kind === RESERVED) return this.#break('protocol', 'a message of class 255')
    const control = kind === CONTROL ? controls[type] : undefined
    if (control !== undefined) return { type: 'control', control }
    const fault = kind === FAULT ? faults[type] : undefined
    return fault === undefined ? undefined : { type: 'complaint', fault }
  }

  #tableMessage(type: number): PeerEvent | undefined {
    switch (type) {
      case UPDATE:
        return this.#update(false, false)
      case INCREMENTAL:
        return this.#update(true, false)
      case TIMED_UPDATE:
        return this.#update(false, true)
      case TIMED_INCREMENTAL:
        return this.#update(true, true)
      case DEFINITION:
        return this.#definition()
      case SWITCH: {
        this.#current = this.#tables.get(this.#fields.varint())
        return this.#fields.broken ? this.#break('protocol', 'a switch without a table') : undefined
      }
      case ACKNOWLEDGED: {
        const table = this.#fields.varint()
        const update = this.#fields.uint32()
        if (this.#fields.broken) return this.#break('protocol', 'an acknowledgement that ends too early')
        return { type: 'acknowledged', table, update }
      }
      default:
        return undefined
    }
  }

  #definition(): PeerEvent | undefined {
    const reader = this.#fields
    const id = reader.varint()
    const name = reader.text(reader.varint())
    const keyType = reader.varint()
    const keyLength = reader.varint()
    const bits = reader.varint()
    if (reader.broken) return this.#break('protocol', 'a definition that ends too early')
    const expire = reader.left > 0 ? reader.varint() : 0
    const fields = this.#fieldsOf(bits)
    if (reader.broken) return this.#break('protocol', 'a definition that ends too early')
    this.#forget(name, id)
    if (!this.#knows(name)) {
      this.#current = undefined
      return undefined
    }
    if (this.#tables.size >= MOST_DEFINITIONS) return this.#break('protocol', 'too many definitions')
    const definition: Definition = { id, name, keyType, keyLength, fields: fields ?? [], expire }
    this.#current = { definition, readable: fields !== undefined, lastUpdate: 0 }
    this.#tables.set(id, this.#current)
    return { type: 'definition', definition }
  }

  /** The kinds of data that are announced; undefined when one of them is not known, so that nobody can tell where it ends. */
  #fieldsOf(bits: number): WireField[] | undefined {
    if (bits >= 2 ** wireTypes.length) return undefined
    const fields: WireField[] = []
    for (const [number, { kind, array }] of wireTypes.entries()) {
      if ((bits & (1 << number)) === 0) continue
      const told = (kind === 'rate' || array) && this.#fields.left > 0
      if (told && this.#fields.varint() !== number) return undefined
      const elements = !array ? 1 : told ? this.#fields.varint() : 0
      if (elements === 0 || elements > MOST_ELEMENTS) return undefined
      fields.push({ number, elements, period: told && kind === 'rate' ? this.#fields.varint() : 0 })
    }
    return fields
  }

  /** The peer may give a table another number, and a number to another table. */
  #forget(name: string, id: number): void {
    const before = this.#current?.definition
    if (before?.id === id && before.name === name) return
    for (const [number, { definition }] of this.#tables)
      if (definition.name === name || number === id) this.#tables.delete(number)
  }

  #update(incremental: boolean, timed: boolean): PeerEvent | undefined {
    const known = this.#current
    if (known === undefined) return undefined
    const { definition } = known
    const reader = this.#fields
    const id = incremental ? (known.lastUpdate + 1) >>> 0 : reader.uint32()
    known.lastUpdate = id
    const expire = timed ? reader.uint32() : undefined
    const key = reader.bytes(this.#keyLength(definition))
    const values = known.readable ? this.#values(definition) : []
    if (reader.broken) return this.#break('protocol', 'an update that ends too early')
    return known.readable ? { type: 'update', definition, id, key, expire, values } : undefined
  }

  #keyLength({ keyType, keyLength }: Definition): number {
    if (keyType === keyTypes.string) return this.#fields.varint()
    return keyType === keyTypes.integer ? 4 : keyLength
  }

  #values({ fields }: Definition): Values {
    const reader = this.#fields
    const values: (number | string | undefined)[] = []
    for (const { number, elements } of fields) {
      const { kind } = wireTypes[number] as WireType
      for (let element = 0; element < elements; element++) {
        if (kind === 'text') values.push(this.#text())
        else values.push(reader.varint())
        if (kind === 'rate') values.push(reader.varint(), reader.varint())
      }
    }
    return values
  }

  /** A text and the number that it is to have, or only the number of one that was told before. */
  #text(): string | undefined {
    const reader = this.#fields
    const length = reader.varint()
    if (length === 0) return undefined
    const behind = reader.left - length
    const number = reader.varint()
    if (number < 1 || number > DICTIONARY_SIZE) return this.#spoil()
    if (reader.left > behind) this.#dictionary[number - 1] = reader.text(reader.varint())
    if (reader.left < behind) return this.#spoil()
    reader.bytes(reader.left - behind)
    return this.#dictionary[number - 1]
  }

  #spoil(): undefined {
    this.#fields.bytes(Number.POSITIVE_INFINITY)
    return undefined
  }

  #break(fault: Fault, reason: string): PeerEvent {
    this.#broken = true
    this.#bytes = EMPTY
    this.#at = 0
    return { type: 'broken', fault, reason }
  }
}
