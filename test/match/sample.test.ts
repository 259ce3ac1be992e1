import t from 'tap'
import { Acl } from '../../lib/match/acl.js'
import type { Sighting } from '../../lib/match/condition.js'
import { all, any, Condition, not } from '../../lib/match/condition.js'
import { src } from '../../lib/match/fetches/connection.js'
import { alwaysFalse, alwaysTrue } from '../../lib/match/fetches/constant.js'
import { inputLength } from '../../lib/match/fetches/content.js'
import { header } from '../../lib/match/fetches/header.js'
import { host, method, path, query, status } from '../../lib/match/fetches/message.js'
import { notYet } from '../../lib/match/sample.js'
import { connected, exchange } from './context.js'

const at = (target: string, headers: Record<string, string | string[]> = {}) => exchange(target, { headers })

t.test('text conditions', async (t) => {
  t.equal(path.is('/a', '/b').test(at('/b?x')), true)
  t.equal(path.startsWith('/api/').test(at('/api/users')), true)
  t.equal(path.endsWith('.png').test(at('/x.PNG')), false)
  t.equal(path.ignoringCase().endsWith('.png').test(at('/x.PNG')), true)
  t.equal(path.contains('b').test(at('/abc')), true)
  t.equal(path.inDirectory('img').test(at('/static/img/a.png')), true)
  t.equal(host.inDomain('example').test(at('/', { host: 'www.example.com' })), true)
  t.equal(path.matches(/^\/v\d+\//).test(at('/v2/x')), true)
  t.equal(path.lengthIs(1, 3).test(at('/ab')), true)
  t.equal(path.lengthIn(2, 5).test(at('/')), false)
  t.equal(path.lengthIn(2).test(at('/12345678')), true)
})

t.test('an absent value matches nothing, an empty one exists', async (t) => {
  t.equal(header('x').matches(/^/).test(at('/')), false)
  t.equal(header('x').exists().test(at('/')), false)
  t.equal(
    header('x')
      .exists()
      .test(at('/', { x: '' })),
    true,
  )
  t.equal(
    header('x')
      .is('')
      .test(at('/', { x: '' })),
    true,
  )
  t.equal(query.exists().test(at('/')), false)
  t.equal(query.exists().test(at('/?')), true)
  t.equal(not(header('x').is('a')).test(at('/')), true)
})

t.test('a condition on a repeated header looks at every value', async (t) => {
  t.equal(
    header('x')
      .is('2')
      .test(at('/', { x: ['1, 2', '3'] })),
    true,
  )
  t.equal(
    header('x', { occurrence: -1 })
      .is('2')
      .test(at('/', { x: ['1, 2', '3'] })),
    false,
  )
})

t.test('number, address and flag conditions', async (t) => {
  const answer = exchange('/', { status: 404 })
  t.equal(status.is(200, 404).test(answer), true)
  t.equal(status.between(500, 599).test(answer), false)
  t.equal(status.ge(404).test(answer), true)
  t.equal(status.gt(404).test(answer), false)
  t.equal(status.lt(404).test(answer), false)
  t.equal(status.le(404).test(answer), true)
  t.equal(src.in('10.0.0.0/8', '192.0.2.0/24').test(connected('192.0.2.9')), true)
  t.equal(src.in('10.0.0.0/8').test(connected('192.0.2.9')), false)
  t.equal(src.is('fd00::1').test(connected('fd00::1')), true)
  t.equal(alwaysTrue.isTrue().test(connected()), true)
  t.equal(alwaysFalse.isFalse().test(connected()), true)
  t.equal(alwaysFalse.isTrue().test(connected()), false)
  t.throws(() => src.in('example.com'), /example\.com/)
})

t.test('what is known decides, however much is still to come', async (t) => {
  const later = new Condition<'content'>('later', ['content'], () => notYet)
  const yes = alwaysTrue.isTrue()
  const no = alwaysFalse.isTrue()
  const context = connected()
  t.equal(all(later, no).test(context), false)
  t.equal(all(later, yes).test(context), notYet)
  t.equal(any(later, yes).test(context), true)
  t.equal(any(later, no).test(context), notYet)
  t.equal(not(later).test(context), notYet)
})

t.test('a number that may still grow answers only yes', async (t) => {
  const context = connected()
  context.input = { bytes: new Uint8Array(3), complete: false }
  t.equal(inputLength.gt(2).test(context), true)
  t.equal(inputLength.gt(5).test(context), notYet)
  context.input = { bytes: new Uint8Array(3), complete: true }
  t.equal(inputLength.gt(5).test(context), false)
})

t.test('conditions read as a haproxy.cfg would write them', async (t) => {
  t.equal(path.startsWith('/api/', '/x y').text, "path -m beg /api/ '/x y'")
  t.equal(host.is('a.com').text, 'host -m str -i a.com')
  t.equal(src.in('10.0.0.0/8', '::1').text, 'src 10.0.0.0/8 ::1')
  t.equal(status.between(500, 599).text, 'status 500:599')
  t.equal(status.ge(500).text, 'status ge 500')
  t.equal(
    all(any(path.is('/a'), method.is('GET')), not(header('x').exists())).text,
    '({ path -m str /a } || { method -m str GET }) (!{ req.hdr(x) -m found })',
  )
})

t.test('a trace tells what was seen, in order, and an ACL is told by its name', async (t) => {
  const seen: Sighting[] = []
  const acl = new Acl('both', all(path.is('/a'), header('x').is('2')))
  acl.test(at('/a', { x: ['1', '2'] }), { saw: (sighting) => seen.push(sighting) })
  t.strictSame(seen, [
    { condition: 'path -m str /a', saw: '/a', answer: true },
    { condition: 'req.hdr(x) -m str 2', saw: '2', answer: true },
    { condition: 'both', answer: true },
  ])
  seen.length = 0
  header('y')
    .is('2')
    .test(at('/'), { saw: (sighting) => seen.push(sighting) })
  header('x')
    .is('9')
    .test(at('/', { x: ['1', '2'] }), { saw: (sighting) => seen.push(sighting) })
  t.strictSame(seen, [
    { condition: 'req.hdr(y) -m str 2', answer: false },
    { condition: 'req.hdr(x) -m str 9', saw: ['1', '2'], answer: false },
  ])
})

t.test('several conditions of one ACL are an or', async (t) => {
  const acl = new Acl('any', path.is('/a'), path.is('/b'))
  t.equal(acl.test(at('/b')), true)
  t.equal(acl.test(at('/c')), false)
})

t.test('phases are what all parts have in common', async (t) => {
  t.strictSame(all(src.is('::1'), status.is(200)).phases, ['response', 'afterResponse', 'log', 'check'])
})
