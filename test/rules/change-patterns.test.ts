import t from 'tap'
import { OptionError } from '../../lib/base/errors.js'
import type { Context } from '../../lib/match/context.js'
import { src } from '../../lib/match/fetches/connection.js'
import { path, query } from '../../lib/match/fetches/message.js'
import { PatternMap } from '../../lib/match/patterns/pattern-map.js'
import { PatternSet } from '../../lib/match/patterns/pattern-set.js'
import { addAcl, delAcl, delMap, setMap } from '../../lib/rules/actions/change-patterns.js'
import type { Rule } from '../../lib/rules/rule.js'
import { exchange } from '../match/context.js'

const run = (rule: Rule<never>, context: Context) => rule.action(context)

t.test('addAcl adds what is not there, delAcl removes it', async (t) => {
  const set = new PatternSet(['/a'], 'list')
  const known = set.matches(path)
  const asked = exchange('/b?x')
  t.equal(known.test(asked), false)
  const rule = addAcl(set, path)
  t.equal(rule.name, 'add-acl(list) %[path]')
  t.equal(run(rule, asked), undefined)
  run(rule, asked)
  t.equal(known.test(asked), true)
  t.equal(set.size, 2, 'once')
  run(delAcl(set, path), asked)
  t.equal(known.test(asked), false)
})

t.test('setMap sets what is there, and adds what is not', async (t) => {
  const map = new PatternMap([['/a', '1']], 'm')
  const found = map.lookup(path, { output: 'int' })
  run(setMap(map, path, query), exchange('/a?7'))
  run(setMap(map, path, query), exchange('/b?8'))
  t.equal(found.ask(exchange('/a')), 7)
  t.equal(found.ask(exchange('/b')), 8)
  run(setMap(map, path, query), exchange('/b?nonsense'))
  t.equal(found.ask(exchange('/b')), 8, 'a value of another type is passed over')
  run(delMap(map, path), exchange('/b'))
  t.equal(found.ask(exchange('/b')), undefined)
})

t.test('a pattern that the set cannot read is passed over', async (t) => {
  const set = new PatternSet(['10.0.0.0/8'])
  const inside = set.matches(src)
  run(addAcl(set, path), exchange('/x'))
  t.equal(set.size, 1)
  t.equal(inside.test(exchange('/', { src: '10.1.1.1' })), true)
})

t.test('a set may come later', async (t) => {
  const set = new PatternSet()
  run(addAcl({ name: 'late', get: () => set }, 'x'), exchange())
  t.ok(set.has('x'))
  t.throws(() => addAcl(undefined as never, 'x'), OptionError)
})

t.test('an explanation changes nothing', async (t) => {
  const set = new PatternSet()
  const context = exchange()
  context.rehearsal = true
  run(addAcl(set, 'x'), context)
  t.equal(set.size, 0)
})
