import t from 'tap'
import { compileText, foldCase } from '../../lib/match/text-pattern.js'
import { directories, domains, patterns } from './observed-words.js'

for (const [mode, observed] of [
  ['dir', directories],
  ['dom', domains],
] as const) {
  t.test(`-m ${mode} answers as HAProxy does`, async (t) => {
    for (const [text, matching] of observed) {
      const ours = patterns.filter((pattern) => compileText(mode, [pattern])(text))
      t.strictSame(ours.sort(), [...matching].sort(), text)
    }
  })
}

t.test('a pattern of nothing but delimiters is found in an empty text', async (t) => {
  t.ok(compileText('dir', ['/'])(''))
  t.notOk(compileText('dir', ['a'])(''))
})

t.test('one of several patterns is enough', async (t) => {
  t.ok(compileText('str', ['a', 'b', 'c'])('b'))
  t.notOk(compileText('str', ['a', 'b', 'c'])('B'))
  t.ok(compileText('beg', ['/x', '/api/'])('/api/users'))
  t.ok(compileText('end', ['.gif', '.png'])('/a.png'))
  t.notOk(compileText('end', ['.gif', '.png'])('/a.png?x'))
  t.ok(compileText('sub', ['zz', 'b?c'])('ab?cd'))
  t.notOk(compileText('str', [])('a'), 'none of none')
})

t.test('case is ignored for ASCII only, in patterns and texts', async (t) => {
  t.equal(foldCase('AbC'), 'abc')
  t.equal(foldCase('A\xc0B'), 'a\xc0b')
  t.ok(compileText('str', ['ABC', 'x'], true)('aBc'))
  t.notOk(compileText('str', ['\xc0'], true)('\xe0'))
  t.ok(compileText('dom', ['Example.COM'], true)('www.eXample.com:80'))
})

t.test('names of Object.prototype are patterns like any other', async (t) => {
  const holds = compileText('str', ['__proto__', 'constructor'])
  t.ok(holds('constructor'))
  t.notOk(holds('toString'))
})
