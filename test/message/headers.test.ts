import t from 'tap'
import { Headers, isFieldValue, isToken, sameName, splitList } from '../../lib/message/headers.js'

t.test('names are compared without regard to the case of letters, and of letters only', async (t) => {
  t.ok(sameName('X-Forwarded-For', 'x-forwarded-FOR'))
  t.notOk(sameName('a', 'b'))
  t.notOk(sameName('ab', 'abc'))
  for (const [a, b] of ['^~', '@`', '[{', '\r-', '_\x7f']) t.notOk(sameName(a!, b!), `${a} is not ${b}`)
})

t.test('a field has its lines in order, first, last, joined and counted', async (t) => {
  const headers = Headers.from([
    ['X', '1'],
    ['y', 'a'],
    ['x', '2'],
  ])
  t.equal(headers.get('X'), '1, 2')
  t.equal(headers.first('x'), '1')
  t.equal(headers.last('x'), '2')
  t.same(headers.getAll('x'), ['1', '2'])
  t.equal(headers.lines('x'), 2)
  t.equal(headers.count, 3)
  t.equal(headers.has('Y'), true)
  t.same(
    [...headers],
    [
      ['X', '1'],
      ['y', 'a'],
      ['x', '2'],
    ],
  )
})

t.test('an absent field is undefined, has no lines, and cannot be deleted', async (t) => {
  const headers = new Headers()
  t.same([headers.get('x'), headers.first('x'), headers.last('x')], [undefined, undefined, undefined])
  t.same([headers.getAll('x'), headers.values('x'), headers.has('x')], [[], [], false])
  t.equal(headers.delete('x'), 0)
})

t.test('values are split at commas outside quotes, as HAProxy does', async (t) => {
  const headers = new Headers(['X', 'a, "b,c" , d', 'X', 'e,,f', 'X', '"q\\",z"', 'X', ''])
  t.same(headers.values('x'), ['a', '"b,c"', 'd', 'e', '', 'f', '"q\\",z"', ''])
  t.same(splitList('\xa0a\t,\x0bb'), ['\xa0a', '\x0bb'], 'only blanks and tabs are taken off')
})

t.test('set replaces all lines by one at the end, append adds one, delete tells how many', async (t) => {
  const headers = new Headers(['X', '1', 'y', 'a', 'x', '2'])
  headers.set('X', '3')
  t.same(headers.raw, ['y', 'a', 'X', '3'])
  headers.append('Y', 'b')
  t.equal(headers.delete('y'), 2)
  t.same(headers.raw, ['X', '3'])
})

t.test('a copy is changed on its own', async (t) => {
  const headers = new Headers(['X', '1'])
  const copy = headers.clone()
  copy.set('x', '2')
  t.equal(headers.get('x'), '1')
})

t.test('what would change the structure of a message is not taken', async (t) => {
  const headers = new Headers()
  for (const name of ['', 'a b', 'a:', 'a\r', '\xe9', '(a)']) {
    t.throws(() => headers.set(name, 'x'), { code: 'ERR_INVALID_FIELD' }, JSON.stringify(name))
  }
  for (const value of ['a\r\nb: c', 'a\nb', 'a\rb', '\0', '\x1b', '\x7f', '\u0100']) {
    t.throws(() => headers.append('x', value), { code: 'ERR_INVALID_FIELD' }, JSON.stringify(value))
  }
  t.equal(headers.count, 0)
  headers.append('__proto__', 'tab\tand \xe9')
  t.equal(headers.get('__proto__'), 'tab\tand \xe9')
})

t.test('headers come from objects, pairs and headers', async (t) => {
  t.same(Headers.from({ a: '1', b: ['2', '3'] }).raw, ['a', '1', 'b', '2', 'b', '3'])
  t.same(Headers.from(new Map([['constructor', 'x']])).raw, ['constructor', 'x'])
  t.same(Headers.from(new Headers(['X', 'y'])).raw, ['X', 'y'])
  t.throws(() => Headers.from({ 'a b': '1' }), { code: 'ERR_INVALID_FIELD' })
})

t.test('tokens and values', async (t) => {
  t.ok(isToken("!#$%&'*+-.^_`|~09azAZ"))
  for (const text of ['', 'a b', 'a/b', '"', '{', '\x7f', '\u0141']) t.notOk(isToken(text), JSON.stringify(text))
  t.ok(isFieldValue(''))
  t.notOk(isFieldValue('a\0'))
})
