import t from 'tap'
import { isCacheable } from '../../lib/message/cacheability.js'
import { readCookieDate, writeCookieDate } from '../../lib/message/cookie-date.js'
import { editCookies, readSetCookie } from '../../lib/message/cookie-field.js'
import { Headers } from '../../lib/message/headers.js'

/** What is left when all cookies of the name are taken out, and what they were. */
function without(line: string): { left: string | null; seen: string[] } {
  const seen: string[] = []
  const left = editCookies(line, 'S', (value) => {
    seen.push(value)
    return null
  })
  return { left, seen }
}

t.test('cookies are taken out of a field, and nothing else changes', async (t) => {
  const rows: readonly (readonly [string, string | null, ...string[]])[] = [
    ['S=b', null, 'b'],
    ['a=1;S=b;c=2', 'a=1; c=2', 'b'],
    ['a=1 ; S=b', 'a=1 ', 'b'],
    ['S=b;;', ';', 'b'],
    [';S=b', null, 'b'],
    ['; ; S=b; ;', ';; ;', 'b'],
    [';;x=1;;S=b;;', ';;x=1;; ;', 'b'],
    ['x=1, S=b,y=2', 'x=1, y=2', 'b'],
    ['S=a; S=b; z=1; S=c', 'z=1', 'a', 'b', 'c'],
    ['x="a;S=c";S=b', 'x="a;S=c"', 'b'],
    ['x="a\\";S=c', 'x="a\\";S=c'],
    ['"x;S=c";y', '"x', 'c";y'],
    ['S = b ; y = 2', 'y=2', 'b'],
    ['$Version=1; S=b; $Path=/', null, 'b'],
    ['S=b; $x=1; S=c; y=1', 'y=1', 'b', 'c'],
    ['a=1; $x=1; S=c; $y=1; z=1', 'a=1; $x=1; z=1', 'c'],
    ['s=b; XS=b; SX=b; $S=b; S', 's=b; XS=b; SX=b; $S=b; S'],
    ['S==b', null, '=b'],
    ['', ''],
  ]
  for (const [line, left, ...seen] of rows) t.same(without(line), { left, seen }, line)
})

t.test('the value of a cookie is replaced where it stands', async (t) => {
  const strip = (line: string): string | null =>
    editCookies(line, 'S', (value) => (value.includes('~') ? value.slice(value.indexOf('~') + 1) : undefined))
  t.equal(strip('x=1;S=b~v ;y=2'), 'x=1;S=v ;y=2')
  t.equal(strip('S = b~ ; S=c~~'), 'S= ; S=~')
  t.equal(strip('S=b'), 'S=b')
})

t.test('what nobody changes is the same text, and blanks around the equals sign go from all of it', async (t) => {
  const keep = (line: string): string | null => editCookies(line, 'S', () => undefined)
  for (const line of ['a=1; S=2 ;;$x=3, y', 'a; b ; S', '"=";S="x', ';;;', ' a=1;S=2']) t.equal(keep(line), line)
  t.equal(keep('x = 1; y\t=\t2; $z = 3; S'), 'x=1; y=2; $z = 3; S')
  t.equal(keep(' = ; a b = c d '), ' =; a b=c d ')
})

t.test('any text at all is cut into pieces that make it up again', async (t) => {
  const letters = ['S', '=', ';', ',', '"', '\\', '$', 'a', 'S=']
  let seed = 4711
  const next = (count: number): number => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31
    return Math.floor((seed / 2 ** 31) * count)
  }
  for (let round = 0; round < 5000; round++) {
    const line = Array.from({ length: next(14) }, () => letters[next(letters.length)]).join('')
    t.equal(
      editCookies(line, 'S', () => undefined),
      line,
      line,
    )
    const seen: string[] = []
    const left = editCookies(line, 'S', (value) => {
      seen.push(value)
      return null
    })
    if (seen.length === 0) t.equal(left, line)
    else if (left !== null) t.same(without(left).seen, [], `${line} -> ${left}`)
  }
})

t.test('of a Set-Cookie field only the first cookie counts', async (t) => {
  t.same(readSetCookie('S=v; path=/'), { name: 'S', value: 'v', rest: '; path=/' })
  t.same(readSetCookie(' S = v , o=1'), { name: 'S', value: 'v', rest: ' , o=1' })
  t.same(readSetCookie('S="a;b"'), { name: 'S', value: '"a;b"', rest: '' })
  t.same(readSetCookie('S='), { name: 'S', value: '', rest: '' })
  t.same(readSetCookie(' = v'), { name: '', value: 'v', rest: '' })
  t.same(readSetCookie(', S=v'), { name: ', S', value: 'v', rest: '' })
  for (const none of ['', 'S', 'S; a=1', ';S=v']) t.equal(readSetCookie(none), undefined, none)
})

t.test('dates are seconds in fours, of five digits', async (t) => {
  t.equal(writeCookieDate(0), 'AAAAA')
  t.equal(writeCookieDate(4 * 64 ** 4), 'BAAAA')
  t.equal(readCookieDate(writeCookieDate(1_795_294_243)), 1_795_294_240)
  t.equal(readCookieDate('BAAAA|x'), 4 * 64 ** 4)
  t.equal(readCookieDate('BAAA'), undefined)
  t.equal(readCookieDate('BA!AA'), 0)
})

t.test('what caches may keep', async (t) => {
  const keeps = (fields: Record<string, string>, method = 'GET', status = 200): boolean =>
    isCacheable(method, status, Headers.from(fields))
  t.notOk(keeps({}))
  t.ok(keeps({ etag: 'x' }))
  t.ok(keeps({ 'cache-control': 'max-age=3' }))
  t.notOk(keeps({ 'cache-control': 'public' }))
  for (const control of ['private', 'No-Store', 'foo, no-cache', 's-maxage=0'])
    t.notOk(keeps({ etag: 'x', 'cache-control': control }), control)
  t.ok(keeps({ etag: 'x', 'cache-control': 'no-cache="set-cookie"' }))
  t.notOk(keeps({ etag: 'x', pragma: 'no-cache' }))
  t.notOk(keeps({ etag: 'x' }, 'POST'))
  t.ok(keeps({ etag: 'x', 'cache-control': 'public' }, 'POST'))
  t.notOk(keeps({ etag: 'x' }, 'GET', 302))
})
