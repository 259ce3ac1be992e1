/** Malformed input through HAProxy and through fairlead: nothing reaches a server that HAProxy refuses. */

import { appendFile } from 'node:fs/promises'
import t from 'tap'
import { malformedCases, unknownReasons } from '../scenarios/malformed-cases.js'
import { malformedSetup } from '../scenarios/malformed-setup.js'
import { describe } from './support/describe.js'
import { observe } from './support/differential.js'
import { missing } from './support/programs.js'
import { haproxy, isReference, subject } from './support/proxy.js'

const report = process.env['FAIRLEAD_INTEROP_REPORT']

/** The lines that a server received, in an observation. */
const atServer = (seen: string) => seen.split('\n').filter((line) => /^ {2}/.test(line))
const firstLine = (seen: string) => seen.slice(0, seen.indexOf('\n'))
const nextAnswered = /\[body, length\] next$/m

t.setTimeout(0)

t.test('every reason to be stricter belongs to a case', async (t) => t.same(unknownReasons(), []))
const absent = missing('haproxy')
if (absent !== undefined) t.pass('malformed input against HAProxy', { skip: absent })
else {
  const shared = { blackhole: 1 }
  const [expected, seen] = await Promise.all([
    observe(haproxy, malformedSetup, shared),
    observe(subject, malformedSetup, shared),
  ])
  for (const [index, listed] of malformedCases.entries()) {
    // With HAProxy on both sides, to try the suite itself out, nothing may differ.
    const one = isReference ? { ...listed, stricter: undefined, clearer: undefined, inBody: false } : listed
    const theirs = one.clearer
      ? (expected[index] ?? '').replace(one.clearer[0], one.clearer[1])
      : (expected[index] ?? '')
    const ours = seen[index] ?? ''
    const exchange = malformedSetup.exchanges[index]!
    t.test(exchange.name, async (t) => {
      const allowed = new Set(atServer(theirs))
      t.same(
        atServer(ours).filter((line) => !allowed.has(line)),
        [],
        'no line reaches the server that HAProxy keeps back',
      )
      t.match(ours, nextAnswered, 'the next request is answered')
      if (one.stricter !== undefined) t.not(ours, theirs, `stricter: ${one.stricter}`)
      else if (one.inBody === true) {
        t.equal(firstLine(ours), firstLine(theirs), 'the same status')
        t.same(atServer(ours), atServer(theirs), 'the same bytes at the server')
        t.match(ours, /^log: be\/s1 400 P[DH]-- /m, 'the log tells of a bad body')
      } else t.equal(ours, theirs, 'the same reply, the same bytes at the server')
      if (!t.passing() && report !== undefined)
        await appendFile(report, describe(malformedSetup, exchange, theirs, ours))
    })
  }
}
