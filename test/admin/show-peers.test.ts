/** `show peers`: how peers stand, in HAProxy's form. That it is HAProxy's is shown beside HAProxy. */
import t from 'tap'
import { RuntimeApi } from '../../lib/admin/runtime-api.js'
import { counter, Frontend, Peers, StickTable, storedServerKey } from '../../lib/index.js'
import { inMemory } from '../../lib/testing/index.js'

const table = (name: string) =>
  new StickTable(name, {
    key: 'string',
    size: 10,
    store: { seen: counter(), server: storedServerKey() },
  })

t.test('two groups, one of them with a peer that has called', async (t) => {
  const clients = table('clients')
  const groups = [
    new Peers('P', {
      local: 'a',
      peers: { a: '10.0.0.1:1', b: '[2001:db8::2]:1', u: '/run/u.sock' },
      tables: [clients],
    }),
    new Peers('Q', { local: 'a', bind: '10.0.0.1:2', peers: {} }),
    new Peers('dict', { local: 'a', peers: {}, disabled: true }),
  ]
  await using lb = inMemory({ frontends: [new Frontend('edge', { bind: ':80' })], peers: groups })
  await lb.started
  const api = new RuntimeApi(lb.balancer)
  const b = lb.reach('10.0.0.1:1')
  b.on('error', () => {})
  b.resume()
  b.write('HAProxyS 2.1\na\nb 1 1\n')
  await lb.clock.advance('1s')
  const now = lb.clock.now()
  const key = clients.keyOf('x')
  if (key === undefined) throw new Error('no key')
  const row = clients.open(key, now)
  clients.writeText(row, clients.field('server_key'), 's1\n\x1b[31m')
  clients.touch(row, now)
  await lb.settle()
  const text = await api.execute('show peers')
  t.equal(
    text.replace(/\[[^\]]*\]/g, '[date]'),
    `0x0: [date] id=Q disabled=0 flags=0x1 resync_timeout=4s task_calls=0
  0x0: id=a(local,inactive) addr=10.0.0.1:2 last_status=NONE last_hdshk=<NEVER>
        reconnect=<NEVER> heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=0 proto_err=0 coll=0
        flags=0x0

0x0: [date] id=P disabled=0 flags=0x1 resync_timeout=<PAST> task_calls=0
  0x0: id=u(remote,inactive) addr=unix:0 last_status=CONN last_hdshk=1s
        reconnect=4s heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=1 proto_err=0 coll=0
        flags=0x0
        shared tables:
          0x0 local_id=1 remote_id=0 flags=0x0 remote_data=0x0
              last_acked=0 last_pushed=0 last_get=0 teaching_origin=0 update=0
              table:0x0 id=clients update=1 localupdate=1 commitupdate=0 refcnt=1
        Dictionary cache not dumped (use "show peers dict")
  0x0: id=b(remote,active) addr=2001:db8::2:1 last_status=ESTA last_hdshk=1s
        reconnect=<NEVER> heartbeat=3s confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=2 proto_err=0 coll=0
        flags=0x0 appctx:0x0 st0=7 st1=0 task_calls=0 state=EST
        xprt=RAW src=198.51.100.2:32769 addr=unix:0
        last_local_table:0x0 id=clients local_id=1 remote_id=0
        shared tables:
          0x0 local_id=1 remote_id=0 flags=0x0 remote_data=0x0
              last_acked=0 last_pushed=1 last_get=0 teaching_origin=0 update=0
              table:0x0 id=clients update=1 localupdate=1 commitupdate=0 refcnt=1
        Dictionary cache not dumped (use "show peers dict")
  0x0: id=a(local,inactive) addr=10.0.0.1:1 last_status=NONE last_hdshk=<NEVER>
        reconnect=<NEVER> heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=0 proto_err=0 coll=0
        flags=0x0
        shared tables:
          0x0 local_id=1 remote_id=0 flags=0x0 remote_data=0x0
              last_acked=0 last_pushed=0 last_get=0 teaching_origin=0 update=0
              table:0x0 id=clients update=1 localupdate=1 commitupdate=0 refcnt=1
        Dictionary cache not dumped (use "show peers dict")

`,
  )
  t.match(await api.execute('show peers Q'), /^0x0: \[[^\]]*\] id=Q [\s\S]*coll=0\n {8}flags=0x0\n\n$/)
  const dict = await api.execute('show peers dict P')
  t.ok(
    dict.includes(
      '        TX dictionary cache:\n            0 -> s1??[31m\n        RX dictionary cache:\n            0 -> -    1 -> -',
    ),
  )
  t.equal(await api.execute('show peers nobody'), 'No such peers\n\n')
  t.equal(await api.execute('show peers - dict'), 'No such peers\n\n', 'what is switched off is not there')
  t.ok((await api.execute('help show peers')).includes('show peers [dict|-] [section]'))
})
