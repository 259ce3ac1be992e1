/** Reads the TLS ClientHello at the start of a connection without taking part in it (RFC 8446 §4.1.2, RFC 6066 §3, RFC 7301). */

/** What the first bytes of a connection are. */
export type ClientHello =
  /** It may become a hello: ask again with more bytes. */
  | { readonly type: 'more' }
  /** It is not TLS, or a hello that is malformed or longer than 16 KiB. */
  | { readonly type: 'none' }
  | Hello

/** A whole ClientHello. */
export interface Hello {
  readonly type: 'hello'
  /** The server name in lower case; undefined without one. */
  readonly sni: string | undefined
  /** The same as the client wrote it. */
  readonly serverName: string | undefined
  /** The version in the hello itself: 0x0303 for TLS 1.2, and for 1.3, which says so in an extension. */
  readonly legacyVersion: number
  /** Two bytes for each cipher suite. */
  readonly ciphers: Uint8Array
  /** What the first extension of a type holds; `undefined` where the hello has no extensions at all. */
  readonly extensions: ReadonlyMap<number, Uint8Array> | undefined
  /** Protocols offered by ALPN in the client's order. */
  readonly alpn: readonly string[]
  /** The highest version offered, for example 0x0304 for TLS 1.3. */
  readonly version: number
  /** As HAProxy's `req.ssl_hello_type`: 1 for a ClientHello. */
  readonly helloType: 1
}

/** Longest hello that is read, record headers not counted. Real ones stay under 4 KiB, post-quantum keys included. */
const MAX_HELLO = 16384
const MORE: ClientHello = { type: 'more' }
const NONE: ClientHello = { type: 'none' }

/** Reads what a connection began with, from its very first byte. Whatever the bytes are, it does not throw. */
export function parseClientHello(bytes: Uint8Array): ClientHello {
  const message = handshake(bytes)
  if (message === 'more') return MORE
  if (message === 'none') return NONE
  return readHello(message) ?? NONE
}

/** Joins the records until the first handshake message is whole (RFC 8446 §5.1); answers that message's body. */
function handshake(bytes: Uint8Array): Uint8Array | 'more' | 'none' {
  const pieces: Uint8Array[] = []
  let have = 0
  let at = 0
  for (;;) {
    if (at < bytes.length && bytes[at] !== 0x16) return 'none'
    if (at + 1 < bytes.length && bytes[at + 1] !== 0x03) return 'none'
    if (at + 5 > bytes.length) return 'more'
    const length = (bytes[at + 3]! << 8) | bytes[at + 4]!
    if (length === 0 || length > MAX_HELLO) return 'none'
    const piece = bytes.subarray(at + 5, at + 5 + length)
    pieces.push(piece)
    have += piece.length
    const joined = pieces.length === 1 ? piece : Buffer.concat(pieces)
    if (have > 0 && joined[0] !== 1) return 'none'
    if (have >= 4) {
      const wanted = 4 + ((joined[1]! << 16) | (joined[2]! << 8) | joined[3]!)
      if (wanted > MAX_HELLO) return 'none'
      if (have >= wanted) return joined.subarray(4, wanted)
    }
    if (piece.length < length) return 'more'
    if (pieces.length > MAX_RECORDS) return 'none'
    at += 5 + length
  }
}

/** More records than this for one hello is nobody's honest fragmentation, and would cost time. */
const MAX_RECORDS = 64

/** Walks the fields of a hello; every length is checked against what is left. Undefined for what is malformed. */
function readHello(body: Uint8Array): Hello | undefined {
  if (body.length < 35) return undefined
  const legacyVersion = two(body, 0)
  let at = 35 + body[34]!
  if (at + 2 > body.length) return undefined
  const ciphers = body.subarray(at + 2, at + 2 + two(body, at))
  at += 2 + two(body, at)
  if (at + 1 > body.length) return undefined
  at += 1 + body[at]!
  const plain = { type: 'hello', legacyVersion, ciphers, helloType: 1 } as const
  if (at === body.length)
    return { ...plain, sni: undefined, serverName: undefined, alpn: [], version: legacyVersion, extensions: undefined }
  if (at + 2 > body.length || at + 2 + two(body, at) !== body.length) return undefined
  const extensions = readExtensions(body.subarray(at + 2))
  if (extensions === undefined) return undefined
  const alpn = protocols(extensions.get(16))
  if (alpn === undefined) return undefined
  const name = serverName(extensions.get(0))
  const version = highestVersion(extensions.get(43), legacyVersion)
  return { ...plain, sni: name?.toLowerCase(), serverName: name, alpn, version, extensions }
}

/** The first of each type. */
function readExtensions(bytes: Uint8Array): Map<number, Uint8Array> | undefined {
  const found = new Map<number, Uint8Array>()
  for (let at = 0; at < bytes.length; ) {
    if (at + 4 > bytes.length) return undefined
    const type = two(bytes, at)
    const end = at + 4 + two(bytes, at + 2)
    if (end > bytes.length) return undefined
    if (!found.has(type)) found.set(type, bytes.subarray(at + 4, end))
    at = end
  }
  return found
}

function two(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!
}

/** RFC 6066 §3: a list, of which only the first host name counts. */
function serverName(data: Uint8Array | undefined): string | undefined {
  if (data === undefined || data.length < 5 || data[2] !== 0) return undefined
  const length = two(data, 3)
  if (length === 0 || 5 + length > data.length) return undefined
  return Buffer.from(data.subarray(5, 5 + length)).toString('latin1')
}

/** RFC 7301 §3.1. */
function protocols(data: Uint8Array | undefined): string[] | undefined {
  if (data === undefined) return []
  if (data.length < 2) return undefined
  const names: string[] = []
  let at = 2
  while (at < data.length) {
    const end = at + 1 + data[at]!
    if (end === at + 1 || end > data.length) return undefined
    names.push(Buffer.from(data.subarray(at + 1, end)).toString('latin1'))
    at = end
  }
  return names
}

/** RFC 8446 §4.2.1; values that clients throw in to keep servers tolerant (RFC 8701) do not count. */
function highestVersion(data: Uint8Array | undefined, otherwise: number): number {
  if (data === undefined) return otherwise
  let highest = 0
  for (let at = 1; at + 1 < data.length; at += 2) {
    const version = two(data, at)
    if (version >> 8 === 3 && version > highest) highest = version
  }
  return highest === 0 ? otherwise : highest
}
