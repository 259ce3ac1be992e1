import t from 'tap'
import { defaultLimits } from '../../lib/codec/step.js'
import { FirstBytes } from '../../lib/engine/first-bytes.js'
import type { Context } from '../../lib/match/context.js'
import { type FetchDefinition, makeFetch } from '../../lib/match/fetch.js'
import { connectionFetches, dst, dstPort, frontendName, src, srcPort } from '../../lib/match/fetches/connection.js'
import { constantFetches } from '../../lib/match/fetches/constant.js'
import { contentFetches, isHttp, payload, waitEnd } from '../../lib/match/fetches/content.js'
import { cookieFetches } from '../../lib/match/fetches/cookie.js'
import { headerFetches } from '../../lib/match/fetches/header-words.js'
import { host, messageFetches } from '../../lib/match/fetches/message.js'
import { urlParamFetches } from '../../lib/match/fetches/url-param.js'
import { predefinedAcls } from '../../lib/match/predefined.js'
import { notYet } from '../../lib/match/sample.js'
import { valueText } from '../../lib/match/value.js'
import { Request } from '../../lib/message/request.js'
import { connected, exchange } from './context.js'

const lists = [
  messageFetches,
  connectionFetches,
  headerFetches,
  cookieFetches,
  urlParamFetches,
  contentFetches,
  constantFetches,
] as const
const byName = new Map<string, FetchDefinition>()
for (const definition of lists.flat())
  for (const name of [definition.name, ...definition.aliases]) byName.set(name, definition)

/** The value of an expression as a haproxy.cfg writes it, as text; undefined when absent. */
function ask(expression: string, context: Context) {
  const [, name, words] = /^([^(]+)(?:\((.*)\))?$/.exec(expression)!
  const value = makeFetch(byName.get(name!)!, words === undefined ? [] : words.split(',')).ask(context)
  return value === undefined || value === notYet ? value : valueText(value)
}

t.test('fetches give what HAProxy 2.6 gives', async (t) => {
  const context = exchange('/p;p=7;q=8?a=1&b=&c&a=2;d=4&n=%41+x?e=5', {
    src: '127.0.0.1',
    headers: [
      ['Host', 'Ex.com:81'],
      ['X', '1, 2 ,,"a,b" , 3'],
      ['x', '44'],
      ['E', ''],
      ['Q', '"a\\",b",c'],
      ['Cookie', 's=1; t = 2 ;u=;v; s=3'],
      ['Cookie', 'w="a;b"'],
      ['P', '1.2.3.4:99'],
      ['I6', '[::1]:80'],
      ['K', 'a,'],
    ],
  })
  const observed: Record<string, string | undefined> = {
    'req.hdr(x)': '44',
    'req.hdr(x,1)': '1',
    'req.hdr(x,2)': '2',
    'req.hdr(x,-1)': '44',
    'req.hdr(x,-2)': '3',
    'req.hdr(x,9)': undefined,
    'req.hdr(x,-9)': undefined,
    'hdr(X)': '44',
    'req.fhdr(x)': '44',
    'req.fhdr(x,1)': '1, 2 ,,"a,b" , 3',
    'req.hdr_cnt(x)': '6',
    'req.fhdr_cnt(x)': '2',
    'req.hdr_cnt': '16',
    'req.fhdr_cnt': '10',
    'req.hdr(e)': '',
    'req.hdr_cnt(e)': '1',
    'req.hdr(q)': 'c',
    'req.hdr_cnt(q)': '2',
    'req.hdr_val(x)': '44',
    'req.hdr_val(none)': undefined,
    'req.hdr_ip(x)': undefined,
    'req.hdr_ip(p)': '1.2.3.4',
    'req.hdr_ip(i6)': undefined,
    'req.hdr(k)': '',
    'req.hdr_cnt(k)': '2',
    path: '/p;p=7;q=8',
    pathq: '/p;p=7;q=8?a=1&b=&c&a=2;d=4&n=%41+x?e=5',
    query: 'a=1&b=&c&a=2;d=4&n=%41+x?e=5',
    url: '/p;p=7;q=8?a=1&b=&c&a=2;d=4&n=%41+x?e=5',
    base: 'Ex.com:81/p;p=7;q=8',
    baseq: 'Ex.com:81/p;p=7;q=8?a=1&b=&c&a=2;d=4&n=%41+x?e=5',
    method: 'GET',
    'req.ver': '1.1',
    'url_param(a)': '1',
    'url_param(b)': '',
    'url_param(c)': undefined,
    'url_param(d)': '4',
    'url_param(e)': '5',
    url_param: '1',
    'url_param(p,;)': '7',
    'urlp_val(a)': '1',
    'urlp(n)': '%41+x',
    'req.cook(s)': '3',
    'req.cook(t)': '2',
    'req.cook(u)': '',
    'req.cook(v)': undefined,
    'req.cook': '1',
    'req.cook_cnt(s)': '2',
    'req.cook_cnt': '5',
    'req.cook_val(s)': '3',
    'req.cook(w)': '"a;b"',
    src: '127.0.0.1',
    'req.proto_http': '1',
    always_true: '1',
    wait_end: '1',
    'bool(false)': '0',
    'int(-5)': '-5',
    'str(x)': 'x',
    'ipv4(1.2.3.4)': '1.2.3.4',
    'ipv6(::ffff:1.2.3.4)': '::ffff:1.2.3.4',
  }
  for (const [expression, value] of Object.entries(observed)) t.equal(ask(expression, context), value, expression)
})

t.test('addresses in headers: a port after IPv4 is dropped, what is not an address is none', async (t) => {
  const context = exchange('/ip;q=8?a=b&q=;x', {
    headers: { i: '1.2.3.4:99999, [::1], ::1, "[::1]:5", 1.2.3.4:, 1.2.3.4:80' },
  })
  const all = [1, 2, 3, 4, 5, 6].map((occurrence) => ask(`req.hdr_ip(i,${occurrence})`, context))
  t.strictSame(all, [undefined, undefined, '::1', undefined, undefined, '1.2.3.4'])
  t.equal(ask('url_param(q,;)', context), '8?a=b')
  t.equal(ask('url_param(q)', context), '')
})

t.test('a target without a path', async (t) => {
  const context = exchange('*', { method: 'OPTIONS', headers: { host: 'Ex.com:81' } })
  t.equal(ask('path', context), undefined)
  t.equal(ask('url', context), '*')
  t.equal(ask('base', context), 'Ex.com:81')
})

t.test('commas part cookies, empty parameters are skipped', async (t) => {
  const context = exchange('/?&a=1&&b=2', { headers: { cookie: 's=5,t=6;s=7' } })
  t.equal(ask('req.cook(t)', context), '6')
  t.equal(ask('req.cook(s)', context), '7')
  t.equal(ask('req.cook_cnt', context), '3')
  t.equal(ask('url_param(b)', context), '2')
  t.equal(ask('url_param', context), '1')
})

t.test('host is lower case and without port', async (t) => {
  t.equal(host.ask(exchange('/', { headers: { host: 'EXAMPLE.com:80' } })), 'example.com')
  t.equal(host.ask(exchange('http://A.com:80/x')), 'a.com')
  t.equal(host.ask(exchange('/', { headers: { host: '[::1]:80' } })), '[::1]')
  t.equal(host.is('Example.COM').test(exchange('/', { headers: { host: 'EXAMPLE.com:80' } })), true)
  t.equal(host.ask(exchange('/')), undefined)
})

t.test('the connection is known everywhere', async (t) => {
  const context = connected('203.0.113.7')
  t.equal(String(src.ask(context) as object), '203.0.113.7')
  t.equal(srcPort.ask(context), 40000)
  t.equal(String(dst.ask(context) as object), '198.51.100.1')
  t.equal(dstPort.ask(context), 8080)
  t.equal(frontendName.ask(context), 'edge')
})

t.test('questions about the response', async (t) => {
  const context = exchange('/', {
    status: 302,
    responseHeaders: [
      ['set-cookie', 'sid=a; path=/'],
      ['set-cookie', 'sid=b'],
      ['x', '1,2'],
    ],
  })
  t.equal(ask('status', context), '302')
  t.equal(ask('res.hdr(x)', context), '2')
  t.equal(ask('res.fhdr(x)', context), '1,2')
  t.equal(ask('res.hdr_cnt(x)', context), '2')
  t.equal(ask('res.cook(sid)', context), 'b')
  t.equal(ask('res.cook_cnt(sid)', context), '2')
})

t.test('content questions wait for more input', async (t) => {
  const context = connected()
  const give = (text: string, complete: boolean): void => {
    context.input = new FirstBytes(Buffer.from(text), complete, defaultLimits)
  }
  give('GET /', false)
  t.equal(waitEnd.ask(context), notYet)
  t.equal(isHttp.ask(context), notYet)
  t.equal(String(payload(0, 3).ask(context)), 'GET')
  t.equal(payload(4, 3).ask(context), notYet)
  t.equal(String(payload(1, 0).ask(context)), 'ET /')
  give('GET /', true)
  t.equal(waitEnd.ask(context), true)
  t.equal(isHttp.ask(context), false)
  t.equal(payload(4, 3).ask(context), undefined)
  give('GET / HTTP/1.1\r\n', false)
  t.equal(isHttp.ask(context), notYet, 'its head is not whole')
  give('GET / HTTP/1.1\r\nHost: x\r\n\r\n', false)
  t.equal(isHttp.ask(context), true)
  give('\x16\x03\x01\n', false)
  t.equal(isHttp.ask(context), false)
  const request = exchange('/')
  request.request = Request.from('GET', '/')
  t.equal(waitEnd.ask(request), true)
  t.equal(isHttp.ask(request), true)
})

t.test('arguments are checked', async (t) => {
  t.throws(() => makeFetch(byName.get('path')!, ['x']), /1 arguments, no argument expected/)
  t.throws(() => makeFetch(byName.get('req.hdr')!, ['x', '-11']), /must be -10 or more/)
  t.throws(() => makeFetch(byName.get('req.hdr')!, ['x', 'y']), /'y' is not an integer/)
  t.throws(() => makeFetch(byName.get('bool')!, ['maybe']), /neither 'true', 'false', '1' nor '0'/)
})

t.test('derived words and predefined ACLs name fetches that exist', async (t) => {
  t.equal(byName.get('req.hdr')!.derivatives.get('hdr_beg'), 'beg')
  t.equal(byName.get('path')!.derivatives.get('path_reg'), 'reg')
  t.equal(byName.get('pathq')!.derivatives.size, 0)
  const known = new Set([...byName.keys(), ...lists.flat().flatMap((each) => [...each.derivatives.keys()])])
  const missing = predefinedAcls
    .filter(({ words }) => !known.has(words[0]!.replace(/\(.*/, '')))
    .map(({ name }) => name)
  t.strictSame(missing, ['RDP_COOKIE'])
})
