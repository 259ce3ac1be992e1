/** What every balancing algorithm keeps; each algorithm's own tests add what only it does. */
import type { Test } from 'tap'
import type { Algorithm, Candidate, Picker } from '../../lib/balance/algorithm.js'
import { Ip } from '../../lib/base/ip.js'
import type { Random } from '../../lib/base/random.js'
import { Context } from '../../lib/match/context.js'
import { Headers } from '../../lib/message/headers.js'
import { Request } from '../../lib/message/request.js'

/** A server that tests can load. */
export interface FakeServer extends Candidate {
  effectiveWeight: number
  active: number
  queued: number
  full: boolean
}

export function server(id: number, weight = 1): FakeServer {
  return { id, name: `s${id}`, effectiveWeight: weight, active: 0, queued: 0, full: false }
}

export function farm(...weights: number[]): FakeServer[] {
  return weights.map((weight, index) => server(index + 1, weight))
}

/** Numbers that look random and repeat. */
export function repeatable(seed = 1): Random {
  let state = seed
  return {
    next: () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state / 2 ** 32
    },
  }
}

/** What is asked of a pick. */
export interface Asked {
  readonly target?: string
  readonly method?: string
  readonly fields?: readonly string[]
  readonly source?: string
  readonly bytes?: Uint8Array
}

export function asking({
  target = '/',
  method = 'GET',
  fields = [],
  source = '192.0.2.1',
  bytes,
}: Asked = {}): Context {
  const session = { frontend: 'f', source: Ip.parse(source), sourcePort: 1, destination: undefined, destinationPort: 0 }
  const context = new Context(session, 0, 0)
  context.request = new Request(method, target, '1.1', new Headers([...fields]))
  if (bytes !== undefined) context.input = { bytes, complete: true }
  return context
}

export const everybody = (): boolean => true

/** Picks so many times and counts by name. */
export function tally(
  picker: Picker<FakeServer>,
  contexts: readonly Context[],
  usable: (server: FakeServer) => boolean = everybody,
) {
  const counts = new Map<string, number>()
  for (const context of contexts) {
    const name = picker.pick(context, usable)?.name ?? 'none'
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}

/** What sets an algorithm apart from others. */
export interface Traits {
  /** A request whose key differs from the others', for algorithms that read one. */
  readonly nth?: (n: number) => Asked
  /** Picks follow the weights; `first` and `leastconn` without load do not. Default: yes. */
  readonly weighted?: boolean
  /** A key has one server only, so that nobody takes its place. Default: no. */
  readonly exclusive?: boolean
}

/** Runs the suite on an algorithm. */
export async function algorithmContract(t: Test, algorithm: Algorithm, traits: Traits = {}): Promise<void> {
  const contexts = Array.from({ length: 3000 }, (_, n) => asking(traits.nth?.(n)))
  const pickerOf = (pool: readonly FakeServer[], previous?: Picker<FakeServer>): Picker<FakeServer> =>
    algorithm.picker(pool, repeatable(), previous)

  await t.test('an empty pool has nobody', async (t) => {
    t.equal(pickerOf([]).pick(contexts[0]!, everybody), undefined)
    t.equal(pickerOf(farm(0, 0)).pick(contexts[0]!, everybody), undefined, 'nor has one without weight')
  })

  await t.test('one server takes everything', async (t) => {
    t.same([...tally(pickerOf(farm(7)), contexts)], [['s1', 3000]])
  })

  await t.test('weight 0 is never picked', async (t) => {
    const counts = tally(pickerOf(farm(1, 0, 256)), contexts)
    t.notOk(counts.has('s2'))
    t.notOk(counts.has('none'))
  })

  await t.test('nobody unusable is picked', async (t) => {
    const picker = pickerOf(farm(1, 2, 3, 4))
    t.same([...tally(picker, contexts, () => false)], [['none', 3000]])
    const counts = tally(picker, contexts, (each) => each.id === 3)
    if (traits.exclusive !== true) t.same([...counts], [['s3', 3000]], 'the only usable one takes everything')
    else t.same([...counts.keys()].sort(), ['none', 's3'], 'other keys have nobody')
  })

  if (traits.weighted !== false) {
    await t.test('weights are respected', async (t) => {
      const counts = tally(pickerOf(farm(1, 2, 3)), contexts)
      for (const [name, expected] of [
        ['s1', 500],
        ['s2', 1000],
        ['s3', 1500],
      ] as const) {
        const count = counts.get(name) ?? 0
        t.ok(Math.abs(count - expected) < 250, `${name} was picked ${count} times of about ${expected}`)
      }
    })

    await t.test('a change of weights takes effect with the next pool', async (t) => {
      const pool = farm(1, 1)
      const before = pickerOf(pool)
      tally(before, contexts.slice(0, 10))
      pool[0]!.effectiveWeight = 3
      const counts = tally(pickerOf(pool, before), contexts)
      t.ok(Math.abs((counts.get('s1') ?? 0) - 2250) < 250, `${counts.get('s1')} of about 2250`)
    })
  }

  await t.test('who leaves the pool is not picked, who joins is', async (t) => {
    const [one, two, three] = farm(2, 2, 2)
    const before = pickerOf([one!, two!])
    tally(before, contexts.slice(0, 7))
    const after = pickerOf([two!, three!], before)
    const joined = tally(after, contexts, (each) => each.id !== 2)
    t.notOk(joined.has('s1'))
    t.ok((joined.get('s3') ?? 0) > 0)
  })

  await t.test('load changes of servers that it does not know are ignored', async (t) => {
    const picker = pickerOf(farm(1))
    picker.loadChanged(server(99))
    t.equal(picker.pick(contexts[0]!, everybody)?.name, 's1')
  })

  await t.test('two pools of one algorithm do not know each other', async (t) => {
    const alone = [...tally(pickerOf(farm(1, 2, 3)), contexts.slice(0, 20))]
    const other = pickerOf(farm(1, 2, 3))
    tally(pickerOf(farm(1, 2, 3)), contexts.slice(0, 13))
    t.same([...tally(other, contexts.slice(0, 20))], alone)
  })

  await t.test('with 10,000 servers a pick asks about few', async (t) => {
    const pool = Array.from({ length: 10_000 }, (_, index) => server(index + 1))
    const picker = pickerOf(pool)
    let questions = 0
    const usable = (): boolean => {
      questions++
      return true
    }
    for (const context of contexts.slice(0, 1000)) {
      const picked = picker.pick(context, usable)!
      picked.active++
      picker.loadChanged(picked)
    }
    t.ok(questions <= 2000, `${questions} questions for 1000 picks`)
  })
}
