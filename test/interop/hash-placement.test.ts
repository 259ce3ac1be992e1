/** The same servers, the same keys: the server that HAProxy chooses is the one that our algorithms choose. */

import t from 'tap'
import type { Algorithm, Candidate } from '../../lib/balance/algorithm.js'
import { hash } from '../../lib/balance/hash.js'
import type { HashOptions } from '../../lib/balance/hash-type.js'
import { headerHash } from '../../lib/balance/header-hash.js'
import { roundRobin } from '../../lib/balance/round-robin.js'
import { source } from '../../lib/balance/source.js'
import { staticRoundRobin } from '../../lib/balance/static-round-robin.js'
import { uri } from '../../lib/balance/uri.js'
import { urlParam } from '../../lib/balance/url-param.js'
import { Ip } from '../../lib/base/ip.js'
import { Context } from '../../lib/match/context.js'
import { Sample } from '../../lib/match/sample.js'
import { Headers } from '../../lib/message/headers.js'
import { Request } from '../../lib/message/request.js'
import { type Ask, PlacementOracle } from './support/placement.js'
import { missing } from './support/programs.js'

const KEYS = 1000

/** Servers as id and weight, in the order of their declaration. A negative id is declared, but out of rotation. */
const farms: Record<string, [id: number, weight: number][]> = {
  equal: [1, 2, 3, 4, 5].map((id) => [id, 1]),
  weighted: [
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 10],
    [5, 100],
  ],
  ids: [
    [7, 100],
    [3, 50],
    [1000, 10],
  ],
  extremes: [
    [1, 1],
    [2, 0],
    [3, 256],
  ],
  down: [
    [1, 3],
    [-2, 5],
    [3, 2],
    [4, 8],
  ],
  many: Array.from({ length: 40 }, (_, index) => [index + 1, 1 + ((index * 37) % 256)]),
}

const methods: [line: string, options: HashOptions][] = [
  ['map-based', {}],
  ['consistent', { method: 'consistent' }],
]
for (const name of ['sdbm', 'djb2', 'wt6', 'crc32'] as const) {
  for (const avalanche of [false, true]) {
    const rest = `${name}${avalanche ? ' avalanche' : ''}`
    methods.push([`map-based ${rest}`, { method: 'mapBased', function: name, avalanche }])
    methods.push([`consistent ${rest}`, { method: 'consistent', function: name, avalanche }])
  }
}

function serverLines(farm: string): string[] {
  return farms[farm]!.map(([id, weight]) => {
    const line = `server s${Math.abs(id)} ORIGIN id ${Math.abs(id)} weight ${weight}`
    return id < 0 ? `${line} disabled` : line
  })
}

function pool(farm: string): Candidate[] {
  return farms[farm]!.filter(([id]) => id > 0).map(([id, weight]) => ({
    id,
    name: `s${id}`,
    effectiveWeight: weight,
    active: 0,
    queued: 0,
  }))
}

/** The request as our side sees it. */
function contextOf(ask: Ask): Context {
  const fields = (ask.fields ?? []).map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })
  const from = fields.find(([name]) => name === 'x-source')?.[1] ?? '127.0.0.1'
  const session = { frontend: 'f', source: Ip.parse(from), sourcePort: 1, destination: undefined, destinationPort: 0 }
  const context = new Context(session, 0, 0)
  context.request = new Request(ask.method ?? 'GET', ask.target ?? '/', '1.1', new Headers(fields.flat()))
  if (ask.body !== undefined) context.input = { bytes: Buffer.from(ask.body, 'latin1'), complete: true }
  return context
}

function choices(algorithm: Algorithm, servers: readonly Candidate[], asks: readonly Ask[]): string[] {
  const picker = algorithm.picker(servers, { next: () => 0 })
  return asks.map((ask) => picker.pick(contextOf(ask), () => true)?.name ?? 'none')
}

interface Mode {
  readonly balance: string
  readonly algorithm: (options: HashOptions) => Algorithm
  readonly asks: readonly Ask[]
}

const numbers = Array.from({ length: KEYS }, (_, index) => index)
const path = (n: number): string =>
  `/${'abc'[n % 3]}/dir${n % 17}/sub-${n * 31}/page%20${n}.html${n % 4 === 0 ? `?id=${n}&x/y` : ''}`
const absolute = (n: number): string => (n % 10 === 3 ? `http://h${path(n)}` : path(n))
const targets: Ask[] = numbers.map((n) => ({
  target: n === 500 ? '*' : absolute(n),
  method: n === 500 ? 'OPTIONS' : 'GET',
}))
const address = (n: number): string =>
  n % 2
    ? `${1 + (n % 220)}.${(n * 7) % 256}.${(n * 13) % 256}.${(n * 29) % 256}`
    : `2001:db8:${((n * 7919) % 65536).toString(16)}::${n.toString(16)}`
const sources: Ask[] = numbers.map((n) => ({ fields: [`x-source: ${address(n)}`] }))
const headerValue = (n: number): string =>
  [
    `user-${n * 7919}`,
    `${n}`,
    `a${n}.example${n}.com:80`,
    `first-${n} , second`,
    `"quo,ted-${n}"`,
    `a..b${n}`,
    `.x${n}`,
    `${n}.`,
  ][n % 8]!
/** Some have no key, which then take turns. */
const headers: Ask[] = numbers.map((n) =>
  n % 11 === 5 ? {} : { fields: [n % 13 === 1 ? 'k:' : `K: ${headerValue(n)}`, 'k: other'] },
)
const parameters: Ask[] = numbers.map((n) => {
  if (n % 11 === 5) return { target: `/x?idx=${n}&ID=${n};id=${n}` }
  if (n % 11 === 6) return { target: '/x?a=1', method: 'POST', body: `a=${n}&id=in-body-${n}&b=2` }
  return { target: n % 3 ? `/x?a=1&id=user%20${n * 31}&b` : `/x?id=${n}&id=no` }
})
const length = new Sample<number, 'request'>({
  name: 'url_len',
  type: 'int',
  phases: ['request'],
  ask: ({ request }) => (request.target.length % 7) - 3,
})
const client = new Sample<Ip, 'request'>({
  name: 'src',
  type: 'ip',
  phases: ['request'],
  ask: ({ session }) => session.source,
})
const pathSample = new Sample<string, 'request'>({
  name: 'path',
  type: 'str',
  phases: ['request'],
  ask: ({ request }) => request.path,
})

const modes: Record<string, Mode> = {
  uri: { balance: 'uri', algorithm: (options) => uri(options), asks: targets },
  hdr: { balance: 'hdr(k)', algorithm: (options) => headerHash('k', options), asks: headers },
  source: { balance: 'source', algorithm: (options) => source(options), asks: sources },
  url_param: { balance: 'url_param id', algorithm: (options) => urlParam('id', options), asks: parameters },
  hash: {
    balance: 'hash path',
    algorithm: (options) => hash(pathSample, options),
    asks: targets.filter((ask) => ask.target !== '*'),
  },
}

/** The same on one farm and hash type: what makes the key. */
const keyModes: Mode[] = [
  { balance: 'uri whole', algorithm: (options) => uri({ ...options, whole: true }), asks: targets },
  { balance: 'uri len 9', algorithm: (options) => uri({ ...options, len: 9 }), asks: targets },
  { balance: 'uri depth 2', algorithm: (options) => uri({ ...options, depth: 2 }), asks: targets },
  { balance: 'uri path-only', algorithm: (options) => uri({ ...options, pathOnly: true }), asks: targets },
  {
    balance: 'uri depth 3 len 14 path-only',
    algorithm: (options) => uri({ ...options, depth: 3, len: 14, pathOnly: true }),
    asks: targets,
  },
  { balance: 'uri whole depth 4', algorithm: (options) => uri({ ...options, whole: true, depth: 4 }), asks: targets },
  {
    balance: 'hdr(k) use_domain_only',
    algorithm: (options) => headerHash('k', { ...options, useDomainOnly: true }),
    asks: headers,
  },
  {
    balance: 'url_param id check_post',
    algorithm: (options) => urlParam('id', { ...options, checkPost: true }),
    asks: parameters,
  },
  { balance: 'hash src', algorithm: (options) => hash(client, options), asks: sources },
  { balance: 'hash url,length,mod(7),sub(3)', algorithm: (options) => hash(length, options), asks: targets },
]

interface Case {
  readonly name: string
  readonly lines: string[]
  readonly farm: string
  readonly algorithm: Algorithm
  readonly asks: readonly Ask[]
}

function cases(): Case[] {
  const list: Case[] = []
  const add = (balance: string, line: string, farm: string, algorithm: Algorithm, asks: readonly Ask[]): void => {
    const type = line === '' ? [] : [`hash-type ${line}`]
    list.push({
      name: `${balance}, ${line}, ${farm}`,
      lines: [`balance ${balance}`, ...type, ...serverLines(farm)],
      farm,
      algorithm,
      asks,
    })
  }
  const farmNames = Object.keys(farms)
  for (const [index, [line, options]] of methods.entries()) {
    for (const [offset, mode] of Object.values(modes).entries()) {
      const farm = farmNames[(index + offset) % farmNames.length]!
      add(mode.balance, line, farm, mode.algorithm(options), mode.asks)
    }
  }
  for (const farm of farmNames) {
    add('hdr(k)', 'map-based', farm, headerHash('k'), headers)
    add('hdr(k)', 'consistent', farm, headerHash('k', { method: 'consistent' }), headers)
    add(
      'roundrobin',
      '',
      farm,
      roundRobin(),
      numbers.map(() => ({})),
    )
    add(
      'static-rr',
      '',
      farm,
      staticRoundRobin(),
      numbers.map(() => ({})),
    )
  }
  for (const mode of keyModes) add(mode.balance, 'map-based', 'many', mode.algorithm({}), mode.asks)
  return list
}

/** Requests that are under way at a time in the end, of which every other one has the same key. */
const HELD = 90
/** How much more than the average a server may carry, on which farm. */
const bounds: readonly (readonly [factor: number, farm: string])[] = [
  [101, 'equal'],
  [125, 'equal'],
  [150, 'weighted'],
  [110, 'ids'],
  [200, 'ids'],
  [125, 'down'],
  [125, 'many'],
  [105, 'many'],
]
const heldKeys: readonly Ask[] = Array.from({ length: HELD }, (_, index) => ({
  fields: [`k: key-${index % 2 === 0 ? 0 : index * 7919}`],
}))

/** As {@link choices}, with every request still under way when the next one comes. */
function heldChoices(factor: number, farm: string): string[] {
  const servers = pool(farm).map((server) => ({ ...server }))
  const algorithm = headerHash('k', { method: 'consistent', balanceFactor: factor })
  const picker = algorithm.picker(servers, { next: () => 0 })
  return heldKeys.map((ask) => {
    const server = picker.pick(contextOf(ask), () => true)
    if (server === undefined) return 'none'
    server.active++
    picker.loadChanged(server)
    return server.name
  })
}

const absent = missing('haproxy')
if (absent !== undefined) t.pass('hash placement', { skip: absent })
else {
  t.setTimeout(300_000)
  const all = cases()
  const bounded = bounds.map(([factor, farm], index): [string, string[]] => [
    `h${index}`,
    [
      'balance hdr(k)',
      'hash-type consistent',
      'option http-no-delay',
      `hash-balance-factor ${factor}`,
      ...serverLines(farm),
    ],
  ])
  const oracle = await PlacementOracle.start(
    new Map([...all.map((each, index): [string, string[]] => [`b${index}`, each.lines]), ...bounded]),
  )
  t.teardown(() => oracle.stop())
  for (const [index, { name, farm, algorithm, asks }] of all.entries()) {
    await t.test(name, async (t) => {
      const theirs = await oracle.ask(`b${index}`, asks)
      const ours = choices(algorithm, pool(farm), asks)
      t.equal(theirs.length, asks.length, 'every request was answered')
      const different = asks.filter((_, at) => ours[at] !== theirs[at])
      t.same(
        different.slice(0, 3),
        [],
        `${asks.length - different.length} of ${asks.length} keys go to the same server`,
      )
    })
  }
  for (const [index, [factor, farm]] of bounds.entries()) {
    await t.test(`${HELD} requests under way, hash-balance-factor ${factor}, ${farm}`, async (t) => {
      const held = oracle.hold(`h${index}`)
      t.teardown(() => held.end())
      const theirs: string[] = []
      for (const ask of heldKeys) theirs.push(await held.take(ask))
      const ours = heldChoices(factor, farm)
      t.same(ours, theirs)
      t.ok(new Set(theirs).size > 1, 'nobody carries it all')
    })
  }
}
