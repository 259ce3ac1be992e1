/** Entries against a model that is slow and plain: a Map of what each key should be. */
import t from 'tap'
import { concurrent, counter, rate } from '../../lib/table/field.js'
import { StickTable } from '../../lib/table/stick-table.js'

interface Expected {
  expires: number
  users: number
  seen: number
  /** Where nothing expires, who was touched first goes first. */
  order: number
}

function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const SPAN = 254

class Model {
  readonly entries = new Map<string, Expected>()
  readonly capacity: number
  readonly expire: number
  readonly noPurge: boolean
  now = 1000
  #order = 0

  constructor(capacity: number, expire: number, noPurge: boolean) {
    this.capacity = capacity
    this.expire = expire
    this.noPurge = noPurge
  }

  forgetWhatIsOver(): void {
    for (const [key, { users, expires }] of this.entries)
      if (users === 0 && expires <= this.now) this.entries.delete(key)
  }

  /** Those that may go when somebody needs the room: such as expire first, within a span where the order is not exact. */
  candidates(exact: boolean): string[] {
    const resting = [...this.entries].filter(([, { users }]) => users === 0)
    if (resting.length === 0 || this.noPurge) return []
    const first = Math.min(...resting.map(([, { expires }]) => expires))
    if (this.expire === Number.POSITIVE_INFINITY) return [resting.sort(([, a], [, b]) => a.order - b.order)[0]![0]]
    const grain = Math.max(1, Math.ceil(this.expire / SPAN))
    return resting.filter(([, { expires }]) => expires < (exact ? first + 1 : first + grain)).map(([key]) => key)
  }

  stay(key: string, time: number): void {
    const entry = this.entries.get(key)
    if (entry === undefined) return
    const expires = this.now + Math.min(time, this.expire)
    if (expires === entry.expires && expires !== Number.POSITIVE_INFINITY) return
    entry.expires = expires
    entry.order = ++this.#order
  }

  make(key: string): void {
    this.entries.set(key, { expires: this.now + this.expire, users: 0, seen: 0, order: ++this.#order })
  }
}

interface Plan {
  readonly seed: number
  readonly capacity: number
  readonly expire: number
  readonly noPurge?: boolean
  /** Peers teach entries that expire at any time. */
  readonly learns?: boolean
}

const plans: readonly Plan[] = [
  ...[1, 2, 3, 4].map((seed) => ({ seed, capacity: 12, expire: 5000 })),
  ...[5, 6].map((seed) => ({ seed, capacity: 12, expire: 5000, noPurge: true })),
  ...[7, 8].map((seed) => ({ seed, capacity: 12, expire: Number.POSITIVE_INFINITY })),
  ...[9, 10, 11, 12].map((seed) => ({ seed, capacity: 12, expire: 100_000, learns: true })),
  { seed: 13, capacity: 1, expire: 50 },
  { seed: 14, capacity: 40, expire: 1 },
]

for (const plan of plans) {
  t.test(`a table as its model, ${JSON.stringify(plan)}`, async (t) => {
    const random = seeded(plan.seed)
    const { capacity, expire, noPurge = false, learns = false } = plan
    const table = new StickTable('t', { key: 'string', size: capacity, expire, noPurge, store: { seen: counter() } })
    const model = new Model(capacity, expire, noPurge)
    const held: string[] = []
    let evicted = 0
    const evictions: string[] = []
    table.on('evict', ({ key }) => void evictions.push(key))
    const open = (name: string): number => {
      model.forgetWhatIsOver()
      const known = model.entries.has(name)
      const full = model.entries.size >= capacity && !known
      const candidates = full ? model.candidates(!learns) : []
      evictions.length = 0
      const row = table.open(table.keyOf(name)!, model.now)
      if (full && candidates.length === 0) t.equal(row, -1, 'no room')
      else if (row === -1) t.fail('there was room')
      // What was over already is no loss.
      const lost = evictions.filter((key) => model.entries.has(key))
      if (full && row !== -1) {
        if (lost.length !== 1 || !candidates.includes(lost[0]!)) t.fail(`evicted ${lost}, not of ${candidates}`)
        evicted++
      } else if (lost.length > 0) t.fail(`evicted ${lost} for nothing`)
      for (const key of lost) model.entries.delete(key)
      if (row !== -1 && !known) model.make(name)
      return row
    }
    for (let step = 0; step < 4000; step++) {
      model.now += random(4) === 0 ? random(expire === Number.POSITIVE_INFINITY ? 1000 : Math.ceil(expire / 3)) : 0
      const name = `k${random(30)}`
      const action = random(10)
      if (action < 4) {
        const row = open(name)
        if (row !== -1) {
          table.count(row, 'requests', 1, model.now)
          table.touch(row, model.now)
          model.entries.get(name)!.seen++
          model.stay(name, expire)
        }
      } else if (action < 6) {
        const row = held.length < 8 ? open(name) : -1
        if (row !== -1) {
          table.hold(row)
          model.entries.get(name)!.users++
          held.push(name)
        }
      } else if (action === 6 && held.length > 0) {
        const [done] = held.splice(random(held.length), 1) as [string]
        const row = table.find(table.keyOf(done)!, model.now)
        table.touch(row, model.now)
        model.stay(done, expire)
        table.release(row, model.now)
        model.entries.get(done)!.users--
      } else if (action === 7 && random(4) === 0) {
        model.forgetWhatIsOver()
        const forgets = model.entries.get(name)?.users === 0
        t.equal(table.clear(name) > 0 && model.entries.has(name), forgets)
        if (forgets) model.entries.delete(name)
      } else if (action === 7 && random(60) === 0) {
        model.forgetWhatIsOver()
        const resting = [...model.entries].filter(([, { users }]) => users === 0)
        t.ok(table.clear() >= resting.length, 'all that nobody uses goes')
        for (const [key] of resting) model.entries.delete(key)
      } else if (action === 8 && learns) {
        const time = random(150_000)
        const row = open(name)
        if (row !== -1) {
          table.learn(table.keyOf(name)!, time, (learned) => table.write(learned, 0, 7, model.now), model.now)
          model.entries.get(name)!.seen = 7
          model.stay(name, time)
        }
      } else if (action === 9) table.sweep(model.now, random(40))
      model.forgetWhatIsOver()
      if (table.size > capacity) t.fail('too many')
      if (step % 7 !== 0) continue
      const found = table
        .records(model.now)
        .map(({ key, users, values, expiresIn }) => [key, users, values.seen, expiresIn])
      const expected = [...model.entries].map(([key, { users, seen, expires }]) => [
        key,
        users,
        seen,
        Math.max(0, expires - model.now),
      ])
      const sorted = (rows: unknown[][]): string =>
        JSON.stringify(rows.sort((a, b) => (String(a) < String(b) ? -1 : 1)))
      if (sorted(found) !== sorted(expected)) t.equal(sorted(found), sorted(expected), `step ${step}`)
    }
    t.ok(evicted > 0 || noPurge || expire <= 50, 'somebody made room')
    for (const name of held) table.release(table.find(table.keyOf(name)!, model.now), model.now)
    const later = model.now + 200_000
    while (expire !== Number.POSITIVE_INFINITY && table.sweep(later, 5) <= later);
    if (expire !== Number.POSITIVE_INFINITY) t.equal(table.size, 0, 'all of it is over at the end')
  })
}

t.test('ten thousand keys of every type are found, and forgotten in any order', async (t) => {
  const random = seeded(99)
  for (const key of ['ip', 'ipv4', 'ipv6', 'integer', 'string', 'binary'] as const) {
    const table = new StickTable(key, { key, size: 10_000, store: { now: concurrent(), often: rate('1s') } })
    const values = Array.from({ length: 10_000 }, (_, at) => (key === 'ipv6' ? `fd00::${at.toString(16)}` : at))
    values.forEach((value, at) => void table.write(table.open(table.keyOf(value)!, 1), 0, at, 1))
    t.equal(table.size, 10_000)
    t.equal(
      values.findIndex((value, at) => table.read(table.find(table.keyOf(value)!, 2), 0, 2) !== at),
      -1,
      `${key}: all found`,
    )
    const gone = new Set<string | number>()
    while (gone.size < 5000) gone.add(values[random(10_000)]!)
    for (const value of gone) table.remove(table.find(table.keyOf(value)!, 2))
    t.equal(
      values.find((value) => (table.find(table.keyOf(value)!, 2) === -1) !== gone.has(value)),
      undefined,
      `${key}: those that are gone are not found, the others are`,
    )
  }
})
