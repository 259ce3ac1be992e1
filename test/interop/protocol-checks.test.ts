/** What HAProxy says of servers that answer a MySQL, PostgreSQL, Redis, SMTP, LDAP, SSL or SPOP check in a hundred ways, and what we say. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { protocolCases } from '../engine/cases/protocol-checks.js'
import { Player } from './support/check-player.js'
import { checkedServer, verdicts } from './support/check-verdicts.js'
import { missing } from './support/programs.js'
import { haproxy, subject } from './support/proxy.js'

t.setTimeout(0)

const folder = mkdtempSync(join(tmpdir(), 'fairlead-protocols-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))

interface Seen {
  readonly verdict: string
  readonly asked: string
}

async function trials(program: readonly string[]): Promise<readonly Seen[]> {
  const players = await Promise.all(protocolCases.map(({ play }) => Player.open(play)))
  const backends = protocolCases.map(
    ({ check }, index) => `  option ${check}\n${checkedServer(players[index]?.port ?? 0)}`,
  )
  try {
    const found = await verdicts(program, backends, { folder, connect: '2s' })
    return players.map(({ asked: [first = ''] }, index) => ({
      verdict: found[index] ?? '',
      asked: Buffer.from(first, 'latin1').toString('hex'),
    }))
  } finally {
    for (const player of players) player.close()
  }
}

const absent = missing('haproxy')
if (absent !== undefined) t.pass('checks of other protocols', { skip: absent })
else {
  t.test('checks of other protocols ask the same and come to the same verdict', async (t) => {
    // HAProxy's hello tells the time, where ours has a constant.
    const still = (hex: string): string => hex.replace(/^(1603000079010000750300)[0-9a-f]{8}/, '$1')
    const theirs = await trials(haproxy)
    const ours = await trials(subject)
    for (const [index, { check, name, verdict, differs }] of protocolCases.entries()) {
      const title = `option ${check}: ${name}`
      t.equal(theirs[index]?.verdict, verdict, `${title}: HAProxy's verdict is as it was recorded`)
      t.equal(
        ours[index]?.verdict,
        differs?.verdict ?? verdict,
        `${title}: ours${differs === undefined ? '' : ` (${differs.why})`}`,
      )
      t.equal(still(ours[index]?.asked ?? ''), still(theirs[index]?.asked ?? ''), `${title}: the same bytes were sent`)
    }
  })
}
