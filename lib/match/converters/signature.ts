/** Signatures of JSON Web Algorithms (RFC 7518 §3): which there are, how their keys are read, whether one fits. */
import { constants, createHmac, createPublicKey, KeyObject, timingSafeEqual, verify } from 'node:crypto'
import type { Links } from '../links.js'

/** A key that signatures are verified with. */
export type PublicKey = KeyObject

/** One way to sign. */
export interface SignatureAlgorithm {
  readonly kind: 'hmac' | 'rsa' | 'pss' | 'ec' | 'none'
  readonly bits: number
}

const KINDS: ReadonlyMap<string, SignatureAlgorithm['kind']> = new Map([
  ['HS', 'hmac'],
  ['RS', 'rsa'],
  ['ES', 'ec'],
  ['PS', 'pss'],
])

/** The names of all, for messages. */
export const algorithmNames = `none, ${[...KINDS.keys()].map((letters) => `${letters}256, ${letters}384, ${letters}512`).join(', ')}`

/** By its name in tokens, as in `RS256`. */
export function algorithmOf(name: string): SignatureAlgorithm | undefined {
  if (name === 'none') return { kind: 'none', bits: 0 }
  const [, letters = '', bits] = /^(HS|RS|ES|PS)(256|384|512)$/.exec(name) ?? []
  const kind = KINDS.get(letters)
  return kind === undefined ? undefined : { kind, bits: Number(bits) }
}

/** The public key of a PEM file: a key, or that of a certificate. It is read once a configuration. */
export function readPublicKey(path: string, links: Links): PublicKey | Error {
  const known = links.keys.get(path)
  if (known instanceof KeyObject) return known
  try {
    const key = createPublicKey(links.readFile(path))
    links.keys.set(path, key)
    return key
  } catch (error) {
    return new Error(`'${path}' holds no public key in PEM form: ${(error as Error).message}`)
  }
}

const CURVES: ReadonlyMap<number, string> = new Map([
  [256, 'prime256v1'],
  [384, 'secp384r1'],
  [512, 'secp521r1'],
])

/** Whether a signature is that of the data. A key of another kind than the algorithm's never fits. */
export function signatureFits(
  { kind, bits }: SignatureAlgorithm,
  key: PublicKey | Buffer,
  data: Buffer,
  signature: Buffer,
): boolean {
  const digest = `sha${bits}`
  if (!(key instanceof KeyObject)) {
    const own = createHmac(digest, key).update(data).digest()
    return own.length === signature.length && timingSafeEqual(own, signature)
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  try {
    if (kind === 'ec')
      return (
        type === 'ec' &&
        details?.namedCurve === CURVES.get(bits) &&
        verify(digest, data, { key, dsaEncoding: 'ieee-p1363' }, signature)
      )
    if (kind === 'rsa') return type === 'rsa' && verify(digest, data, key, signature)
    const padding = constants.RSA_PKCS1_PSS_PADDING
    const saltLength = constants.RSA_PSS_SALTLEN_DIGEST
    return (type === 'rsa' || type === 'rsa-pss') && verify(digest, data, { key, padding, saltLength }, signature)
  } catch {
    return false
  }
}
