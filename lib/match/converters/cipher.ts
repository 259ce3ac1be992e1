/** Converters of bytes by AES, in the modes CBC (padded as PKCS #7 has it) and GCM. What cannot be decrypted has no value. */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { OptionError } from '../../base/errors.js'
import type { ArgumentDefinition, ArgumentValue } from '../argument.js'
import type { Context } from '../context.js'
import { type ConverterDefinition, defineConverter } from '../converter.js'
import { Variable } from '../variable.js'
import { base64Operand } from './digest.js'

const common: readonly ArgumentDefinition[] = [
  { name: 'bits', type: 'integer' },
  { name: 'nonce', type: 'string or variable' },
  { name: 'key', type: 'string or variable' },
]
const authenticated: readonly ArgumentDefinition[] = [
  ...common,
  { name: 'aead_tag', type: 'string or variable' },
  { name: 'aad', type: 'string or variable', optional: true },
]

/** The converters that encrypt and decrypt. */
export const cipherConverters: readonly ConverterDefinition[] = [
  encrypting('aes_cbc_enc', common, (name, [bits, nonce, key]) => {
    const secrets = readSecrets(name, bits, nonce, key)
    return guarded((value, context) => {
      const { key, nonce } = secrets(context)
      const cipher = createCipheriv(`aes-${bits as number}-cbc`, key, nonce)
      return Buffer.concat([cipher.update(value), cipher.final()])
    })
  }),
  encrypting('aes_cbc_dec', common, (name, [bits, nonce, key]) => {
    const secrets = readSecrets(name, bits, nonce, key)
    return guarded((value, context) => {
      const { key, nonce } = secrets(context)
      const cipher = createDecipheriv(`aes-${bits as number}-cbc`, key, nonce)
      return Buffer.concat([cipher.update(value), cipher.final()])
    })
  }),
  encrypting('aes_gcm_enc', authenticated, (name, [bits, nonce, key, tag, aad]) => {
    if (!(tag instanceof Variable))
      throw new OptionError(name, 'aead_tag', 'must be the variable that takes the tag, as in txn.aead_tag')
    const secrets = readSecrets(name, bits, nonce, key, aad)
    return guarded((value, context) => {
      const { key, nonce, additional } = secrets(context)
      const cipher = createCipheriv(gcm(bits), key, nonce, { authTagLength: 16 }).setAAD(additional)
      const encrypted = Buffer.concat([cipher.update(value), cipher.final()])
      tag.set(context, cipher.getAuthTag().toString('base64'))
      return encrypted
    })
  }),
  encrypting('aes_gcm_dec', authenticated, (name, [bits, nonce, key, given, aad]) => {
    const secrets = readSecrets(name, bits, nonce, key, aad)
    const tagOf = base64Operand(name, 'aead_tag', given)
    return guarded((value, context) => {
      const { key, nonce, additional } = secrets(context)
      const tag = tagOf(context)
      // Shorter tags, which OpenSSL would take, can be guessed.
      if (tag === undefined || tag.length < 12) return undefined
      const cipher = createDecipheriv(gcm(bits), key, nonce, { authTagLength: tag.length }).setAAD(additional)
      cipher.setAuthTag(tag)
      return Buffer.concat([cipher.update(value), cipher.final()])
    })
  }),
]

type Change = (value: Buffer, context: Context) => Buffer | undefined

function encrypting(
  name: string,
  definitions: readonly ArgumentDefinition[],
  prepare: (subject: string, values: readonly ArgumentValue[]) => Change,
): ConverterDefinition {
  return defineConverter({
    name,
    from: 'bin',
    type: 'bin',
    arguments: definitions,
    prepare: (values) => prepare(`converter '${name}'`, values),
  })
}

const gcm = (bits: ArgumentValue): 'aes-128-gcm' => `aes-${bits as 128}-gcm`

interface Secrets {
  readonly key: Buffer
  readonly nonce: Buffer
  readonly additional: Buffer
}

const nothing = Buffer.alloc(0)

function readSecrets(
  subject: string,
  bits: ArgumentValue,
  nonce: ArgumentValue,
  key: ArgumentValue,
  aad: ArgumentValue = '',
): (context: Context) => Secrets {
  if (bits !== 128 && bits !== 192 && bits !== 256)
    throw new OptionError(subject, 'bits', `must be 128, 192 or 256 (got ${bits})`)
  const nonceOf = base64Operand(subject, 'nonce', nonce)
  const keyOf = base64Operand(subject, 'key', key)
  const additionalOf = base64Operand(subject, 'aad', aad)
  // What has no value has no length that fits either, and the cipher refuses it.
  return (context) => ({
    key: keyOf(context) ?? nothing,
    nonce: nonceOf(context) ?? nothing,
    additional: additionalOf(context) ?? nothing,
  })
}

/** Keys, nonces and texts that do not fit throw in the cipher: they give no value. */
function guarded(change: Change): Change {
  return (value, context) => {
    try {
      return change(value, context)
    } catch {
      return undefined
    }
  }
}
