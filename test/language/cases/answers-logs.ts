/** Cases of how answers of rules are logged: the status, and the letters that say who ended the transaction. */
import type { LanguageCase } from '../case.js'

const files = { page: 'HTTP/1.1 404 Page\r\nContent-Length: 2\r\n\r\nok', empty: '' }

const logged = (
  name: string,
  covers: readonly string[],
  lines: readonly string[],
  more: Partial<LanguageCase> = {},
): LanguageCase => ({
  name,
  covers,
  frontend: ['option httplog', ...lines],
  files,
  sees: ['answer', 'log'],
  patience: 300,
  // HAProxy counts the bytes of the form that answers have in its memory.
  mask: [[/(\/T \d{3}) \d+ - -/g, '$1 {bytes} - -']],
  ...more,
})

export const cases: readonly LanguageCase[] = [
  logged('deny', ['action:http-request deny'], ['http-request deny']),
  logged('deny with an answer', ['action:http-request deny'], ['http-request deny content-type a string b']),
  logged('deny in a backend', ['action:http-request deny'], [], { backend: ['http-request deny deny_status 429'] }),
  logged('deny of a response', ['action:http-response deny'], ['http-response deny']),
  logged('tarpit', ['action:http-request tarpit'], ['timeout tarpit 20ms', 'http-request tarpit']),
  logged('return', ['action:http-request return'], ['http-request return status 404 errorfile {dir}/page']),
  logged(
    'return of another status than the page',
    ['action:http-request return'],
    ['http-request return status 200 errorfile {dir}/page'],
  ),
  logged('return in a backend', ['action:http-request return'], [], { backend: ['http-request return'] }),
  logged('return of a response', ['action:http-response return'], ['http-response return status 201']),
  logged('redirect', ['action:http-request redirect'], ['http-request redirect location /']),
  logged('redirect of a response', ['action:http-response redirect'], ['http-response redirect location /']),
  logged('auth', ['action:http-request auth'], ['http-request auth']),
  logged('reject', ['action:http-request reject'], ['http-request reject']),
  logged('no answer at all', ['action:http-request return'], ['http-request return status 404 errorfile {dir}/empty']),
  logged('a denial without an answer', ['keyword:errorfile'], ['errorfile 403 {dir}/empty', 'http-request deny']),
  logged(
    'a status that a rule sets',
    ['action:http-after-response set-status'],
    ['http-request deny', 'http-after-response set-status 418'],
  ),
  logged('a rewrite that fails', ['action:http-request replace-path'], ['http-request replace-path .* %[req.hdr(x)]'], {
    send: 'GET / HTTP/1.1\r\nHost: x\r\nX: a\\\r\n\r\n',
  }),
  logged(
    'a response rewrite that fails',
    ['action:http-response replace-header'],
    ['http-response replace-header x .* %[res.hdr(x)]'],
    {
      origin: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: a\\\r\n\r\nok',
    },
  ),
  logged(
    'a target that is refused',
    ['action:http-request normalize-uri'],
    ['http-request normalize-uri percent-to-uppercase strict'],
    {
      send: 'GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n',
      global: ['expose-experimental-directives'],
    },
  ),
  logged('a page of the proxy', ['keyword:errorfile'], ['errorfile 503 {dir}/page'], {
    backend: ['server s1 {server} disabled'],
  }),
]
