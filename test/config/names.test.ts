/** What a haproxy.cfg says of names, as the objects that it makes. */
import t from 'tap'
import { parseConfig } from '../../lib/config/index.js'

const defaults = `
defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
`

t.test('a section of name servers', async (t) => {
  const { resolvers } = parseConfig(`${defaults}
resolvers dns
  nameserver a 127.0.0.1:53
  nameserver b tcp@[::1]:5353
  nameserver c ::1:54 source ::9
  nameserver d tcp@127.0.0.2:53 maxconn 2 source 127.0.0.9:0
  accepted_payload_size 8192
  resolve_retries 5
  timeout resolve 2s
  timeout retry 300ms
  hold nx 1s
  hold refused 2s
  hold timeout 3s
  hold other 4s
  hold valid 5s
  hold obsolete 6s
`)
  const [dns, system] = resolvers
  t.match(dns, {
    name: 'dns',
    retries: 5,
    timeouts: { resolve: 2000, retry: 300 },
    hold: { nx: 1000, refused: 2000, timeout: 3000, other: 4000, valid: 5000, obsolete: 6000 },
    payloadSize: 8192,
    families: [4, 6],
  })
  t.strictSame(
    dns?.nameservers.map(
      ({ name, transport, address, localAddress }) => `${name} ${transport} ${address} from ${localAddress}`,
    ),
    [
      'a udp 127.0.0.1:53 from undefined',
      'b tcp [::1]:5353 from undefined',
      'c udp [::1]:54 from ::9',
      'd tcp 127.0.0.2:53 from 127.0.0.9',
    ],
  )
  t.match(system, { name: 'default', system: true })
})

t.test('where name servers are asked from', async (t) => {
  const fault = (words: string): string => {
    try {
      parseConfig(`resolvers dns\n  nameserver a 127.0.0.1:53 ${words}\n`)
      return ''
    } catch (error) {
      return (error as Error).message
    }
  }
  t.match(fault('source'), "'source' expects <addr>")
  t.match(fault('source ::1'), "source '::1' is of the other family")
  t.match(fault('source 127.0.0.9:53'), 'without a port')
  t.match(fault('source web'), "source 'web' is not an IP address")
})

t.test('families of all sections', async (t) => {
  const text = (families: string) =>
    `global\n  dns-accept-family ${families}\nresolvers dns\n  nameserver a 127.0.0.1:53\n`
  t.strictSame(parseConfig(text('ipv4')).resolvers[0]?.families, [4])
  t.strictSame(parseConfig(text('ipv6,ipv4')).resolvers[0]?.families, [6, 4])
  t.ok(parseConfig(text('auto')).resolvers[0]?.families.includes(4))
})

t.test('servers by name, what they inherit, and templates of them', async (t) => {
  const config = parseConfig(`${defaults}
resolvers dns
  nameserver a 127.0.0.1:53
backend b
  default-server resolvers dns resolve-prefer ipv4 init-addr last,none,10.0.0.1 resolve-opts allow-dup-ip
  server a a.example.com:80 resolve-net 10.0.0.0/8,fd00::/8
  server b a.example.com:80 resolvers default resolve-prefer ipv6 resolve-opts prevent-dup-ip,ignore-weight
  server c 10.0.0.1:80
  server-template s 2 _http._tcp.example.com weight 7 id 50
  server-template t 3-4 b.example.com:80
`)
  const { servers } = config.backend('b')
  const naming = (name: string) => servers.find((server) => server.name === name)?.naming
  t.strictSame(
    servers.map(({ name }) => name),
    ['a', 'b', 'c', 's1', 's2', 't3', 't4'],
  )
  t.match(naming('a'), { prefer: 4, allowDuplicateIp: true, initial: ['last', 'none', '10.0.0.1'] })
  t.equal(naming('a')?.networks.join(), '10.0.0.0/8,fd00::/8')
  t.equal(naming('a')?.resolvers, config.resolvers[0])
  t.equal(naming('b')?.resolvers?.name, 'default')
  t.match(naming('b'), { prefer: 6, allowDuplicateIp: false, ignoreServiceWeight: true })
  t.equal(naming('c')?.resolvers, undefined, 'an address is looked up by nobody')
  t.match(naming('s1'), { service: '_http._tcp.example.com' })
  t.match(
    servers.find(({ name }) => name === 's1'),
    { weight: 7, id: 50, unresolved: true },
  )
  t.not(servers.find(({ name }) => name === 's2')?.id, 50)
  t.equal(servers.find(({ name }) => name === 't4')?.fqdn, 'b.example.com')
})
