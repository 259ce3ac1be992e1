/** How a balancer starts and stops, and what a host app may lend it. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server as NetServer } from 'node:net'
import t from 'tap'
import { Backend, type BackendOptions, Balancer, Frontend, type Logger, OptionError, Server } from '../../lib/index.js'
import { inMemory, reply, TestClock } from '../../lib/testing/index.js'
import { Peer } from './support/peer.js'
import { turns, waitFor } from './support/rig.js'
import { scenario } from './support/scenario.js'
import { BIND, get, last, named, ok, simple } from './support/site.js'

scenario('stop() with drain lets finish what is under way', simple(['a']), { a: 'manual' }, async (t, rig) => {
  const busy = await rig.client()
  busy.send(get('/busy'))
  await rig.when(() => rig.origin('a')[0]?.received.includes('/busy') === true)
  const idle = await rig.client()
  let stopped = false
  const stopping = rig.balancer.stop({ drain: '10s' }).then(() => {
    stopped = true
  })
  await rig.when(() => idle.ended || idle.closed, 'idle clients are closed at once')
  await rig.settle()
  t.notOk(stopped)
  rig.origin('a')[0]?.send(ok('finished'))
  await rig.when(() => busy.received.endsWith('finished') && busy.ended)
  t.match(busy.received, /connection: close/)
  busy.end()
  await stopping
  t.match(rig.records, [{ target: '/busy', status: 200, termination: '--' }])
  t.equal(rig.clock.pending, 0, 'no timer is left')
})

for (const spread of ['10s', Number.POSITIVE_INFINITY])
  scenario(
    `stop() with spread ${spread}: clients are not closed all at once`,
    simple(['a']),
    { a: 'manual' },
    async (t, rig) => {
      const idle = await Promise.all([rig.client(), rig.client(), rig.client(), rig.client()])
      const busy = await rig.client()
      busy.send(get('/busy'))
      await rig.when(() => rig.origin('a')[0]?.received.includes('/busy') === true)
      const left = (): number => [...idle, busy].filter(({ ended, closed }) => !ended && !closed).length
      const stopping = rig.balancer.stop({ drain: '1m', spread })
      await rig.settle()
      t.equal(left(), 5, 'nobody at first')
      if (spread === '10s') {
        await rig.advance('5s')
        await rig.when(() => left() < 5, 'some go in the first half')
        t.ok(left() > 1, 'and others stay')
        await rig.advance('5s')
        await rig.when(() => left() === 1, 'who waits for an answer stays')
        rig.origin('a')[0]?.send(ok('finished'))
        await rig.when(() => busy.received.endsWith('finished') && busy.ended)
        t.match(busy.received, /connection: close/)
      } else {
        rig.origin('a')[0]?.send(ok('finished'))
        await rig.when(() => busy.received.endsWith('finished'))
        t.notMatch(busy.received, /connection: close/)
        await rig.advance('1s')
        t.equal(left(), 5, 'their own time-outs are for them')
        await rig.advance('59s')
      }
      for (const client of [...idle, busy]) client.end()
      await stopping
      t.equal(rig.clock.pending, 0, 'no timer is left')
    },
  )

scenario('what is not done by the deadline is cut', simple(['a']), { a: 'manual' }, async (t, rig) => {
  const busy = await rig.client()
  busy.send(get('/busy'))
  await rig.when(() => rig.origin('a')[0]?.received.includes('/busy') === true)
  const stopping = rig.balancer.stop({ drain: '10s' })
  await rig.advance('9999ms')
  t.equal(rig.records.length, 0)
  await rig.advance('1ms')
  await stopping
  await rig.when(() => busy.ended || busy.closed)
  t.match(rig.records, [{ target: '/busy', termination: /^K/ }])
  await rig.when(() => rig.origin('a')[0]?.ended === true || rig.origin('a')[0]?.closed === true)
  t.equal(rig.clock.pending, 0, 'no timer is left')
})

scenario('stop() cuts at once, and may be called again', simple(['a']), { a: 'manual' }, async (t, rig) => {
  const busy = await rig.client()
  busy.send(get('/busy'))
  await rig.when(() => rig.origin('a')[0]?.received.includes('/busy') === true)
  const patient = rig.balancer.stop({ drain: true })
  await rig.settle()
  t.equal(rig.records.length, 0)
  await rig.balancer.stop()
  await patient
  t.equal(rig.records.length, 1)
  t.match(rig.balancer.stats(), { connections: 0, underWay: 0, idleConnections: 0 })
  await rig.balancer.stop()
})

scenario('a balancer that was stopped starts again', simple(['a']), { a: named }, async (t, rig) => {
  await rig.balancer.stop()
  t.throws(() => rig.balancer.frontends[0]?.address(), /start its balancer first/)
  await rig.balancer.start()
  const client = await rig.client()
  client.send(last())
  await rig.when(() => client.received.endsWith('a'))
  await t.rejects(rig.balancer.start(), /already/)
})

/** An HTTP server of a few words, on a free port. */
async function origin(t: { teardown(fn: () => unknown): void }): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

const frontend = (
  name: string,
  bind: string | readonly string[] | undefined,
  server = '127.0.0.1:9',
  backend: BackendOptions = {},
): Frontend =>
  new Frontend(name, {
    ...(bind === undefined ? {} : { bind }),
    defaultBackend: new Backend(`be-${name}`, { servers: [new Server('s', server)], ...backend }),
  })

async function say(port: number, text: string): Promise<Peer> {
  const peer = new Peer(connect({ port, host: '127.0.0.1' }))
  peer.send(text)
  await waitFor(
    () => peer.ended || peer.closed,
    'an answer',
    () => peer.received,
  )
  return peer
}

t.test('start() is all or nothing: a busy port leaves nothing listening', async (t) => {
  const blocker = createServer()
  blocker.listen(0, '127.0.0.1')
  await once(blocker, 'listening')
  t.teardown(() => blocker.close())
  const { port } = blocker.address() as AddressInfo
  const free = frontend('free', '127.0.0.1:0')
  const balancer = new Balancer({ frontends: [free, frontend('busy', `127.0.0.1:${port}`)] })
  await t.rejects(balancer.start(), { code: 'ERR_OPTION', path: 'bind', message: /in use/ })
  t.same(free.addresses(), [])
  const stranger = new Balancer({ frontends: [free] })
  await stranger.start()
  t.ok(free.address().port > 0, 'the frontend is free for another balancer')
  await stranger.stop()
})

t.test('a name that cannot be resolved is told, and nothing listens', async (t) => {
  const edge = frontend('edge', BIND, 'nowhere.invalid:80')
  await t.rejects(new Balancer({ frontends: [edge] }).start(), { message: /cannot resolve 'nowhere\.invalid'/ })
  t.same(edge.addresses(), [])
})

t.test('a logger that cannot be opened takes the start back', async (t) => {
  const seen: string[] = []
  const logger = (name: string, open: () => void): Logger => ({
    transaction: () => {},
    notice: () => {},
    open,
    close: () => void seen.push(name),
  })
  const bad = logger('bad', () => {
    throw new Error('no log')
  })
  const edge = new Frontend('edge', { bind: BIND, loggers: [logger('good', () => {}), bad] })
  const balancer = new Balancer({ frontends: [edge] })
  await t.rejects(balancer.start(), { message: 'no log' })
  t.same(edge.addresses(), [])
  t.same(seen, ['good'], 'what was opened is closed')
})

t.test('stop() while it starts stops what has started, and it can be started again', async (t) => {
  const edge = frontend('edge', BIND)
  const balancer = new Balancer({ frontends: [edge] })
  const starting = balancer.start()
  await balancer.stop()
  await starting
  t.same(edge.addresses(), [])
  await balancer.start()
  t.strictSame(Object.keys(edge.address()), ['address', 'port'])
  await balancer.stop()
})

t.test('port 0 takes a free port, and several places at once', async (t) => {
  const edge = frontend('edge', [BIND, BIND], await origin(t))
  await using balancer = new Balancer({ frontends: [edge] })
  await balancer.start()
  const ports = edge.addresses().map(({ port }) => port)
  t.equal(new Set(ports).size, 2)
  for (const port of ports) t.ok((await say(port, last())).received.endsWith('ok'))
})

t.test('await using stops it', async (t) => {
  let port = 0
  {
    const edge = frontend('edge', BIND)
    await using balancer = new Balancer({ frontends: [edge] })
    await balancer.start()
    port = edge.address().port
  }
  const again: NetServer = createServer()
  again.listen(port, '127.0.0.1')
  await once(again, 'listening')
  again.close()
  t.pass('the port is free again')
})

t.test('a host app that owns the listener hands its sockets in', async (t) => {
  const edge = frontend('edge', undefined, await origin(t), { abortOnClose: false })
  t.throws(() => edge.accept(connect(9, '127.0.0.1').on('error', () => {})), /start its balancer first/)
  await using balancer = new Balancer({ frontends: [edge] })
  await balancer.start()
  const host = createServer((socket) => {
    socket.once('data', (head) => {
      socket.pause()
      edge.accept(socket, head)
    })
  })
  host.listen(0, '127.0.0.1')
  await once(host, 'listening')
  t.teardown(() => host.close())
  const { port } = host.address() as AddressInfo
  t.ok((await say(port, last())).received.endsWith('ok'))
  const half = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  t.teardown(() => half.destroy())
  let received = ''
  half.on('data', (data) => {
    received += data.toString('latin1')
  })
  half.end(get('/'))
  await once(half, 'end')
  t.ok(received.endsWith('ok'), 'a client that has said all it had to say gets its answer')
})

t.test('what listeners throw costs nothing but a fault', async (t) => {
  const edge = frontend('edge', BIND)
  const lb = inMemory(edge, { s: reply(200) })
  lb.balancer.on('record', () => {
    throw new Error('mine')
  })
  t.match(await lb.inject('/'), { status: 200 })
  t.match(await lb.inject('/'), { status: 200 })
  t.match(lb.faults, [{ message: 'mine' }, { message: 'mine' }])
  await lb.stop()
})

t.test('names are unique', async (t) => {
  t.throws(() => new Balancer({ frontends: [frontend('a', BIND), frontend('a', BIND)] }), OptionError)
  t.throws(() => new Balancer({ frontends: [{}] } as never), /must be a Frontend/)
  t.throws(() => new Balancer({ frontends: [], maxConn: 1 } as never), /no such option: 'maxConn'/)
  t.throws(() => new Balancer(undefined as never), /must be given options/)
  t.throws(() => new Balancer({ frontends: [], clock: new TestClock(), maxConnections: -1 }), /maxConnections/)
  await turns(1)
})
