/** `debug`: what is seen on its way through an expression is shown, and passed on. */
import t from 'tap'
import { RuntimeApi } from '../../lib/admin/index.js'
import { parseConfig } from '../../lib/config/index.js'
import {
  Backend,
  Balancer,
  type EventSink,
  eventsOn,
  Frontend,
  format,
  header,
  method,
  path,
  Ring,
  type SeenValue,
  setHeader,
  src,
  srcPort,
  useBackend,
} from '../../lib/index.js'
import { inMemory, request, TestClock } from '../../lib/testing/index.js'

/** Keeps what it is shown. */
function collector(): EventSink & { readonly seen: SeenValue[] } {
  const seen: SeenValue[] = []
  return { name: 'collector', seen, show: (one) => void seen.push(one) }
}

t.test('every kind of sample shows its values, under its type', async (t) => {
  const sink = collector()
  const context = request('/a%0Ab', { src: '192.0.2.7', headers: { x: 'one\x80' } })
  t.equal(path.debug('p', sink).lower().ask(context), '/a%0ab')
  t.equal(String(src.debug('s', sink).ask(context)), '192.0.2.7')
  t.type(srcPort.debug('', sink).add(1).ask(context), 'number')
  t.equal(method.debug('m', sink).ask(context), 'GET')
  t.equal(header('x').debug('h', sink).length().ask(context), 4)
  t.equal(path.is('/x').holds(context), false)
  t.equal(header('none').debug('none', sink).ask(context), undefined)
  t.same(
    sink.seen.map(({ text }) => text.replace(/<\d+>/, '<#>')),
    [
      '[debug] p: type=str </a%0Ab>',
      '[debug] s: type=ipv4 <192.0.2.7>',
      '[debug] : type=sint <#>',
      '[debug] m: type=meth <GET>',
      '[debug] h: type=str <one.>',
    ],
  )
  t.match(sink.seen[0], { prefix: 'p', type: 'str', value: '/a%0Ab', wall: Number })
})

t.test('all values that a condition looks at are shown', async (t) => {
  const sink = collector()
  const context = request('/', {
    headers: [
      ['x', 'a'],
      ['x', 'b'],
    ] as never,
  })
  t.equal(header('x').debug('x', sink).is('b').holds(context), true)
  t.same(
    sink.seen.map(({ value }) => value),
    ['a', 'b'],
  )
})

t.test('without a place it goes to the balancer: its event, its buf0, show events', async (t) => {
  const web = new Backend('web')
  const edge = new Frontend('edge', { routes: [useBackend(web).if(path.debug('path').startsWith('/'))] })
  await using lb = inMemory(edge)
  const seen: SeenValue[] = []
  lb.balancer.on('seen', (one) => void seen.push(one))
  await lb.inject('/x')
  t.match(seen, [{ prefix: 'path', type: 'str', value: '/x', text: '[debug] path: type=str </x>' }])
  const [own] = lb.balancer.sinks as [Ring]
  t.match(own.events, [/^<0>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d \[debug\] path: type=str <\/x>$/])
  const api = new RuntimeApi(lb.balancer)
  t.equal(await api.execute('show events buf0 -0 -w'), `${own.events[0]}\0\n`, 'nobody waits for ever')
})

t.test('a listener that throws costs nothing but is told of', async (t) => {
  const edge = new Frontend('edge', { httpRequest: [setHeader('x-path', format`${path.debug()}`)] })
  await using lb = inMemory(edge)
  lb.balancer.on('seen', () => {
    throw new Error('mine')
  })
  t.match(await lb.inject('/'), { status: 503 })
  t.match(lb.faults, [{ message: 'mine' }])
})

t.test('what is only tried out is not shown', async (t) => {
  const edge = new Frontend('edge', { httpRequest: [setHeader('x-path', format`${path.debug('p')}`)] })
  await using lb = inMemory(edge)
  await lb.balancer.explain('http://edge/x')
  t.same((lb.balancer.sinks[0] as Ring).events, [])
})

t.test('a haproxy.cfg names rings and descriptors, which show events lists', async (t) => {
  const config = parseConfig(`
ring mine
  description "What I look at"
  maxlen 80
defaults
  mode http
  timeout client 1s
frontend edge
  http-request set-var(txn.a) path,debug(p,mine)
  http-request set-var(txn.a) path,debug(e,stderr) if { path /never }
`)
  await using lb = inMemory(config)
  await lb.inject(`/${'x'.repeat(100)}`)
  const mine = lb.balancer.sinks.find(({ name }) => name === 'mine') as Ring
  t.match(mine.events, [/^\[debug\] p: type=str <\/x+$/])
  t.equal(mine.events[0]?.length, 80)
  const api = new RuntimeApi(lb.balancer)
  t.equal(
    await api.execute('show events'),
    'Supported events sinks are listed below. Add -w(wait), -n(new). Any key to stop\n' +
      '    stdout     : type=fd, 0 dropped, standard output (fd#1)\n' +
      '    stderr     : type=fd, 0 dropped, standard output (fd#2)\n' +
      '    buf0       : type=buffer, 0 dropped, in-memory ring buffer\n' +
      '    mine       : type=buffer, 0 dropped, What I look at\n\n',
  )
  t.equal(await api.execute('show events mine -n'), '\n')
})

t.test('rings keep the latest, and tell of what comes', async (t) => {
  const ring = new Ring('r', { size: 1024 })
  const heard: string[] = []
  const end = ring.watch((line) => void heard.push(line))
  for (let count = 0; count < 5000; count++) ring.write(`line ${count}\n`)
  end()
  ring.write('unheard\n')
  t.equal(heard.length, 5000)
  t.equal(ring.events.at(-1), 'unheard')
  t.ok(ring.events.join('\n').length < 1024)
  t.equal(ring.events[0], `line ${5000 - ring.events.length + 1}`)
})

t.test('wrong words', async (t) => {
  t.throws(() => eventsOn('file' as never), /must be 'stdout' or 'stderr'/)
  t.throws(() => new Balancer({ frontends: [], sinks: [{}] as never, clock: new TestClock() }), /must be a Ring/)
  t.throws(
    () =>
      parseConfig(
        'frontend f\n  mode http\n  timeout client 1s\n  http-request set-path path,debug(a,b)\n  acl x src,debug(a,nope)\n',
      ),
    /No such sink 'nope'/,
  )
})
