/** Values as JSON and as CBOR (RFC 8949): for `%{+json}` and `%{+cbor}` in formats. Texts are one character a byte. */
import { isUtf8 } from 'node:buffer'
import type { Integer } from '../base/int64.js'
import { plainText } from './format-text.js'

const control = /[\x00-\x1f"\\\x7f]/g

/** A JSON string. What is UTF-8 stays so; other bytes above 127 come as the characters of latin1. */
export function jsonString(text: string): string {
  const plain = text.replace(control, (char) => {
    if (char === '"' || char === '\\') return `\\${char}`
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  if (!/[\x80-\xff]/.test(plain) || isUtf8(Buffer.from(plain, 'latin1'))) return `"${plain}"`
  return `"${plain.replace(/[\x80-\xff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`
}

/** One value as JSON: numbers, truth values and texts; what is absent is `null`. */
export function jsonValue(value: unknown): string {
  if (value === undefined || value === null) return 'null'
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  return Array.isArray(value) ? `[${value.map(jsonValue).join(',')}]` : jsonString(plainText(value))
}

/** An object of named values. */
export function jsonObject(entries: readonly (readonly [name: string, value: unknown])[]): string {
  return `{${entries.map(([name, value]) => `${jsonString(name)}:${jsonValue(value)}`).join(',')}}`
}

/** The head of a CBOR item: its major type and a number. */
function head(major: number, count: Integer): Buffer {
  const first = major << 5
  if (count < 24) return Buffer.of(first | Number(count))
  if (count < 0x100) return Buffer.of(first | 24, Number(count))
  if (count < 0x1_0000) {
    const bytes = Buffer.of(first | 25, 0, 0)
    bytes.writeUInt16BE(Number(count), 1)
    return bytes
  }
  if (count < 0x1_0000_0000) {
    const bytes = Buffer.of(first | 26, 0, 0, 0, 0)
    bytes.writeUInt32BE(Number(count), 1)
    return bytes
  }
  const bytes = Buffer.alloc(9, first | 27)
  bytes.writeBigUInt64BE(BigInt(count), 1)
  return bytes
}

function cborText(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1')
  // A text of CBOR is UTF-8; anything else is a string of bytes.
  return Buffer.concat([head(isUtf8(bytes) ? 3 : 2, bytes.length), bytes])
}

/** One value as CBOR, in bytes. */
export function cborValue(value: unknown): Buffer {
  if (value === undefined) return Buffer.of(0xf6)
  if (typeof value === 'boolean') return Buffer.of(value ? 0xf5 : 0xf4)
  if (typeof value === 'number' || typeof value === 'bigint')
    return value < 0 ? head(1, -(BigInt(value) + 1n)) : head(0, value)
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cborValue)])
  return cborText(plainText(value))
}

/** An object of named values, in bytes. */
export function cborObject(entries: readonly (readonly [name: string, value: unknown])[]): Buffer {
  const parts = entries.flatMap(([name, value]) => [cborText(name), cborValue(value)])
  return Buffer.concat([head(5, entries.length), ...parts])
}

/** CBOR as a format prints it: hexadecimal digits, or the bytes themselves. */
export const printedCbor = (bytes: Buffer, binary: boolean): string =>
  binary ? bytes.toString('latin1') : bytes.toString('hex').toUpperCase()
