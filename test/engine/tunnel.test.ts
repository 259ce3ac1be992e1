import t from 'tap'
import { Tunnel, type TunnelTimeouts } from '../../lib/engine/tunnel.js'
import { TestClock } from '../../lib/testing/index.js'
import { MemoryNetwork } from '../../lib/testing/memory-network.js'
import { Peer } from '../scenarios/support/peer.js'

const PLACE = { address: '192.0.2.1', port: 1 }
const patient: TunnelTimeouts = {
  client: 5000,
  server: 9000,
  tunnel: undefined,
  clientFin: undefined,
  serverFin: undefined,
  clientIndependent: false,
  serverIndependent: false,
}

/** A tunnel between two peers in memory. */
async function joined(timeouts: Partial<TunnelTimeouts> = {}, head?: string) {
  const network = new MemoryNetwork(() => 'refuse')
  const clock = new TestClock(network.settle)
  const ends: (typeof near)[] = []
  const meet = () => network.meet((socket) => void ends.push(socket), PLACE, PLACE)
  const near = meet()
  const client = new Peer(near)
  const server = new Peer(meet())
  await network.settle()
  const [one, other] = ends as [typeof near, typeof near]
  let outcome: string | undefined
  const tunnel = new Tunnel(
    clock,
    { socket: one, head: head === undefined ? undefined : Buffer.from(head) },
    { socket: other, head: undefined },
    { ...patient, ...timeouts },
  )
  tunnel.run((ended) => {
    outcome = ended.termination
  })
  await network.settle()
  return { client, server, clock, settle: network.settle, tunnel, outcome: () => outcome }
}

t.test('bytes both ways, what was read before included, and each side ends on its own', async (t) => {
  const { client, server, settle, outcome, tunnel } = await joined({}, 'early ')
  client.send('ping')
  server.send('pong')
  await settle()
  t.equal(server.received, 'early ping')
  t.equal(client.received, 'pong')
  client.end()
  await settle()
  t.ok(server.ended)
  t.equal(outcome(), undefined)
  server.end(' later')
  await settle()
  t.equal(client.received, 'pong later')
  t.equal(outcome(), '--')
  t.match(tunnel, { fromClient: 10, fromServer: 10 })
})

t.test('who breaks off is told of, and the other side is let go', async (t) => {
  for (const [side, letters] of [
    ['client', 'CD'],
    ['server', 'SD'],
  ] as const) {
    const rig = await joined()
    rig[side].reset()
    await rig.settle()
    t.equal(rig.outcome(), letters)
    t.ok(rig.client.closed || rig.client.ended)
    t.ok(rig.server.closed || rig.server.ended)
    t.equal(rig.clock.pending, 0, 'no timer is left')
  }
})

t.test('silence ends it: the shorter of client and server, or tunnel in their place', async (t) => {
  const both = await joined()
  await both.clock.advance(4999)
  t.equal(both.outcome(), undefined)
  await both.clock.advance(1)
  t.equal(both.outcome(), 'cD')
  const server = await joined({ client: Number.POSITIVE_INFINITY })
  await server.clock.advance(9000)
  t.equal(server.outcome(), 'sD')
  const long = await joined({ tunnel: 60_000 })
  await long.clock.advance(59_999)
  t.equal(long.outcome(), undefined)
  long.server.send('x')
  await long.settle()
  await long.clock.advance(59_999)
  t.equal(long.outcome(), undefined, 'a byte begins it anew')
  await long.clock.advance(1)
  t.match(long.outcome(), /^[cs]D$/)
})

t.test('after one side has finished the other has its own time', async (t) => {
  const { client, clock, settle, outcome } = await joined({ tunnel: 60_000, serverFin: 2000, clientFin: 90_000 })
  client.end()
  await settle()
  await clock.advance(1999)
  t.equal(outcome(), undefined)
  await clock.advance(1)
  t.equal(outcome(), 'sD')
})

t.test('who has finished does not keep the other from talking, and is not waited for', async (t) => {
  const { client, server, clock, settle, outcome } = await joined({ clientFin: 300 })
  client.end('question')
  await settle()
  for (let round = 0; round < 3; round++) {
    await clock.advance(8000)
    server.send('x')
    await settle()
  }
  t.equal(client.received, 'xxx')
  await clock.advance(8999)
  t.equal(outcome(), undefined)
  await clock.advance(1)
  t.equal(outcome(), 'sD')
})

t.test('who has finished and does not take what it is sent is late all the same', async (t) => {
  const { client, server, clock, settle, outcome } = await joined({ clientFin: 300 })
  client.end('question')
  client.socket.pause()
  await settle()
  server.pour(10_000_000)
  await settle()
  await clock.advance(300)
  t.equal(outcome(), 'cD')
})

t.test('the time of a tunnel goes on when one side has finished, unless the other has its own', async (t) => {
  const { server, clock, settle, outcome } = await joined({ tunnel: 60_000, serverFin: 100 })
  server.end('bye')
  await settle()
  await clock.advance(59_999)
  t.equal(outcome(), undefined)
  await clock.advance(1)
  t.equal(outcome(), 'cD')
})

for (const [from, to, letters] of [
  ['server', 'client', 'cD'],
  ['client', 'server', 'sD'],
] as const)
  t.test(`taking is a sign of life of the ${to}, where its stream is not independent`, async (t) => {
    for (const independent of [false, true]) {
      const rig = await joined({ client: 5000, server: 5000, [`${to}Independent`]: independent })
      for (let round = 0; round < 4 && rig.outcome() === undefined; round++) {
        await rig.clock.advance(2000)
        rig[from].send('x')
        await rig.settle()
      }
      t.equal(rig.outcome(), independent ? letters : undefined)
    }
  })

t.test('who reads slowly makes the other wait', async (t) => {
  const { client, server, settle } = await joined()
  server.socket.pause()
  const poured = client.pour(10_000_000)
  await settle()
  const taken = poured.taken()
  t.ok(taken < 1_000_000, `${taken} bytes were taken`)
  server.socket.resume()
  await settle()
  t.equal(server.count, 10_000_000)
})

t.test('it can be cut', async (t) => {
  const { tunnel, client, settle, outcome } = await joined()
  tunnel.cut({ code: 'X', termination: 'KD', status: 0, retryable: false })
  await settle()
  t.equal(outcome(), 'KD')
  t.ok(client.ended || client.closed)
})
