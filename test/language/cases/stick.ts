/** Rules by which tables remember servers: which one somebody reaches who brings a key, what the table knows afterwards, and what is refused. How it goes on over many requests is seen live. */
import type { LanguageCase } from '../case.js'

const request = (...fields: readonly string[]): string =>
  `GET / HTTP/1.1\r\nHost: x\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n`

const TEXTS = 'stick-table type string len 12 size 10 store server_id'
const servers = ['server s1 {server}', 'server s2 {server}', 'server s3 {server}']
/** Says whom it went to, and whom the table of the backend knows by two keys. */
const told = {
  frontend: [
    'log-format "%b/%s %[str(a),table_server_id({backend})] %[str(b),table_server_id({backend})]"',
    'log {log} local0',
  ],
} as const

const SEES = ['log'] as const
const ways = (fields: readonly string[]): readonly string[] => fields.map((field) => request(field))

const rule = (
  name: string,
  covers: readonly string[],
  backend: readonly string[],
  send: readonly string[],
): LanguageCase => ({
  name,
  covers,
  ...told,
  backend: [TEXTS, ...backend],
  send,
  sees: SEES,
})

const responses = ['a', 'b', 'a'].map((value) => `HTTP/1.1 200 OK\r\nContent-Length: 2\r\ns: ${value}\r\n\r\nok`)

const rules: readonly LanguageCase[] = [
  rule(
    'stick on',
    ['keyword:stick on', 'keyword:stick-table'],
    ['stick on hdr(k)', ...servers],
    ways(['k: a', 'k: b', 'k: a', 'k: b', 'x: 1', 'k: a']),
  ),
  rule(
    'stick on, conditions',
    ['keyword:stick on'],
    ['stick on hdr(k) if { hdr(y) -m found }', ...servers],
    [request('k: a'), request('k: a', 'y: 1'), request('k: b'), request('k: a', 'y: 1'), request('k: a')],
  ),
  rule(
    'stick match, of what a request has stored',
    ['keyword:stick match', 'keyword:stick store-request'],
    ['stick match hdr(k)', 'stick store-request hdr(w)', ...servers],
    [request('w: a'), request('w: b'), request('k: a'), request('k: c'), request('k: a'), request('k: b')],
  ),
  rule(
    'stick match, behind rules that remember by the same table',
    ['keyword:stick match', 'keyword:stick store-request', 'keyword:stick on'],
    ['stick store-request hdr(w)', 'stick on hdr(o)', 'stick match hdr(k)', ...servers],
    [
      request('w: a'),
      request('w: b', 'k: a'),
      request('w: c', 'o: a'),
      request('w: c', 'k: b', 'o: c'),
      request('o: c', 'k: b'),
      request('o: d', 'k: b'),
    ],
  ),
  rule(
    'stick match alone remembers nobody',
    ['keyword:stick match'],
    ['stick match hdr(k)', 'stick store-request hdr(w)', ...servers],
    [request('w: a'), request(), request('k: a'), request('k: b'), request('k: b')],
  ),
  rule(
    'stick store-request sends nobody anywhere',
    ['keyword:stick store-request'],
    ['stick store-request hdr(k)', ...servers],
    ways(['k: a', 'k: a', 'k: b', 'k: a']),
  ),
  rule(
    'stick store',
    ['keyword:stick store-request'],
    ['stick store hdr(k) unless { hdr(k) b }', ...servers],
    ways(['k: a', 'k: b', 'k: a']),
  ),
  {
    ...rule(
      'stick store-response',
      ['keyword:stick store-response', 'keyword:stick match'],
      ['stick store-response res.hdr(s)', 'stick match hdr(k)', ...servers],
      [request(), request(), request('k: b'), request('k: a'), request('k: b')],
    ),
    origin: responses,
  },
  rule(
    'servers that are not remembered',
    ['server:non-stick', 'keyword:stick on'],
    ['stick on hdr(k)', 'server s1 {server} non-stick', 'server s2 {server}'],
    ways(['k: a', 'k: a', 'k: a', 'k: b', 'k: a']),
  ),
  rule(
    'servers that are remembered again',
    ['server:stick'],
    ['stick on hdr(k)', 'default-server non-stick', 'server s1 {server} stick', 'server s2 {server}'],
    ways(['k: a', 'k: b', 'k: a', 'k: b']),
  ),
  {
    ...rule(
      'a server by its place',
      ['keyword:stick on'],
      ['stick on hdr(k) table place-{id}', ...servers],
      ways(['k: a', 'k: b', 'k: a']),
    ),
    sections: 'backend place-{id}\n  stick-table type string size 10 srvkey addr',
  },
]

const u8 = (value: number): string => String.fromCharCode(value)
const u16 = (value: number): string => u8(value >> 8) + u8(value & 255)
/** The first record of either side of TLS, with a session's name. */
function hello(type: 1 | 2, session: string): string {
  const suites = type === 1 ? `${u16(2)}${u16(0xc02f)}${u8(1)}${u8(0)}` : `${u16(0xc02f)}${u8(0)}`
  const body = `${u16(0x0303)}${'r'.repeat(32)}${u8(session.length)}${session}${suites}`
  return `${u8(22)}${u16(0x0303)}${u16(body.length + 4)}${u8(type)}${u8(0)}${u16(body.length)}${body}`
}

/** The example of the manual: sessions of TLS, which either side may name. */
const sessions: readonly LanguageCase[] = [
  ['both name one', hello(1, 'one'), hello(2, 'two')],
  ['the client names one', hello(1, 'one'), hello(2, '')],
  ['the server names one', hello(1, ''), hello(2, 'two')],
  ['they name the same', hello(1, 'one'), hello(2, 'one')],
  ['the server speaks no TLS', hello(1, 'one'), 'HTTP/1.0 400 Bad Request\r\n\r\n'],
].map(([name, send = '', origin = '']) => ({
  name: `sessions of TLS: ${name}`,
  covers: ['keyword:stick on', 'keyword:stick store-response'],
  mode: 'tcp',
  frontend: [
    'tcp-request inspect-delay 2s',
    'tcp-request content accept if { req.ssl_hello_type 1 }',
    'log-format "%b/%s %ts one=%[bin(6f6e65),table_server_id({backend})] two=%[bin(74776f),table_server_id({backend})]"',
    'log {log} local0',
  ],
  backend: [
    'stick-table type binary len 3 size 10 store server_id',
    'acl clienthello req.ssl_hello_type 1',
    'acl serverhello res.ssl_hello_type 2',
    'tcp-response inspect-delay 400ms',
    'tcp-response content accept if serverhello',
    'stick on req.payload_lv(43,1) if clienthello',
    'stick store-response res.payload_lv(43,1) if serverhello',
    'server s1 {server}',
  ],
  send,
  origin,
  sees: SEES,
}))

const refused: readonly LanguageCase[] = [
  ['stick on', 'stick on', 'expects a fetch method'],
  ['stick match', 'stick match', 'expects a fetch method'],
  ['stick store-request', 'stick store-request', 'expects a fetch method'],
  ['stick store-response', 'stick store-response', 'expects a fetch method'],
  ['', 'stick', "expects 'on', 'match', or 'store'"],
  ['', 'stick store-reply src', "expects 'on', 'match', or 'store'"],
  ['stick on', 'stick on src bogus', "unknown keyword 'bogus'"],
  ['stick on', 'stick on bogus', "unknown fetch method 'bogus'"],
  ['stick on', 'stick on src,bogus', "unknown converter 'bogus'"],
  ['stick on', 'stick on res.hdr(x)', 'may not be reliably used here'],
  ['stick store-response', 'stick store-response path', 'may not be reliably used here'],
  ['stick on', 'stick on src table nowhere', "unable to find table 'nowhere'"],
  ['stick on', 'stick on hdr(x),bool table ip-{id}', 'not usable with type of stick-table'],
  ['stick match', 'stick match src if nope', "no such ACL : 'nope'"],
].map(([word = '', line = '', expect = '']) => ({
  name: `refused: ${line}`,
  covers: word === '' ? [] : [`keyword:${word}`],
  backend: [TEXTS, line, ...servers],
  sections: 'backend ip-{id}\n  stick-table type ip size 10',
  sees: ['load'],
  expect,
}))

export const cases: readonly LanguageCase[] = [...rules, ...sessions, ...refused]
