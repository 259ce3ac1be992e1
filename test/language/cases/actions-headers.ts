/** Cases of the actions that change header fields, in all three rule sets. */
import type { LanguageCase } from '../case.js'

const request = (fields: string): string => `GET /x HTTP/1.1\r\nHost: x\r\n${fields}\r\n`
const response = (fields: string): string => `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n${fields}\r\nok`

/** A rule on the request: what the server gets. */
const asked = (
  name: string,
  action: string,
  words: string,
  fields: string,
  more: Partial<LanguageCase> = {},
): LanguageCase => ({
  name,
  covers: [`action:http-request ${action}`],
  frontend: [`http-request ${action} ${words}`],
  send: request(fields),
  sees: ['answer', 'server'],
  ...more,
})

/** The same rule on a response, in both of its sets. */
const answered = (name: string, action: string, words: string, fields: string): readonly LanguageCase[] =>
  (['http-response', 'http-after-response'] as const).map((set) => ({
    name: `${set}: ${name}`,
    covers: [`action:${set} ${action}`],
    frontend: [`${set} ${action} ${words}`],
    origin: response(fields),
  }))

const loads = (name: string, line: string, expect?: string): LanguageCase => ({
  name,
  covers: [],
  frontend: [line],
  sees: ['load'],
  ...(expect === undefined ? {} : { expect }),
})

export const cases: readonly LanguageCase[] = [
  asked('a field is set', 'set-header', 'X-New v', ''),
  asked('all lines of a field give way to one, at the end', 'set-header', 'X-A v', 'X-A: 1\r\nX-B: 2\r\nx-a: 3\r\n'),
  asked('an empty value is set', 'set-header', 'X-A "%[req.hdr(none)]"', 'X-A: 1\r\n'),
  asked('a value of samples', 'set-header', 'X-A "%[src] at %[path]"', ''),
  asked('bytes beyond ASCII', 'set-header', 'X-A %[req.hdr(x-b)]', 'X-B: \xe9\xff\r\n'),
  asked('the host', 'set-header', 'Host other', ''),
  asked('a line is added', 'add-header', 'X-A v', 'X-A: 1\r\nX-B: 2\r\n'),
  asked('lines are removed', 'del-header', 'x-a', 'X-A: 1\r\nX-B: 2\r\nx-a: 3\r\nX-Ab: 4\r\n'),
  asked('by the beginning of names', 'del-header', 'X-A -m beg', 'X-A: 1\r\nX-B: 2\r\nx-ab: 3\r\nax-a: 4\r\n'),
  asked('by the end of names', 'del-header', '-A -m end', 'X-A: 1\r\nX-B: 2\r\nx-a: 3\r\nx-ab: 4\r\n'),
  asked('by a part of names', 'del-header', 'Bc -m sub', 'aBcd: 1\r\nxb: 2\r\nBC: 3\r\n'),
  asked('by the whole name', 'del-header', 'X-a -m str', 'X-A: 1\r\nX-Ab: 2\r\n'),
  asked('by an expression', 'del-header', '^x-.$ -m reg', 'X-A: 1\r\nX-B: 2\r\nX-Cd: 3\r\n'),
  asked('an expression sees lower case', 'del-header', '^X- -m reg', 'X-A: 1\r\nx-b: 2\r\n'),
  asked('the host is removed', 'del-header', 'host', 'X-A: 1\r\n'),
  asked('a value is replaced where it matches', 'replace-header', 'x-a b X', 'X-A: abc\r\nx-a: xx\r\n'),
  asked('the whole value is replaced', 'replace-header', "x-a '(.)b(.)' '<\\2\\1>'", 'X-A: aabcc\r\n'),
  asked('groups that are not there', 'replace-header', "x-a 'a(x)?b' '<\\0-\\1-\\9>'", 'X-A: ab\r\n'),
  asked(
    'the manual’s cookie',
    'replace-header',
    "Cookie 'foo=([^;]*);(.*)' 'foo=\\1;ip=%[src];\\2'",
    'Cookie: foo=bar; x=y;\r\n',
  ),
  asked('an empty value', 'replace-header', "x-a '^$' was-empty", 'X-A:\r\n'),
  asked('commas stay in a value', 'replace-header', "x-a ', ' ;", 'X-A: a, b, c\r\n'),
  asked('a replacement from the request', 'replace-header', "x-a .* '<%[req.hdr(x-b)]>'", 'X-A: q\r\nX-B: b\r\n'),
  asked('an escape that does not end', 'replace-header', "x-a .* 'x%[req.hdr(x-b)]'", 'X-A: q\r\nX-B: b\\\r\n'),
  asked('no such field', 'replace-header', "x-a .* 'x'", 'X-B: b\r\n'),
  asked('case counts in an expression', 'replace-header', "x-a abc 'x'", 'X-A: ABC\r\n'),
  asked(
    'values are replaced one by one',
    'replace-value',
    "x-a 'b(.*)' '[\\1]'",
    'X-A: bb ,  bc,\tx, bd\r\nx-a: xx\r\n',
  ),
  asked('commas in quotes', 'replace-value', "x-a 'b(.*)' '[\\1]'", 'X-A: "b,c" , be\r\n'),
  asked('empty values', 'replace-value', "x-a '^$' X", 'X-A: , b,\r\nX-A:\r\n'),
  asked(
    'the manual’s addresses',
    'replace-value',
    "X-Forwarded-For '^192\\.168\\.(.*)$' '172.16.\\1'",
    'X-Forwarded-For: 192.168.10.1, 192.168.13.24, 10.0.0.37\r\n',
  ),
  ...answered('a field is set', 'set-header', 'X-A v', 'X-A: 1\r\nX-B: 2\r\nx-a: 3\r\n'),
  ...answered('a line is added', 'add-header', 'X-A "%[status]"', 'X-A: 1\r\nX-B: 2\r\n'),
  ...answered('lines are removed', 'del-header', 'x-a', 'X-A: 1\r\nX-B: 2\r\nx-a: 3\r\n'),
  ...answered('by the beginning of names', 'del-header', 'x- -m beg', 'X-A: 1\r\nY-B: 2\r\n'),
  ...answered(
    'a value is replaced',
    'replace-header',
    "Set-Cookie '(C=[^;]*);(.*)' '\\1;ip=%[src];\\2'",
    'Set-Cookie: C=1; expires=Tue, 14-Jun-2016 01:40:45 GMT\r\n',
  ),
  ...answered(
    'one of several values',
    'replace-value',
    "Cache-Control '^public$' private",
    'Cache-Control: max-age=3600, public\r\n',
  ),
  {
    name: 'rules for all answers see those of the proxy',
    covers: [
      'action:http-after-response set-header',
      'action:http-after-response replace-header',
      'action:http-after-response del-header',
      'action:http-after-response add-header',
    ],
    frontend: [
      'http-request deny',
      'http-after-response set-header X-A "%[status]"',
      "http-after-response replace-header content-type 'text/(.*)' 'other/\\1'",
      'http-after-response del-header cache-control',
      'http-after-response add-header X-B b',
    ],
  },
  {
    name: 'a head that grows too large is a 500',
    covers: ['action:http-request set-header'],
    frontend: ['http-request set-header X-B "%[req.hdr(x-a)]"'],
    send: request(`X-A: ${'a'.repeat(9000)}\r\n`),
    sees: ['answer', 'server'],
  },
  {
    name: 'or, where rules need not succeed, stays as it was',
    covers: ['action:http-request strict-mode'],
    frontend: [
      'http-request strict-mode off',
      'http-request set-header X-B "%[req.hdr(x-a)]"',
      'http-request del-header x-a',
    ],
    send: request(`X-A: ${'a'.repeat(9000)}\r\n`),
    sees: ['answer', 'server'],
  },
  {
    name: 'they must again',
    covers: ['action:http-request strict-mode'],
    frontend: [
      'http-request strict-mode off',
      'http-request strict-mode ON',
      'http-request replace-header x-a .* "x%[req.hdr(x-b)]"',
    ],
    send: request('X-A: q\r\nX-B: b\\\r\n'),
  },
  {
    name: 'they need not',
    covers: ['action:http-request strict-mode'],
    frontend: ['http-request strict-mode off', 'http-request replace-header x-a .* "x%[req.hdr(x-b)]"'],
    send: request('X-A: q\r\nX-B: b\\\r\n'),
    sees: ['answer', 'server'],
  },
  {
    name: 'every rule set begins anew',
    covers: ['action:http-request strict-mode'],
    frontend: ['http-request strict-mode off'],
    backend: ['http-request replace-header x-a .* "x%[req.hdr(x-b)]"'],
    send: request('X-A: q\r\nX-B: b\\\r\n'),
  },
  {
    name: 'a response that cannot be changed is a 500',
    covers: ['action:http-response strict-mode'],
    frontend: ['http-response strict-mode on', 'http-response replace-header x-a .* "x%[res.hdr(x-b)]"'],
    origin: response('X-A: q\r\nX-B: b\\\r\n'),
  },
  {
    name: 'or goes on',
    covers: ['action:http-response strict-mode'],
    frontend: ['http-response strict-mode off', 'http-response replace-header x-a .* "x%[res.hdr(x-b)]"'],
    origin: response('X-A: q\r\nX-B: b\\\r\n'),
  },
  {
    name: 'an answer that cannot be changed is a 500',
    covers: ['action:http-after-response strict-mode'],
    frontend: ['http-after-response strict-mode on', 'http-after-response replace-header x-a .* "x%[res.hdr(x-b)]"'],
    origin: response('X-A: q\r\nX-B: b\\\r\n'),
  },
  {
    name: 'or goes on after all',
    covers: ['action:http-after-response strict-mode'],
    frontend: ['http-after-response strict-mode off', 'http-after-response replace-header x-a .* "x%[res.hdr(x-b)]"'],
    origin: response('X-A: q\r\nX-B: b\\\r\n'),
  },
  ...(['http-request', 'http-response', 'http-after-response'] as const).flatMap((set): readonly LanguageCase[] => {
    const [from, shows] = set === 'http-request' ? (['req', ['server']] as const) : (['res', ['answer']] as const)
    const fields = 'X-A: 1\r\nY-B: 2\r\nx-a: 3\r\n'
    const many = (name: string, lines: readonly string[], expected: string): LanguageCase => ({
      name: `${set}: ${name}`,
      covers: [`action:${set} ${/[a-z]+-headers-bin/.exec(lines.join())?.[0]}`],
      frontend: lines.map((line) => `${set} ${line}`),
      send: request(set === 'http-request' ? fields : ''),
      origin: response(set === 'http-request' ? '' : fields),
      sees: shows,
      since: '3.5',
      expect: `${set === 'http-request' ? '[server] GET /x HTTP/1.1\nhost: x' : 'HTTP/1.1 200 OK\ncontent-length: 2'}${expected}`,
    })
    const end = set === 'http-request' ? '' : '\n[body, length] ok'
    return [
      many(
        'fields are added',
        [`add-headers-bin ${from}.hdrs_bin prefix X-`],
        `\nx-a: 1\ny-b: 2\nx-a: 3\nx-a: 1\nx-a: 3${end}`,
      ),
      many(
        'fields are set',
        [
          `set-var(txn.all) ${from}.hdrs_bin`,
          'set-header x-a other',
          'del-header y-b',
          'set-headers-bin var(txn.all) prefix x-',
        ],
        `\nx-a: 1\nx-a: 3${end}`,
      ),
      many('fields are removed', ['del-headers-bin bin(03592d4200)'], `\nx-a: 1\nx-a: 3${end}`),
      many('fields are removed by beginnings', ['del-headers-bin bin(02582d02592d00) -m beg'], `${end}`),
    ]
  }),
  {
    name: 'bytes that are no fields',
    covers: ['action:http-request add-headers-bin', 'action:http-request set-headers-bin'],
    frontend: ['http-request add-headers-bin bin(0301)'],
    since: '3.5',
    expect:
      'HTTP/1.1 500 Internal Server Error\ncontent-length: 97\ncache-control: no-cache\ncontent-type: text/html\n' +
      '[body, length] <html><body><h1>500 Internal Server Error</h1>\\x0a\nAn internal server error occurred.\\x0a\n</body></html>\\x0a\n',
  },
  loads('too few words', 'http-request set-header X-A', 'expects exactly 2 arguments'),
  loads('an empty word', 'http-request add-header X-A ""', 'expects exactly 2 arguments'),
  loads('too many words', 'http-request set-header X-A b c', "'c'"),
  loads('a name is missing', 'http-response del-header', 'expects at least 1 argument'),
  loads('another way to match', 'http-request del-header a -m dom', "unsupported matching method 'dom'"),
  loads('no way to match', 'http-request del-header a -m', '-m flag expects exactly 1 argument'),
  loads('a bad expression of names', 'http-request del-header ( -m reg', "regex '('"),
  loads('a bad expression', 'http-request replace-header a ( b', "regex '('"),
  loads('a replacement is missing', 'http-request replace-value a b', 'expects exactly 3 arguments'),
  loads('one word too many', 'http-request replace-value a b c d', "'d'"),
  loads('a bad format', 'http-request replace-header a b %[nothing]', "unknown fetch method 'nothing'"),
  loads('a mode that is none', 'http-request strict-mode maybe', "Unexpected value 'maybe'"),
  loads('no mode', 'http-response strict-mode', 'expects exactly 1 argument'),
]
