/** Cases of `option checkcache`: which responses with cookies are kept from clients, since a cache on their way might keep them for others. */
import type { LanguageCase } from '../case.js'

const COVERS = ['keyword:option checkcache']

/** What the client gets in place of such a response is another matter: see the cases that differ. */
const LOGGED = ['log-format "%tsc"', 'log {log} local0']

const DIFFERS =
  'the manual says 502; HAProxy answers with the page of whatever status the server had said, so that clients get "200 OK" in place of what was refused'

const response = (fields: readonly string[], status = '200 OK'): string =>
  `HTTP/1.1 ${status}\r\nContent-Length: 2\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\nok`

const checked = (name: string, fields: readonly string[], more: Partial<LanguageCase> = {}): LanguageCase => ({
  name,
  covers: COVERS,
  frontend: LOGGED,
  backend: ['option checkcache', 'server s1 {server}'],
  send: 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  origin: response(fields),
  sees: ['log'],
  ...more,
})

const COOKIE = 'Set-Cookie: id=1'
const with1 = (word: string): LanguageCase =>
  checked(`Cache-Control: ${word}`, [COOKIE, 'ETag: x', `Cache-Control: ${word}`])

const method = (name: string, fields: readonly string[] = []): LanguageCase =>
  checked(`asked by ${name}${fields.length === 0 ? '' : `, ${fields[0]}`}`, [COOKIE, 'ETag: x', ...fields], {
    send: `${name} / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
  })

const status = (line: string, fields: readonly string[] = []): LanguageCase =>
  checked(`status ${line}${fields.length === 0 ? '' : `, ${fields[0]}`}`, [COOKIE, 'ETag: x', ...fields], {
    origin: response([COOKIE, 'ETag: x', ...fields], line),
  })

const ruled = (name: string, fields: readonly string[], more: Partial<LanguageCase>): LanguageCase =>
  checked(name, fields, more)

export const cases: readonly LanguageCase[] = [
  checked('a cookie that nothing dates', [COOKIE]),
  checked('a cookie with an ETag', [COOKIE, 'ETag: x']),
  checked('a cookie with Last-Modified', [COOKIE, 'Last-Modified: Sat, 01 Jan 2022 00:00:00 GMT']),
  checked('a cookie with Expires', [COOKIE, 'Expires: Sat, 01 Jan 2022 00:00:00 GMT']),
  checked('Set-Cookie2', ['Set-Cookie2: id=1', 'ETag: x']),
  checked('an empty cookie', ['Set-Cookie:', 'ETag: x']),
  checked('a cookie without a name', ['Set-Cookie: =', 'ETag: x']),
  checked('no cookie', ['ETag: x']),
  checked('Pragma', [COOKIE, 'ETag: x', 'Pragma: no-cache']),
  checked('an odd Pragma', [COOKIE, 'ETag: x', 'Pragma: other']),
  ...[
    'private',
    'PRIVATE',
    'no-store',
    'no-cache',
    'max-age=0',
    's-maxage=0',
    'max-age=5',
    'public',
    'public, no-cache="set-cookie"',
    'no-cache="set-cookie", public',
    'no-cache="Set-Cookie"',
    'no-cache="set-cookie2"',
    'no-cache=set-cookie',
    'no-cache="set-cookie" , max-age=5',
    'max-age=5, private',
    'no-cache="set-cookie"',
    'no-cache="set-cookie, other"',
    'no-cache="other, set-cookie"',
    'no-cache="other"',
    'private="set-cookie"',
    'max-age=00',
  ].map(with1),
  checked('Cache-Control dates it', [COOKIE, 'Cache-Control: max-age=5']),
  checked('Cache-Control only says public', [COOKIE, 'Cache-Control: public']),
  checked('no-cache="set-cookie" only', [COOKIE, 'Cache-Control: no-cache="set-cookie"']),
  ...['POST', 'PUT', 'OPTIONS', 'DELETE'].map((name) => method(name)),
  method('POST', ['Cache-Control: public']),
  ...['302 Found', '404 Not Found', '500 Error', '301 Moved', '206 Partial'].map((line) => status(line)),
  status('302 Found', ['Cache-Control: public']),
  ruled('a rule forbids to keep it', [COOKIE, 'ETag: x'], {
    backend: ['option checkcache', 'http-response set-header Cache-Control private', 'server s1 {server}'],
  }),
  ruled('a rule of the frontend takes the cookie out', [COOKIE, 'ETag: x'], {
    frontend: [...LOGGED, 'http-response del-header set-cookie'],
  }),
  ruled('a rule sets a cookie', ['ETag: x'], {
    backend: ['option checkcache', 'http-response set-header Set-Cookie id=2', 'server s1 {server}'],
  }),
  ruled('a rule for all answers sets a cookie', ['ETag: x'], {
    backend: ['option checkcache', 'http-after-response set-header Set-Cookie id=2', 'server s1 {server}'],
  }),
  ruled('the cookie of persistence', ['ETag: x'], {
    backend: ['option checkcache', 'cookie SRV insert', 'server s1 {server} cookie a'],
  }),
  ruled('the cookie of persistence with nocache', ['ETag: x'], {
    backend: ['option checkcache', 'cookie SRV insert nocache', 'server s1 {server} cookie a'],
  }),
  ruled('a cookie, and that of persistence', [COOKIE, 'ETag: x'], {
    backend: ['option checkcache', 'cookie SRV insert', 'server s1 {server} cookie a'],
  }),
  ruled('a cookie, and that of persistence with nocache', [COOKIE, 'ETag: x'], {
    backend: ['option checkcache', 'cookie SRV insert nocache', 'server s1 {server} cookie a'],
  }),
  ruled('the cookie of persistence is taken out', ['Set-Cookie: SRV=a', 'ETag: x'], {
    backend: ['option checkcache', 'cookie SRV insert indirect', 'server s1 {server} cookie a'],
    send: 'GET / HTTP/1.1\r\nHost: x\r\nCookie: SRV=a\r\nConnection: close\r\n\r\n',
  }),
  ruled('persistence by prefix', ['Set-Cookie: SRV=a', 'ETag: x'], {
    backend: ['option checkcache', 'cookie SRV prefix nocache', 'server s1 {server} cookie a'],
  }),
  ruled('what the client gets', [COOKIE, 'ETag: x'], {
    frontend: ['log-format "%ST %tsc %Tr"', 'log {log} local0'],
    sees: ['answer', 'log'],
    differs: DIFFERS,
    expect: `HTTP/1.1 502 Bad Gateway
content-length: 107
cache-control: no-cache
content-type: text/html
connection: close
[body, length] <html><body><h1>502 Bad Gateway</h1>\\x0a
The server returned an invalid or incomplete response.\\x0a
</body></html>\\x0a

[log] <134>{date} haproxy[{pid}]: 502 PH-- -1`,
  }),
  ruled('a page of its own, and rules for all answers', [COOKIE, 'ETag: x'], {
    backend: [
      'option checkcache',
      'http-error status 502 content-type text/plain string no',
      'http-after-response set-header x-after %[status]',
      'server s1 {server}',
    ],
    sees: ['answer', 'log'],
    differs: DIFFERS,
    expect: `HTTP/1.1 502 Bad Gateway or Proxy Error
content-length: 2
content-type: text/plain
x-after: 502
connection: close
[body, length] no
[log] <134>{date} haproxy[{pid}]: PH--`,
  }),
  ruled('from defaults', [COOKIE, 'ETag: x'], { defaults: ['option checkcache'], backend: ['server s1 {server}'] }),
  ruled('from defaults, and not here', [COOKIE, 'ETag: x'], {
    defaults: ['option checkcache'],
    backend: ['no option checkcache', 'server s1 {server}'],
  }),
  ruled('an answer of ours', [], {
    backend: [
      'option checkcache',
      'http-request return status 200 hdr Set-Cookie a=b hdr ETag x',
      'server s1 {server}',
    ],
  }),
  checked('a frontend', ['ETag: x'], { frontend: ['option checkcache'], sees: ['load'] }),
]
