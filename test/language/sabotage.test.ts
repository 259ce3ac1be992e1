/**
 * The proof that the table of cases means something: of the words that cases say they cover, thirty are disabled, one after the other, and each
 * time a case that names the word must go red. FAIRLEAD_SEED chooses others; FAIRLEAD_SABOTAGE=all (or a word) takes all of them (or that one).
 */
import t from 'tap'
import { configWords } from '../../lib/config/config-words.js'
import type { Words } from '../../lib/config/words.js'
import { TestRandom } from '../../lib/testing/index.js'
import { topics } from './cases/index.js'
import { judge } from './support/judge.js'
import { loadWith } from './support/loading.js'
import { runInMemory } from './support/memory.js'
import { recordings } from './support/recording.js'
import { disable, sabotaged } from './support/sabotage.js'
import { type Subject, subjectsOf } from './support/setup.js'
import { vocabulary, type WordClass } from './support/vocabulary.js'

const COUNT = 30
const seed = Number(process.env['FAIRLEAD_SEED'] ?? 20_311)
const asked = process.env['FAIRLEAD_SABOTAGE']

const subjects = subjectsOf(topics)
const recorded = recordings()

/** The cases among these that give what they must. */
async function met(among: readonly Subject[], words: Words): Promise<readonly Subject[]> {
  const gave = await runInMemory(among, loadWith(words))
  return among.filter((subject) => {
    const { expected, seen } = judge(subject, gave.get(subject.id) ?? '', recorded)
    return expected === seen
  })
}

function shuffled(keys: readonly string[]): readonly string[] {
  const random = new TestRandom(seed)
  return keys
    .map((key) => ({ key, place: random.next() }))
    .sort((left, right) => left.place - right.place)
    .map(({ key }) => key)
}

const classOf = new Map<string, WordClass>(vocabulary.map((word) => [word.key, word.class]))
const covered = [...new Set(subjects.flatMap(({ case: one }) => one.covers))]
  .filter((key) => sabotaged.has(classOf.get(key) ?? 'section'))
  .sort()
const all = asked === 'all' ? covered : asked === undefined ? shuffled(covered).slice(0, COUNT) : [asked]

t.setTimeout(0)
t.test(`of ${covered.length} covered words, with seed ${seed}`, async (t) => {
  for (const key of all) {
    const claiming = subjects.filter(({ case: one }) => one.covers.includes(key))
    const before = await met(claiming, configWords)
    let left = await met(before, disable(configWords, key, 'silent'))
    // An action that does something must be missed when it does nothing; one that is only told of, when it is not known.
    const other = !key.startsWith('action:') || claiming.every(({ case: one }) => one.sees?.[0] === 'load')
    if (left.length === before.length && other) left = await met(before, disable(configWords, key, 'wrong'))
    t.ok(left.length < before.length, `without ${key}, one of its ${before.length} cases goes red`, {
      cases: claiming.map(({ topic, case: one }) => `${topic}: ${one.name}`).slice(0, 10),
    })
  }
})
