/** Header fields as lengths and texts, the way SPOE has them (manual, `req.hdrs_bin`): what others made of them is read here, with distrust. */
import { isFieldValue, isToken } from './headers.js'

/** Where reading stands. */
interface Reader {
  readonly bytes: Uint8Array
  at: number
}

/** An integer of SPOE's: 4 bits of the first byte and 7 of each that follows, once they do not fit into 240. */
function readLength(reader: Reader): number | undefined {
  const first = reader.bytes[reader.at++]
  if (first === undefined || first < 240) return first
  let value = first
  for (let shift = 4; shift < 32; shift += 7) {
    const next = reader.bytes[reader.at++]
    if (next === undefined) return undefined
    value += next * 2 ** shift
    if (next < 128) return value
  }
  return undefined
}

function readText(reader: Reader): string | undefined {
  const length = readLength(reader)
  if (length === undefined || reader.at + length > reader.bytes.length) return undefined
  const start = reader.at
  reader.at += length
  return Buffer.from(reader.bytes.subarray(start, reader.at)).toString('latin1')
}

/**
 * The fields: names with values, closed by an empty name and an empty value. `undefined` when they do not end, when there are more than `most`, and
 * when one of them must not be sent.
 */
export function readFields(bytes: Uint8Array, most: number): readonly (readonly [string, string])[] | undefined {
  const reader: Reader = { bytes, at: 0 }
  const fields: (readonly [string, string])[] = []
  for (;;) {
    const name = readText(reader)
    const value = readText(reader)
    if (name === undefined || value === undefined || fields.length > most) return undefined
    if (name === '') return value === '' ? fields : undefined
    if (!isToken(name) || !isFieldValue(value)) return undefined
    fields.push([name, value])
  }
}

/** Names alone, closed by an empty one; `undefined` as with {@link readFields}. */
export function readNames(bytes: Uint8Array, most: number): readonly string[] | undefined {
  const reader: Reader = { bytes, at: 0 }
  const names: string[] = []
  for (;;) {
    const name = readText(reader)
    if (name === undefined || names.length > most) return undefined
    if (name === '') return names
    names.push(name)
  }
}
