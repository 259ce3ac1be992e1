/** Servers that fail in every way, and backends that try again for every cause: how often, where, and what the client gets in the end. */

import type { Setup } from '../support/differential.js'
import type { Exchange } from '../support/exchange.js'
import type { OriginScript, OriginStep } from '../support/origin.js'
import { always, get, ok } from './product.js'

const answer = (status: string, body = 'no', fields = '') =>
  `HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\n${fields}\r\n${body}`

/** What a server does with a request. */
const failures: readonly (readonly [string, readonly OriginStep[]])[] = [
  ['resets', ['request', 'rst']],
  ['says nothing', ['request', 'fin']],
  ['hangs', ['request', 'end']],
  ['breaks off its head', ['request', { send: 'HTTP/1.1 200 OK\r\nContent-Le' }, 'fin']],
  ['hangs in its head', ['request', { send: 'HTTP/1.1 200 OK\r\nContent-Le' }, 'end']],
  ['talks junk', ['request', { send: 'no http at all\r\n\r\n' }, 'end']],
  [
    'talks junk after an interim answer',
    ['request', { send: 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nno http at all\r\n\r\n' }, 'end'],
  ],
  [
    'says nothing after an interim answer',
    ['request', { send: 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n' }, 'fin'],
  ],
  ['breaks off its body', ['request', { send: 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf' }, 'fin']],
  ['answers 404', ['request', { send: answer('404 Not Found') }, 'loop']],
  ['answers 500', ['request', { send: answer('500 Internal Server Error') }, 'loop']],
  ['answers 503', ['request', { send: answer('503 Service Unavailable') }, 'loop']],
  [
    'answers 503 and closes',
    ['request', { send: answer('503 Service Unavailable', 'no', 'Connection: close\r\n') }, 'fin'],
  ],
  [
    'answers 503 by and by',
    ['request', { send: 'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 10\r\n\r\nhalf' }, 'end'],
  ],
  ['answers', ['request', { send: ok('fine') }, 'loop']],
]

const good: readonly OriginStep[] = ['request', { send: ok('fine') }, 'loop']

const lists = [
  '',
  'none',
  'conn-failure',
  'empty-response',
  'junk-response',
  'response-timeout',
  '404 503',
  'conn-failure empty-response 503',
  'all-retryable-errors',
]
const dispatches = ['no option redispatch', 'option redispatch', 'option redispatch 1']

const sections = (lines: string, servers: string) => `frontend fe{n}
  bind 127.0.0.1:{port}
  default_backend be{n}
backend be{n}
${lines}
${servers}
`
const two = `  server s1 127.0.0.1:{s1}
  server s2 127.0.0.1:{s2}`

const defaultsWith = (connect: string) => `  mode http
  option httplog
  timeout connect ${connect}
  timeout client 8s
  timeout server 700ms
  retries 2`
const DEFAULTS = defaultsWith('2s')

const both = (script: OriginScript): Exchange['origins'] => ({ s1: script, s2: always('second') })

/** It fails the first request, whether the second comes on the same connection or on another. */
const once = (steps: readonly OriginStep[]): OriginScript => [
  steps.at(-1) === 'loop' ? [...steps.slice(0, -1), ...good] : steps,
  good,
]

const failing: readonly Exchange[] = failures.flatMap(([name, steps]) => [
  { name: `the first server ${name}`, client: [{ send: get('/') }, 'response', 'open?'], origins: both([steps]) },
  { name: `it ${name} once`, client: [{ send: get('/') }, 'response', 'open?'], origins: both(once(steps)) },
  { name: `both ${name}`, client: [{ send: get('/') }, 'response', 'open?'], origins: { s1: [steps], s2: [steps] } },
])

const causes: readonly Setup[] = lists.flatMap((list) =>
  dispatches.map((dispatch) => ({
    name: `retry-on ${list === '' ? 'nothing said' : list}, ${dispatch}`,
    defaults: DEFAULTS,
    parallel: 16,
    sections: sections(`  ${list === '' ? '' : `retry-on ${list}`}\n  ${dispatch}`, two),
    exchanges: failing,
  })),
)

const post = (length: number, body: string) =>
  `POST / HTTP/1.1\r\nHost: example.test\r\nContent-Length: ${length}\r\n\r\n${body}`
const chunked = 'POST / HTTP/1.1\r\nHost: example.test\r\nTransfer-Encoding: chunked\r\n\r\n'
const long = 'x'.repeat(40_000)

/** What is sent again is what came: whole, in chunks, in pieces, or too much. */
const replays: readonly Exchange[] = [
  {
    name: 'a body with a length',
    client: [{ send: post(11, 'hello world') }, 'response'],
    origins: both([['request', 'rst']]),
  },
  {
    name: 'a body in chunks',
    client: [{ send: `${chunked}5\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n` }, 'response'],
    origins: both([['request', 'rst']]),
  },
  {
    name: 'a body in pieces, lost when it was whole',
    client: [{ send: post(11, 'hello') }, { seen: 'hello' }, { send: ' world' }, 'response'],
    origins: both([['request', 'rst']]),
  },
  {
    name: 'a body in pieces, lost in the middle',
    client: [
      { send: post(11, 'hello') },
      { seen: 'hello' },
      { open: 'gone' },
      { pause: 50 },
      { send: ' world' },
      'everything',
    ],
    origins: both([['head', { gate: 'gone' }, 'rst']]),
  },
  {
    name: 'an answer in the middle of a body',
    client: [
      { send: post(11, 'hello') },
      { seen: 'hello' },
      { open: 'answer' },
      { pause: 50 },
      { send: ' world' },
      'everything',
    ],
    origins: both([['head', { gate: 'answer' }, { send: answer('503 Service Unavailable') }, 'end']]),
  },
  {
    name: 'a body that does not fit the buffer',
    client: [{ send: post(40_000, long) }, 'everything'],
    origins: both([['request', 'rst']]),
  },
  {
    name: 'a body that fits the buffer',
    client: [{ send: post(12_000, long.slice(0, 12_000)) }, 'everything'],
    origins: both([['request', 'rst']]),
  },
  {
    name: 'expects 100-continue',
    client: [
      { send: 'POST / HTTP/1.1\r\nHost: example.test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n' },
      { until: '100 Continue' },
      { send: 'hello' },
      'everything',
    ],
    origins: both([['head', { send: 'HTTP/1.1 100 Continue\r\n\r\n' }, 'request', 'rst']]),
  },
  {
    name: 'HEAD',
    client: [{ send: 'HEAD / HTTP/1.1\r\nHost: example.test\r\n\r\n' }, { response: 'HEAD' }],
    origins: {
      s1: [['request', 'rst']],
      s2: [['request', { send: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n' }, 'loop']],
    },
  },
  {
    name: 'a second request on an idle connection that was closed meanwhile',
    client: [{ send: get('/1') }, 'response', { send: get('/2') }, 'response'],
    origins: { s1: [['request', { send: ok('one') }, 'request', 'rst'], good], s2: always('second') },
  },
]

/** What is told to servers is told once, whoever gets it in the end. */
const told = `  option forwardfor
  http-send-name-header X-Server
  http-request set-header X-Old %[src]
  http-response set-header X-From %s`

const bodies: readonly Setup[] = ['no option redispatch', 'option redispatch'].flatMap((dispatch) =>
  ['', told].map((lines) => ({
    name: `what is sent again, ${dispatch}${lines === '' ? '' : ', with fields'}`,
    defaults: DEFAULTS,
    parallel: 16,
    sections: sections(`  retry-on all-retryable-errors\n  ${dispatch}\n${lines}`, two),
    exchanges: replays,
  })),
)

const unreachable: readonly Setup[] = [
  ['refuses', '{refused}', '2s'],
  ['hangs at connecting', '{blackhole}', '200ms'],
].flatMap(([word, place, patience = '']) =>
  ['', 'none', 'conn-failure', 'empty-response', 'all-retryable-errors'].map((list) => ({
    name: `the first server ${word}, retry-on ${list === '' ? 'nothing said' : list}`,
    defaults: defaultsWith(patience),
    parallel: 16,
    sections: `frontend fe{n}
  bind 127.0.0.1:{port}
  use_backend %[path,field(2,/)]{n}
${['no option redispatch', 'option redispatch', 'option redispatch 1', 'option redispatch 2', 'option redispatch -2']
  .map(
    (dispatch, index) => `backend rr${index}-{n}
  ${list === '' ? '' : `retry-on ${list}`}
  ${dispatch}
  server s1 127.0.0.1:${place}
  server s2 127.0.0.1:{s2}
backend hash${index}-{n}
  balance source
  hash-type consistent
  ${list === '' ? '' : `retry-on ${list}`}
  ${dispatch}
  server s1 127.0.0.1:${place}
  server s2 127.0.0.1:${place}
  server s3 127.0.0.1:{s2}
backend uno${index}-{n}
  ${list === '' ? '' : `retry-on ${list}`}
  ${dispatch}
  server s1 127.0.0.1:${place}
backend both${index}-{n}
  ${list === '' ? '' : `retry-on ${list}`}
  ${dispatch}
  server s1 127.0.0.1:${place}
  server s2 127.0.0.1:${place}
`,
  )
  .join('')}`,
    exchanges: [0, 1, 2, 3, 4].flatMap((index) =>
      ['rr', 'hash', 'uno', 'both'].map((kind) => ({
        name: `${kind}, redispatch ${index}`,
        client: [{ send: get(`/${kind}${index}-`) }, 'everything'] as const,
        origins: { s2: always('second') },
      })),
    ),
  })),
)
export const retrySetups: readonly Setup[] = [...causes, ...bodies, ...unreachable]
