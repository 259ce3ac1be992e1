import t from 'tap'
import { editDistance, nearest } from '../../lib/base/nearest.js'

t.test('edits are inserts, deletes, replacements and swaps', async (t) => {
  t.equal(editDistance('bind', 'bind'), 0)
  t.equal(editDistance('bnid', 'bind'), 1)
  t.equal(editDistance('bin', 'bind'), 1)
  t.equal(editDistance('bindd', 'bind'), 1)
  t.equal(editDistance('', 'abc'), 3)
  t.equal(editDistance('kitten', 'sitting'), 3)
})

t.test('the nearest word is offered when it is near enough to be meant', async (t) => {
  const known = ['balance', 'bind', 'backlog', 'default_backend', 'constructor', '__proto__']
  t.equal(nearest('balence', known), 'balance')
  t.equal(nearest('BIND', known), 'bind')
  t.equal(nearest('default-backend', known), 'default_backend')
  t.equal(nearest('constuctor', known), 'constructor')
  t.equal(nearest('xyzzy', known), undefined)
  t.equal(nearest('', known), undefined)
  t.equal(nearest('bind', []), undefined)
})
