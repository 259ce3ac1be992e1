/** Configurations of HTTP mode that change how connections and fields are handled, each with its share of the product. */

import type { Setup } from '../support/differential.js'
import type { Exchange } from '../support/exchange.js'
import { always, get, ok, product, SECOND } from './product.js'

const SHARE = 24

/** One frontend, one backend, one server. */
export const simple = (front = '', back = '', server = '') => `frontend fe{n}
  bind 127.0.0.1:{port}
${front}
  default_backend be{n}
backend be{n}
${back}
  server s1 127.0.0.1:{s1} ${server}
`

export const defaultsWith = (lines: string) => `  mode http
  option httplog
  timeout connect 4s
  timeout client 8s
  timeout server 8s
${lines}`

const forwarded: Exchange[] = [
  ['no field yet', ''],
  ['one field already', 'X-Forwarded-For: 203.0.113.9\r\n'],
  ['two fields already', 'X-Forwarded-For: 203.0.113.9\r\nx-forwarded-for: 198.51.100.7, 10.0.0.1\r\n'],
  ['an empty field already', 'X-Forwarded-For:\r\n'],
  ['the other name already', 'X-Client: 203.0.113.9\r\n'],
  ['named in Connection', 'Connection: X-Forwarded-For\r\nX-Forwarded-For: 203.0.113.9\r\n'],
].flatMap(([name, fields]) =>
  ['127.0.0.1', '127.0.0.9'].map((from) => ({
    name: `forwarded from ${from}, ${name}`,
    client: [{ send: get('/', fields) }, 'response', { send: SECOND }, 'response', 'close'] as const,
    origins: { s1: always('here') },
    from,
  })),
)

/** Two clients one after the other: is the idle server connection of the first given to the second? */
const reuse: Exchange[] = [
  {
    name: 'a second client after the first left',
    client: [
      { send: get('/1') },
      'response',
      'fin',
      'close',
      { use: 'b' },
      { send: get('/2') },
      'response',
      { send: get('/3') },
      'response',
      'fin',
      'close',
    ],
    origins: { s1: always('here') },
  },
  {
    name: 'a second client while the first stays idle',
    client: [
      { send: get('/1') },
      'response',
      { use: 'b' },
      { send: get('/2') },
      'response',
      { send: get('/3') },
      'response',
      { use: 'a' },
      { send: get('/4') },
      'response',
      { use: 'c' },
      { send: SECOND },
      'response',
      'close',
    ],
    origins: { s1: always('here') },
  },
  {
    name: 'a POST on a new client connection while one is idle',
    client: [
      { send: get('/1') },
      'response',
      { use: 'b' },
      { send: 'POST /2 HTTP/1.1\r\nHost: example.test\r\nContent-Length: 2\r\n\r\nhi' },
      'response',
      { send: SECOND },
      'response',
      'close',
    ],
    origins: { s1: always('here') },
  },
  {
    name: 'the server closes its idle connection between two requests',
    client: [{ send: get('/1') }, 'response', { open: 'go' }, { pause: 200 }, { send: get('/2') }, 'response', 'open?'],
    origins: {
      s1: [
        [{ reply: [ok('one')] }, { gate: 'go' }, 'fin'],
        [{ reply: [ok('two')] }, 'loop'],
      ],
    },
  },
  {
    name: 'the server speaks on an idle connection',
    client: [{ send: get('/1') }, 'response', { open: 'go' }, { pause: 200 }, { send: get('/2') }, 'response', 'open?'],
    origins: {
      s1: [
        [{ reply: [ok('one')] }, { gate: 'go' }, { send: ok('smuggled') }, 'end'],
        [{ reply: [ok('two')] }, 'loop'],
      ],
    },
  },
]

export const httpSetups: readonly Setup[] = [
  { name: 'plain', sections: simple(), exchanges: [...product(0, 40), ...reuse] },
  { name: 'forwardfor', sections: simple('  option forwardfor'), exchanges: [...product(1, SHARE), ...forwarded] },
  {
    name: 'forwardfor except a network',
    sections: simple('  option forwardfor except 127.0.0.8/29'),
    exchanges: forwarded,
  },
  {
    name: 'forwardfor if-none with a header name',
    sections: simple('', '  option forwardfor header X-Client if-none'),
    exchanges: forwarded,
  },
  {
    name: 'http-server-close',
    defaults: defaultsWith('  option http-server-close'),
    sections: simple(),
    exchanges: [...product(2, SHARE), ...reuse],
  },
  {
    name: 'httpclose',
    defaults: defaultsWith('  option httpclose'),
    sections: simple(),
    exchanges: [...product(3, SHARE), ...reuse],
  },
  {
    name: 'http-server-close in the backend, http-keep-alive in the frontend',
    sections: simple('  option http-keep-alive', '  option http-server-close'),
    exchanges: product(4, SHARE),
  },
  {
    name: 'http-reuse never',
    defaults: defaultsWith('  http-reuse never'),
    sections: simple(),
    exchanges: [...product(5, SHARE), ...reuse],
  },
  {
    name: 'http-reuse aggressive',
    defaults: defaultsWith('  http-reuse aggressive'),
    sections: simple(),
    exchanges: [...product(6, SHARE), ...reuse],
  },
  {
    name: 'http-reuse always',
    defaults: defaultsWith('  http-reuse always'),
    sections: simple(),
    exchanges: [...product(7, SHARE), ...reuse],
  },
  {
    name: 'fields set, added and deleted',
    sections: simple(
      `  http-request set-header X-Proto http
  http-request add-header X-A 3
  http-request del-header User-Agent
  http-request set-header X-Path %[path]
  http-request set-header X-Src %[src]
  http-response set-header X-Frame-Options DENY
  http-response del-header X-Mixed-Case
  http-response add-header Via "1.1 edge"`,
      `  http-request set-header Host internal.test
  http-response set-header X-Status %[status]`,
    ),
    exchanges: product(8, SHARE),
  },
  {
    name: 'path and query rewritten',
    sections: simple(
      '  http-request set-path /v2%[path] if { path_beg /first }',
      '  http-request set-query x=%[query] if { method GET }',
    ),
    exchanges: product(9, 16),
  },
]
