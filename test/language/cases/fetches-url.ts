/** Cases of the questions about a request's target. */
import type { LanguageCase } from '../case.js'

/** The target's own host, where it has one: HAProxy refuses others. */
const hostOf = (target: string): string =>
  /^https?:\/\/(?:[^/@]*@)?([^/?]*)/.exec(target)?.[1] ?? 'WWW.Example.com:8080'

const get = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: ${hostOf(target)}\r\n\r\n`

const asked = (fetch: string, target: string, expressions: readonly string[]): readonly LanguageCase[] =>
  expressions.map((expression) => ({
    name: `${expression} of ${target}`,
    covers: [`fetch:${fetch}`],
    expression,
    send: get(target),
  }))

const everything = [
  ['path', 'path'],
  ['pathq', 'pathq'],
  ['query', 'query'],
  ['url', 'url'],
  ['base', 'base'],
  ['baseq', 'baseq'],
  ['url32', 'url32'],
  ['base32', 'base32'],
  ['url_ip', 'url_ip'],
  ['url_port', 'url_port'],
] as const

const targets = [
  '/',
  '/a/b?c=d&e',
  '/a?',
  '/a??b?',
  '/a;x=1',
  '//double',
  '/caf%C3%A9',
  'http://192.0.2.7:8081/p?q',
  'http://192.0.2.7/p',
  'http://www.example.com:99',
  'http://[2001:db8::1]:82/p',
  'https://192.0.2.9/p',
]

const params = '/p;k=8?a=1&b=&c&a=2;d=%20x&=5&a&aa=9&e==1&-n=-7&k=x'

const tested = (word: string, target: string, conditions: readonly string[]): readonly LanguageCase[] =>
  conditions.map((condition) => ({
    name: `${condition} of ${target}`,
    covers: [`fetch:${word}`],
    condition,
    send: get(target),
  }))

export const cases: readonly LanguageCase[] = [
  ...targets.flatMap((target) => everything.flatMap(([fetch, expression]) => asked(fetch, target, [expression]))),
  ...everything.map(
    ([fetch, expression]): LanguageCase => ({
      name: `${expression} of *`,
      covers: [`fetch:${fetch}`],
      expression,
      send: 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n',
    }),
  ),
  ...everything.map(
    ([fetch, expression]): LanguageCase => ({
      name: `${expression} of CONNECT`,
      covers: [`fetch:${fetch}`],
      expression,
      send: 'CONNECT 192.0.2.1:443 HTTP/1.1\r\nHost: 192.0.2.1:443\r\n\r\n',
    }),
  ),
  ...everything.map(
    ([fetch, expression]): LanguageCase => ({
      name: `${expression} without a host`,
      covers: [`fetch:${fetch}`],
      expression,
      send: 'GET /a?b HTTP/1.0\r\n\r\n',
    }),
  ),
  ...asked('url32+src', '/a?b', ['url32+src,hex']),
  ...asked('base32+src', '/a?b', ['base32+src,hex']),
  ...asked('url_param', params, [
    'url_param(a)',
    'url_param(b)',
    'url_param(c)',
    'url_param(d)',
    'url_param(e)',
    'url_param(aa)',
    'url_param(none)',
    'url_param(k)',
    'url_param',
    'url_param("")',
    'url_param(k,;)',
    'url_param(a,;)',
    'url_param(A)',
    'url_param(-n)',
  ]),
  ...asked('urlp', params, ['urlp(a)', 'urlp(k,;)', 'urlp']),
  ...asked('urlp_val', params, [
    'urlp_val(a)',
    'urlp_val(b)',
    'urlp_val(-n)',
    'urlp_val(none)',
    'urlp_val(d)',
    'urlp_val',
  ]),
  ...asked('url_param', '/p', ['url_param(a)', 'url_param']),
  ...asked('url_param', '/p?', ['url_param(a)', 'url_param']),
  ...tested('url_param', params, [
    '{ url_param(a) 2 }',
    '{ url_param(a) 3 }',
    '{ urlp(a) 1 }',
    '{ urlp_beg(d) %20 }',
    '{ urlp_end(d) x }',
    '{ url_param_sub(d) 20 }',
    '{ urlp_len(b) 0 }',
    '{ urlp_reg(aa) ^9$ }',
    '{ urlp_dir(aa) 9 }',
    '{ urlp_dom(aa) 9 }',
    '{ urlp_val(a) 2 }',
    '{ urlp_val(a) gt 2 }',
    '{ urlp(c) -m found }',
  ]),
  ...tested('path', '/a/b.c/d?e=f', [
    '{ path /a/b.c/d }',
    '{ path_beg /a }',
    '{ path_end d }',
    '{ path_sub b.c }',
    '{ path_dir b.c }',
    '{ path_dom c }',
    '{ path_len 8 }',
    '{ path_reg ^/a/ }',
    '{ path_end f }',
    '{ path -i /A/B.C/D }',
    '{ pathq /a/b.c/d?e=f }',
    '{ query e=f }',
    '{ query -m beg e }',
  ]),
  ...tested('url', '/a/b.c/d?e=f', [
    '{ url /a/b.c/d?e=f }',
    '{ url_beg /a }',
    '{ url_end f }',
    '{ url_sub c/d }',
    '{ url_dir d }',
    '{ url_dom e=f }',
    '{ url_len 12 }',
    '{ url_reg =f$ }',
    '{ url_port 80 }',
    '{ url_ip 0.0.0.0/0 }',
  ]),
  ...tested('base', '/a/b.c/d?e=f', [
    '{ base WWW.Example.com:8080/a/b.c/d }',
    '{ base www.example.com:8080/a/b.c/d }',
    '{ base_beg -i www.example.com }',
    '{ base_end /d }',
    '{ base_sub a/b }',
    '{ base_dir a }',
    '{ base_dom example }',
    '{ base_len 28 }',
    '{ base_reg ^W }',
    '{ baseq -m end =f }',
    '{ base32 0 }',
  ]),
  {
    name: 'a parameter without regard to case',
    covers: ['fetch:urlp'],
    since: '2.9',
    expression: 'urlp(NaMe,,i)',
    send: get('/?x=1&nAmE=2'),
    expect: '2',
  },
  {
    name: 'the query without its question mark',
    covers: ['fetch:query'],
    since: '3.2',
    expression: 'query(with_qm)',
    send: get('/?x=1'),
    expect: '?x=1',
  },
]
