/** How messages go through: routing, connections that live on, framings, interim answers, tunnels, slow readers. */
import { createHash } from 'node:crypto'
import { Backend, Frontend, host, path, Server, useBackend } from '../../lib/index.js'
import { reply } from '../../lib/testing/index.js'
import { scenario } from './support/scenario.js'
import { BIND, bodies, get, last, named, ok, simple } from './support/site.js'

const upgrade =
  'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n'

scenario(
  'requests are routed by path and host',
  (at) => {
    const api = new Backend('api', { servers: [new Server('a', at('a'))] })
    const img = new Backend('img', { servers: [new Server('b', at('b'))] })
    const web = new Backend('web', { servers: [new Server('c', at('c'))] })
    return new Frontend('fe', {
      bind: BIND,
      routes: [useBackend(api).if(path.startsWith('/api/')), useBackend(img).if(host.is('img.test'))],
      defaultBackend: web,
    })
  },
  { a: named, b: named, c: named },
  async (t, rig) => {
    const client = await rig.client()
    client.send(`${get('/api/x')}GET / HTTP/1.1\r\nHost: img.test\r\n\r\n${last('/')}`)
    await rig.when(() => client.ended)
    t.same(bodies(client.received), ['a', 'b', 'c'])
    t.match(rig.records, [
      { backend: 'api', server: 'a', target: '/api/x' },
      { backend: 'img', server: 'b' },
      { backend: 'web', server: 'c', termination: '--' },
    ])
  },
)

scenario('round robin', simple(['a', 'b', 'c']), { a: named, b: named, c: named }, async (t, rig) => {
  const client = await rig.client()
  client.send(get('/').repeat(5) + last())
  await rig.when(() => client.ended)
  t.same(bodies(client.received), ['a', 'b', 'c', 'a', 'b', 'c'])
})

scenario('connections live on at both sides', simple(['a']), { a: 'manual' }, async (t, rig) => {
  const client = await rig.client()
  for (let count = 1; count <= 3; count++) {
    client.send(get(`/${count}`))
    await rig.when(() => rig.origin('a')[0]?.received.includes(`/${count} `) === true)
    rig.origin('a')[0]?.send(ok(`n${count}`))
    await rig.when(() => client.received.endsWith(`n${count}`))
  }
  t.equal(rig.origin('a').length, 1)
  t.notOk(client.ended)
  t.same(
    rig.records.map(({ reused }) => reused),
    [false, true, true],
  )
  t.match(rig.balancer.stats(), { connections: 1, idleConnections: 1, underWay: 0 })
})

scenario(
  'pipelined requests are answered in order',
  simple(['a', 'b']),
  { a: 'manual', b: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    client.send(get('/1') + get('/2'))
    await rig.when(() => rig.origin('a')[0]?.received.includes('/1') === true)
    await rig.settle()
    t.equal(rig.origin('b').length, 0, 'the second one waits')
    rig.origin('a')[0]?.send(ok('one'))
    await rig.when(() => rig.origin('b')[0]?.received.includes('/2') === true)
    rig.origin('b')[0]?.send(ok('two'))
    await rig.when(() => client.received.endsWith('two'))
    t.same(bodies(client.received), ['one', 'two'])
  },
)

scenario('HEAD, 204 and 304 have no body', simple(['a']), { a: 'manual' }, async (t, rig) => {
  const client = await rig.client()
  const answers = [
    'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n',
    'HTTP/1.1 204 No Content\r\n\r\n',
    'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 9\r\n\r\n',
    ok('body'),
  ]
  client.send(get('/').replace('GET', 'HEAD') + get('/204') + get('/304') + last('/200'))
  for (const [index, answer] of answers.entries()) {
    await rig.when(() => (rig.origin('a')[0]?.received.match(/HTTP\/1.1\r\n/g) ?? []).length === index + 1)
    rig.origin('a')[0]?.send(answer)
  }
  await rig.when(() => client.ended)
  t.same(client.received.match(/HTTP\/1.1 \d+/g), ['HTTP/1.1 200', 'HTTP/1.1 204', 'HTTP/1.1 304', 'HTTP/1.1 200'])
  t.match(client.received, /^HTTP\/1.1 200 OK\r\ncontent-length: 4\r\n\r\nHTTP\/1.1 204/, 'HEAD tells the length')
  t.ok(client.received.endsWith('\r\n\r\nbody'))
})

scenario('chunks and trailers both ways', simple(['a']), { a: 'manual' }, async (t, rig) => {
  const client = await rig.client()
  client.send('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTrailer: x-sum\r\n\r\n3\r\nabc\r\n')
  await rig.when(() => rig.origin('a')[0]?.received.endsWith('3\r\nabc\r\n') === true)
  client.send('0\r\nX-Sum: 1\r\n\r\n')
  await rig.when(() => rig.origin('a')[0]?.received.toLowerCase().endsWith('0\r\nx-sum: 1\r\n\r\n') === true)
  rig.origin('a')[0]?.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n')
  await rig.when(() => client.received.endsWith('2\r\nhi\r\n'), 'the first chunk is not held back')
  rig.origin('a')[0]?.send('0\r\nX-Out: 2\r\n\r\n')
  await rig.when(() => client.received.toLowerCase().endsWith('0\r\nx-out: 2\r\n\r\n'))
  t.match(rig.records, [{ status: 200, termination: '--' }])
  client.send(last('/again'))
  await rig.when(() => rig.origin('a')[0]?.received.includes('/again') === true, 'the connections live on')
})

scenario('100-continue and 103 are passed on', simple(['a']), { a: 'manual' }, async (t, rig) => {
  const client = await rig.client()
  client.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n')
  await rig.when(() => /expect: 100-continue\r\n/.test(rig.origin('a')[0]?.received ?? ''))
  rig.origin('a')[0]?.send('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n')
  await rig.when(() => client.received.endsWith('HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n'))
  t.match(client.received, /^HTTP\/1.1 100 Continue\r\n\r\n/)
  client.send('abc')
  await rig.when(() => rig.origin('a')[0]?.received.endsWith('\r\n\r\nabc') === true)
  rig.origin('a')[0]?.send(ok('done'))
  await rig.when(() => client.received.endsWith('done'))
  t.match(rig.records, [{ status: 200, termination: '--' }])
})

scenario('an answer that comes before the body is whole ends well', simple(['a']), { a: 'manual' }, async (t, rig) => {
  const client = await rig.client()
  client.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc')
  await rig.when(() => rig.origin('a')[0]?.received.endsWith('abc') === true)
  rig.origin('a')[0]?.send('HTTP/1.1 413 Too Much\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno').end()
  await rig.when(() => client.received.endsWith('no'))
  client.send(`defghij${last('/next')}`)
  await rig.when(
    () => rig.origin('a')[1]?.received.includes('/next') === true,
    'the rest is thrown away, and the client goes on',
  )
  t.match(rig.records, [{ status: 413, termination: '--' }])
  rig.origin('a')[1]?.send(ok('next'))
  await rig.when(() => client.received.endsWith('next'))
  t.match(rig.balancer.stats(), { underWay: 0 })
})

scenario('a WebSocket whose key is not answered is 502', simple(['a']), { a: 'manual' }, async (t, rig) => {
  const client = await rig.client()
  client.send(upgrade)
  await rig.when(() => rig.origin('a')[0]?.received.includes('\r\n\r\n') === true)
  rig.origin('a')[0]?.send('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  await rig.when(() => client.received.startsWith('HTTP/1.1 502 '))
  t.match(rig.records, [{ status: 502, termination: 'PH' }])
})

scenario('HTTP/1.0', simple(['a']), { a: 'manual' }, async (t, rig) => {
  const client = await rig.client()
  client.send('GET /old HTTP/1.0\r\n\r\n')
  await rig.when(() => rig.origin('a')[0]?.received.startsWith('GET /old HTTP/1.0\r\n') === true)
  rig.origin('a')[0]?.send(ok('x'))
  await rig.when(() => client.ended)
  t.match(client.received, /^HTTP\/1.1 200 OK\r\n.*\r\n\r\nx$/s)
  const kept = await rig.client()
  kept.send('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
  await rig.when(() => rig.origin('a')[1]?.received.includes('\r\n\r\n') === true)
  rig.origin('a')[1]?.send(ok('y'))
  await rig.when(() => kept.received.endsWith('y'))
  await rig.settle()
  t.notOk(kept.ended)
  t.match(kept.received, /connection: keep-alive/)
})

scenario('a body that ends with the connection', simple(['a']), { a: 'manual' }, async (t, rig) => {
  const client = await rig.client()
  client.send(get('/'))
  await rig.when(() => rig.origin('a').length === 1)
  rig.origin('a')[0]?.send('HTTP/1.1 200 OK\r\n\r\nall of it')
  await rig.when(() => client.received.includes('all of it'))
  t.notOk(client.ended)
  rig.origin('a')[0]?.end(', and more')
  await rig.when(() => client.ended)
  t.match(client.received, /connection: close\r\n\r\nall of it, and more$/)
  t.match(rig.records, [{ termination: '--' }])
})

scenario('a WebSocket is the first request of its connection', simple(['a']), { a: 'manual' }, async (t, rig) => {
  const client = await rig.client()
  client.send(upgrade)
  await rig.when(() => /connection: upgrade\r\nupgrade: websocket\r\n/i.test(rig.origin('a')[0]?.received ?? ''))
  const server = rig.origin('a')[0]
  server?.send(
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=\r\n\r\n\x81\x02hi',
  )
  await rig.when(() => client.received.endsWith('\x81\x02hi'))
  t.match(client.received, /^HTTP\/1.1 101 .*connection: upgrade\r\nupgrade: websocket\r\n/is)
  client.send('\x81\x85\0\0\0\0hello')
  await rig.when(() => server?.received.endsWith('\x81\x85\0\0\0\0hello') === true)
  await rig.advance('25s')
  client.send('still here')
  await rig.when(() => server?.received.endsWith('still here') === true)
  client.end('bye')
  await rig.when(() => server?.ended === true)
  server?.end('bye, too')
  await rig.when(() => client.received.endsWith('bye, too'))
  await rig.when(() => rig.records.length === 1)
  t.match(rig.records, [{ status: 101, termination: '--' }])
})

scenario('a server may decline to upgrade', simple(['a']), { a: 'manual' }, async (t, rig) => {
  const client = await rig.client()
  client.send(upgrade)
  await rig.when(() => rig.origin('a')[0]?.received.includes('\r\n\r\n') === true)
  rig.origin('a')[0]?.send(ok('plain'))
  await rig.when(() => client.received.endsWith('plain'))
  client.send(get('/next'))
  await rig.when(() => rig.origin('a')[0]?.received.includes('/next') === true)
  t.match(rig.records, [{ status: 200, termination: '--' }])
})

scenario('CONNECT opens a tunnel', simple(['a']), { a: 'manual' }, async (t, rig) => {
  const client = await rig.client()
  client.send('CONNECT db.test:5432 HTTP/1.1\r\nHost: db.test:5432\r\n\r\n')
  await rig.when(() => rig.origin('a')[0]?.received.startsWith('CONNECT db.test:5432 HTTP/1.1\r\n') === true)
  rig.origin('a')[0]?.send('HTTP/1.1 200 Connected\r\n\r\n')
  await rig.when(() => client.received.endsWith('\r\n\r\n'))
  client.send('\0\x01raw')
  await rig.when(() => rig.origin('a')[0]?.received.endsWith('\0\x01raw') === true)
  rig.origin('a')[0]?.end('\xff')
  await rig.when(() => client.received.endsWith('\xff') && client.ended)
  client.end()
  await rig.when(() => rig.records.length === 1)
  t.match(rig.records, [{ method: 'CONNECT', status: 200, termination: '--' }])
})

const LARGE = 64 * 1024 * 1024
/** What kernel and streams hold at most for two connections. */
const HELD = 24 * 1024 * 1024

/** Waits until a writer stands still for many turns. */
async function stalled(rig: { settle(): Promise<void> }, taken: () => number): Promise<void> {
  for (let still = 0, before = -1; still < 20; before = taken()) {
    await rig.settle()
    still = taken() === before ? still + 1 : 0
  }
}

scenario('a client that does not read stops the server', simple(['a']), { a: 'manual' }, async (t, rig) => {
  const client = await rig.client()
  client.send(last())
  await rig.when(() => rig.origin('a')[0]?.received.includes('\r\n\r\n') === true)
  client.socket.pause()
  rig.origin('a')[0]?.send(`HTTP/1.1 200 OK\r\nContent-Length: ${LARGE}\r\n\r\n`)
  const poured = rig.origin('a')[0]?.pour(LARGE) as { taken: () => number }
  await stalled(rig, poured.taken)
  t.ok(poured.taken() < HELD, `${poured.taken()} bytes were taken`)
  client.socket.resume()
  await rig.when(() => client.ended)
  t.ok(client.count > LARGE && client.count < LARGE + 200)
  t.match(rig.records, [{ termination: '--', status: 200 }])
})

scenario('a server that does not read stops the client', simple(['a']), { a: 'manual' }, async (t, rig) => {
  const client = await rig.client()
  client.send(`PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: ${LARGE}\r\n\r\n`)
  await rig.when(() => rig.origin('a').length === 1)
  const server = rig.origin('a')[0]
  server?.socket.pause()
  const poured = client.pour(LARGE)
  await stalled(rig, poured.taken)
  t.ok(poured.taken() < HELD, `${poured.taken()} bytes were taken`)
  server?.socket.resume()
  await rig.when(() => (server?.count ?? 0) > LARGE)
  server?.send(ok('got it'))
  await rig.when(() => client.received.endsWith('got it'))
  t.match(rig.records, [{ termination: '--', status: 200 }])
})

scenario(
  'large bodies arrive as they were sent',
  simple(['a']),
  { a: ({ request }) => reply(200, Buffer.from(request.body, 'latin1')) },
  async (t, rig) => {
    const body = Buffer.alloc(700_000)
    for (let index = 0; index < body.length; index++) body[index] = (index * 31 + (index >> 8)) & 255
    const client = await rig.client()
    client.send(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`).send(body)
    await rig.when(() => client.ended)
    const got = Buffer.from(client.received.slice(client.received.indexOf('\r\n\r\n') + 4), 'latin1')
    const sum = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
    t.equal(sum(got), sum(body))
  },
)

scenario(
  'a client that has finished gets its answer where it is not given up',
  simple(['a'], {}, { abortOnClose: false }),
  { a: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    client.end(get('/'))
    await rig.when(() => rig.origin('a')[0]?.received.includes('\r\n\r\n') === true)
    await rig.settle()
    rig.origin('a')[0]?.send(ok('late'))
    await rig.when(() => client.received.endsWith('late') && client.ended)
    t.match(rig.records, [{ status: 200, termination: '--' }])
  },
)

scenario('a client that has finished is given up', simple(['a']), { a: 'manual' }, async (t, rig) => {
  const client = await rig.client()
  client.send(get('/'))
  await rig.when(() => rig.origin('a')[0]?.received.includes('\r\n\r\n') === true)
  client.end()
  await rig.when(() => client.ended && rig.origin('a')[0]?.ended === true)
  t.match(rig.records, [{ status: 400, termination: 'CH' }])
})
