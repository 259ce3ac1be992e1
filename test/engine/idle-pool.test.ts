import t from 'tap'
import { defaultLimits } from '../../lib/codec/step.js'
import { IdlePool } from '../../lib/engine/idle-pool.js'
import { ServerConnection } from '../../lib/engine/server-connection.js'
import { READ_SIZE, ServerReader } from '../../lib/engine/server-reader.js'
import { Backend, Server } from '../../lib/index.js'
import { TestClock } from '../../lib/testing/index.js'
import { MemoryNetwork } from '../../lib/testing/memory-network.js'
import type { MemorySocket } from '../../lib/testing/memory-socket.js'

const PLACE = { address: '192.0.2.1', port: 1 }

async function rig(most: number, longest: number) {
  const network = new MemoryNetwork(() => 'refuse')
  const clock = new TestClock(network.settle)
  const server = new Server('s', '10.0.0.1:80')
  const backend = new Backend('be', { servers: [server] })
  const far: MemorySocket[] = []
  const pool = new IdlePool(clock, most, longest)
  const make = (uses = 1): ServerConnection => {
    const socket = network.meet((other) => void far.push(other), PLACE, PLACE)
    const reader = new ServerReader(Buffer.alloc(READ_SIZE))
    const connection = new ServerConnection(backend, server, socket, reader, defaultLimits, clock)
    connection.uses = uses
    return connection
  }
  return { pool, clock, make, far, settle: network.settle }
}

t.test('the latest comes first, and the oldest goes when there are too many', async (t) => {
  const { pool, make, settle } = await rig(2, 5000)
  const [one, two, three] = [make(), make(), make()]
  for (const connection of [one, two, three]) pool.put(connection)
  await settle()
  t.equal(pool.size, 2)
  t.ok(one.closed)
  t.equal(pool.take(false), three)
  t.equal(pool.take(false), two)
  t.equal(pool.take(false), undefined)
})

t.test('only those that have proved themselves, when asked so', async (t) => {
  const { pool, make, settle } = await rig(9, 5000)
  const proven = make(2)
  pool.put(proven)
  pool.put(make(1))
  await settle()
  t.equal(pool.take(true), proven)
  t.equal(pool.take(true), undefined)
  t.equal(pool.size, 1)
})

t.test('those that stand too long are closed', async (t) => {
  const { pool, make, clock } = await rig(9, 5000)
  const old = make()
  pool.put(old)
  await clock.advance(3000)
  const young = make()
  pool.put(young)
  await clock.advance(2000)
  t.ok(old.closed)
  t.equal(pool.size, 1)
  await clock.advance(2999)
  t.notOk(young.closed)
  await clock.advance(1)
  t.ok(young.closed)
  t.equal(clock.pending, 0)
})

t.test('those that die or speak out of turn leave by themselves', async (t) => {
  const { pool, make, far, settle } = await rig(9, 5000)
  for (let count = 0; count < 4; count++) pool.put(make())
  await settle()
  far[0]?.end()
  far[1]?.resetAndDestroy()
  far[2]?.write('HTTP/1.1 200 OK\r\n\r\n')
  await settle()
  t.equal(pool.size, 1)
  pool.clear()
  t.equal(pool.size, 0)
})

t.test('none are kept when none may be', async (t) => {
  const { pool, make } = await rig(0, 5000)
  const connection = make()
  pool.put(connection)
  t.ok(connection.closed)
  t.equal(pool.size, 0)
})
