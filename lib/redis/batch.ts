/** What a node tells in one exchange, as the bytes of one entry of the stream: keys with values, and without one where they are forgotten. */
import type { SharedItem } from '../table/shared-store.js'

/** What such bytes say. */
export interface Batch {
  readonly changed: readonly SharedItem[]
  readonly forgotten: readonly Uint8Array[]
}

const HEAD = 8

export function packBatch({ changed, forgotten }: Batch): Buffer {
  const parts: Uint8Array[] = []
  for (const key of forgotten) parts.push(head(key.length, 0), key)
  for (const { key, value } of changed) parts.push(head(key.length, value.length), key, value)
  return Buffer.concat(parts)
}

function head(key: number, value: number): Buffer {
  const bytes = Buffer.alloc(HEAD)
  bytes.writeUInt32BE(key, 0)
  bytes.writeUInt32BE(value, 4)
  return bytes
}

/** What is cut off is left out. */
export function unpackBatch(bytes: Buffer): Batch {
  const changed: SharedItem[] = []
  const forgotten: Uint8Array[] = []
  for (let at = 0; at + HEAD <= bytes.length; ) {
    const keyEnd = at + HEAD + bytes.readUInt32BE(at)
    const end = keyEnd + bytes.readUInt32BE(at + 4)
    if (end > bytes.length) break
    const key = bytes.subarray(at + HEAD, keyEnd)
    if (end === keyEnd) forgotten.push(key)
    else changed.push({ key, value: bytes.subarray(keyEnd, end) })
    at = end
  }
  return { changed, forgotten }
}
