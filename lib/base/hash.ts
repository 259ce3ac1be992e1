/**
 * The 32-bit hash functions that servers are chosen by (manual, `hash-type`), on latin1 strings and on bytes.
 * Which key is hashed and what the result is mapped to lives in `balance/`. Nothing here is fit for secrets.
 */

/** A key: one character a byte, or bytes. */
export type HashKey = string | Uint8Array

/** Names of the functions, as `hash-type` has them. */
export type HashFunctionName = 'sdbm' | 'djb2' | 'wt6' | 'crc32' | 'none'

/** Turns `key[from … to)` into an unsigned 32-bit number and allocates nothing. */
export type HashFunction = (key: HashKey, from: number, to: number) => number

/** The hash of the sdbm database library: `h = c + 65599 h`. */
export function sdbm(key: HashKey, from = 0, to = key.length): number {
  let hash = 0
  if (typeof key === 'string') for (let i = from; i < to; i++) hash = (Math.imul(hash, 65599) + key.charCodeAt(i)) | 0
  else for (let i = from; i < to; i++) hash = (Math.imul(hash, 65599) + key[i]!) | 0
  return hash >>> 0
}

/** Bernstein's hash in its first form: `h = 33 h + c`, from 5381. */
export function djb2(key: HashKey, from = 0, to = key.length): number {
  let hash = 5381
  if (typeof key === 'string') for (let i = from; i < to; i++) hash = (Math.imul(hash, 33) + key.charCodeAt(i)) | 0
  else for (let i = from; i < to; i++) hash = (Math.imul(hash, 33) + key[i]!) | 0
  return hash >>> 0
}

/** HAProxy's own: two words that each byte is mixed into and that turn by steps which depend on them. */
export function wt6(key: HashKey, from = 0, to = key.length): number {
  const text = typeof key === 'string'
  let left = 0xa53c965a | 0
  let right = 0x5ca6953a | 0
  let leftTurn = 6
  let rightTurn = 18
  for (let i = from; i < to; i++) {
    const byte = text ? key.charCodeAt(i) : key[i]!
    const turned = rotate(~(right + byte), leftTurn)
    right = rotate(~(left ^ byte), rightTurn)
    left = turned
    const steps = (left >>> 16) ^ (right & 0xffff)
    leftTurn = steps & 31
    rightTurn = steps >>> 11
  }
  return (left ^ right) >>> 0
}

function rotate(word: number, turn: number): number {
  return (word << turn) | (word >>> (32 - turn))
}

const CRC_TABLE: Int32Array = crcTable(0xedb88320)
const CASTAGNOLI_TABLE: Int32Array = crcTable(0x82f63b78)

function crcTable(polynomial: number): Int32Array {
  const table = new Int32Array(256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
    table[byte] = crc
  }
  return table
}

/** CRC-32 as in Ethernet, gzip and PNG. */
export function crc32(key: HashKey, from = 0, to = key.length): number {
  return cyclic(CRC_TABLE, key, from, to)
}

/** CRC-32C as in iSCSI and SCTP (RFC 4960, appendix B). */
export function crc32c(key: HashKey, from = 0, to = key.length): number {
  return cyclic(CASTAGNOLI_TABLE, key, from, to)
}

function cyclic(table: Int32Array, key: HashKey, from: number, to: number): number {
  let crc = -1
  if (typeof key === 'string') {
    for (let i = from; i < to; i++) crc = (crc >>> 8) ^ table[(crc ^ key.charCodeAt(i)) & 0xff]!
  } else for (let i = from; i < to; i++) crc = (crc >>> 8) ^ table[(crc ^ key[i]!) & 0xff]!
  return ~crc >>> 0
}

/**
 * Robert Jenkins' 32-bit integer mix, in which each bit of the input can change each bit of the output
 * (the first of https://burtleburtle.net/bob/hash/integer.html), then multiplied by a prime, which carries the low bits
 * to the top. This is `hash-type`'s `avalanche`.
 */
export function avalanche(hash: number): number {
  let mixed = hash | 0
  mixed = (mixed + 0x7ed55d16 + (mixed << 12)) | 0
  mixed = mixed ^ 0xc761c23c ^ (mixed >>> 19)
  mixed = (mixed + 0x165667b1 + (mixed << 5)) | 0
  mixed = ((mixed + 0xd3a2646c) | 0) ^ (mixed << 9)
  mixed = (mixed + 0xfd7046c5 + (mixed << 3)) | 0
  return Math.imul(mixed ^ 0xb55a4f09 ^ (mixed >>> 16), 0xc0000001) >>> 0
}
