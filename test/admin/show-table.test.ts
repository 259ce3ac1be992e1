/** `show table` and `clear table` of tables that are larger than what is looked at in one turn. That the lines are HAProxy's is shown beside HAProxy. */
import t from 'tap'
import { RuntimeApi } from '../../lib/admin/runtime-api.js'
import { Balancer, Frontend, general, StickTable } from '../../lib/index.js'

/** A table with the keys of so many numbers, in another order, and holes where others were. */
function apiOf(count: number): { api: RuntimeApi; table: StickTable<'seen'> } {
  const table = new StickTable('t', { key: 'integer', size: 2 * count, store: { seen: general() } })
  for (let at = 0; at < 2 * count; at++) {
    const number = (at * 7919) % (2 * count)
    const row = table.open(table.keyOf(number)!, 1)
    table.write(row, 0, number % 3, 1)
  }
  for (let at = 0; at < count; at++) table.clear(2 * at + 1)
  const edge = new Frontend('edge', { bind: '127.0.0.1:0' })
  return { api: new RuntimeApi(new Balancer({ frontends: [edge], tables: [table] })), table }
}

const keysOf = (text: string): number[] => [...text.matchAll(/ key=(\d+) /g)].map(([, key]) => Number(key))

const ascending = (keys: readonly number[]): boolean => keys.every((key, at) => at === 0 || key > keys[at - 1]!)

t.test('up to ten thousand entries are shown by key, however many turns it takes', async (t) => {
  const { api } = apiOf(3000)
  const keys = keysOf(await api.execute('show table t'))
  t.equal(keys.length, 3000)
  t.ok(ascending(keys))
  t.equal(
    keys.find((key) => key % 2 === 1),
    undefined,
  )
  const chosen = keysOf(await api.execute('show table t data.gpc0 eq 2'))
  t.same(
    chosen,
    keys.filter((key) => key % 3 === 2),
  )
})

t.test('more are shown as they lie, each once', async (t) => {
  const { api } = apiOf(10_001)
  const keys = keysOf(await api.execute('show table t'))
  t.equal(keys.length, 10_001)
  t.equal(new Set(keys).size, 10_001)
  t.notOk(ascending(keys))
})

t.test('others have their turn meanwhile, and what they clear is not shown', async (t) => {
  const { api, table } = apiOf(3000)
  const shown = api.execute('show table t')
  setImmediate(() => void table.clear())
  t.equal(keysOf(await shown).length, 0)
})

t.test('entries are cleared by what they say, all of them, and not those in use', async (t) => {
  const { api, table } = apiOf(3000)
  const held = table.find(table.keyOf(12)!, 1)
  table.hold(held)
  await api.execute('clear table t data.gpc0 eq 2')
  t.equal(table.size, 2000)
  await api.execute('clear table t')
  t.equal(table.size, 1)
  t.equal(table.get(12)?.users, 1)
})
