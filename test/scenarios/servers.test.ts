/** Servers that are full, down, slow or wrong, and what their clients and the records are told. */
import { Backend, Frontend, path, Server, setPriorityClass, setPriorityOffset } from '../../lib/index.js'
import type { Rig } from './support/rig.js'
import { scenario } from './support/scenario.js'
import { BIND, bodies, get, last, named, ok, simple } from './support/site.js'

const requests = (rig: Rig, name: string): string =>
  rig
    .origin(name)
    .map(({ received }) => received)
    .join('')

scenario(
  'requests beyond maxConnections wait, first in, first out',
  simple(['a'], {}, {}, { maxConnections: 1 }),
  { a: 'manual' },
  async (t, rig) => {
    const clients = [await rig.client(), await rig.client(), await rig.client()]
    for (const [index, client] of clients.entries()) {
      client.send(get(`/${index}`))
      await rig.when(() => rig.balancer.stats().underWay === index + 1)
    }
    await rig.when(() => requests(rig, 'a').includes('/0'))
    t.equal(rig.balancer.backend('be')?.queue.length, 2)
    for (const [index, client] of clients.entries()) {
      await rig.when(() => requests(rig, 'a').includes(`/${index} `))
      t.notOk(requests(rig, 'a').includes(`/${index + 1} `), 'one at a time')
      rig
        .origin('a')
        .at(-1)
        ?.send(ok(`n${index}`))
      await rig.when(() => client.received.endsWith(`n${index}`))
    }
    t.same(
      rig.records.map(({ target, backendQueue }) => [target, backendQueue]),
      [
        ['/0', 0],
        ['/1', 1],
        ['/2', 2],
      ],
    )
  },
)

scenario(
  'who waits too long gets 503',
  simple(['a'], {}, { timeouts: { queue: '3s' } }, { maxConnections: 1 }),
  { a: 'manual' },
  async (t, rig) => {
    const first = await rig.client()
    first.send(get('/first'))
    await rig.when(() => requests(rig, 'a').includes('/first'))
    const second = await rig.client()
    second.send(get('/second'))
    await rig.when(() => rig.balancer.backend('be')?.queue.length === 1)
    await rig.advance('3s')
    await rig.when(() => second.received.startsWith('HTTP/1.1 503 '))
    t.match(rig.records, [{ target: '/second', status: 503, termination: 'sQ', server: undefined, backendQueue: 1 }])
    t.equal(rig.records[0]?.timers.queue, 3000)
    rig.origin('a')[0]?.send(ok('done'))
    await rig.when(() => first.received.endsWith('done'))
    t.match(rig.balancer.backend('be')?.counters, { queued: 0, highestQueued: 1, current: 0 })
  },
)

scenario(
  'who leaves the queue is forgotten',
  simple(['a'], {}, {}, { maxConnections: 1 }),
  { a: 'manual' },
  async (t, rig) => {
    const clients = [await rig.client(), await rig.client(), await rig.client()]
    for (const [index, client] of clients.entries()) {
      client.send(get(`/${index}`))
      await rig.when(() => rig.balancer.stats().underWay === index + 1)
    }
    await rig.when(() => requests(rig, 'a').includes('/0'))
    clients[1]?.reset()
    await rig.when(() => rig.records.length === 1)
    t.match(rig.records, [{ target: '/1', termination: 'CQ', server: undefined }])
    rig.origin('a')[0]?.send(ok('zero'))
    await rig.when(() => requests(rig, 'a').includes('/2'))
    t.notOk(requests(rig, 'a').includes('/1 '))
  },
)

scenario('a refused connect goes to another server', simple(['a', 'b']), { a: 'refuse', b: named }, async (t, rig) => {
  const client = await rig.client()
  client.send(last())
  await rig.when(() => client.ended)
  t.same(bodies(client.received), ['b'])
  t.match(rig.records, [{ server: 'b', retries: 1, redispatched: true, termination: '--', status: 200 }])
  t.equal(rig.clock.elapsed, 0, 'at once')
})

scenario(
  'without redispatch the same server is asked again, with a rest',
  simple(['a', 'b'], {}, { redispatch: false, retries: 2, timeouts: { connect: '5s' } }),
  { a: 'refuse', b: named },
  async (t, rig) => {
    const client = await rig.client()
    client.send(last())
    await rig.when(() => rig.balancer.backend('be')?.servers[0]?.counters.retries === 1)
    await rig.advance('1s')
    await rig.when(() => rig.balancer.backend('be')?.servers[0]?.counters.retries === 2)
    await rig.change('a', named)
    await rig.advance('1s')
    await rig.when(() => client.ended)
    t.same(bodies(client.received), ['a'])
    t.match(rig.records, [{ server: 'a', retries: 2, redispatched: false }])
    t.equal(rig.records[0]?.timers.queue, 0, 'resting is part of reaching the server')
  },
)

scenario(
  'when nobody takes it, it is 503',
  simple(['a', 'b'], {}, { retries: 1 }),
  { a: 'refuse', b: 'refuse' },
  async (t, rig) => {
    const client = await rig.client()
    client.send(get())
    await rig.when(() => client.received.startsWith('HTTP/1.1 503 '))
    t.match(rig.records, [{ status: 503, termination: 'SC', retries: 1 }])
    t.equal(rig.balancer.stats().underWay, 0)
  },
)

scenario(
  'no server and no backend are 503',
  () => {
    const empty = new Frontend('empty', { bind: BIND, defaultBackend: new Backend('be') })
    return { frontends: [empty, new Frontend('nowhere', { bind: BIND })] }
  },
  {},
  async (t, rig) => {
    for (const name of ['empty', 'nowhere']) {
      const client = await rig.client(name)
      client.send(last())
      await rig.when(() => client.ended)
      t.match(client.received, /^HTTP\/1.1 503 /)
    }
    t.match(rig.records, [
      { backend: 'be', termination: 'SC' },
      { backend: 'nowhere', termination: 'SC' },
    ])
  },
)

scenario(
  'a server that does not answer is 504',
  simple(['a'], {}, { timeouts: { server: '4s' } }),
  { a: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    client.send(get())
    await rig.when(() => requests(rig, 'a').includes('\r\n\r\n'))
    await rig.settle()
    await rig.advance('3999ms')
    t.equal(client.received, '')
    await rig.advance('1ms')
    await rig.when(() => client.received.startsWith('HTTP/1.1 504 '))
    await rig.when(() => rig.origin('a')[0]?.closed === true || rig.origin('a')[0]?.ended === true)
    t.match(rig.records, [{ status: 504, termination: 'sH', server: 'a' }])
  },
)

scenario(
  'a server that stops within its answer is cut off',
  simple(['a'], {}, { timeouts: { server: '4s' } }),
  { a: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    client.send(get())
    await rig.when(() => requests(rig, 'a').includes('\r\n\r\n'))
    rig.origin('a')[0]?.send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf')
    await rig.when(() => client.received.endsWith('half'))
    await rig.advance('4s')
    await rig.when(() => client.ended || client.closed)
    t.match(rig.records, [{ status: 200, termination: 'sD' }])
  },
)

const wrong: [name: string, bytes: string, status: number, termination: string][] = [
  ['garbage', 'not http at all\r\n\r\n', 502, 'PH'],
  ['nothing', '', 502, 'SH'],
  ['half a head', 'HTTP/1.1 200 OK\r\nContent-', 502, 'SH'],
  ['half a body', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf', 200, 'SD'],
  ['half a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\nhalf', 200, 'SD'],
  ['a broken chunk at once', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\nzz\r\n', 502, 'PH'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx', 502, 'PH'],
  [
    'a switch that nobody asked for',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    502,
    'PH',
  ],
]
for (const [name, bytes, status, termination] of wrong)
  scenario(`a server answers ${name}`, simple(['a']), { a: 'manual' }, async (t, rig) => {
    const client = await rig.client()
    client.send(get())
    await rig.when(() => requests(rig, 'a').includes('\r\n\r\n'))
    rig.origin('a')[0]?.end(bytes)
    await rig.when(() => rig.records.length === 1)
    if (status === 200) await rig.when(() => client.ended || client.closed)
    else await rig.when(() => client.received.includes('</html>'))
    if (status === 502) t.match(client.received, /^HTTP\/1.1 502 /)
    t.match(rig.records, [{ status, termination, server: 'a' }])
    t.match(rig.balancer.stats(), { underWay: 0, idleConnections: 0 })
    const next = await rig.client()
    next.send(last())
    await rig.when(() => rig.origin('a').length === 2, 'the server is used again')
  })

scenario('status 888 costs nothing', simple(['a']), { a: 'manual' }, async (t, rig) => {
  const client = await rig.client()
  client.send(get())
  await rig.when(() => requests(rig, 'a').includes('\r\n\r\n'))
  rig.origin('a')[0]?.send('HTTP/1.1 888 Odd\r\nContent-Length: 1\r\n\r\nx')
  await rig.when(() => client.received.endsWith('x'))
  t.match(client.received, /^HTTP\/1.1 888 Odd\r\n/)
  t.match(rig.records, [{ status: 888, termination: '--' }])
})

scenario(
  'an idle connection that its server has closed is noticed',
  simple(['a'], {}, { reuse: 'always' }),
  { a: 'manual' },
  async (_t, rig) => {
    const client = await rig.client()
    client.send(get('/1'))
    await rig.when(() => requests(rig, 'a').includes('/1'))
    rig.origin('a')[0]?.send(ok('one'))
    await rig.when(() => rig.balancer.stats().idleConnections === 1)
    rig.origin('a')[0]?.end()
    await rig.when(() => rig.balancer.stats().idleConnections === 0)
    client.send(get('/2'))
    await rig.when(() => rig.origin('a')[1]?.received.includes('/2') === true)
  },
)

scenario(
  'an idle connection that dies under a request is replaced once',
  simple(['a'], {}, { reuse: 'always' }),
  { a: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    client.send(get('/1'))
    await rig.when(() => requests(rig, 'a').includes('/1'))
    rig.origin('a')[0]?.send(ok('one'))
    await rig.when(() => rig.balancer.stats().idleConnections === 1)
    client.send(get('/2'))
    await rig.when(() => rig.origin('a')[0]?.received.includes('/2') === true)
    rig.origin('a')[0]?.destroy()
    await rig.when(() => rig.origin('a')[1]?.received.includes('/2') === true)
    rig.origin('a')[1]?.send(ok('two'))
    await rig.when(() => client.received.endsWith('two'))
    t.match(rig.records[1], { status: 200, termination: '--' })
    // What may not be done twice is not.
    client.send('POST /3 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx')
    await rig.when(() => rig.origin('a')[1]?.received.includes('/3') === true)
    rig.origin('a')[1]?.destroy()
    await rig.when(() => client.received.includes('HTTP/1.1 502 '))
    t.equal(rig.origin('a').length, 2)
    t.match(rig.records[2], { status: 502, termination: 'SH' })
  },
)

const reuse = {
  // A client's first request, its second, another client's first, and that client's second: which server connection they come by.
  never: [0, 0, 1, 1],
  safe: [0, 0, 1, 1],
  aggressive: [0, 0, 0, 0],
  always: [0, 0, 0, 0],
} as const
for (const [mode, expected] of Object.entries(reuse))
  scenario(
    `http-reuse ${mode}`,
    simple(['a'], {}, { reuse: mode as keyof typeof reuse }),
    { a: 'manual' },
    async (t, rig) => {
      const used: number[] = []
      for (let client = 0; client < 2; client++) {
        const peer = await rig.client()
        for (let count = 0; count < 2; count++) {
          const path = `/${client}-${count} `
          peer.send(get(path.trim()))
          await rig.when(() => requests(rig, 'a').includes(path))
          const index = rig.origin('a').findIndex(({ received }) => received.includes(path))
          used.push(index)
          rig.origin('a')[index]?.send(ok(path.trim()))
          await rig.when(() => peer.received.endsWith(path.trim()))
        }
      }
      t.same(used, expected)
    },
  )

scenario(
  'connections that stand idle for long are closed',
  simple(['a'], {}, { idleTimeout: '6s' }),
  { a: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    client.send(get())
    await rig.when(() => requests(rig, 'a').includes('\r\n\r\n'))
    rig.origin('a')[0]?.send(ok('x'))
    await rig.when(() => rig.balancer.stats().idleConnections === 1)
    await rig.advance('5s')
    t.equal(rig.balancer.stats().idleConnections, 1)
    await rig.advance('1s')
    await rig.when(() => rig.origin('a')[0]?.ended === true || rig.origin('a')[0]?.closed === true)
    t.equal(rig.balancer.stats().idleConnections, 0)
  },
)

scenario(
  'a server that is drained or in maintenance gets nothing new',
  (at) =>
    new Frontend('fe', {
      bind: BIND,
      defaultBackend: new Backend('be', {
        servers: [
          new Server('a', at('a')),
          new Server('b', at('b')),
          new Server('spare', at('spare'), { backup: true }),
        ],
      }),
    }),
  { a: 'manual', b: named, spare: named },
  async (t, rig) => {
    const [a, b] = [...(rig.balancer.backend('be') as Backend).servers] as [Server, Server]
    const slow = await rig.client()
    slow.send(get('/slow'))
    await rig.when(() => requests(rig, 'a').includes('/slow'))
    a.admin = 'drain'
    const ask = async (): Promise<string | undefined> => {
      const client = await rig.client()
      client.send(last())
      await rig.when(() => client.ended)
      return bodies(client.received)[0]
    }
    t.same([await ask(), await ask()], ['b', 'b'])
    b.admin = 'maint'
    t.equal(await ask(), 'spare')
    rig.origin('a')[0]?.send(ok('finished'))
    await rig.when(() => slow.received.endsWith('finished'), 'what was under way is finished')
    b.admin = 'ready'
    t.equal(await ask(), 'b')
    b.weight = 0
    t.equal(await ask(), 'spare')
  },
)

scenario(
  'a queue goes by priority',
  simple(
    ['a'],
    {
      httpRequest: [
        setPriorityClass(5).if(path.is('/low')),
        setPriorityClass(-5).if(path.is('/high')),
        setPriorityOffset(1000).if(path.is('/late')),
        setPriorityOffset(-1000).if(path.is('/soon')),
      ],
    },
    {},
    { maxConnections: 1 },
  ),
  { a: 'manual' },
  async (t, rig) => {
    for (const name of ['first', 'low', 'late', 'plain', 'soon', 'high']) {
      ;(await rig.client()).send(last(`/${name}`))
      await rig.settle()
      await rig.advance(1)
    }
    for (const name of ['first', 'high', 'soon', 'plain', 'late', 'low']) {
      await rig.when(() => rig.origin('a').at(-1)?.received.includes(`/${name} `) === true)
      rig.origin('a').at(-1)?.send(ok(name))
    }
    await rig.when(() => rig.records.length === 6)
    t.same(
      rig.records.map(({ target }) => target),
      ['/first', '/high', '/soon', '/plain', '/late', '/low'],
    )
  },
)
