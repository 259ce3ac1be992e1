import t from 'tap'
import { Headers } from '../../lib/message/headers.js'
import { Request } from '../../lib/message/request.js'

t.test('the parts of a target, as HAProxy names them', async (t) => {
  for (const [method, target, form, authority, path, query, pathq] of [
    ['GET', '/a?b=1', 'origin', undefined, '/a', 'b=1', '/a?b=1'],
    ['GET', '/a?', 'origin', undefined, '/a', '', '/a?'],
    ['GET', '/a?b?c', 'origin', undefined, '/a', 'b?c', '/a?b?c'],
    ['GET', '//x/y', 'origin', undefined, '//x/y', undefined, '//x/y'],
    ['GET', '/a://b?c', 'origin', undefined, '/a://b', 'c', '/a://b?c'],
    ['GET', 'http://ex.com:80/a?b', 'absolute', 'ex.com:80', '/a', 'b', '/a?b'],
    ['GET', 'http://ex.com', 'absolute', 'ex.com', undefined, undefined, undefined],
    ['OPTIONS', '*', 'asterisk', undefined, undefined, undefined, undefined],
    ['CONNECT', 'ex.com:443', 'authority', 'ex.com:443', undefined, undefined, undefined],
  ] as const) {
    const request = new Request(method, target)
    const { form: ourForm, authority: ourAuthority, path: ourPath, query: ourQuery, pathq: ourPathq } = request
    t.same([ourForm, ourAuthority, ourPath, ourQuery, ourPathq], [form, authority, path, query, pathq], target)
  }
})

t.test('scheme and host', async (t) => {
  const plain = new Request('GET', '/', '1.1', new Headers(['Host', 'A:81']))
  t.same([plain.scheme, plain.host], [undefined, 'A:81'])
  const absolute = new Request('GET', 'https://b/', '1.1', new Headers(['Host', 'b']))
  t.same([absolute.scheme, absolute.host], ['https', 'b'])
  absolute.headers.set('host', 'c')
  t.equal(absolute.host, 'c', 'what a rule has set counts')
  t.equal(new Request('GET', 'http://b/').host, 'b')
  t.equal(new Request('GET', '/').host, undefined)
})

t.test('setting parts gives the targets that HAProxy sends', async (t) => {
  const path = (request: Request) => (request.path = '/new')
  const query = (request: Request) => (request.query = 'n=1')
  const noQuery = (request: Request) => (request.query = '')
  const pathq = (request: Request) => (request.pathq = '/p?q')
  const pathOnly = (request: Request) => (request.pathq = '/p')
  for (const [target, change, expected] of [
    ['/a?b=1', path, '/new?b=1'],
    ['/a?b=1', query, '/a?n=1'],
    ['/a?b=1', noQuery, '/a?'],
    ['/a?b=1', pathq, '/p?q'],
    ['/a?b=1', pathOnly, '/p'],
    ['/a', query, '/a?n=1'],
    ['/a', noQuery, '/a'],
    ['/a?', path, '/new?'],
    ['http://ex.com/a?b', path, 'http://ex.com/new?b'],
    ['http://ex.com/a?b', pathq, 'http://ex.com/p?q'],
    ['http://ex.com', path, '/new'],
    ['http://ex.com', query, 'http://ex.com?n=1'],
    ['http://ex.com', pathq, '/p?q'],
    ['*', path, '/new'],
    ['*', query, '*?n=1'],
    ['*', noQuery, '*'],
  ] as const) {
    const request = new Request('GET', target)
    t.equal(request.target, target)
    change(request)
    t.equal(request.target, expected, `${target} → ${expected}`)
  }
  const without = new Request('GET', '/a?b')
  without.query = undefined
  t.equal(without.target, '/a')
})

t.test('an absolute target takes Host with it, another one leaves it', async (t) => {
  const request = new Request('GET', '/a', '1.1', new Headers(['X', 'y', 'host', 'ex.com']))
  request.target = '/only?x'
  t.same([request.path, request.query, request.host], ['/only', 'x', 'ex.com'])
  request.target = 'http://other/p'
  t.same(request.headers.raw, ['X', 'y', 'host', 'other'])
})

t.test('no blank, line end or wide character comes into a target', async (t) => {
  const request = new Request('GET', '/a?b')
  for (const bad of ['/a b', '/a\r\nX: y', '/\0', '/\x7f', '/\u0100']) {
    t.throws(() => (request.path = bad), { code: 'ERR_INVALID_FIELD' })
    t.throws(() => (request.query = bad), { code: 'ERR_INVALID_FIELD' })
    t.throws(() => (request.pathq = bad), { code: 'ERR_INVALID_FIELD' })
    t.throws(() => (request.target = bad), { code: 'ERR_INVALID_FIELD' })
  }
  t.throws(() => (request.target = ''), { code: 'ERR_INVALID_FIELD' })
  t.equal(request.target, '/a?b')
})

t.test('requests made by hand are checked', async (t) => {
  const request = Request.from('PUT', '/a', { host: 'b' })
  t.match(request, { method: 'PUT', target: '/a', version: '1.1', host: 'b' })
  t.throws(() => Request.from('P T', '/'), { code: 'ERR_INVALID_FIELD' })
  t.throws(() => Request.from('GET', '/ '), { code: 'ERR_INVALID_FIELD' })
  t.throws(() => Request.from('GET', '/', { 'a b': '' }), { code: 'ERR_INVALID_FIELD' })
})

t.test('a copy is changed on its own', async (t) => {
  const request = Request.from('GET', '/a', { x: '1' })
  const copy = request.clone()
  copy.path = '/b'
  copy.headers.set('x', '2')
  copy.method = 'PUT'
  t.same([request.method, request.path, request.headers.get('x')], ['GET', '/a', '1'])
})
