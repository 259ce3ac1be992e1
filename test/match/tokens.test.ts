/** Tokens that need keys of files, which the recorded cases do not have: every signature, every way to encrypt. */
import {
  constants,
  createCipheriv,
  generateKeyPairSync,
  type KeyObject,
  publicEncrypt,
  randomBytes,
  sign,
} from 'node:crypto'
import t from 'tap'
import { type ConverterDefinition, makeConverter } from '../../lib/match/converter.js'
import { matchConverters } from '../../lib/match/converters/index.js'
import { type Links, noLinks } from '../../lib/match/links.js'
import { phases } from '../../lib/match/phase.js'
import { Sample } from '../../lib/match/sample.js'
import { Variable } from '../../lib/match/variable.js'
import { exchange } from './context.js'

const files = new Map<string, string>()
const links: Links = {
  ...noLinks,
  keys: new Map(),
  readFile: (path) => {
    const text = files.get(path)
    if (text === undefined) throw new Error('no such file')
    return text
  },
}

const context = exchange('/')

function convert(value: string, name: string, ...words: string[]): unknown {
  const definition = matchConverters.find((each) => each.name === name) as ConverterDefinition
  const sample = new Sample<unknown, never>({ name: 'token', type: 'str', phases, ask: () => value })
  const result = makeConverter(definition, sample, words, links).ask(context)
  return Buffer.isBuffer(result) ? result.toString('latin1') : result
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

function pair(name: string, keys: { publicKey: KeyObject; privateKey: KeyObject }): KeyObject {
  files.set(`${name}.pub`, keys.publicKey.export({ type: 'spki', format: 'pem' }).toString())
  files.set(`${name}.key`, keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  return keys.privateKey
}

const rsa = pair('rsa', generateKeyPairSync('rsa', { modulusLength: 2048 }))
const curves: Readonly<Record<number, KeyObject>> = {
  256: pair('ec256', generateKeyPairSync('ec', { namedCurve: 'prime256v1' })),
  384: pair('ec384', generateKeyPairSync('ec', { namedCurve: 'secp384r1' })),
  512: pair('ec512', generateKeyPairSync('ec', { namedCurve: 'secp521r1' })),
}

function signed(algorithm: string, key: KeyObject): string {
  const text = `${encoded({ alg: algorithm })}.${encoded({ sub: 'bob' })}`
  const digest = `sha${algorithm.slice(2)}`
  const kind = algorithm.slice(0, 2)
  const options =
    kind === 'ES'
      ? { key, dsaEncoding: 'ieee-p1363' as const }
      : kind === 'PS'
        ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
        : { key }
  return `${text}.${sign(digest, Buffer.from(text), options).toString('base64url')}`
}

t.test('signatures of every algorithm fit the key that they were made with, and no other', async (t) => {
  for (const bits of [256, 384, 512]) {
    const names: readonly (readonly [algorithm: string, file: string, key: KeyObject])[] = [
      [`RS${bits}`, 'rsa', rsa],
      [`PS${bits}`, 'rsa', rsa],
      [`ES${bits}`, `ec${bits}`, curves[bits] as KeyObject],
    ]
    for (const [algorithm, file, key] of names) {
      const token = signed(algorithm, key)
      t.equal(convert(token, 'jwt_verify', algorithm, `${file}.pub`), 1, algorithm)
      t.equal(convert(token, 'jwt_verify_cert', algorithm, `${file}.pub`), 1, `${algorithm} by jwt_verify_cert`)
      t.equal(
        convert(`${token.slice(0, -8)}AAAAAAAA`, 'jwt_verify', algorithm, `${file}.pub`),
        0,
        `${algorithm} forged`,
      )
      const other = file === 'rsa' ? 'ec256.pub' : 'rsa.pub'
      t.equal(convert(token, 'jwt_verify', algorithm, other), 0, `${algorithm} by a key of another kind`)
    }
  }
  t.equal(convert(signed('ES256', curves[256] as KeyObject), 'jwt_verify', 'ES256', 'ec384.pub'), 0, 'another curve')
})

t.test('a variable may name a file that was read at the start, and no other', async (t) => {
  const token = signed('RS256', rsa)
  Variable.parse('txn.key').set(context, 'rsa.pub')
  t.equal(convert(token, 'jwt_verify', 'RS256', 'txn.key'), 1)
  files.set('later.pub', files.get('rsa.pub') as string)
  Variable.parse('txn.key').set(context, 'later.pub')
  t.equal(convert(token, 'jwt_verify', 'RS256', 'txn.key'), -5)
  Variable.parse('txn.alg').set(context, 'RS256')
  t.equal(convert(token, 'jwt_verify', 'txn.alg', 'rsa.pub'), 1)
  Variable.parse('txn.alg').set(context, 'HS256')
  t.equal(convert(token, 'jwt_verify', 'txn.alg', 'rsa.pub'), 0)
  t.equal(convert(token, 'jwt_verify_cert', 'txn.alg', 'rsa.pub'), -1, 'a secret is none of its algorithms')
})

t.test('keys that cannot be read are told', async (t) => {
  t.throws(() => convert('', 'jwt_verify', 'RS256', 'missing.pub'), /'missing.pub' holds no public key/)
  t.throws(() => convert('', 'jwt_verify_cert', 'HS256', 'rsa.pub'), /use jwt_verify/)
  t.throws(() => convert('', 'jwt_decrypt_cert', 'missing.key'), /no key that can be read/)
  t.throws(() => convert('', 'jwt_decrypt_secret', '!!'), /no key that can be read/)
  t.throws(() => convert('', 'jwt_decrypt_jwk', '{}'), /no key that can be read/)
})

/** RFC 7516, appendix A.3. */
const EXAMPLE =
  'eyJhbGciOiJBMTI4S1ciLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0.6KB707dM9YTIgHtLvtgWQ8mKwboJW3of9locizkDTHzBC2IlrT1oOQ.' +
  'AxY8DCtDaGlsbGljb3RoZQ.KDlTtXchhZTGufMYmOYGS4HffxPSUrfmqCHXaI9wOGY.U0m_YmjN04DJvceFICbCVQ'

t.test('the example of RFC 7516', async (t) => {
  const secret = Buffer.from('GawgguFyGrWKav7AX4VKUg', 'base64url').toString('base64')
  t.equal(convert(EXAMPLE, 'jwt_decrypt_secret', secret), 'Live long and prosper.')
  t.equal(convert(EXAMPLE, 'jwt_decrypt_jwk', '{"kty":"oct","k":"GawgguFyGrWKav7AX4VKUg"}'), 'Live long and prosper.')
  Variable.parse('txn.secret').set(context, secret)
  t.equal(convert(EXAMPLE, 'jwt_decrypt_secret', 'txn.secret'), 'Live long and prosper.')
  for (const bad of [EXAMPLE.slice(0, -1), EXAMPLE.replace('AxY8', 'BxY8'), EXAMPLE.replace('6KB7', '7KB7'), 'a.b', ''])
    t.equal(convert(bad, 'jwt_decrypt_secret', secret), '', 'what does not open is empty')
  t.equal(convert(EXAMPLE, 'jwt_decrypt_secret', randomBytes(16).toString('base64')), '')
  t.equal(convert(EXAMPLE, 'jwt_decrypt_secret', 'txn.nothing'), '')
})

/** A token with this content key; `A256GCM`. */
function sealed(header: object, content: Buffer, encryptedKey: Buffer): string {
  const head = encoded({ ...header, enc: 'A256GCM' })
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', content, iv).setAAD(Buffer.from(head))
  const text = Buffer.concat([cipher.update('secret'), cipher.final()])
  return [head, ...[encryptedKey, iv, text, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join('.')
}

t.test('keys that come in other ways', async (t) => {
  const content = randomBytes(32)
  const secret = content.toString('base64')
  t.equal(convert(sealed({ alg: 'dir' }, content, Buffer.alloc(0)), 'jwt_decrypt_secret', secret), 'secret', 'dir')
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', content, iv)
  const wrapped = Buffer.concat([cipher.update(content), cipher.final()])
  const galois = { alg: 'A256GCMKW', iv: iv.toString('base64url'), tag: cipher.getAuthTag().toString('base64url') }
  t.equal(convert(sealed(galois, content, wrapped), 'jwt_decrypt_secret', secret), 'secret', 'A256GCMKW')
  for (const [alg, oaepHash] of [
    ['RSA-OAEP', 'sha1'],
    ['RSA-OAEP-256', 'sha256'],
  ] as const) {
    const key = { key: files.get('rsa.pub') as string, oaepHash, padding: constants.RSA_PKCS1_OAEP_PADDING }
    const token = sealed({ alg }, content, publicEncrypt(key, content))
    t.equal(convert(token, 'jwt_decrypt_cert', 'rsa.key'), 'secret', alg)
    t.equal(convert(token, 'jwt_decrypt_jwk', JSON.stringify(rsa.export({ format: 'jwk' }))), 'secret', `${alg} by JWK`)
    t.equal(convert(token, 'jwt_decrypt_cert', 'ec256.key'), '', `${alg} with a key of another kind`)
  }
  const old = publicEncrypt({ key: files.get('rsa.pub') as string, padding: constants.RSA_PKCS1_PADDING }, content)
  t.equal(convert(sealed({ alg: 'RSA1_5' }, content, old), 'jwt_decrypt_cert', 'rsa.key'), '', 'RSA1_5 never')
})

t.test('the key agreement of RFC 7518, appendix C', async (t) => {
  const bob =
    '{"kty":"EC","crv":"P-256","x":"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ","y":"e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck","d":"VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw"}'
  const epk = {
    kty: 'EC',
    crv: 'P-256',
    x: 'gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0',
    y: 'SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps',
  }
  const head = encoded({ alg: 'ECDH-ES', enc: 'A128GCM', apu: 'QWxpY2U', apv: 'Qm9i', epk })
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-128-gcm', Buffer.from('VqqN6vgjbSBcIijNcacQGg', 'base64url'), iv)
  cipher.setAAD(Buffer.from(head))
  const text = Buffer.concat([cipher.update('agreed'), cipher.final()])
  const parts = [iv, text, cipher.getAuthTag()].map((part) => part.toString('base64url'))
  t.equal(convert(`${head}..${parts.join('.')}`, 'jwt_decrypt_jwk', bob), 'agreed')
})
