/** How far a peer has been told, by numbers that it tells back in 32 bits. */
import t from 'tap'
import { LinkTable } from '../../lib/engine/peers/link-table.js'
import type { SharedTable } from '../../lib/engine/peers/shared-table.js'
import { toldAs } from '../../lib/engine/peers/update-number.js'

const WRAP = 2 ** 32

t.test('what is acknowledged is the last of that number that was sent', async (t) => {
  const table = new LinkTable({} as SharedTable)
  table.pushed = 10
  for (const [told, acknowledged] of [
    [3, 3],
    [2, 3],
    [11, 3],
    [WRAP - 1, 3],
    [10, 10],
  ] as const) {
    table.acknowledge(told)
    t.equal(table.acknowledged, acknowledged, `${told}`)
  }
})

t.test('who was away while more changed than numbers have bits is not taken for one who knows it', async (t) => {
  const table = new LinkTable({} as SharedTable)
  table.pushed = 7
  table.acknowledge(7)
  table.begin()
  t.equal(table.pushed, 7, 'everything behind it is told, however much')
  table.pushed = WRAP + 5
  t.equal(toldAs(table.pushed), 5)
  table.acknowledge(6)
  t.equal(table.acknowledged, 7, 'it was told that it is 2³² before')
  table.acknowledge(WRAP - 2)
  t.equal(table.acknowledged, WRAP - 2)
  table.acknowledge(5)
  t.equal(table.acknowledged, WRAP + 5)
  table.caughtUp(3 * WRAP)
  table.acknowledge(0)
  t.strictSame([table.acknowledged, table.pushed], [3 * WRAP, 3 * WRAP])
})
