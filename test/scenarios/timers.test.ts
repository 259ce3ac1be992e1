/** What records say about time, and which connections leave none, as HAProxy's logs do. */
import { reject, tarpit } from '../../lib/index.js'
import { scenario } from './support/scenario.js'
import { get, named, simple } from './support/site.js'

scenario(
  'being held by a tarpit counts as waiting',
  simple(['a'], { httpRequest: [tarpit()], timeouts: { tarpit: '7s' } }),
  { a: named },
  async (t, rig) => {
    const client = await rig.client()
    client.send(get('/'))
    await rig.when(() => rig.balancer.stats().underWay === 1)
    await rig.advance('7s')
    await rig.when(() => rig.records.length === 1)
    t.match(rig.records, [{ termination: 'PT', timers: { queue: 7000, connect: -1, active: 7000 } }])
  },
)

scenario(
  'in TCP mode, who says nothing is not told of when asked so, whatever the server says',
  simple(['a'], { mode: 'tcp', ignoreEmptyConnections: true }),
  { a: 'manual' },
  async (t, rig) => {
    const silent = await rig.client()
    await rig.when(() => rig.origin('a').length === 1)
    rig.origin('a')[0]?.end('220 hello\r\n')
    await rig.when(() => silent.ended)
    silent.end()
    await rig.when(() => rig.balancer.stats().connections === 0)
    t.same(rig.records, [])
    const client = await rig.client()
    client.send('x')
    await rig.when(() => rig.origin('a')[1]?.received === 'x')
    rig.origin('a')[1]?.end()
    client.end()
    await rig.when(() => rig.records.length === 1)
    t.match(rig.records, [{ termination: '--', bytesIn: 1 }])
  },
)

scenario(
  'in TCP mode, who was refused without a server is told of all the same',
  simple(['a'], { mode: 'tcp', ignoreEmptyConnections: true }, { retries: 0 }),
  { a: 'refuse' },
  async (t, rig) => {
    await rig.client()
    await rig.when(() => rig.records.length === 1)
    t.match(rig.records, [{ termination: 'SC' }])
  },
)

scenario(
  'in TCP mode, who was rejected before a byte was read is not told of',
  simple(['a'], { mode: 'tcp', ignoreEmptyConnections: true, tcpRequestContent: [reject()] }),
  { a: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    await rig.when(() => client.closed || client.ended)
    await rig.when(() => rig.balancer.stats().connections === 0)
    t.same(rig.records, [])
  },
)
