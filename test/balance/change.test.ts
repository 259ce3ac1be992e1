import t from 'tap'
import { type Algorithm, type Candidate, headerHash, leastConn, random, roundRobin } from '../../lib/index.js'
import { request } from '../../lib/testing/index.js'

interface Double extends Candidate {
  effectiveWeight: number
  active: number
}

const seeded = (seed: number) => {
  let state = seed
  return { next: () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) / 2 ** 32 }
}
const servers = (): Double[] =>
  Array.from({ length: 12 }, (_, index) => ({
    id: index + 1,
    name: `s${index}`,
    effectiveWeight: 1,
    active: 0,
    queued: 0,
  }))
const contexts = Array.from({ length: 200 }, (_, index) => request('/', { headers: { k: `key ${index * 7919}` } }))
const anybody = (): boolean => true

const algorithms: readonly Algorithm[] = [
  roundRobin(),
  leastConn(),
  random(1),
  headerHash('k', { method: 'consistent' }),
]

for (const algorithm of algorithms)
  t.test(`${algorithm.name}: a pool that changes one by one is as one that was so from the start`, async (t) => {
    const all = servers()
    const chance = seeded(7)
    const inside = new Set(all)
    let picker = algorithm.picker(all, chance)
    for (let step = 0; step < 300; step++) {
      const server = all[Math.floor(chance.next() * all.length)]!
      const present = inside.size === 1 || chance.next() < 0.6
      server.effectiveWeight = 1 + Math.floor(chance.next() * 4)
      if (present) inside.add(server)
      else inside.delete(server)
      if (picker.change?.(server, present) === false)
        picker = algorithm.picker(
          all.filter((one) => inside.has(one)),
          chance,
          picker,
        )
      const picked = picker.pick(contexts[step % contexts.length]!, anybody)
      if (picked === undefined || !inside.has(picked)) t.fail(`step ${step}: ${picked?.name} is not in the pool`)
    }
    const pool = all.filter((server) => inside.has(server))
    if (algorithm.name.startsWith('hdr')) {
      const fresh = algorithm.picker(pool, chance)
      for (const context of contexts)
        if (picker.pick(context, anybody) !== fresh.pick(context, anybody)) t.fail('another place on the ring')
      return
    }
    const counts = new Map<Double, number>()
    const sum = pool.reduce((total, { effectiveWeight }) => total + effectiveWeight, 0)
    const rounds = 2000
    for (let pick = 0; pick < sum * rounds; pick++) {
      const picked = picker.pick(contexts[0]!, anybody)!
      counts.set(picked, (counts.get(picked) ?? 0) + 1)
      if (algorithm.name === 'leastconn') {
        picked.active++
        picker.loadChanged(picked)
        if (pick % sum === sum - 1)
          for (const server of pool) {
            server.active = 0
            picker.loadChanged(server)
          }
      }
    }
    for (const server of pool) {
      const share = (counts.get(server) ?? 0) / rounds / server.effectiveWeight
      t.ok(share > 0.85 && share < 1.15, `${server.name} has ${share.toFixed(3)} of its share`)
    }
  })

const rounds: readonly (readonly [weights: readonly number[], picks: number, index: number, weight: number])[] = [
  [[10, 1, 8], 300, 1, 20],
  [[10, 1, 1, 0], 191, 3, 20],
  [[10, 1, 1, 20], 191, 3, 1],
  [[1, 1, 1, 1, 100], 1663, 4, 0],
  [[1 / 16, 8, 8], 3, 0, 8],
]
for (const anew of [false, true])
  for (const [weights, picks, index, weight] of rounds)
    t.test(`round robin: ${weights} with ${weight} at ${index} after ${picks} picks, made anew: ${anew}`, async (t) => {
      const all = servers().slice(0, weights.length)
      for (const [at, server] of all.entries()) server.effectiveWeight = weights[at]!
      const weighing = (): Double[] => all.filter(({ effectiveWeight }) => effectiveWeight > 0)
      let picker = roundRobin().picker(weighing(), seeded(1))
      for (let pick = 0; pick < picks; pick++) picker.pick(contexts[0]!, anybody)
      const changed = all[index]!
      changed.effectiveWeight = weight
      if (anew) picker = roundRobin().picker(weighing(), seeded(1), picker)
      else picker.change?.(changed, weight > 0)
      const counts = new Map(all.map((server) => [server, 0]))
      const sum = all.reduce((total, { effectiveWeight }) => total + effectiveWeight, 0)
      const count = Math.ceil(sum)
      for (let pick = 0; pick < count; pick++) {
        const picked = picker.pick(contexts[0]!, anybody)!
        counts.set(picked, counts.get(picked)! + 1)
      }
      for (const [{ name, effectiveWeight }, got] of counts)
        t.ok(Math.abs(got - effectiveWeight) <= 2, `${name}, of the weight ${effectiveWeight}: ${got} of ${count}`)
    })

t.test('round robin: a full server keeps its turns, and comes back when it has a place', async (t) => {
  const pool = servers().slice(0, 3) as (Double & { full: boolean })[]
  for (const server of pool) server.full = false
  const picker = roundRobin().picker(pool, seeded(1))
  const usable = ({ full }: { readonly full?: boolean }): boolean => full !== true
  const picks = (count: number): string =>
    Array.from({ length: count }, () => picker.pick(contexts[0]!, usable)?.name).join(' ')
  t.equal(picks(3), 's0 s1 s2')
  pool[1]!.full = true
  t.equal(picks(4), 's0 s2 s0 s2')
  pool[1]!.full = false
  picker.loadChanged(pool[1]!)
  t.match(picks(3), /s1/, 'within a round')
  for (const server of pool) server.full = true
  t.equal(picker.pick(contexts[0]!, usable), undefined)
})
