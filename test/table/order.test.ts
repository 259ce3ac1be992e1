/** In which order entries are forgotten where they are used again and again: what is used keeps its place in the queue until it is its turn. */
import t from 'tap'
import { counter } from '../../lib/table/field.js'
import { StickTable } from '../../lib/table/stick-table.js'

const tableOf = (size: number, expire: number): StickTable<'seen'> =>
  new StickTable('t', { key: 'string', size, expire, store: { seen: counter() } })

const keyOf = (at: number): string => `k${at}`

/** Opens so many keys, one a millisecond from 0 on. */
function fill(table: StickTable<'seen'>, count: number): void {
  for (let at = 0; at < count; at++) table.open(table.keyOf(keyOf(at))!, at)
}

function use(table: StickTable<'seen'>, at: number, now: number): void {
  table.touch(table.find(table.keyOf(keyOf(at))!, now), now)
}

/** The key that goes when another one comes. */
function lostBy(table: StickTable<'seen'>, name: string, now: number): string[] {
  const lost: string[] = []
  const note = ({ key }: { key: string }): void => void lost.push(key)
  table.on('evict', note)
  table.open(table.keyOf(name)!, now)
  table.off('evict', note)
  return lost
}

t.test('of those that were used again, none goes before one that was not', async (t) => {
  const table = tableOf(1000, 254_000)
  fill(table, 1000)
  for (let at = 0; at < 1000; at++) if (at !== 40) use(table, at, 100_000 + at)
  t.same(lostBy(table, 'new', 200_000), [keyOf(40)])
})

t.test('where all were used again, it is one of the first that came, the one used longest ago of many', async (t) => {
  const table = tableOf(1000, 254_000)
  fill(table, 1000)
  for (let at = 0; at < 1000; at++) use(table, at, 200_000 - at * 100)
  const [lost] = lostBy(table, 'new', 200_000) as [string]
  t.equal(lost, keyOf(63), 'of the first 64')
  for (let at = 0; at < 15; at++) lostBy(table, `more${at}`, 200_000)
  t.same(lostBy(table, 'last', 200_000), [keyOf(999)], 'once all are at their place, it is the one used longest ago')
  t.equal(table.size, 1000)
})

t.test('what is used within the span in which it would be over stays', async (t) => {
  const table = tableOf(300, 254_000)
  fill(table, 300)
  for (let at = 0; at < 300; at += 2) use(table, at, 600)
  t.same(lostBy(table, 'new', 700), [keyOf(1)])
})

t.test('a sweep passes over what was used again, a few at a time, and says when to look next', async (t) => {
  const table = tableOf(300, 2540)
  fill(table, 300)
  for (let at = 0; at < 300; at += 2) use(table, at, 1500)
  t.ok(table.sweep(2500, 100) <= 2540, 'not later than the first that is over')
  t.equal(table.size, 300)
  let looks = 0
  for (; table.sweep(2850, 10) <= 2850; looks++) t.ok(table.size >= 300 - 10 * (looks + 1), 'no more than asked for')
  t.equal(table.size, 150, 'those that were used are left')
  t.ok(table.sweep(2850, 10) <= 1500 + 2540)
  while (table.sweep(4040, 10) <= 4040);
  t.equal(table.size, 0)
  t.equal(table.sweep(4041, 10), Number.POSITIVE_INFINITY)
})

t.test('a key that is to stay for less than before goes before others', async (t) => {
  const table = tableOf(100, 254_000)
  fill(table, 100)
  use(table, 0, 5000)
  table.expireIn(table.find(table.keyOf(keyOf(70))!, 6000), 1000, 6000)
  t.same(lostBy(table, 'new', 6500), [keyOf(70)])
  t.same(lostBy(table, 'next', 6500), [keyOf(1)])
})

t.test('where nothing expires, it is exactly the one that was used longest ago', async (t) => {
  const table = tableOf(200, Number.POSITIVE_INFINITY)
  fill(table, 200)
  for (let at = 0; at < 150; at++) use(table, at, 1000 + at)
  const lost = Array.from({ length: 52 }, (_, at) => lostBy(table, `new${at}`, 2000)[0])
  t.same(lost, [...Array.from({ length: 50 }, (_, at) => keyOf(150 + at)), keyOf(0), keyOf(1)])
})

t.test('keys are found, and forgotten, over the bounds of pages', async (t) => {
  const table = new StickTable('t', { key: 'integer', size: 200_000, expire: 1000, store: { seen: counter() } })
  for (let at = 0; at < 100_000; at++) table.write(table.open(table.keyOf(at)!, at / 1000), 0, at, 100)
  const wrong = Array.from({ length: 100_000 }, (_, at) => at).find((at) => table.get(at, 100)?.values.seen !== at)
  t.equal(wrong, undefined)
  while (table.sweep(2000, 1000) <= 2000);
  t.equal(table.size, 0)
  t.equal(table.get(1, 100), undefined)
})

t.test('whoever sweeps is told of the first key, whatever was forgotten before there was anybody', async (t) => {
  for (const forget of [
    (table: StickTable<'seen'>) => table.clear('k0'),
    (table: StickTable<'seen'>) => table.clear(),
  ]) {
    const table = tableOf(10, 1000)
    fill(table, 1)
    t.equal(forget(table), 1)
    let woken = 0
    table.keeper = { wake: () => void woken++ }
    t.equal(woken, 0)
    fill(table, 1)
    t.equal(woken, 1)
  }
})
