/** Servers that are full, through HAProxy and through fairlead: the same turns, the same servers, statuses and letters. */

import t from 'tap'
import { queueSetups } from './cases/setups-queues.js'
import { Blackhole } from './support/blackhole.js'
import { observe } from './support/differential.js'
import { missing } from './support/programs.js'
import { haproxy, subject } from './support/proxy.js'

/** Where limits rise with the load, whoever waits is let go as soon as they have; HAProxy waits for somebody to finish: places in queues and at the server differ. */
const places = (shown: string): string => shown.replace(/ (ac\/fc\/\d+)\/\d+\/(\+?\d+) \d+\/\d+ "/g, ' $1/s/$2 q/q "')

/** Which of the two servers chance takes first is not the matter. */
const CHANCE = 'balance random'
const statuses = (shown: string): string[] => [...shown.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status ?? '')

/** A client that resets is noticed at once, whatever the option says, and its end is called as that of one that closes. */
const NOTICED = /option abortonclose.*(leaves|rst)$/

/** A key's server whose queue is full: the next one on the ring takes over. HAProxy asks the ring again, and gets the same one. */
const NEXT_ON_RING = 'balance source, hash-type consistent, option redispatch'

t.setTimeout(0)

const absent = missing('haproxy', 'python3')
if (absent !== undefined) t.pass('queues', { skip: absent })
else {
  const blackhole = await Blackhole.open()
  t.teardown(() => blackhole.close())
  const shared = { blackhole: blackhole.port }
  for (const setup of queueSetups) {
    await t.test(setup.name, async (t) => {
      const [expected, seen] = await Promise.all([observe(haproxy, setup, shared), observe(subject, setup, shared)])
      for (const [index, exchange] of setup.exchanges.entries()) {
        const theirs = expected[index] ?? ''
        const ours = seen[index] ?? ''
        if (NOTICED.test(`${setup.name}: ${exchange.name}`)) t.match(ours, /^log: .* C[QCHD]-- /m, exchange.name)
        else if (setup.name.startsWith(CHANCE)) t.same(statuses(ours), statuses(theirs), exchange.name)
        else if (setup.name.startsWith(NEXT_ON_RING)) {
          t.match(theirs, /^log: be\/s2 503 SQ-- .*"GET \/2 /m, exchange.name)
          t.match(ours, /^log: be\/s1 200 ---- .*\/\+0 0\/0 "GET \/2 /m, `${exchange.name}, on purpose`)
        } else if (setup.name.startsWith('minconn')) t.equal(places(ours), places(theirs), exchange.name)
        else t.equal(ours, theirs, exchange.name)
      }
    })
  }
}
