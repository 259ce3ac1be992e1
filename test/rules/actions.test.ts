import t from 'tap'
import { outcomes } from '../../lib/base/errors.js'
import type { Context } from '../../lib/match/context.js'
import { dstPort, src } from '../../lib/match/fetches/connection.js'
import { header } from '../../lib/match/fetches/header.js'
import { path, status } from '../../lib/match/fetches/message.js'
import { format } from '../../lib/match/format.js'
import { accept, allow, reject } from '../../lib/rules/actions/accept.js'
import { deny } from '../../lib/rules/actions/deny.js'
import { redirect } from '../../lib/rules/actions/redirect.js'
import { respond } from '../../lib/rules/actions/respond.js'
import { addHeader, delHeader, setHeader } from '../../lib/rules/actions/set-header.js'
import { setStatus } from '../../lib/rules/actions/set-status.js'
import { setMethod, setPath, setPathq, setQuery, setUri } from '../../lib/rules/actions/set-target.js'
import { tarpit } from '../../lib/rules/actions/tarpit.js'
import { defaultReply, pageStatuses } from '../../lib/rules/default-replies.js'
import type { Rule } from '../../lib/rules/rule.js'
import type { Respond } from '../../lib/rules/verdict.js'
import { exchange } from '../match/context.js'

const run = (rule: Rule<never>, context: Context) => rule.action(context)
const answer = (rule: Rule<never>, context: Context): Respond => {
  const verdict = run(rule, context)
  if (verdict === undefined || verdict instanceof Promise || verdict.kind !== 'respond') throw new Error('no answer')
  return verdict
}
/** An answer as HAProxy would write it, without what the connection adds. */
const bytes = ({ response, body }: { response: Respond['response']; body: Respond['body'] }): string =>
  [`${response.status} ${response.reason}`, ...[...response.headers].map((field) => field.join(': ')), '', body].join(
    '\n',
  )

t.test('error pages are those of HAProxy 2.6, byte for byte', async (t) => {
  const lengths = { 200: 58, 400: 90, 401: 112, 403: 93, 404: 83, 405: 146, 407: 112, 408: 110, 410: 114, 413: 106 }
  const more = { 421: 104, 422: 116, 425: 80, 429: 117, 500: 97, 501: 136, 502: 107, 503: 107, 504: 92 }
  const all = { ...lengths, ...more }
  t.strictSame(
    pageStatuses.filter((status) => status !== 414 && status !== 431),
    Object.keys(all).map(Number),
    'with two that it does not have',
  )
  for (const [code, length] of Object.entries(all)) {
    const reply = defaultReply(Number(code))
    t.equal(reply.body.length, length, code)
    t.equal(reply.response.headers.get('content-length'), String(length), code)
  }
  t.equal(
    bytes(defaultReply(408)),
    '408 Request Time-out\ncontent-length: 110\ncache-control: no-cache\ncontent-type: text/html\n\n' +
      "<html><body><h1>408 Request Time-out</h1>\nYour browser didn't send a complete request in time.\n</body></html>\n",
  )
  t.equal(bytes(defaultReply(418)), "418 I'm a teapot\ncontent-length: 0\n\n")
})

t.test('deny', async (t) => {
  const request = answer(deny(), exchange('/'))
  t.equal(request.response.status, 403)
  t.equal(request.outcome.termination, 'PR')
  t.equal(request.close, false)
  t.equal(answer(deny(429), exchange('/')).response.status, 429)
  const response = answer(deny(), exchange('/', { status: 200 }))
  t.equal(response.response.status, 502)
  t.equal(response.outcome.termination, 'PH')
  t.throws(() => deny(99), /'status': must be a whole number from 200 to 599, but is 99/)
})

t.test('a proxy may have error pages of its own', async (t) => {
  const context = exchange('/')
  context.pages = { page: (code) => (code === 403 ? { ...defaultReply(403), body: 'ours' } : undefined) }
  t.equal(answer(deny(), context).body, 'ours')
  t.match(answer(deny(404), context).body, /404 Not Found/)
})

t.test('each answer has fields of its own, as later rules may change them', async (t) => {
  const rule = respond(200, { headers: { a: 'b' } })
  answer(rule, exchange('/')).response.headers.set('a', 'changed')
  t.equal(answer(rule, exchange('/')).response.headers.get('a'), 'b')
})

t.test('redirects are those of HAProxy 2.6, byte for byte', async (t) => {
  const go = (options: Parameters<typeof redirect<'request'>>[0], target: string): string =>
    bytes(answer(redirect(options), exchange(target, { headers: { host: 'ex.com:81' } })))
  const found = (location: string, more = ''): string =>
    `302 Found\ncontent-length: 0\nlocation: ${location}\ncache-control: no-cache\n${more}\n`
  t.equal(go({ scheme: 'https' }, '/rs?a=b'), found('https://ex.com:81/rs?a=b'))
  t.equal(
    go({ scheme: 'https', code: 301, dropQuery: true }, '/rsd?a=b'),
    '301 Moved Permanently\ncontent-length: 0\nlocation: https://ex.com:81/rsd\n\n',
  )
  t.equal(go({ location: '/x', code: 308 }, '/'), '308 Permanent Redirect\ncontent-length: 0\nlocation: /x\n\n')
  t.equal(go('/x', '/rl'), found('/x'))
  t.equal(go({ location: format`http://a/${src}` }, '/'), found('http://a/192.0.2.1'))
  t.equal(go({ prefix: 'http://h.com' }, '/rpx?q=1'), found('http://h.com/rpx?q=1'))
  t.equal(go({ prefix: 'http://h.com', dropQuery: true, appendSlash: true }, '/ras?x=1'), found('http://h.com/ras/'))
  t.equal(go({ prefix: 'http://h.com', dropQuery: true, appendSlash: true }, '/ras/'), found('http://h.com/ras/'))
  t.equal(go({ prefix: '/' }, '/rroot?a'), found('/rroot?a'))
  t.equal(go({ location: '/x', setCookie: 'SEEN=1' }, '/'), found('/x', 'set-cookie: SEEN=1; path=/;\n'))
  t.equal(go({ location: '/x', clearCookie: 'SEEN=' }, '/'), found('/x', 'set-cookie: SEEN=; path=/; Max-Age=0;\n'))
  t.equal(go({ location: header('none') }, '/'), found(''))
})

t.test('an empty location can be ignored', async (t) => {
  t.equal(run(redirect({ location: header('none'), ignoreEmpty: true }), exchange('/')), undefined)
})

t.test('redirect ends LR, LH in place of a response, and closes after a request with a body', async (t) => {
  t.equal(answer(redirect('/x'), exchange('/')).outcome.termination, 'LR')
  t.equal(answer(redirect('/x'), exchange('/', { status: 200 })).outcome.termination, 'LH')
  t.equal(answer(redirect('/x'), exchange('/')).close, false)
  t.equal(answer(redirect('/x'), exchange('/', { headers: { 'content-length': '5' } })).close, true)
})

t.test('redirect says what is wrong', async (t) => {
  t.throws(() => redirect({}), /exactly one of/)
  t.throws(() => redirect({ location: '/', scheme: 'https' }), /exactly one of/)
  t.throws(() => redirect({ location: '/', dropQuery: true }), /'dropQuery'/)
  t.throws(() => redirect({ scheme: 'https', ignoreEmpty: true }), /'ignoreEmpty'/)
  t.throws(() => redirect({ location: '/', code: 300 as 301 }), /must be 301, 302, 303, 307 or 308, but is 300/)
})

t.test('respond is HAProxy 2.6 return, byte for byte', async (t) => {
  const go = (...given: Parameters<typeof respond<'request'>>): string =>
    bytes(answer(respond(...given), exchange('/')))
  t.equal(go(200), '200 OK\ncontent-length: 0\n\n')
  t.equal(go(204), '204 No Content\n\n')
  t.equal(
    go(401, { body: 'hello', contentType: 'text/plain', headers: { 'x-a': 'b' } }),
    '401 Unauthorized\nx-a: b\ncontent-length: 5\ncontent-type: text/plain\n\nhello',
  )
  t.equal(go(404, { errorPage: true }), bytes(defaultReply(404)))
  t.equal(
    go(200, { body: format`you are ${src}` }),
    '200 OK\ncontent-length: 17\ncontent-type: text/plain; charset=utf-8\n\nyou are 192.0.2.1',
  )
  t.equal(
    go(200, { body: '{}', headers: { 'Content-Type': 'application/json' } }),
    '200 OK\nContent-Type: application/json\ncontent-length: 2\n\n{}',
  )
})

t.test('a text is sent as UTF-8, bytes as they are', async (t) => {
  const { response, body } = answer(respond(200, { body: 'ü' }), exchange('/'))
  t.strictSame(body, Buffer.from('ü'))
  t.equal(response.headers.get('content-length'), '2')
  const raw = answer(respond(200, { body: Uint8Array.of(1, 2, 3) }), exchange('/'))
  t.equal(raw.response.headers.get('content-type'), undefined)
  t.equal(raw.response.headers.get('content-length'), '3')
})

t.test('respond says what is wrong', async (t) => {
  t.throws(() => respond(204, { body: 'x' }), /has no body/)
  t.throws(() => respond(200, { headers: { 'content-length': '3' } }), /framing/)
  t.throws(() => respond(100), /from 200 to 599/)
  t.throws(() => respond(200, { headers: { 'a b': 'c' } }), /not a token/)
})

t.test('fields of the request, then of the response', async (t) => {
  const context = exchange('/', {
    headers: [
      ['X', '1'],
      ['y', '2'],
      ['x', '3'],
    ],
  })
  run(setHeader('x', src), context)
  run(addHeader('y', format`port ${dstPort}`), context)
  t.strictSame(context.request.headers.raw, ['y', '2', 'x', '192.0.2.1', 'y', 'port 8080'])
  run(delHeader('Y'), context)
  t.strictSame(context.request.headers.raw, ['x', '192.0.2.1'])
  const answered = exchange('/', { status: 200, headers: { x: '1' }, responseHeaders: { x: '1' } })
  run(setHeader('x', status), answered)
  t.equal(answered.response.headers.get('x'), '200')
  t.equal(answered.request.headers.get('x'), '1')
})

t.test('what cannot be sent is refused when the rule is made, or when it runs', async (t) => {
  t.throws(() => setHeader('a b', 'c'), /not a name/)
  t.throws(() => addHeader('a', 'b\r\nc: d'), /no field may have/)
  const context = exchange('/')
  context.variables = new Map([['txn.x', 'a\r\nb']])
  const { variable } = await import('../../lib/match/fetches/variable.js')
  run(setHeader('a', variable('txn.x')), context)
  t.equal(context.request.headers.get('a'), 'a%0D%0Ab', 'what no field may hold goes as %XX')
})

t.test('the first line of the request', async (t) => {
  const after = (rule: Rule<never>, target = '/a?b=c'): string => {
    const context = exchange(target)
    run(rule, context)
    return `${context.request.method} ${context.request.target}`
  }
  t.equal(after(setPath('/x')), 'GET /x?b=c')
  t.equal(after(setPath(format`/v1${path}`)), 'GET /v1/a?b=c')
  t.equal(after(setPathq('/x?y')), 'GET /x?y')
  t.equal(after(setQuery('y=1')), 'GET /a?y=1')
  t.equal(after(setQuery('')), 'GET /a?')
  t.equal(after(setUri('http://a/b')), 'GET http://a/b')
  t.equal(after(setMethod('PUT')), 'PUT /a?b=c')
  t.throws(() => setMethod('A B'), /not a method/)
  t.equal(after(setPath('/a b')), 'GET /a?b=c', 'what cannot be a target changes nothing')
  t.equal(answer(setPath('/a b'), exchange('/')).response.status, 500)
})

t.test('the status of the response', async (t) => {
  const context = exchange('/', { status: 200 })
  run(setStatus(503, 'Slow Down'), context)
  t.strictSame([context.response.status, context.response.reason], [503, 'Slow Down'])
  run(setStatus(404), context)
  t.equal(context.response.reason, 'Not Found')
})

t.test('ends without an answer', async (t) => {
  const context = exchange('/')
  t.strictSame(run(allow(), context), { kind: 'allow' })
  t.strictSame(run(accept(), context), { kind: 'allow' })
  t.strictSame(run(reject(), context), { kind: 'reject', outcome: outcomes.proxyRequestDenied })
  const held = run(tarpit(), context)
  t.match(held, { kind: 'tarpit', answer: { response: { status: 500 }, outcome: { termination: 'PT' } } })
})
