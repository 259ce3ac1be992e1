import t, { type Test } from 'tap'
import { type Command, RuntimeApi, type RuntimeApiOptions, type StatsSocketOptions } from '../../lib/admin/index.js'
import { Balancer, Frontend } from '../../lib/index.js'
import { MemoryClient, TestClock } from '../../lib/testing/index.js'
import { MemoryNetwork } from '../../lib/testing/memory-network.js'

const PLACE = { address: '127.0.0.1', port: 9999 }

/** Says much, as fast as it is taken. */
const PIECES = 20_000
const talkative: Command & { told: number } = {
  words: ['talk'],
  usage: 'talk',
  level: 'user',
  told: 0,
  *run() {
    for (let count = 0; count < PIECES; count++) {
      this.told++
      yield `${'x'.repeat(1023)}\n`
    }
  },
}

const broken: Command = {
  words: ['broken'],
  usage: 'broken',
  level: 'user',
  run() {
    throw new Error('a fault')
  },
}

async function make(t: Test, options: RuntimeApiOptions = {}, socket: Partial<StatsSocketOptions> = {}) {
  const network = new MemoryNetwork(() => 'refuse')
  const clock = new TestClock()
  clock.settle = network.settle
  const balancer = new Balancer({ frontends: [new Frontend('fe')], network, clock })
  const faults: unknown[] = []
  balancer.on('fault', (fault) => void faults.push(fault))
  const api = new RuntimeApi(balancer, options)
  await api.listen({ address: '127.0.0.1:9999', level: 'admin', ...socket })
  t.teardown(() => api.close())
  const connect = (): MemoryClient =>
    new MemoryClient(network.connect(PLACE, { address: '192.0.2.1', port: 1 }, PLACE), network.settle)
  return { api, clock, connect, balancer, faults, settle: network.settle }
}

t.test('a line is answered, and the connection closes', async (t) => {
  const { connect } = await make(t)
  const client = connect()
  await client.send('show cli level\n')
  t.equal(client.received, 'admin\n\n')
  t.equal(client.ended, true)
})

t.test('with a prompt it stays open, until it is told to quit', async (t) => {
  const { connect } = await make(t)
  const client = connect()
  await client.send('prompt\n')
  t.equal(client.received, '\n> ')
  await client.send('show cli level\nset timeout cli x;oper')
  t.equal(client.received, '\n> admin\n\n> Invalid timeout value.\n\n> ')
  await client.send('ator\nshow cli level\n')
  t.match(client.received, /> \n> operator\n\n> $/)
  t.equal(client.ended, false)
  await client.send('quit\nshow cli level\n')
  t.notMatch(client.received, /operator\n\n> .+/)
  t.equal(client.ended, true)
})

t.test('the modes of younger versions', async (t) => {
  const { connect, clock } = await make(t)
  const client = connect()
  await client.send('prompt i\nshow cli level\n')
  t.equal(client.received, '\nadmin\n\n', 'interactive without a prompt')
  await clock.advance('5s')
  await client.send('prompt p timed\n')
  t.match(client.received, /\n\[0:00:00:\d\d\]> $/)
  await client.send('prompt help\n')
  t.match(client.received, /Usage: prompt/)
  await client.send('prompt n\n')
  t.equal(client.ended, true)
})

t.test('a payload is asked for line by line', async (t) => {
  const taking: Command = { words: ['take'], usage: 'take', level: 'user', run: ({ payload }) => `<${payload}>` }
  const { connect } = await make(t, { commands: [taking] })
  const client = connect()
  await client.send('prompt\ntake <<\n')
  await client.send('a\n')
  await client.send('\n')
  t.equal(client.received, '\n> + + <a\n>\n> ')
})

t.test('a client that does not read costs no more than a buffer', async (t) => {
  talkative.told = 0
  const { connect, settle } = await make(t, { commands: [talkative] })
  const client = connect()
  client.socket.pause()
  await client.send('talk\n')
  const { told } = talkative
  t.ok(told < 1000, `${told} pieces of ${PIECES}`)
  await settle()
  t.equal(talkative.told, told, 'nobody goes on')
  client.socket.resume()
  await settle()
  t.equal(client.received.length, PIECES * 1024 + 1, 'as it reads it gets all')
  t.equal(client.ended, true)
})

t.test('a client that does not read has its time', async (t) => {
  talkative.told = 0
  const { connect, clock, settle } = await make(t, { commands: [talkative], timeout: '5s' })
  const client = connect()
  client.socket.pause()
  await client.send('talk\n')
  await clock.advance('6s')
  const { told } = talkative
  client.socket.resume()
  await settle()
  t.equal(talkative.told, told)
  t.ok(client.received.length < PIECES * 1024)
})

t.test('who is silent is cut off, and may have said how long it takes', async (t) => {
  const { connect, clock } = await make(t, { timeout: '5s' })
  const client = connect()
  await client.send('prompt\n')
  await clock.advance('4s')
  await client.send('set timeout cli 60\n')
  await clock.advance('50s')
  t.equal(client.ended || client.socket.destroyed, false)
  await clock.advance('11s')
  t.equal(client.ended || client.socket.destroyed, true)
})

t.test('so many at a time; the others wait', async (t) => {
  const { connect } = await make(t, { maxConnections: 2 })
  const clients = [connect(), connect(), connect()]
  for (const client of clients) await client.send('prompt\n')
  t.same(
    clients.map(({ received }) => received),
    ['\n> ', '\n> ', ''],
  )
  await clients[0]?.send('quit\n')
  t.equal(clients[2]?.received, '\n> ')
})

t.test('a thousand that only connect do no harm', async (t) => {
  const { connect, settle } = await make(t)
  const clients = Array.from({ length: 2000 }, connect)
  await settle()
  t.ok(
    clients.filter(({ socket, ended }) => socket.destroyed || ended).length >= 900,
    'those who are too many are refused',
  )
  for (const client of clients) client.socket.destroy()
  await settle()
  const after = connect()
  await after.send('show cli level\n')
  t.equal(after.received, 'admin\n\n')
})

t.test('garbage and lines that are too long', async (t) => {
  const { connect } = await make(t)
  const random = connect()
  await random.send(`${Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('')}\n`)
  t.match(random.received, /^Unknown command/)
  const long = connect()
  await long.send('x'.repeat(20_000))
  t.equal(long.received, '')
  t.equal(long.ended || long.broken !== undefined, true)
})

t.test('levels are of the socket, and severities as it is told', async (t) => {
  const { connect } = await make(t, {}, { level: 'user', severityOutput: 'number' })
  const client = connect()
  await client.send('show cli level;clear counters;show env;expert-mode on\n')
  t.equal(
    client.received,
    '[6]: user\n\n[3]: Permission denied\n\n[3]: Permission denied\n\n[3]: Permission denied\n\n',
  )
})

t.test('a command that throws is a fault that is told of', async (t) => {
  const { api, faults } = await make(t, { commands: [broken] })
  t.equal(await api.execute('broken;show cli level'), 'Internal error.\n\nadmin\n\n')
  t.match(faults, [{ message: 'a fault' }])
})

t.test('in code: the same words, the same answers', async (t) => {
  const { api } = await make(t)
  t.equal(await api.execute('show cli level'), 'admin\n\n')
  t.equal(await api.execute('show cli level', { level: 'user' }), 'user\n\n')
  t.equal(await api.execute('clear counters all', { level: 'operator' }), 'Permission denied\n\n')
  t.match(await api.execute('show stat'), /^# pxname,svname,[^\n]*\nfe,FRONTEND,/)
  t.match(JSON.parse(await api.execute('show stat json')), [[{ objType: 'Frontend', value: { value: 'fe' } }]])
  t.match(JSON.parse(await api.execute('show info json')), [{ field: { name: 'Name' } }])
  t.match(await api.execute('show cli sockets'), /^127\.0\.0\.1:9999 admin all$/m)
  t.match(await api.execute('show pools'), /^Not available here: /)
})

t.test('wrong options are named', async (t) => {
  const balancer = new Balancer({ frontends: [new Frontend('fe')] })
  t.throws(() => new RuntimeApi({} as Balancer), { name: 'OptionError', message: /must be a Balancer/ })
  t.throws(() => new RuntimeApi(balancer, { maxConnections: 0 }), { name: 'OptionError', path: 'maxConnections' })
  const api = new RuntimeApi(balancer)
  await t.rejects(api.listen('nowhere'), { name: 'OptionError', path: 'address' })
  await t.rejects(api.listen({ address: ':1', level: 'god' } as never), { name: 'OptionError', path: 'level' })
})
