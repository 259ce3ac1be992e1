/** Requests and connections that are ended by order, wherever they have got to. */
import { Backend, Frontend, Server } from '../../lib/index.js'
import type { Rig } from './support/rig.js'
import { scenario } from './support/scenario.js'
import { BIND, get, ok, simple } from './support/site.js'

const shutdown = (rig: Rig): number => {
  const server = rig.balancer.backend('be')?.server('a')
  return server === undefined ? -1 : rig.balancer.shutdownSessions(server)
}

const WEBSOCKET =
  'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n'
const SWITCHED =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=\r\n\r\n'

scenario(
  'a request without an answer gets 502 when its session is shut down, and the next on its connection is served',
  simple(['a']),
  { a: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    client.send(get('/1'))
    await rig.when(() => rig.origin('a')[0]?.received.includes('/1') === true)
    t.equal(shutdown(rig), 1)
    await rig.when(() => client.received.startsWith('HTTP/1.1 502 '))
    t.match(rig.records, [{ target: '/1', status: 502, termination: 'KH', server: 'a' }])
    t.equal(shutdown(rig), 0, 'nobody is left')
    client.send(get('/2'))
    await rig.when(() => rig.origin('a')[1]?.received.includes('/2') === true)
    rig.origin('a')[1]?.send(ok('two'))
    await rig.when(() => client.received.endsWith('two'))
    t.match(rig.balancer.stats().backends['be'], { current: 0, servers: { a: { current: 0 } } })
  },
)

scenario('an answer that has begun is cut off', simple(['a']), { a: 'manual' }, async (t, rig) => {
  const client = await rig.client()
  client.send(get('/'))
  await rig.when(() => rig.origin('a')[0] !== undefined)
  rig.origin('a')[0]?.send('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc')
  await rig.when(() => client.received.endsWith('abc'))
  t.equal(shutdown(rig), 1)
  await rig.when(() => client.ended)
  await rig.when(() => rig.records.length === 1)
  t.match(rig.records, [{ status: 200, termination: 'KD' }])
})

scenario('a body that is on its way gets no answer', simple(['a']), { a: 'manual' }, async (t, rig) => {
  const client = await rig.client()
  client.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc')
  await rig.when(() => rig.origin('a')[0]?.received.endsWith('abc') === true)
  t.equal(shutdown(rig), 1)
  await rig.when(() => client.ended)
  t.equal(client.received, '')
  t.match(rig.records, [{ termination: 'K-' }])
})

scenario(
  'a WebSocket is cut off with its server’s sessions, and not with another server’s',
  simple(['a', 'b']),
  { a: 'manual', b: 'manual' },
  async (t, rig) => {
    const [one, two] = [await rig.client(), await rig.client()]
    one.send(WEBSOCKET)
    await rig.when(() => rig.origin('a')[0] !== undefined)
    two.send(WEBSOCKET)
    await rig.when(() => rig.origin('b')[0] !== undefined)
    for (const name of ['a', 'b']) {
      await rig.when(() => rig.origin(name)[0]?.received.endsWith('\r\n\r\n') === true)
      rig.origin(name)[0]?.send(`${SWITCHED}hi`)
    }
    await rig.when(() => one.received.endsWith('hi') && two.received.endsWith('hi'))
    t.equal(shutdown(rig), 1)
    await rig.when(() => rig.records.length === 1)
    t.match(rig.records, [{ server: 'a', status: 101, termination: 'KD' }])
    two.send('ping')
    await rig.when(() => rig.origin('b')[0]?.received.endsWith('ping') === true)
    t.match(rig.balancer.stats().backends['be'], { servers: { a: { current: 0 }, b: { current: 1 } } })
  },
)

scenario(
  'a TCP connection is cut off',
  (at) => {
    const be = new Backend('be', { mode: 'tcp', servers: [new Server('a', at('a'))] })
    return new Frontend('fe', { mode: 'tcp', bind: BIND, defaultBackend: be })
  },
  { a: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    client.send('x')
    await rig.when(() => rig.origin('a')[0]?.received === 'x')
    t.equal(shutdown(rig), 1)
    await rig.when(() => rig.records.length === 1)
    t.match(rig.records, [{ termination: 'K-', bytesIn: 1 }])
  },
)
