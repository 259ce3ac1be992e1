/** Orders by the runtime API: what they do to servers, sessions and patterns. What is answered word for word is compared with HAProxy in test/interop. */
import t from 'tap'
import { RuntimeApi } from '../../lib/admin/index.js'
import { STATE_COLUMNS } from '../../lib/admin/server-state.js'
import { applyStates, readStates } from '../../lib/admin/state-file.js'
import { parseConfig, serverFromWords } from '../../lib/config/index.js'
import { Balancer, type Server } from '../../lib/index.js'
import { TestClock } from '../../lib/testing/index.js'

const CONFIG = `
defaults
  mode http
  timeout connect 1s
  timeout client 1s
  timeout server 1s
frontend fe
  acl inside src 10.0.0.0/8
  http-request deny if inside
  default_backend be
backend be
  server a 127.0.0.1:81 weight 10 check inter 60s
  server b 127.0.0.1:82 disabled
  server c localhost:83
backend fixed
  balance source
  server d 127.0.0.1:84
`

function made() {
  const config = parseConfig(CONFIG)
  const clock = new TestClock()
  const balancer = new Balancer({ frontends: config.frontends, backends: config.backends, clock })
  const api = new RuntimeApi(balancer, { patterns: config.listedPatterns, makeServer: serverFromWords })
  const be = config.backend('be')
  return { config, balancer, api, be, clock }
}

t.test('states, weights and limits', async (t) => {
  const { api, be } = made()
  const a = be.server('a')
  t.equal(await api.execute('set server be/a state drain'), '\n')
  t.equal(a?.admin, 'drain')
  t.equal(
    await api.execute('set server be/a state ready; set weight be/a 50%; get weight be/a'),
    '\n\n5 (initial 10)\n\n',
  )
  t.equal(await api.execute('set server be/a health down'), '\n')
  t.equal(a?.up, false)
  await api.execute('set maxconn server be/a 7')
  t.equal(a?.maxConnections, 7)
  await api.execute('disable health be/a')
  t.equal(a?.checkEnabled, false)
  await api.execute('enable server be/b')
  t.equal(be.server('b')?.admin, 'ready')
  t.match(await api.execute('set weight fixed/d 50'), /static LB algorithm/)
  t.match(
    await api.execute('set server be/a addr 127.0.0.9 port 99'),
    /IP changed from '127.0.0.1' to '127.0.0.9', port changed/,
  )
  t.equal(a?.address, '127.0.0.9:99')
  t.equal(await api.execute('disable server be/a', { level: 'operator' }), 'Permission denied\n\n')
})

t.test('servers are added in maintenance, numbered, enabled and deleted', async (t) => {
  const { api, be } = made()
  t.equal(await api.execute('add server be/n 127.0.0.1:90 weight 3 check'), 'New server registered.\n\n')
  const server = be.server('n')
  t.match(server, { id: 4, admin: 'maint', weight: 3, checkEnabled: false })
  t.equal(
    await api.execute('enable server be/n; del server be/n'),
    '\nOnly servers in maintenance mode can be deleted.\n',
  )
  t.equal(await api.execute('disable server be/n; del server be/n'), '\nServer deleted.\n')
  t.equal(be.server('n'), undefined)
  t.match(await api.execute('add server be/m 127.0.0.1:90 nonsense'), /unknown keyword 'nonsense'/)
  t.match(await api.execute('add server be/m 127.0.0.1:90 cookie x'), /'cookie' option is not accepted/)
  t.equal(await api.execute('add server be/m 127.0.0.1:90 id 1'), "'id' : custom id 1 already used ('server a').\n\n")
  t.match(await api.execute('add server be/m 127.0.0.1:90 wieght 3'), /'wieght'; did you mean 'weight' maybe \?/)
  t.match(await api.execute('add server be/m 127.0.0.1:90 track'), /'track' expects \[<proxy>\/\]<server> as argument/)
  t.match(await api.execute('add server fixed/m 127.0.0.1:90'), /dynamic load balancing/)
  t.same(be.servers.length, 3)
})

t.test('patterns of an ACL line', async (t) => {
  const { api } = made()
  t.match(
    await api.execute('show acl'),
    /^0 \(\) acl 'src' file 'haproxy\.cfg' line 8\. curr_ver=0 next_ver=0 entry_cnt=1$/m,
  )
  t.equal(
    await api.execute('get acl #0 10.1.2.3'),
    'type=ip, case=sensitive, match=yes, idx=tree, pattern="10.0.0.0/8"\n\n',
  )
  t.equal(await api.execute('add acl #0 nowhere'), "'nowhere' is not a valid IPv4 or IPv6 address.\n\n")
  await api.execute('prepare acl #0; add acl @1 #0 192.0.2.0/24; commit acl @1 #0')
  t.match(await api.execute('show acl #0'), /^0x[0-9a-f]+ 192\.0\.2\.0\/24\n\n$/)
})

t.test('states go through a file, by HAProxy’s rules', async (t) => {
  const before = made()
  await before.api.execute('set server be/a state maint; set weight be/a 4; set server be/c health down')
  const text = (await before.api.execute('show servers state')).replace(/ (\S+) (\S+) - 83 /, ' $1 $2 - 83 ')
  const lines = readStates(text.replace(/^(\S+ be \S+ c) \S+/m, '$1 192.0.2.7'))
  const after = made()
  t.same(applyStates(lines ?? [], { backends: after.config.backends, clock: after.clock }), [])
  t.match(after.be.server('a'), { admin: 'maint', weight: 4 })
  t.match(after.be.server('b'), { admin: 'maint' })
  t.match(after.be.server('c'), { up: false, address: '192.0.2.7:83' })
  t.equal(readStates('2\n'), undefined, 'a version that nobody knows')
  t.same(readStates('1\n# x\nshort line\n'), [])
})

t.test('a line of states is taken over as a whole, or not at all', async (t) => {
  const good = {
    be_name: 'be',
    srv_name: 'a',
    srv_addr: '127.0.0.1',
    srv_op_state: 2,
    srv_admin_state: 1,
    srv_uweight: 5,
  }
  const line = (change: Readonly<Record<string, string | number>>): string => {
    const values: Readonly<Record<string, string | number>> = {
      ...good,
      ...{
        srv_iweight: 10,
        srv_check_status: 6,
        srv_check_result: 3,
        srv_check_state: 6,
        srv_port: 82,
        srv_check_port: 99,
      },
      ...{ srv_fqdn: '-', srvrecord: '-', srv_check_addr: '-', srv_agent_addr: '-', ...change },
    }
    return `1\n# x\n${STATE_COLUMNS.map((column) => values[column] ?? 0).join(' ')}\n`
  }
  const taken = (change: Readonly<Record<string, string | number>>) => {
    const { config, clock, be } = made()
    const faults = applyStates(readStates(line(change)) ?? [], { backends: config.backends, clock })
    const { address, admin, checkPort, weight } = be.server('a') as Server
    return { faults, state: `${address} ${admin} ${weight} ${checkPort ?? 0}` }
  }
  const untouched = '127.0.0.1:81 ready 10 0'
  t.same(taken({}), { faults: [], state: '127.0.0.1:82 maint 5 99' })
  t.same(taken({ srv_time_since_last_change: -5 }).faults, [], 'a clock was set back')
  for (const [column, value] of [
    ['srv_op_state', 4],
    ['srv_op_state', 'x'],
    ['srv_admin_state', -1],
    ['srv_uweight', 257],
    ['srv_iweight', '2.5'],
    ['srv_check_status', 99],
    ['srv_check_result', 9],
    ['srv_check_state', 99],
    ['srv_agent_state', 'x'],
    ['srv_fqdn', '!!'],
    ['srv_port', 70_000],
    ['srv_check_port', '80.5'],
    ['srv_check_port', 70_000],
    ['srv_check_addr', '300.1.1.1'],
    ['srv_agent_addr', '!'],
    ['srv_agent_port', '80.5'],
  ] as const)
    t.same(taken({ [column]: value }), {
      faults: [`server-state application failed for server 'be/a', invalid ${column} value '${value}'`],
      state: untouched,
    })
})
