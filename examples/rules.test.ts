import { gzipSync } from 'node:zlib'
import { explain } from 'fairlead'
import { inMemory, type Origins, reply, request } from 'fairlead/testing'
import t from 'tap'
import { backends, blocked, shop } from './rules.js'

const verify = async (token: string | undefined) => (token === 'good' ? 'ann' : undefined)
const echo: Origins = {
  api1: reply(200, 'api'),
  web1: ({ request }) => reply(200, `${request.target} ${request.body}`),
}

t.test('a map says which backend, and can be changed while traffic runs', async (t) => {
  const edge = shop(verify)
  const to = (name: string) => edge.route(request('/', { headers: { host: name } }))
  t.match(await to('Shop.Example.com'), { kind: 'forward', backend: { name: 'shop' } })
  t.match(await to('new.example.com'), { backend: { name: 'shop' } })
  backends.set('new.example.com', 'api')
  t.match(await to('new.example.com'), { backend: { name: 'api' } })
})

t.test('clients can be blocked while traffic runs', async (t) => {
  const edge = shop(verify)
  const from = (src: string) => edge.route(request('/', { src }))
  t.match(await from('198.51.100.7'), { kind: 'respond', response: { status: 403 } })
  t.match(await from('203.0.113.7'), { kind: 'forward' })
  blocked.add('203.0.113.7')
  t.match(await from('203.0.113.7'), { response: { status: 403 } })
})

t.test('who is it, and whose request is it', async (t) => {
  const headers = { authorization: 'good', 'x-forwarded-for': '192.0.2.9, 192.0.2.10', 'x-client-version': '1.9' }
  const told = await explain(shop(verify), request('/api/t/acme/x', { src: '203.0.113.9', headers }))
  t.match(told.data, { verdict: 'forward', backend: { name: 'shop' }, sent: { target: '/v1/api/t/acme/x' } })
  const sent = Object.fromEntries(told.data.sent?.headers ?? [])
  t.match(sent, { 'x-tenant': 'nobody', 'x-client': '203.0.113.9 of 192.0.2.9 as ann' })
  const acme = (await explain(shop(verify), request('/t/acme/x'))).data.sent?.headers ?? []
  t.equal(Object.fromEntries(acme)['x-tenant'], 'acme')
  t.match(await shop(verify).route(request('/api/x')), { response: { status: 401 } })
})

t.test('a service answers, and bodies are looked at and unpacked', async (t) => {
  // Unpacking is done outside of what the test's clock sees: it must not run on meanwhile.
  await using lb = inMemory({ frontends: [shop(verify)], autoAdvance: false }, echo)
  t.match(await lb.inject('/hello?name=world'), { status: 200, body: 'hello world' })
  const json = { 'content-type': 'application/json' }
  t.match(await lb.inject('/x', { method: 'POST', headers: json, body: '{"a":1}' }), { body: '/x {"a":1}' })
  t.match(await lb.inject('/x', { method: 'POST', headers: json, body: '{a:1' }), { status: 400 })
  const packed = { method: 'POST', headers: { 'content-encoding': 'gzip' }, body: gzipSync('a long story') }
  t.match(await lb.inject('/y', packed), { body: '/y a long story' })
})
