import t from 'tap'
import { CidrSet } from '../../lib/base/cidr.js'
import { Ip } from '../../lib/base/ip.js'
import { asAddress, asFlag, asInteger, asText, cast, castable, textAddress, textInteger } from '../../lib/match/cast.js'
import { src, srcPort } from '../../lib/match/fetches/connection.js'
import { alwaysTrue } from '../../lib/match/fetches/constant.js'
import { inputLength } from '../../lib/match/fetches/content.js'
import { header } from '../../lib/match/fetches/header.js'
import {
  matchAddress,
  matchBinary,
  matchBool,
  matchFound,
  matchInteger,
  matchLength,
  matchText,
} from '../../lib/match/matcher.js'
import { notYet } from '../../lib/match/sample.js'
import { connected, exchange } from './context.js'

t.test('texts become integers by what they begin with', async (t) => {
  const observed: Record<string, number> = { '12ab': 12, '-12ab': -12, '+12': 12, ' 12': 0, x: 0, '': 0 }
  for (const [text, value] of Object.entries(observed)) t.equal(textInteger(text), value, text)
})

t.test('any type becomes another, where it can', async (t) => {
  const context = exchange('/', { headers: { x: '7, 192.0.2.9, z' } })
  t.equal(asText(src).ask(context), '192.0.2.1')
  t.equal(asText(srcPort).ask(context), '40000')
  t.equal(asText(alwaysTrue).ask(context), '1')
  t.equal(asInteger(alwaysTrue).ask(context), 1)
  t.equal(asInteger(src).ask(context), 0xc0000201)
  t.equal(String(asAddress(srcPort).ask(context)), '0.0.156.64')
  t.equal(asFlag(srcPort).ask(context), true)
  t.strictSame(asInteger(header('x')).all?.(context), [7, 192, 0])
  t.match(asAddress(header('x')).all?.(context), [Ip.parse('192.0.2.9')])
  t.equal(asText(header('none')).ask(context), undefined)
})

t.test('texts become addresses as HAProxy reads them, whatever stands behind an IPv4 address', async (t) => {
  for (const text of ['1.2.3.4', '01.2.003.4', '1.2.3.4:80', '1.2.3.4, 5.6.7.8', '1.2.3.4x'])
    t.equal(String(textAddress(text)), '1.2.3.4', text)
  for (const text of ['1.2.3', '1.2.3.256', '1.2.3.4.5', ' 1.2.3.4', '::1x', '[::1]', '16909060', ''])
    t.equal(textAddress(text), undefined, text)
})

t.test('values of one type as another', async (t) => {
  t.equal(cast(Buffer.from('ab\0c'), 'str'), 'ab')
  t.equal(cast('', 'int'), undefined)
  t.equal(cast('', 'bool'), undefined)
  t.equal(cast(Ip.parse('1.2.3.4'), 'bool'), undefined)
  t.same(cast(true, 'bin'), Buffer.from('0000000000000001', 'hex'))
  t.equal(String(cast(2n ** 63n - 1n, 'ip')), '255.255.255.255')
  t.equal(textInteger('9'.repeat(5000)), 2n ** 63n - 1n)
  t.equal(textInteger(`-${'9'.repeat(30)}`), -(2n ** 63n))
  t.equal(textInteger(`${'0'.repeat(40)}5`), 5)
  for (const [from, to] of [
    ['bin', 'int'],
    ['bin', 'ip'],
    ['bin', 'bool'],
    ['bool', 'ip'],
    ['ip', 'bool'],
    ['meth', 'int'],
  ] as const)
    t.equal(castable(from, to), false, `${from} to ${to}`)
  t.equal(castable('bool', 'bin'), true)
})

t.test('what may change still may after a conversion', async (t) => {
  const context = connected()
  context.input = { bytes: new Uint8Array(1), complete: false }
  t.equal(matchText(asText(inputLength), 'str', ['5']).test(context), notYet)
})

t.test('the makers that the loader calls', async (t) => {
  const context = exchange('/', { headers: { x: 'ab', n: '5, 9', a: '10.1.2.3' } })
  t.equal(matchFound(header('x')).test(context), true)
  t.equal(matchText(header('x'), 'str', ['AB'], { ignoreCase: true }).test(context), true)
  t.equal(matchText(header('x'), 'reg', ['^a.$']).test(context), true)
  t.equal(matchLength(header('x'), [{ min: 2, max: 2 }]).test(context), true)
  t.equal(matchBinary(header('x'), ['6162']).test(context), true)
  t.equal(matchBinary(header('x'), ['61']).test(context), false)
  t.equal(
    matchInteger(asInteger(header('n')), [
      { min: 9, max: 9 },
      { min: 20, max: 30 },
    ]).test(context),
    true,
  )
  t.equal(
    matchInteger(asInteger(header('n')), [
      { min: 6, max: 8 },
      { min: 20, max: 30 },
    ]).test(context),
    false,
  )
  t.equal(matchAddress(asAddress(header('a')), new CidrSet(['10.0.0.0/8']), ['10.0.0.0/8']).test(context), true)
  t.equal(matchBool(asFlag(header('n'))).test(context), true)
  t.throws(() => matchText(header('x'), 'reg', ['(']), /missing closing parenthesis/)
})
