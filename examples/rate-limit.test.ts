import { inMemory, type Origins, reply } from 'fairlead/testing'
import t from 'tap'
import { clients, limited } from './rate-limit.js'

const origins: Origins = { app1: ({ request }) => reply(request.target === '/missing' ? 404 : 200) }

t.beforeEach(() => clients.clear())

t.test('twenty requests in ten seconds, and again after a pause', async (t) => {
  await using lb = inMemory(limited(), origins)
  const statuses = async (times: number) => {
    const seen: number[] = []
    for (let i = 0; i < times; i++) seen.push((await lb.inject('/', { src: '192.0.2.1' })).status)
    return seen
  }
  t.strictSame(await statuses(22), [...Array(20).fill(200), 429, 429])
  t.equal((await lb.inject('/', { src: '192.0.2.2' })).status, 200, 'another client')
  await lb.clock.advance('20s')
  t.strictSame(await statuses(1), [200])
})

t.test('who makes too many errors is refused', async (t) => {
  await using lb = inMemory(limited(), origins)
  for (let i = 0; i < 11; i++) await lb.inject('/missing', { src: '192.0.2.3' })
  t.equal((await lb.inject('/', { src: '192.0.2.3' })).status, 403)
})

t.test('who comes back for more is banned', async (t) => {
  await using lb = inMemory(limited(), origins)
  for (let i = 0; i < 24; i++) await lb.inject('/', { src: '192.0.2.4' })
  t.match(clients.get('192.0.2.4')?.values, { banned: 1 })
})
