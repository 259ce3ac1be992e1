/** Which answers of servers count as errors of clients and as failures of servers, where the process says so itself. */
import type { LanguageCase } from '../case.js'

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: www.example.com\r\n\r\n`
const statuses = [200, 404, 418, 500, 501, 503]
const answers = statuses.map((status) => `HTTP/1.1 ${status} X\r\nContent-Length: 2\r\n\r\nok`)
const passedOn = statuses.map((status) => `HTTP/1.1 ${status} X\ncontent-length: 2\n[body, length] ok\n`).join('')
const counted = (errors: number, failures: number): string =>
  `${passedOn}HTTP/1.1 200 OK\ncontent-length: 5\ncontent-type: text/plain\n[body, length] <${errors} ${failures}>`

/** Six answers of the server, and then what was counted of them. */
const counting = (name: string, global: readonly string[], errors: number, failures: number): LanguageCase => ({
  name,
  covers: [],
  global,
  frontend: [
    'http-request track-sc0 src table codes-{id} unless { path /ask }',
    'http-request return status 200 content-type text/plain lf-string "<%[src_http_err_cnt(codes-{id})] %[src_http_fail_cnt(codes-{id})]>" if { path /ask }',
  ],
  sections: 'backend codes-{id}\n  stick-table type ip size 100 expire 1h store http_err_cnt,http_fail_cnt',
  send: [...answers.map(() => get('/')), get('/ask')],
  origin: answers,
  ...(global.length === 0 ? {} : { since: '3.3', expect: counted(errors, failures) }),
})

const refused = (line: string, expect: string): LanguageCase => ({
  name: line,
  covers: [],
  global: [line],
  expression: 'src',
  since: '3.3',
  sees: ['load'],
  expect,
})

export const cases: readonly LanguageCase[] = [
  counting('what counts usually', [], 2, 2),
  counting('what counts, said anew', ['http-err-codes 404,500-503', 'http-fail-codes 418'], 4, 1),
  counting('what counts, less and more', ['http-err-codes -404', 'http-fail-codes +200,501 -500'], 1, 3),
  counting(
    'what counts, on several lines',
    ['http-err-codes 100', 'http-err-codes +404 +418', 'http-fail-codes -500-599'],
    2,
    0,
  ),
  refused('http-err-codes 40x', "'http-err-codes': '40x' is neither a status from 100 to 599 nor a range of them"),
  refused('http-fail-codes 500-600', "'http-fail-codes': '500-600' is neither"),
  refused('http-fail-codes', "'http-fail-codes': it names no status"),
]
