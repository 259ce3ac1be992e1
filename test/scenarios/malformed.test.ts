/**
 * What attackers send, through sockets to the command: our reply, the bytes that the server got, and the next request, all as
 * recorded. `npm run test:interop` compares the same bytes with HAProxy. FAIRLEAD_RECORD=1 writes the records anew: read their diff.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { observe } from '../interop/support/differential.js'
import { root } from '../interop/support/proxy.js'
import { malformedCases, unknownReasons } from './malformed-cases.js'
import { malformedSetup } from './malformed-setup.js'

const file = join(root, 'test/scenarios/malformed.expected.txt')
const HEADING = '### '

function recorded(): Map<string, string> {
  const records = readFileSync(file, 'utf8').split(`\n${HEADING}`)
  return new Map(
    records.map((record) => {
      const text = record.startsWith(HEADING) ? record.slice(HEADING.length) : record
      const end = text.indexOf('\n')
      return [text.slice(0, end), text.slice(end + 1).trimEnd()]
    }),
  )
}

t.setTimeout(0)

t.test('every case has a name of its own, and every reason a case', async (t) => {
  t.equal(new Set(malformedSetup.exchanges.map((exchange) => exchange.name)).size, malformedCases.length)
  t.same(unknownReasons(), [])
})

/** The client, how far it got, cookies and connections are for `npm run test:interop`, which has HAProxy's line beside ours. */
const shorter = (text: string): string =>
  text.replace(/^(log: \S+ \d+ \S{4}) \S+ \S+ \S+ \S+ ac\/fc\/\d+\/\d+\/(\+?\d+) \d+\/\d+ "/gm, '$1 retries=$2 "')

const command = [process.execPath, join(root, '.build/lib/cli/fairlead.js')]
const seen = (await observe(command, malformedSetup, { blackhole: 1 })).map((text) =>
  shorter(text).replace(/^ +$/gm, '').trimEnd(),
)

if (process.env['FAIRLEAD_RECORD'] !== undefined) {
  const texts = malformedSetup.exchanges.map((exchange, index) => `${HEADING}${exchange.name}\n${seen[index]}\n`)
  writeFileSync(file, texts.join('\n'))
}

const expected = recorded()
for (const [index, exchange] of malformedSetup.exchanges.entries()) {
  t.test(exchange.name, async (t) => {
    t.equal(seen[index], expected.get(exchange.name), 'reply, bytes at the server and log')
    t.match(seen[index], /\[body, length\] next$/m, 'the next request is answered')
  })
}
