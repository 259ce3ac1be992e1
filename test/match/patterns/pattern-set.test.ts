import t from 'tap'
import { Ip } from '../../../lib/base/ip.js'
import { readPatternFile } from '../../../lib/match/patterns/pattern-file.js'
import { PatternMap } from '../../../lib/match/patterns/pattern-map.js'
import { PatternSet } from '../../../lib/match/patterns/pattern-set.js'

t.test('a change is seen by everybody who asks', async (t) => {
  const set = new PatternSet(['abc', 'b'])
  const exact = set.view('str')
  const begin = set.view('beg', { ignoreCase: true })
  t.equal(set.view('str'), exact, 'the same way to ask is the same view')
  t.notOk(exact.find('abcd'))
  t.ok(begin.find('ABCD'))
  const entry = set.add('q')
  t.ok(exact.find('q'))
  t.ok(begin.find('QQ'))
  t.ok(set.has('q'))
  t.ok(set.deleteEntry(entry.id))
  t.notOk(set.deleteEntry(entry.id))
  t.notOk(exact.find('q'))
  set.add('b')
  t.equal(set.delete('b'), 2, 'all that were written so')
  t.equal(set.delete('b'), 0)
  t.equal(set.size, 1)
  set.clear()
  t.notOk(exact.find('abc'))
  t.equal(set.size, 0)
})

t.test('what one of those who ask cannot read changes nothing', async (t) => {
  const set = new PatternSet(['10.0.0.0/8'])
  const text = set.view('str')
  const networks = set.view('ip')
  t.throws(() => set.add('nonsense'), /is not a valid IPv4 or IPv6 address/)
  t.notOk(text.find('nonsense'))
  t.notOk(set.has('nonsense'))
  t.ok(networks.find(Ip.parse('10.1.1.1')))
  t.throws(() => new PatternSet(['(']).view('reg'), /missing closing parenthesis/)
})

t.test('a version is filled unseen, and takes the place of the one before at once', async (t) => {
  const set = new PatternSet(['old'])
  const view = set.view('str')
  const version = set.prepare()
  set.add('new', undefined, version)
  t.ok(view.find('old'))
  t.notOk(view.find('new'))
  t.same(
    [...set.entries(version)].map(({ pattern }) => pattern),
    ['new'],
  )
  const late = set.view('beg')
  set.commit(version)
  t.notOk(view.find('old'))
  t.ok(view.find('new'))
  t.ok(late.find('newer'))
  t.equal(set.version, 1)
  t.throws(() => set.commit(1), /no version 1 to commit: it must be 2 to 1/)
  t.throws(() => set.add('x', undefined, 7), /has no version 7/)
  const empty = set.prepare()
  set.prepare()
  set.commit(3)
  t.notOk(view.find('new'), 'an empty version removes all')
  t.throws(() => set.commit(empty), /it must be 4 to 3/)
})

t.test('the lines of a file', async (t) => {
  const list = 'abc\n  def  \n#no\n #yes\n\n\t\nx y\r\nlast'
  t.same(
    readPatternFile(list, false).map(({ line, pattern }) => [line, pattern]),
    [
      [1, 'abc'],
      [2, 'def  '],
      [4, '#yes'],
      [7, 'x y'],
      [8, 'last'],
    ],
  )
  const map = 'a 1\nb   sp ace  \nc\n  d\t4\t\n#e 5\n #f 6\r\n'
  t.same(
    readPatternFile(map, true).map(({ pattern, value }) => [pattern, value]),
    [
      ['a', '1'],
      ['b', 'sp ace'],
      ['c', ''],
      ['d', '4'],
      ['#f', '6'],
    ],
  )
})

t.test('a fault in a file names its line', async (t) => {
  const set = new PatternSet([], 'nets.lst').load('10.0.0.0/8\n\nbogus\n')
  t.throws(() => set.view('ip'), /pattern: 'bogus' is not a valid IPv4 .*, at line 3 of file 'nets.lst'/)
  const map = new PatternMap([], 'n.map').load('a 1\nb x\n')
  t.throws(() => map.finder('str', 'int'), /value: 'x' is not an integer, at line 2 of file 'n.map'/)
})

t.test('a map gives the values of what matches', async (t) => {
  const map = new PatternMap([
    ['ab', '1'],
    ['abc', '2'],
    ['abc', '3'],
  ])
  const exact = map.finder('str', 'str')
  const begin = map.finder('beg', 'int')
  t.equal(exact('abc'), '2')
  t.equal(begin('abcd'), 2)
  t.equal(begin('abx'), 1)
  t.equal(begin('q'), undefined)
  t.equal(map.finder('beg', 'key')('abx'), 'ab')
  map.set('abc', '9223372036854775807')
  t.equal(exact('abc'), '9223372036854775807')
  t.equal(begin('abcd'), 9223372036854775807n)
  t.throws(() => map.set('abc', 'x'), /'x' is not an integer/)
  t.throws(() => map.set('new', 'x'), /'x' is not an integer/)
  t.equal(map.get('abc'), '9223372036854775807')
  t.notOk(map.has('new'))
  map.set('new', '')
  t.equal(map.finder('str', 'int')('new'), 0, 'an empty value is 0')
  t.notOk(map.replace('nothing', '1'))
})

t.test('values are addresses, and templates', async (t) => {
  const map = new PatternMap([['a', '::1']])
  t.equal(String(map.finder('str', 'ip')('a')), '::1')
  t.throws(() => map.set('a', '1.2'), /'1.2' is not an IP address/)
  const regm = new PatternMap([
    ['^(a)(b)?', 'x\\1y\\2\\0\\\\'],
    ['(.)', '\\'],
  ])
  const expand = regm.finder('regm', 'str')
  t.equal(expand('ac'), 'xaya\\')
  t.equal(expand('q'), '')
  regm.set('^(a)(b)?', '\\1')
  t.equal(expand('ac'), 'a')
  t.equal(regm.finder('reg', 'str')('ac'), '\\1')
})
