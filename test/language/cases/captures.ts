/** Cases of what is captured of messages: slots, fields, cookies, actions, and how logs and rules see them. */
import type { LanguageCase } from '../case.js'

const request = (...fields: readonly string[]): string =>
  `GET /p?q HTTP/1.1\r\nHost: www\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n`

const origin = (...fields: readonly string[]): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: 0\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n`

const LOG = 'log-format "%hr|%hs|%CC|%CS|%hrl|%hsl"'

const logged = (
  name: string,
  covers: readonly string[],
  frontend: readonly string[],
  more: Partial<LanguageCase> = {},
): LanguageCase => ({
  name,
  covers,
  frontend: [...frontend, LOG],
  send: request(
    'X-A: one',
    'X-A: two, three',
    'X-B: caf\xe9 {a|b} "q"',
    'Cookie: a=1; session=abcdefgh; sess=2; SESSION=3',
  ),
  origin: origin('X-R: r1', 'x-r: r2', 'Set-Cookie: session=new; Path=/', 'Set-Cookie: sess=x'),
  sees: ['log'],
  ...more,
})

const shown = (
  name: string,
  covers: readonly string[],
  frontend: readonly string[],
  format: string,
  more: Partial<LanguageCase> = {},
): LanguageCase => ({
  name,
  covers,
  frontend,
  format,
  send: request('X-A: one', 'X-A: two, three', 'X-B: b'),
  ...more,
})

export const cases: readonly LanguageCase[] = [
  logged('a field', ['keyword:capture request header'], ['capture request header X-A len 20']),
  logged(
    'a field that is cut',
    ['keyword:capture request header'],
    ['capture request header x-a len 5', 'capture request header X-B len 8'],
  ),
  logged(
    'a field that is not there',
    ['keyword:capture request header'],
    ['capture request header X-None len 8', 'capture request header Host len 8'],
  ),
  logged(
    'fields of the answer',
    ['keyword:capture response header'],
    [
      'capture response header X-R len 8',
      'capture response header Content-Length len 8',
      'capture response header X-None len 2',
    ],
  ),
  logged('nothing captured', [], []),
  logged(
    'slots without values',
    ['keyword:declare capture'],
    ['declare capture request len 5', 'declare capture response len 5', 'declare capture request len 5'],
  ),
  logged(
    'slots in the order of lines',
    ['keyword:declare capture', 'action:http-request capture'],
    [
      'declare capture request len 4',
      'capture request header X-B len 3',
      'http-request capture path len 9',
      'declare capture request len 8',
      'http-request capture str(first!) id 0',
      'http-request capture src id 3',
    ],
  ),
  logged(
    'a value that is absent',
    ['action:http-request capture'],
    [
      'http-request capture req.hdr(x-none) len 9',
      'http-request capture str(x) len 9',
      'http-request capture req.hdr(x-none) id 1',
    ],
  ),
  logged(
    'types',
    ['action:http-request capture'],
    [
      'http-request capture int(-5) len 9',
      'http-request capture bool(true) len 9',
      'http-request capture ipv6(2001:db8::1) len 20',
      'http-request capture bin(4142) len 20',
      'http-request capture method len 2',
    ],
  ),
  logged(
    'captured in the answer',
    ['action:http-response capture', 'keyword:declare capture'],
    [
      'declare capture response len 4',
      'declare capture response len 4',
      'http-response capture status id 1',
      'http-response capture res.hdr(x-r) id 0',
    ],
  ),
  logged(
    'a slot that was captured twice',
    ['action:http-request capture'],
    ['capture request header X-A len 20', 'http-request capture str(again) id 0'],
  ),
  logged(
    'under a condition',
    ['action:http-request capture'],
    ['http-request capture str(no) len 9 if { path /x }', 'http-request capture str(yes) len 9 if { path /p }'],
  ),
  logged('captured in a backend', ['action:http-request capture'], ['declare capture request len 9'], {
    backend: ['http-request capture str(back) id 0'],
  }),
  logged('a cookie', ['keyword:capture cookie'], ['capture cookie session len 40']),
  logged('a cookie by its beginning', ['keyword:capture cookie'], ['capture cookie sess len 40']),
  logged('a cookie by its whole name', ['keyword:capture cookie'], ['capture cookie sess= len 40']),
  logged('a cookie that is cut', ['keyword:capture cookie'], ['capture cookie session len 12']),
  logged('no such cookie', ['keyword:capture cookie'], ['capture cookie none len 12']),
  logged('two lines of cookies', ['keyword:capture cookie'], ['capture cookie a len 12', 'capture cookie sess= len 9']),
  ...[undefined, 'tune.http.cookielen 20', 'tune.http.cookielen 200'].map(
    (global): LanguageCase => ({
      name: `a long cookie: ${global ?? 'without a limit of its own'}`,
      covers: global === undefined ? ['keyword:capture cookie'] : ['global:tune.http.cookielen'],
      ...(global === undefined ? {} : { global: [global] }),
      frontend: ['capture cookie session= len 100', "log-format '%CC %CS'"],
      send: `GET /p HTTP/1.1\r\nHost: x\r\nCookie: session=${'v'.repeat(300)}\r\n\r\n`,
      origin: `HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie: session=${'w'.repeat(300)}\r\n\r\n`,
      sees: ['log'],
    }),
  ),
  {
    name: 'captured of every answer',
    covers: ['action:http-after-response capture'],
    since: '3.0',
    frontend: [
      'declare capture response len 9',
      'http-after-response capture res.hdr(x-who) id 0',
      'http-request return status 200 hdr X-Who me',
      "log-format '%hs %ts'",
    ],
    sees: ['log'],
    expect: '[log] <134>{date} haproxy[{pid}]: {me} LR',
  },
  {
    name: 'in a TCP proxy',
    covers: ['action:tcp-request content capture'],
    mode: 'tcp',
    frontend: [
      'tcp-request inspect-delay 1s',
      'tcp-request content capture src,length len 9',
      'tcp-request content capture src len 5 if { src 127.0.0.1 }',
      'log-format "%[capture.req.hdr(0)] %[capture.req.hdr(1)]"',
    ],
    send: 'hello',
    sees: ['log'],
  },
  logged(
    'in the content of a request',
    ['action:tcp-request content capture'],
    ['tcp-request inspect-delay 1s', 'tcp-request content capture path len 9'],
  ),
  logged(
    'httplog',
    ['keyword:capture request header'],
    [
      'option httplog',
      'capture request header X-A len 20',
      'capture response header X-R len 20',
      'capture cookie session len 20',
    ].slice(1),
  ),
  shown(
    'what was captured',
    ['fetch:capture.req.hdr'],
    ['capture request header X-A len 20', 'declare capture request len 9'],
    '%[capture.req.hdr(0)]-%[capture.req.hdr(1)]-%[capture.req.hdr(2)]',
  ),
  shown(
    'what was captured, cut',
    ['fetch:capture.req.hdr'],
    ['capture request header X-A len 3', 'http-request capture int(7) len 3'],
    '%[capture.req.hdr(0)]-%[capture.req.hdr(1),add(1)]',
  ),
  shown('nothing captured, asked', ['fetch:capture.req.hdr'], [], '%[capture.req.hdr(0)]'),
  shown(
    'the request line',
    ['fetch:capture.req.method', 'fetch:capture.req.uri', 'fetch:capture.req.ver'],
    ['http-request set-method PUT', 'http-request set-path /other'],
    '%[capture.req.method] %[capture.req.uri] %[capture.req.ver]',
  ),
  ...['*', 'http://h.example/p?q', 'http://h.example', 'http://h.example?q', '/p//q?r/s'].map((target) =>
    shown(
      `the target without scheme and host: ${target}`,
      ['fetch:capture.req.uri', 'alias:%HPO'],
      ["log-format '%[capture.req.uri]|%{+Q}[capture.req.uri]|%HPO|%{+Q}HPO|%{+E}HPO|%{+X}HPO|%ts'"],
      '%[capture.req.uri]',
      {
        sees: ['answer', 'log'],
        send: `${target === '*' ? 'OPTIONS' : 'GET'} ${target} HTTP/1.1\r\nHost: h.example\r\n\r\n`,
      },
    ),
  ),
  shown(
    'the request line in the response',
    ['fetch:capture.req.method', 'fetch:capture.req.uri', 'fetch:capture.req.ver', 'fetch:capture.res.ver'],
    [],
    '%[capture.req.method] %[capture.req.uri] %[capture.req.ver] %[capture.res.ver]',
    { at: 'response' },
  ),
  shown(
    'what was captured of the answer',
    ['fetch:capture.res.hdr'],
    ['capture response header X-R len 20'],
    '%[capture.res.hdr(0)]-%[capture.res.hdr(1)]',
    { at: 'response', origin: origin('X-R: r1', 'X-R: r2, r3') },
  ),
  {
    name: 'an answer of ours',
    covers: ['keyword:capture response header'],
    frontend: [
      'capture response header X-R len 20',
      'capture request header Host len 20',
      'http-request return status 200 hdr X-R ours',
      LOG,
    ],
    sees: ['log'],
  },
  ...(
    [
      ['no length', 'capture request header X'],
      ['no number', 'capture request header X len x'],
      ['a length of 0', 'capture request header X len 0'],
      ['more words', 'capture request header X len 5 6'],
      ['an unknown side', 'capture query header X len 5'],
      ['declare without a side', 'declare capture len 5'],
      ['declare without a length', 'declare capture request'],
      ['declare 0', 'declare capture request len 0'],
      ['declare nothing', 'declare'],
      ['an unknown slot', 'http-request capture src id 5'],
      ['neither length nor slot', 'http-request capture src'],
      ['no sample', 'http-request capture len 5'],
      ['a length in the answer', 'http-response capture status len 5'],
      ['an unknown slot of the answer', 'http-response capture status id 0'],
      ['a slot of the other side', 'http-response capture status id 0\n  declare capture request len 3'],
      ['a slot that is declared later', 'http-request capture src id 0\n  declare capture request len 3'],
      ['a length of 0 in a rule', 'http-request capture src len 0'],
      ['a cookie without a length', 'capture cookie x'],
      ['a sample of the response', 'http-request capture status len 5'],
    ] as const
  ).map(
    ([name, lines]): LanguageCase => ({
      name: `a fault: ${name}`,
      covers: [],
      frontend: lines.split('\n  '),
      sees: ['load'],
    }),
  ),
  { name: 'a fault: in a backend', covers: [], backend: ['capture request header X len 5'], sees: ['load'] },
  { name: 'a fault: declared in a backend', covers: [], backend: ['declare capture request len 5'], sees: ['load'] },
  { name: 'a fault: a length in a backend', covers: [], backend: ['http-request capture src len 5'], sees: ['load'] },
]
