/** Cases of the questions about messages as a whole: methods, versions, status, credentials, bodies. */
import type { LanguageCase } from '../case.js'

const get = (...fields: readonly string[]): string =>
  `GET / HTTP/1.1\r\nHost: x\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n`

const asked = (fetch: string, expressions: readonly string[], send: string, note: string): readonly LanguageCase[] =>
  expressions.map((expression) => ({ name: `${expression} of ${note}`, covers: [`fetch:${fetch}`], expression, send }))

const answered = (
  fetch: string,
  expressions: readonly string[],
  origin: string,
  note: string,
): readonly LanguageCase[] =>
  expressions.map((expression) => ({
    name: `${expression} of ${note}`,
    covers: [`fetch:${fetch}`],
    expression,
    at: 'response',
    origin,
  }))

const tested = (fetch: string, conditions: readonly string[], send = get()): readonly LanguageCase[] =>
  conditions.map((condition) => ({
    name: `${condition} of ${send.slice(0, 30).replaceAll('\r\n', ' ')}`,
    covers: [`fetch:${fetch}`],
    condition,
    send,
  }))

/** A body is waited for. */
const posted = (
  fetch: string,
  expressions: readonly string[],
  body: string,
  type = 'application/x-www-form-urlencoded',
  note = body,
): readonly LanguageCase[] =>
  expressions.map((expression) => ({
    name: `${expression} of a body ${note.slice(0, 40)}${type.startsWith('app') ? '' : ` of type ${type}`}`,
    covers: [`fetch:${fetch}`],
    frontend: ['option http-buffer-request'],
    expression,
    send: `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  }))

const auth = (value: string): string => get(`Authorization: ${value}`)

const users = [
  'userlist users-{id}',
  '  group admins users tim,scott',
  '  group readers',
  '  user tim insecure-password elgato',
  '  user scott insecure-password "a:b"',
  '  user xander insecure-password hello groups readers',
].join('\n')

const basic = (text: string): string => `Basic ${Buffer.from(text, 'latin1').toString('base64')}`

const form = 'a=1&b=&c&a=2&d=%20x&__proto__=p&e==1'

export const cases: readonly LanguageCase[] = [
  ...['GET', 'POST', 'X-NEW', 'get', 'CONNECT'].flatMap((method) =>
    asked(
      'method',
      ['method', 'method,length'],
      `${method} / HTTP/1.1\r\nHost: x\r\n\r\n`.replace('CONNECT /', 'CONNECT x:80'),
      method,
    ),
  ),
  ...tested('method', [
    '{ method GET }',
    '{ method POST }',
    '{ method get }',
    '{ method -i get }',
    '{ method GET POST }',
    'METH_GET',
    '{ method -m beg G }',
    '{ method -m len 3 }',
  ]),
  ...tested(
    'method',
    ['{ method X-NEW }', '{ method X-OLD }', '{ method OTHER }'],
    'X-NEW / HTTP/1.1\r\nHost: x\r\n\r\n',
  ),
  ...['req.ver', 'req_ver'].flatMap((fetch) => [
    ...asked(fetch, [fetch], get(), '1.1'),
    ...asked(fetch, [fetch], 'GET / HTTP/1.0\r\n\r\n', '1.0'),
  ]),
  ...tested('req.ver', ['{ req.ver 1.1 }', '{ req_ver 1.0 }', 'HTTP_1.1']),
  ...['res.ver', 'resp_ver', 'status'].flatMap((fetch) => [
    ...answered(fetch, [fetch], 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n', '404 by 1.1'),
    ...answered(fetch, [fetch], 'HTTP/1.0 299 Odd\r\nContent-Length: 0\r\n\r\n', '299 by 1.0'),
  ]),
  ...asked('req.proto_http', ['req.proto_http'], get(), 'a request'),
  ...asked('req_proto_http', ['req_proto_http'], get(), 'a request'),

  ...[
    [basic('tim:elgato'), 'credentials'],
    [basic('tim:el:ga:to'), 'a password with colons'],
    [basic('tim'), 'a name only'],
    [basic(':x'), 'no name'],
    [basic('tim:'), 'no password'],
    [basic('t\xefm:\xe9'), 'other letters'],
    ['Basic !!!', 'no base64'],
    ['Basic', 'nothing'],
    ['Basic ', 'a blank'],
    [`basic ${Buffer.from('tim:elgato').toString('base64')}`, 'a scheme in lower case'],
    [`Basic   ${Buffer.from('tim:elgato').toString('base64')}`, 'more blanks'],
    ['Bearer abc.def', 'a token'],
    ['Bearer  abc.def ', 'a token and blanks'],
    ['bearer abc', 'a token in lower case'],
    ['Digest username="x"', 'another scheme'],
  ].flatMap(([value = '', note = '']) => [
    ...asked('http_auth_user', ['http_auth_user'], auth(value), note),
    ...asked('http_auth_pass', ['http_auth_pass'], auth(value), note),
    ...asked('http_auth_type', ['http_auth_type'], auth(value), note),
    ...asked('http_auth_bearer', ['http_auth_bearer'], auth(value), note),
  ]),
  ...asked('http_auth_user', ['http_auth_user', 'http_auth_pass', 'http_auth_type', 'http_auth_bearer'], get(), 'none'),
  ...asked('http_auth_bearer', ['http_auth_bearer(x-token)'], get('X-Token: Bearer abc'), 'another field'),
  ...asked(
    'http_auth_bearer',
    ['http_auth_bearer(x-token)'],
    get('X-Token: Foo abc'),
    'another field with another scheme',
  ),
  ...asked('http_auth_bearer', ['http_auth_bearer(x-token)'], get('X-Token: abc'), 'another field without a scheme'),
  ...asked(
    'http_auth_user',
    ['http_auth_user'],
    get(`Authorization: ${basic('a:b')}`, `Authorization: ${basic('c:d')}`),
    'two fields',
  ),
  ...asked(
    'http_auth_user',
    ['http_auth_user'],
    `GET / HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic('a:b')}\r\n\r\n`,
    'a proxy',
  ),
  ...[
    ['tim:elgato', 'tim'],
    ['tim:wrong', 'a wrong password'],
    ['scott:a:b', 'scott'],
    ['xander:hello', 'xander'],
    ['nobody:x', 'nobody'],
  ].flatMap(([pair = '', note = '']): readonly LanguageCase[] => [
    {
      name: `http_auth of ${note}`,
      covers: ['fetch:http_auth'],
      sections: users,
      expression: 'http_auth(users-{id})',
      send: auth(basic(pair)),
    },
    {
      name: `{ http_auth } of ${note}`,
      covers: ['fetch:http_auth'],
      sections: users,
      condition: '{ http_auth(users-{id}) }',
      send: auth(basic(pair)),
    },
    {
      name: `http_auth_group of ${note}`,
      covers: ['fetch:http_auth_group'],
      sections: users,
      expression: 'http_auth_group(users-{id})',
      send: auth(basic(pair)),
    },
    {
      name: `{ http_auth_group admins } of ${note}`,
      covers: ['fetch:http_auth_group'],
      sections: users,
      condition: '{ http_auth_group(users-{id}) admins }',
      send: auth(basic(pair)),
    },
  ]),
  {
    name: 'http_auth without credentials',
    covers: ['fetch:http_auth'],
    sections: users,
    expression: 'http_auth(users-{id})',
  },
  {
    name: 'http_auth of an unknown list',
    covers: ['fetch:http_auth'],
    expression: 'http_auth(nobody)',
    sees: ['load'],
  },
  { name: 'http_auth of no list', covers: ['fetch:http_auth'], expression: 'http_auth', sees: ['load'] },

  ...posted('req.body', ['req.body', 'req.body,length'], form),
  ...posted('req.body_len', ['req.body_len'], form),
  ...posted('req.body_size', ['req.body_size'], form),
  ...posted(
    'req.body_param',
    ['a', 'b', 'c', 'd', 'e', '__proto__', 'none', 'A'].map((name) => `req.body_param(${name})`),
    form,
  ),
  ...posted('req.body_param', ['req.body_param', 'req.body_param("")'], form),
  ...posted('req.body_param', ['req.body_param(a)'], form, 'text/plain'),
  ...posted('req.body', ['req.body', 'req.body_len', 'req.body_param(a)'], ''),
  ...posted('req.body', ['req.body,hex'], 'a\0\xff\n'),
  ...posted('req.body_len', ['req.body_len', 'req.body_size'], 'x'.repeat(3000), 'text/plain', 'of 3000 bytes'),
  ...tested('req.body', [
    '{ req.body -m found }',
    '{ req.body_len 0 }',
    '{ req.body_size 0 }',
    '{ req.body -m len 0 }',
  ]),
  ...['req.body', 'req.body_len', 'req.body_size'].flatMap((expression): readonly LanguageCase[] => [
    {
      name: `${expression} in chunks`,
      covers: [`fetch:${expression}`],
      frontend: ['option http-buffer-request'],
      expression,
      send: 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
    },
    {
      name: `${expression} that has not come whole`,
      covers: [`fetch:${expression}`],
      expression,
      send: 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc',
    },
    {
      name: `${expression} after wait-for-body`,
      covers: [`fetch:${expression}`],
      frontend: ['http-request wait-for-body time 1s'],
      expression,
      send: 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc',
    },
  ]),
  ...['req.body', 'req.body_len', 'req.body_size'].map(
    (expression): LanguageCase => ({
      name: `${expression} of a request without one`,
      covers: [`fetch:${expression}`],
      expression,
    }),
  ),
  {
    name: 'a parameter of a body without regard to case',
    covers: ['fetch:req.body_param'],
    since: '2.9',
    frontend: ['option http-buffer-request'],
    expression: 'req.body_param(NaMe,i)',
    send: 'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 6\r\n\r\nname=1',
    expect: '1',
  },
  ...['res.body', 'res.body_len', 'res.body_size'].flatMap((expression) => [
    ...answered(expression, [expression], 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc', 'an answer of 3 bytes'),
    ...answered(expression, [expression], 'HTTP/1.1 204 No\r\n\r\n', 'an answer without a body'),
    {
      name: `${expression} after wait-for-body`,
      covers: [`fetch:${expression}`],
      frontend: ['http-response wait-for-body time 1s'],
      at: 'response' as const,
      expression,
      origin: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    },
  ]),
]
