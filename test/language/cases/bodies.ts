/** Bodies that rules wait for and look at, and what becomes of them afterwards. */
import type { LanguageCase } from '../case.js'

const HOST = 'Host: www.example.com\r\n'
const post = (path: string, body: string, length = body.length, fields = ''): string =>
  `POST ${path} HTTP/1.1\r\n${HOST}Content-Length: ${length}\r\n${fields}\r\n${body}`
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`
const chunked = (path: string): string => `POST ${path} HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`
const NEXT = `GET /next HTTP/1.1\r\n${HOST}\r\n`
const EXPECT = 'Expect: 100-continue\r\n'

const told = [
  'http-request set-header x-body "<%[req.body]>"',
  'http-request set-header x-length %[req.body_len]',
  'http-request set-header x-size %[req.body_size]',
]
const toldBack = [
  'http-response set-header x-body "<%[res.body]>"',
  'http-response set-header x-length %[res.body_len]',
  'http-response set-header x-size %[res.body_size]',
]

const request = (
  name: string,
  rules: readonly string[],
  send: string | readonly string[],
  more: Partial<LanguageCase> = {},
): LanguageCase => ({
  name,
  covers: rules.length === 0 ? ['fetch:req.body'] : [],
  frontend: ['option httplog', ...rules, ...told],
  send,
  sees: ['answer', 'server', 'log'],
  // Of what was never whole HAProxy counts the bytes of its own form of the answer.
  mask: [[/ 408 \d+ - -/g, ' 408 {bytes} - -']],
  ...more,
})

const wait = ['http-request wait-for-body time 30s']
const three = ['http-request wait-for-body time 30s at-least 3']
const buffer = ['option http-buffer-request', 'timeout http-request 30s']
const covered = {
  wait: { covers: ['action:http-request wait-for-body'] },
  buffer: { covers: ['keyword:option http-buffer-request'] },
  response: { covers: ['action:http-response wait-for-body'] },
} as const

const response = (
  name: string,
  rules: readonly string[],
  origin: string,
  more: Partial<LanguageCase> = {},
): LanguageCase => ({
  name,
  ...covered.response,
  frontend: ['option httplog'],
  backend: [...rules, ...toldBack],
  send: [NEXT],
  origin,
  sees: ['answer', 'log'],
  ...more,
})

const waitBack = ['http-response wait-for-body time 300ms']

export const cases: readonly LanguageCase[] = [
  request('what has come with the head', [], [post('/', 'a=1&b=2'), NEXT]),
  request('what has not come', [], [post('/', '', 7), 'a=1&b=2', NEXT]),
  request('half of it has come', [], [post('/', 'a=1', 7), '&b=2', NEXT]),
  request('chunks that have come', [], [`${chunked('/')}${chunk('a=1')}${chunk('&b=2')}0\r\n\r\n`, NEXT]),
  request('there is none', [], NEXT),

  request('wait: all has come', wait, [post('/', 'a=1&b=2'), NEXT], covered.wait),
  request('wait: it comes later', wait, [post('/', '', 7), 'a=1&b=2', NEXT], covered.wait),
  request('wait: in two parts', wait, [post('/', 'a=1', 7), '&b=2', NEXT], covered.wait),
  request(
    'wait: chunks one by one',
    wait,
    [chunked('/'), chunk('a=1'), chunk('&b=2'), '0\r\n\r\n', NEXT],
    covered.wait,
  ),
  request('wait: chunks with trailers', wait, [chunked('/'), chunk('a'), '0\r\nX-Sum: 1\r\n\r\n', NEXT], covered.wait),
  request('wait: there is none', wait, NEXT, covered.wait),
  request('wait: an empty one', wait, [post('/', ''), NEXT], covered.wait),
  request('wait: it never comes', ['http-request wait-for-body time 600ms'], [post('/', 'a=1', 7)], covered.wait),
  request('wait: the client is asked for it', wait, [post('/', '', 7, EXPECT), 'a=1&b=2', NEXT], covered.wait),
  request('wait: three bytes come', three, [post('/', '', 7), 'a=1', '&b=2', NEXT], covered.wait),
  request(
    'wait: two of three bytes come',
    ['http-request wait-for-body time 600ms at-least 3'],
    [post('/', 'a=', 7)],
    covered.wait,
  ),
  request('wait: there are only two of three', three, [post('/', '', 2), 'ab', NEXT], covered.wait),
  ...[
    ['up to what a large one holds', ['tune.bufsize.large 100000'], 'use-large-buffer', '4'],
    ['no more than that', ['tune.bufsize.large 30000'], 'at-least 50000 use-large-buffer', '2'],
    ['a rule that does not ask for it', ['tune.bufsize.large 100000'], '', '1'],
  ].map(
    ([name, global, words, length]): LanguageCase => ({
      name: `wait: a large buffer: ${name}`,
      covers: ['action:http-request wait-for-body', 'global:tune.bufsize.large'],
      global: global as readonly string[],
      frontend: [
        `http-request wait-for-body time 2s ${words}`,
        'http-request return status 200 content-type text/plain lf-string "%[req.body,length,div(10000)]"',
      ],
      send: post('/', 'x'.repeat(40_000)),
      since: '3.4',
      expect: `HTTP/1.1 200 OK\ncontent-length: ${length?.length}\ncontent-type: text/plain\n[body, length] ${length}`,
    }),
  ),
  {
    name: 'wait: a large buffer that there is not',
    covers: [],
    frontend: ['http-request wait-for-body time 2s use-large-buffer'],
    sees: ['load'],
    since: '3.4',
    expect: "'use-large-buffer' has no effect",
  },
  request('wait: more than the buffer', wait, [post('/', 'x'.repeat(40_000)), NEXT], {
    ...covered.wait,
    frontend: [...wait, 'http-request set-header x-length %[req.body_len]'],
    sees: ['answer'],
    differs: 'what has come of a body is read to its end, so that the connection can live on',
    expect: `HTTP/1.1 200 OK
x-length: 15200
x-size: 40000
content-length: 0
[body, length] 
HTTP/1.1 200 OK
x-length: 0
x-size: 0
content-length: 0
[body, length] `,
    backend: ['http-request return status 200 hdr x-length %[req.body_len] hdr x-size %[req.body_size]'],
  }),
  request('wait: binary bytes', wait, [post('/', '\x00\xff\x80', 3), NEXT], {
    ...covered.wait,
    frontend: [...wait, 'http-request set-header x-hex %[req.body,hex]'],
    sees: ['server'],
  }),

  request('buffer: all has come', buffer, [post('/', 'a=1&b=2'), NEXT], covered.buffer),
  request('buffer: it comes later', buffer, [post('/', '', 7), 'a=1&b=2', NEXT], covered.buffer),
  request(
    'buffer: it never comes',
    ['option http-buffer-request', 'timeout http-request 600ms'],
    [post('/', 'a=1', 7)],
    covered.buffer,
  ),
  request('buffer: the client is asked for it', buffer, [post('/', '', 7, EXPECT), 'a=1&b=2', NEXT], covered.buffer),
  {
    ...request('buffer: in the backend', [], [post('/', 'a=', 7), '1&b=2', NEXT], covered.buffer),
    frontend: ['http-request set-header x-before %[req.body_len]'],
    backend: ['option http-buffer-request', 'http-request set-header x-after %[req.body_len]'],
    sees: ['answer', 'server'],
  },
  {
    ...request('deny by what is in it', [], [post('/', 'user=eve'), post('/', 'user=ann'), NEXT], {
      covers: ['fetch:req.body_param', 'keyword:option http-buffer-request'],
    }),
    frontend: ['option http-buffer-request', 'http-request deny if { req.body_param(user) -m str eve }'],
  },

  {
    name: 'a server by what is posted',
    covers: ['keyword:balance'],
    backend: [
      'balance url_param user check_post',
      'http-response set-header x-server %s',
      'server s1 {server}',
      'server s2 {server}',
      'server s3 {server}',
    ],
    send: ['ann', 'bob', 'eve', 'ida', 'tom'].flatMap((user) => [post('/', 'user=', 8), user]),
    sees: ['answer'],
  },
  {
    name: 'a server by what is posted, without being told to look there',
    covers: ['keyword:balance'],
    backend: [
      'balance url_param user',
      'http-response set-header x-server %s',
      'server s1 {server}',
      'server s2 {server}',
      'server s3 {server}',
    ],
    send: [
      ...['ann', 'ann', 'bob', 'eve', 'ida', 'bob', 'bob'].map((user) => post('/', `a=b&user=${user}`)),
      post('/', '', 8),
      'user=bob',
      post('/', 'user=b', 8),
      'ob',
    ],
    sees: ['answer'],
  },
  response('response: what came with the head', [], 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine', {
    covers: ['fetch:res.body'],
  }),
  response('response: all of it', waitBack, 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine'),
  response(
    'response: chunks',
    waitBack,
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunk('abc')}0\r\n\r\n`,
  ),
  response('response: none', waitBack, 'HTTP/1.1 204 No Content\r\n\r\n'),
  response('response: it never comes', waitBack, 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nfine'),
  response(
    'response: three bytes are enough',
    ['http-response wait-for-body time 300ms at-least 3', 'timeout server 500ms'],
    'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc',
  ),
]
