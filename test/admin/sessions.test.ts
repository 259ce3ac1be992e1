/** Who is connected, as `show sess` tells of it. What HAProxy says at the same places is compared in test/interop. */
import t from 'tap'
import { RuntimeApi } from '../../lib/admin/index.js'
import { shortTime } from '../../lib/admin/short-time.js'
import { Backend, Frontend, path, reject, Server, tarpit, useBackend, waitEnd } from '../../lib/index.js'
import { hang, inMemory, tcp, unreachable } from '../../lib/testing/index.js'

t.test('spans of time have their two greatest units', async (t) => {
  const SPANS: readonly (readonly [number, string])[] = [
    [-5, '0s'],
    [999, '0s'],
    [5_000, '5s'],
    [60_500, '1m'],
    [89_999, '1m29s'],
    [3_600_500, '1h'],
    [3_661_000, '1h1m'],
    [86_400_500, '1d'],
    [90_000_000, '1d1h'],
    [691_199_000, '7d23h'],
  ]
  for (const [milliseconds, text] of SPANS) t.equal(shortTime(milliseconds), text)
})

/** The words of a line by their names. */
const told = (line: string, ...names: string[]): string =>
  names.map((name) => new RegExp(`\\b${name}=(\\[.*?\\]|\\S*)`).exec(line)?.[1]).join(' ')

t.test('each stands somewhere, and has its limits', async (t) => {
  const be = new Backend('be', { servers: [new Server('s1', '10.0.0.1:80')], timeouts: { server: '100s' } })
  const full = new Backend('full', {
    servers: [new Server('f1', '10.0.0.2:80', { maxConnections: 1 })],
    timeouts: { queue: '1h', server: '50s' },
  })
  const far = new Backend('far', { servers: [new Server('r1', '10.0.0.3:80')], timeouts: { connect: '9s' } })
  const plain = new Backend('plain', {
    mode: 'tcp',
    servers: [new Server('p1', '10.0.0.4:80')],
    timeouts: { server: '40s' },
  })
  const edge = new Frontend('edge', {
    bind: { address: '127.0.0.1:8080', name: 'door' },
    httpRequest: [tarpit().if(path.is('/tar'))],
    routes: [useBackend(full).if(path.is('/full')), useBackend(far).if(path.is('/far'))],
    defaultBackend: be,
    timeouts: { tarpit: '2d' },
  })
  const pipe = new Frontend('plain', {
    bind: '127.0.0.1:8081',
    mode: 'tcp',
    defaultBackend: plain,
    timeouts: { client: '30s' },
  })
  const looking = new Frontend('looking', {
    bind: '127.0.0.1:8082',
    mode: 'tcp',
    inspectDelay: '3h',
    tcpRequestContent: [reject().if(waitEnd.isTrue())],
    defaultBackend: plain,
  })
  const lb = inMemory({ frontends: [edge, pipe, looking] }, { s1: hang, f1: hang, r1: unreachable, p1: tcp(() => {}) })
  await lb.started
  t.teardown(() => lb.stop())
  const api = new RuntimeApi(lb.balancer)
  const lines = async (): Promise<string[]> => (await api.execute('show sess')).trimEnd().split('\n')
  const head = (target: string): string => `GET ${target} HTTP/1.1\r\nhost: a\r\n\r\n`
  const come = async (said: string, frontend = 'edge'): Promise<string> => {
    const client = await lb.connect({ frontend, src: '192.0.2.7' })
    await client.send(said)
    return (await lines()).at(-1) ?? ''
  }
  t.same(await lines(), [''])
  const names = ['proto', 'src', 'fe', 'be', 'srv', 'age', 'rc', 'c_exp', 'exp']
  const where = (line: string): string =>
    `${told(line, ...names)} ${/scb=\[(\d)/.exec(line)?.[1]}`.replace(/7:\d+/, '7')
  const waiting = await come(head('/'))
  t.equal(where(waiting), 'tcpv4 192.0.2.7 edge be s1 0s 0  1m40s 8')
  t.match(
    waiting,
    /^0x[0-9a-f]+: proto=\S+ .* rq\[f=000000h,i=0,an=00h,rx=,wx=,ax=\] rp\[.*,rx=1m40s,wx=,ax=\] scf=\[8,/,
  )
  t.equal(where(await come(head('/tar'))), 'tcpv4 192.0.2.7 edge <NONE> <none> 0s 0  2d 0')
  await come(head('/full'))
  t.equal(where(await come(head('/full'))), 'tcpv4 192.0.2.7 edge full <none> 0s 0 1h 1h 2')
  t.equal(where(await come(head('/far'))), 'tcpv4 192.0.2.7 edge far r1 0s 0 9s 9s 5')
  t.match(await come('x', 'plain'), / fe=plain be=plain srv=p1 .* rq\[.*,rx=30s,.* rp\[.*,rx=40s,.* exp=30s /)
  t.match(await come('x', 'looking'), / fe=looking be=<NONE> srv=<none> .* rq\[.*,ax=3h\] .* exp=3h /)

  const ids = (await lines()).map((line) => line.split(':')[0] as string)
  t.equal(ids.length, 7)
  const details = await api.execute(`show sess ${ids[0]}`)
  t.match(details, /^0x\w+: \[\d\d\/\w{3}\/\d{4}:[\d:]+\.\d{6}\] id=\d+ proto=tcpv4 source=192\.0\.2\.7:\d+\n/)
  t.match(details, '  frontend=edge (id=1 mode=http), listener=door (id=1) addr=127.0.0.1:8080\n')
  t.match(details, /\n {2}backend=be \(id=\d mode=http\) addr=\S+\n {2}server=s1 \(id=1\) addr=10\.0\.0\.1:80\n/)
  t.match(details, / meth=1 status=-1 req\.st=MSG_DONE rsp\.st=MSG_RPBEFORE /)
  const all = await api.execute('show sess all')
  t.equal(all.match(/^0x\w+: \[/gm)?.length, 7)
  t.match(all, '\n  backend=<NONE> (id=-1 mode=-)\n  server=<NONE> (id=-1)\n', 'nowhere yet')
  t.match(all, /, pend_pos=0x\w+ waiting=0 [\s\S]*?backend=full [\s\S]*?server=<none> \(id=0\)\n/, 'in a queue')
  t.match(all, ' state=QUE\n')

  t.equal(await api.execute('show sess 0x7ffffff'), 'Session not found.\n\n')
  t.equal(await api.execute(`shutdown session ${ids[0]}`), '\n')
  await lb.settle()
  t.equal((await lines()).length, 6)
})
