import t from 'tap'
import { OptionError } from '../../lib/base/errors.js'
import type { Context } from '../../lib/match/context.js'
import { path, status } from '../../lib/match/fetches/message.js'
import { format } from '../../lib/match/format.js'
import { Backend } from '../../lib/proxy/backend.js'
import { Frontend } from '../../lib/proxy/frontend.js'
import { auth } from '../../lib/rules/actions/auth.js'
import { deny } from '../../lib/rules/actions/deny.js'
import { respond } from '../../lib/rules/actions/respond.js'
import { tarpit } from '../../lib/rules/actions/tarpit.js'
import type { Reply } from '../../lib/rules/default-replies.js'
import { readErrorFile } from '../../lib/rules/error-file.js'
import { ErrorPages } from '../../lib/rules/error-pages.js'
import { errorFile, errorLocation, errorReply } from '../../lib/rules/page.js'
import type { Rule } from '../../lib/rules/rule.js'
import type { Respond } from '../../lib/rules/verdict.js'
import { exchange } from '../match/context.js'

const shown = ({ response, body, close = false }: Reply | Respond): string =>
  [
    `${response.version} ${response.status} ${response.reason}`,
    ...[...response.headers].map((field) => field.join(': ')),
    `${close ? 'close ' : ''}${Buffer.from(body).toString('latin1')}`,
  ].join('|')
const answer = (rule: Rule<never>, context: Context): string => {
  const verdict = rule.action(context)
  if (verdict === undefined || verdict instanceof Promise) return 'nothing'
  if (verdict.kind === 'tarpit') return shown(verdict.answer)
  return verdict.kind === 'respond' ? shown(verdict) : verdict.kind
}
const PAGE = 'HTTP/1.1 404 Lost\r\nContent-Length: 2\r\nX-A: b\r\n\r\nhi'

t.test('whole answers in files', async (t) => {
  const read = (text: string): string => {
    const file = readErrorFile('file', text)
    return file === undefined ? 'silence' : shown(file)
  }
  t.equal(read(''), 'silence')
  t.equal(read(PAGE), '1.1 404 Lost|Content-Length: 2|X-A: b|hi')
  t.equal(read('HTTP/1.0 503 X\n\nbody'), '1.0 503 X|close body')
  t.equal(read('\r\nHTTP/2.0 503\r\nA: b\r\n\tc\r\n\r\n'), '1.1 503 |A: b  \tc|close ')
  t.equal(
    read('HTTP/1.1 503 X\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'),
    '1.1 503 X|Content-Length: 0|close ',
  )
  t.equal(read('HTTP/1.1 204 X\r\n\r\n'), '1.1 204 X|')
})

t.test('what no client could make sense of is refused', async (t) => {
  const fault = (text: string, size?: number): string => {
    try {
      readErrorFile('file', text, size)
      return 'none'
    } catch (error) {
      return error instanceof OptionError ? error.message : `${error}`
    }
  }
  t.match(fault('<html>'), /no empty line/)
  t.match(fault('<html>\n\n'), /'<html>' is no status line/)
  t.match(fault('HTTP/1.1 101 X\r\n\r\n'), /no status line/, 'an interim answer is none')
  t.match(fault('HTTP/1.1 503 X\r\nno field\r\n\r\n'), /'no field' is no header field/)
  t.match(fault('HTTP/1.1 503 X\r\nA: \x01\r\n\r\n'), /is no header field/)
  t.match(fault('HTTP/1.1 503 X\r\nContent-Length: 3\r\n\r\nab'), /\(2 != 3\)/)
  t.match(fault('HTTP/1.1 503 X\r\nContent-Length: 2, 3\r\n\r\nab'), /bad content-length '3'/)
  t.match(fault('HTTP/1.1 503 X\r\nContent-Length: -2\r\n\r\nab'), /bad content-length '-2'/)
  t.match(fault('HTTP/1.1 503 X\r\nTransfer-Encoding: x\r\n\r\nab'), /not supported/)
  t.match(fault('HTTP/1.1 304 X\r\n\r\nab'), /message payload not expected/)
  t.match(fault(PAGE, 100), /larger than the buffer/)
})

t.test('pages in place of the built-in ones: the backend’s go before the frontend’s', async (t) => {
  const context = exchange('/')
  const frontend = new Frontend('f', { errorPages: { 404: errorFile(PAGE), 403: errorLocation('/sorry') } })
  const backend = new Backend('b', { errorPages: new ErrorPages([[404, errorLocation('/b', 303)]]) })
  await frontend.route(context)
  t.equal(answer(deny(404), context), '1.1 404 Lost|Content-Length: 2|X-A: b|hi')
  t.equal(answer(deny(), context), '1.1 302 Found|cache-control: no-cache|content-length: 0|location: /sorry|')
  await backend.route(context)
  t.equal(answer(deny(404), context), '1.1 303 See Other|cache-control: no-cache|content-length: 0|location: /b|')
  t.equal(answer(deny(), context), '1.1 302 Found|cache-control: no-cache|content-length: 0|location: /sorry|')
  t.match(answer(deny(429), context), /^1.1 429 Too Many Requests\|content-length: 117/)
})

t.test('each answer has fields of its own', async (t) => {
  const page = errorFile(PAGE)
  const context = exchange('/')
  page.make(context).response.headers.set('x-a', 'changed')
  t.equal(page.make(context).response.headers.get('x-a'), 'b')
  const silent = errorFile('')
  silent.make(context).response.headers.set('x-a', 'changed')
  t.equal(silent.make(context).response.headers.get('x-a'), undefined)
  t.equal(silent.make(context).silent, true)
})

t.test('pages that ask the request', async (t) => {
  const page = errorReply(503, {
    headers: [['x-path', path]],
    body: format`wants ${path}`,
    contentType: 'text/x',
  })
  t.equal(
    shown(page.make(exchange('/lost'))),
    '1.1 503 Service Unavailable|x-path: /lost|content-length: 11|content-type: text/x|wants /lost',
  )
  t.throws(() => errorReply(503, { body: format`${status}` as never }), /only a response can answer/)
})

t.test('answers of rules', async (t) => {
  const context = exchange('/')
  const pages = new ErrorPages({ 404: errorFile(PAGE) })
  t.equal(answer(deny(404, { errorPage: pages }), context), '1.1 404 Lost|Content-Length: 2|X-A: b|hi')
  t.equal(answer(deny(410, { errorPage: pages }), context), '1.1 410 Gone|content-length: 0|')
  t.equal(
    answer(deny(undefined, { body: 'no' }), context),
    '1.1 403 Forbidden|content-length: 2|content-type: text/plain; charset=utf-8|no',
  )
  t.equal(
    answer(tarpit(500, { headers: { a: 'b' } }), context),
    '1.1 500 Internal Server Error|a: b|content-length: 0|',
  )
  t.equal(
    answer(respond(200, { errorPage: errorLocation('/x') }), context),
    '1.1 302 Found|cache-control: no-cache|content-length: 0|location: /x|',
  )
  t.equal(answer(respond(201, { headers: [['x', path]] }), context), '1.1 201 Created|x: /|content-length: 0|')
})

t.test('a challenge', async (t) => {
  const context = exchange('/')
  t.match(answer(auth('Our Site'), context), /\|www-authenticate: Basic realm="Our Site"\|<html>/)
  context.pages = new ErrorPages({ 401: errorReply(401, { headers: { 'WWW-Authenticate': 'x', a: 'b' } }) })
  t.equal(answer(auth('s'), context), '1.1 401 Unauthorized|a: b|content-length: 0|www-authenticate: Basic realm="s"|')
  context.backend = { name: 'shop' }
  t.match(answer(auth(), context), /Basic realm="shop"/)
  t.throws(() => auth('a\nb'), /has a character that no field may have/)
})

t.test('what cannot be used is refused by name', async (t) => {
  t.throws(() => new ErrorPages({ 418: errorFile(PAGE) }), /'errorPages.418': must be one of 200, 400/)
  t.throws(
    () => new Frontend('f', { errorPages: { 404: 'x' } as never }),
    /Frontend 'f': option 'errorPages.404': must be a page/,
  )
  t.throws(
    () => new Backend('b', { errorPages: 7 as never }),
    /Backend 'b': option 'errorPages': must be pages by status/,
  )
  t.throws(() => errorLocation('/a\nb'), { name: 'FieldError' })
  t.throws(() => errorLocation('/', 301 as never), /must be 302 or 303/)
  t.throws(() => respond(204, { body: 'x' }), /has no body/)
  t.throws(() => deny(404, { headers: { 'content-length': '3' } }), /framing/)
  t.throws(() => respond(200, { page: true } as never), /no such option: 'page'/)
})
