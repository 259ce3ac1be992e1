import t from 'tap'
import { OptionError } from '../../lib/base/errors.js'
import { compileRegex } from '../../lib/match/regex.js'

t.test('a RegExp keeps its meaning, but no memory between calls', async (t) => {
  const regex = compileRegex(/a/g)
  t.ok(regex.test('a'))
  t.ok(regex.test('a'))
  t.equal(compileRegex(/a/i).test('A'), true)
  t.equal(compileRegex(/a/, { ignoreCase: true }).test('A'), true)
})

t.test('what PCRE writes otherwise is translated', async (t) => {
  const cases: readonly (readonly [pattern: string, text: string, matches: boolean])[] = [
    ['^[^/:]*://', 'http://x', true],
    ['(?i)^/ADMIN', '/admin', true],
    ['(?is)a.b', 'A\nB', true],
    ['^[[:alpha:]]+[[:digit:]]$', 'abc1', true],
    ['^[[:alpha:]]+$', 'abc1', false],
    ['^[^[:space:]]+$', 'a b', false],
    ['(?P<year>\\d{4})-(?P=year)', '2026-2026', true],
    ['(?<=a)b', 'ab', true],
    ['(?<!a)b', 'ab', false],
    ['\\A/x\\z', '/x', true],
    ['\\Q.*\\E$', '/a.*', true],
    ['\\Q.*\\E$', '/abc', false],
    ['a\\h+b', 'a \tb', true],
    ['^\\\\A$', '\\A', true],
    ['^/caf\xe9', '/caf\xe9s', true],
  ]
  for (const [pattern, text, matches] of cases) t.equal(compileRegex(pattern).test(text), matches, `${pattern} ${text}`)
})

t.test('what cannot be compiled says why', async (t) => {
  t.throws(() => compileRegex('a(b'), { name: 'OptionError', message: /'a\(b'/ })
  t.throws(() => compileRegex('(?>a)'), OptionError)
})
