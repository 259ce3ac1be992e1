/** Clients that are slow, silent or gone, and the limits on how many there may be. */
import { Backend, Frontend, Server } from '../../lib/index.js'
import { scenario } from './support/scenario.js'
import { BIND, bodies, get, last, named, ok, simple } from './support/site.js'

const times = { timeouts: { httpRequest: '3s', httpKeepAlive: '7s', client: '9s' } }

scenario('a head that comes too slowly is 408', simple(['a'], times), { a: named }, async (t, rig) => {
  const client = await rig.client()
  client.send('GET / HTTP/1.1\r\nHos')
  await rig.settle()
  await rig.advance('2s')
  client.send('t: x\r\n')
  await rig.settle()
  await rig.advance('999ms')
  t.equal(client.received, '')
  await rig.advance('1ms')
  await rig.when(() => client.ended)
  t.match(client.received, /^HTTP\/1.1 408 .*connection: close/is)
  t.match(rig.records, [{ status: 408, termination: 'cR' }])
})

scenario('a connection that never says anything is 408 as well', simple(['a'], times), { a: named }, async (t, rig) => {
  const client = await rig.client()
  await rig.when(() => rig.balancer.stats().connections === 1)
  await rig.advance('3s')
  await rig.when(() => client.ended)
  t.match(rig.records, [{ status: 408, termination: 'cR' }])
})

scenario('after an answer silence closes without a word', simple(['a'], times), { a: named }, async (t, rig) => {
  const client = await rig.client()
  client.send(get())
  await rig.when(() => client.received.endsWith('a'))
  await rig.advance('6s')
  t.notOk(client.ended)
  const before = client.received
  await rig.advance('1s')
  await rig.when(() => client.ended || client.closed)
  t.equal(client.received, before)
  t.equal(rig.records.length, 1)
})

scenario('a second head that comes too slowly is 408', simple(['a'], times), { a: named }, async (t, rig) => {
  const client = await rig.client()
  client.send(get())
  await rig.when(() => client.received.endsWith('a'))
  client.send('GET /')
  await rig.settle()
  await rig.advance('3s')
  await rig.when(() => client.ended)
  t.match(client.received, /HTTP\/1.1 408 /)
  t.match(rig.records[1], { termination: 'cR', status: 408 })
})

scenario('a body that does not come is 408', simple(['a'], times), { a: 'manual' }, async (t, rig) => {
  const client = await rig.client()
  client.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf')
  await rig.when(() => rig.origin('a')[0]?.received.endsWith('half') === true)
  await rig.advance('9s')
  await rig.when(() => client.ended)
  t.match(client.received, /^HTTP\/1.1 408 /)
  t.match(rig.records, [{ status: 408, termination: 'cD', server: 'a' }])
})

scenario('who leaves while the server thinks is CH', simple(['a'], times), { a: 'manual' }, async (t, rig) => {
  const client = await rig.client()
  client.send(get())
  await rig.when(() => rig.origin('a')[0]?.received.includes('\r\n\r\n') === true)
  client.reset()
  await rig.when(() => rig.records.length === 1)
  t.match(rig.records, [{ termination: 'CH', server: 'a' }])
  await rig.when(() => rig.origin('a')[0]?.ended === true || rig.origin('a')[0]?.closed === true)
  await rig.when(() => rig.balancer.stats().connections === 0)
})

scenario('who leaves within the answer is CD', simple(['a'], times), { a: 'manual' }, async (t, rig) => {
  const client = await rig.client()
  client.send(get())
  await rig.when(() => rig.origin('a')[0]?.received.includes('\r\n\r\n') === true)
  rig.origin('a')[0]?.send('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf')
  await rig.when(() => client.received.endsWith('half'))
  client.reset()
  await rig.when(() => rig.records.length === 1)
  t.match(rig.records, [{ termination: 'CD', status: 200, server: 'a' }])
  await rig.when(() => rig.origin('a')[0]?.ended === true || rig.origin('a')[0]?.closed === true)
})

scenario('who leaves within the body is CD', simple(['a'], times), { a: 'manual' }, async (t, rig) => {
  const client = await rig.client()
  client.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf')
  await rig.when(() => rig.origin('a')[0]?.received.endsWith('half') === true)
  client.reset()
  await rig.when(() => rig.records.length === 1)
  t.match(rig.records, [{ termination: 'CD', server: 'a' }])
})

scenario('who leaves within a head is CR', simple(['a'], times), { a: named }, async (t, rig) => {
  const client = await rig.client()
  client.send('GET / HT')
  await rig.settle()
  client.end()
  await rig.when(() => rig.records.length === 1)
  t.match(rig.records, [{ termination: 'CR', status: 400 }])
  await rig.when(() => rig.balancer.stats().connections === 0)
})

scenario(
  'who says nothing and leaves is not told of when asked so',
  simple(['a'], { ignoreEmptyConnections: true }),
  { a: named },
  async (t, rig) => {
    const client = await rig.client()
    await rig.when(() => rig.balancer.stats().connections === 1)
    client.end()
    await rig.when(() => rig.balancer.stats().connections === 0)
    t.same(rig.records, [])
  },
)

scenario('a bad request is 400 and reaches nobody', simple(['a']), { a: 'manual' }, async (t, rig) => {
  const client = await rig.client()
  client.send('GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n')
  await rig.when(() => client.ended)
  t.match(client.received, /^HTTP\/1.1 400 /)
  t.match(rig.records, [{ status: 400, termination: 'PR', server: undefined }])
  t.equal(rig.origin('a').length, 0)
})

scenario(
  'beyond maxConnections of a frontend clients wait, and are served later',
  simple(['a'], { maxConnections: 1 }),
  { a: named },
  async (t, rig) => {
    const first = await rig.client()
    first.send(get())
    await rig.when(() => first.received.endsWith('a'))
    const second = await rig.client()
    second.send(last())
    await rig.settle()
    t.equal(second.received, '')
    t.equal(rig.balancer.stats().connections, 1)
    first.end()
    await rig.when(() => second.ended)
    t.same(bodies(second.received), ['a'])
  },
)

scenario(
  'beyond maxConnections of the balancer clients of all frontends wait',
  (at) => {
    const make = (name: string): Frontend =>
      new Frontend(name, {
        bind: BIND,
        defaultBackend: new Backend(`be-${name}`, { servers: [new Server('a', at('a'))] }),
      })
    return { frontends: [make('one'), make('two')], maxConnections: 1 }
  },
  { a: named },
  async (t, rig) => {
    const first = await rig.client('one')
    first.send(get())
    await rig.when(() => first.received.endsWith('a'))
    const second = await rig.client('two')
    second.send(last())
    await rig.settle()
    t.equal(second.received, '')
    first.end()
    await rig.when(() => second.ended)
    t.same(bodies(second.received), ['a'])
  },
)

scenario('records tell times, bytes and load', simple(['a'], times), { a: 'manual' }, async (t, rig) => {
  const client = await rig.client()
  await rig.advance('1s')
  client.send('GET /x?y=1 HTTP/1.1\r\n')
  await rig.settle()
  await rig.advance('500ms')
  client.send('Host: x\r\n\r\n')
  await rig.when(() => rig.origin('a').length === 1)
  await rig.advance('250ms')
  rig.origin('a')[0]?.send(ok('answer'))
  await rig.when(() => rig.records.length === 1)
  t.match(rig.records, [
    {
      mode: 'http',
      frontend: 'fe',
      backend: 'be',
      server: 'a',
      method: 'GET',
      target: '/x?y=1',
      version: 'HTTP/1.1',
      status: 200,
      termination: '--',
      code: 'OK',
      retries: 0,
      bytesIn: 'GET /x?y=1 HTTP/1.1\r\nHost: x\r\n\r\n'.length,
      timers: { idle: 1000, request: 500, queue: 0, connect: 0, response: 250, active: 750, total: 1750 },
      load: { process: 1, frontend: 1, backend: 0, server: 0 },
    },
  ])
  await rig.when(() => client.received.endsWith('answer'))
  t.equal(rig.records[0]?.bytesOut, client.received.length)
})
