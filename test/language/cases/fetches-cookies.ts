/** Cases of the questions about cookies. */
import type { LanguageCase } from '../case.js'

const request = (...fields: readonly string[]): string =>
  `GET / HTTP/1.1\r\nHost: x\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n`

const origin = (...fields: readonly string[]): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: 0\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n`

const sent = [
  'Cookie: a=1; b="x;y=9" ;  a=2;empty=; bare; A=7;c==d',
  'X: y',
  'cookie: a=-3, d="q, w"; __proto__=p; b = z ;a',
]
const set = [
  'Set-Cookie: a=1; Path=/; a=9',
  'Set-Cookie: b="x;y"; Secure',
  'X: y',
  'set-cookie: a=2x',
  'Set-Cookie: empty=;Max-Age=0',
  'Set-Cookie: bare',
  'Set-Cookie: c=caf\xe9, d=4',
]

const asked = (fetch: string, expressions: readonly string[]): readonly LanguageCase[] =>
  expressions.map((expression) => ({
    name: expression,
    covers: [`fetch:${fetch}`],
    expression,
    send: request(...sent),
  }))

const answered = (fetch: string, expressions: readonly string[]): readonly LanguageCase[] =>
  expressions.map((expression) => ({
    name: `${expression} of an answer`,
    covers: [`fetch:${fetch}`],
    expression,
    at: 'response',
    origin: origin(...set),
  }))

const tested = (word: string, conditions: readonly string[]): readonly LanguageCase[] =>
  conditions.map((condition) => ({ name: condition, covers: [`fetch:${word}`], condition, send: request(...sent) }))

const names = ['a', 'b', 'A', 'empty', 'bare', 'c', 'd', '__proto__', 'none']

export const cases: readonly LanguageCase[] = [
  ...asked('req.cook', ['req.cook', 'req.cook("")', ...names.map((name) => `req.cook(${name})`)]),
  ...asked('cook', ['cook(a)', 'cook(none)', 'cook']),
  ...asked('req.cook_cnt', ['req.cook_cnt', ...names.map((name) => `req.cook_cnt(${name})`)]),
  ...asked('cook_cnt', ['cook_cnt(a)']),
  ...asked('req.cook_val', ['req.cook_val', ...names.map((name) => `req.cook_val(${name})`)]),
  ...asked('cook_val', ['cook_val(a)']),
  ...asked('cookie', ['cookie(a)', 'cookie(b)', 'cookie(none)', 'cookie']),
  ...tested('cook', [
    '{ cook(a) 1 }',
    '{ cook(a) 2 }',
    '{ cook(a) 3 }',
    '{ cook(a) -- -3 }',
    '{ cook_beg(b) z }',
    '{ cook_end(b) y=9" }',
    '{ cook_sub(c) = }',
    '{ cook_dir(a) 1 }',
    '{ cook_dom(a) 1 }',
    '{ cook_len(empty) 0 }',
    '{ cook_len(a) 2 }',
    '{ cook_reg(a) ^[0-9]$ }',
    '{ cook(none) -m found }',
    '{ req.cook(a) -m int 2 }',
    '{ req.cook_beg(a) 2 }',
    '{ cook_cnt(a) 3 }',
    '{ cook_val(a) 2 }',
    '{ cook_val(a) lt 0 }',
    '{ cook(a) -m found }',
  ]),
  ...answered('res.cook', ['res.cook', 'res.cook("")', ...names.map((name) => `res.cook(${name})`)]),
  ...answered('scook', ['scook(a)', 'scook(none)', 'scook']),
  ...answered('res.cook_cnt', ['res.cook_cnt', ...names.map((name) => `res.cook_cnt(${name})`)]),
  ...answered('scook_cnt', ['scook_cnt(a)']),
  ...answered('res.cook_val', ['res.cook_val', ...names.map((name) => `res.cook_val(${name})`)]),
  ...answered('scook_val', ['scook_val(a)']),
  ...answered('cookie', ['cookie(a)', 'cookie(b)']),
  ...answered('set-cookie', ['set-cookie(a)', 'set-cookie']).map((one, at) => ({
    ...one,
    differs: "the manual has this old word for 'res.cook', HAProxy's program has not",
    expect: ['2x', '1'][at],
  })),
  {
    name: 'names of cookies',
    covers: ['fetch:req.cook_names'],
    since: '2.8',
    expression: 'req.cook_names',
    send: request('Cookie: a=1; b=2', 'Cookie: c'),
    expect: 'a,b',
  },
  {
    name: 'names of cookies with a delimiter',
    covers: ['fetch:req.cook_names'],
    since: '2.8',
    expression: 'req.cook_names(-)',
    send: request('Cookie: a=1; b=2; a=3'),
    expect: 'a-b-a',
  },
  {
    name: 'names of cookies that are set',
    covers: ['fetch:res.cook_names'],
    since: '2.8',
    at: 'response',
    expression: 'res.cook_names(:)',
    origin: origin('Set-Cookie: a=1; Path=/', 'Set-Cookie: b=2'),
    expect: 'a:b',
  },
]
