import t from 'tap'
import { OptionError } from '../../lib/base/errors.js'
import { compileRegex } from '../../lib/match/regex.js'
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
