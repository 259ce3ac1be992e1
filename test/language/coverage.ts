/**
 * `npm run coverage:haproxy`: how much of HAProxy's vocabulary is supported, by class. A word counts when a case that names it gives what
 * HAProxy gives (they are run here, in memory), or when a test that `elsewhere.ts` names exercises it. `--json` prints the same as data.
 */
import { topics } from './cases/index.js'
import { elsewhere } from './elsewhere.js'
import { judge } from './support/judge.js'
import { loadText } from './support/loading.js'
import { runInMemory } from './support/memory.js'
import { recordings } from './support/recording.js'
import { subjectsOf } from './support/setup.js'
import { vocabulary, type Word } from './support/vocabulary.js'

/** The words that a case or test shows to work. */
async function shown(): Promise<ReadonlySet<string>> {
  const subjects = subjectsOf(topics)
  const recorded = recordings()
  const gave = await runInMemory(subjects, loadText)
  const met = subjects.filter((subject) => {
    const { expected, seen } = judge(subject, gave.get(subject.id) ?? '', recorded)
    return expected === seen
  })
  console.error(`${met.length} of ${subjects.length} cases give what they must`)
  return new Set([...met.flatMap((one) => one.case.covers), ...elsewhere.flatMap(({ covers }) => covers)])
}

interface Row {
  readonly heading: string
  readonly supported: readonly string[]
  readonly missing: readonly string[]
  /** How many of the words HAProxy 2.6 has, and how many of these are supported. */
  readonly old: { readonly all: number; readonly supported: number }
}

function rowsOf(words: readonly Word[], keys: ReadonlySet<string>, headingOf: (word: Word) => string): readonly Row[] {
  const headings = [...new Set(words.map(headingOf))]
  return headings.map((heading) => {
    const own = words.filter((word) => headingOf(word) === heading)
    const supported = own.filter(({ key }) => keys.has(key))
    const old = own.filter((word) => word.old)
    return {
      heading,
      supported: supported.map(({ name }) => name),
      missing: own.filter(({ key }) => !keys.has(key)).map(({ name }) => name),
      old: { all: old.length, supported: old.filter(({ key }) => keys.has(key)).length },
    }
  })
}

const wrapped = (names: readonly string[]): string =>
  names
    .join(', ')
    .replace(/(.{1,130})(?:, |$)/g, '    $1\n')
    .trimEnd()

function print(rows: readonly Row[]): void {
  for (const { heading, supported, missing, old } of rows) {
    const all = supported.length + missing.length
    const older = old.all === all || old.all === 0 ? '' : `  (of HAProxy 2.6: ${old.supported} of ${old.all})`
    console.log(`${heading.padEnd(18)} ${supported.length} of ${all}${older}`)
    if (missing.length > 0) console.log(wrapped(missing))
  }
}

const keys = await shown()
// What is built before its time counts with the rest of its class.
const now = vocabulary.filter((word) => word.later === undefined || keys.has(word.key))
const later = vocabulary.filter((word) => !now.includes(word))
const rows = rowsOf(now, keys, ({ heading }) => heading)
const waiting = rowsOf(later, keys, (word) => word.later ?? '')

if (process.argv.includes('--json')) {
  const needs = Object.fromEntries(
    waiting.map(({ heading }) => [heading, later.filter((word) => word.later === heading).map(({ key }) => key)]),
  )
  console.log(JSON.stringify({ classes: rows, later: needs }, null, 2))
} else {
  print(rows)
  console.log('\nFor later, by what they need:')
  for (const { heading, missing } of waiting) console.log(`${heading}: ${missing.length}\n${wrapped(missing)}`)
  const supported = now.filter(({ key }) => keys.has(key)).length
  console.log(`\nsupported: ${supported} of ${now.length}; for later: ${later.length}`)
}
