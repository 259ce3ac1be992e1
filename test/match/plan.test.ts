/** A plan gives the answers of its conditions, asks no more than it needs, and keeps nothing that may have changed. */
import fc from 'fast-check'
import t from 'tap'
import { Ip } from '../../lib/base/ip.js'
import { Acl } from '../../lib/match/acl.js'
import { all, any, Condition, not } from '../../lib/match/condition.js'
import type { Context } from '../../lib/match/context.js'
import { src } from '../../lib/match/fetches/connection.js'
import { cookie } from '../../lib/match/fetches/cookie.js'
import { sample } from '../../lib/match/fetches/custom.js'
import { fullHeader, header, headerCount } from '../../lib/match/fetches/header.js'
import { host, method, path, pathq, query } from '../../lib/match/fetches/message.js'
import { urlParam } from '../../lib/match/fetches/url-param.js'
import { matchText } from '../../lib/match/matcher.js'
import type { PatternMethod, TextMode } from '../../lib/match/patterns/methods.js'
import { PatternSet } from '../../lib/match/patterns/pattern-set.js'
import type { Changes } from '../../lib/match/patterns/pattern-source.js'
import { Plan } from '../../lib/match/plan.js'
import { notYet, type Sample } from '../../lib/match/sample.js'
import { TextSample } from '../../lib/match/text-sample.js'
import { exchange } from './context.js'

type Asked = Condition<'request'>

/** A question that tells how often it was asked. */
function counted(steady: boolean, name = 'counted') {
  const asked = { times: 0 }
  const ask = ({ request }: Context) => {
    asked.times++
    return request.path
  }
  return { asked, sample: new TextSample<'request'>({ name, type: 'str', phases: ['request'], steady, ask }) }
}

function planOf(...conditions: readonly (Asked | undefined)[]): Plan {
  const plan = Plan.of(conditions)
  if (plan === undefined) throw new Error('nothing is shared')
  return plan
}

t.test('what several conditions ask is asked once, until it is forgotten', async (t) => {
  const { asked, sample } = counted(true)
  const plan = planOf(sample.startsWith('/a'), sample.is('/b'), not(sample.contains('x')), sample.matches(/^.b/))
  const context = exchange('/b')
  t.strictSame(
    [0, 1, 2, 3].map((index) => plan.holds(index, context)),
    [false, true, true, true],
  )
  t.equal(asked.times, 1)
  plan.forget()
  t.equal(plan.holds(0, exchange('/a')), true)
  t.equal(asked.times, 2)
})

t.test('what cannot hold is passed over in one go', async (t) => {
  const plan = planOf(
    path.startsWith('/a'),
    all(path.startsWith('/b'), method.is('GET')),
    path.startsWith('/c'),
    undefined,
    path.startsWith('/d'),
  )
  const context = exchange('/elsewhere')
  t.equal(plan.next(0, context), 3, 'a place without a condition is none of them')
  t.equal(plan.next(4, context), 5, 'nothing is left')
  t.equal(plan.next(5, context), 5)
  plan.forget()
  t.equal(plan.next(0, exchange('/c')), 0, 'one of the patterns is there: each is asked')
  t.strictSame(
    [0, 1, 2].map((index) => plan.holds(index, exchange('/c'))),
    [false, false, true],
  )
})

t.test('what is not known to be steady is asked each time', async (t) => {
  const { asked, sample: loose } = counted(false)
  t.equal(Plan.of([loose.startsWith('/a'), loose.is('/b')]), undefined)
  const plan = planOf(loose.startsWith('/a'), loose.is('/b'), path.is('/b'), path.is('/c'))
  for (const index of [0, 1, 2, 3]) plan.holds(index, exchange('/b'))
  t.equal(asked.times, 2)
})

t.test('a copy that asks something else is not steady', async (t) => {
  const other = new TextSample<'request'>({ ...path, ask: () => '/other' })
  const plan = planOf(path.is('/b'), path.is('/c'), other.is('/other'))
  t.equal(plan.holds(2, exchange('/b')), true)
})

t.test('without two that ask the same there is nothing to plan', async (t) => {
  t.equal(Plan.of([]), undefined)
  t.equal(Plan.of([path.is('/a'), method.is('GET'), undefined]), undefined)
})

t.test('where a condition is missing, it holds', async (t) => {
  const plan = Plan.of([path.is('/a'), undefined, path.is('/b')])
  t.equal(plan?.holds(1, exchange('/')), true)
})

t.test('a condition that is not known changes what is seen behind it', async (t) => {
  const meddling = new Condition<'request'>('meddling', ['request'], ({ request }) => {
    request.path = '/b'
    return true
  })
  const plan = planOf(path.is('/a'), all(path.is('/a'), meddling, path.is('/b')))
  t.equal(plan.holds(1, exchange('/a')), true)
})

t.test('a condition may ask the very plan about another context', async (t) => {
  const other = exchange('/other')
  let plan: Plan | undefined
  const within = new Condition<'request'>('within', ['request'], () => plan?.holds(0, other) === false)
  plan = planOf(path.is('/a'), all(within, path.is('/a')))
  t.equal(plan.holds(1, exchange('/a')), true)
})

t.test('what stands behind a question that may do anything does not keep it from being asked', async (t) => {
  const { asked, sample: loose } = counted(false)
  const plan = planOf(all(loose.is('/a'), path.is('/x')), all(path.is('/y'), loose.is('/a')))
  t.equal(plan.holds(0, exchange('/a')), false)
  t.equal(asked.times, 1)
  t.equal(plan.holds(1, exchange('/a')), false)
  t.equal(asked.times, 1)
})

t.test('patterns that come and go are seen at once', async (t) => {
  const changes: Changes = { count: 0 }
  const first = new PatternSet(['/a', '/b'], '', changes)
  const second = new PatternSet(['^/c/'], '', changes)
  const plan = planOf(first.matches(path), second.matches(path, { match: 'reg' }), path.is('/z'))
  const asked = (index: number, target: string) => {
    plan.forget()
    return plan.holds(index, exchange(target))
  }
  t.equal(asked(0, '/d'), false)
  first.add('/d')
  t.equal(asked(0, '/d'), true)
  first.delete('/d')
  t.equal(asked(0, '/d'), false)
  t.equal(asked(1, '/c/1'), true)
  t.equal(asked(1, '/e/1'), false)
  second.add('e')
  t.equal(asked(1, '/e/1'), true)
  second.clear()
  t.equal(asked(1, '/e/1'), false)
  const version = first.prepare()
  first.add('/new', undefined, version)
  t.equal(asked(0, '/new'), false)
  first.commit(version)
  t.equal(asked(0, '/new'), true)
})

t.test('questions that differ in an argument alone are not taken for the same', async (t) => {
  const asked: readonly TextSample<'request'>[] = [
    header('x'),
    header('x', { occurrence: 1 }),
    header('x', { occurrence: -1 }),
    header(''),
    fullHeader('x'),
    header('x').field(1, '-'),
    header('x').field(2, '-'),
    cookie('a'),
    cookie('A'),
    cookie(),
    urlParam('a'),
    urlParam('A'),
    urlParam('A', { ignoreCase: true }),
    urlParam('a', { delimiter: ';' }),
    urlParam('a', { delimiter: ';', ignoreCase: true }),
    urlParam(undefined, { delimiter: ';' }),
    urlParam(),
  ]
  t.equal(new Set(asked.map(({ name }) => name)).size, asked.length)
  const values = ['one', 'two', 'one-two', 'three', 'c', 'C', '1', '2', '3', '4']
  const conditions = asked.flatMap((one) => values.map((value) => one.is(value)))
  const plan = planOf(...conditions)
  const headers = [
    ['x', 'one-two'],
    ['X', 'two, three'],
    ['cookie', 'A=C; a=c'],
  ] as const
  const context = exchange('/;A=1;a=2?a=3&A=4', { headers })
  for (const [index, { text, test }] of conditions.entries()) t.equal(plan.holds(index, context), test(context), text)
})

/** What a property's conditions are made of, to be made as often as it takes. */
type Tree =
  | {
      readonly kind: 'text'
      readonly of: number
      readonly mode: TextMode
      readonly words: string[]
      readonly i: boolean
    }
  | { readonly kind: 'set'; readonly of: number; readonly set: number }
  | { readonly kind: 'odd'; readonly does: 'yes' | 'no' | 'later' | 'meddle' }
  | { readonly kind: 'any' | 'all' | 'acl'; readonly parts: readonly Tree[] }
  | { readonly kind: 'not'; readonly part: Tree }

const texts: readonly TextSample<'request'>[] = [
  path,
  pathq,
  query,
  method,
  host,
  header('x'),
  fullHeader('x'),
  header('x').lower(),
  cookie('c'),
]
const modes: readonly TextMode[] = ['str', 'beg', 'end', 'sub', 'dir', 'dom', 'reg']
const expressions = ['^/a', '^a*b', '^/a+b', 'b$', '^a|b', '^/b(a|c)', '^/aB', '^a{0}b', '^', 'é']
const setKinds: readonly {
  readonly match: PatternMethod
  readonly patterns: readonly string[]
  readonly i?: boolean
}[] = [
  { match: 'ip', patterns: ['10.0.0.0/8', '::ffff:192.0.2.0/120', '192.0.2.1'] },
  { match: 'int', patterns: ['1', '2:3', ':0'] },
  { match: 'beg', patterns: ['/a', '/b/', 'A'] },
  { match: 'sub', patterns: ['a', 'b', 'ab', 'é', 'É', 'A.', 'b/'], i: true },
  { match: 'reg', patterns: expressions },
  { match: 'len', patterns: ['0', '2:4'] },
  { match: 'str', patterns: ['/a', 'A', '', 'é'], i: true },
]

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', '/', '.', 'é', '-'), maxLength: 3 })
const tree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({
      kind: fc.constant('text' as const),
      of: fc.nat(texts.length - 1),
      mode: fc.constantFrom(...modes),
      words: fc.array(word, { minLength: 1, maxLength: 3 }),
      i: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('set' as const), of: fc.nat(texts.length - 1), set: fc.nat(setKinds.length - 1) }),
    fc.record({ kind: fc.constant('odd' as const), does: fc.constantFrom('yes', 'no', 'later', 'meddle') }),
    fc.record({
      kind: fc.constantFrom('any', 'all', 'acl'),
      parts: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('not' as const), part: tie('tree') }),
  ),
})).tree

/** Conditions of trees, with sets of their own and a list of what was asked. */
class World {
  readonly told: string[] = []
  readonly conditions: readonly Asked[]
  readonly sets: readonly PatternSet[]

  constructor(trees: readonly Tree[]) {
    const changes: Changes = { count: 0 }
    this.sets = setKinds.map(({ patterns }) => new PatternSet(patterns, '', changes))
    this.conditions = trees.map((each) => this.#make(each))
  }

  #make(each: Tree): Asked {
    switch (each.kind) {
      case 'text':
        return this.#text(each.of, each.mode, each.words, each.i)
      case 'set':
        return this.#set(each.of, each.set)
      case 'odd':
        return this.#odd(each.does)
      case 'not':
        return not(this.#make(each.part))
      default: {
        const [first, ...rest] = each.parts.map((part) => this.#make(part)) as [Asked, ...Asked[]]
        if (each.kind === 'acl') return new Acl('named', first, ...rest)
        return (each.kind === 'any' ? any : all)(first, ...rest)
      }
    }
  }

  #text(of: number, mode: TextMode, words: readonly string[], ignoreCase: boolean): Asked {
    const patterns =
      mode === 'reg' ? words.map(({ length }) => expressions[(length + of) % expressions.length] as string) : words
    return matchText(texts[of] as TextSample<'request'>, mode, patterns, { ignoreCase })
  }

  #set(of: number, index: number): Asked {
    const { match, i: ignoreCase } = setKinds[index] as (typeof setKinds)[number]
    const asked: Sample<unknown, 'request'> =
      match === 'ip' ? src : match === 'int' ? headerCount('x') : (texts[of] as Sample<unknown, 'request'>)
    return (this.sets[index] as PatternSet).matches(asked, { match, ignoreCase })
  }

  #odd(does: 'yes' | 'no' | 'later' | 'meddle'): Asked {
    return sample('odd', 'bool', ['request'], (context) => {
      this.told.push(`${does} ${context.request.target}`)
      if (does === 'later') return notYet
      if (does === 'meddle') context.request.target = context.request.target === '/a' ? '/b/ab' : '/a'
      return does === 'yes' || does === 'meddle'
    }).isTrue()
  }
}

const sketch = fc.record({
  target: fc.tuple(word, fc.option(word)).map(([path, query]) => `/${path}${query === null ? '' : `?${query}`}`),
  method: fc.constantFrom('GET', 'a', 'AB'),
  src: fc.constantFrom('10.1.2.3', '192.0.2.1', '203.0.113.9'),
  fields: fc.array(
    fc.tuple(
      fc.constantFrom('x', 'X', 'host', 'cookie'),
      fc.oneof(
        word,
        word.map((text) => `c=${text}`),
      ),
    ),
    {
      maxLength: 4,
    },
  ),
})

/** What happens between two conditions, as actions of rules do it. */
const happening = fc.constantFrom('nothing', 'path', 'header', 'source', 'add', 'delete')

function happen(what: string, context: Context, { sets }: World): void {
  if (what === 'path') context.request.path = `/b${context.request.path ?? ''}`
  if (what === 'header') context.request.headers.append('x', 'ab,/a')
  if (what === 'source') context.readdress({ source: Ip.parse('10.9.9.9') })
  for (const set of what === 'add' ? sets.slice(2) : []) set.add('2')
  for (const set of what === 'delete' ? sets : []) set.delete('/a')
}

t.test('a plan answers as its conditions do, and asks them the same', async (t) => {
  let planned = 0
  const trees = fc.array(fc.tuple(tree, happening), { minLength: 2, maxLength: 8 })
  fc.assert(
    fc.property(trees, fc.array(sketch, { minLength: 1, maxLength: 3 }), (each, requests) => {
      const [plain, other] = [new World(each.map(([one]) => one)), new World(each.map(([one]) => one))]
      const plan = Plan.of(other.conditions)
      if (plan === undefined) return
      planned++
      const play = (world: World, holds: (index: number, context: Context) => unknown, forget: () => void): string => {
        const answers: unknown[] = []
        for (const { target, fields, ...rest } of requests) {
          const context = exchange(target, { ...rest, headers: fields })
          forget()
          for (const [index, [, what]] of each.entries()) {
            answers.push(String(holds(index, context)))
            if (what === 'nothing') continue
            happen(what, context, world)
            forget()
          }
        }
        return JSON.stringify([answers, world.told])
      }
      const expected = play(
        plain,
        (index, context) => plain.conditions[index]?.test(context),
        () => {},
      )
      const found = play(
        other,
        (index, context) => plan.holds(index, context),
        () => plan.forget(),
      )
      if (expected !== found) throw new Error(`${found} in place of ${expected}`)
    }),
    { numRuns: 600 },
  )
  t.ok(planned > 200, `${planned} plans`)
})
