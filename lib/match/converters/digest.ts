/** Converters of bytes to digests and message authentication codes, and the comparison that takes as long whatever it finds. */
import { createHash, createHmac, type HashOptions, timingSafeEqual } from 'node:crypto'
import { OptionError } from '../../base/errors.js'
import type { ArgumentValue } from '../argument.js'
import { castBytes, castText } from '../cast.js'
import type { Context } from '../context.js'
import { type ConverterDefinition, defineConverter } from '../converter.js'
import { Variable } from '../variable.js'
import { fromBase64 } from './base64.js'

const SHA2_BITS: readonly unknown[] = [224, 256, 384, 512]

/** The converters of bytes to digests. */
export const digestConverters: readonly ConverterDefinition[] = [
  defineConverter({ name: 'sha1', from: 'bin', type: 'bin', prepare: () => digesting('sha1') }),
  defineConverter({
    name: 'sha2',
    from: 'bin',
    type: 'bin',
    arguments: [{ name: 'bits', type: 'integer', optional: true }],
    prepare: ([bits = 256]) => {
      if (!SHA2_BITS.includes(bits))
        throw new OptionError("converter 'sha2'", 'bits', `${bits} is not one of ${SHA2_BITS.join(', ')}`)
      return digesting(`sha${bits}`)
    },
  }),
  defineConverter({
    name: 'digest',
    from: 'bin',
    type: 'bin',
    arguments: [{ name: 'algorithm', type: 'string', optional: true }],
    prepare: ([algorithm = '']) => {
      const digest = digesting(String(algorithm))
      return tried("converter 'digest'", algorithm, digest)
    },
  }),
  defineConverter({
    name: 'hmac',
    from: 'bin',
    type: 'bin',
    arguments: [
      { name: 'algorithm', type: 'string' },
      { name: 'key', type: 'string or variable' },
    ],
    prepare: ([algorithm, secret]) => {
      const key = base64Operand("converter 'hmac'", 'key', secret)
      const sign = (value: Buffer, secret: Buffer): Buffer =>
        createHmac(String(algorithm), secret).update(value).digest()
      tried("converter 'hmac'", algorithm, (value) => sign(value, value))
      return (value, context) => {
        const secret = key(context)
        return secret === undefined ? undefined : sign(value, secret)
      }
    },
  }),
  defineConverter({
    name: 'secure_memcmp',
    from: 'bin',
    type: 'bool',
    arguments: [{ name: 'var', type: 'variable' }],
    prepare:
      ([variable]) =>
      (value, context) => {
        const other = castBytes((variable as Variable).get(context))
        if (other === undefined) return undefined
        return other.length === value.length && timingSafeEqual(other, value)
      },
  }),
]

/** Those that give as many bytes as one asks for give as many as OpenSSL does by default. */
const LENGTHS: ReadonlyMap<string, number> = new Map([
  ['shake128', 16],
  ['shake256', 32],
])

function digesting(algorithm: string): (value: Buffer) => Buffer {
  const outputLength = LENGTHS.get(algorithm.toLowerCase().replace('-', ''))
  const options: HashOptions | undefined = outputLength === undefined ? undefined : { outputLength }
  return (value) => createHash(algorithm, options).update(value).digest()
}

/** Digests once, so that an algorithm that OpenSSL does not have is told at once. */
function tried(subject: string, algorithm: unknown, digest: (value: Buffer) => Buffer): (value: Buffer) => Buffer {
  try {
    digest(Buffer.alloc(1))
  } catch {
    throw new OptionError(subject, 'algorithm', `'${algorithm}' is not a message digest that OpenSSL has here`)
  }
  return digest
}

/**
 * Bytes that stand in base64 in an argument or in a variable.
 * @throws {OptionError} when an argument is not base64
 */
export function base64Operand(
  subject: string,
  name: string,
  value: ArgumentValue,
): (context: Context) => Buffer | undefined {
  if (value instanceof Variable) {
    return (context) => {
      const text = castText(value.get(context))
      return text === undefined ? undefined : fromBase64(text)
    }
  }
  const bytes = fromBase64(String(value))
  if (bytes === undefined)
    throw new OptionError(subject, name, `'${value}' is neither base64 nor a variable, as in txn.${name}`)
  return () => bytes
}
