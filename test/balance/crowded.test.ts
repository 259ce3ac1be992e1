/** Servers that are full, or come and go, by the thousand: a pick asks about few of them, and the order is as if each had been looked at in turn. */
import t from 'tap'
import type { Algorithm, Picker } from '../../lib/balance/algorithm.js'
import { BitTree } from '../../lib/balance/bit-tree.js'
import { first } from '../../lib/balance/first.js'
import type { HashOptions } from '../../lib/balance/hash-type.js'
import { headerHash } from '../../lib/balance/header-hash.js'
import { leastConn } from '../../lib/balance/least-conn.js'
import { random } from '../../lib/balance/random.js'
import { roundRobin } from '../../lib/balance/round-robin.js'
import { staticRoundRobin } from '../../lib/balance/static-round-robin.js'
import { asking, type FakeServer, farm, repeatable } from '../contracts/algorithm.js'

const nobodyAsked = asking()
const keyed = Array.from({ length: 300 }, (_, index) => asking({ fields: ['k', `key ${index * 7919}`] }))
const byKey = (options: HashOptions = {}): Algorithm => headerHash('k', options)

const algorithms: readonly Algorithm[] = [
  roundRobin(),
  staticRoundRobin(),
  leastConn(),
  first(),
  random(),
  random(3, { balanceFactor: 150 }),
  byKey(),
  byKey({ method: 'consistent' }),
  byKey({ method: 'consistent', balanceFactor: 125 }),
]
const label = ({ name }: Algorithm, index: number): string => `${name} (${index})`

/** A server that does not say that it is full: algorithms that only hear of it from their caller look at each in turn. */
const silent = (pool: readonly FakeServer[]): FakeServer[] =>
  pool.map(({ id, name, effectiveWeight }) => ({ id, name, effectiveWeight, active: 0, queued: 0, full: false }))

for (const [index, algorithm] of [
  roundRobin(),
  staticRoundRobin(),
  byKey(),
  byKey({ method: 'consistent' }),
].entries()) {
  t.test(`${label(algorithm, index)}: who is full is passed over as if it had been looked at`, async (t) => {
    const chance = repeatable(7)
    const below = (limit: number): number => Math.floor(chance.next() * limit)
    for (let round = 0; round < 20; round++) {
      const pool = farm(...Array.from({ length: 2 + below(9) }, () => 1 + below(5)))
      const plain = silent(pool)
      let picker: Picker<FakeServer> = algorithm.picker(pool, repeatable())
      let other: Picker<FakeServer> = algorithm.picker(plain, repeatable())
      const full = new Set<number>()
      for (let step = 0; step < 400; step++) {
        if (below(3) === 0) {
          const server = pool[below(pool.length)]!
          server.full = !server.full
          if (server.full) full.add(server.id)
          else full.delete(server.id)
          // Limits that fall with the load of others are not told of.
          if (!server.full || below(4) > 0) picker.loadChanged(server)
        }
        if (below(60) === 0) {
          picker = algorithm.picker(pool, repeatable(), picker)
          other = algorithm.picker(plain, repeatable(), other)
        }
        const tried = below(5) === 0 ? 1 + below(pool.length) : 0
        const ours = picker.pick(nobodyAsked, ({ id }) => id !== tried && !full.has(id))
        const theirs = other.pick(nobodyAsked, ({ id }) => id !== tried && !full.has(id))
        if (ours?.id !== theirs?.id) return t.fail(`step ${step} of ${round}: ${ours?.name}, not ${theirs?.name}`)
      }
    }
    t.pass('the same servers')
  })
}

for (const [index, algorithm] of algorithms.entries()) {
  t.test(`${label(algorithm, index)}: a pick among thousands that are full asks about few`, async (t) => {
    const pool = farm(...Array.from({ length: 10_000 }, () => 1))
    const picker: Picker<FakeServer> = algorithm.picker(pool, repeatable())
    const chance = repeatable(3)
    let questions = 0
    const usable = (server: FakeServer): boolean => {
      questions++
      return !server.full
    }
    for (const server of pool) {
      if (server.id % 1000 === 0) continue
      server.full = true
      server.active = 1
      picker.loadChanged(server)
    }
    // Turns find out who is full when they come by for the first time.
    picker.pick(nobodyAsked, () => false)
    questions = 0
    let none = 0
    const picks = 2000
    for (let pick = 0; pick < picks; pick++) {
      const server = picker.pick(nobodyAsked, usable)
      if (server === undefined) none++
      else Object.assign(server, { full: true, active: 1 })
      if (server !== undefined) picker.loadChanged(server)
      const gone = pool[Math.floor(chance.next() * pool.length)]!
      Object.assign(gone, { full: false, active: 0 })
      picker.loadChanged(gone)
    }
    t.equal(none, 0, 'a free one is always found')
    t.ok(questions < picks * 40, `${questions} questions for ${picks} picks`)
  })
}

for (const options of [{ method: 'consistent' }, { method: 'consistent', balanceFactor: 110 }] as const)
  t.test(`a ring that changes is the ring of those who are there, ${JSON.stringify(options)}`, async (t) => {
    const algorithm = byKey(options)
    const chance = repeatable(5)
    const below = (limit: number): number => Math.floor(chance.next() * limit)
    const all = farm(...Array.from({ length: 14 }, () => 1 + below(4)))
    const inside = new Set(all)
    const pool = (): FakeServer[] => all.filter((server) => inside.has(server))
    let picker: Picker<FakeServer> = algorithm.picker(all, chance)
    let rebuilt = 0
    for (let step = 0; step < 400; step++) {
      let stale = false
      for (let changes = below(4); changes > 0; changes--) {
        const server = all[below(all.length)]!
        if (inside.size === 1 || below(2) === 0) inside.add(server)
        else inside.delete(server)
        if (below(4) === 0) server.effectiveWeight = 1 + below(80) / 16
        stale ||= picker.change?.(server, inside.has(server)) === false
      }
      if (stale) {
        picker = algorithm.picker(pool(), chance, picker)
        rebuilt++
      }
      const loaded = all[below(all.length)]!
      loaded.active = below(3)
      picker.loadChanged(loaded)
      const fresh: Picker<FakeServer> = algorithm.picker(pool(), chance)
      for (let asks = 0; asks < 10; asks++) {
        const context = keyed[below(keyed.length)]!
        const tried = below(3) === 0 ? below(all.length) : 0
        const ours = picker.pick(context, ({ id }) => id !== tried)
        const theirs = fresh.pick(context, ({ id }) => id !== tried)
        if (ours !== theirs) return t.fail(`step ${step}: ${ours?.name}, not ${theirs?.name}`)
      }
    }
    t.ok(rebuilt < 120, `it was made anew ${rebuilt} times in 400 steps`)
  })

t.test(
  'a key that everybody asks for: the bound leads past those who carry too much, as if each had been looked at',
  async (t) => {
    const algorithm = byKey({ method: 'consistent', balanceFactor: 125 })
    const chance = repeatable(9)
    const pool = farm(...Array.from({ length: 200 }, (_, index) => 1 + (index % 3)))
    const picker: Picker<FakeServer> = algorithm.picker(pool, chance)
    const taken: FakeServer[] = []
    let most = 0
    for (let step = 0; step < 900; step++) {
      const context = keyed[chance.next() < 0.9 ? 0 : 1]!
      const server = picker.pick(context, () => true)
      if (step % 9 === 0) {
        const fresh: Picker<FakeServer> = algorithm.picker(pool, chance)
        const theirs = fresh.pick(context, () => true)
        if (server !== theirs) return t.fail(`step ${step}: ${server?.name}, not ${theirs?.name}`)
      }
      if (server === undefined) return t.fail(`step ${step}: nobody`)
      server.active++
      picker.loadChanged(server)
      most = Math.max(most, taken.push(server))
      // Their number rises and falls.
      for (let leave = step % 300 > 200 ? 3 : step % 4 === 0 ? 1 : 0; leave > 0 && taken.length > 0; leave--) {
        const [gone] = taken.splice(Math.floor(chance.next() * taken.length), 1) as [FakeServer]
        gone.active--
        picker.loadChanged(gone)
      }
      if (step % 50 === 49) {
        const changed = pool[Math.floor(chance.next() * pool.length)]!
        changed.effectiveWeight = 1 + Math.floor(chance.next() * 3)
        picker.change?.(changed, true)
      }
    }
    t.ok(most > 100, `${most} were under way`)
  },
)

/** Whom a bound allows more, by its definition: the places are dealt out by weight in the order of declaration. */
function allowing(pool: readonly FakeServer[], factor: number): (server: FakeServer) => boolean {
  const places = Math.ceil(((pool.reduce((sum, { active }) => sum + active, 0) + 1) * factor) / 100)
  const total = pool.reduce((sum, { effectiveWeight }) => sum + effectiveWeight, 0)
  const own = new Map<FakeServer, number>()
  let before = 0
  for (const server of pool) {
    const after = before + server.effectiveWeight
    own.set(server, Math.max(1, Math.floor((places * after) / total) - Math.floor((places * before) / total)))
    before = after
  }
  return (server) => server.active < own.get(server)!
}

t.test('whom a bound leads to is whom a walk around the ring comes to first, at every load', async (t) => {
  const chance = repeatable(13)
  const below = (limit: number): number => Math.floor(chance.next() * limit)
  const weightOf = [() => 1, () => 1 + below(4), () => (1 + below(40)) / 16, () => 1 + below(256)]
  let picks = 0
  for (let round = 0; round < 24; round++) {
    const factor = 101 + below(60)
    const many = round % 4 === 3 ? 4 : 90
    const pool = farm(...Array.from({ length: 1 + below(many) }, weightOf[round % 4]!))
    const out = new Set<FakeServer>()
    let walk: Picker<FakeServer> = byKey({ method: 'consistent' }).picker(pool, chance)
    let bounded: Picker<FakeServer> = byKey({ method: 'consistent', balanceFactor: factor }).picker(pool, chance)
    const taken: FakeServer[] = []
    for (let step = 0; step < 300; step++) {
      const inside = pool.filter((server) => !out.has(server))
      const context = keyed[below(4) === 0 ? below(keyed.length) : 0]!
      const tried = below(6) === 0 ? below(pool.length) : 0
      const allowed = allowing(inside, factor)
      const theirs = walk.pick(context, (server) => server.id !== tried && allowed(server))
      const ours = bounded.pick(context, (server) => server.id !== tried)
      if (ours !== theirs) return t.fail(`round ${round}, step ${step}: ${ours?.name}, not ${theirs?.name}`)
      if (ours !== undefined) {
        picks++
        taken.push(ours)
        ours.active++
        bounded.loadChanged(ours)
      }
      // Their number rises, stays for a while, and falls.
      for (let leave = step < 150 ? 0 : step < 250 ? 1 : 3; leave > 0 && taken.length > 0; leave--) {
        const [gone] = taken.splice(below(taken.length), 1) as [FakeServer]
        gone.active--
        bounded.loadChanged(gone)
      }
      if (below(40) > 0) continue
      const server = pool[below(pool.length)]!
      if (out.has(server)) out.delete(server)
      else if (out.size < pool.length - 1) out.add(server)
      server.effectiveWeight = weightOf[round % 4]!()
      const present = pool.filter((server) => !out.has(server))
      walk = byKey({ method: 'consistent' }).picker(present, chance)
      if (bounded.change?.(server, !out.has(server)) === true) continue
      bounded = byKey({ method: 'consistent', balanceFactor: factor }).picker(present, chance, bounded)
    }
  }
  t.ok(picks > 5000, `${picks} picks`)
})

t.test(
  'a key that most of 10,000 servers are busy with leads to one that may carry more at once, at every load',
  async (t) => {
    const pool = farm(...Array.from({ length: 10_000 }, () => 1))
    const picker: Picker<FakeServer> = byKey({ method: 'consistent', balanceFactor: 125 }).picker(pool, repeatable())
    let read = 0
    for (const server of pool) {
      let active = 0
      Object.defineProperty(server, 'active', {
        get: () => {
          read++
          return active
        },
        set: (value: number) => {
          active = value
        },
      })
    }
    const chance = repeatable(2)
    const taken: FakeServer[] = []
    const take = (): void => {
      const server = picker.pick(keyed[0]!, () => true)!
      server.active++
      picker.loadChanged(server)
      taken.push(server)
    }
    const leave = (): void => {
      const [gone] = taken.splice(Math.floor(chance.next() * taken.length), 1) as [FakeServer]
      gone.active--
      picker.loadChanged(gone)
    }
    // Places that are allowed to each: 0.625, 1.0002, 1.0014, 1.0125, 1.125, 2.0002.
    for (const load of [5000, 8000, 8010, 8100, 9000, 16_000]) {
      while (taken.length < load) take()
      for (let settle = 0; settle < 300; settle++) {
        take()
        leave()
      }
      read = 0
      const picks = 500
      for (let pick = 0; pick < picks; pick++) {
        take()
        leave()
      }
      const each = Math.round(read / picks)
      t.ok(
        each < 400,
        `${load} under way: loads were looked at ${each} times a pick, of 10,000 servers at 160,000 places`,
      )
    }
  },
)

t.test('places go by the id that a server had when it came, until it comes back with another', async (t) => {
  const pool = farm(2, 5, 8, 6)
  const picker: Picker<FakeServer> = byKey({ method: 'consistent' }).picker(pool, repeatable())
  const gone = pool[1]!
  const rest = pool.filter((server) => server !== gone)
  Object.assign(gone, { id: 0 })
  t.equal(picker.change?.(gone, false), true)
  const fresh: Picker<FakeServer> = byKey({ method: 'consistent' }).picker(rest, repeatable())
  const names = (from: Picker<FakeServer>): unknown[] => keyed.map((key) => from.pick(key, () => true)?.name)
  t.same(names(picker), names(fresh))
  Object.assign(gone, { id: 9 })
  t.equal(picker.change?.(gone, true), false, 'another picker is made')
})

t.test('a ring that most have left is made anew', async (t) => {
  const pool = farm(...Array.from({ length: 40 }, () => 1))
  const picker = byKey({ method: 'consistent' }).picker(pool, repeatable())
  const kept = pool.findIndex((server) => picker.change?.(server, false) === false)
  t.ok(kept > 20 && kept < 39, `after ${kept}`)
})

t.test('a bit tree finds the next and the last of its numbers', async (t) => {
  const chance = repeatable(11)
  for (const limit of [1, 31, 32, 33, 1000, 1024, 40_000]) {
    const tree = new BitTree(limit, true)
    t.equal(tree.next(limit - 1), limit - 1)
    t.equal(tree.next(limit), -1)
    t.equal(tree.last(-1), -1)
    const inside = new Set(Array.from({ length: limit }, (_, number) => number))
    for (let step = 0; step < limit * 2; step++) {
      const number = Math.floor(chance.next() * limit)
      if (chance.next() < 0.02) inside.add(number)
      else inside.delete(number)
      if (inside.has(number)) tree.add(number)
      else tree.remove(number)
    }
    const copy = tree.copy()
    const sorted = [...inside].sort((a, b) => a - b)
    let wrong = 0
    for (let asks = 0; asks < 500; asks++) {
      const number = Math.floor(chance.next() * limit)
      if (copy.has(number) !== inside.has(number)) wrong++
      if (copy.next(number) !== (sorted.find((one) => one >= number) ?? -1)) wrong++
      if (copy.last(number) !== (sorted.findLast((one) => one <= number) ?? -1)) wrong++
    }
    t.equal(wrong, 0, `${sorted.length} of ${limit}`)
  }
})
