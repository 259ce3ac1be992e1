import t from 'tap'
import { OptionError } from '../../lib/base/errors.js'
import { compileRegex, linearCompiler } from '../../lib/match/regex.js'
import { expand, parseTemplate, substitute, type Template } from '../../lib/match/substitution.js'

t.test('a RegExp keeps its meaning, but no memory between calls', async (t) => {
  const regex = compileRegex(/a/g)
  t.ok(regex.test('a'))
  t.ok(regex.test('a'))
  t.equal(compileRegex(/a/i).test('A'), true)
  t.equal(compileRegex(/a/, { ignoreCase: true }).test('A'), true)
})

t.test('groups keep the numbers that PCRE gives them', async (t) => {
  const match = compileRegex('(?>(a)|x)(b)++(c)?(?<last>d)').exec('-abbd')
  t.same(match?.groups, ['abbd', 'a', 'b', undefined, 'd'])
  t.equal(match?.index, 1)
  t.equal(match?.end, 5)
  t.ok(compileRegex('(a)(?>b)\\1').test('aba'))
  t.ok(compileRegex('(a)\\g{-1}1').test('aa1'), 'a digit behind a reference is a digit')
  t.ok(compileRegex('(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\\10').test('abcdefghijj'))
  t.ok(compileRegex('(a)\\10').test('a\x08'), 'octal where there are not so many groups')
})

t.test('what cannot be compiled says what and where', async (t) => {
  const cases: readonly (readonly [pattern: string, message: string])[] = [
    ['a(b', "regex 'a(b': missing closing parenthesis, at position 3"],
    ['ab)', 'unmatched closing parenthesis, at position 2'],
    ['[a', 'missing terminating ] for character class, at position 2'],
    ['a**', 'quantifier does not follow a repeatable item, at position 2'],
    ['[z-a]', 'range out of order in character class, at position 2'],
    ['a\\Kb', '\\K is not supported: use a lookbehind (?<=…), at position 1'],
    ['(a)?(?(1)b|c)', 'a conditional group (?(…)…) is not supported, at position 4'],
    ['a(?R)?', 'recursion and calls of groups are not supported, at position 1'],
    ['(a)(?1)', 'recursion and calls of groups are not supported, at position 3'],
    ['(?|a|b)', 'a branch reset group (?|…) is not supported, at position 0'],
    ['(*UTF)a', 'verbs (*…) are not supported, at position 0'],
    ['(a)\\2', 'reference to non-existent subpattern'],
    ['\\p{Nope}', 'unknown property after \\P or \\p'],
    ['a{2,1}', 'numbers out of order in {} quantifier'],
    ['\u0101', "'\u0101' is no character of latin1"],
  ]
  for (const [pattern, message] of cases) {
    try {
      compileRegex(pattern)
      t.fail(`${pattern} was compiled`)
    } catch (error) {
      t.ok(error instanceof OptionError, pattern)
      t.ok((error as Error).message.includes(message), `${pattern}: ${(error as Error).message}`)
    }
  }
})

t.test('in an ACL, plain parentheses do not capture', async (t) => {
  t.throws(() => compileRegex('(a)\\1', { captures: false }), /reference to non-existent subpattern/)
  t.ok(compileRegex('(?<x>a)\\k<x>', { captures: false }).test('aa'))
})

/** As HAProxy's regsub gives them. */
const observed: readonly (readonly [
  text: string,
  pattern: string,
  template: string,
  global: boolean,
  result: string,
])[] = [
  ['zabcdz', '(a)(b)(x)?c', '<\\0>', false, 'z<abc>dz'],
  ['zabcdz', '(a)(b)(x)?c', '<\\2>', false, 'z<b>dz'],
  ['zabcdz', '(a)(b)(x)?c', '<\\9>', false, 'z<>dz'],
  ['zabcdz', '(a)(b)(x)?c', '<\\10>', false, 'z<a0>dz'],
  ['zabcdz', '(a)(b)(x)?c', '\\1\\2\\3', false, 'zabdz'],
  ['zabcdz', '(a)(b)(x)?c', '\\x41', false, 'zAdz'],
  ['zabcdz', '(a)(b)(x)?c', '\\x00b', false, 'z\0bdz'],
  ['zabcdz', '(a)(b)(x)?c', '\\\\1', false, 'z\\1dz'],
  ['zabcdz', '(a)(b)(x)?c', '\\n$1&', false, 'zn$1&dz'],
  ['aaa', 'a', 'b', false, 'baa'],
  ['aaa', 'a', 'b', true, 'bbb'],
  ['aaa', 'x', 'b', true, 'aaa'],
  ['aaa', 'a*', 'b', true, 'bb'],
  ['aaa', 'x*', '-', true, '-a-a-a-'],
  ['abc', 'x*', '-', false, '-abc'],
  ['abc', '$', '-', true, 'abc--'],
  ['abc', '$', '-', false, 'abc-'],
  ['aaa', '^', '-', true, '-aaa'],
  ['aaa', '^a', 'b', true, 'baa'],
  ['aaa', '\\A', '-', true, '-a-a-a-'],
  ['abc', 'b*', '-', true, '-a--c-'],
  ['abc', '(?=b)', '-', true, 'a--bc'],
  ['', '^$', '-', true, '-'],
  ['aaa', '(?<=a)a', 'X', true, 'aXa'],
  ['aaa', '\\ba', 'X', true, 'XXX'],
  ['ab', '(?m)$', '-', true, 'ab--'],
  ['abc', 'b', '', true, 'ac'],
]

t.test('texts are replaced as HAProxy replaces them', async (t) => {
  for (const [text, pattern, template, global, result] of observed) {
    const parts = parseTemplate(template) as Template
    t.equal(substitute(compileRegex(pattern), text, parts, global), result, `${text} ${pattern} ${template}`)
  }
})

t.test('a template that ends within an escape is none', async (t) => {
  for (const template of ['\\', 'x\\', '\\x', '\\x4', '\\xzz']) t.equal(parseTemplate(template), undefined, template)
  const match = compileRegex('a(b)').exec('ab')!
  t.equal(expand(parseTemplate('\\1\\0')!, match), 'bab')
})

/** Stands in for the package: it runs what it is given as JavaScript, after a look at what RE2 could not read. */
class FakeRe2 extends RegExp {
  constructor(source: string, flags: string) {
    if (/\(\?<?[=!]|\\[1-9]/.test(source)) throw new SyntaxError(`cannot run '${source}'`)
    const javascript = source
      .replaceAll('\\A', '^')
      .replaceAll('\\z', '$')
      .replaceAll('(?m:^)', '(?:^|(?<=\\n))')
      .replaceAll('(?m:$)', '(?=\\n|$)')
      .replaceAll('\\x{10FFFF}', '\\uffff')
    super(javascript, flags)
  }
}

t.test('with re2, what takes linear time means the same, and the rest is refused', async (t) => {
  const compile = linearCompiler(() => FakeRe2)
  const cases: readonly (readonly [pattern: string, matches: string, other: string])[] = [
    ['^/api/(v1|v2)$', '/api/v1\n', '/api/v3'],
    ['(?i)^/ADMIN\\z', '/admin', '/admin\n'],
    ['(?m)^b$', 'a\nb\nc', 'ab'],
    ['\\Aa.\\Z', 'ab', 'a\n'],
    ['(?s)a.b', 'a\nb', 'ab'],
    ['[[:alpha:]]+\\d', 'a1', '\xe91'],
    ['\\bx\\b', 'a x', 'ax'],
  ]
  for (const [pattern, matches, other] of cases) {
    t.ok(compile(pattern).test(matches), pattern)
    t.notOk(compile(pattern).test(other), pattern)
  }
  t.equal(substitute(compile('^a'), 'aaa', parseTemplate('b')!, true), 'baa')
  t.same(compile('(a)(b)?').exec('xa')?.groups, ['a', 'a', undefined])
  t.ok(compile(/A/i).test('a'))
  for (const pattern of ['(?=a)', '(?<!a)b', '(a)\\1', 'a++', '(?>a)', '\\R']) {
    t.throws(() => compile(pattern), /cannot be had in linear time, with re2/, pattern)
  }
})

t.test('a package that is missing is named', async (t) => {
  const missing = (): never => {
    throw new OptionError('regular expressions', '', "the package 're2' cannot be loaded")
  }
  t.throws(() => linearCompiler(missing), /the package 're2' cannot be loaded/)
})

t.test('the package itself', { skip: hasRe2() ? false : 're2 is not installed' }, async (t) => {
  const compile = linearCompiler()
  t.ok(compile('^(a+)+$').test('a'.repeat(50)))
  t.notOk(compile('^(a+)+$').test(`${'a'.repeat(5000)}b`), 'which would take JavaScript longer than the universe has')
  t.ok(compile('^[\xe0-\xff]\\z').test('\xe9'))
  t.ok(compile('(?s)^.$').test('\n'))
  t.equal(substitute(compile('(b)'), 'abc', parseTemplate('<\\1>')!), 'a<b>c')
})

function hasRe2(): boolean {
  try {
    linearCompiler()
    return true
  } catch {
    return false
  }
}
