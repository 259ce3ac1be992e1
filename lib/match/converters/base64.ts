/** Base64 as HAProxy reads it: strictly, so that what is not base64 is told from what is. */

/** RFC 4648 §4 with its padding, which may stand within as well; nothing when it is anything else. */
export function fromBase64(text: string): Buffer | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/=]*$/.test(text)) return undefined
  const padding = text.indexOf('=')
  if (padding < 0 || /^=?=$/.test(text.slice(padding))) return Buffer.from(text, 'base64')
  const quads: Buffer[] = []
  for (let at = 0; at < text.length; at += 4) {
    const quad = text.slice(at, at + 4)
    if (!/^[^=]{2}(?:[^=]{2}|[^=]=|==)$/.test(quad)) return undefined
    quads.push(Buffer.from(quad, 'base64'))
  }
  return Buffer.concat(quads)
}

/** RFC 4648 §5 without padding. */
export function fromBase64Url(text: string): Buffer | undefined {
  if (text.length % 4 === 1 || !/^[A-Za-z0-9_-]*$/.test(text)) return undefined
  return Buffer.from(text, 'base64url')
}
