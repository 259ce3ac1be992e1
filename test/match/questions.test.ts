/** The questions of this room as code asks them, without an engine: a context is enough. */
import t from 'tap'
import { Ip } from '../../lib/base/ip.js'
import { MessageCaptures } from '../../lib/match/captures.js'
import type { Bodies, Context, MessageBody, ProcessView } from '../../lib/match/context.js'
import { authBearer, authenticated, authGroup, authUser } from '../../lib/match/fetches/auth.js'
import {
  bodyParam,
  requestBody,
  requestBodyLength,
  requestBodySize,
  responseBody,
} from '../../lib/match/fetches/body.js'
import { requestCapture, responseCapture } from '../../lib/match/fetches/captures.js'
import { rand, uuid } from '../../lib/match/fetches/chance.js'
import {
  connectionSrc,
  listenerConnections,
  listenerName,
  src,
  srcIsLocal,
} from '../../lib/match/fetches/connection.js'
import { inputLength, payload, payloadByLength, responsePayload } from '../../lib/match/fetches/content.js'
import { cookieCount, cookieNames, responseCookieNames } from '../../lib/match/fetches/cookie.js'
import {
  firstRequest,
  lastEntity,
  lastRuleFile,
  lastRuleLine,
  priorityClass,
} from '../../lib/match/fetches/decision.js'
import { distccBody, distccParam } from '../../lib/match/fetches/distcc.js'
import { headerBytes, headerLines, headerNames } from '../../lib/match/fetches/header-list.js'
import { headerAddress } from '../../lib/match/fetches/header-words.js'
import { looseInteger } from '../../lib/match/fetches/loose-integer.js'
import { activeConnections, env, hostname, pid, stopping, uptime } from '../../lib/match/fetches/process.js'
import { rdpCookieValue } from '../../lib/match/fetches/rdp.js'
import { date, dateUs } from '../../lib/match/fetches/time.js'
import { uniqueId } from '../../lib/match/fetches/unique-id.js'
import { upstreamDst, upstreamSrcPort } from '../../lib/match/fetches/upstream.js'
import { base32, url32Src, urlIp, urlPort } from '../../lib/match/fetches/url.js'
import { urlParam } from '../../lib/match/fetches/url-param.js'
import { notYet } from '../../lib/match/sample.js'
import { UserList } from '../../lib/match/user-list.js'
import { connected, exchange } from './context.js'

const basic = (pair: string): string => `Basic ${Buffer.from(pair, 'latin1').toString('base64')}`

function processView(random: readonly number[] = [0]): ProcessView {
  let at = 0
  return {
    variables: undefined,
    variableLimits: undefined,
    variableSize: 0,
    pid: 4711,
    node: 'node1',
    hostname: 'machine',
    startedAt: 1_700_000_000_000 - 5_500,
    stopping: false,
    environment: (name) => (name === 'HOME' ? '/root' : undefined),
    random: () => random[at++ % random.length] as number,
    load: () => ({ connections: 3, maxConnections: 10 }),
    isLocal: (ip) => ip.toString() === '192.0.2.1',
    resolve: () => Promise.reject(new Error('nobody asks')),
  }
}

function held(bytes: string, length?: number): MessageBody {
  const buffer = Buffer.from(bytes, 'latin1')
  return {
    bytes: buffer,
    complete: true,
    length,
    wait: () => true,
    read: () => Promise.resolve(buffer),
  }
}

const withBodies = (context: Context, request: MessageBody | undefined, response?: MessageBody): Context => {
  const bodies: Bodies = { requestBody: request, responseBody: response }
  context.bodies = bodies
  return context
}

const looking = (bytes: string, complete = false): Context => {
  const context = connected()
  context.input = { bytes: Buffer.from(bytes, 'latin1'), complete }
  return context
}

t.test('time and chance', async (t) => {
  const context = connected('192.0.2.1', 1234)
  context.process = processView([0.5, 0.25, 0.999])
  t.equal(date().ask(context), 1_700_000_001)
  t.equal(date({ offset: -1, unit: 'ms' }).ask(context), 1_700_000_001_233)
  t.equal(date({ unit: 'us' }).ask(context), 1_700_000_001_234_000)
  t.equal(date({ offset: 2n ** 63n - 1n }).ask(context), 2n ** 63n - 1n, 'a sum beyond 64 bits stays at their edge')
  t.equal(dateUs.ask(context), 234_000)
  t.equal(rand(10).ask(context), 5)
  t.equal(rand().ask(context), 2 ** 30)
  t.equal(rand(1).ask(context), 0)
  t.throws(() => rand(-1), { code: 'ERR_OPTION' })
  t.match(uuid().ask(context), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  t.match(uuid(7).ask(context), /^018bcfe5-6cd2-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, 'begins with the time')
  t.equal(rand().ask(connected()), undefined, 'nobody gives numbers without a process')
})

t.test('the process', async (t) => {
  const context = connected()
  context.process = processView()
  t.equal(pid.ask(context), 4711)
  t.equal(hostname.ask(context), 'machine')
  t.equal(env('HOME').ask(context), '/root')
  t.equal(env('__proto__').ask(context), undefined)
  t.equal(activeConnections.ask(context), 3)
  t.equal(uptime.ask(context), 6, 'from 5.5 s before its clock began to a second after')
  t.equal(stopping.ask(context), false)
  t.equal(pid.ask(connected()), undefined)
})

t.test('the connection', async (t) => {
  const context = connected()
  context.process = processView()
  t.equal(srcIsLocal.ask(context), true)
  t.equal(listenerName.ask(context), undefined, 'it was handed in')
  const of = exchange('/')
  of.connection = context
  of.readdress({ source: Ip.parse('203.0.113.9') })
  t.equal(String(src.ask(of)), '203.0.113.9')
  t.equal(String(connectionSrc.ask(of)), '192.0.2.1', 'the connection has its own')
  of.readdress({ listener: { name: 'http', id: 1, connections: 5 } })
  t.equal(listenerConnections.ask(of), 5)
  t.equal(upstreamDst.ask(of), undefined)
  of.upstream = { remoteAddress: '::ffff:10.0.0.1', remotePort: 80, localAddress: '10.0.0.2', localPort: 4321 }
  t.equal(String(upstreamDst.ask(of)), '10.0.0.1')
  t.equal(upstreamSrcPort.ask(of), 4321)
})

t.test('who asks', async (t) => {
  const users = new UserList('staff', {
    tim: { insecurePassword: 'elgato', groups: ['admins'] },
    scott: { insecurePassword: 'x' },
  })
  const from = (value: string): Context => exchange('/', { headers: { authorization: value } })
  const tim = from(basic('tim:elgato'))
  t.equal(authUser.ask(tim), 'tim')
  t.equal(authenticated(users).ask(tim), true)
  t.equal(authenticated(users).ask(from(basic('tim:wrong'))), false)
  t.equal(authenticated(users).ask(exchange('/')), undefined)
  t.equal(authGroup(users).is('admins').test(tim), true)
  t.equal(authGroup(users).is('tim').test(tim), false, 'a name is no group')
  t.equal(
    authGroup(users)
      .is('admins')
      .test(from(basic('scott:x'))),
    false,
  )
  t.equal(authBearer().ask(from('Bearer abc')), 'abc')
  t.equal(authBearer('x-token').ask(exchange('/', { headers: { 'x-token': 'bearer  a b' } })), 'a b')
  t.equal(authUser.ask(from(`Basic ${'A'.repeat(20_000)}!`)), undefined)
})

t.test('bodies', async (t) => {
  const context = withBodies(exchange('/', { method: 'POST' }), held('a=1&b=&A=3', 99))
  t.equal(String(requestBody.ask(context)), 'a=1&b=&A=3')
  t.equal(requestBodyLength.ask(context), 10)
  t.equal(requestBodySize.ask(context), 99, 'what was announced')
  t.equal(String(bodyParam('a').ask(context)), '1')
  t.equal(String(bodyParam('b').ask(context)), '')
  t.equal(bodyParam('c').ask(context), undefined)
  t.strictSame((bodyParam('a', { ignoreCase: true }).all!(context) as readonly Buffer[]).map(String), ['1', '3'])
  t.equal((requestBody.ask(exchange('/')) as Buffer).length, 0, 'none is an empty one')
  t.equal(String(responseBody.ask(withBodies(exchange('/', { status: 200 }), undefined, held('x')))), 'x')
})

t.test('first bytes', async (t) => {
  t.equal(inputLength.ask(looking('abc')), 3)
  t.equal(payload(1, 4).ask(looking('abc')), notYet)
  t.equal(payload(1, 4).ask(looking('abc', true)), undefined)
  t.equal(payload(-1, 2).ask(looking('abc')), undefined)
  t.equal(String(payload(1, 0).ask(looking('abc'))), 'bc')
  t.equal(String(payloadByLength({ lengthOffset: 0, lengthSize: 1 }).ask(looking('\x02abc'))), 'ab')
  t.equal(String(payloadByLength({ lengthOffset: 0, lengthSize: 1, dataOffset: 3 }).ask(looking('\x01abcd'))), 'c')
  t.equal(
    payloadByLength({ lengthOffset: 0, lengthSize: 8 }).ask(looking('\xff'.repeat(9))),
    undefined,
    'no buffer holds that',
  )
  t.equal(payloadByLength({ lengthOffset: 0, lengthSize: 1 }).ask(looking('\x09a')), notYet)
  const answered = connected()
  answered.responseInput = { bytes: Buffer.from('hello'), complete: true }
  t.equal(String(responsePayload(0, 4).ask(answered)), 'hell')
  const rdp = '\x03\x00\x00\x2a\x25\xe0\x00\x00\x00\x00\x00Cookie: mstshash=joe\r\n'
  t.equal(rdpCookieValue('MSTSHASH').ask(looking(rdp)), 'joe')
  t.equal(rdpCookieValue('msts').ask(looking(rdp)), undefined)
  t.equal(rdpCookieValue().ask(looking(rdp.slice(0, 20))), notYet)
  t.equal(rdpCookieValue().ask(looking('GET / HTTP/1.1')), undefined)
  const distcc = 'DIST00000001ARGV00000002ccARGV00000001-DOTI00000005hel'
  t.equal(distccParam('DIST').ask(looking(distcc)), 1)
  t.equal(String(distccBody('ARGV', 2).ask(looking(distcc))), '-')
  t.equal(distccBody('DOTI').ask(looking(distcc)), notYet)
  t.equal(distccBody('DIST').ask(looking(distcc)), undefined, 'its number is no length')
  t.equal(distccParam('NONE').ask(looking('no token at all')), undefined)
})

t.test('targets, fields, cookies', async (t) => {
  const context = exchange('http://192.0.2.7:8081/p?A=1&a=2', {
    headers: [
      ['Host', 'x'],
      ['X-F', '10.0.0.1, 10.0.0.2:80'],
      ['Cookie', 'a=1; b=2; a=3'],
    ],
    status: 200,
    responseHeaders: [
      ['Set-Cookie', 'c=1; Path=/'],
      ['Set-Cookie', 'd=2'],
    ],
  })
  t.equal(String(urlIp.ask(context)), '192.0.2.7')
  t.equal(urlPort.ask(context), 8081)
  t.equal(urlPort.ask(exchange('/')), undefined)
  t.equal((url32Src.ask(context) as Buffer).subarray(4).join('.'), '192.0.2.1')
  t.type(base32.ask(context), 'number')
  t.equal(urlParam('a').ask(context), '2')
  t.equal(urlParam('a', { ignoreCase: true }).ask(context), '1')
  t.equal(headerAddress('x-f').in('10.0.0.2').test(context), true)
  t.equal(headerAddress('x-f', { occurrence: 1 }).in('10.0.0.2').test(context), false)
  t.equal(headerNames().ask(context), 'host,x-f,cookie')
  t.equal(headerNames(';').ask(context), 'host;x-f;cookie')
  t.match(String(headerLines.ask(context)), /^host: x\r\nx-f: .*\r\ncookie: .*\r\n\r\n$/)
  t.equal((headerBytes.ask(context) as Buffer).subarray(0, 6).toString('latin1'), '\x04host\x01')
  t.equal(cookieCount('a').ask(context), 2)
  t.equal(cookieNames().ask(context), 'a,b,a')
  t.equal(responseCookieNames('-').ask(context), 'c-d')
})

t.test('integers of fields', async (t) => {
  for (const [text, value] of [
    ['5', 5],
    ['-5', -5],
    ['', 0],
    ['x5', 0],
    ['4x', 4],
    ['+3', -47],
    ['2147483648', -2_147_483_648],
    ['--4', 26],
  ] as const)
    t.equal(looseInteger(text), value, text)
})

t.test('what rules decided', async (t) => {
  const context = exchange('/')
  t.equal(firstRequest.ask(context), true)
  t.equal(priorityClass.ask(context), 0)
  t.equal(lastEntity.ask(context), undefined)
  context.lastRule = '/etc/a:b.cfg:17'
  t.equal(lastRuleFile.ask(context), '/etc/a:b.cfg')
  t.equal(lastRuleLine.ask(context), 17)
})

t.test('captures and ids', async (t) => {
  const context = exchange('/', { headers: { 'x-a': 'one two', cookie: 'b=1; sess=abcdef' }, status: 200 })
  context.captures = new MessageCaptures({
    request: [{ header: 'X-A', length: 3 }, { length: 2 }],
    response: [{ length: 9 }],
    cookie: { name: 'sess', length: 8 },
  })
  const kept = context.captures as MessageCaptures
  kept.takeRequest(context.request.headers)
  t.equal(kept.keep('request', 1, 'long'), true)
  t.equal(kept.keep('request', 2, 'none'), false)
  t.equal(kept.keep('response', 0, 'r'), true)
  t.equal(requestCapture(0).ask(context), 'one')
  t.equal(requestCapture(1).ask(context), 'lo')
  t.equal(requestCapture(7).ask(context), undefined)
  t.equal(responseCapture(0).ask(context), 'r')
  t.same(JSON.parse(JSON.stringify(kept)), {
    request: ['one', 'lo'],
    response: ['r'],
    requestCookie: 'sess=abc',
  })
  let made = 0
  context.identify = () => `id-${++made}`
  t.equal(uniqueId.ask(context), 'id-1')
  t.equal(uniqueId.ask(context), 'id-1', 'made once')
  t.equal(uniqueId.ask(exchange('/')), undefined)
})
