/** Checks of several steps, as a configuration describes them, against what HAProxy says of the same answers. */
import t from 'tap'
import { parseConfig } from '../../lib/config/index.js'
import type { Socket } from '../../lib/engine/network.js'
import { Backend, connect, expect, Frontend, format, HealthCheck, Server, sample, send } from '../../lib/index.js'
import { Rule } from '../../lib/rules/rule.js'
import { inMemory, type Origin, refuse, tcp } from '../../lib/testing/index.js'
import { type CheckCase, type CheckPlay, checkCases } from './cases/check-steps.js'

/** Plays its part for each connection, and keeps what it was asked. */
function playing(play: CheckPlay, asked: string[], piece = Number.POSITIVE_INFINITY): Origin {
  if (play === 'refuse') return refuse
  return tcp((socket: Socket) => {
    const at = asked.push('') - 1
    const left = [...play]
    const goOn = (): void => {
      for (let next = left.shift(); next !== undefined && next !== 'ask'; next = left.shift()) {
        if (next === 'end') socket.end()
        else if (next === 'reset') socket.resetAndDestroy?.()
        else
          for (let from = 0; from < next.text.length; from += piece)
            socket.write(next.text.slice(from, from + piece), 'latin1')
      }
    }
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => {
      asked[at] += chunk.toString('latin1')
      goOn()
    })
    goOn()
  })
}

const configOf = ({ lines }: CheckCase, index: number): string => `
defaults
  mode tcp
  timeout connect 500ms
  timeout client 5s
  timeout server 5s
  timeout check 700ms
frontend edge
  bind 192.0.2.1:1
  default_backend b${index}
backend b${index}
${lines.map((line) => `  ${line}\n`).join('')}
  server s 127.0.0.1:8080 check inter 1s fall 1 rise 1
`

const masked = (text: string): string => text.replace(/port=\d+/, 'port=#').replace(/node=[^;]+/, 'node=#')

/** The first verdict, and what was asked until then. */
async function judge(server: Server, edge: Frontend, origin: (asked: string[]) => Origin): Promise<[string, string[]]> {
  const asked: string[] = []
  await using lb = inMemory(edge, { s: origin(asked) })
  await lb.started
  for (let steps = 0; server.lastCheck === undefined && steps < 10; steps++) await lb.clock.step()
  const { status = 'none', code = '', description = '' } = server.lastCheck ?? {}
  return [`${status} ${code} ${description}`, asked]
}

function sampleOf(one: CheckCase, index: number, piece?: number): Promise<[string, string[]]> {
  const config = parseConfig(configOf(one, index))
  const [server] = config.backend(`b${index}`).servers
  return judge(server as Server, config.frontend('edge'), (asked) => playing(one.play, asked, piece))
}

for (const [index, one] of checkCases.entries()) {
  if (one.sockets === true) continue
  t.test(one.name, async (t) => {
    const [verdict, asked] = await sampleOf(one, index)
    t.equal(verdict, one.verdict)
    const expected = one.asked.map((text) => text.replaceAll('b#', `b${index}`))
    t.strictSame(asked.slice(0, expected.length).map(masked), expected)
  })
}

t.test('what comes byte by byte is understood as well', async (t) => {
  for (const [index, one] of checkCases.entries()) {
    // The size of an answer that is looked at in its midst depends on when that is, and long ones take their time.
    const timed = one.lines.some((line) => line.includes('res.len'))
    const long = one.play !== 'refuse' && one.play.some((act) => typeof act === 'object' && act.text.length > 1000)
    if (!one.verdict.startsWith('L7OK') || timed || long || one.sockets === true) continue
    const [verdict] = await sampleOf(one, index, 1)
    t.equal(verdict, one.verdict, one.name)
  }
})

/** The verdict of a check that is described in code, on a server that does something of its own. */
async function verdictOn(check: HealthCheck, origin: Origin): Promise<string> {
  const server = new Server('s', '10.0.0.1:1')
  const backend = new Backend('be', { mode: 'tcp', check, servers: [server] })
  const edge = new Frontend('edge', { mode: 'tcp', bind: '192.0.2.1:1', defaultBackend: backend })
  const [verdict] = await judge(server, edge, () => origin)
  return verdict
}

const timing = { interval: '2s', timeout: '1s', rise: 1, fall: 1 } as const

t.test('a server that says more than is looked at is read no further', async (t) => {
  let written = 0
  const flood = tcp((socket) => {
    const chunk = Buffer.alloc(16_384, 'x')
    const go = (): void => {
      while (!socket.destroyed && written < 50_000_000) {
        written += chunk.length
        if (!socket.write(chunk)) {
          socket.once('drain', go)
          return
        }
      }
    }
    socket.on('error', () => {})
    go()
  })
  const silent = HealthCheck.sequence([send('x'), expect.string('never')], timing)
  t.equal(await verdictOn(silent, flood), "L7RSP  TCPCHK did not match content 'never' at step 2")
  t.ok(written < 1_000_000, `${written} bytes were taken from it`)
})

t.test('a check asks in the words of a function', async (t) => {
  const echo = tcp((socket) => {
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => socket.end(`<${chunk.toString()}>`))
  })
  const asks = HealthCheck.custom(async ({ server, dial }) => {
    const socket = await dial()
    socket.write(server.name)
    let answer = ''
    for await (const chunk of socket) answer += String(chunk)
    return answer === '<s>'
  }, timing)
  t.equal(await verdictOn(asks, echo), 'L7OK  ')
  t.equal(await verdictOn(asks, refuse), 'L7RSP  connect ECONNREFUSED 10.0.0.1:1')
  const says = (found: boolean | undefined | object) => HealthCheck.custom(() => found as boolean, timing)
  t.equal(await verdictOn(says(true), echo), 'L7OK  ')
  t.equal(await verdictOn(says(undefined), echo), 'L7OK  ')
  t.equal(await verdictOn(says(false), echo), 'L7RSP  ')
  t.equal(await verdictOn(says({ passed: false, status: 'L7STS', code: 7, info: 'busy' }), echo), 'L7STS 7 busy')
  t.equal(await verdictOn(says({ passed: true, status: 'L7STS' }), echo), 'L7OK  ', 'what passes has no failing status')
  let left: unknown
  const sleeps = HealthCheck.custom(
    ({ signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject((left = 'aborted')))),
    timing,
  )
  t.equal(await verdictOn(sleeps, echo), 'L7TOUT  ')
  t.equal(left, 'aborted')
  const unhandled: unknown[] = []
  const note = (reason: unknown): void => void unhandled.push(reason)
  process.on('unhandledRejection', note)
  const hasty = HealthCheck.custom(({ dial }) => {
    void dial()
    return true
  }, timing)
  t.equal(await verdictOn(hasty, echo), 'L7OK  ')
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', note)
  t.same(unhandled, [], 'a connection that nobody waits for any more is no fault')
  const throws = HealthCheck.custom(() => {
    throw new Error('no idea')
  }, timing)
  t.equal(await verdictOn(throws, echo), 'L7RSP  no idea')
})

t.test('what throws in a check fails it, and nothing else', async (t) => {
  const talks = tcp((socket) => {
    socket.on('error', () => {})
    socket.write('hello')
  })
  const bang = (): never => {
    throw new Error('bang')
  }
  const failed = 'SOCKERR  the check itself failed'
  t.equal(await verdictOn(HealthCheck.sequence([expect.custom(bang)], timing), talks), failed)
  t.equal(
    await verdictOn(HealthCheck.sequence([send(format`${sample('bang', 'str', ['check'], bang)}`)], timing), talks),
    failed,
  )
  const rejects = new Rule<'check'>('bang', ['check'], async () => bang())
  t.equal(await verdictOn(HealthCheck.sequence([rejects], timing), talks), failed)
})

t.test('a function that looks at the bytes waits for them', async (t) => {
  const pieces = tcp((socket) => {
    socket.on('error', () => {})
    for (const piece of ['\x03', 'ab', 'c']) socket.write(piece)
  })
  const whole = expect.custom((bytes) => {
    const length = bytes[0] ?? 0
    return bytes.length <= length ? undefined : { passed: true, info: bytes.toString('latin1', 1), code: length }
  })
  t.equal(await verdictOn(HealthCheck.sequence([connect(), whole], timing), pieces), 'L7OK 3 abc')
})
