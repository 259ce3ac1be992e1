/** Converters that take a field out of a Protocol Buffers message, as such or within gRPC. */
import { OptionError } from '../../base/errors.js'
import { type Integer, integerOf } from '../../base/int64.js'
import type { ArgumentDefinition, ArgumentValue } from '../argument.js'
import { type ConverterDefinition, defineConverter } from '../converter.js'

/** How a field's bytes are laid out. */
const Wire = { varint: 0, bits64: 1, delimited: 2, bits32: 5 } as const

/** How a field's bytes are an integer, and the wire type that they must have come in. */
interface FieldType {
  readonly wire: number
  readonly read: (bytes: Buffer) => Integer
}

const SMALLEST = -(2n ** 63n)

/** The whole part, as C makes it: what does not fit is the smallest integer. */
function truncated(value: number): Integer {
  return Number.isFinite(value) && Math.abs(value) < 2 ** 63 ? integerOf(BigInt(Math.trunc(value))) : SMALLEST
}

const signed = (value: bigint): Integer => integerOf(BigInt.asIntN(64, value))
const varint = (bytes: Buffer): Integer => signed(readVarint(bytes, 0)?.value ?? 0n)
const zigzag = (bytes: Buffer): Integer => {
  const value = readVarint(bytes, 0)?.value ?? 0n
  return signed((value >> 1n) ^ -(value & 1n))
}

const TYPES: ReadonlyMap<string, FieldType> = new Map<string, FieldType>([
  ...['int32', 'int64', 'uint32', 'uint64', 'bool', 'enum'].map((name): [string, FieldType] => [
    name,
    { wire: Wire.varint, read: varint },
  ]),
  ['sint32', { wire: Wire.varint, read: zigzag }],
  ['sint64', { wire: Wire.varint, read: zigzag }],
  ['fixed64', { wire: Wire.bits64, read: (bytes) => integerOf(bytes.readBigInt64LE()) }],
  ['sfixed64', { wire: Wire.bits64, read: (bytes) => integerOf(bytes.readBigInt64LE()) }],
  ['double', { wire: Wire.bits64, read: (bytes) => truncated(bytes.readDoubleLE()) }],
  ['fixed32', { wire: Wire.bits32, read: (bytes) => bytes.readUInt32LE() }],
  ['sfixed32', { wire: Wire.bits32, read: (bytes) => bytes.readInt32LE() }],
  ['float', { wire: Wire.bits32, read: (bytes) => truncated(bytes.readFloatLE()) }],
])

const fieldArguments: readonly ArgumentDefinition[] = [
  { name: 'field_number', type: 'string' },
  { name: 'field_type', type: 'enum', oneOf: [...TYPES.keys()], optional: true },
]

/** The converters of Protocol Buffers. */
export const protobufConverters: readonly ConverterDefinition[] = [
  extracting('protobuf', (bytes, find) => find(bytes)),
  extracting('ungrpc', (bytes, find) => {
    for (let at = 0; at + 5 <= bytes.length; ) {
      const end = at + 5 + bytes.readUInt32BE(at + 1)
      if (end > bytes.length) return undefined
      const found = find(bytes.subarray(at + 5, end))
      if (found !== undefined) return found
      at = end
    }
    return undefined
  }),
]

type Find = (message: Buffer) => Buffer | Integer | undefined

function extracting(name: string, open: (bytes: Buffer, find: Find) => ReturnType<Find>): ConverterDefinition {
  return defineConverter({
    name,
    from: 'bin',
    // Bytes or an integer, as its argument says.
    type: 'any',
    arguments: fieldArguments,
    prepare: ([number, type]: readonly ArgumentValue[]) => {
      const path = readPath(`converter '${name}'`, String(number))
      const wanted = type === undefined ? undefined : TYPES.get(String(type))
      const find: Find = (message) => {
        const field = findField(message, path)
        if (field === undefined || wanted === undefined) return field?.bytes
        return field.wire === wanted.wire ? wanted.read(field.bytes) : undefined
      }
      return (value) => open(value, find)
    },
  })
}

function readPath(subject: string, text: string): readonly number[] {
  if (!/^\.?\d{1,10}(?:\.\d{1,10})*$/.test(text))
    throw new OptionError(subject, 'field_number', `'${text}' is no number of a field, as in 1 or 48.59.1`)
  return text.replace(/^\./, '0.').split('.').map(Number)
}

interface Field {
  readonly wire: number
  readonly bytes: Buffer
  readonly end: number
}

/** The first field with a path. Messages on the way to it are looked into one after the other. */
function findField(message: Buffer, path: readonly number[], step = 0): Field | undefined {
  for (let at = 0; at < message.length; ) {
    const key = readVarint(message, at)
    if (key === undefined) return undefined
    const field = readField(message, key.end, Number(key.value & 7n))
    if (field === undefined) return undefined
    at = field.end
    if (key.value >> 3n !== BigInt(path[step]!)) continue
    if (step === path.length - 1) return field
    if (field.wire !== Wire.delimited) return undefined
    const found = findField(field.bytes, path, step + 1)
    if (found !== undefined) return found
  }
  return undefined
}

function readField(message: Buffer, at: number, wire: number): Field | undefined {
  let start = at
  let end: number
  if (wire === Wire.varint) end = readVarint(message, at)?.end ?? Number.POSITIVE_INFINITY
  else if (wire === Wire.bits64) end = at + 8
  else if (wire === Wire.bits32) end = at + 4
  else if (wire === Wire.delimited) {
    const length = readVarint(message, at)
    if (length === undefined) return undefined
    start = length.end
    end = start + Number(length.value)
  } else return undefined
  return end > message.length ? undefined : { wire, bytes: message.subarray(start, end), end }
}

/** At most ten bytes of seven bits each, the lower ones first. */
function readVarint(bytes: Buffer, at: number): { readonly value: bigint; readonly end: number } | undefined {
  let value = 0n
  for (let index = 0; index < 10; index++) {
    const byte = bytes[at + index]
    if (byte === undefined) return undefined
    value |= BigInt(byte & 0x7f) << BigInt(7 * index)
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), end: at + index + 1 }
  }
  return undefined
}
