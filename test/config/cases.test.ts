import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { readCases, resultOf } from './case.js'

// The compiled tests lie two folders deeper than the sources' root.
const folder = fileURLToPath(new URL('../../../test/cases/', import.meta.url))

for (const file of readdirSync(folder).filter((name) => name.endsWith('.cfg'))) {
  t.test(`the cases of ${file}`, async (t) => {
    const cases = readCases(join(folder, file))
    t.not(cases.length, 0)
    for (const one of cases) t.equal(resultOf(one), one.expected, `${file}:${one.line}`)
  })
}
