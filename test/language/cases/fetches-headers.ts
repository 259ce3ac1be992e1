/** Cases of the questions about header fields. */
import type { LanguageCase } from '../case.js'

const request = (...fields: readonly string[]): string =>
  `GET / HTTP/1.1\r\nHost: x\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n`

const origin = (...fields: readonly string[]): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: 0\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n`

/** Two lines, five values: commas in quotes and an escaped quote, an empty value, blanks. */
const lists = ['X-A: one, "two, 2" ,three', 'X-B: other', 'x-a: ,\t"fo\\"ur, x", ']

/** Asks the same of one message in as many ways as there are expressions. */
const asked = (
  fetch: string,
  fields: readonly string[],
  expressions: readonly string[],
  note = '',
): readonly LanguageCase[] =>
  expressions.map((expression) => ({
    name: `${expression}${note}`,
    covers: [`fetch:${fetch}`],
    expression,
    send: request(...fields),
  }))

const answered = (fetch: string, fields: readonly string[], expressions: readonly string[]): readonly LanguageCase[] =>
  expressions.map((expression) => ({
    name: `${expression} of an answer`,
    covers: [`fetch:${fetch}`],
    expression,
    at: 'response',
    origin: origin(...fields),
  }))

const tested = (word: string, fields: readonly string[], conditions: readonly string[]): readonly LanguageCase[] =>
  conditions.map((condition) => ({
    name: condition,
    covers: [`fetch:${word}`],
    condition,
    send: request(...fields),
  }))

const occurrences = (name: string): readonly string[] =>
  ['', ',1', ',2', ',3', ',4', ',6', ',7', ',8', ',-1', ',-2', ',-4', ',-8', ',0'].map(
    (which) => `${name}(x-a${which})`,
  )

const numbers = ['X-N: 1, -2,+3, 4x, x5, 99999999999999999999, , 0x10, 5\xe97, 1/2, 3.5, --4']
const addresses = [
  'X-I: 192.0.2.1, 2001:db8::1, [2001:db8::2], 192.0.2.2:80, 192.0.2.3:x, 01.2.3.4, 1.2.3, unknown, , ::ffff:1.2.3.4',
  'X-J: 001.002.003.004, 1.2.3.400, 1..2.3, 1.2.3.4.5, 1.2.3.4x, 1.2.3.4:, 1.2.3.4:99999, 0x1.2.3.4, 1.2.3.4:080, 1.2.3.0256',
]

export const cases: readonly LanguageCase[] = [
  ...asked('req.hdr', lists, occurrences('req.hdr')),
  ...asked('hdr', lists, ['hdr(x-a)', 'hdr(x-a,2)', 'hdr(x-none)', 'hdr(x-none,-1)', 'hdr(X-A,1)']),
  ...asked('req.hdr', lists, [
    'req.hdr',
    'req.hdr()',
    'req.hdr(x-b)',
    'req.hdr("")',
    'req.hdr(x-a,-10)',
    'req.hdr(x-a,-11)',
  ]),
  ...asked('req.hdr', ['X-A:', 'X-C: caf\xe9'], ['req.hdr(x-a)', 'req.hdr(x-c)', 'req.hdr(x-c),length'], ' empty'),
  ...asked('req.fhdr', lists, occurrences('req.fhdr')),
  ...asked('req.fhdr', lists, ['req.fhdr', 'req.fhdr(x-none)', 'req.fhdr(x-none,1)']),
  ...asked('req.hdr_cnt', lists, [
    'req.hdr_cnt(x-a)',
    'req.hdr_cnt(x-b)',
    'req.hdr_cnt(x-none)',
    'req.hdr_cnt',
    'req.hdr_cnt(host)',
  ]),
  ...asked('hdr_cnt', lists, ['hdr_cnt(x-a)']),
  ...asked('req.fhdr_cnt', lists, ['req.fhdr_cnt(x-a)', 'req.fhdr_cnt(x-b)', 'req.fhdr_cnt(x-none)', 'req.fhdr_cnt']),
  ...asked(
    'req.hdr_val',
    numbers,
    ['', ',1', ',2', ',3', ',4', ',5', ',6', ',7', ',8', ',9', ',10', ',11', ',12', ',-1'].map(
      (which) => `req.hdr_val(x-n${which})`,
    ),
  ),
  ...asked('hdr_val', numbers, ['hdr_val(x-n,3)', 'hdr_val(x-none)']),
  ...asked(
    'req.hdr_ip',
    addresses,
    ['', ',1', ',2', ',3', ',4', ',5', ',6', ',7', ',8', ',9', ',10', ',-1', ',-2'].map(
      (which) => `req.hdr_ip(x-i${which})`,
    ),
  ),
  ...asked(
    'req.hdr_ip',
    addresses,
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((which) => `req.hdr_ip(x-j,${which})`),
  ),
  ...asked('hdr_ip', addresses, ['hdr_ip(x-i,1)', 'hdr_ip(x-none)']),
  ...asked('req.hdr_names', lists, ['req.hdr_names', 'req.hdr_names(:)', 'req.hdr_names(", ")']),
  ...asked('req.hdrs', lists, ['req.hdrs', 'req.hdrs,length', 'req.hdrs,hex']),
  ...asked('req.hdrs_bin', lists, ['req.hdrs_bin', 'req.hdrs_bin,hex', 'req.hdrs_bin,length']),
  ...asked('req.hdrs_bin', [`X-Long: ${'a'.repeat(300)}`], ['req.hdrs_bin,hex'], ' of a long field'),
  ...tested('hdr', lists, [
    '{ hdr(x-a) -m str three }',
    '{ hdr(x-a) three }',
    '{ hdr_beg(x-a) "\\"two" }',
    '{ hdr_end(x-a) ree }',
    '{ hdr_sub(x-a) our }',
    '{ hdr_dom(x-b) other }',
    '{ hdr_dir(x-b) other }',
    '{ hdr_len(x-b) 5 }',
    '{ hdr_reg(x-a) ^th }',
    '{ hdr(x-a,1) -m str three }',
    '{ req.hdr_beg(x-a) on }',
    '{ req.hdr(x-none) -m found }',
    '{ req.hdr(x-a) -m found }',
    '{ hdr_cnt(x-a) 6 }',
    '{ hdr_cnt(x-a) gt 10 }',
    '{ req.fhdr(x-a) -m sub three }',
    '{ hdr_val(x-a) 0 }',
    '{ hdr_ip(x-a) 0.0.0.0/0 }',
  ]),
  ...tested('req.hdr_ip', addresses, [
    '{ req.hdr_ip(x-i) 192.0.2.2 }',
    '{ req.hdr_ip(x-i) 2001:db8::/32 }',
    '{ req.hdr_ip(x-i,1) 192.0.2.2 }',
    '{ req.hdr_ip(x-i) 192.0.2.3 }',
    '{ req.hdr_ip(x-i) -m found }',
  ]),
  ...tested('req.hdr_val', numbers, [
    '{ req.hdr_val(x-n) 4 }',
    '{ req.hdr_val(x-n) lt 0 }',
    '{ hdr_val(x-n,2) 4 }',
    '{ req.hdr_val(x-n) gt 9223372036854775806 }',
  ]),

  ...answered('res.hdr', lists, occurrences('res.hdr')),
  ...answered('res.hdr', lists, ['res.hdr', 'res.hdr(x-none)', 'hdr(x-a)', 'hdr(x-a,1)']),
  ...answered('shdr', lists, ['shdr(x-a)', 'shdr(x-a,2)']),
  ...answered('res.fhdr', lists, occurrences('res.fhdr')),
  ...answered('res.hdr_cnt', lists, ['res.hdr_cnt(x-a)', 'res.hdr_cnt(x-none)', 'res.hdr_cnt', 'hdr_cnt(x-a)']),
  ...answered('shdr_cnt', lists, ['shdr_cnt(x-a)']),
  ...answered('res.fhdr_cnt', lists, ['res.fhdr_cnt(x-a)', 'res.fhdr_cnt']),
  ...answered('res.hdr_val', numbers, ['res.hdr_val(x-n)', 'res.hdr_val(x-n,2)', 'hdr_val(x-n,3)']),
  ...answered('shdr_val', numbers, ['shdr_val(x-n,1)']),
  ...answered('res.hdr_ip', addresses, ['res.hdr_ip(x-i)', 'res.hdr_ip(x-i,4)', 'hdr_ip(x-i,1)']),
  ...answered('shdr_ip', addresses, ['shdr_ip(x-i,2)']),
  ...answered('res.hdr_names', lists, ['res.hdr_names', 'res.hdr_names(:)']),
  ...answered('res.hdrs', lists, ['res.hdrs', 'res.hdrs,length']),
  ...answered('res.hdrs_bin', lists, ['res.hdrs_bin,hex']),
]
