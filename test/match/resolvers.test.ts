import t from 'tap'
import { Resolvers } from '../../lib/match/resolvers.js'

t.test('addresses of name servers are read, with their ports', async (t) => {
  const nameservers = ['10.0.0.53', '10.0.0.53:5353', '[::1]:53', '::1', '[2001:db8::1]']
  t.strictSame(new Resolvers('dns', { nameservers }).nameservers, [
    '10.0.0.53:53',
    '10.0.0.53:5353',
    '[::1]:53',
    '[::1]:53',
    '[2001:db8::1]:53',
  ])
})

t.test('what is no address is named', async (t) => {
  for (const address of ['dns.example', '10.0.0.53:0', '10.0.0.53:70000', '', '10.0.0.53:x'])
    t.throws(
      () => new Resolvers('dns', { nameservers: ['::1', address] }),
      /Resolvers 'dns'.*nameservers\[1\]/,
      address,
    )
  t.throws(() => new Resolvers('dns', { retries: 0 }), /retries/)
  t.throws(() => new Resolvers('dns', { timeout: 'soon' }), /timeout/)
  t.throws(() => new Resolvers('', {}), /not be empty/)
})
