/** Converters that decrypt JSON Web Tokens (RFC 7516). What cannot be decrypted is an empty text, as in HAProxy. */
import { createPrivateKey, type JsonWebKey, KeyObject } from 'node:crypto'
import { OptionError } from '../../base/errors.js'
import { type ArgumentValue, textOperand } from '../argument.js'
import type { Context } from '../context.js'
import { type ConverterDefinition, defineConverter } from '../converter.js'
import type { Links } from '../links.js'
import { Variable } from '../variable.js'
import { fromBase64, fromBase64Url } from './base64.js'
import { type DecryptionKey, decryptToken } from './encrypted-token.js'

type KeyReader = (text: string) => DecryptionKey | undefined

/** The converters of encrypted tokens. */
export const jweConverters: readonly ConverterDefinition[] = [
  decrypting('jwt_decrypt_secret', 'secret', () => fromBase64),
  decrypting('jwt_decrypt_jwk', 'jwk', () => readJwk),
  decrypting('jwt_decrypt_cert', 'cert', (links) => (path) => readPrivateKey(path, links), true),
]

function decrypting(
  name: string,
  argument: string,
  reader: (links: Links) => KeyReader,
  known = false,
): ConverterDefinition {
  return defineConverter({
    name,
    from: 'bin',
    type: 'bin',
    arguments: [{ name: argument, type: 'string or variable' }],
    prepare: ([given], links) => {
      const key = keyOperand(
        `converter '${name}'`,
        argument,
        given,
        known ? knownKey(links) : reader(links),
        reader(links),
      )
      return (value, context) => {
        const opened = key(context)
        return (opened === undefined ? undefined : decryptToken(value.toString('latin1'), opened)) ?? Buffer.alloc(0)
      }
    },
  })
}

/** A literal is read now, and told when it is no key; what a variable holds is read when it is asked for. */
function keyOperand(
  subject: string,
  name: string,
  given: ArgumentValue,
  later: KeyReader,
  now: KeyReader,
): (context: Context) => DecryptionKey | undefined {
  if (given instanceof Variable) {
    const text = textOperand(given)
    return (context) => later(text(context) ?? '')
  }
  const key = now(String(given))
  if (key === undefined)
    throw new OptionError(subject, name, 'is no key that can be read, nor a variable that holds one')
  return () => key
}

/** Of files only those that were read at the start. */
function knownKey(links: Links): KeyReader {
  return (path) => {
    const key = links.keys.get(`private ${path}`)
    return key instanceof KeyObject ? key : undefined
  }
}

function readPrivateKey(path: string, links: Links): KeyObject | undefined {
  try {
    const key = createPrivateKey(links.readFile(path))
    links.keys.set(`private ${path}`, key)
    return key
  } catch {
    return undefined
  }
}

/** A JSON Web Key (RFC 7517): `oct` as its bytes, a private `RSA` or `EC` key. */
function readJwk(text: string): DecryptionKey | undefined {
  try {
    const jwk = JSON.parse(text) as JsonWebKey
    if (jwk.kty === 'oct') return typeof jwk['k'] === 'string' ? fromBase64Url(jwk['k']) : undefined
    return createPrivateKey({ key: jwk, format: 'jwk' })
  } catch {
    return undefined
  }
}
