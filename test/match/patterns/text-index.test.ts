import t from 'tap'
import { makeIndex, type TextMode } from '../../../lib/match/patterns/methods.js'
import { directories, domains, patterns } from '../observed-words.js'
import { entryOf, fill, seeded } from './entry.js'

/** Whether one of the patterns is found, by a few of them alone and among many that match nothing. */
function holds(mode: TextMode, given: readonly string[], text: string, ignoreCase = false): boolean {
  const alone = makeIndex(mode, { ignoreCase })
  fill(alone, given)
  const among = makeIndex(mode, { ignoreCase })
  fill(among, [...given, ...Array.from({ length: 20 }, (_, index) => `\x01${index}\x01`)])
  const found = alone.find(text)
  t.equal(among.find(text)?.pattern, found?.pattern, `${mode} ${given.join(' ')} in ${text}`)
  return found !== undefined
}

for (const [mode, observed] of [
  ['dir', directories],
  ['dom', domains],
] as const) {
  t.test(`-m ${mode} answers as HAProxy does`, async (t) => {
    for (const [text, matching] of observed) {
      const ours = patterns.filter((pattern) => holds(mode, [pattern], text))
      t.strictSame(ours.sort(), [...matching].sort(), text)
    }
  })
}

t.test('a pattern of nothing but delimiters is found in an empty text', async (t) => {
  t.ok(holds('dir', ['/'], ''))
  t.notOk(holds('dir', ['a'], ''))
})

t.test('one of several patterns is enough', async (t) => {
  t.ok(holds('str', ['a', 'b', 'c'], 'b'))
  t.notOk(holds('str', ['a', 'b', 'c'], 'B'))
  t.ok(holds('beg', ['/x', '/api/'], '/api/users'))
  t.ok(holds('end', ['.gif', '.png'], '/a.png'))
  t.notOk(holds('end', ['.gif', '.png'], '/a.png?x'))
  t.ok(holds('sub', ['zz', 'b?c'], 'ab?cd'))
  t.notOk(holds('str', [], 'a'), 'none of none')
})

t.test('case is ignored for ASCII only, in patterns and texts', async (t) => {
  t.ok(holds('str', ['ABC', 'x'], 'aBc', true))
  t.notOk(holds('str', ['\xc0'], '\xe0', true))
  t.ok(holds('dom', ['Example.COM'], 'www.eXample.com:80', true))
  t.ok(holds('end', ['.PNG'], '/a.pNg', true))
})

t.test('names of Object.prototype are patterns like any other', async (t) => {
  t.ok(holds('str', ['__proto__', 'constructor'], 'constructor'))
  t.notOk(holds('str', ['__proto__', 'constructor'], 'toString'))
})

/** Which pattern counts, looked for in the plainest way. */
const naive: Readonly<Record<string, (text: string, given: readonly string[]) => string | undefined>> = {
  str: (text, given) => given.find((pattern) => text === pattern),
  beg: (text, given) => given.filter((pattern) => text.startsWith(pattern)).sort((a, b) => b.length - a.length)[0],
  end: (text, given) => given.find((pattern) => text.endsWith(pattern)),
  sub: (text, given) => given.find((pattern) => text.includes(pattern)),
}

for (const [mode, expected] of Object.entries(naive)) {
  t.test(`${mode}: entries come and go, and the right one is found`, async (t) => {
    const random = seeded(7)
    const word = (): string => Array.from({ length: random(5) }, () => 'ab/.'[random(4)]).join('')
    const index = makeIndex(mode as TextMode, {})
    const present = new Map<number, ReturnType<typeof entryOf>>()
    for (let step = 0; step < 3000; step++) {
      if (random(3) > 0 || present.size === 0) {
        const entry = entryOf(step, word())
        index.add(entry)
        present.set(step, entry)
      } else {
        const entry = [...present.values()][random(present.size)]!
        index.delete(entry)
        present.delete(entry.id)
      }
      if (present.size > 80)
        for (const id of [...present.keys()].slice(0, 75)) {
          index.delete(present.get(id)!)
          present.delete(id)
        }
      const text = word() + word()
      const given = [...present.values()].map(({ pattern }) => pattern)
      const found = index.find(text)
      if (found?.pattern !== expected(text, given)) t.fail(`${text} in ${given}: ${found?.pattern}`)
      const first = [...present.values()].find(({ pattern }) => pattern === found?.pattern)
      if (found !== first) t.fail(`${text}: the first of equal patterns counts`)
    }
    t.pass('3000 changes')
  })
}
