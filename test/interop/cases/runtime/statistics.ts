/** What `show stat` counts, traffic of every kind in between, and the commands that change what frontends let in. */
import { defaults, maskStat, maskTyped, type RuntimeCase, type Step, sockets } from './case.js'

const stat = (ask: string) => ({ ask, mask: maskStat })

const config: RuntimeCase['config'] = (place) => `global
${sockets(place)}  maxconn 1000
${defaults}  timeout http-request 5s
  retries 1
frontend fe
  bind 127.0.0.1:${place.port('fe')} name l1
  bind 127.0.0.1:${place.port('second')}
  option socket-stats
  maxconn 100
  monitor-uri /monitor
  http-request deny if { path /deny }
  http-request redirect location /x if { path /redirect }
  http-request return status 200 if { path /return }
  http-response deny if { res.hdr(x-deny) -m found }
  use_backend none if { path /none }
  use_backend down if { path /down }
  use_backend refuse if { path /refuse }
  use_backend moving if { path /moving }
  default_backend be
backend be
  balance leastconn
  server s1 127.0.0.1:${place.origin}
  server s2 127.0.0.1:${place.origin} weight 0
  server s3 127.0.0.1:${place.origin} disabled
  server s4 127.0.0.1:${place.origin} backup maxconn 7
backend none
backend down
  server d1 127.0.0.1:${place.nobody} disabled
backend refuse
  timeout connect 20ms
  server r1 127.0.0.1:${place.nobody}
backend moving
  option redispatch 1
  server r1 127.0.0.1:${place.nobody}
  server r2 127.0.0.1:${place.nobody}
frontend refused
  bind 127.0.0.1:${place.port('refused')}
  tcp-request connection reject if { src 127.0.0.1 }
frontend expelled
  bind 127.0.0.1:${place.port('expelled')}
  tcp-request session reject if { src 127.0.0.1 }
listen plain
  mode tcp
  bind 127.0.0.1:${place.port('plain')}
  server p1 127.0.0.1:${place.origin}
`

const visits = ['/', '/status/404', '/status/500', '/deny', '/redirect', '/return', '/monitor', '/header/x-deny']

const queueing: RuntimeCase['config'] = (place) => `global
${sockets(place)}  maxconn 1000
${defaults}  timeout queue 1h
  timeout server 1h
  timeout client 1h
frontend fe
  bind 127.0.0.1:${place.port('fe')}
  use_backend keyed if { path /full/keyed }
  use_backend gone if { path_beg /gone }
  use_backend consistent if { path /full/consistent }
  default_backend free
backend free
  balance roundrobin
  server s1 127.0.0.1:${place.origin} maxconn 1
  server s2 127.0.0.1:${place.origin} maxconn 1
backend keyed
  balance source
  server s1 127.0.0.1:${place.origin} maxconn 1 maxqueue 1
  server s2 127.0.0.1:${place.origin} maxconn 1 maxqueue 1
backend consistent
  balance source
  hash-type consistent
  option redispatch
  server s1 127.0.0.1:${place.origin} maxconn 1 maxqueue 1
backend gone
  timeout queue 10ms
  server s1 127.0.0.1:${place.origin} maxconn 1
`

/** Clients that stay, one after the other. */
const staying = (path: string, backend: string, ...told: readonly RegExp[]): Step[] =>
  told.flatMap((until): Step[] => [
    { hold: `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`, from: 'fe' },
    { until, ask: `show stat ${backend} 6 -1` },
  ])

const LONG = '%[var(txn.long)]%[var(txn.long)]%[var(txn.long)]%[var(txn.long)]'
const A_LOT = 5000

/** Fields that the head of a request cannot hold, and that of a response, where the rule stands that says them. */
const rewriting: RuntimeCase['config'] = (place) => `global
${sockets(place)}  maxconn 1000
${defaults}frontend fe
  bind 127.0.0.1:${place.port('fe')}
  http-request set-var(txn.path) path
  http-request set-var(txn.long) req.hdr(x-a)
  http-request del-header x-a
  http-request strict-mode off if { path_beg /lenient }
  http-request set-header x-long ${LONG} if { path -m beg /request /lenient }
  http-response set-header x-long ${LONG} if { var(txn.path) -m beg /response }
  default_backend be
backend be
  http-request set-header x-long ${LONG} if { path -m beg /own/request }
  http-response strict-mode off if { var(txn.path) -m beg /own/lenient }
  http-response set-header x-long ${LONG} if { var(txn.path) -m beg /own/response /own/lenient }
  server s1 127.0.0.1:${place.origin} check inter 1h observe layer7 error-limit 2 on-error mark-down
`

export const statistics: readonly RuntimeCase[] = [
  {
    name: 'fields that could not be rewritten, and failures that traffic showed',
    config: rewriting,
    steps: [
      { until: /,1\/1,|,L4OK,/, ask: 'show stat be 4 -1' },
      ...['/request', '/lenient', '/response', '/own/request', '/own/response', '/own/lenient', '/'].flatMap((path) => [
        {
          raw: `GET ${path} HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(A_LOT)}\r\nConnection: close\r\n\r\n`,
          from: 'fe',
        },
        stat('show stat'),
      ]),
      { get: '/status/500', from: 'fe' },
      stat('show stat'),
      { get: '/status/500', from: 'fe' },
      { until: /,DOWN,/, ask: 'show stat be 4 -1' },
      // What took no time lasted -1 ms in HAProxy, which shows that without its sign.
      { ask: 'show stat', mask: (answer) => maskStat(answer.replace(`,${2n ** 64n - 1n},`, ',,')) },
    ],
  },
  {
    name: 'who waits where is counted',
    config: queueing,
    steps: [
      ...staying('/full', 'free', /,BACKEND,0,0,1,/, /,BACKEND,0,0,2,/, /,BACKEND,1,1,3,/, /,BACKEND,2,2,4,/),
      stat('show stat'),
      ...staying('/full/keyed', 'keyed', /,BACKEND,\d,\d,1,/, /,BACKEND,\d,\d,2,/),
      stat('show stat'),
      { raw: 'GET /full/keyed HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', from: 'fe', busy: true },
      stat('show stat'),
      ...staying('/full/consistent', 'consistent', /,BACKEND,\d,\d,1,/, /,BACKEND,\d,\d,2,/),
      { raw: 'GET /full/consistent HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', from: 'fe', busy: true },
      stat('show stat'),
      ...staying('/gone/full', 'gone', /,BACKEND,0,0,1,/),
      { raw: 'GET /gone/full HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', from: 'fe', busy: true },
      stat('show stat'),
      { ask: 'clear counters' },
      stat('show stat'),
      { ask: 'clear counters all' },
      stat('show stat'),
    ],
  },
  {
    name: 'statistics',
    config,
    steps: [
      stat('show stat'),
      { ask: 'show stat', level: 'user', mask: maskStat },
      ...visits.flatMap((get) => [{ get, from: 'fe' }, stat('show stat')]),
      { get: '/', from: 'fe', times: 3 },
      stat('show stat'),
      { get: '/none', from: 'fe' },
      { get: '/down', from: 'fe' },
      stat('show stat'),
      { get: '/refuse', from: 'fe' },
      stat('show stat'),
      { get: '/moving', from: 'fe' },
      stat('show stat'),
      { get: '/', from: 'second' },
      { get: '/', from: 'refused' },
      { get: '/', from: 'expelled' },
      { get: '/', from: 'plain' },
      stat('show stat'),
      { ask: 'show stat typed', mask: maskTyped },
      { ask: 'show stat typed desc', mask: maskTyped },
      {
        ask: 'show stat json',
        mask: (answer) =>
          answer.replace(/"value":\d+/g, '"value":0').replace(/(?:,?\{[^{}]*\{[^{}]*"h1_\w+"\}.*?\}\})+/g, ''),
      },
      stat('show stat -1 4 -1'),
      stat('show stat -1 1 -1'),
      stat('show stat -1 8 -1'),
      stat('show stat be 4 2'),
      stat('show stat 3 6 -1'),
      stat('show stat fe 9 -1'),
      stat('show stat 99 -1 -1'),
      stat('show stat nosuch -1 -1'),
      stat('show stat -1 4 -1 up'),
      stat('show stat -1 4 -1 no-maint'),
      stat('show stat up'),
      stat('show stat no-maint'),
      stat('show stat gibberish'),
      stat('show stat 3'),
      stat('show stat 3 4'),
      stat('show stat domain proxy'),
      { ask: 'show stat domain' },
      { ask: 'show stat domain gibberish' },
      { ask: 'show stat -1 4 x typed', mask: maskTyped },
      { ask: 'clear counters' },
      stat('show stat'),
      { ask: 'clear counters all', level: 'operator' },
      { ask: 'clear counters gibberish' },
      { ask: 'clear counters all' },
      stat('show stat'),
    ],
  },
  {
    name: 'frontends',
    config,
    steps: [
      { ask: 'disable frontend' },
      { ask: 'disable frontend nosuch' },
      { ask: 'disable frontend be' },
      { ask: 'disable frontend fe', level: 'operator' },
      { ask: 'disable frontend fe' },
      stat('show stat fe 1 -1'),
      { get: '/', from: 'fe' },
      { ask: 'disable frontend fe' },
      { ask: 'enable frontend' },
      { ask: 'enable frontend nosuch' },
      { ask: 'enable frontend fe' },
      { get: '/', from: 'fe' },
      { ask: 'enable frontend fe' },
      stat('show stat fe 1 -1'),
      { ask: 'disable frontend #2' },
      { ask: 'enable frontend #2' },
      { ask: 'enable frontend #99' },
      { ask: 'set maxconn frontend' },
      { ask: 'set maxconn frontend nosuch' },
      { ask: 'set maxconn frontend fe' },
      { ask: 'set maxconn frontend fe x' },
      { ask: 'set maxconn frontend fe -1' },
      { ask: 'set maxconn frontend fe 50' },
      stat('show stat fe 1 -1'),
      { ask: 'set maxconn global' },
      { ask: 'set maxconn global 900' },
      { ask: 'show info', mask: (answer) => /^Maxconn: .*$/m.exec(answer)?.[0] ?? '' },
      { ask: 'set maxconn global 99999999' },
      { ask: 'set maxconn global 0' },
      { ask: 'set rate-limit' },
      { ask: 'set rate-limit connections' },
      { ask: 'set rate-limit connections global' },
      { ask: 'set rate-limit connections global -1' },
      { ask: 'set rate-limit connections global 5000' },
      { ask: 'set rate-limit sessions global 6000' },
      { ask: 'set rate-limit sessions local 6000' },
      { ask: 'set rate-limit gibberish global 6000' },
      { ask: 'set rate-limit sessions global 1', level: 'operator' },
      { ask: 'show info', mask: (answer) => (answer.match(/^\w+RateLimit: .*$/gm) ?? []).slice(0, 2).join() },
      { ask: 'set rate-limit connections global 0' },
      { ask: 'set rate-limit sessions global 0' },
      { ask: 'shutdown frontend' },
      { ask: 'shutdown frontend nosuch' },
      { ask: 'shutdown frontend fe' },
      { ask: 'shutdown frontend fe' },
      { ask: 'enable frontend fe' },
      { ask: 'disable frontend fe' },
      { get: '/', from: 'fe' },
      stat('show stat fe 1 -1'),
    ],
  },
]
