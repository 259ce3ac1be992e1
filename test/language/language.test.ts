/** Every case of the decision language, in memory, against what HAProxy gave. */
import t from 'tap'
import { chosen, topics } from './cases/index.js'
import { judge } from './support/judge.js'
import { loadText } from './support/loading.js'
import { runInMemory } from './support/memory.js'
import { recordings } from './support/recording.js'
import { fill, render, subjectsOf } from './support/setup.js'

t.setTimeout(0)

const only = process.env['FAIRLEAD_CASES']
const recorded = recordings()

t.test('names', async (t) => {
  for (const { name, cases } of topics)
    t.equal(new Set(cases.map((one) => one.name)).size, cases.length, `each case of ${name} has a name of its own`)
  t.ok(chosen(only).length > 0, 'there is something to run')
})

const subjects = subjectsOf(chosen(only))
const gave = await runInMemory(subjects, loadText)

for (const { name } of chosen(only)) {
  t.test(name, async (t) => {
    for (const subject of subjects.filter(({ topic }) => topic === name)) {
      const { expected, seen } = judge(subject, gave.get(subject.id) ?? '[did not run]', recorded)
      const lines = (): string => {
        const stage = { subject, port: 8080, serverPort: 8081, log: '127.0.0.1:514', dir: '{dir}' }
        return fill(render([stage]).text, stage)
      }
      t.equal(seen, expected, subject.case.name, seen === expected ? {} : { config: lines(), send: subject.case.send })
    }
  })
}
