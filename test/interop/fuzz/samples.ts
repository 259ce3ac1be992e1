/** Expressions: a fetch with its arguments, and converters with theirs, mostly as they are meant and now and then not. */
import type { Dice } from './dice.js'
import { address, number, separator, small, value } from './values.js'

/** A word of an expression. */
export interface Call {
  readonly name: string
  readonly args: readonly string[]
}

type Words = (dice: Dice) => readonly string[]
type Table = Readonly<Record<string, Words | 0>>

export const fieldNames = [
  'X-A',
  'X-B',
  'Cookie',
  'Accept-Language',
  'Authorization',
  'User-Agent',
  'X-Forwarded-For',
  'Host',
  'Content-Type',
] as const
export const cookieNames = ['k', 'K', 'sid', 'a.b', 'kk'] as const
export const paramNames = ['x', 'y', 'X', 'xx', 'a%41'] as const

const fieldName = (dice: Dice): string =>
  dice.once(4) ? dice.pick(['x-a', 'X-a', 'none', 'x', 'x-a ', '']) : dice.pick(fieldNames)
const occurrence = (dice: Dice): readonly string[] =>
  dice.once(2) ? [] : [dice.pick(['1', '2', '3', '-1', '-2', '-3', '0', '11', '-11', ''])]
const field: Words = (dice) => (dice.once(12) ? [] : [fieldName(dice), ...occurrence(dice)])
const counted: Words = (dice) => (dice.once(6) ? [] : [fieldName(dice)])
const cookie: Words = (dice) =>
  dice.once(6) ? [] : [dice.once(8) ? dice.pick(['', 'none', 'k=', 'k2']) : dice.pick(cookieNames)]
const param: Words = (dice) =>
  dice.once(8)
    ? []
    : [dice.once(8) ? '' : dice.pick(paramNames), ...(dice.once(4) ? [dice.pick([';', '&', '?', ',', '/', ''])] : [])]
const some =
  (...makers: readonly ((dice: Dice) => string)[]): Words =>
  (dice) =>
    makers.map((make) => make(dice))
/** The last `optional` ones may be left away. */
const upTo =
  (optional: number, ...makers: readonly ((dice: Dice) => string)[]): Words =>
  (dice) =>
    makers.slice(0, makers.length - dice.int(0, optional)).map((make) => make(dice))
const one =
  (...from: readonly string[]) =>
  (dice: Dice): string =>
    dice.pick(from)

const variables = ['txn.a', 'req.a', 'sess.a', 'txn.none', 'res.a'] as const
const numberOrVariable = (dice: Dice): string => (dice.once(8) ? dice.pick(variables) : number(dice))

const anywhere: Table = {
  always_true: 0, always_false: 0, str: some(value), int: some(number), bool: some(one('true', 'false', '1', '0', 'yes', '')), bin: some(one('', '00', '4142ff', 'deadbeef', '0', 'zz', '0a0d')),
  ipv4: some(address), ipv6: some(address), meth: some(one('GET', 'POST', 'get', 'FOO', '')), var: upTo(1, one(...variables), value), src: 0, nbproc: 0, fc_http_major: 0,
  env: some(one('HOME', 'NONE', '')), http_first_req: 0, dst_is_local: 0, fc_rcvd_proxy: 0, src_is_local: 0, method: 0, prio_class: 0, prio_offset: 0,
} // biome-ignore format: a table

const ofRequests: Table = {
  path: 0, pathq: 0, query: 0, url: 0, base: 0, baseq: 0, base32: 0, url32: 0, 'base32+src': 0, 'url32+src': 0, url_ip: 0, url_port: 0, 'req.ver': 0, req_ver: 0,
  'req.hdr': field, 'req.fhdr': field, hdr: field, 'req.hdr_cnt': counted, 'req.fhdr_cnt': counted, hdr_cnt: counted, 'req.hdr_ip': field, hdr_ip: field,
  'req.hdr_val': field, hdr_val: field, 'req.hdrs': 0, 'req.hdrs_bin': 0, 'req.hdr_names': (dice) => (dice.once(2) ? [] : [separator(dice)]),
  'req.cook': cookie, cook: cookie, cookie, 'req.cook_cnt': cookie, 'req.cook_val': cookie, url_param: param, urlp: param, urlp_val: param, 'req.body': 0, 'req.body_len': 0, 'req.body_size': 0,
  'req.body_param': (dice) => (dice.once(4) ? [] : [dice.pick(paramNames)]), http_auth_bearer: (dice) => (dice.once(2) ? [] : [fieldName(dice)]), http_auth_pass: 0, http_auth_user: 0, http_auth_type: 0,
  'req.proto_http': 0, 'capture.req.uri': 0, 'capture.req.method': 0, 'capture.req.ver': 0, wait_end: 0, HTTP: 0,
} // biome-ignore format: a table

const ofResponses: Table = {
  status: 0, 'res.ver': 0, resp_ver: 0, 'res.hdr': field, 'res.fhdr': field, shdr: field, 'res.hdr_cnt': counted, 'res.fhdr_cnt': counted, shdr_cnt: counted, 'res.hdr_ip': field,
  'res.hdr_val': field, shdr_val: field, 'res.hdrs': 0, 'res.hdrs_bin': 0, 'res.hdr_names': (dice) => (dice.once(2) ? [] : [separator(dice)]), 'res.cook': cookie, scook: cookie,
  'res.cook_cnt': cookie, 'res.cook_val': cookie, 'capture.res.ver': 0, hdr: field,
} // biome-ignore format: a table

export const pieces = [
  'a',
  'b',
  '[a-c]',
  '[^/]',
  '\\.',
  '.',
  '\\d',
  '\\w',
  '\\s',
  '(a|b)',
  '(.)',
  '(?:x)',
  '/',
  '-',
  '[[:alpha:]]',
  '\\x41',
  '(?i)',
  'é',
  '[0-9A-F]',
  '\\b',
  '\xe9',
  '\\S',
  '=',
  ',',
] as const

/** A regular expression, mostly a right one. */
export function regex(dice: Dice): string {
  const body = dice
    .many(1, 4, () => dice.pick(pieces) + dice.pick(['', '', '', '*', '+', '?', '{1,2}', '*?', '{2}', '++']))
    .join('')
  return `${dice.once(3) ? '^' : ''}${body}${dice.once(4) ? '$' : ''}${dice.once(40) ? dice.pick(['(', '[', '*', '\\']) : ''}`
}

const converters: Table = {
  add: some(numberOrVariable), sub: some(numberOrVariable), mul: some(numberOrVariable), div: some(numberOrVariable), mod: some(numberOrVariable), and: some(numberOrVariable),
  or: some(numberOrVariable), xor: some(numberOrVariable), neg: 0, not: 0, cpl: 0, bool: 0, even: 0, odd: 0,
  lower: 0, upper: 0, length: 0, hex: 0, hex2i: 0, base64: 0, b64dec: 0, ub64enc: 0, ub64dec: 0, url_dec: (dice) => (dice.once(2) ? [] : [dice.pick(['0', '1', '2', '-1'])]),
  url_enc: (dice) => (dice.once(2) ? [] : [dice.pick(['query', 'x', ''])]), json: (dice) => (dice.once(4) ? [] : [dice.pick(['ascii', 'utf8', 'utf8s', 'utf8p', 'utf8ps', 'x'])]),
  crc32: upTo(1, one('0', '1', '2')), crc32c: upTo(1, one('0', '1')), djb2: upTo(1, one('0', '1')), sdbm: upTo(1, one('0', '1')), wt6: upTo(1, one('0', '1')), xxh32: upTo(1, number), xxh64: upTo(1, number),
  xxh3: upTo(1, number), sha1: 0, sha2: upTo(1, one('224', '256', '384', '512', '1', '0')), digest: some(one('sha256', 'md5', 'SHA1', 'none', '')), hmac: some(one('sha256', 'md5'), one('YWJj', 'txn.a', '!', '')),
  field: upTo(1, small, separator, small), word: upTo(1, small, separator, small), bytes: upTo(1, small, small), concat: upTo(2, value, one(...variables), value), regsub: upTo(1, regex, one('', 'x', '\\1', '[\\0]', '\\\\', '$1', '\\9', 'a&b', '\xe9'), one('g', 'i', 'gi', 'x', '')),
  ltrim: some(separator), rtrim: some(separator), cut_crlf: 0, iif: some(value, value), strcmp: some(one(...variables)), secure_memcmp: some(one(...variables)), host_only: 0, port_only: 0,
  ipmask: upTo(1, one('0', '8', '24', '32', '33', '255.255.0.0', '-1', 'a'), one('0', '64', '128', '129', 'ffff::')), http_date: (dice) => dice.pick([[], ['0'], ['10', 's'], ['-10', 'ms'], ['1', 'us'], ['1', 'x']]),
  ltime: upTo(1, one('%Y-%m-%d', '%H:%M:%S %Z', '%a %b %e %j', '%%', '', '%s', '%q', '%y%U%w%V%G', '%c', '%D %T %r'), number), utime: upTo(1, one('%Y-%m-%d', '%F %R', '%I %p', '%C %h %n %u', '%x %X', '%E %Oy'), number),
  language: upTo(1, one('en;fr;de', 'da', '', 'EN'), one('en', '')), json_query: upTo(1, one('$.a', '$.a.b', '$.a.b[1]', '$.c', '$.t', '$.f', '$.i', '$', '$[0]', 'a', '$.n', '$.none', ''), one('int', 'x', '')),
  jwt_header_query: (dice) => dice.pick([[], ['$.alg'], ['$.typ'], ['$.none'], ['$.alg', 'int'], ['']]), jwt_payload_query: (dice) => dice.pick([[], ['$.iss'], ['$.iat'], ['$.iat', 'int'], ['x']]),
  jwt_verify: some(one('HS256', 'none', 'RS256', 'txn.a', 'x'), one('secret', '', 'txn.a')), 'set-var': upTo(1, one(...variables, 'bad.a', 'txn'), one('isset', 'ifexists', 'ifnotempty', 'ifempty', 'ifset', 'ifnotset', 'ifgt')),
  'unset-var': some(one(...variables)), be2dec: upTo(2, separator, one('1', '2', '4', '8', '0', '9', '-1'), one('0', '1')), be2hex: upTo(2, separator, one('1', '2', '4', '0', '-1'), one('0', '1')),
  htonl: 0, fix_is_valid: 0, fix_tag_value: some(one('8', '35', 'MsgType', 'BeginString', '0')), mqtt_is_valid: 0, mqtt_field_value: some(one('connect', 'publish', 'connack', 'x'), one('topic', 'protocol_name', 'flags', '17')),
  protobuf: upTo(1, one('1', '1.2', '2', '0', '-1'), one('int32', 'string', 'sint64', 'bool', 'fixed32', 'x')), ungrpc: upTo(1, one('1', '1.2', '2'), one('int64', 'bytes')), add_item: upTo(1, separator, one(...variables, ''), value),
  nbsrv: 0, srv_queue: 0, 'capture-req': some(one('0', '1')), aes_gcm_dec: some(one('128', '256', '1'), one('YWFhYWFhYWFhYWFh', 'txn.a'), one('YWFhYWFhYWFhYWFhYWFhYQ==', 'x'), one('txn.a', 'req.a')),
} // biome-ignore format: a table

/** Arguments as nobody means them. */
function spoilt(dice: Dice, args: readonly string[]): readonly string[] {
  switch (dice.int(0, 3)) {
    case 0:
      return args.slice(0, -1)
    case 1:
      return [...args, value(dice)]
    case 2:
      return args.map((arg) => (dice.once(2) ? '' : arg))
    default:
      return args.map((arg) => (dice.once(2) ? value(dice) : arg))
  }
}

function called(dice: Dice, table: Table): Call {
  const name = dice.pick(Object.keys(table))
  const words = table[name] as Words | 0
  const args = words === 0 ? [] : words(dice)
  return { name, args: dice.once(25) ? spoilt(dice, args) : args }
}

/** Where an expression is asked. */
export type Place = 'request' | 'response'

/** A fetch and up to four converters. */
export function chain(dice: Dice, place: Place): readonly Call[] {
  const own = place === 'request' ? ofRequests : ofResponses
  const table = dice.once(4) ? anywhere : dice.once(60) ? (place === 'request' ? ofResponses : ofRequests) : own
  return [called(dice, table), ...dice.many(0, 4, () => called(dice, converters))]
}

/** One argument, in one of the ways in which it can be written. */
function argument(text: string, quotes: number): string {
  if (text === '' || (quotes !== 0 && !/[^\w.+-]/.test(text))) return text
  if (quotes === 1 && !text.includes('"')) return `"${text.replaceAll('\\', '\\\\')}"`
  if (quotes === 2) return text.replace(/[,)(\\"' \t#]/g, '\\$&')
  if (!text.includes("'")) return `'${text}'`
  return `"${text.replace(/[\\"]/g, '\\$&')}"`
}

/** The text of an expression. Which quotes an argument gets depends on nothing but itself. */
export function written(calls: readonly Call[]): string {
  const words = calls.map(({ name, args }) =>
    args.length === 0 ? name : `${name}(${args.map((arg) => argument(arg, arg.length % 4)).join(',')})`,
  )
  return words.join(',')
}
