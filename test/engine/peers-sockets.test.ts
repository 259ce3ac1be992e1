/** Peers over real sockets: paths of unix sockets, and names. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Balancer, counter, Peers, StickTable } from '../../lib/index.js'

/** Two processes in one, that tell each other of a table. */
async function pair(t: Test, addresses: { readonly a: string; readonly b: string }): Promise<StickTable<'seen'>[]> {
  const tables: StickTable<'seen'>[] = []
  const established: Promise<void>[] = []
  const balancers = []
  for (const local of ['a', 'b']) {
    const table = new StickTable('t', { key: 'string', size: 10, store: { seen: counter() } })
    const peers = new Peers('P', { local, peers: addresses, tables: [table] })
    const balancer = new Balancer({ frontends: [], peers: [peers] })
    established.push(
      new Promise((resolve) => {
        balancer.on('peer', ({ what }) => (what === 'established' ? resolve() : undefined))
      }),
    )
    t.teardown(() => balancer.stop())
    balancers.push(balancer)
    tables.push(table)
  }
  for (const balancer of balancers) await balancer.start()
  await Promise.all(established)
  return tables
}

/** Waits for an entry that a peer tells. */
function learned(table: StickTable<'seen'>): Promise<number | undefined> {
  return new Promise((resolve) => {
    const look = (): void => {
      const value = table.get('key', performance.now())?.values.seen
      if (value === undefined) setImmediate(look)
      else resolve(value)
    }
    look()
  })
}

function tell(table: StickTable<'seen'>): void {
  const now = performance.now()
  const key = table.keyOf('key')
  if (key === undefined) return
  const row = table.open(key, now)
  table.write(row, 0, 7, now)
  table.touch(row, now)
}

t.test('by paths of unix sockets', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-peers-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const [one, other] = await pair(t, { a: join(folder, 'a'), b: join(folder, 'b') })
  if (one === undefined || other === undefined) return
  tell(one)
  t.equal(await learned(other), 7)
})

t.test('by names', async (t) => {
  const ports = await Promise.all(
    [0, 1].map(
      () =>
        new Promise<number>((resolve) => {
          const probe = createServer().listen(0, '127.0.0.1', () => {
            const { port } = probe.address() as { port: number }
            probe.close(() => resolve(port))
          })
        }),
    ),
  )
  const [one, other] = await pair(t, { a: `ipv4@localhost:${ports[0]}`, b: `ipv4@localhost:${ports[1]}` })
  if (one === undefined || other === undefined) return
  tell(other)
  t.equal(await learned(one), 7)
})
