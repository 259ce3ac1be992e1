import t from 'tap'
import { NameLookup } from '../../lib/engine/name-lookup.js'
import { systemNetwork } from '../../lib/engine/network.js'
import { Resolvers } from '../../lib/match/resolvers.js'
import { TestClock } from '../../lib/testing/test-clock.js'
import { NameServer } from '../scenarios/support/name-server.js'

t.test('name servers are asked by the real resolver, the preferred family first', async (t) => {
  const server = await NameServer.open()
  t.teardown(() => server.close())
  const names = new NameLookup(new TestClock(), systemNetwork)
  const dns = new Resolvers('dns', { nameservers: [server.address], retries: 1, timeout: 500 })
  const find = async (name: string, prefer: 4 | 6): Promise<string> => String(await names.find(dns, name, prefer))
  t.equal(await find('both.test', 6), '2001:db8::9')
  t.equal(await find('both.test', 4), '192.0.2.7')
  t.equal(await find('four.test', 6), '192.0.2.7')
  t.equal(await find('six.test', 4), '2001:db8::9')
  t.equal(await find('nx.test', 6), 'undefined')
  t.strictSame(server.asked.slice(0, 4), ['AAAA both.test', 'A both.test', 'AAAA four.test', 'A four.test'])
})

t.test('an answer is good for a while, and a name is asked for once at a time', async (t) => {
  const clock = new TestClock()
  let asked = 0
  const names = new NameLookup(clock, {
    ...systemNetwork,
    resolve: async (name) => {
      asked++
      if (name.startsWith('nx')) throw new Error('no such name')
      return '192.0.2.7'
    },
  })
  const dns = new Resolvers('dns', { holdValid: '2s' })
  const [first, second] = await Promise.all([names.find(dns, 'a.test', 4), names.find(dns, 'A.test', 4)])
  t.equal(first, second)
  t.equal(asked, 1)
  await clock.advance('1999ms')
  await names.find(dns, 'a.test', 4)
  t.equal(asked, 1)
  await clock.advance('1ms')
  await names.find(dns, 'a.test', 4)
  t.equal(asked, 2)
  t.equal(await names.find(dns, 'nx.test', 4), undefined)
  t.equal(await names.find(dns, 'nx.test', 4), undefined)
  t.equal(asked, 6, 'both families, and a failure is not remembered')
})
