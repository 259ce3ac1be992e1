/** Which bytes may stand where in a head, as one table: scanning bytes is about twice as fast as asking a string for its codes. */
import { isTokenCode } from '../message/headers.js'

/** Bits of {@link kinds}: a token's byte (RFC 9110 §5.6.2), a field value's (§5.5), a request target's. */
export const TOKEN = 1
export const VALUE = 2
export const TARGET = 4

/** What each byte may be part of. */
export const kinds: Uint8Array = table()

function table(): Uint8Array {
  const kinds = new Uint8Array(256)
  for (let code = 0; code < 256; code++) {
    const visible = code > 0x20 && code !== 0x7f
    if (isTokenCode(code)) kinds[code]! |= TOKEN
    if (visible || code === 0x20 || code === 0x09) kinds[code]! |= VALUE
    if (visible && code < 0x80 && code !== 0x23) kinds[code]! |= TARGET
  }
  return kinds
}
