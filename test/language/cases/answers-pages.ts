/** Cases of a proxy's own error pages, of the sections `http-errors` and `userlist`, and of the files in which answers stand. */
import type { LanguageCase } from '../case.js'

const page = (status: number, name: string): string =>
  `HTTP/1.1 ${status} ${name}\r\nContent-Length: ${name.length}\r\nX-Page: ${name}\r\n\r\n${name}`

const files = {
  one: page(503, 'one'),
  two: page(503, 'two'),
  lost: page(404, 'lost'),
  bad: page(400, 'bad'),
  empty: '',
}
const section = 'http-errors pages-{id}\n  errorfile 503 {dir}/one\n  errorfile 404 {dir}/lost'

/** The page of status 503, by a rule of the backend. */
const shown = (
  name: string,
  keyword: string,
  lines: readonly string[],
  more: Partial<LanguageCase> = {},
): LanguageCase => ({
  name,
  covers: [`keyword:${keyword}`],
  frontend: lines,
  backend: ['http-request deny deny_status 503'],
  files,
  sections: section,
  ...more,
})

const loads = (name: string, line: string, expect?: string, more: Partial<LanguageCase> = {}): LanguageCase => ({
  name,
  covers: [],
  frontend: [line],
  sees: ['load'],
  files,
  sections: section,
  ...(expect === undefined ? {} : { expect }),
  ...more,
})

/** A file that an `errorfile` line names. */
const file = (name: string, text: string, expect?: string): LanguageCase =>
  loads(`a file: ${name}`, 'errorfile 503 {dir}/file', expect, { files: { ...files, file: text } })

const list = (name: string, lines: readonly string[], expect?: string): LanguageCase =>
  loads(`userlist: ${name}`, '', expect, {
    frontend: ['acl in http_auth(staff-{id})'],
    sections: ['userlist staff-{id}', ...lines.map((line) => `  ${line}`)].join('\n'),
  })

const MALFORMED = 'GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n'

export const cases: readonly LanguageCase[] = [
  shown('a file', 'errorfile', ['errorfile 503 {dir}/one']),
  shown('the last of two', 'errorfile', ['errorfile 503 {dir}/one', 'errorfile 503 {dir}/two']),
  shown('none', 'errorfile', ['errorfile 503 {dir}/empty']),
  shown('of the backend', 'errorfile', ['errorfile 503 {dir}/one'], {
    backend: ['errorfile 503 {dir}/two', 'http-request deny deny_status 503'],
  }),
  shown('of the defaults', 'errorfile', [], { defaults: ['errorfile 503 {dir}/one'] }),
  shown('the frontend’s and not the defaults’', 'errorfile', ['errorfile 503 {dir}/two'], {
    defaults: ['errorfile 503 {dir}/one'],
    backend: ['http-request deny deny_status 404'],
  }),
  shown('a section', 'errorfiles', ['errorfiles pages-{id}'], {
    covers: ['keyword:errorfiles', 'section:http-errors'],
  }),
  shown('some of a section', 'errorfiles', ['errorfiles pages-{id} 404']),
  shown('those of a section that are wanted', 'errorfiles', ['errorfiles pages-{id} 404 503']),
  shown('a file behind a section', 'errorfiles', ['errorfiles pages-{id}', 'errorfile 503 {dir}/two']),
  shown('a section behind a file', 'errorfiles', ['errorfile 503 {dir}/two', 'errorfiles pages-{id}']),
  shown('elsewhere', 'errorloc', ['errorloc 503 http://h/%[src]?a']),
  shown('elsewhere, as 302', 'errorloc302', ['errorloc302 503 /x']),
  shown('elsewhere, as 303', 'errorloc303', ['errorloc303 503 /x'], {
    send: 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc',
  }),
  shown('made of words', 'http-error', [
    'http-error status 503 content-type text/plain lf-string "%[src] asked for %[path]" hdr X-A "%[hdr(host)]" hdr X-B b',
  ]),
  shown('a text', 'http-error', ['http-error status 503 content-type text/plain string "a text"']),
  shown('a file of text', 'http-error', ['http-error status 503 content-type text/plain file {dir}/one']),
  shown('a file of formats', 'http-error', ['http-error content-type text/plain lf-file {dir}/lost status 503']),
  shown('fields only', 'http-error', ['http-error status 503 hdr X-A a']),
  shown('an answer', 'http-error', ['http-error status 503 errorfile {dir}/lost']),
  shown('out of a section', 'http-error', ['http-error status 503 errorfiles pages-{id}']),
  shown('that of the defaults no more', 'http-error', ['http-error status 503 default-errorfiles'], {
    defaults: ['errorfile 503 {dir}/one'],
    backend: ['http-error status 503 default-errorfiles', 'http-request deny deny_status 503'],
  }),
  shown('the frontend’s in place of the backend’s', 'http-error', ['errorfile 503 {dir}/two'], {
    defaults: ['errorfile 503 {dir}/one'],
    backend: ['http-error status 503 default-errorfiles', 'http-request deny deny_status 503'],
  }),
  shown('what the proxy itself answers: no server', 'errorfile', ['errorfile 503 {dir}/one'], {
    backend: ['server s1 {server} disabled'],
  }),
  shown('what the proxy itself answers: the backend’s', 'errorfile', ['errorfile 503 {dir}/one'], {
    backend: ['errorfile 503 {dir}/two', 'server s1 {server} disabled'],
  }),
  shown('what the proxy itself answers: a bad response', 'errorfile', ['errorfile 502 {dir}/one'], {
    backend: [],
    origin: 'nonsense\r\n\r\n',
  }),
  shown('what the proxy itself answers: elsewhere', 'errorloc', ['errorloc 503 /sorry'], {
    backend: ['server s1 {server} disabled'],
  }),
  shown('not to those who have not asked', 'errorfile', ['errorfile 400 {dir}/bad'], {
    send: MALFORMED,
    patience: 300,
  }),
  shown('silence for those who have not asked', 'errorfile', ['errorfile 400 {dir}/empty'], {
    send: MALFORMED,
    patience: 300,
  }),
  ...[414, 431].map((status) =>
    shown(`of status ${status}`, 'errorfile', [`errorfile ${status} {dir}/one`], {
      backend: [`http-request deny deny_status ${status}`],
      since: '3.5',
      expect: 'HTTP/1.1 503 one\ncontent-length: 3\nx-page: one\n[body, length] one',
    }),
  ),
  shown('rules see pages', 'errorfile', [
    'errorfile 503 {dir}/one',
    'http-after-response set-header x-status "%[status]"',
    'http-after-response del-header x-page',
  ]),
  loads('no arguments', 'errorfile', 'expects <status_code> and <file>'),
  loads('no file', 'errorfile 503', 'expects <status_code> and <file>'),
  loads('a status that has no page', 'errorfile 418 {dir}/one', "status code '418' not handled"),
  loads('a file that is not there', 'errorfile 503 {dir}/none', 'error opening file'),
  loads('a word too many', 'errorfile 503 {dir}/one extra', "'extra' is passed over"),
  loads('another status in the file', 'errorfile 500 {dir}/one'),
  loads('no URL', 'errorloc 503', 'expects <status_code> and <url>'),
  loads('no page to replace', 'errorloc302 418 /x', "status code '418' not handled"),
  loads('no section', 'errorfiles', 'expects <name>'),
  loads('an unknown section', 'errorfiles none-{id}', "unknown http-errors section 'none-"),
  loads('a page that the section lacks', 'errorfiles pages-{id} 500', "status '500' not declared"),
  loads('a status that no section has', 'errorfiles pages-{id} 418', "status code '418' not handled"),
  loads('no status', 'http-error content-type a string b', 'expects at least a <status>'),
  loads('a status without a page', 'http-error status 418', "status code '418' not handled"),
  loads('an unknown word', 'http-error status 503 foo', "unknown keyword 'foo'"),
  loads('no condition', 'http-error status 503 if TRUE', "unknown keyword 'if'"),
  loads('no type', 'http-error status 503 string b', 'a content type must be defined'),
  loads('a bad format', 'http-error status 503 content-type a lf-string %[nothing]', "unknown fetch method 'nothing'"),
  {
    ...loads(
      'what only a response can tell',
      'http-error status 503 content-type a lf-string %[status]',
      "cannot be asked in a 'http-error'",
    ),
    differs: 'a page may have to answer before there is a response',
  },
  loads('a page that the section has not', 'http-error status 410 errorfiles pages-{id}', "status '410' not declared"),
  loads('a section twice', 'errorfiles pages-{id}', 'already exists', { sections: `${section}\n${section}` }),
  loads('a section with other lines', '', "unknown keyword 'errorloc'", {
    frontend: [],
    sections: `${section}\n  errorloc 503 /x`,
  }),
  loads('a section with a status that has no page', '', "status code '418' not handled", {
    frontend: [],
    sections: `${section}\n  errorfile 418 {dir}/one`,
  }),
  loads('a section without a name', '', 'expects', { frontend: [], sections: 'http-errors' }),
  file('nothing', ''),
  file('no length', 'HTTP/1.0 503 X\r\n\r\nbody'),
  file('bare line feeds', 'HTTP/1.0 503 X\n\nbody'),
  file('an empty line before', '\r\nHTTP/1.1 503 X\r\n\r\nbody'),
  file('no phrase', 'HTTP/1.1 503\r\n\r\n'),
  file('a later version', 'HTTP/2.0 503 X\r\n\r\nx'),
  file('a folded field', 'HTTP/1.1 503 X\r\nFoo: a\r\n b\r\n\r\n'),
  file('a length that fits', 'HTTP/1.1 503 X\r\nContent-Length: 4\r\n\r\nbody'),
  file('the same length twice', 'HTTP/1.1 503 X\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nbody'),
  file('too long a body', 'HTTP/1.1 503 X\r\nContent-Length: 3\r\n\r\nbody', '(4 != 3)'),
  file('too short a body', 'HTTP/1.1 503 X\r\nContent-Length: 5\r\n\r\nbody', '(4 != 5)'),
  file(
    'two lengths',
    'HTTP/1.1 503 X\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nbody',
    'unable to parse headers',
  ),
  file('a length that is none', 'HTTP/1.1 503 X\r\nContent-Length: x\r\n\r\nbody', 'unable to parse headers'),
  file(
    'chunks',
    'HTTP/1.1 503 X\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'chunk-encoded payload not supported',
  ),
  file('a body where there is none', 'HTTP/1.1 204 X\r\n\r\nx', 'message payload not expected'),
  file('no body where there is none', 'HTTP/1.1 204 X\r\n\r\n'),
  file('the length of what is not sent', 'HTTP/1.1 304 X\r\nContent-Length: 3\r\n\r\n'),
  file('no field', 'HTTP/1.1 503 X\r\nFoo\r\n\r\n', 'unable to parse headers'),
  file('a bad field', 'HTTP/1.1 503 X\r\nF o: x\r\n\r\nbody', 'unable to parse headers'),
  file('no end of the head', 'HTTP/1.1 503 X\r\nFoo: a\r\n', 'unable to parse headers'),
  file('no HTTP', '<html>', 'unable to parse headers'),
  file('HTTP in small letters', 'http/1.0 503 X\r\n\r\nx', 'unable to parse headers'),
  file('as much as there is room for', `HTTP/1.1 503 X\r\n\r\n${'a'.repeat(16_279)}`),
  file('a byte more', `HTTP/1.1 503 X\r\n\r\n${'a'.repeat(16_280)}`, 'larger than the buffer'),
  file('room for fields', `HTTP/1.1 503 X\r\nA: b\r\n\r\n${'a'.repeat(16_269)}`),
  file('no room for fields', `HTTP/1.1 503 X\r\nA: b\r\n\r\n${'a'.repeat(16_270)}`, 'larger than the buffer'),
  list('empty', []),
  list('a user and a group', ['group g users a', 'user a insecure-password x']),
  list('no name of a user', ['user'], "'user' expects <name>"),
  list('an unknown option of a user', ['user a foo'], "'user' only supports"),
  list(
    'a blank between groups',
    ['user a insecure-password x groups g, h', 'group g', 'group h'],
    "'user' only supports",
  ),
  list('a group that is not there', ['user a insecure-password x groups g'], "no such group 'g'"),
  list('a user that is not there', ['group g users a'], "no such user 'a'"),
  list('an unknown option of a group', ['group g foo'], "'group' only supports 'users'"),
  list('no name of a group', ['group'], "'group' expects <name>"),
  list('an unknown line', ['foo'], "unknown keyword 'foo' in 'userlist' section"),
  list('a user twice', ['user a insecure-password x', 'user a insecure-password y'], "ignoring duplicated user 'a'"),
  list('a group twice', ['group g', 'group g'], "ignoring duplicated group 'g'"),
  list('what is no hash', ['user a password x'], 'nobody gets in'),
  list('no password', ['user a'], 'nobody gets in'),
  list('a hash', ['user a password $5$ab$uBQPK5nh89waaCXDSRwBxzVzl.pS5fPkZnKN7HXbvj6']),
  {
    ...list(
      'a hash that nothing here can check',
      ['user a password $1$ab$dslkcXxVH.x8LwW1W/oAB/'],
      'MD5 hashes cannot be checked here',
    ),
    differs: 'no well-kept package checks hashes as weak as these; who needs them hears of it at load',
  },
]
