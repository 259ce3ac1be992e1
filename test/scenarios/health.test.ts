/** Checks take servers out of rotation and bring them back. */
import { HealthCheck } from '../../lib/index.js'
import { reply } from '../../lib/testing/index.js'
import type { Rig } from './support/rig.js'
import { scenario } from './support/scenario.js'
import { bodies, last, named, simple } from './support/site.js'

async function ask(rig: Rig): Promise<string | undefined> {
  const client = await rig.client()
  client.send(last())
  await rig.when(() => client.ended)
  return client.received.startsWith('HTTP/1.1 200') ? bodies(client.received)[0] : client.received.slice(9, 12)
}

/** Moves time check by check, so that each has been answered before the next one comes. */
async function pass(rig: Rig, times: number): Promise<void> {
  for (let count = 0; count < times; count++) {
    await rig.advance('500ms')
    await rig.settle()
    await rig.advance('500ms')
    await rig.settle()
  }
}

scenario(
  'a server that refuses goes down, and comes back after enough good checks',
  simple(['a', 'b'], {}, { check: HealthCheck.tcp({ interval: '1s', rise: 2, fall: 2 }) }),
  { a: named, b: named },
  async (t, rig) => {
    await pass(rig, 2)
    t.same([await ask(rig), await ask(rig)].sort(), ['a', 'b'])
    await rig.change('a', 'refuse')
    await pass(rig, 3)
    t.match(rig.health, [{ server: { name: 'a' }, backend: { name: 'be' }, up: false, reason: 'L4CON' }])
    t.same([await ask(rig), await ask(rig)], ['b', 'b'])
    await rig.change('b', 'refuse')
    await pass(rig, 3)
    t.equal(await ask(rig), '503')
    t.match(rig.records.at(-1), { termination: 'SC', server: undefined })
    await rig.change('a', named)
    await pass(rig, 1)
    t.equal(await ask(rig), '503', 'one good check is not enough')
    await pass(rig, 2)
    t.equal(await ask(rig), 'a')
    t.match(rig.health.at(-1), { server: { name: 'a' }, up: true, reason: 'L4OK' })
  },
)

let body = 'ready'
let code = 200
scenario(
  'HTTP checks look at status and body',
  simple(
    ['a'],
    {},
    {
      check: HealthCheck.http({
        path: '/health',
        version: '1.1',
        headers: { host: 'check.test' },
        interval: '1s',
        rise: 1,
        fall: 1,
        expect: [{ status: '200-299' }, { string: 'ready' }],
      }),
    },
  ),
  {
    a: ({ request }) =>
      request.target === '/health' && request.headers.get('host') === 'check.test'
        ? reply(code, body)
        : reply(200, 'a'),
  },
  async (t, rig) => {
    body = 'ready'
    code = 200
    await pass(rig, 2)
    t.same(rig.health, [])
    body = 'starting'
    await pass(rig, 2)
    t.match(rig.health, [{ up: false, reason: 'L7RSP' }])
    t.equal(await ask(rig), '503')
    body = 'ready'
    await pass(rig, 2)
    t.equal(await ask(rig), 'a')
    code = 500
    await pass(rig, 2)
    t.match(rig.health.at(-1), { up: false, reason: 'L7STS/500' })
    await pass(rig, 2)
    t.equal(rig.health.length, 3, 'told once')
  },
)

scenario(
  'a check that is not answered fails in time',
  simple(['a'], {}, { check: HealthCheck.http({ interval: '1s', timeout: '300ms', fall: 1 }) }),
  { a: 'manual' },
  async (t, rig) => {
    await rig.advance(0)
    await rig.when(() => rig.origin('a').length === 1)
    await rig.when(() => rig.origin('a')[0]?.received.startsWith('GET / HTTP/1.0\r\n') === true)
    await rig.advance('300ms')
    await rig.when(() => rig.health.length === 1)
    t.match(rig.health, [{ up: false, reason: 'L7TOUT' }])
    await rig.when(() => rig.origin('a')[0]?.ended === true || rig.origin('a')[0]?.closed === true)
  },
)
