import t from 'tap'
import type { Context } from '../../lib/match/context.js'
import { header, responseHeader } from '../../lib/match/fetches/header.js'
import { path } from '../../lib/match/fetches/message.js'
import { format } from '../../lib/match/format.js'
import { normalizeUri } from '../../lib/rules/actions/normalize-uri.js'
import { replaceHeader, replacePath, replacePathq, replaceUri, replaceValue } from '../../lib/rules/actions/replace.js'
import { addHeader, delHeader, setHeader } from '../../lib/rules/actions/set-header.js'
import { setMethod, setPath } from '../../lib/rules/actions/set-target.js'
import { strictMode } from '../../lib/rules/actions/strict-mode.js'
import type { Rule } from '../../lib/rules/rule.js'
import { RuleSet } from '../../lib/rules/rule-set.js'
import { exchange } from '../match/context.js'

const status = (rule: Rule<never>, context: Context): number | undefined => {
  const verdict = rule.action(context)
  return verdict !== undefined && 'response' in verdict ? verdict.response.status : undefined
}
const target = (rule: Rule<never>, from: string): string => {
  const context = exchange(from)
  status(rule, context)
  return context.request.target
}
const value = (rule: Rule<never>, from: string): string | undefined => {
  const context = exchange('/', { headers: { x: from } })
  status(rule, context)
  return context.request.headers.get('x')
}

t.test('values are replaced where they match', async (t) => {
  t.equal(value(replaceHeader('x', 'b(.)', '<\\1>'), 'abc'), '<c>')
  t.equal(value(replaceHeader('x', /B(.)/i, '<\\0>'), 'abc'), '<bc>')
  t.equal(value(replaceHeader('x', 'z', 'y'), 'abc'), 'abc')
  t.equal(value(replaceValue('X', '^b$', 'y'), 'a, b ,c'), 'a,y,c')
  t.equal(value(replaceValue('x', 'z', 'y'), 'a ,  b'), 'a ,  b')
  t.equal(value(replaceValue('x', ',', 'y'), '"a,b", c'), 'y, c')
  t.equal(value(replaceValue('x', '^b$', 'y'), `a,${' '.repeat(200_000)}b c`)?.length, 200_005, 'blanks without end')
  t.throws(() => replaceHeader('x', '(', 'y'), /regex '\('/)
})

t.test('targets are replaced where they match', async (t) => {
  t.equal(target(replacePath('/foo/(.*)', '/\\1'), '/foo/bar?q'), '/bar?q')
  t.equal(target(replacePathq('([^?]*)(\\?(.*))?', '\\1/foo\\2'), '/bar?q'), '/bar/foo?q')
  t.equal(target(replaceUri('^http://(.*)', 'https://\\1'), 'http://h/x'), 'https://h/x')
  t.equal(target(replacePath('x', format`${path}/y`), '/x'), '/x/y')
  t.equal(target(replacePath('.*', '/y'), '*'), '*')
})

t.test('fields are removed by parts of their names', async (t) => {
  const left = (rule: Rule<never>): readonly string[] => {
    const context = exchange('/', { headers: { 'X-A': '1', 'x-bc': '2', 'Ax-b': '3' } })
    status(rule, context)
    return [...context.request.headers].map(([name]) => name)
  }
  t.same(left(delHeader('X-', 'beg')), ['Ax-b'])
  t.same(left(delHeader('B', 'end')), ['X-A', 'x-bc'])
  t.same(left(delHeader('-B', 'sub')), ['X-A'])
  t.same(left(delHeader(/^x-.$/)), ['x-bc', 'Ax-b'])
  t.throws(() => delHeader('x', 'dom' as never), /must be 'str', 'beg', 'end' or 'sub'/)
})

t.test('what cannot be done is a 500, and nothing is changed', async (t) => {
  const context = exchange('/a', { headers: { x: 'a\\', big: 'b'.repeat(2000) } })
  context.bufferSize = 4000
  const shown = (): unknown => [context.request.method, context.request.target, [...context.request.headers.raw]]
  const before = shown()
  for (const rule of [
    setPath('/a b'),
    setMethod(format`${header('none')}`),
    replaceHeader('x', '.*', format`${header('x')}`),
    setHeader('y', header('big')),
    addHeader('y', header('big')),
  ])
    t.equal(status(rule, context), 500, rule.name)
  t.same(shown(), before)
  t.equal(status(normalizeUri('percent-to-uppercase', 'strict'), exchange('/%')), 400)
  t.equal(status(normalizeUri('percent-to-uppercase'), exchange('/%')), undefined)
})

t.test('unless rules need not succeed, which each set forgets', async (t) => {
  const context = exchange('/a')
  const failing = setPath('/a b')
  const lenient = new RuleSet('http-request', 'request', [strictMode(false), failing, setHeader('x', 'y')])
  t.equal(lenient.run(context), undefined)
  t.equal(context.request.headers.get('x'), 'y')
  t.match(new RuleSet('http-request', 'request', [failing]).run(context), { response: { status: 500 } })
  t.match(new RuleSet('http-request', 'request', [strictMode(false), strictMode(true), failing]).run(context), {
    response: { status: 500 },
  })
})

t.test('a response that cannot be changed ends as one', async (t) => {
  const context = exchange('/', { status: 200 })
  context.response.headers.set('x', 'a\\')
  t.match(replaceHeader('x', '.*', format`${responseHeader('x')}`).action(context), {
    kind: 'respond',
    outcome: { termination: 'PH' },
  })
})

t.test('normalizers and their options are checked', async (t) => {
  t.throws(() => normalizeUri('path' as never), /no such normalizer: 'path'/)
  t.throws(() => normalizeUri('path-strip-dot', 'full'), /has no option 'full': it has none/)
  t.equal(normalizeUri('path-strip-dotdot', 'full').name, 'normalize-uri path-strip-dotdot full')
})
