/** Clients that leave while their rules wait: what these rules would do afterwards is not done, and nothing stays counted. */
import { Backend, Frontend, map, pause, Server, setMap } from '../../lib/index.js'
import { scenario } from './support/scenario.js'
import { BIND, get, last, named } from './support/site.js'

let seen = map([])

scenario(
  'a client that leaves during a pause',
  (at) => {
    seen = map([])
    return new Frontend('edge', {
      bind: BIND,
      httpRequest: [pause('2s'), setMap(seen, 'who', 'somebody')],
      defaultBackend: new Backend('web', { servers: [new Server('a', at('a'))] }),
    })
  },
  { a: named },
  async (t, rig) => {
    const client = await rig.client()
    client.send(get())
    await rig.when(() => rig.balancer.stats().underWay === 1)
    await rig.settle()
    client.reset()
    await rig.when(() => rig.balancer.stats().underWay === 0)
    await rig.settle()
    t.equal(rig.clock.pending, 0, 'its timer has gone as well')
    await rig.advance('3s')
    await rig.settle()
    t.match(rig.records, [{ termination: 'CR', backend: 'edge' }])
    t.equal(rig.balancer.stats().backends['web']?.current, 0)
    t.equal(seen.size, 0)
    const next = await rig.client()
    next.send(last())
    await rig.settle()
    await rig.advance('3s')
    await rig.when(() => next.ended)
    t.equal(seen.size, 1)
    t.equal(rig.balancer.stats().backends['web']?.current, 0)
    t.same(rig.faults, [])
  },
)
