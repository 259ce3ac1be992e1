/** Which server is picked: algorithms, weights, backups, health, queues. */

import type { Setup } from '../support/differential.js'
import type { ClientStep, Exchange } from '../support/exchange.js'
import type { OriginScript } from '../support/origin.js'
import { always, get, ok } from './product.js'
import { defaultsWith } from './setups-http.js'

const servers = { s1: always('one'), s2: always('two'), s3: always('three') }

/** Each request on a connection of its own, so that nothing but the algorithm picks the server. */
const each = (requests: readonly string[]): ClientStep[] =>
  requests.flatMap((send, index) => [{ use: `c${index}` }, { send }, 'response' as const, 'close' as const])

const closing = (path: string, fields = '') => get(path, `Connection: close\r\n${fields}`)

const balanced = (
  name: string,
  balance: string,
  requests: readonly string[],
  weights: readonly string[] = [],
): Setup => ({
  name: `balance ${name}`,
  sections: `frontend fe{n}
  bind 127.0.0.1:{port}
  default_backend be{n}
backend be{n}
${balance}
  server s1 127.0.0.1:{s1} ${weights[0] ?? ''}
  server s2 127.0.0.1:{s2} ${weights[1] ?? ''}
  server s3 127.0.0.1:{s3} ${weights[2] ?? ''}
`,
  exchanges: [{ name: `${requests.length} requests`, client: each(requests), origins: servers }],
})

const same = (count: number) => Array.from({ length: count }, () => closing('/'))
const paths = Array.from({ length: 16 }, (_, index) => closing(`/dir${index % 4}/file${index}?id=${index}&x=1`))
const hosts = Array.from({ length: 12 }, (_, index) =>
  closing('/', `X-Key: key-${index}\r\nCookie: a=${index}; sid=v${index}\r\n`).replace(
    'example.test',
    `www${index}.example.test`,
  ),
)

const algorithms: readonly Setup[] = [
  balanced('roundrobin', '  balance roundrobin', same(9)),
  balanced('roundrobin with weights', '  balance roundrobin', same(14), ['weight 1', 'weight 2', 'weight 4']),
  balanced('roundrobin with a weight of zero', '  balance roundrobin', same(6), ['', 'weight 0', '']),
  balanced('static-rr with weights', '  balance static-rr', same(14), ['weight 1', 'weight 2', 'weight 4']),
  balanced('leastconn', '  balance leastconn', same(9)),
  balanced('first', '  balance first', same(4)),
  balanced('source', '  balance source', same(4)),
  balanced('uri', '  balance uri', paths),
  balanced('uri whole, consistent', '  balance uri whole\n  hash-type consistent', paths),
  balanced('uri depth', '  balance uri depth 1', paths),
  balanced('url_param', '  balance url_param id', paths),
  balanced('hdr(host) use_domain_only', '  balance hdr(host) use_domain_only', hosts),
  balanced(
    'hdr(X-Key) consistent djb2 avalanche',
    '  balance hdr(X-Key)\n  hash-type consistent djb2 avalanche',
    hosts,
  ),
  balanced('hash of a cookie', '  balance hash req.cook(sid)', hosts),
]

const backups: Setup = {
  name: 'backup servers',
  sections: `frontend fe{n}
  bind 127.0.0.1:{port}
  use_backend all{n} if { path_beg /all }
  default_backend be{n}
backend be{n}
  balance roundrobin
  server main 127.0.0.1:{s1} disabled
  server back1 127.0.0.1:{s2} backup
  server back2 127.0.0.1:{s3} backup
backend all{n}
  balance roundrobin
  option allbackups
  server main 127.0.0.1:{s1} disabled
  server back1 127.0.0.1:{s2} backup
  server back2 127.0.0.1:{s3} backup
`,
  exchanges: [
    { name: 'the first backup serves alone', client: each(same(4)), origins: servers },
    { name: 'all backups serve', client: each(Array.from({ length: 4 }, () => closing('/all'))), origins: servers },
  ],
}

const HEALTHY = 'HTTP/1.0 200 OK\r\nContent-Length: 5\r\nX-State: fine\r\n\r\nhappy'
const SICK = 'HTTP/1.0 500 No\r\nContent-Length: 3\r\n\r\nsad'

const checked = (check: string, body: string): OriginScript => [
  [
    {
      answer: [
        ['/health', check],
        ['', ok(body)],
      ],
    },
    'loop',
  ],
]

const settle: ClientStep[] = [{ seen: '/health' }, { pause: 700 }]

const health = (name: string, lines: string, first: string, second: string): Setup => ({
  name: `checks: ${name}`,
  sections: `frontend fe{n}
  bind 127.0.0.1:{port}
  default_backend be{n}
backend be{n}
  balance roundrobin
${lines}
  default-server inter 100ms fall 2 rise 2
  server s1 127.0.0.1:{s1} check
  server s2 127.0.0.1:{s2} check
`,
  exchanges: [
    {
      name: 'four requests',
      client: [...settle, ...each(same(4))],
      origins: { s1: checked(first, 'one'), s2: checked(second, 'two') },
      checks: '/health',
    },
    ...(first === second
      ? []
      : [
          {
            name: 'four requests, the other way round',
            client: [...settle, ...each(same(4))],
            origins: { s1: checked(second, 'one'), s2: checked(first, 'two') },
            checks: '/health',
          },
        ]),
  ],
})

const checks: readonly Setup[] = [
  health('option httpchk', '  option httpchk GET /health', HEALTHY, SICK),
  health('all down', '  option httpchk GET /health', SICK, SICK),
  health(
    'expect status',
    '  option httpchk\n  http-check send meth HEAD uri /health ver HTTP/1.1 hdr Host check.test\n  http-check expect status 200-299',
    'HTTP/1.1 204 OK\r\n\r\n',
    'HTTP/1.1 301 OK\r\nContent-Length: 0\r\n\r\n',
  ),
  health(
    'expect string',
    '  option httpchk GET /health\n  http-check expect string happy',
    HEALTHY,
    'HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nsad',
  ),
  health('expect ! rstatus', '  option httpchk GET /health\n  http-check expect ! rstatus ^5', HEALTHY, SICK),
  health(
    'expect rstring with a body sent',
    '  option httpchk\n  http-check send meth POST uri /health hdr X-A 1 body ping\n  http-check expect rstring ^hap+y$',
    HEALTHY,
    'HTTP/1.0 200 OK\r\nContent-Length: 8\r\n\r\nunhappy!',
  ),
]

const held = (gate: string, body: string): OriginScript => [
  ['request', { gate }, { send: ok(body) }, 'request', { send: ok(`${body} again`) }, 'loop'],
]

const queued: Setup = {
  name: 'queues',
  defaults: defaultsWith('  timeout queue 600ms'),
  sections: `frontend fe{n}
  bind 127.0.0.1:{port}
  default_backend be{n}
backend be{n}
  server s1 127.0.0.1:{s1} maxconn 1
`,
  exchanges: [
    {
      name: 'the second client waits in vain',
      client: [
        { send: get('/1') },
        { seen: '/1' },
        { use: 'b' },
        { send: get('/2') },
        'response',
        'open?',
        { open: 'go' },
        { use: 'a' },
        'response',
      ],
      origins: { s1: held('go', 'first') },
    },
    {
      name: 'the second client waits and is served',
      client: [
        { send: get('/1') },
        { seen: '/1' },
        { use: 'b' },
        { send: get('/2') },
        { pause: 150 },
        { open: 'go' },
        { use: 'a' },
        'response',
        { use: 'b' },
        'response',
      ],
      origins: { s1: held('go', 'first') },
    },
    {
      name: 'three wait and are served in order',
      client: [
        { send: closing('/1') },
        { seen: '/1' },
        ...['b', 'c', 'd'].flatMap((use): ClientStep[] => [{ use }, { send: closing(`/${use}`) }, { pause: 60 }]),
        { open: 'go' },
        ...['a', 'b', 'c', 'd'].flatMap((use): ClientStep[] => [{ use }, 'response', 'close']),
      ],
      origins: { s1: held('go', 'in turn') },
    },
    {
      name: 'one that waits leaves',
      client: [
        { send: closing('/1') },
        { seen: '/1' },
        { use: 'b' },
        { send: closing('/b') },
        { pause: 100 },
        'rst',
        { pause: 100 },
        { use: 'c' },
        { send: closing('/c') },
        { pause: 100 },
        { open: 'go' },
        { use: 'a' },
        'response',
        { use: 'c' },
        'response',
        'close',
      ],
      origins: { s1: held('go', 'in turn') },
    },
  ] satisfies Exchange[],
}

const fullFrontend: Setup = {
  name: 'maxconn of the frontend',
  sections: `frontend fe{n}
  bind 127.0.0.1:{port}
  maxconn 1
  default_backend be{n}
backend be{n}
  server s1 127.0.0.1:{s1}
`,
  exchanges: [
    {
      name: 'the second client is let in when the first has left',
      client: [
        { send: get('/1') },
        'response',
        { use: 'b' },
        { send: closing('/2') },
        { pause: 200 },
        { use: 'a' },
        { send: closing('/3') },
        'response',
        'close',
        { use: 'b' },
        'response',
        'close',
      ],
      origins: { s1: always('fine') },
    },
  ],
}

export const balanceSetups: readonly Setup[] = [...algorithms, backups, ...checks, queued, fullFrontend]
