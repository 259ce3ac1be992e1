/** Ready-made checks of other protocols, against what HAProxy says of the same answers. */
import t from 'tap'
import {
  Backend,
  Frontend,
  type HealthCheck,
  ldapCheck,
  mysqlCheck,
  pgsqlCheck,
  redisCheck,
  Server,
  smtpCheck,
  spopCheck,
  sslHelloCheck,
} from '../../lib/index.js'
import { inMemory, type Origin, tcp } from '../../lib/testing/index.js'
import { type Play, protocolCases } from './cases/protocol-checks.js'

const timing = { interval: '2s', timeout: '1s', rise: 1, fall: 1 } as const

const checks: Readonly<Record<string, () => HealthCheck>> = {
  'mysql-check': () => mysqlCheck(timing),
  'mysql-check user haproxy': () => mysqlCheck({ ...timing, user: 'haproxy' }),
  'mysql-check user haproxy post-41': () => mysqlCheck({ ...timing, user: 'haproxy' }),
  'mysql-check user haproxy pre-41': () => mysqlCheck({ ...timing, user: 'haproxy', pre41: true }),
  'pgsql-check user haproxy': () => pgsqlCheck({ ...timing, user: 'haproxy' }),
  'redis-check': () => redisCheck(timing),
  smtpchk: () => smtpCheck(timing),
  'smtpchk EHLO mydomain.org': () => smtpCheck({ ...timing, hello: 'EHLO', domain: 'mydomain.org' }),
  'ldap-check': () => ldapCheck(timing),
  'ssl-hello-chk': () => sslHelloCheck(timing),
  'spop-check': () => spopCheck(timing),
}

function playing(play: Play, piece: number): Origin {
  return tcp((socket) => {
    const left = [...play]
    const goOn = (): void => {
      for (let next = left.shift(); next !== undefined && next !== 'ask'; next = left.shift()) {
        if (next === 'close') socket.end()
        else if (next === 'reset') socket.resetAndDestroy?.()
        else for (let at = 0; at < next.length; at += piece) socket.write(next.subarray(at, at + piece))
      }
    }
    socket.on('error', () => {})
    socket.on('data', goOn)
    goOn()
  })
}

async function verdictOn(check: HealthCheck, play: Play, piece: number): Promise<string> {
  const server = new Server('s', '10.0.0.1:1')
  const backend = new Backend('be', { mode: 'tcp', check, servers: [server] })
  const edge = new Frontend('edge', { mode: 'tcp', bind: '192.0.2.1:1', defaultBackend: backend })
  await using lb = inMemory(edge, { s: playing(play, piece) })
  await lb.started
  for (let steps = 0; server.lastCheck === undefined && steps < 10; steps++) await lb.clock.step()
  const { status = 'none', code = '', description = '' } = server.lastCheck ?? {}
  return `${status} ${code} ${description}`
}

t.test('what is said of an answer is what HAProxy says', async (t) => {
  for (const { check, name, play, verdict, differs } of protocolCases) {
    const make = checks[check]
    if (make === undefined) throw new Error(`no check is made as '${check}'`)
    t.equal(await verdictOn(make(), play, Number.POSITIVE_INFINITY), differs?.verdict ?? verdict, `${check}: ${name}`)
  }
})

t.test('an answer that comes byte by byte is understood as well', async (t) => {
  for (const { check, name, play, verdict } of protocolCases) {
    // What is refused at once may be refused before all of it has come.
    if (!verdict.includes('OK')) continue
    t.equal(await verdictOn((checks[check] as () => HealthCheck)(), play, 1), verdict, `${check}: ${name}`)
  }
})

t.test('options that cannot be are refused by name', async (t) => {
  const anything = (value: unknown) => value as never
  t.throws(() => mysqlCheck({ user: '' }), { name: 'OptionError', path: 'user' })
  t.throws(() => mysqlCheck({ user: 'a\0b' }), { name: 'OptionError', path: 'user' })
  t.throws(() => mysqlCheck({ user: 'x'.repeat(300) }), { name: 'OptionError', path: 'user' })
  t.throws(() => pgsqlCheck(anything({})), { name: 'OptionError', path: 'user' })
  t.throws(() => smtpCheck({ hello: anything('NOOP') }), { name: 'OptionError', path: 'hello' })
  t.throws(() => smtpCheck({ domain: 'a\r\nRCPT' }), { name: 'OptionError', path: 'domain' })
  t.throws(() => redisCheck(anything({ password: 'x' })), { name: 'OptionError' })
  t.match(mysqlCheck({ interval: '5s', fall: 7 }).timing, { interval: 5000, fall: 7 })
})
