/** The same exchanges through HAProxy and through fairlead: the same answers, server bytes and log fields. */

import { appendFile } from 'node:fs/promises'
import t from 'tap'
import { accepted } from './cases/accepted.js'
import { setups } from './cases/setups.js'
import { Blackhole } from './support/blackhole.js'
import { describe } from './support/describe.js'
import { observe } from './support/differential.js'
import { missing } from './support/programs.js'
import { haproxy, isReference, subject } from './support/proxy.js'

const only = process.env['FAIRLEAD_INTEROP_ONLY']
const report = process.env['FAIRLEAD_INTEROP_REPORT']
const chosen = setups.filter((setup) => only === undefined || setup.name.includes(only))

t.setTimeout(0)

const absent = missing('haproxy', 'python3')
if (absent !== undefined) t.pass('the differential suite', { skip: absent })
else {
  t.test('the suite is as wide as it says', (t) => {
    const names = setups.flatMap((setup) => setup.exchanges.map((exchange) => `${setup.name}: ${exchange.name}`))
    t.equal(new Set(names).size, names.length, 'every exchange has its own name')
    const scripts = setups.flatMap((setup) =>
      setup.exchanges.map((exchange) =>
        JSON.stringify([
          setup.defaults,
          setup.global,
          setup.sections,
          exchange.client,
          exchange.origins,
          exchange.from,
        ]),
      ),
    )
    t.equal(new Set(scripts).size, scripts.length, 'no exchange is another one under a new name')
    t.same(
      accepted.filter((one) => !names.some((name) => one.exchange.test(name))).map((one) => one.exchange.source),
      [],
      'every accepted difference is one of an exchange',
    )
    t.ok(setups.length >= 15, `${setups.length} configurations`)
    t.ok(names.length >= 300, `${names.length} exchanges`)
    t.end()
  })

  const blackhole = await Blackhole.open()
  t.teardown(() => blackhole.close())
  const shared = { blackhole: blackhole.port }
  for (const setup of chosen) {
    await t.test(setup.name, async (t) => {
      const [expected, seen] = await Promise.all([observe(haproxy, setup, shared), observe(subject, setup, shared)])
      for (const [index, exchange] of setup.exchanges.entries()) {
        const theirs = expected[index] ?? ''
        const ours = seen[index] ?? ''
        const known = isReference
          ? undefined
          : accepted.find((one) => one.exchange.test(`${setup.name}: ${exchange.name}`))
        const same =
          known?.shows !== undefined
            ? t.match(ours, known.shows, `${exchange.name} (on purpose: ${known.reason})`)
            : t.equal(ours, known?.without ? theirs.replace(known.without, '') : theirs, exchange.name)
        if (!same && report !== undefined) {
          await appendFile(report, describe(setup, exchange, theirs, ours))
        }
      }
    })
  }
}
