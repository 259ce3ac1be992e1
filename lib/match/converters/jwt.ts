/** Converters of JSON Web Tokens in the compact form (RFC 7515): is the signature good, what do header and payload say. */
import { OptionError } from '../../base/errors.js'
import { type ArgumentValue, textOperand } from '../argument.js'
import type { Context } from '../context.js'
import { type ConverterDefinition, defineConverter } from '../converter.js'
import type { Links } from '../links.js'
import type { Value } from '../value.js'
import { Variable } from '../variable.js'
import { fromBase64Url } from './base64.js'
import { jsonQuery, queryArguments } from './json.js'
import { algorithmNames, algorithmOf, type PublicKey, readPublicKey, signatureFits } from './signature.js'

/** What the verification of a token says. Manual, `jwt_verify`. */
const VERDICT = { failure: 0, success: 1, unknownAlgorithm: -1, invalidToken: -3, unknownKey: -5 } as const

/** The converters of signed tokens. */
export const jwtConverters: readonly ConverterDefinition[] = [
  query('jwt_header_query', 0),
  query('jwt_payload_query', 1),
  verify('jwt_verify', 'key', false),
  verify('jwt_verify_cert', 'cert', true),
]

/** A part of a token, or what a query finds in it. */
function query(name: string, part: number): ConverterDefinition {
  return defineConverter({
    name,
    from: 'bin',
    type: 'any',
    arguments: queryArguments,
    prepare: ([path = '', type]) => {
      const find = path === '' ? (text: string): Value => text : jsonQuery(String(path), type === 'int')
      return (value) => {
        const text = fromBase64Url(value.toString('latin1').split('.', part + 1)[part] ?? '')?.toString('latin1')
        return text === undefined || text === '' ? undefined : find(text)
      }
    },
  })
}

function verify(name: string, keyName: string, certificates: boolean): ConverterDefinition {
  return defineConverter({
    name,
    from: 'bin',
    type: 'int',
    arguments: [
      { name: 'alg', type: 'string or variable' },
      { name: keyName, type: 'string or variable' },
    ],
    prepare: ([algorithm, key], links) => {
      const subject = `converter '${name}'`
      const known = algorithm instanceof Variable ? undefined : checkAlgorithm(subject, String(algorithm), certificates)
      const algorithmOperand = textOperand(algorithm)
      const secretOperand = textOperand(key)
      const publicKey = publicKeyOperand(subject, keyName, known, key, links)
      return (value, context) => {
        const name = algorithmOperand(context)
        const secret = secretOperand(context)
        if (name === undefined || secret === undefined) return undefined
        return judge(value.toString('latin1'), name, certificates, secret, () => publicKey(context))
      }
    },
  })
}

function checkAlgorithm(subject: string, name: string, certificates: boolean): string {
  const algorithm = algorithmOf(name)
  if (algorithm === undefined)
    throw new OptionError(subject, 'alg', `'${name}' is no algorithm of RFC 7518: known are ${algorithmNames}`)
  if (certificates && algorithm.kind === 'hmac')
    throw new OptionError(subject, 'alg', `'${name}' needs a secret and no certificate: use jwt_verify`)
  return name
}

/**
 * The key of a signature: that of the file that the argument names, which is read now, or of the one that a variable names, if
 * another converter of the configuration names it as well.
 */
function publicKeyOperand(
  subject: string,
  name: string,
  algorithm: string | undefined,
  value: ArgumentValue,
  links: Links,
): (context: Context) => PublicKey | undefined {
  if (value instanceof Variable) {
    const path = textOperand(value)
    return (context) => links.keys.get(path(context) ?? '') as PublicKey | undefined
  }
  const kind = algorithm === undefined ? undefined : algorithmOf(algorithm)?.kind
  if (kind === 'hmac' || kind === 'none') return () => undefined
  const key = readPublicKey(String(value), links)
  // Where the algorithm comes with the token, what is no file may be a secret.
  if (key instanceof Error && kind !== undefined) throw new OptionError(subject, name, key.message)
  return () => (key instanceof Error ? undefined : key)
}

function judge(
  token: string,
  name: string,
  certificates: boolean,
  secret: string,
  publicKey: () => PublicKey | undefined,
): number {
  const algorithm = algorithmOf(name)
  if (algorithm === undefined || (certificates && algorithm.kind === 'hmac')) return VERDICT.unknownAlgorithm
  const parts = token.split('.', 4)
  if (parts.length < 2 || parts.length > 3) return VERDICT.invalidToken
  const [header = '', payload = '', written = ''] = parts
  if (algorithm.kind === 'none') return written === '' ? VERDICT.success : VERDICT.failure
  const signature = fromBase64Url(written)
  if (signature === undefined || written === '') return VERDICT.invalidToken
  const key = algorithm.kind === 'hmac' ? Buffer.from(secret, 'latin1') : publicKey()
  if (key === undefined) return VERDICT.unknownKey
  const signed = Buffer.from(`${header}.${payload}`, 'latin1')
  return signatureFits(algorithm, key, signed, signature) ? VERDICT.success : VERDICT.failure
}
