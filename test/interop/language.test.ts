/** The cases of the decision language, live: HAProxy still gives what was recorded of it, and fairlead's command gives the same. */
import t from 'tap'
import { chosen } from '../language/cases/index.js'
import { isLoadCase, isNewer, judge, sameVerdict } from '../language/support/judge.js'
import { runLive } from '../language/support/live.js'
import { recordings } from '../language/support/recording.js'
import { subjectsOf } from '../language/support/setup.js'
import { missing } from './support/programs.js'
import { haproxy, subject as product } from './support/proxy.js'

t.setTimeout(0)

const topics = chosen(process.env['FAIRLEAD_CASES'])
const subjects = subjectsOf(topics)
const recorded = recordings()

const absent = missing('haproxy')
if (absent !== undefined) t.pass('the language in HAProxy', { skip: absent })
else {
  const compared = subjects.filter((one) => !isNewer(one))
  const theirs = await runLive(haproxy, compared)
  for (const { name } of topics) {
    t.test(`${name}: HAProxy gives what is recorded`, async (t) => {
      for (const subject of compared.filter(({ topic }) => topic === name)) {
        const gave = theirs.get(subject.id) ?? ''
        const told = recorded(subject) ?? ''
        if (isLoadCase(subject)) t.ok(sameVerdict(told, gave), subject.case.name, { recorded: told, gave })
        // Where the two differ on purpose, HAProxy's answer may be chance (memory that it should not read) or a race.
        else if (subject.case.differs === undefined) t.equal(gave, told, subject.case.name)
        else if (gave !== told) t.comment(`${subject.case.name}: HAProxy gave '${gave}' this time`)
      }
    })
  }
}

// Whether and with which words a file loads, the test in memory tells: a process for each would say the same.
const run = subjects.filter((subject) => !isLoadCase(subject))
const ours = await runLive(product, run)
for (const { name } of topics) {
  t.test(`${name}: fairlead, as a process`, async (t) => {
    for (const subject of run.filter(({ topic }) => topic === name)) {
      const { expected, seen } = judge(subject, ours.get(subject.id) ?? '[did not run]', recorded)
      t.equal(seen, expected, subject.case.name)
    }
  })
}
