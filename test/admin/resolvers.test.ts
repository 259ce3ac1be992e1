/** `show resolvers`: the figures of name servers, in HAProxy's form. */
import t from 'tap'
import { RuntimeApi } from '../../lib/admin/runtime-api.js'
import { Backend, Frontend, Resolvers, Server } from '../../lib/index.js'
import { inMemory } from '../../lib/testing/index.js'

t.test('each section, or one of them', async (t) => {
  const dns = new Resolvers('dns', { nameservers: [{ name: 'ns1', address: '198.51.100.53' }], hold: { nx: 0 } })
  const other = new Resolvers('other', { nameservers: ['198.51.100.54'] })
  const backend = new Backend('api', { servers: [new Server('api1', 'a.test:80', { resolvers: dns })] })
  const edge = new Frontend('edge', { bind: ':80', defaultBackend: backend })
  await using lb = inMemory({ frontends: [edge], resolvers: [other], names: { 'a.test': ['10.0.0.1'] } })
  await lb.started
  await lb.settle()
  const api = new RuntimeApi(lb.balancer)
  const one = await api.execute('show resolvers dns')
  t.equal(
    one,
    `Resolvers section dns
 nameserver ns1:
  sent:        2
  snd_error:   0
  valid:       1
  update:      1
  cname:       0
  cname_error: 0
  any_err:     1
  nx:          0
  timeout:     0
  refused:     0
  other:       0
  invalid:     0
  too_big:     0
  truncated:   0
  outdated:    0

`,
  )
  const all = await api.execute('show resolvers')
  t.match(all, /^Resolvers section other\n nameserver 198\.51\.100\.54:\n[\s\S]*Resolvers section dns\n/)
  t.match(await api.execute('show resolvers none'), /^Can't find that resolvers section\n/)
})
