import t from 'tap'
import { READ_SIZE, ServerReader } from '../../lib/engine/server-reader.js'

/** An owner that keeps views on what it was given, as writes that are under way do. */
function owner() {
  const chunks: Buffer[] = []
  return {
    chunks,
    retains: false,
    owned: 0,
    take(chunk: Buffer) {
      chunks.push(chunk)
    },
    own() {
      this.owned++
    },
  }
}

function rig() {
  const shared = Buffer.alloc(READ_SIZE)
  const reader = new ServerReader(shared)
  const mine = owner()
  reader.owner = mine
  const come = (length: number, byte: number): void => {
    reader.room().fill(byte, 0, length)
    reader.read(length)
  }
  return { shared, reader, mine, come }
}

t.test('small pieces lie in the shared buffer, and their owner is told to copy what it needs', async (t) => {
  const { shared, mine, come } = rig()
  come(100, 1)
  t.equal(mine.chunks[0]?.buffer, shared.buffer)
  t.equal(mine.owned, 1)
})

t.test('a large piece is copied out of the shared buffer', async (t) => {
  const { shared, mine, come } = rig()
  come(10_000, 1)
  shared.fill(9)
  t.ok(mine.chunks[0]?.every((byte) => byte === 1))
})

t.test('a large body gets a buffer of its own, which is used again as long as nothing of it is retained', async (t) => {
  const { shared, reader, mine, come } = rig()
  come(40_000, 1)
  const own = reader.room()
  t.not(own, shared)
  come(READ_SIZE, 2)
  t.equal(reader.room(), own)
  mine.retains = true
  come(READ_SIZE, 3)
  t.not(reader.room(), own)
  come(READ_SIZE, 4)
  t.ok(
    mine.chunks[2]?.every((byte) => byte === 3),
    'what is retained is not overwritten',
  )
  reader.rest()
  t.equal(reader.room(), shared)
})

t.test('bytes that come before anybody takes them go nowhere', async (t) => {
  const reader = new ServerReader(Buffer.alloc(READ_SIZE))
  t.doesNotThrow(() => reader.read(10))
})
