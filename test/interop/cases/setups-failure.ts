/** Servers and clients that fail: what is answered, what the log says, and that only this request pays. */

import type { Setup } from '../support/differential.js'
import type { ClientStep, Exchange } from '../support/exchange.js'
import type { OriginScript, OriginStep } from '../support/origin.js'
import { always, get, ok, SECOND, SECOND_REPLY } from './product.js'
import { defaultsWith, simple } from './setups-http.js'

const post = (path: string, body: string, length = body.length) =>
  `POST ${path} HTTP/1.1\r\nHost: example.test\r\nContent-Length: ${length}\r\n\r\n${body}`

/** What a server does with the first request; the connections after it are served well. */
const badly: readonly (readonly [string, readonly OriginStep[]])[] = [
  ['resets before it answers', ['request', 'rst']],
  ['closes before it answers', ['request', 'fin']],
  ['closes in the status line', ['request', { send: 'HTTP/1.1 20' }, 'fin']],
  ['resets in the status line', ['request', { send: 'HTTP/1.1 20' }, { gate: 'late' }, 'rst']],
  ['closes in the head', ['request', { send: 'HTTP/1.1 200 OK\r\nContent-Le' }, 'fin']],
  ['closes in the body', ['request', { send: 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf' }, 'fin']],
  ['closes in a chunk', ['request', { send: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nhalf' }, 'fin']],
  [
    'closes between chunks',
    ['request', { send: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n' }, 'fin'],
  ],
  [
    'sends a bad chunk size',
    ['request', { send: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nhalf\r\n0\r\n\r\n' }, 'end'],
  ],
  ['answers garbage', ['request', { send: '\x00\x01\x02garbage\r\n\r\n' }, 'end']],
  ['answers SSH', ['request', { send: 'SSH-2.0-OpenSSH_9.2\r\n' }, 'end']],
  ['answers HTML alone', ['request', { send: '<html>hello</html>\n' }, 'fin']],
  ['answers status 888', ['request', { send: 'HTTP/1.1 888 Odd\r\nContent-Length: 3\r\n\r\nodd' }, 'loop']],
  ['answers status 99', ['request', { send: 'HTTP/1.1 99 Odd\r\nContent-Length: 3\r\n\r\nodd' }, 'end']],
  ['answers status 1000', ['request', { send: 'HTTP/1.1 1000 Odd\r\nContent-Length: 3\r\n\r\nodd' }, 'end']],
  ['answers status 000', ['request', { send: 'HTTP/1.1 000 Odd\r\nContent-Length: 3\r\n\r\nodd' }, 'end']],
  ['gives no reason phrase', ['request', { send: 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok' }, 'end']],
  ['gives an empty reason phrase', ['request', { send: 'HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok' }, 'end']],
  ['answers HTTP/2.0', ['request', { send: 'HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nok' }, 'end']],
  ['answers http/1.1', ['request', { send: 'http/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok' }, 'end']],
  ['folds a field', ['request', { send: 'HTTP/1.1 200 OK\r\nX-A: 1\r\n 2\r\nContent-Length: 2\r\n\r\nok' }, 'end']],
  [
    'puts a space before a colon',
    ['request', { send: 'HTTP/1.1 200 OK\r\nX-A : 1\r\nContent-Length: 2\r\n\r\nok' }, 'end'],
  ],
  [
    'sends a line without colon',
    ['request', { send: 'HTTP/1.1 200 OK\r\nnothing\r\nContent-Length: 2\r\n\r\nok' }, 'end'],
  ],
  [
    'sends NUL in a field',
    ['request', { send: 'HTTP/1.1 200 OK\r\nX-A: a\x00b\r\nContent-Length: 2\r\n\r\nok' }, 'end'],
  ],
  ['ends lines with LF alone', ['request', { send: 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok' }, 'end']],
  [
    'sends two lengths that differ',
    ['request', { send: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc' }, 'end'],
  ],
  [
    'sends one length twice',
    ['request', { send: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok' }, 'end'],
  ],
  ['sends a negative length', ['request', { send: 'HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok' }, 'end']],
  [
    'sends a length and chunks',
    [
      'request',
      { send: 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n' },
      'end',
    ],
  ],
  ['sends a body with 204', ['request', { send: 'HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nok' }, 'end']],
  ['answers twice', ['request', { send: ok('one') + ok('two') }, 'end']],
  [
    'sends ten early hints',
    ['request', { send: `${'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'.repeat(10)}${ok('done')}` }, 'loop'],
  ],
  [
    'switches protocols unasked',
    ['request', { send: 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n' }, 'fin'],
  ],
  [
    'sends a head that is too large',
    ['request', { send: `HTTP/1.1 200 OK\r\nX-Big: ${'x'.repeat(17_000)}\r\nContent-Length: 2\r\n\r\nok` }, 'end'],
  ],
  [
    'sends too many fields',
    ['request', { send: `HTTP/1.1 200 OK\r\n${'X-A: 1\r\n'.repeat(120)}Content-Length: 2\r\n\r\nok` }, 'end'],
  ],
  [
    'names the length in Connection',
    [
      'request',
      { send: 'HTTP/1.1 200 OK\r\nConnection: X-Secret, Content-Length\r\nX-Secret: 1\r\nContent-Length: 2\r\n\r\nok' },
      'end',
    ],
  ],
  [
    'sends hop-by-hop fields',
    [
      'request',
      {
        send: 'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5\r\nProxy-Connection: x\r\nTE: trailers\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\nok',
      },
      'end',
    ],
  ],
]

function failing(name: string, first: readonly OriginStep[], request: string): Exchange {
  const method = request.slice(0, request.indexOf(' '))
  const good: OriginScript[number] = [{ reply: [SECOND_REPLY] }, 'loop']
  const late: ClientStep[] = name.startsWith('resets in the status line')
    ? [{ seen: 'Host: example.test\r\n'.toLowerCase() }, { open: 'late' }]
    : []
  return {
    name: `${method}: the server ${name}`,
    client: [
      { send: request },
      ...late,
      { response: method },
      'open?',
      { use: 'b' },
      { send: SECOND },
      'response',
      'close',
    ],
    origins: { s1: [first, good] },
  }
}

const serverFailures: Setup = {
  name: 'servers that fail',
  sections: simple(),
  exchanges: [
    ...badly.map(([name, steps]) => failing(name, steps, get('/'))),
    ...badly.slice(0, 6).map(([name, steps]) => failing(name, steps, post('/', 'hello world'))),
    ...badly.slice(0, 10).map(([name, steps]) => failing(name, steps, 'HEAD / HTTP/1.1\r\nHost: example.test\r\n\r\n')),
    ...badly
      .slice(0, 12)
      .map(([name, steps]) => failing(name, steps, 'PATCH / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')),
  ],
}

const second: ClientStep[] = [{ use: 'b' }, { send: SECOND }, 'response', 'close']

const clientFailures: Setup = {
  name: 'clients that fail',
  sections: simple(),
  exchanges: [
    {
      name: 'resets in the request line',
      client: [{ send: 'GET /half HT' }, { pause: 100 }, 'rst', ...second],
      origins: { s1: always('fine') },
    },
    {
      name: 'closes in the request line',
      client: [{ send: 'GET /half HT' }, { pause: 100 }, 'fin', 'close', ...second],
      origins: { s1: always('fine') },
    },
    {
      name: 'closes in the head',
      client: [{ send: 'GET /half HTTP/1.1\r\nHost: exam' }, { pause: 100 }, 'fin', 'close', ...second],
      origins: { s1: always('fine') },
    },
    {
      name: 'says nothing and closes',
      client: [{ use: 'a' }, { pause: 100 }, 'fin', 'close', ...second],
      origins: { s1: always('fine') },
    },
    ...(['rst', 'fin'] as const).flatMap((how): Exchange[] => [
      {
        name: `${how} in a body with a length`,
        client: [
          { send: post('/up', 'half', 10) },
          { seen: 'half' },
          how,
          ...(how === 'fin' ? (['close'] as const) : []),
          ...second,
        ],
        origins: { s1: [['request'], [{ reply: [SECOND_REPLY] }, 'loop']] },
      },
      {
        name: `${how} in a chunked body`,
        client: [
          { send: 'POST /up HTTP/1.1\r\nHost: example.test\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n' },
          { seen: 'half' },
          how,
          ...(how === 'fin' ? (['close'] as const) : []),
          ...second,
        ],
        origins: { s1: [['request'], [{ reply: [SECOND_REPLY] }, 'loop']] },
      },
      {
        name: `${how} while it waits for the answer`,
        client: [
          { send: get('/wait') },
          { seen: '/wait' },
          how,
          { pause: 150 },
          { open: 'go' },
          ...(how === 'fin' ? (['response', 'close'] as const) : []),
          { pause: 100 },
          ...second,
        ],
        origins: {
          s1: [
            ['request', { gate: 'go' }, { send: ok('late') }, 'end'],
            [{ reply: [SECOND_REPLY] }, 'loop'],
          ],
        },
      },
      {
        name: `${how} in the body of the answer`,
        client: [
          { send: get('/down') },
          { until: 'half' },
          how,
          { pause: 150 },
          { open: 'go' },
          ...(how === 'fin' ? (['close'] as const) : []),
          { pause: 100 },
          ...second,
        ],
        origins: {
          s1: [
            [
              'request',
              { send: 'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhalf' },
              { gate: 'go' },
              { send: 'and half' },
              'end',
            ],
            [{ reply: [SECOND_REPLY] }, 'loop'],
          ],
        },
      },
    ]),
    {
      name: 'sends a bad chunk after a good one',
      client: [
        { send: 'POST /up HTTP/1.1\r\nHost: example.test\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n' },
        { seen: 'half' },
        { send: 'zz\r\nbad\r\n0\r\n\r\n' },
        'response',
        'close',
        ...second,
      ],
      origins: { s1: [['request'], [{ reply: [SECOND_REPLY] }, 'loop']] },
    },
    {
      name: 'is answered before its body is there, the server stays',
      client: [
        { send: post('/up', 'half', 8) },
        'response',
        { send: 'half' },
        { pause: 50 },
        { send: SECOND },
        'response',
        'close',
      ],
      origins: {
        s1: [
          ['head', { send: ok('early') }, 'request', { reply: [SECOND_REPLY] }, 'loop'],
          [{ reply: [SECOND_REPLY] }, 'loop'],
        ],
      },
    },
    {
      name: 'is answered before its body is there, the server closes',
      client: [{ send: post('/up', 'half', 8) }, 'response', 'open?', ...second],
      origins: {
        s1: [
          [
            'head',
            { until: 'half' },
            { send: 'HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig' },
            'fin',
          ],
          [{ reply: [SECOND_REPLY] }, 'loop'],
        ],
      },
    },
    {
      name: 'pipelines three requests',
      client: [{ send: get('/1') + get('/2') + SECOND }, 'response', 'response', 'response', 'close'],
      origins: { s1: [[{ reply: [ok('one'), ok('two'), ok('three')] }, 'loop']] },
    },
    {
      name: 'pipelines after a POST, and a bad request at the end',
      client: [{ send: `${post('/1', 'hello')}${get('/2')}BAD\r\n\r\n` }, 'response', 'response', 'response', 'close'],
      origins: { s1: [[{ reply: [ok('one'), ok('two')] }, 'loop']] },
    },
    {
      name: 'pipelines and half-closes',
      client: [{ send: get('/1') + get('/2') }, 'fin', 'response', 'response', 'close'],
      origins: { s1: [[{ reply: [ok('one'), ok('two')] }, 'loop']] },
    },
    {
      name: 'sends its head byte by byte',
      client: [...[...get('/slow')].map((send) => ({ send })), 'response', { send: SECOND }, 'response', 'close'],
      origins: { s1: always('fine') },
    },
    {
      name: 'begins with empty lines',
      client: [{ send: `\r\n\r\n${get('/')}` }, 'response', { send: `\r\n${SECOND}` }, 'response', 'close'],
      origins: { s1: always('fine') },
    },
    {
      name: 'expects 100-continue and is refused',
      client: [
        { send: 'POST /up HTTP/1.1\r\nHost: example.test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n' },
        'response',
        'open?',
        ...second,
      ],
      origins: {
        s1: [
          ['head', { send: 'HTTP/1.1 417 No\r\nContent-Length: 2\r\n\r\nno' }, 'end'],
          [{ reply: [SECOND_REPLY] }, 'loop'],
        ],
      },
    },
    {
      name: 'expects 100-continue and does not wait',
      client: [
        { send: 'POST /up HTTP/1.1\r\nHost: example.test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello' },
        'response',
        { send: SECOND },
        'response',
        'close',
      ],
      origins: { s1: always('fine') },
    },
  ],
}

const unreachable: Setup = {
  name: 'servers that cannot be reached',
  defaults: `  mode http
  option httplog
  timeout connect 200ms
  timeout client 8s
  timeout server 8s
  retries 2`,
  sections: `frontend fe{n}
  bind 127.0.0.1:{port}
  use_backend hole{n} if { path_beg /hole }
  use_backend both{n} if { path_beg /both }
  use_backend none{n} if { path_beg /none }
  use_backend off{n} if { path_beg /off }
  use_backend stay{n} if { path_beg /stay }
  use_backend gone{n} if { path_beg /gone }
backend gone{n}
  server s1 127.0.0.1:{refused}
backend hole{n}
  server s1 127.0.0.1:{blackhole}
backend both{n}
  option redispatch
  server s1 127.0.0.1:{refused}
  server s2 127.0.0.1:{s1}
backend stay{n}
  no option redispatch
  server s1 127.0.0.1:{refused}
  server s2 127.0.0.1:{s1}
backend none{n}
backend off{n}
  server s1 127.0.0.1:{s1} disabled
`,
  exchanges: [
    ...['/gone', '/hole', '/both', '/none', '/off', '/stay', '/unrouted'].flatMap((path): Exchange[] => [
      {
        name: `GET ${path}`,
        client: [{ send: get(path) }, 'response', 'open?', { use: 'b' }, { send: get(path) }, 'response'],
        origins: { s1: always('fine') },
      },
      {
        name: `POST ${path}`,
        client: [
          { send: post(path, 'hello') },
          'response',
          { send: get(path, 'Connection: close\r\n') },
          'response',
          'close',
        ],
        origins: { s1: always('fine') },
      },
    ]),
    {
      name: 'HEAD /gone',
      client: [{ send: 'HEAD /gone HTTP/1.1\r\nHost: example.test\r\n\r\n' }, { response: 'HEAD' }, 'open?'],
      origins: { s1: always('fine') },
    },
    {
      name: 'the client leaves while we connect',
      client: [
        { send: get('/hole') },
        { pause: 100 },
        'rst',
        { pause: 300 },
        { use: 'b' },
        { send: get('/both') },
        'response',
      ],
      origins: { s1: always('fine') },
    },
  ],
}

const times: Setup = {
  name: 'timeouts',
  defaults: `  mode http
  option httplog
  timeout connect 2s
  timeout client 500ms
  timeout server 900ms
  timeout http-request 300ms
  timeout http-keep-alive 800ms
  timeout tunnel 400ms
  timeout tarpit 200ms`,
  sections: simple(
    '  http-request tarpit if { path /tarpit }\n  http-request tarpit deny_status 429 if { path /tarpit429 }',
  ),
  exchanges: [
    { name: 'nothing sent', client: [{ use: 'a' }, 'close', ...second], origins: { s1: always('fine') } },
    {
      name: 'half a request line',
      client: [{ send: 'GET /x' }, 'response', 'close', ...second],
      origins: { s1: always('fine') },
    },
    {
      name: 'half a head',
      client: [{ send: 'GET /x HTTP/1.1\r\nHost: ' }, 'response', 'close', ...second],
      origins: { s1: always('fine') },
    },
    {
      name: 'a head that trickles',
      client: [
        { send: 'GET /x HTTP/1.1\r\n' },
        { pause: 150 },
        { send: 'A: 1\r\n' },
        { pause: 100 },
        { send: 'B: 1\r\n' },
        'response',
        'close',
      ],
      origins: { s1: always('fine') },
    },
    {
      name: 'idle after a response',
      client: [{ send: get('/') }, 'response', 'close', ...second],
      origins: { s1: always('fine') },
    },
    {
      name: 'half a second request',
      client: [{ send: get('/') }, 'response', { send: 'GET /2 HTTP' }, 'close', ...second],
      origins: { s1: always('fine') },
    },
    {
      name: 'half a body with a length',
      client: [{ send: post('/up', 'half', 8) }, 'response', 'close', ...second],
      origins: { s1: [['request'], [{ reply: [SECOND_REPLY] }, 'loop']] },
    },
    {
      name: 'half a chunked body',
      client: [
        { send: 'POST /up HTTP/1.1\r\nHost: example.test\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n' },
        'response',
        'close',
        ...second,
      ],
      origins: { s1: [['request'], [{ reply: [SECOND_REPLY] }, 'loop']] },
    },
    {
      name: 'a server that does not answer',
      client: [{ send: get('/') }, 'response', 'open?', ...second],
      origins: {
        s1: [
          ['request', 'end'],
          [{ reply: [SECOND_REPLY] }, 'loop'],
        ],
      },
    },
    {
      name: 'a server that does not answer a POST',
      client: [{ send: post('/', 'hello') }, 'response', 'open?', ...second],
      origins: {
        s1: [
          ['request', 'end'],
          [{ reply: [SECOND_REPLY] }, 'loop'],
        ],
      },
    },
    {
      name: 'a server that stops in its head',
      client: [{ send: get('/') }, 'response', 'open?', ...second],
      origins: {
        s1: [
          ['request', { send: 'HTTP/1.1 200 OK\r\nX: ' }, 'end'],
          [{ reply: [SECOND_REPLY] }, 'loop'],
        ],
      },
    },
    {
      name: 'a server that stops in its body',
      client: [{ send: get('/') }, 'response', 'close', ...second],
      origins: {
        s1: [
          ['request', { send: 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf' }, 'end'],
          [{ reply: [SECOND_REPLY] }, 'loop'],
        ],
      },
    },
    {
      name: 'a server that stops in a chunk',
      client: [{ send: get('/') }, 'response', 'close', ...second],
      origins: {
        s1: [
          ['request', { send: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n' }, 'end'],
          [{ reply: [SECOND_REPLY] }, 'loop'],
        ],
      },
    },
    {
      name: 'a tarpit',
      client: [{ send: get('/tarpit') }, 'response', 'close', ...second],
      origins: { s1: always('fine') },
    },
    {
      name: 'a tarpit with a status',
      client: [{ send: post('/tarpit429', 'hello') }, 'response', 'close', ...second],
      origins: { s1: always('fine') },
    },
    {
      name: 'a tunnel on which nobody speaks',
      client: [
        { send: get('/ws', 'Connection: Upgrade\r\nUpgrade: x\r\n') },
        'response',
        { send: 'ping' },
        { until: 'pong' },
        'close',
      ],
      origins: {
        s1: [
          [
            'request',
            { send: 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n' },
            { until: 'ping' },
            { send: 'pong' },
            'end',
          ],
        ],
      },
    },
  ],
}

export const failureSetups: readonly Setup[] = [
  serverFailures,
  clientFailures,
  unreachable,
  times,
  {
    ...serverFailures,
    name: 'servers that fail, http-server-close',
    defaults: defaultsWith('  option http-server-close'),
    exchanges: serverFailures.exchanges.slice(0, 14),
  },
]
