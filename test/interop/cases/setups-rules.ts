/** Configurations of HTTP mode that decide: routing by ACLs, denials, redirects, answers of their own. */

import type { Setup } from '../support/differential.js'
import type { Exchange } from '../support/exchange.js'
import { always, get, product } from './product.js'
import { simple } from './setups-http.js'

const four = { s1: always('one'), s2: always('two'), s3: always('three'), s4: always('four') }

/** One request on a connection of its own, then a second one that closes. */
function ask(name: string, request: string, origins: Exchange['origins'], from?: string): Exchange {
  const method = request.slice(0, request.indexOf(' '))
  return {
    name,
    client: [
      { send: request },
      { response: method },
      { send: 'GET /after HTTP/1.1\r\nHost: example.test\r\nConnection: close\r\n\r\n' },
      'response',
      'close',
    ],
    origins,
    ...(from === undefined ? {} : { from }),
  }
}

const request = (method: string, target: string, fields = '', host = 'example.test') =>
  `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\n${fields}\r\n`

const routing: Setup = {
  name: 'routing by path, host, method and header',
  sections: `frontend fe{n}
  bind 127.0.0.1:{port}
  acl is_api path_beg /api/
  acl is_static path_end -i .css .js
  acl is_shop hdr(host) -i shop.example.test
  acl is_post method POST PUT
  acl is_mobile hdr_sub(User-Agent) -i mobile android
  acl has_id url_param(id) -m found
  acl is_local src 127.0.0.9
  acl many hdr_cnt(X-A) gt 1
  acl re path_reg ^/v[0-9]+/
  use_backend b{n} if is_api !is_post
  use_backend c{n} if is_static or is_shop
  use_backend d{n} if is_mobile || has_id
  use_backend d{n} if is_local is_post
  use_backend c{n} if many
  use_backend b{n} if re
  use_backend d{n} if { path -m dir deep } { query -m sub x=1 }
  default_backend a{n}
backend a{n}
  server s1 127.0.0.1:{s1}
backend b{n}
  server s2 127.0.0.1:{s2}
backend c{n}
  server s3 127.0.0.1:{s3}
backend d{n}
  server s4 127.0.0.1:{s4}
`,
  exchanges: [
    ask('an API path', request('GET', '/api/users'), four),
    ask('an API path without its slash', request('GET', '/api'), four),
    ask('an API path in capitals', request('GET', '/API/users'), four),
    ask('an API path posted to', request('POST', '/api/users', 'Content-Length: 0\r\n'), four),
    ask('a static file', request('GET', '/a/b.CSS?v=1'), four),
    ask('a static name in the query only', request('GET', '/a?x=b.css'), four),
    ask('the host of the shop', request('GET', '/', '', 'Shop.Example.test'), four),
    ask('the host of the shop with a port', request('GET', '/', '', 'shop.example.test:80'), four),
    ask('the host in an absolute target', request('GET', 'http://shop.example.test/x', '', 'shop.example.test'), four),
    ask('a mobile browser', request('GET', '/', 'User-Agent: Some ANDROID phone\r\n'), four),
    ask('a parameter', request('GET', '/?a=1&id=7'), four),
    ask('an empty parameter', request('GET', '/?id='), four),
    ask('a parameter without value', request('GET', '/?id'), four),
    ask('POST from one address', request('POST', '/x', 'Content-Length: 2\r\n').concat('hi'), four, '127.0.0.9'),
    ask('POST from another address', request('POST', '/x', 'Content-Length: 2\r\n').concat('hi'), four),
    ask('a field twice', request('GET', '/', 'X-A: 1\r\nX-A: 2\r\n'), four),
    ask('a field with a comma', request('GET', '/', 'X-A: 1, 2\r\n'), four),
    ask('a field once', request('GET', '/', 'X-A: 1\r\n'), four),
    ask('a regular expression', request('GET', '/v12/x'), four),
    ask('a regular expression that fails', request('GET', '/v/x'), four),
    ask('a folder and a query', request('GET', '/a/deep/b?x=1'), four),
    ask('a folder with a longer name', request('GET', '/a/deeper/b?x=1'), four),
    ask('encoded slashes', request('GET', '/%61pi/users'), four),
    ask('dots in the path', request('GET', '/x/../api/users'), four),
    ask('two slashes', request('GET', '//api/users'), four),
    ask('OPTIONS *', request('OPTIONS', '*'), four),
  ],
}

const one = { s1: always('one') }

const denials: Setup = {
  name: 'denials, redirects and answers',
  sections: simple(
    `  http-request deny if { path /deny }
  http-request deny deny_status 429 if { path /deny429 }
  http-request deny deny_status 404 if { path /deny404 } METH_GET
  http-request redirect location /new code 301 if { path /old }
  http-request redirect location https://other.test%[path] if { path_beg /away }
  http-request redirect prefix https://example.test code 308 if { path_beg /prefix }
  http-request redirect prefix / drop-query if { path_beg /drop }
  http-request redirect scheme https code 307 if { path_beg /scheme }
  redirect location /cookie set-cookie seen=1 if { path /cookie-in }
  redirect location /clear clear-cookie seen if { path /cookie-out }
  http-request return status 200 content-type text/plain string "hello there" if { path /return }
  http-request return status 204 if { path /return204 }
  http-request return status 503 content-type text/plain lf-string "no %[path]" hdr X-Why "because" if { path_beg /lf }
  http-request allow if { path /allowed }
  http-request deny if { path_beg /allowed }`,
    `  http-request deny if { path /late }
  http-response deny if { res.hdr(X-Bad) -m found }
  http-response set-header X-Seen yes`,
  ),
  exchanges: [
    ...['deny', 'deny429', 'deny404', 'old', 'away/x', 'prefix/p?q=1', 'drop/p?q=1', 'scheme/x?y=z', 'cookie-in'].map(
      (path) => ask(`GET /${path}`, request('GET', `/${path}`), one),
    ),
    ...['cookie-out', 'return', 'return204', 'lf/x', 'allowed', 'allowed/not', 'late'].map((path) =>
      ask(`GET /${path}`, request('GET', `/${path}`), one),
    ),
    ask('HEAD /deny', request('HEAD', '/deny'), one),
    ask('HEAD /return', request('HEAD', '/return'), one),
    ask('HEAD /old', request('HEAD', '/old'), one),
    ask('POST /deny with a body', request('POST', '/deny', 'Content-Length: 5\r\n').concat('hello'), one),
    ask('POST /return with a body', request('POST', '/return', 'Content-Length: 5\r\n').concat('hello'), one),
    ask(
      'POST /old with a chunked body',
      request('POST', '/old', 'Transfer-Encoding: chunked\r\n').concat('0\r\n\r\n'),
      one,
    ),
    ask('POST /deny404', request('POST', '/deny404', 'Content-Length: 0\r\n'), one),
    ask('DELETE /deny closing', request('DELETE', '/deny', 'Connection: close\r\n'), one),
    ask('GET /return closing', request('GET', '/return', 'Connection: close\r\n'), one),
    ask('GET /return in HTTP/1.0', 'GET /return HTTP/1.0\r\n\r\n', one),
    ask('GET /old in HTTP/1.0 kept alive', 'GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n', one),
    ask('GET /scheme in HTTP/1.0 without a host', 'GET /scheme HTTP/1.0\r\n\r\n', one),
    ask('a response that is denied', get('/x'), {
      s1: [
        [
          {
            reply: [
              'HTTP/1.1 200 OK\r\nX-Bad: 1\r\nContent-Length: 3\r\n\r\nbad',
              'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood',
            ],
          },
          'loop',
        ],
      ],
    }),
    ...product(10, 12),
  ],
}

export const ruleSetups: readonly Setup[] = [routing, denials]
