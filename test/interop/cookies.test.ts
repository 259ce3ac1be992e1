/** Persistence by cookies, through HAProxy and through fairlead: the same servers, the same bytes of cookies in both directions, the same letters in the log. */

import t from 'tap'
import { cookieSetups } from './cases/setups-cookies.js'
import { Mirrors, tryCookies } from './support/cookie-trial.js'
import { missing } from './support/programs.js'
import { haproxy, subject } from './support/proxy.js'

t.setTimeout(0)

const absent = missing('haproxy')
if (absent !== undefined) t.pass('cookies', { skip: absent })
else {
  const mirrors = new Mirrors()
  await mirrors.open()
  t.teardown(() => mirrors.close())
  const [expected, seen] = await Promise.all([
    tryCookies(haproxy, cookieSetups, mirrors),
    tryCookies(subject, cookieSetups, mirrors),
  ])
  for (const [number, { name, steps }] of cookieSetups.entries())
    t.test(name, async (t) => {
      for (const [index, step] of steps.entries())
        t.equal(seen[number]?.[index], expected[number]?.[index], JSON.stringify(step).slice(0, 100))
    })
  t.test('there is enough of it', async (t) => {
    const exchanges = cookieSetups.flatMap(({ steps }) => steps).filter((step) => !('order' in step))
    t.ok(exchanges.length > 1000, `${exchanges.length} exchanges`)
    t.ok(seen.flat().filter((shown) => shown.includes('log: fe')).length >= exchanges.length, 'each was logged')
  })
}
