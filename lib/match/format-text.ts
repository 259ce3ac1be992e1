/** How values stand in texts: what is escaped where. Manual, chapters 8.2.6 and 8.6. */
import { castFlag, castInteger, castText } from './cast.js'
import type { ItemType } from './format-item.js'

/** A value as a text, bytes as they are, up to the first zero byte. */
export function plainText(value: unknown): string {
  return castText(value) ?? ''
}

/** A value made to a type. */
export function typed(value: unknown, type: ItemType | undefined): unknown {
  if (type === undefined || value === undefined) return value
  if (type === 'str') return plainText(value)
  return type === 'sint' ? castInteger(value) : castFlag(value)
}

const forbidden = /[\x00-\x08\x0a-\x1f\x7f]/g
const anyForbidden = /[\x00-\x08\x0a-\x1f\x7f]/

/** What no header field may hold as `%XX`. */
export function fieldText(text: string): string {
  if (!anyForbidden.test(text)) return text
  return text.replace(forbidden, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
}

/** `E`: for values of structured data. RFC 5424 section 6.3.3. */
export function backslashed(text: string): string {
  return text.replace(/["\\\]]/g, '\\$&')
}

/** At least four hexadecimal digits. */
export function hexNumber(value: unknown): string {
  return Number(value).toString(16).toUpperCase().padStart(4, '0')
}

/** An address's bytes in hexadecimal digits; what is none as it is. */
export function hexAddress(value: unknown): string {
  const bytes = (value as { readonly bytes?: unknown }).bytes
  return bytes instanceof Uint8Array ? Buffer.from(bytes).toString('hex').toUpperCase() : plainText(value)
}
