import t from 'tap'
import {
  count,
  deny,
  explain,
  Frontend,
  general,
  generalRate,
  header,
  mark,
  rate,
  StickTable,
  src,
  tag,
  tags,
  track,
} from '../../lib/index.js'
import { inMemory, request } from '../../lib/testing/index.js'

const table = () =>
  new StickTable('clients', {
    key: 'ip',
    size: 10,
    store: {
      strikes: general(),
      striking: generalRate('10s'),
      banned: tag(),
      many: general(3),
      labels: tags(2),
      requests: rate('10s'),
    },
  })

t.test('counts and marks what is tracked, and any key', async (t) => {
  const clients = table()
  const edge = new Frontend('edge', {
    bind: ':80',
    httpRequest: [
      track(clients, src, 4),
      count(clients, 'strikes', { slot: 4 }),
      count(clients, 'strikes', { slot: 4, by: header('x-by').toInteger() }),
      count(clients, 'many', { slot: 4, element: 2, by: 5 }),
      mark(clients, 'labels', 7, { slot: 4, element: 1 }),
      count(clients, 'strikes', { slot: 9 }),
      mark(clients, 'banned', 1, { key: header('x-ban') }),
      deny(403),
    ],
  })
  await using lb = inMemory(edge)
  await lb.inject('/', { src: '192.0.2.1', headers: { 'x-by': '10', 'x-ban': '192.0.2.9' } })
  await lb.inject('/', { src: '192.0.2.1' })
  t.match(clients.get('192.0.2.1')?.values, { strikes: 12, striking: 12, banned: 0 })
  const key = clients.keyOf('192.0.2.1')
  const row = key === undefined ? -1 : clients.find(key, lb.clock.now())
  t.equal(clients.read(row, clients.field('gpc'), lb.clock.now(), 2), 10)
  t.equal(clients.read(row, clients.field('gpt'), lb.clock.now(), 1), 7)
  t.match(clients.get('192.0.2.9')?.values, { banned: 1, strikes: 0 })
  t.equal(clients.size, 2)
})

t.test('a decision that is only looked at changes nothing', async (t) => {
  const clients = table()
  const edge = new Frontend('edge', {
    bind: ':80',
    httpRequest: [
      track(clients, src),
      count(clients, 'strikes', { by: 3 }),
      count(clients, 'strikes', { key: src }),
      mark(clients, 'banned', 1, { key: src }),
      deny(403).if(clients.tracked('strikes').is(3)),
    ],
  })
  const told = await explain(edge, request('/', { src: '192.0.2.1' }))
  t.match(told.data, { verdict: 'answer' }, 'what it would count for itself is seen')
  t.equal(clients.size, 0)
})

t.test('what cannot be changed by hand', async (t) => {
  const clients = table()
  t.throws(() => count(clients, 'requests'), /'requests' is nothing of table 'clients' that it could change/)
  t.throws(() => count(clients, 'banned'), /'banned'/)
  t.throws(() => mark(clients, 'strikes', 1), /'strikes'/)
  t.throws(() => count(clients, 'nothing' as 'strikes'), /'nothing'/)
  t.throws(() => count(clients, 'many', { element: 3 }), /'element': must be from 0 to 2/)
  t.throws(() => count(clients, 'strikes', { slot: -1 }), /'slot'/)
  t.throws(() => count(clients, 'strikes', { key: 'src' as never }), /'key': must be a sample/)
  t.throws(() => mark({} as typeof clients, 'banned', 1), /must be a StickTable/)
})
