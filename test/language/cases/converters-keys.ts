/** Converters whose keys stand in files, and those of encrypted tokens. */
import type { LanguageCase } from '../case.js'
import { conversions, newer, refusals } from '../support/conversions.js'

const publicKey = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYmn1BYvddYIR3nWmN1b3RLxMjP8Z
5uZ8W5oQGA3IetbjNyDQgLZ0Hqfl8N6ANkDdLQBqG4wZedNCKHvx3MSugA==
-----END PUBLIC KEY-----
`
const privateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgcW0E43Iox1QJTM/U
5z58ppY0w5eesy+Ww/kn3qSvS+yhRANCAARiafUFi911ghHedaY3VvdEvEyM/xnm
5nxbmhAYDch61uM3INCAtnQep+Xw3oA2QN0tAGobjBl500Ioe/HcxK6A
-----END PRIVATE KEY-----
`
const files = { 'key.pub': publicKey, 'key.pem': privateKey, junk: 'x' }
/** Signed by the key, with ES256. */
const signed =
  'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJib2IifQ.SNOutDARPqBQXyOE2k_8ZS4P-U-P2ldvTqYzVH9GdWk6XEzqA6Qg-6ST2s8sOkCBgSQsGKf_5HiYDHEAiCWBPA'
/** Encrypted for the key, with ECDH-ES. */
const encrypted =
  'eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTEyOEdDTSIsImVwayI6eyJrdHkiOiJFQyIsIngiOiJsMmhBenFNdDRrOTdmWTdyRW1JcWFlejlyX2tKRGJtZzlrYXFnRm9NZnFzIiwieSI6InFCbVpYWXJDRXFTQ1VPZzBfd0c5Rkc3cjA4ektBWFlUWUpSV0hNS0ZFM0kiLCJjcnYiOiJQLTI1NiJ9fQ..bmQUS7ZdpVezfAE5.b2CgwtTx.LZ03PLVZtcT0WJNThbpWJA'
/** RFC 7516, appendix A.3, and its key. */
const example =
  'eyJhbGciOiJBMTI4S1ciLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0.6KB707dM9YTIgHtLvtgWQ8mKwboJW3of9locizkDTHzBC2IlrT1oOQ.' +
  'AxY8DCtDaGlsbGljb3RoZQ.KDlTtXchhZTGufMYmOYGS4HffxPSUrfmqCHXaI9wOGY.U0m_YmjN04DJvceFICbCVQ'
const secret = 'GawgguFyGrWKav7AX4VKUg=='
const jwk = '{"kty":"oct","k":"GawgguFyGrWKav7AX4VKUg"}'

const withFiles = (all: readonly LanguageCase[]): readonly LanguageCase[] => all.map((one) => ({ ...one, files }))

const long = 'a'.repeat(9000)

export const cases: readonly LanguageCase[] = [
  ...withFiles(
    conversions('jwt_verify', [
      { x: signed, give: 'req.hdr(x),jwt_verify(ES256,{dir}/key.pub)' },
      { x: `${signed.slice(0, -6)}AAAAAA`, give: 'req.hdr(x),jwt_verify(ES256,{dir}/key.pub)' },
      { x: signed, give: 'req.hdr(x),jwt_verify(RS256,{dir}/key.pub)' },
      { x: signed, set: [['txn.alg', 'str(ES256)']], give: 'req.hdr(x),jwt_verify(txn.alg,{dir}/key.pub)' },
    ]),
  ),
  ...withFiles(
    newer('jwt_verify_cert', '3.3', [
      [{ x: signed, give: 'req.hdr(x),jwt_verify_cert(ES256,{dir}/key.pub)' }, '1'],
      [{ x: 'a.b.c.d', give: 'req.hdr(x),jwt_verify_cert(ES256,{dir}/key.pub)' }, '-3'],
    ]),
  ),
  ...withFiles(
    newer('jwt_decrypt_cert', '3.3', [
      [{ x: encrypted, give: 'req.hdr(x),jwt_decrypt_cert({dir}/key.pem)' }, 'hidden'],
      [{ x: example, give: 'req.hdr(x),jwt_decrypt_cert({dir}/key.pem)' }, ''],
    ]),
  ),
  ...withFiles(refusals('jwt_decrypt_cert', [['str(a),jwt_decrypt_cert({dir}/junk)', 'no key that can be read']])),
  ...newer('jwt_decrypt_secret', '3.3', [
    [{ x: example, give: `req.hdr(x),jwt_decrypt_secret(${secret})` }, 'Live long and prosper.'],
    [
      { x: example, set: [['txn.k', `str(${secret})`]], give: 'req.hdr(x),jwt_decrypt_secret(txn.k)' },
      'Live long and prosper.',
    ],
    [{ x: example, give: 'req.hdr(x),jwt_decrypt_secret(AAAA)' }, ''],
  ]),
  ...newer('jwt_decrypt_jwk', '3.3', [
    [{ x: example, give: `req.hdr(x),jwt_decrypt_jwk('${jwk}')` }, 'Live long and prosper.'],
  ]),
  ...refusals('jwt_verify', [['str(a),jwt_verify(ES257,x)', 'is no algorithm of RFC 7518']]),
  ...conversions('hex', [{ x: long, give: 'req.hdr(x),hex,length' }]),
  ...conversions('base64', [{ x: long, give: 'req.hdr(x),base64,base64,base64' }]),
  ...conversions('url_enc', [{ x: '/'.repeat(9000), give: 'req.hdr(x),url_enc,length' }]),
  ...conversions('json', [{ x: '/'.repeat(9000), give: 'req.hdr(x),json,length' }]),
  ...conversions('be2hex', [
    { x: long, give: 'req.hdr(x),be2hex(:,1),length' },
    { x: long, give: 'req.hdr(x),be2hex(:,1000),length' },
  ]),
  ...conversions('be2dec', [{ x: long, give: 'req.hdr(x),be2dec(:,1),length' }]),
  ...conversions('regsub', [{ x: long, give: 'req.hdr(x),regsub(a,bbb,g),length' }]),
  ...conversions('concat', [{ x: long, set: [['txn.z', 'req.hdr(x)']], give: 'req.hdr(x),concat(x,txn.z),length' }]),
  ...conversions('add_item', [
    { x: long, set: [['txn.z', 'req.hdr(x)']], give: 'req.hdr(x),add_item(x,txn.z),length' },
  ]),
  ...conversions(
    'xxh3',
    [129, 200, 240, 241, 1024, 1025, 1100, 9000].map((size) => ({
      x: 'ab'.repeat(size).slice(0, size),
      give: 'req.hdr(x),xxh3(7)',
    })),
  ),
  ...conversions(
    'xxh3',
    [17, 32, 33, 64, 65, 96, 97, 128].map((size) => ({ x: 'ab'.repeat(size).slice(0, size), give: 'req.hdr(x),xxh3' })),
  ),
  ...conversions(
    'xxh64',
    [31, 32, 63, 100].map((size) => ({ x: 'ab'.repeat(size).slice(0, size), give: 'req.hdr(x),xxh64(7)' })),
  ),
  ...conversions(
    'xxh32',
    [15, 16, 31, 100].map((size) => ({ x: 'ab'.repeat(size).slice(0, size), give: 'req.hdr(x),xxh32(7)' })),
  ),
  ...conversions('ltime', ['int(1500000000),ltime(%M:%S)', 'int(1500000000),ltime(%M:%S,61)']),
  ...newer('when', '3.1', [
    ['str(a),when(normal)', 'a'],
    ['str(a),when(!normal)', undefined],
    ['str(a),when(error)', undefined],
    ['str(a),when(forwarded)', undefined],
    ['str(a),when(processed)', undefined],
    ['str(a),when(!toapplet)', 'a'],
    ['str(a),when(stopping)', undefined],
  ]),
  {
    name: 'when an ACL holds',
    covers: ['converter:when'],
    frontend: ['acl is_x path_beg /x'],
    send: 'GET /x HTTP/1.1\r\nHost: x\r\n\r\n',
    format: '<%[str(a),when(acl,is_x)]|%[str(b),when(!acl,is_x)]>',
    since: '3.1',
    expect: '<a|>',
  },
  {
    name: 'when it was forwarded',
    covers: ['converter:when'],
    at: 'response',
    expression: 'str(a),when(forwarded)',
    since: '3.1',
    expect: 'a',
  },
  ...refusals('when', [
    ['str(a),when(acl,none)', "there is no ACL 'none'"],
    ['str(a),when(often)', 'is not one of error'],
  ]),
]
