/** Cases of the actions that answer: `deny`, `tarpit`, `return`, `redirect`, `auth`, `reject`, `allow`; and what becomes of the request's body. */
import type { LanguageCase } from '../case.js'

type Set = 'http-request' | 'http-response'

const files = {
  page: 'HTTP/1.1 404 Page\r\nContent-Length: 5\r\nX-Page: yes\r\n\r\npage\n',
  close: 'HTTP/1.1 404 Page\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok',
  endless:
    'HTTP/1.0 403 Endless\r\nCache-Control: no-cache\r\nConnection: close\r\nContent-Type: text/html\r\n\r\n<html>\n',
  lines: 'HTTP/1.1 404 Lines\nX-A: 1\nx-a:   2  \nContent-Length: 4\n\nbody',
  empty: '',
  text: 'a text\n',
  format: '%[src] asks for %[path]\n',
  'bad-length': 'HTTP/1.1 503 X\r\nContent-Length: 9\r\n\r\nx',
}
const errors = 'http-errors pages-{id}\n  errorfile 404 {dir}/page\n  errorfile 403 {dir}/lines'

const rule = (
  name: string,
  set: Set,
  action: string,
  words: string,
  more: Partial<LanguageCase> = {},
): LanguageCase => ({
  name: `${set} ${action}: ${name}`,
  covers: [`action:${set} ${action}`],
  frontend: [`${set} ${action} ${words}`.trim()],
  ...(/\{dir\}/.test(words) ? { files } : {}),
  ...more,
})

/** What all three kinds of answers take. */
const answers = (set: Set, action: string, status: string): readonly LanguageCase[] => {
  const given = (name: string, words: string, more: Partial<LanguageCase> = {}): LanguageCase => {
    const covers = [`action:${set} ${action}`, ...(more.covers ?? [])]
    return rule(name, set, action, words, { files, sections: errors, ...more, covers })
  }
  return [
    given('nothing but the name', ''),
    given('another status', `${status} 404`),
    given('a status and fields', `${status} 404 hdr X-A "%[src]" hdr X-B b hdr x-a 2`),
    given('a text', 'content-type text/plain string "some text"'),
    given('a text and all else, in another order', `string x hdr X-A b content-type text/x ${status} 410`),
    given('a format', 'content-type text/plain lf-string "%[src] is not wanted"'),
    given(
      'a format that comes to nothing',
      'content-type text/plain lf-string "%[req.hdr(none)]"'.replace('req', set === 'http-request' ? 'req' : 'res'),
    ),
    given('a file', 'content-type text/plain file {dir}/text'),
    given('an empty file', 'file {dir}/empty'),
    given('a file of formats', `content-type text/plain lf-file {dir}/${set === 'http-request' ? 'format' : 'text'}`),
    given('a whole answer', 'errorfile {dir}/page'),
    given('a whole answer and a status', `${status} 410 errorfile {dir}/page`),
    given('a whole answer that ends the connection', 'errorfile {dir}/close'),
    given('a whole answer without a length', 'errorfile {dir}/endless'),
    given('a whole answer with bare line feeds', 'errorfile {dir}/lines'),
    given('no answer at all', 'errorfile {dir}/empty'),
    given('the page of several proxies', `${status} 404 errorfiles pages-{id}`, { covers: ['section:http-errors'] }),
    given('a page that they do not have', `${status} 410 errorfiles pages-{id}`),
    given('the page of the proxy', `${status} 404 default-errorfiles`, {
      frontend: [`${set} ${action} ${status} 404 default-errorfiles`, 'errorfile 404 {dir}/page'],
      covers: ['keyword:errorfile'],
    }),
    given('the built-in page', `${status} 404 default-errorfiles`),
    given('no body where there is none', `${status} 204 hdr X-A b`),
  ]
}

const redirected = (name: string, words: string, target = '/a/b?c=d', more: Partial<LanguageCase> = {}): LanguageCase =>
  rule(name, 'http-request', 'redirect', words, {
    send: `${target === '*' ? 'OPTIONS' : 'GET'} ${target} HTTP/1.1\r\nHost: x.com\r\nX-A: 1\r\n\r\n`,
    ...more,
  })

/** What comes of requests of all kinds when an answer needs none of their body. */
const early = (name: string, send: string | readonly string[]): readonly LanguageCase[] =>
  ['deny', 'return status 200', 'redirect location /x'].map((action) => ({
    name: `${action}: ${name}`,
    covers: [`action:http-request ${action.split(' ')[0]}`],
    frontend: [`http-request ${action}`],
    send,
    patience: 200,
  }))

const loads = (name: string, line: string, expect?: string, more: Partial<LanguageCase> = {}): LanguageCase => ({
  name,
  covers: [],
  frontend: [line],
  sees: ['load'],
  files,
  sections: errors,
  ...(expect === undefined ? {} : { expect }),
  ...more,
})

const users = [
  'userlist staff-{id}',
  '  group admins users tiger',
  '  group all',
  '  user tiger insecure-password elgato groups all',
  '  user scott password $5$ab$uBQPK5nh89waaCXDSRwBxzVzl.pS5fPkZnKN7HXbvj6 groups all',
  '  user bcrypt password $2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a',
].join('\n')

/** A proxy behind us: who asks for something at another host shows its credentials in the fields for proxies. */
const forProxy = (name: string, target: string, field: string, more: Partial<LanguageCase> = {}): LanguageCase => ({
  name: `option http-use-proxy-header: ${name}`,
  covers: ['keyword:option http-use-proxy-header'],
  sections: users,
  frontend: [
    'option http-use-proxy-header',
    'http-request auth realm x unless { http_auth(staff-{id}) }',
    'http-request return status 200 content-type text/plain lf-string "%[http_auth_user] %[http_auth_type]"',
  ],
  send: `GET ${target} HTTP/1.1\r\nHost: x\r\n${field}: Basic ${Buffer.from('tiger:elgato').toString('base64')}\r\n\r\n`,
  ...more,
})

const signed = (name: string, user: string, password: string, more: Partial<LanguageCase> = {}): LanguageCase => ({
  name: `auth: ${name}`,
  covers: ['section:userlist', 'action:http-request auth'],
  sections: users,
  frontend: ['http-request auth realm "Our Site" unless { http_auth(staff-{id}) }'],
  send: `GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${Buffer.from(`${user}:${password}`).toString('base64')}\r\n\r\n`,
  ...more,
})

export const cases: readonly LanguageCase[] = [
  forProxy('as for a proxy', 'http://x/y', 'Proxy-Authorization'),
  forProxy('as for a server', 'http://x/y', 'Authorization'),
  forProxy('a target of our own, as for a server', '/y', 'Authorization'),
  forProxy('a target of our own, as for a proxy', '/y', 'Proxy-Authorization'),
  forProxy('everything', '*', 'Authorization', {
    send: `OPTIONS * HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${Buffer.from('tiger:elgato').toString('base64')}\r\n\r\n`,
  }),
  forProxy('a page of our own', 'http://x/y', 'Authorization', {
    frontend: [
      'option http-use-proxy-header',
      'http-error status 407 content-type text/plain string who',
      'http-request auth',
    ],
  }),
  forProxy('a rule has changed the target', 'http://x/y', 'Proxy-Authorization', {
    frontend: [
      'option http-use-proxy-header',
      'http-request set-uri /z',
      'http-request auth realm x unless { http_auth(staff-{id}) }',
    ],
  }),
  forProxy('the backend asks', 'http://x/y', 'Authorization', {
    frontend: ['option http-use-proxy-header', 'http-request set-method PUT'],
    backend: ['http-request auth'],
  }),
  forProxy('not in defaults that it takes back', 'http://x/y', 'Authorization', {
    frontend: [
      'option http-use-proxy-header',
      'no option http-use-proxy-header',
      'http-request auth realm x unless { http_auth(staff-{id}) }',
    ],
  }),
  forProxy('a token', 'http://x/y', 'Proxy-Authorization', {
    frontend: [
      'option http-use-proxy-header',
      'http-request return status 200 content-type text/plain lf-string "%[http_auth_bearer]|%[http_auth_bearer(x-token)]"',
    ],
    send: 'GET http://x/y HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer one\r\nProxy-Authorization: Bearer two\r\nX-Token: Bearer three\r\n\r\n',
  }),
  ...answers('http-request', 'deny', 'status'),
  ...answers('http-response', 'deny', 'status'),
  ...answers('http-request', 'return', 'status'),
  ...answers('http-response', 'return', 'status'),
  rule('the old name of a status', 'http-request', 'deny', 'deny_status 429'),
  rule('the old name of a status', 'http-response', 'deny', 'deny_status 429'),
  rule('the page of the backend goes before the frontend’s', 'http-response', 'deny', 'deny_status 404', {
    backend: ['errorfile 404 {dir}/lines'],
    frontend: ['errorfile 404 {dir}/page', 'http-response deny deny_status 404'],
    files,
  }),
  rule('in a backend, with the frontend’s page', 'http-request', 'deny', '', {
    frontend: ['errorfile 403 {dir}/page'],
    backend: ['http-request deny'],
    files,
  }),
  rule('before a backend is chosen, its pages do not count', 'http-request', 'deny', '', {
    frontend: ['http-request deny'],
    backend: ['errorfile 403 {dir}/page'],
    files,
  }),
  rule('after a while', 'http-request', 'tarpit', '', { frontend: ['timeout tarpit 20ms', 'http-request tarpit'] }),
  rule('with another page', 'http-request', 'tarpit', '', {
    frontend: ['timeout tarpit 20ms', 'http-request tarpit deny_status 404', 'errorfile 404 {dir}/page'],
    files,
  }),
  rule('with an answer of its own', 'http-request', 'tarpit', '', {
    frontend: [
      'timeout tarpit 20ms',
      'http-request tarpit status 410 content-type text/plain lf-string "%[src]" hdr a b',
    ],
  }),
  rule('without a word', 'http-request', 'reject', '', { patience: 200 }),
  rule('lets the rest be', 'http-request', 'allow', '', { frontend: ['http-request allow', 'http-request deny'] }),
  rule('but not the backend', 'http-request', 'allow', '', {
    frontend: ['http-request allow'],
    backend: ['http-request deny'],
  }),
  rule('lets the rest be', 'http-response', 'allow', '', { frontend: ['http-response allow', 'http-response deny'] }),
  {
    name: 'http-after-response allow: lets the rest be',
    covers: ['action:http-after-response allow'],
    frontend: ['http-after-response allow', 'http-after-response set-header a b'],
  },
  {
    name: 'answers pass the rules for all answers, and none of http-response',
    covers: ['action:http-request return'],
    frontend: [
      'http-request return status 404 errorfile {dir}/page',
      'http-response set-header x-no no',
      'http-after-response set-header x-yes yes',
    ],
    files,
  },
  {
    name: 'an answer that has lost its length goes in chunks',
    covers: ['action:http-request deny'],
    frontend: ['http-request deny', 'http-after-response del-header content-length'],
  },
  redirected('a location', 'location http://h/%[path]'),
  ...[301, 302, 303, 307, 308].map((code) => redirected(`code ${code}`, `location /x code ${code}`)),
  redirected('a prefix', 'prefix http://h'),
  redirected('a prefix that is none', 'prefix /'),
  redirected('a prefix and no path', 'prefix /p', '*'),
  redirected('a prefix without the query', 'prefix http://h drop-query'),
  redirected('a prefix with a slash behind', 'prefix http://h drop-query append-slash'),
  redirected('a slash that is there', 'prefix http://h drop-query append-slash', '/a/?b'),
  redirected('a slash and the query', 'prefix http://h append-slash'),
  redirected('a scheme', 'scheme https'),
  redirected('a scheme and no path', 'scheme https', '*'),
  redirected('a scheme and an absolute target', 'scheme https', 'http://x.com/q?r'),
  redirected('a scheme without the query', 'scheme https drop-query append-slash code 301'),
  redirected('a scheme and no host', 'scheme https', '/', { send: 'GET /x HTTP/1.0\r\n\r\n' }),
  redirected('an empty location', 'location "%[req.hdr(none)]"'),
  redirected('an empty location that is passed over', '', '/', {
    frontend: ['http-request redirect location "%[req.hdr(none)]" ignore-empty'],
  }),
  redirected('a cookie', 'location /x set-cookie SEEN=%1'),
  redirected('no cookie', 'location /x clear-cookie USERID='),
  redirected('the last cookie', 'location /x set-cookie a clear-cookie b='),
  redirected('the first cookie no more', 'location /x clear-cookie b= set-cookie a'),
  redirected('the last kind', 'location /x prefix /p'),
  redirected('bytes that no field may have', 'location "%[path,url_dec]"', '/a%0d%0ax:y'),
  rule('a location', 'http-response', 'redirect', 'location /%[status] code 303'),
  rule('a location that is empty', 'http-response', 'redirect', 'location "%[res.hdr(none)]" ignore-empty'),
  {
    name: 'redirect: texts are taken as they stand, behind all rules',
    covers: ['keyword:redirect'],
    frontend: ['redirect location /%[path] if { path /x }', 'http-request set-path /x'],
  },
  {
    name: 'redirect: in a backend',
    covers: ['keyword:redirect'],
    backend: ['redirect prefix http://b code 301'],
  },
  redirected('keeps the query', 'location /x keep-query', '/a?b=c', {
    since: '3.5',
    expect: 'HTTP/1.1 302 Found\ncontent-length: 0\nlocation: /x?b=c\ncache-control: no-cache\n[body, length] ',
  }),
  redirected('joins the query', 'location /x?y keep-query', '/a?b=c', {
    since: '3.5',
    expect: 'HTTP/1.1 302 Found\ncontent-length: 0\nlocation: /x?y&b=c\ncache-control: no-cache\n[body, length] ',
  }),
  redirected('keeps no query', 'location /x keep-query', '/a', {
    since: '3.5',
    expect: 'HTTP/1.1 302 Found\ncontent-length: 0\nlocation: /x\ncache-control: no-cache\n[body, length] ',
  }),
  redirected('a cookie of samples', 'location /x set-cookie-fmt SRC=%[src]', '/a', {
    since: '3.5',
    expect:
      'HTTP/1.1 302 Found\ncontent-length: 0\nlocation: /x\ncache-control: no-cache\nset-cookie: SRC=127.0.0.1; path=/;\n[body, length] ',
  }),
  ...early('a body', [
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc',
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
  ]),
  ...early('a body that has not come', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc'),
  ...early(
    'a body that waits to be asked for',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n',
  ),
  ...early('a body in chunks, and another request', [
    'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
  ]),
  ...early('a client of HTTP/1.0', 'GET / HTTP/1.0\r\nHost: x\r\n\r\n'),
  ...early('a client of HTTP/1.0 that would stay', 'GET / HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n'),
  ...early('HEAD', 'HEAD / HTTP/1.1\r\nHost: x\r\n\r\n'),
  ...early('a client that goes', 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
  { name: 'auth: the name of the frontend', covers: ['action:http-request auth'], frontend: ['http-request auth'] },
  { name: 'auth: the name of the backend', covers: ['action:http-request auth'], backend: ['http-request auth'] },
  {
    name: 'auth: the realm as it is',
    covers: ['action:http-request auth'],
    frontend: [`http-request auth realm 'a "b" %[src]'`],
  },
  {
    name: 'auth: in a page of the proxy',
    covers: ['action:http-request auth', 'keyword:http-error'],
    frontend: [
      'http-error status 401 content-type text/plain string hi hdr WWW-Authenticate x hdr X-A b',
      'http-request auth realm x',
    ],
  },
  signed('a password in clear', 'tiger', 'elgato'),
  signed('a wrong one', 'tiger', 'Elgato'),
  signed('none', 'tiger', ''),
  signed('a hash', 'scott', 'secret'),
  signed('a wrong one for a hash', 'scott', 'Secret'),
  signed('another kind of hash', 'bcrypt', 'secret'),
  signed('nobody', 'nobody', 'elgato'),
  signed('the groups of a user, from both sides', 'tiger', 'elgato', {
    frontend: ['http-request return status 200 hdr X-In yes if { http_auth_group(staff-{id}) admins all }'],
  }),
  signed('a group that a user is not in', 'scott', 'secret', {
    frontend: ['http-request deny unless { http_auth_group(staff-{id}) admins }'],
  }),
  loads('a status that is too low', 'http-request return status 199', "Unexpected status code '199'"),
  loads('a status that is too high', 'http-request deny status 600', "Unexpected status code '600'"),
  loads('a status without a page', 'http-request deny deny_status 418', "status code '418' not handled by default"),
  loads('a status that is missing', 'http-request tarpit deny_status', "'status' expects <status_code>"),
  loads(
    'a status without a page in a section',
    'http-request return status 418 errorfiles pages-{id}',
    "status code '418'",
  ),
  loads('a text without a type', 'http-request return string x', 'a content type must be defined'),
  loads('a format without a type', 'http-request return lf-string x', 'a content type must be defined'),
  loads('a file without a type', 'http-request return file {dir}/text', 'a content type must be defined'),
  loads('an empty text', 'http-request return content-type a string ""', "'string' expects <str>"),
  loads(
    'two bodies',
    'http-request return content-type a string b lf-string c',
    "unexpected 'lf-string' argument, 'string' already defined",
  ),
  loads(
    'a body where there is none',
    'http-request return status 204 content-type a string b',
    'No body expected for 204',
  ),
  loads('a file that is not there', 'http-request return content-type a file {dir}/none', 'error opening file'),
  loads('an answer that is not there', 'http-request return errorfile {dir}/none', 'error opening file'),
  loads(
    'an answer with a wrong length',
    'http-request deny errorfile {dir}/bad-length',
    'does not match the announced content-length (1 != 9)',
  ),
  loads('a section that is not there', 'http-request deny errorfiles none-{id}', "unknown http-errors section 'none-"),
  loads(
    'a page that is not in the section',
    'http-request deny status 410 errorfiles pages-{id}',
    "status '410' referenced by an http reply not declared",
  ),
  loads('a field without a value', 'http-request return hdr a', "'hdr' expects <name> and <value>"),
  loads('a field that is not heard', 'http-request return hdr content-length 3', "'content-length' always ignored"),
  loads(
    'fields that a page does not take',
    'http-request return status 404 default-errorfiles hdr a b',
    'hdr parameters ignored',
  ),
  loads(
    'a type that a page does not take',
    'http-request return errorfile {dir}/page content-type a',
    "content-type 'a' ignored",
  ),
  loads('a type without a body', 'http-request return content-type a', "content-type 'a' ignored"),
  loads('a bad format', 'http-request return content-type a lf-string %[nothing]', "unknown fetch method 'nothing'"),
  loads(
    'what a request cannot tell',
    'http-request return hdr a %[status]',
    "cannot be asked in a 'http-request return rule'",
  ),
  loads('a word behind', 'http-request return status 200 foo', "'foo'"),
  loads('no tarpit for responses', 'http-response tarpit', "'tarpit' is not an action of 'http-response'"),
  loads(
    'no answers behind answers',
    'http-after-response return',
    "'return' is not an action of 'http-after-response'",
  ),
  loads('no redirection', 'http-request redirect', 'redirection type expected'),
  loads('a redirection to nowhere', 'http-request redirect location', "missing argument for 'location'"),
  loads('a code that is none', 'http-request redirect location / code 300', "unsupported HTTP code '300'"),
  loads('an unknown option', 'http-request redirect location / foo', "(was 'foo')"),
  loads('a prefix in a response', 'http-response redirect prefix /', "response only supports redirect type 'location'"),
  loads('no realm', 'http-request auth realm', 'missing realm value'),
  loads('a word behind a realm', 'http-request auth realm x y', "'y'"),
  loads('no challenge in responses', 'http-response auth', "'auth' is not an action of 'http-response'"),
]
