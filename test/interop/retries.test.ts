/** Servers that fail, and what is tried again, through HAProxy and through fairlead: the same tries at the same servers, statuses, letters and bytes. */

import t from 'tap'
import type { Accepted } from './cases/accepted.js'
import { retrySetups } from './cases/setups-retries.js'
import { Blackhole } from './support/blackhole.js'
import { observe } from './support/differential.js'
import { missing } from './support/programs.js'
import { haproxy, isReference, subject } from './support/proxy.js'

const REPLAYED = 'a body that came in pieces is kept as well as one that came at once'

const accepted: readonly Accepted[] = [
  {
    exchange: /a body in pieces, lost when it was whole$/,
    reason: REPLAYED,
    shows: /^server s1:\n[\s\S]*hello world[\s\S]*^server s[12]:\n[\s\S]*hello world[\s\S]*ac\/fc\/0\/0\/(2|\+1) /m,
  },
  {
    exchange: /a body in pieces, lost in the middle$/,
    reason: REPLAYED,
    shows: /^HTTP\/1\.1 (200|502) /m,
  },
  {
    exchange: /expects 100-continue$/,
    reason: REPLAYED,
    shows: /^server s[12]:\n[\s\S]*hello[\s\S]*ac\/fc\/0\/0\/(2|\+1) /m,
  },
  {
    exchange:
      /retry-on (conn-failure empty-response 503|empty-response|all-retryable-errors), .*says nothing after an interim answer/,
    reason: 'HAProxy 2.6 ends such a try with a fault of its own (500 IH, or 400 CH); it is a try like any other',
    shows: /^HTTP\/1\.1 (200|502) /m,
  },
]

/** It is passed on when it comes, and not together with what follows it: a server that talks junk behind it cannot take it back. */
const INTERIM = /^HTTP\/1\.1 103 Early Hints\nlink: <\/x>\n/gm

/** Whether a try took a connection that the one before had left idle is not the matter here. */
const tries = (shown: string): string => shown.replace(/^(server \S+), connection \d+:\n/gm, '$1:\n')
/** How many tries shared a connection is not, either: each goes on where the one before to the same server ended. */
function each(shown: string): string {
  let server = ''
  const lines = tries(shown).replace(INTERIM, '').split('\n')
  const kept = lines.filter((line) => {
    if (line.startsWith('  ')) return true
    const same = line === server && line.startsWith('server ')
    server = line
    return !same
  })
  return kept.join('\n')
}

t.setTimeout(0)

const absent = missing('haproxy', 'python3')
if (absent !== undefined) t.pass('retries', { skip: absent })
else {
  const blackhole = await Blackhole.open()
  t.teardown(() => blackhole.close())
  const shared = { blackhole: blackhole.port }
  for (const setup of retrySetups) {
    await t.test(setup.name, async (t) => {
      const [expected, seen] = await Promise.all([observe(haproxy, setup, shared), observe(subject, setup, shared)])
      for (const [index, exchange] of setup.exchanges.entries()) {
        const theirs = tries(expected[index] ?? '')
        const ours = tries(seen[index] ?? '')
        const known = isReference
          ? undefined
          : accepted.find((one) => one.exchange.test(`${setup.name}: ${exchange.name}`))
        if (known?.shows !== undefined) t.match(ours, known.shows, `${exchange.name} (on purpose: ${known.reason})`)
        else t.equal(each(ours), each(theirs), exchange.name)
      }
    })
  }
}
