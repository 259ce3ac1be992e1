/** Scenarios in memory: the same engine on the network of `fairlead/testing`. */
import { Frontend } from '../../../lib/proxy/frontend.js'
import { InMemory, type Origin, refuse, tcp } from '../../../lib/testing/index.js'
import { TestOrigin } from '../../../lib/testing/test-origin.js'
import { Peer } from './peer.js'
import { type Actor, type Rig, stateOf, type World } from './rig.js'

export const memory: World = {
  name: 'memory',
  async perform(setup, actors, play) {
    const acting = new Map<string, Actor>(Object.entries(actors))
    const names = [...acting.keys()]
    const peers = new Map<string, Peer[]>(names.map((name) => [name, []]))
    const faults: unknown[] = []
    const enter = (name: string): Origin => {
      const actor = acting.get(name)
      if (actor === 'refuse') return refuse
      return tcp((socket) => {
        if (typeof actor === 'function') new TestOrigin(socket, name, actor, (error) => faults.push(error))
        else peers.get(name)?.push(new Peer(socket))
      })
    }
    const plan = setup((name) => `10.0.0.${names.indexOf(name) + 1}:80`)
    const lb = new InMemory(
      plan instanceof Frontend ? { frontends: [plan] } : plan,
      Object.fromEntries(names.map((name) => [name, enter(name)])),
    )
    await lb.started
    const clients: Peer[] = []
    const rig: Rig = {
      balancer: lb.balancer,
      clock: lb.clock,
      records: lb.records,
      health: lb.health,
      faults: lb.faults,
      origin: (name) => peers.get(name) ?? [],
      change: async (name, actor) => {
        acting.set(name, actor)
        lb.serve(name, enter(name))
      },
      client: async (frontend) => {
        const { socket, received } = await lb.connect(frontend === undefined ? {} : { frontend })
        const peer = new Peer(socket, received)
        clients.push(peer)
        return peer
      },
      when: async (so, what = so.toString()) => {
        await lb.settle()
        if (!so())
          throw new Error(`this never became so: ${what}\n${stateOf(rig, [...clients, ...[...peers.values()].flat()])}`)
      },
      settle: lb.settle,
      advance: (time) => lb.clock.advance(time),
    }
    try {
      await play(rig)
    } finally {
      for (const client of clients) client.destroy()
      await lb.stop()
      lb.faults.push(...faults)
    }
  },
}
