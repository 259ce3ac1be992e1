/** Persistence by stick tables, through HAProxy and through fairlead: the same servers, the same letters in the log, the same entries. */

import t from 'tap'
import { sharedTables, stickSetups } from './cases/setups-stick.js'
import { Mirrors, tryCookies } from './support/cookie-trial.js'
import { missing } from './support/programs.js'
import { haproxy, subject } from './support/proxy.js'

t.setTimeout(0)

const absent = missing('haproxy')
if (absent !== undefined) t.pass('stick tables', { skip: absent })
else {
  const mirrors = new Mirrors()
  await mirrors.open()
  t.teardown(() => mirrors.close())
  const [expected, seen] = await Promise.all([
    tryCookies(haproxy, stickSetups, mirrors, { sections: sharedTables }),
    tryCookies(subject, stickSetups, mirrors, { sections: sharedTables }),
  ])
  for (const [number, { name, steps }] of stickSetups.entries())
    t.test(name, async (t) => {
      for (const [index, step] of steps.entries())
        t.equal(seen[number]?.[index], expected[number]?.[index], `${index}: ${JSON.stringify(step).slice(0, 100)}`)
    })
  t.test('there is enough of it', async (t) => {
    const shown = expected.flat().filter((text) => text.startsWith('show table'))
    t.ok(shown.length > 20, `${shown.length} tables were shown`)
    t.ok(shown.filter((text) => /server_id=[123]/.test(text)).length > 20, 'which remember servers')
  })
}
