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
  /** The server name, lower case, as the client wrote it otherwise; undefined without one. */
  readonly sni: string | undefined
  /** Protocols offered by ALPN in the client's order. */
  readonly alpn: readonly string[]
  /** The highest version offered, for example 0x0304 for TLS 1.3. */
  readonly version: number
  /** As HAProxy's `req.ssl_hello_type`: 1 for a ClientHello. */
  readonly helloType: 1
}

/** Reads what a connection began with, from its very first byte. Never throws. */
export function parseClientHello(bytes: Uint8Array): ClientHello {
  if (bytes.length > 0 && bytes[0] !== 0x16) return { type: 'none' }
  return { type: 'more' }
}
