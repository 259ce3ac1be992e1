/**
 * Encrypted JSON Web Tokens in the compact form (RFC 7516): by which algorithms their keys come (RFC 7518 §4), and how they are opened.
 * What does not open tells nothing about why. RSA1_5 is left out: it can be attacked by whoever may try often.
 */
import {
  constants,
  createDecipheriv,
  createHash,
  createHmac,
  createPublicKey,
  diffieHellman,
  type JsonWebKey,
  KeyObject,
  privateDecrypt,
  timingSafeEqual,
} from 'node:crypto'
import { fromBase64Url } from './base64.js'

/** A symmetric secret, or a private key. */
export type DecryptionKey = Buffer | KeyObject

interface Header {
  readonly [name: string]: unknown
}

/** The text of a token; nothing when this key does not open it. */
export function decryptToken(token: string, key: DecryptionKey): Buffer | undefined {
  const parts = token.split('.', 6)
  if (parts.length !== 5) return undefined
  const [head = '', encryptedKey, vector, text, tag] = parts
  const bytes = [head, encryptedKey, vector, text, tag].map((part) => fromBase64Url(part ?? ''))
  if (bytes.includes(undefined)) return undefined
  const [header, wrapped, iv, sealed, seal] = bytes as [Buffer, Buffer, Buffer, Buffer, Buffer]
  try {
    const described = readHeader(header)
    const encryption = ENCRYPTIONS.get(String(described['enc']))
    if (encryption === undefined || described['zip'] !== undefined || described['crit'] !== undefined) return undefined
    const content = contentKey(described, key, wrapped, encryption)
    if (content?.length !== encryption.keyBytes) return undefined
    return encryption.open(content, iv, sealed, seal, Buffer.from(head, 'latin1'))
  } catch {
    return undefined
  }
}

/** Throws on what is no JSON object. */
function readHeader(bytes: Buffer): Header {
  const header: unknown = JSON.parse(bytes.toString())
  if (typeof header !== 'object' || header === null) throw new TypeError('no header')
  return header as Header
}

interface Encryption {
  readonly keyBytes: number
  readonly open: (key: Buffer, iv: Buffer, text: Buffer, tag: Buffer, additional: Buffer) => Buffer | undefined
}

const ENCRYPTIONS: ReadonlyMap<string, Encryption> = new Map([
  ['A128GCM', galois(128)],
  ['A192GCM', galois(192)],
  ['A256GCM', galois(256)],
  ['A128CBC-HS256', chained(128)],
  ['A192CBC-HS384', chained(192)],
  ['A256CBC-HS512', chained(256)],
])

function galois(bits: 128 | 192 | 256): Encryption {
  return { keyBytes: bits / 8, open: (key, iv, text, tag, aad) => openGcm(bits, key, iv, text, tag, aad) }
}

function openGcm(bits: number, key: Buffer, iv: Buffer, text: Buffer, tag: Buffer, additional: Buffer): Buffer {
  const name = `aes-${bits as 128}-gcm` as const
  if (tag.length !== 16 || iv.length !== 12) throw new RangeError('a tag has 16 bytes, a nonce 12')
  const cipher = createDecipheriv(name, key, iv, { authTagLength: 16 }).setAAD(additional).setAuthTag(tag)
  return Buffer.concat([cipher.update(text), cipher.final()])
}

/** Half of the key seals, the other half encrypts (RFC 7518 §5.2). */
function chained(bits: number): Encryption {
  const half = bits / 8
  return {
    keyBytes: 2 * half,
    open: (key, iv, text, tag, additional) => {
      const size = Buffer.alloc(8)
      size.writeBigUInt64BE(BigInt(8 * additional.length))
      const own = createHmac(`sha${2 * bits}`, key.subarray(0, half))
        .update(Buffer.concat([additional, iv, text, size]))
        .digest()
        .subarray(0, half)
      if (tag.length !== half || !timingSafeEqual(own, tag)) return undefined
      const cipher = createDecipheriv(`aes-${bits}-cbc`, key.subarray(half), iv)
      return Buffer.concat([cipher.update(text), cipher.final()])
    },
  }
}

/** The key that the text is encrypted with. */
function contentKey(header: Header, key: DecryptionKey, wrapped: Buffer, { keyBytes }: Encryption): Buffer | undefined {
  const algorithm = String(header['alg'])
  const [, bits, galois] = /^A(128|192|256)(GCM)?KW$/.exec(algorithm) ?? []
  if (key instanceof KeyObject) return agreedKey(algorithm, header, key, wrapped, keyBytes)
  if (algorithm === 'dir') return wrapped.length === 0 ? key : undefined
  if (bits === undefined || key.length * 8 !== Number(bits)) return undefined
  if (galois === undefined) return unwrap(key, wrapped)
  const [iv, tag] = ['iv', 'tag'].map((name) => fromBase64Url(String(header[name])))
  if (iv === undefined || tag === undefined) return undefined
  return openGcm(Number(bits), key, iv, wrapped, tag, Buffer.alloc(0))
}

/** AES Key Wrap (RFC 3394). */
function unwrap(key: Buffer, wrapped: Buffer): Buffer {
  const cipher = createDecipheriv(`id-aes${8 * key.length}-wrap`, key, Buffer.alloc(8, 0xa6))
  return Buffer.concat([cipher.update(wrapped), cipher.final()])
}

const OAEP: ReadonlyMap<string, string> = new Map([
  ['RSA-OAEP', 'sha1'],
  ['RSA-OAEP-256', 'sha256'],
])

function agreedKey(
  algorithm: string,
  header: Header,
  key: KeyObject,
  wrapped: Buffer,
  keyBytes: number,
): Buffer | undefined {
  const oaepHash = OAEP.get(algorithm)
  if (oaepHash !== undefined) {
    if (key.asymmetricKeyType !== 'rsa') return undefined
    return privateDecrypt({ key, oaepHash, padding: constants.RSA_PKCS1_OAEP_PADDING }, wrapped)
  }
  const [, bits] = /^ECDH-ES(?:\+A(128|192|256)KW)?$/.exec(algorithm) ?? []
  if (!algorithm.startsWith('ECDH-ES') || (algorithm !== 'ECDH-ES' && bits === undefined)) return undefined
  if (key.asymmetricKeyType !== 'ec') return undefined
  const other = createPublicKey({ key: header['epk'] as JsonWebKey, format: 'jwk' })
  const shared = diffieHellman({ privateKey: key, publicKey: other })
  if (bits === undefined)
    return wrapped.length === 0 ? derive(shared, String(header['enc']), header, keyBytes) : undefined
  return unwrap(derive(shared, algorithm, header, Number(bits) / 8), wrapped)
}

/** One-step key derivation (RFC 7518 §4.6.2). */
function derive(shared: Buffer, name: string, header: Header, length: number): Buffer {
  const sized = (bytes: Buffer): Buffer => {
    const size = Buffer.alloc(4)
    size.writeUInt32BE(bytes.length)
    return Buffer.concat([size, bytes])
  }
  const bits = Buffer.alloc(4)
  bits.writeUInt32BE(8 * length)
  const parties = ['apu', 'apv'].map((party) => sized(fromBase64Url(String(header[party] ?? '')) ?? Buffer.alloc(0)))
  const information = Buffer.concat([sized(Buffer.from(name)), ...parties, bits])
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, index) => {
    const round = Buffer.alloc(4)
    round.writeUInt32BE(index + 1)
    return createHash('sha256').update(round).update(shared).update(information).digest()
  })
  return Buffer.concat(blocks).subarray(0, length)
}
