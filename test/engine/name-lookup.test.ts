import t from 'tap'
import { NameLookup } from '../../lib/engine/name-lookup.js'
import { systemNetwork } from '../../lib/engine/network.js'
import { Resolvers } from '../../lib/match/resolvers.js'
import { MemoryNetwork } from '../../lib/testing/memory-network.js'
import { TestClock } from '../../lib/testing/test-clock.js'
import { TestRandom } from '../../lib/testing/test-random.js'
import { NameServer, tellingNames } from './support/name-server.js'

t.test('name servers are asked over the network, the preferred family first', async (t) => {
  await using server = await new NameServer(tellingNames).listen()
  const names = new NameLookup({ clock: new TestClock(), random: new TestRandom(), network: systemNetwork })
  const dns = new Resolvers('dns', { nameservers: [server.address], retries: 1 })
  const find = async (name: string, prefer: 4 | 6): Promise<string> => String(await names.find(dns, name, prefer))
  t.equal(await find('both.test', 6), '2001:db8::9')
  t.equal(await find('both.test', 4), '192.0.2.7')
  t.equal(await find('four.test', 6), '192.0.2.7')
  t.equal(await find('six.test', 4), '2001:db8::9')
  t.equal(await find('nx.test', 6), 'undefined')
  const asked = server.questions.map(({ type, name }) => `${type} ${name.toLowerCase()}`)
  t.strictSame(asked.slice(0, 4), ['AAAA both.test', 'A both.test', 'AAAA four.test', 'A four.test'])
})

t.test('an answer is good for a while, and a name is asked for once at a time', async (t) => {
  const network = new MemoryNetwork(() => 'refuse')
  const clock = new TestClock()
  clock.settle = network.settle
  network.names.set('a.test', ['192.0.2.7'])
  network.names.set('nx.test', 'nx')
  const names = new NameLookup({ clock, random: new TestRandom(), network })
  const dns = new Resolvers('dns', { hold: { valid: '2s' }, retries: 1 })
  const sent = (): number => dns.nameservers[0]?.figures.sent ?? 0
  const [first, second] = await Promise.all([names.find(dns, 'a.test', 4), names.find(dns, 'A.test', 4)])
  t.equal(String(first), '192.0.2.7')
  t.equal(first, second)
  t.equal(sent(), 1)
  await clock.advance('1999ms')
  await names.find(dns, 'a.test', 4)
  t.equal(sent(), 1)
  await clock.advance('1ms')
  await names.find(dns, 'a.test', 4)
  t.equal(sent(), 2)
  t.equal(await names.find(dns, 'nx.test', 4), undefined)
  t.equal(await names.find(dns, 'nx.test', 4), undefined)
  t.equal(sent(), 6, 'both families, and a failure is not remembered')
})

t.test('what is no name is not asked for', async (t) => {
  const network = new MemoryNetwork(() => 'refuse')
  const names = new NameLookup({ clock: new TestClock(), random: new TestRandom(), network })
  const dns = new Resolvers('dns')
  for (const name of ['', '.', 'a..b', `${'a'.repeat(64)}.test`, 'a b', 'ä.test', `${'a.'.repeat(130)}b`, '__proto__ '])
    t.equal(await names.find(dns, name, 4), undefined, name)
  t.equal(dns.nameservers.length, 0)
})
