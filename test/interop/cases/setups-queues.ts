/** Servers that are full: who waits where, who comes first, and what those get who cannot wait. */

import type { Setup } from '../support/differential.js'
import type { ClientStep, Exchange } from '../support/exchange.js'
import type { OriginScript, OriginStep } from '../support/origin.js'
import { get, ok } from './product.js'

const DEFAULTS = `  mode http
  option httplog
  option http-server-close
  timeout connect 4s
  timeout client 20s
  timeout server 20s
  timeout queue 15s`

/** Nobody tells from outside that a request has been put into a queue: it has, when so many milliseconds have passed. */
const PAUSE = 200

/** Each answer waits until it is asked for: the first gate is g1, and so on. */
const gated = (count: number): OriginScript =>
  Array.from({ length: count }, (_, index): readonly OriginStep[] => [
    'request',
    { gate: `g${index + 1}` },
    { send: ok(`n${index + 1}`) },
    'end',
  ])

/** Clients that come one after the other, each once the one before is where it is to wait. */
const arrive = (paths: readonly string[], first: number): readonly ClientStep[] =>
  paths.flatMap((path, index): ClientStep[] => [
    { use: `c${index}` },
    { send: get(path, 'Connection: close\r\n') },
    index < first ? { seen: `GET ${path} ` } : { pause: PAUSE },
  ])

/** Answers come one by one; what the server sees between them is the order of the queue. */
const served = (count: number, connections: number): readonly ClientStep[] =>
  Array.from({ length: count }, (_, index): ClientStep[] => [
    { open: `g${index + 1}` },
    { connections: Math.min(count, connections + index + 1) },
  ]).flat()

const answers = (paths: readonly string[]): readonly ClientStep[] =>
  paths.flatMap((_, index): ClientStep[] => [{ use: `c${index}` }, 'response'])

const queue = (name: string, paths: readonly string[]): Exchange => ({
  name,
  client: [...arrive(paths, 1), ...served(paths.length, 1), ...answers(paths)],
  origins: { s1: gated(paths.length) },
})

const one = (lines: string, server = 'maxconn 1') => `frontend fe{n}
  bind 127.0.0.1:{port}
  default_backend be{n}
backend be{n}
${lines}
  server s1 127.0.0.1:{s1} ${server}
`

const ranked = `  http-request set-priority-class int(-5) if { path_beg /high }
  http-request set-priority-class int(5) if { path_beg /low }
  http-request set-priority-offset int(-2000) if { path_end soon }
  http-request set-priority-offset int(2000) if { path_end late }`

const priorities: readonly (readonly string[])[] = [
  ['/0', '/1', '/2', '/3', '/4'],
  ['/0', '/low1', '/2', '/high3', '/4'],
  ['/0', '/1', '/2late', '/3', '/4soon', '/5'],
  ['/0', '/1late', '/low2soon', '/high3late', '/high4', '/low5', '/high6soon'],
  ['/0', '/low1', '/low2soon', '/3late', '/4', '/5soon', '/high6late', '/high7'],
]

/** Some must go to the server by name and wait in its own queue; the others wait in the backend's. */
const both = `  use-server s1 if { path_beg /s } or { path_beg /high/s } or { path_beg /low/s }
${ranked}`
const mixed: readonly (readonly string[])[] = [
  ['/0', '/s1', '/2', '/s3', '/4'],
  ['/0', '/1', '/s2', '/3', '/s4'],
  ['/0', '/1', '/2', '/s3', '/s4'],
  ['/0', '/s1', '/s2', '/3', '/4'],
  ['/0', '/low/s1', '/2', '/s3', '/high4'],
  ['/0', '/low1', '/s2', '/3', '/high/s4'],
  ['/0', '/s1late', '/2', '/s3', '/4soon'],
  ['/0', '/1late', '/s2', '/3soon', '/s4late', '/5'],
]

const parallel = (count: number): Exchange => {
  const paths = Array.from({ length: count }, (_, index) => `/${index}`)
  return {
    name: `${count} at a time`,
    client: [
      ...paths.flatMap((path, index): ClientStep[] => [
        { use: `c${index}` },
        { send: get(path, 'Connection: close\r\n') },
        { pause: PAUSE },
      ]),
      { pause: PAUSE },
      ...Array.from({ length: count }, (_, index): ClientStep[] => [
        { open: `g${index + 1}` },
        { pause: PAUSE },
      ]).flat(),
      ...answers(paths),
    ],
    origins: { s1: gated(count) },
  }
}

const ramps = ['minconn 1 maxconn 4', 'minconn 2 maxconn 8', 'minconn 3 maxconn 3', 'minconn 5 maxconn 3', 'minconn 3']

const two = (lines: string, server: string) => `frontend fe{n}
  bind 127.0.0.1:{port}
  default_backend be{n}
backend be{n}
${lines}
  server s1 127.0.0.1:{s1} ${server}
  server s2 127.0.0.1:{s2} ${server}
`

/** Who comes when both are full, and the queues have a limit. */
const crowd = (count: number): Exchange => {
  const paths = Array.from({ length: count }, (_, index) => `/${index}`)
  return {
    name: `${count} come`,
    client: [
      ...paths.flatMap((path, index): ClientStep[] => [
        { use: `c${index}` },
        { send: get(path, 'Connection: close\r\n') },
        { pause: PAUSE },
      ]),
      ...Array.from({ length: count }, (_, index): ClientStep[] => [
        { open: `g${index + 1}` },
        { pause: PAUSE },
      ]).flat(),
      ...answers(paths),
    ],
    origins: { s1: gated(count), s2: gated(count) },
  }
}

const limited: readonly (readonly [lines: string, server: string])[] = [
  ['balance roundrobin', 'maxconn 1 maxqueue 1'],
  ['balance leastconn', 'maxconn 1 maxqueue 1'],
  ['balance leastconn', 'maxconn 1'],
  ['balance source', 'maxconn 1 maxqueue 1'],
  ['balance source\n  option redispatch', 'maxconn 1 maxqueue 1'],
  ['balance source', 'maxconn 1'],
  ['balance source\n  hash-type consistent', 'maxconn 1 maxqueue 1'],
  ['balance source\n  hash-type consistent\n  option redispatch', 'maxconn 1 maxqueue 1'],
  ['balance random', 'maxconn 1 maxqueue 1'],
  ['balance first', 'maxconn 1 maxqueue 1'],
  ['balance static-rr', 'maxconn 1 maxqueue 1'],
]

const impatient: Exchange = {
  name: 'who waits too long',
  client: [
    ...arrive(['/0', '/1', '/2'], 1),
    { use: 'c1' },
    'response',
    { use: 'c2' },
    'response',
    { open: 'g1' },
    { use: 'c0' },
    'response',
  ],
  origins: { s1: gated(3) },
}

/** Clients that have said their last word, or that leave. */
const leaving: readonly Exchange[] = [
  ['fin', 'says its last word'],
  ['rst', 'leaves'],
].flatMap(([how, words]): Exchange[] => {
  const end = how as 'fin' | 'rst'
  return [
    {
      name: `who waits in a queue ${words}`,
      client: [
        ...arrive(['/0', '/1', '/2'], 1),
        { use: 'c1' },
        end,
        { pause: 150 },
        { open: 'g1' },
        { pause: PAUSE },
        { open: 'g2' },
        { pause: PAUSE },
        { open: 'g3' },
        { use: 'c0' },
        'everything',
        ...(end === 'fin' ? ([{ use: 'c1' }, 'everything'] as const) : []),
        { use: 'c2' },
        'everything',
      ],
      origins: { s1: gated(3) },
    },
    {
      name: `who waits for an answer ${words}`,
      client: [{ send: get('/') }, { seen: 'GET' }, end, { pause: 150 }, { open: 'g1' }, 'everything'],
      origins: { s1: gated(3) },
    },
  ]
})

const aborts = ['option abortonclose', 'no option abortonclose']

export const queueSetups: readonly Setup[] = [
  ...aborts.map(
    (line): Setup => ({ name: line, defaults: `${DEFAULTS}\n  ${line}`, sections: one(''), exchanges: leaving }),
  ),
  ...aborts.map(
    (line): Setup => ({
      name: `${line}, connecting`,
      defaults: `${DEFAULTS.replace('connect 4s', 'connect 700ms')}\n  ${line}`,
      sections: `frontend fe{n}
  bind 127.0.0.1:{port}
  default_backend be{n}
backend be{n}
  retries 0
  server s1 127.0.0.1:{blackhole}
`,
      exchanges: (['fin', 'rst'] as const).map((end) => ({
        name: `while it is connected for, ${end}`,
        client: [{ send: get('/') }, { pause: 150 }, end, 'everything'],
        origins: {},
      })),
    }),
  ),
  {
    name: 'priorities',
    defaults: DEFAULTS,
    sections: one(ranked),
    exchanges: priorities.map((paths) => queue(paths.join(' '), paths)),
  },
  {
    name: "the server's queue and the backend's",
    defaults: DEFAULTS,
    sections: one(both),
    exchanges: mixed.map((paths) => queue(paths.join(' '), paths)),
  },
  {
    name: 'timeout queue',
    defaults: DEFAULTS.replace('queue 15s', 'queue 600ms'),
    sections: one(''),
    exchanges: [impatient],
  },
  ...ramps.map(
    (server): Setup => ({
      name: `${server}, fullconn 8`,
      defaults: DEFAULTS,
      sections: one('  fullconn 8', server),
      exchanges: [2, 4, 8].map(parallel),
    }),
  ),
  ...limited.map(
    ([lines, server]): Setup => ({
      name: `${lines.replaceAll('\n ', ',')}, ${server}`,
      defaults: DEFAULTS,
      sections: two(`  ${lines}`, server),
      exchanges: [3, 6].map(crowd),
    }),
  ),
]
