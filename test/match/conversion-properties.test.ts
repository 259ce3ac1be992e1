/** What holds of converters whatever they are given: nothing throws, and those that undo each other do. */
import fc from 'fast-check'
import t from 'tap'
import { Ip } from '../../lib/base/ip.js'
import { type ConverterDefinition, makeConverter } from '../../lib/match/converter.js'
import { matchConverters } from '../../lib/match/converters/index.js'
import { phases as everyPhase } from '../../lib/match/phase.js'
import { Sample } from '../../lib/match/sample.js'
import { type StaticType, typeOf, type Value } from '../../lib/match/value.js'
import { Variable } from '../../lib/match/variable.js'
import { exchange } from './context.js'

const byName = new Map<string, ConverterDefinition>()
for (const each of matchConverters) byName.set(each.name, each)

const key = Buffer.from('0123456789abcdef').toString('base64')
const nonce = Buffer.from('abcdefghijkl').toString('base64')
const vector = Buffer.from('abcdefghijklmnop').toString('base64')

/** What stands between the parentheses, where something has to. */
const words: Readonly<Record<string, readonly (readonly string[])[]>> = {
  field: [
    ['1', ','],
    ['-2', '. ', '2'],
    ['3', 'a', '0'],
  ],
  word: [
    ['1', ','],
    ['-2', '. ', '2'],
    ['3', 'a', '0'],
  ],
  iif: [['a', 'b']],
  regsub: [
    ['a+', '<\\0>', 'g'],
    ['(.)(.)', '\\2\\1'],
  ],
  be2dec: [
    [':', '2'],
    ['', '8', '1'],
  ],
  le2dec: [
    [':', '2'],
    ['', '8', '1'],
  ],
  be2hex: [[], [':', '3']],
  bytes: [['1'], ['2', '5'], ['txn.v', 'txn.v']],
  digest: [['sha256'], ['md5']],
  hmac: [
    ['sha1', key],
    ['sha256', 'txn.v'],
  ],
  secure_memcmp: [['txn.v']],
  strcmp: [['txn.v']],
  'set-var': [['txn.w'], ['txn.w', 'ifgt', 'ifnotempty']],
  'unset-var': [['txn.w']],
  concat: [['<', 'txn.v', '>']],
  add_item: [[',', 'txn.v']],
  aes_cbc_enc: [
    ['128', vector, key],
    ['128', 'txn.v', 'txn.v'],
  ],
  aes_cbc_dec: [
    ['128', vector, key],
    ['128', 'txn.v', 'txn.v'],
  ],
  aes_gcm_enc: [
    ['128', nonce, key, 'txn.t'],
    ['128', 'txn.v', key, 'txn.t', 'txn.v'],
  ],
  aes_gcm_dec: [
    ['128', nonce, key, 'txn.t'],
    ['128', 'txn.v', key, 'txn.v', 'txn.v'],
  ],
  json_query: [['$.a'], ['$.a[1].b', 'int'], ['$']],
  json: [[], ['utf8'], ['utf8s'], ['utf8p'], ['utf8ps']],
  jwt_verify: [
    ['HS256', 'secret'],
    ['txn.v', 'txn.v'],
    ['none', ''],
  ],
  jwt_verify_cert: [['RS256', 'txn.v']],
  jwt_decrypt_secret: [['txn.v'], [key]],
  jwt_decrypt_jwk: [['txn.v'], ['{"kty":"oct","k":"GawgguFyGrWKav7AX4VKUg"}']],
  jwt_decrypt_cert: [['txn.v']],
  jwt_header_query: [[], ['$.alg']],
  jwt_payload_query: [[], ['$.sub', 'int']],
  ipmask: [['24', '64']],
  param: [['a'], ['b', ';']],
  language: [['fr;en', 'de']],
  utime: [['%c %s %G-%V %j']],
  ltime: [['%c %Z %z']],
  ms_utime: [['%T.%3N']],
  ms_ltime: [['%T.%N']],
  us_utime: [['%T.%6N']],
  us_ltime: [['%T.%N', '-5']],
  fix_tag_value: [['35'], ['49']],
  mqtt_field_value: [
    ['connect', 'username'],
    ['connack', '17'],
  ],
  protobuf: [['1'], ['1.2.3'], ['2', 'sint64'], ['3', 'double']],
  ungrpc: [['1'], ['1.2', 'int32']],
  rfc7239_field: [['for'], ['host']],
  'capture-req': [['0']],
  'capture-res': [['7']],
}

const refused = ['51d.single', 'da-csv-conv', 'debug']

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 80 }),
  fc.uint8Array({ minLength: 200, maxLength: 600 }),
  fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 9 }), fc.nat(4000)).map(([part, size]) => Buffer.alloc(size, part)),
  fc.uint8Array({ maxLength: 12 }).map((tail) => Uint8Array.of(0x10, tail.length, ...tail)),
  fc.json({ maxDepth: 3 }).map((text) => Buffer.from(text)),
  fc.stringMatching(/^[a-c.,;:=&"%\\ 0-9/_-]{0,40}$/).map((text) => Buffer.from(text)),
)

const values: fc.Arbitrary<Value> = fc.oneof(
  bytes.map((value) => Buffer.from(value)),
  bytes.map((value) => Buffer.from(value).toString('latin1')),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : value
  }),
  fc.integer(),
  fc.boolean(),
  fc.uint8Array({ minLength: 4, maxLength: 4 }).map((value) => Ip.fromBytes(value)),
  fc.uint8Array({ minLength: 16, maxLength: 16 }).map((value) => Ip.fromBytes(value)),
)

/** A constant, of whatever type it is. */
const constant = (value: Value): Sample<Value, never> =>
  new Sample<Value, never>({ name: 'constant', type: 'any', phases: everyPhase, ask: () => value })

const convert = (sample: Sample<unknown, never>, name: string, ...given: string[]) =>
  makeConverter(byName.get(name) as ConverterDefinition, sample, given)

const fits = (value: unknown, type: StaticType | 'same'): boolean =>
  type === 'any' || type === 'same' || typeOf(value) === type

for (const { name, type } of matchConverters.filter((each) => !refused.includes(each.name))) {
  t.test(`${name} gives a value of its type or none, and never throws`, async (t) => {
    for (const given of words[name] ?? [[]]) {
      fc.assert(
        fc.property(values, values, (value, other) => {
          const context = exchange('/')
          context.captures = { request: [undefined], response: [] }
          Variable.parse('txn.v').set(context, other)
          const result = convert(constant(value), name, ...given).ask(context)
          return result === undefined || fits(result, type)
        }),
        { numRuns: 150 },
      )
    }
    t.pass()
  })
}

/** What comes out of one converter and goes through its inverse is what it was. */
function undoes(encode: readonly string[], decode: readonly string[], text = false): void {
  t.test(`${decode[0]} undoes ${encode[0]}`, async (t) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (input) => {
        const value = Buffer.from(input)
        const context = exchange('/')
        const [first = '', ...firstWords] = encode
        const [second = '', ...secondWords] = decode
        const there = convert(constant(text ? value.toString('latin1') : value), first, ...firstWords)
        const back = convert(there, second, ...secondWords).ask(context)
        return Buffer.isBuffer(back) ? back.equals(value) : back === value.toString('latin1')
      }),
    )
    t.pass()
  })
}

undoes(['base64'], ['b64dec'])
undoes(['ub64enc'], ['ub64dec'])
undoes(['url_enc'], ['url_dec'], true)
undoes(['aes_cbc_enc', '128', vector, key], ['aes_cbc_dec', '128', vector, key])
undoes(['aes_gcm_enc', '128', nonce, key, 'txn.t'], ['aes_gcm_dec', '128', nonce, key, 'txn.t'])
undoes(['reverse'], ['reverse'])

t.test('integers survive hexadecimal digits and network order', async (t) => {
  fc.assert(
    fc.property(fc.nat({ max: 0xffffffff }), (number) => {
      const hex = convert(convert(constant(number), 'htonl'), 'hex')
      return convert(hex, 'hex2i').ask(exchange('/')) === number
    }),
  )
  fc.assert(
    fc.property(fc.nat({ max: 0xffffffff }), (number) => {
      const decimal = convert(convert(constant(number), 'htonl'), 'be2dec', '', '4')
      return decimal.ask(exchange('/')) === String(number)
    }),
  )
  t.pass()
})

t.test('what has been trimmed stays as it is', async (t) => {
  fc.assert(
    fc.property(fc.stringMatching(/^[ab]{0,20}$/), (text) => {
      const context = exchange('/')
      const once = convert(convert(constant(text), 'ltrim', 'a'), 'rtrim', 'a')
      const twice = convert(convert(once, 'rtrim', 'a'), 'ltrim', 'a')
      return once.ask(context) === twice.ask(context)
    }),
  )
  t.pass()
})

t.test('escaped texts are JSON', async (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (input) => {
      const text = Buffer.from(input).toString('latin1')
      return JSON.parse(`"${String(convert(constant(text), 'json').ask(exchange('/')))}"`) === text
    }),
  )
  t.pass()
})
