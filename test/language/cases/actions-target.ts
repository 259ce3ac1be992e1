/** Cases of the actions that change the first line of the request or of the response. */
import type { LanguageCase } from '../case.js'

const rule = (
  name: string,
  action: string,
  words: string,
  target = '/x?y',
  more: Partial<LanguageCase> = {},
): LanguageCase => ({
  name: `${action}: ${name}`,
  covers: [`action:http-request ${action}`],
  frontend: [`http-request ${action} ${words}`],
  send: `${target === '*' ? 'OPTIONS' : 'GET'} ${target} HTTP/1.1\r\nHost: x.com\r\n\r\n`,
  sees: ['answer', 'server'],
  ...more,
})

const normalized = (name: string, target: string): LanguageCase =>
  rule(target, 'normalize-uri', name, target, { name: `${name} ${target}`, global: ['expose-experimental-directives'] })

/** HAProxy 2.6 lets no fragment in: the rule before makes one. */
const fragment = (name: string, target: string): LanguageCase => ({
  ...normalized(name, '/'),
  name: `${name} ${target}`,
  frontend: [`http-request set-uri '${target}'`, `http-request normalize-uri ${name}`],
})

const loads = (name: string, line: string, expect?: string, more: Partial<LanguageCase> = {}): LanguageCase => ({
  name,
  covers: [],
  frontend: [line],
  sees: ['load'],
  ...(expect === undefined ? {} : { expect }),
  ...more,
})

const status = (name: string, words: string, more: Partial<LanguageCase> = {}): readonly LanguageCase[] =>
  (['http-response', 'http-after-response'] as const).map((set) => ({
    name: `${set} set-status: ${name}`,
    covers: [`action:${set} set-status`],
    frontend: [`${set} set-status ${words}`],
    ...more,
  }))

export const cases: readonly LanguageCase[] = [
  rule('keeps the query', 'set-path', '/new'),
  rule('no path to begin with', 'set-path', '/new%[path]', '*'),
  rule('keeps scheme and host', 'set-path', '/new', 'http://x.com/a?b'),
  rule('from samples', 'set-path', '/%[hdr(host)]%[path]'),
  rule('with a question mark', 'set-path', '/a?b'),
  rule('takes the query along', 'set-pathq', '/new'),
  rule('sets a query', 'set-pathq', '/new?q=%[query]'),
  rule('keeps scheme and host', 'set-pathq', '/new?q', 'http://x.com/a?b'),
  rule('replaces a query', 'set-query', 'a=b'),
  rule('adds a query', 'set-query', 'a=b', '/x'),
  rule('empties a query', 'set-query', '%[req.hdr(none)]'),
  rule('adds no empty one', 'set-query', '%[req.hdr(none)]', '/x'),
  rule('a mark of its own', 'set-query', '?a', '/x'),
  rule('only the first mark counts', 'set-query', '%[query,regsub(%3D,=,g)]', '/x?a%3Db?c'),
  rule('the whole target', 'set-uri', '/a/b?c'),
  rule('a target with a host', 'set-uri', 'http://q.com/x'),
  rule('another one', 'set-method', 'POST'),
  rule('one that nobody knows', 'set-method', 'x%[method]x'),
  rule('all of it where it matches', 'replace-path', '/a /b', '/xx/a/y?q=/a'),
  rule('a prefix', 'replace-path', "'(.*)' '/foo\\1'", '/bar?q=1'),
  rule('a prefix is stripped', 'replace-path', "'/foo/(.*)' '/\\1'", '/foo/bar?q=1'),
  rule('no match', 'replace-path', '/foo /bar', '/x?/foo'),
  rule('no path', 'replace-path', "'(.*)' '/foo\\1'", '*'),
  rule('a host before it', 'replace-path', "'(.*)' '/foo\\1'", 'http://x.com/xx/a?q=/a'),
  rule('a suffix', 'replace-pathq', "'([^?]*)(\\?(.*))?' '\\1/foo\\2'", '/bar?q=1'),
  rule('without a query', 'replace-pathq', "'([^?]*)(\\?(.*))?' '\\1/foo\\2'", '/bar'),
  rule('a prefix', 'replace-uri', "'([^/:]*://[^/]*)?(.*)' '\\1/foo\\2'", '/x?y'),
  rule('a prefix behind the host', 'replace-uri', "'([^/:]*://[^/]*)?(.*)' '\\1/foo\\2'", 'http://x.com/x?y'),
  rule('another scheme', 'replace-uri', "'^http://(.*)' 'https://\\1'", 'http://x.com/x?y'),
  rule('an escape that does not end', 'replace-path', "'.*' '/%[req.hdr(x)]'", '/', {
    send: 'GET / HTTP/1.1\r\nHost: x\r\nX: a\\\r\n\r\n',
  }),
  ...['/', '//', '/foo//bar', '///a//b//?x//y', '*', 'http://x.com//a//b'].map((target) =>
    normalized('path-merge-slashes', target),
  ),
  ...['/.', '/./bar/', '/a/./a', '/.well-known/', '/./.', '/../.', '/.?x/./y', '/a./b', '/..', '*'].map((target) =>
    normalized('path-strip-dot', target),
  ),
  ...[
    ...[
      '/foo/../',
      '/foo/../bar/',
      '/foo/bar/../',
      '/../bar/',
      '/bar/../../',
      '/foo//../',
      '/foo/%2E%2E/',
      '/..',
      '//..',
    ],
    ...['/foo/..', '/a/b/../../..', '/../../a', '/../a/..', '/a/../../b', '/...', '/..a', '/a..', '/a/../?b/../c', '*'],
  ].flatMap((target) => [normalized('path-strip-dotdot', target), normalized('path-strip-dotdot full', target)]),
  ...[
    ...['/%61dmin', '/foo%3Fbar=baz', '/%%36%36', '/%ZZ', '/%', '/%6', '/a%2', '/%7e%2d%5F%2E', '/?%61=%62', '/?%zz'],
    ...['/%c3%a9', '/%00', '*'],
  ].flatMap((target) => [
    normalized('percent-decode-unreserved', target),
    normalized('percent-decode-unreserved strict', target),
  ]),
  ...['/%6f', '/%zz', '/%aB?%cd', '/%a', '/a%g', '/%ag%ab', '/?%zz', '/x'].flatMap((target) => [
    normalized('percent-to-uppercase', target),
    normalized('percent-to-uppercase strict', target),
  ]),
  ...[
    ...['/?c=3&a=1&b=2', '/?aaa=3&a=1&aa=2', '/?a=3&b=4&a=1&b=5&a=2', '/?', '/x', '/?&b&&a', '/?b=1&a', '/?=x&b&=a'],
    ...['/?a=1&A=2&%41=3', '/?a=2;b=1&a', '/?a-=1&a=2&a%3d=3&ab'],
  ].map((target) => normalized('query-sort-by-name', target)),
  fragment('fragment-strip', '/a#foo'),
  fragment('fragment-strip', '/a?b#c#d'),
  fragment('fragment-strip', '/a'),
  fragment('fragment-encode', '/#foo'),
  fragment('fragment-encode', '/a?b#c#d'),
  ...status('one with a phrase', '404'),
  ...status('one without', '299'),
  ...status('one beyond the usual', '999'),
  ...status('one that has no body', '204'),
  ...status('one that may not have a body', '304'),
  ...status('one that has no body to an answer of the proxy', '204', {
    frontend: ['http-request deny', 'http-after-response set-status 204'],
  }).slice(1),
  ...status('and another request', '204', {
    send: ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
  }),
  ...status('a 204 that says its length', '204', { origin: 'HTTP/1.1 204 None\r\nContent-Length: 0\r\nX: y\r\n\r\n' }),
  ...status('a body in chunks', '204', {
    origin: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
  }),
  ...status('a phrase of its own', '503 reason "Slow %Down"'),
  ...status('of an answer of the proxy', '700', {
    frontend: ['http-request deny', 'http-after-response set-status 700'],
  }).slice(1),
  loads('a path is missing', 'http-request set-path', 'expects exactly 1 argument <format>'),
  loads('a path too many', 'http-request set-path a b', 'expects exactly 1 argument <format>'),
  loads('an empty query', 'http-request set-query ""', 'expects exactly 1 argument <format>'),
  loads('not of a request', 'http-request set-uri %[status]', "cannot be asked in a 'http-request set-uri rule'"),
  loads('a bad expression', 'http-request replace-uri ( b', "regex '('"),
  loads('a replacement is missing', 'http-request replace-path a', 'expects exactly 2 arguments'),
  loads('a replacement too many', 'http-request replace-pathq a b c', 'expects exactly 2 arguments'),
  loads('only of requests', 'http-response set-path /', "'set-path' is not an action of 'http-response'"),
  loads('only of responses', 'http-request set-status 404', "'set-status' is not an action of 'http-request'"),
  loads('a status is missing', 'http-response set-status', 'expects 1 argument: <status>'),
  loads('a status that is none', 'http-response set-status 99', 'between 100 and 999'),
  loads('a phrase is missing', 'http-response set-status 404 reason', "'reason'"),
  loads('a word behind a status', 'http-response set-status 404 foo', "'foo'"),
  loads('experimental', 'http-request normalize-uri path-strip-dot', 'expose-experimental-directives'),
  loads('no normalizer', 'http-request normalize-uri', 'missing argument <normalizer>', {
    global: ['expose-experimental-directives'],
  }),
  loads('no such normalizer', 'http-request normalize-uri path-strip', "unknown normalizer 'path-strip'", {
    global: ['expose-experimental-directives'],
  }),
  loads('no such option', 'http-request normalize-uri path-strip-dotdot all', "unknown argument 'all'", {
    global: ['expose-experimental-directives'],
  }),
]
