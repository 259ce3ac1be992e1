/** What cases and tests say that they cover is words of HAProxy, and the tests that are named are there. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { root } from '../interop/support/proxy.js'
import { topics } from './cases/index.js'
import { elsewhere } from './elsewhere.js'
import { knownKeys, vocabulary } from './support/vocabulary.js'

t.test('every word is one of the vocabulary', async (t) => {
  for (const { name, cases } of topics) {
    const unknown = cases.flatMap((one) =>
      one.covers.filter((key) => !knownKeys.has(key)).map((key) => `${one.name}: ${key}`),
    )
    t.same(unknown, [], name)
  }
  t.same(
    elsewhere.flatMap(({ covers }) => covers.filter((key) => !knownKeys.has(key))),
    [],
    'elsewhere',
  )
  t.equal(knownKeys.size, vocabulary.length, 'and is listed once')
})

t.test('tests that are named elsewhere are there', async (t) => {
  for (const { file, title } of elsewhere) {
    const path = join(root, 'test', file)
    t.ok(existsSync(path) && readFileSync(path, 'utf8').includes(title), `${file}: ${title}`)
  }
})

t.test('a case newer than the oracle, or different from it, says what it must give', async (t) => {
  const silent = topics.flatMap(({ name, cases }) =>
    cases
      .filter((one) => (one.since ?? one.differs) !== undefined && one.expect === undefined && one.sees?.[0] !== 'load')
      .map((one) => `${name}: ${one.name}`),
  )
  t.same(silent, [])
})
