/** The same commands and the same traffic through HAProxy and through fairlead: the same answers of the runtime API. */
import { appendFile } from 'node:fs/promises'
import t from 'tap'
import { runtimeCases } from './cases/runtime/index.js'
import { missing } from './support/programs.js'
import { haproxy, isReference, subject } from './support/proxy.js'
import { Surroundings } from './support/runtime.js'

const only = process.env['FAIRLEAD_INTEROP_ONLY']
const report = process.env['FAIRLEAD_INTEROP_REPORT']

t.setTimeout(0)

const absent = missing('haproxy')
if (absent !== undefined) t.pass('the runtime API', { skip: absent })
else {
  t.test('the suite is as wide as it says', (t) => {
    const asked = runtimeCases.flatMap(({ steps }) => steps.flatMap((step) => ('ask' in step ? [step.ask] : [])))
    t.ok(new Set(asked).size >= 60, `${new Set(asked).size} different commands`)
    t.end()
  })

  for (const one of runtimeCases.filter(({ name }) => only === undefined || name.includes(only))) {
    await t.test(one.name, async (t) => {
      // One after the other, so that both can have the same ports and paths.
      const surroundings = await Surroundings.open()
      t.teardown(() => surroundings.close())
      const expected = await surroundings.run(haproxy, one)
      const seen = await surroundings.run(subject, one)
      for (const [index, step] of one.steps.entries()) {
        // HAProxy knows no line of a server that was added, and says so.
        const theirs = (expected[index] ?? '').replace(' at (null):0', '')
        const ours = seen[index] ?? ''
        const what = `${index}: ${JSON.stringify(step)}`
        if ('subset' in step && step.subset === true && !isReference) {
          const known = theirs.split('\n')
          const lines = ours.split('\n')
          t.same(
            lines,
            known.filter((line) => lines.includes(line)),
            what,
          )
        } else t.equal(ours, theirs, what)
        if (report !== undefined && ours !== theirs)
          await appendFile(report, `== ${one.name} ${what}\n-- HAProxy\n${theirs}\n-- fairlead\n${ours}\n`)
      }
    })
  }
}
