import t from 'tap'
import { Resolvers, type ResolversOptions } from '../../lib/match/resolvers.js'

t.test('addresses of name servers are read, with their ports', async (t) => {
  const nameservers = [
    '10.0.0.53',
    '10.0.0.53:5353',
    '[::1]:53',
    '::1:5353',
    '[2001:db8::1]',
    'tcp@10.0.0.54:53',
    'udp@10.0.0.55',
  ]
  t.strictSame(
    new Resolvers('dns', { nameservers }).nameservers.map(({ transport, address }) => `${transport} ${address}`),
    [
      'udp 10.0.0.53:53',
      'udp 10.0.0.53:5353',
      'udp [::1]:53',
      'udp [::1]:5353',
      'udp [2001:db8::1]:53',
      'tcp 10.0.0.54:53',
      'udp 10.0.0.55:53',
    ],
  )
  const [named] = new Resolvers('dns', { nameservers: [{ name: 'ns1', address: '10.0.0.53' }] }).nameservers
  t.equal(named?.name, 'ns1')
})

t.test('what is no address is named', async (t) => {
  for (const address of ['dns.example', '10.0.0.53:0', '10.0.0.53:70000', '', '10.0.0.53:x', 'quic@10.0.0.53:53'])
    t.throws(
      () => new Resolvers('dns', { nameservers: ['::1', address] }),
      /Resolvers 'dns'.*nameservers\[1\]/,
      address,
    )
  const wrong: readonly (readonly [ResolversOptions, RegExp])[] = [
    [{ retries: 0 }, /retries/],
    [{ timeouts: { retry: 'soon' } }, /timeouts\.retry/],
    [{ hold: { nx: -1 } }, /hold\.nx/],
    [{ payloadSize: 511 }, /payloadSize/],
    [{ families: [] }, /families/],
    [{ nameservers: ['10.0.0.53', '10.0.0.53'] }, /another one called '10\.0\.0\.53'/],
  ]
  for (const [options, message] of wrong) t.throws(() => new Resolvers('dns', options), message)
  t.throws(() => new Resolvers('', {}), /not be empty/)
})

t.test("what is not said is HAProxy's", async (t) => {
  const dns = new Resolvers('dns', { nameservers: ['10.0.0.53'] })
  t.match(dns, {
    retries: 3,
    timeouts: { resolve: 1000, retry: 1000 },
    hold: { nx: 30_000, refused: 30_000, timeout: 30_000, other: 30_000, valid: 10_000, obsolete: 0 },
    payloadSize: 512,
    families: [4, 6],
    system: false,
  })
})

t.test("the system's name servers are taken where none was said, and only there", async (t) => {
  const own = new Resolvers('own', { nameservers: ['10.0.0.53'] })
  own.useSystem(['10.9.9.9'])
  t.equal(own.nameservers.length, 1)
  const system = new Resolvers('system')
  system.useSystem(['10.9.9.9', 'fe80::1%eth0', '[::1]:5353', 'nonsense'])
  t.strictSame(
    system.nameservers.map(({ address }) => address),
    ['10.9.9.9:53', '[fe80::1%eth0]:53', '[::1]:5353'],
  )
})
