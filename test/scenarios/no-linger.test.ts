/** `noLinger`: connections that end by a reset. What HAProxy does was looked at with `option nolinger` on either side. */
import { Socket } from 'node:net'
import type { Peer } from './support/peer.js'
import { scenario } from './support/scenario.js'
import { get, last, named, simple } from './support/site.js'

const reset = 'ECONNRESET'

/** Node tells of a reset behind the last bytes as of an end, where its own side has ended before. */
const wasReset = ({ error, socket }: Peer): boolean => error?.code === reset || socket instanceof Socket

scenario(
  'bytes: a client that has finished gets what there is, and a reset in place of the end',
  simple(['a'], { mode: 'tcp', noLinger: true }),
  { a: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    client.end('x')
    await rig.when(() => rig.origin('a')[0]?.ended === true, 'the server hears the usual end')
    rig.origin('a')[0]?.end('hello')
    await rig.when(() => client.closed)
    t.equal(client.received, 'hello')
    t.ok(wasReset(client))
    await rig.when(() => rig.records.length === 1)
    t.match(rig.records, [{ termination: '--', bytesIn: 1, bytesOut: 5 }])
  },
)

scenario(
  'bytes: a client that has not finished is told that the server has',
  simple(['a'], { mode: 'tcp', noLinger: true }),
  { a: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    await rig.when(() => rig.origin('a').length === 1)
    rig.origin('a')[0]?.end('bye')
    await rig.when(() => client.ended)
    t.equal(client.received, 'bye')
    client.send('more')
    await rig.when(() => rig.origin('a')[0]?.received === 'more')
  },
)

scenario(
  'bytes: with the client, the server is done with',
  simple(['a'], { mode: 'tcp' }, { noLinger: true }),
  { a: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    await rig.when(() => rig.origin('a').length === 1)
    rig.origin('a')[0]?.send('hi')
    await rig.when(() => client.received === 'hi')
    client.end()
    await rig.when(() => rig.origin('a')[0]?.closed === true && client.ended)
    t.match(rig.origin('a')[0], { ended: false, error: { code: reset } })
    t.equal(client.error, undefined)
    await rig.when(() => rig.records.length === 1)
    t.match(rig.records, [{ termination: '--' }])
  },
)

scenario(
  'bytes: both sides',
  simple(['a'], { mode: 'tcp', noLinger: true }, { noLinger: true }),
  { a: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    await rig.when(() => rig.origin('a').length === 1)
    rig.origin('a')[0]?.send('hi')
    await rig.when(() => client.received === 'hi')
    client.end()
    await rig.when(() => client.closed && rig.origin('a')[0]?.closed === true)
    t.ok(wasReset(client))
    t.match(rig.origin('a')[0], { ended: false, error: { code: reset } })
  },
)

scenario(
  'HTTP: answers come whole, and the end of the connection behind them',
  simple(['a'], { noLinger: true }, { noLinger: true }),
  { a: named },
  async (t, rig) => {
    const client = await rig.client()
    client.send(get())
    await rig.when(() => client.received.endsWith('\r\n\r\na'))
    client.take()
    client.send(last())
    await rig.when(() => client.received.endsWith('\r\n\r\na') && client.ended)
    await rig.when(() => rig.balancer.stats().connections === 0, 'nobody is waited for')
    t.match(rig.records, [{ termination: '--' }, { termination: '--' }])
  },
)

scenario(
  'HTTP: connections to servers that are cut are reset',
  simple(['a'], {}, { noLinger: true, timeouts: { server: '1s' } }),
  { a: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    client.send(get())
    await rig.when(() => rig.origin('a')[0]?.received.endsWith('\r\n\r\n') === true)
    await rig.advance('2s')
    await rig.when(() => rig.origin('a')[0]?.closed === true && client.received.startsWith('HTTP/1.1 504'))
    t.match(rig.origin('a')[0], { ended: false, error: { code: reset } })
  },
)
