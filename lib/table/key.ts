/** What a stick table's keys are made of, how a sample's value becomes one, and how one is shown. */
import { Ip, ipv4ToText } from '../base/ip.js'
import type { SipHash } from '../base/sip-hash.js'
import { castAddress, castable, castBytes, castInteger, castText } from '../match/cast.js'
import type { StaticType } from '../match/value.js'

/**
 * `ip` takes both families; `ipv4` (HAProxy's `type ip`) only IPv4, `ipv6` both, an IPv4 address as `::ffff:a.b.c.d`; `integer` has 32 bits; `string` is cut at
 * `keyLength` bytes, `binary` is cut or filled with zeros to as many.
 */
export type KeyType = 'ip' | 'ipv4' | 'ipv6' | 'integer' | 'string' | 'binary'

/** All of them. */
export const keyTypes: readonly KeyType[] = ['ip', 'ipv4', 'ipv6', 'integer', 'string', 'binary']

const sampleTypes = { ip: 'ip', ipv4: 'ip', ipv6: 'ip', integer: 'int', string: 'str', binary: 'bin' } as const

/** Whether values of a type can be keys of another at all. */
export const canBeKey = (from: StaticType, type: KeyType): boolean => castable(from, sampleTypes[type])

/** A key of one table, ready to be looked up: its hash, and its words or its text. */
export class TableKey {
  /** 32 bits with a sign: a small number, which an object holds itself. */
  readonly hash: number
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
  readonly text: string
  /** The row in which it was found last, and that row's generation then; only the table looks. */
  row = -1
  generation = 0

  constructor(hash: number, a: number, b: number, c: number, d: number, text: string) {
    this.hash = hash | 0
    this.a = a
    this.b = b
    this.c = c
    this.d = d
    this.text = text
  }
}

/** Words of 32 bits that keys of a type take in a row; 0 for those that are texts. */
export function keyWords(type: KeyType): 0 | 1 | 4 {
  return type === 'ip' || type === 'ipv6' ? 4 : type === 'ipv4' || type === 'integer' ? 1 : 0
}

const MAPPED = 0xffff

/** Makes the keys of one table. Its secret keeps strangers from finding keys that fall together. */
export class KeyMaker {
  readonly type: KeyType
  /** Bytes of a `string` at most, of a `binary` always. */
  readonly length: number
  readonly #hash: SipHash
  /** Several rules ask of the same address in turn. */
  #lastAddress: Ip | undefined = undefined
  #lastKey: TableKey | undefined = undefined

  constructor(type: KeyType, length: number, hash: SipHash) {
    this.type = type
    this.length = length
    this.#hash = hash
  }

  /** The key that a sample's value is; `undefined` when it cannot be one, and then nothing is tracked. */
  of(value: unknown): TableKey | undefined {
    if (!(value instanceof Ip)) return this.#make(value)
    if (value !== this.#lastAddress) {
      this.#lastAddress = value
      this.#lastKey = this.#make(value)
    }
    return this.#lastKey
  }

  #make(value: unknown): TableKey | undefined {
    switch (this.type) {
      case 'ip':
        return this.#wide(castAddress(value))
      case 'ipv6': {
        const address = castAddress(value)
        // A text must be of the very family, an address need not.
        return typeof value === 'string' && address?.family === 4 ? undefined : this.#wide(address)
      }
      case 'ipv4': {
        const address = castAddress(value)
        const four = typeof value === 'string' ? address : address?.unmapped
        return four?.family === 4 ? this.#narrow(four.number) : undefined
      }
      case 'integer': {
        const number = castInteger(value)
        if (number === undefined) return undefined
        return this.#narrow(typeof number === 'bigint' ? Number(BigInt.asUintN(32, number)) : number)
      }
      case 'string': {
        const text = castText(value)
        return text === undefined ? undefined : this.#text(text)
      }
      case 'binary': {
        const bytes = castBytes(value)
        return bytes === undefined ? undefined : this.#text(bytes.toString('latin1'))
      }
    }
  }

  /** The key that bytes are, as {@link bytes} gives them; `undefined` when their number is wrong. */
  ofBytes(bytes: Uint8Array): TableKey | undefined {
    const { length } = bytes
    switch (this.type) {
      case 'ip':
      case 'ipv6':
        return length === 16 ? this.#wide(Ip.fromBytes(bytes)) : undefined
      case 'ipv4':
      case 'integer':
        return length === 4 ? this.#narrow(wordOf(bytes, 0)) : undefined
      default:
        return this.#text(Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('latin1'))
    }
  }

  /** A key as people read it. */
  textOf({ a, b, c, d, text }: TableKey): string {
    switch (this.type) {
      case 'ip':
        if (a === 0 && b === 0 && c === MAPPED) return ipv4ToText(d >>> 0)
        return Ip.fromBytes(bytesOf(a, b, c, d)).toString()
      case 'ipv6':
        return Ip.fromBytes(bytesOf(a, b, c, d)).toString()
      case 'ipv4':
        return ipv4ToText(a >>> 0)
      case 'integer':
        return String(a >>> 0)
      case 'string':
        return text
      case 'binary':
        return Buffer.from(text, 'latin1').toString('hex').toUpperCase()
    }
  }

  /** A key as peers send it: numbers with the upper bytes first. */
  bytes({ a, b, c, d, text }: TableKey): Uint8Array {
    const words = keyWords(this.type)
    if (words === 0) return Buffer.from(text, 'latin1')
    return words === 1 ? bytesOf(a) : bytesOf(a, b, c, d)
  }

  #wide(address: Ip | undefined): TableKey | undefined {
    if (address === undefined) return undefined
    const { bytes } = address
    if (address.family === 4) return this.#words(0, 0, MAPPED, wordOf(bytes, 0))
    return this.#words(wordOf(bytes, 0), wordOf(bytes, 4), wordOf(bytes, 8), wordOf(bytes, 12))
  }

  #words(a: number, b: number, c: number, d: number): TableKey {
    const mapped = a === 0 && b === 0 && c === MAPPED
    const hash = mapped ? this.#hash.words(1, d) : this.#hash.words(4, a, b, c, d)
    return new TableKey(hash, a, b, c, d, '')
  }

  #narrow(number: number): TableKey {
    const a = number | 0
    return new TableKey(this.#hash.words(1, a), a, 0, 0, 0, '')
  }

  #text(text: string): TableKey {
    const bytes = /[^\0-\xff]/.test(text) ? Buffer.from(text).toString('latin1') : text
    const cut = bytes.length > this.length ? bytes.slice(0, this.length) : bytes
    const whole = this.type === 'binary' ? cut.padEnd(this.length, '\0') : cut
    return new TableKey(this.#hash.text(whole), 0, 0, 0, 0, whole)
  }
}

function wordOf(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
}

function bytesOf(...words: number[]): Uint8Array {
  const bytes = new Uint8Array(4 * words.length)
  for (let at = 0, word = 0; word < words.length; word++) {
    const value = words[word]!
    bytes[at++] = value >>> 24
    bytes[at++] = value >>> 16
    bytes[at++] = value >>> 8
    bytes[at++] = value
  }
  return bytes
}
