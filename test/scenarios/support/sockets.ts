/** Scenarios through real sockets on the loopback. Only time is played: the clock is the tests'. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server as NetServer, type Socket as NetSocket } from 'node:net'
import { Balancer } from '../../../lib/balancer.js'
import type { HealthChange, TransactionRecord } from '../../../lib/index.js'
import { Frontend } from '../../../lib/proxy/frontend.js'
import { TestClock } from '../../../lib/testing/test-clock.js'
import { TestOrigin } from '../../../lib/testing/test-origin.js'
import { TestRandom } from '../../../lib/testing/test-random.js'
import { Peer } from './peer.js'
import { type Actor, type Rig, stateOf, turns, type World, waitFor } from './rig.js'

/** A connection on the loopback has gone through all its stations after this many turns of the event loop. */
const SETTLED = 40

class Stage {
  readonly name: string
  actor: Actor
  port = 0
  readonly peers: Peer[] = []
  readonly sockets = new Set<NetSocket>()
  readonly failed: (error: unknown) => void
  #server: NetServer | undefined = undefined

  constructor(name: string, actor: Actor, failed: (error: unknown) => void) {
    this.name = name
    this.actor = actor
    this.failed = failed
  }

  async open(): Promise<void> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#connected(socket))
    server.listen(this.port, '127.0.0.1')
    await once(server, 'listening')
    this.port = (server.address() as AddressInfo).port
    this.#server = server
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    const server = this.#server
    this.#server = undefined
    if (server !== undefined) await new Promise<void>((resolve) => server.close(() => resolve()))
  }

  async change(actor: Actor): Promise<void> {
    this.actor = actor
    if (actor === 'refuse') await this.close()
    else if (this.#server === undefined) await this.open()
  }

  #connected(socket: NetSocket): void {
    this.sockets.add(socket)
    socket.on('close', () => this.sockets.delete(socket))
    socket.on('error', () => {})
    if (typeof this.actor === 'function') new TestOrigin(socket, this.name, this.actor, this.failed)
    else this.peers.push(new Peer(socket))
  }
}

export const sockets: World = {
  name: 'sockets',
  async perform(setup, actors, play) {
    const faults: unknown[] = []
    const stages = new Map<string, Stage>()
    for (const [name, actor] of Object.entries(actors)) {
      const stage = new Stage(name, actor, (error) => faults.push(error))
      stages.set(name, stage)
      await stage.open()
      if (actor === 'refuse') await stage.close()
    }
    const stageOf = (name: string): Stage => {
      const stage = stages.get(name)
      if (stage === undefined) throw new Error(`the scenario has no server '${name}'`)
      return stage
    }
    const plan = setup((name) => `127.0.0.1:${stageOf(name).port}`)
    const clock = new TestClock(() => turns(SETTLED))
    const balancer = new Balancer({
      ...(plan instanceof Frontend ? { frontends: [plan] } : plan),
      clock,
      random: new TestRandom(),
    })
    const records: TransactionRecord[] = []
    const health: HealthChange[] = []
    balancer.on('record', (record) => void records.push(record))
    balancer.on('health', (change) => void health.push(change))
    balancer.on('fault', (error) => void faults.push(error))
    await balancer.start()
    const clients: Peer[] = []
    const state = (): string =>
      stateOf({ records, faults, balancer, clock }, [...clients, ...[...stages.values()].flatMap(({ peers }) => peers)])
    const rig: Rig = {
      balancer,
      clock,
      records,
      health,
      faults,
      origin: (name) => stageOf(name).peers,
      change: (name, actor) => stageOf(name).change(actor),
      client: async (name) => {
        const frontend = name === undefined ? balancer.frontends[0] : balancer.frontend(name)
        const { port } = (frontend as Frontend).address()
        const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
        const peer = new Peer(socket)
        clients.push(peer)
        await waitFor(() => !socket.connecting, 'a client is connected', state)
        await turns(SETTLED)
        return peer
      },
      when: (so, what = so.toString()) => waitFor(so, what, state),
      settle: () => turns(SETTLED),
      advance: (time) => clock.advance(time),
    }
    try {
      await play(rig)
    } finally {
      for (const client of clients) client.destroy()
      await balancer.stop()
      for (const stage of stages.values()) await stage.close()
    }
  },
}
