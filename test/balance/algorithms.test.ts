/** Every algorithm keeps the contract. What only one of them does is tested beside this file. */
import t from 'tap'
import { first } from '../../lib/balance/first.js'
import { hash } from '../../lib/balance/hash.js'
import type { HashOptions } from '../../lib/balance/hash-type.js'
import { headerHash } from '../../lib/balance/header-hash.js'
import { leastConn } from '../../lib/balance/least-conn.js'
import { random } from '../../lib/balance/random.js'
import { rdpCookie } from '../../lib/balance/rdp-cookie.js'
import { roundRobin } from '../../lib/balance/round-robin.js'
import { source } from '../../lib/balance/source.js'
import { staticRoundRobin } from '../../lib/balance/static-round-robin.js'
import { uri } from '../../lib/balance/uri.js'
import { urlParam } from '../../lib/balance/url-param.js'
import { Sample } from '../../lib/match/sample.js'
import { type Asked, algorithmContract } from '../contracts/algorithm.js'

const path = new Sample<string, 'request'>({
  name: 'path',
  type: 'str',
  phases: ['request'],
  ask: ({ request }) => request.path,
})

t.test('roundrobin', (t) => algorithmContract(t, roundRobin()))
t.test('static-rr', (t) => algorithmContract(t, staticRoundRobin()))
t.test('leastconn', (t) => algorithmContract(t, leastConn(), { weighted: false }))
t.test('first', (t) => algorithmContract(t, first(), { weighted: false }))
t.test('random', (t) => algorithmContract(t, random(1)))
t.test('random of two', (t) => algorithmContract(t, random(), { weighted: false }))

const byKey: [name: string, make: (options: HashOptions) => ReturnType<typeof uri>, nth: (n: number) => Asked][] = [
  ['uri', (options) => uri(options), (n) => ({ target: `/page/${n * 7919}` })],
  ['url_param', (options) => urlParam('id', options), (n) => ({ target: `/?id=${n * 7919}` })],
  ['hdr', (options) => headerHash('x-user', options), (n) => ({ fields: ['X-User', `user-${n * 7919}`] })],
  ['source', (options) => source(options), (n) => ({ source: `10.${n % 251}.${(n >> 4) % 256}.${n % 256}` })],
  ['hash', (options) => hash(path, options), (n) => ({ target: `/page/${n * 7919}?x` })],
  [
    'rdp-cookie',
    (options) => rdpCookie('mstshash', options),
    (n) => ({ bytes: rdpRequest(`Cookie: mstshash=user${n * 7919}`) }),
  ],
]

function rdpRequest(cookie: string): Uint8Array {
  return Buffer.from(`\x03\x00\x00\x2b\x26\xe0\x00\x00\x00\x00\x00${cookie}\r\n`, 'latin1')
}

for (const [name, make, nth] of byKey) {
  t.test(`${name}, map-based`, (t) => algorithmContract(t, make({ function: 'wt6' }), { nth, exclusive: true }))
  t.test(`${name}, consistent`, (t) => algorithmContract(t, make({ method: 'consistent' }), { nth, weighted: false }))
}
