/** The suite itself: two HAProxys agree on everything, and each kind of difference is seen. */

import t from 'tap'
import { always, get, ok, SECOND } from './cases/product.js'
import { simple } from './cases/setups-http.js'
import { observe, type Setup } from './support/differential.js'
import { requestAt, responseAt, showRequests, visible } from './support/message.js'
import { missing } from './support/programs.js'
import { haproxy } from './support/proxy.js'

t.test('messages are delimited as HTTP/1 says', (t) => {
  t.equal(requestAt('GET / HTTP/1.1\r\nHost: a\r\n', 0), undefined, 'half a head')
  t.match(requestAt('POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcd', 0), { body: 'abc', end: 41 })
  t.match(
    requestAt('POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\nab\r\n1\r\nc\r\n0\r\nT: 1\r\n\r\nrest', 0),
    {
      body: 'abc',
      trailers: 'T: 1',
    },
  )
  t.equal(responseAt('HTTP/1.1 200 OK\r\n\r\nabc', 0, 'GET', false)?.end, undefined, 'until close')
  t.equal(responseAt('HTTP/1.1 200 OK\r\n\r\nabc', 0, 'GET', true)?.body, 'abc')
  t.equal(responseAt('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n', 0, 'HEAD', false)?.end, 38)
  t.same(showRequests('GET / HTTP/1.1\r\n\r\n\x00junk'), ['GET / HTTP/1.1', '[bytes] \\x00junk'])
  t.equal(visible('a\r\nb\rc\nd\xff'), 'a\nb\\x0dc\\x0a\nd\\xff')
  t.end()
})

const setup = (sections: string, defaults?: string): Setup => ({
  name: 'probe',
  sections,
  ...(defaults === undefined ? {} : { defaults }),
  exchanges: [
    {
      name: 'two requests',
      client: [{ send: get('/') }, 'response', { send: SECOND }, 'response', 'close'],
      origins: { s1: always('x') },
    },
    { name: 'no answer', client: [{ send: get('/') }, 'response', 'open?'], origins: { s1: [['request', 'rst']] } },
    {
      name: 'kept',
      client: [{ send: get('/') }, 'response', 'open?'],
      origins: { s1: [[{ reply: [ok('x')] }, 'loop']] },
    },
  ],
})

const changes: readonly (readonly [string, Setup])[] = [
  ['a field at the server', setup(simple('  http-request set-header X-Changed 1'))],
  ['a field in the answer', setup(simple('  http-response set-header X-Changed 1'))],
  ['the status', setup(simple('  http-request deny'))],
  ['the body', setup(simple('  http-request return status 200 content-type text/plain string y'))],
  ['the connection of the client', setup(simple('  option httpclose'))],
  ['the connections of the server', setup(simple('', '  http-reuse never\n  option http-server-close'))],
  ['the name of the server', setup(simple().replace('server s1', 'server other'))],
]

const absent = missing('haproxy')
if (absent !== undefined) t.pass('two HAProxys agree', { skip: absent })
else {
  const shared = { blackhole: 1 }
  const reference = await observe(haproxy, setup(simple()), shared)
  await t.test('the same configuration gives the same', async (t) => {
    t.same(await observe(haproxy, setup(simple()), shared), reference)
  })
  for (const [what, changed] of changes) {
    await t.test(`a difference is seen: ${what}`, async (t) => {
      t.not(JSON.stringify(await observe(haproxy, changed, shared)), JSON.stringify(reference))
    })
  }
}
