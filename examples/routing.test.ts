import { inMemory, refuse, reply, request } from 'fairlead/testing'
import t from 'tap'
import { site } from './routing.js'

const verify = async (token: string | undefined) => token === 'good'

t.test('who is not signed in does not get to the api', async (t) => {
  t.match(await site(verify).route(request('/api/users')), { kind: 'respond', response: { status: 401 } })
})

t.test('a hundred requests in ten seconds are enough', async (t) => {
  const edge = site(verify)
  for (let count = 0; count < 100; count++) await edge.route(request('/', { src: '203.0.113.7', at: '3s' }))
  t.match(await edge.route(request('/', { src: '203.0.113.7', at: '3s' })), { response: { status: 429 } })
  t.match(await edge.route(request('/', { src: '203.0.113.7', at: '1m' })), { kind: 'forward' })
})

t.test('a server that is down costs its clients nothing', async (t) => {
  await using lb = inMemory(site(verify), { api1: refuse, api2: ({ request }) => reply(200, `got ${request.target}`) })
  const answer = await lb.inject('/api/users', { headers: { authorization: 'good' } })
  t.match(answer, { status: 200, body: 'got /api/users', record: { server: 'api2', retries: 1, termination: '--' } })
})
