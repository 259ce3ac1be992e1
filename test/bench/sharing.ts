/** What it costs two nodes to tell each other what has changed in a shared table: their own work, with the bytes that go through Redis, and no Redis between them. */
import { packBatch, unpackBatch } from '../../lib/redis/batch.js'
import { rate } from '../../lib/table/field.js'
import type { SharedStore } from '../../lib/table/shared-store.js'
import { StickTable } from '../../lib/table/stick-table.js'
import type { TableFigure } from './tables.js'
import { longest, longestAlways, middle, type Turns, take } from './turns.js'

const ROUNDS = 5
/** As `redisStore()` has it. */
const BATCH = 500

const store: SharedStore = {
  interval: 100,
  gone: 5000,
  batch: BATCH,
  join: () => {
    throw new Error('nobody joins')
  },
}

const tableOf = (): StickTable<'requests'> =>
  new StickTable('clients', { key: 'ip', size: 200_000, store: { requests: rate('10s') }, shared: store })

interface Exchanged {
  /** Milliseconds for all of them, in both nodes. */
  readonly time: number
  readonly turns: Turns
}

/** So many keys change in one node, are told, and heard in the other. */
function exchange(count: number): Exchanged {
  const [teller, hearer] = [tableOf(), tableOf()]
  const [telling, hearing] = [teller.shared!, hearer.shared!]
  telling.tell(0)
  for (let at = 0; at < count; at++) {
    const row = teller.open(teller.keyOf(`10.${at >>> 16}.${(at >>> 8) & 255}.${at & 255}`)!, 1)
    teller.count(row, 'requests', 1, 1)
    teller.touch(row, 1)
  }
  const turns: Turns = []
  const start = performance.now()
  for (let told = 0; told < count; ) {
    let bytes: Buffer = Buffer.alloc(0)
    take(turns, () => {
      const { changed, forgotten } = telling.tell(2)
      told += changed.length
      bytes = packBatch({ changed, forgotten })
    })
    take(turns, () => {
      const nodes = [{ id: telling.node, seen: 2, ...unpackBatch(bytes) }]
      hearing.hear({ time: 2, lost: false, more: true, nodes }, 2)
    })
  }
  return { time: performance.now() - start, turns }
}

export function measureSharing(): TableFigure[] {
  const figures: TableFigure[] = []
  // What runs for the first time is not compiled yet.
  exchange(20_000)
  for (const count of [1000, 100_000]) {
    const rounds: Exchanged[] = []
    for (let i = 0; i < ROUNDS; i++) rounds.push(exchange(count))
    const times = rounds.map(({ time }) => time)
    const most = rounds.map(({ turns }) => longest(turns))
    const always = longestAlways(rounds.map(({ turns }) => turns))
    const what = `${count.toLocaleString('en')} changed keys of two nodes, ${BATCH} an exchange`
    figures.push(
      { name: `to tell and hear of ${what}`, value: Math.min(...times), usual: middle(times), unit: 'ms' },
      { name: '  longest turn', value: Math.min(...most), usual: middle(most), unit: 'ms', limit: 5 },
      { name: '  in every round at the same place', value: always, usual: always, unit: 'ms', limit: 5 },
    )
  }
  return figures
}
