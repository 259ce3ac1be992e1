/** The order in which requests go to servers, as HAProxy 2.6 was seen to choose it. */
import t from 'tap'
import type { Algorithm, Picker } from '../../lib/balance/algorithm.js'
import { first } from '../../lib/balance/first.js'
import { leastConn } from '../../lib/balance/least-conn.js'
import { random } from '../../lib/balance/random.js'
import { roundRobin } from '../../lib/balance/round-robin.js'
import { staticRoundRobin } from '../../lib/balance/static-round-robin.js'
import { asking, everybody, type FakeServer, farm, repeatable } from '../contracts/algorithm.js'

const context = asking()
const letter = (server: FakeServer | undefined): string =>
  server === undefined ? '-' : 'abcdefghijklmnop'[server.id - 1]!

/** Picks in a row; what `hold` says stays on the servers. */
function sequence(picker: Picker<FakeServer>, count: number, hold = false): string {
  let text = ''
  for (let n = 0; n < count; n++) {
    const server = picker.pick(context, everybody)
    text += letter(server)
    if (!hold || server === undefined) continue
    server.active++
    picker.loadChanged(server)
  }
  return text
}

const picker = (algorithm: Algorithm, ...weights: number[]): Picker<FakeServer> =>
  algorithm.picker(farm(...weights), repeatable())

t.test('roundrobin', async (t) => {
  const seen: [weights: number[], order: string][] = [
    [[1, 1, 1], 'abcabcabc'],
    [[1, 2, 3], 'cbcacbcbcacb'],
    [[3, 2, 1], 'abacababacab'],
    [[5, 1, 1], 'aaabaacaaabaac'],
    [[0, 2, 1], 'bbcbbc'],
    [[100, 50, 10], 'aabaabacabaabaabaabaabacabaabaab'],
    [[7, 3, 2, 2, 1], 'abacadabaeacbdaabacadabaeacbda'],
    [[3, 4, 4, 4, 4], 'bcdebcdeabcdebacdebcadebcdeabcdebacdebcadeb'],
    [[3, 3, 2, 1, 3, 2, 2, 1, 1, 2, 3, 3, 3], 'abeklmcfgabeklmjdhiabcefkglmajbeklmcfgabeklmjdhiabcefkglma'],
  ]
  for (const [weights, order] of seen)
    t.equal(sequence(picker(roundRobin(), ...weights), order.length), order, weights.join())
  t.equal(sequence(picker(roundRobin(), 1, 256), 258), `${'b'.repeat(256)}ab`)
})

t.test('static-rr', async (t) => {
  const seen: [weights: number[], order: string][] = [
    [[1, 1, 1], 'abcabcabc'],
    [[1, 2, 3], 'acbcbcacbcbc'],
    [[3, 2, 1], 'aababcaababc'],
    [[5, 1, 1], 'aaabaacaaabaac'],
    [[100, 50, 10], 'aabaabaababaabacaabaab'],
    [[7, 3, 2, 2, 1], 'abacabadabacadeabacabad'],
  ]
  for (const [weights, order] of seen)
    t.equal(sequence(picker(staticRoundRobin(), ...weights), order.length), order, weights.join())
})

t.test('leastconn by load, and in turn among equals', async (t) => {
  t.equal(sequence(picker(leastConn(), 1, 2, 3), 30, true), 'abccbccbcabccbcabccbcabccbcabc')
  t.equal(sequence(picker(leastConn(), 100, 50, 10), 30, true), 'abcaabaabaabaabaabaabaabaabaac')
  t.equal(sequence(picker(leastConn(), 256, 1, 100), 30, true), 'abcaaacaacaaacaacaaacaacaaacaa')

  const servers = farm(1, 5, 1)
  const idle: Picker<FakeServer> = leastConn().picker(servers, repeatable())
  let order = ''
  for (let n = 0; n < 6; n++) {
    const server = idle.pick(context, everybody)!
    order += letter(server)
    server.active++
    idle.loadChanged(server)
    server.active--
    idle.loadChanged(server)
  }
  t.equal(order, 'abcabc', 'idle servers take turns, whatever they weigh')
  servers[0]!.queued = 2
  idle.loadChanged(servers[0]!)
  t.equal(letter(idle.pick(context, (server) => server.id !== 2)), 'c', 'who waits counts as well')
})

t.test('leastconn keeps its turns over a change of the pool', async (t) => {
  const [a, b, c, d] = farm(1, 1, 1, 1)
  const before: Picker<FakeServer> = leastConn().picker([a!, b!, c!], repeatable())
  a!.active = 1
  before.loadChanged(a!)
  a!.active = 0
  before.loadChanged(a!)
  const after = leastConn().picker([a!, b!, c!, d!], repeatable(), before)
  t.equal(letter(after.pick(context, everybody)), 'b')
})

t.test('first fills servers by id', async (t) => {
  const servers = farm(1, 9, 1).reverse()
  const ids: Picker<FakeServer> = first().picker(servers, repeatable())
  t.equal(letter(ids.pick(context, everybody)), 'a')
  const a = servers[2]!
  a.full = true
  ids.loadChanged(a)
  t.equal(letter(ids.pick(context, everybody)), 'b', 'a full server is passed over')
  a.full = false
  ids.loadChanged(a)
  t.equal(letter(ids.pick(context, everybody)), 'a', 'and is back when it has a place')
})

t.test('full servers cost the ordered algorithms nothing', async (t) => {
  const servers = farm(...Array.from({ length: 10_000 }, () => 1))
  for (const algorithm of [leastConn(), first()]) {
    const ordered: Picker<FakeServer> = algorithm.picker(servers, repeatable())
    for (const server of servers.slice(0, -1)) {
      server.full = true
      ordered.loadChanged(server)
    }
    let questions = 0
    const picked = ordered.pick(context, () => ++questions > 0)
    t.equal(picked?.id, 10_000, algorithm.name)
    t.equal(questions, 1, algorithm.name)
    for (const server of servers) server.full = false
  }
})

t.test('who is passed over by roundrobin is next when it can be used', async (t) => {
  const turns = picker(roundRobin(), 1, 1, 1)
  t.equal(letter(turns.pick(context, (server) => server.id !== 1)), 'b')
  t.equal(sequence(turns, 2), 'ac')
})

t.test('roundrobin goes on where it was when the pool changes', async (t) => {
  const [a, b, c] = farm(1, 1, 1)
  const before: Picker<FakeServer> = roundRobin().picker([a!, b!, c!], repeatable())
  t.equal(sequence(before, 1), 'a')
  const after = roundRobin().picker([a!, b!, c!], repeatable(), before)
  t.equal(sequence(after, 5), 'bcabc')
  t.equal(sequence(roundRobin().picker([a!, c!], repeatable(), after), 4).replaceAll('-', ''), 'acac')
})

t.test('random takes the less loaded of those drawn', async (t) => {
  const servers = farm(1, 1)
  const draws = [0.1, 0.9]
  let at = 0
  const chance = { next: () => draws[at++ % 2]! }
  servers[0]!.active = 3
  const two: Picker<FakeServer> = random().picker(servers, chance)
  t.equal(letter(two.pick(context, everybody)), 'b')
  const one: Picker<FakeServer> = random(1).picker(servers, chance)
  t.equal(letter(one.pick(context, everybody)), 'a', 'one draw does not look at loads')
  servers[1]!.effectiveWeight = 1
  servers[1]!.active = 3
  servers[0]!.effectiveWeight = 2
  const weighted: Picker<FakeServer> = random(2).picker(servers, chance)
  at = 0
  t.equal(letter(weighted.pick(context, everybody)), 'a', 'load counts for its weight')
})

t.test('random keeps to a load bound while somebody does', async (t) => {
  const servers = farm(1, 1)
  servers[0]!.active = 5
  const bound: Picker<FakeServer> = random(1, { balanceFactor: 125 }).picker(servers, { next: () => 0 })
  t.equal(letter(bound.pick(context, everybody)), 'b')
  t.equal(letter(bound.pick(context, (server) => server.id === 1)), 'a', 'rather than nobody')
  t.throws(() => random(0), /draws.*from 1/)
  t.throws(() => random(2, { balanceFactor: 100 }), /balanceFactor.*101 to 65535/)
})
